import { Component, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// What is compared, by the name that the complaint has for it; the dialog has the same for all but two.
const COMPARED = ["name", "complaint_service", "complaint_order_ref", "complaint_phone", "partner_email"];

/**
 * What may be the same case, looked for while the agent types, with the way to say so: the words then go to that
 * case and no second complaint is made. Above it, what is open of the customer who calls.
 */
export class SimilarField extends Component {
    static template = "sqms_complaint.Similar";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.last = new KeepLast();
        this.state = useState({ cases: [], asked: false });
        this.look = useDebounced(() => this.load(), 400);
        useEffect(
            () => {
                const form = this.root.el.closest(".o_form_view, .o_sqms_intake") || document;
                form.addEventListener("input", this.look);
                return () => form.removeEventListener("input", this.look);
            },
            () => [],
        );
        // Who was chosen is no input of its own.
        useEffect(
            () => {
                this.look();
            },
            () => [this.props.record.data.partner_id?.id, this.props.record.data.is_anonymous],
        );
        onWillUnmount(() => this.look.cancel());
    }

    get values() {
        const { data } = this.props.record;
        const form = this.root.el?.closest(".o_form_view, .o_sqms_intake");
        const typed = (name) => form?.querySelector(`.o_field_widget[name='${name}'] input`)?.value;
        const values = Object.fromEntries(COMPARED.map((name) => [name, typed(name) ?? (data[name] || "")]));
        return {
            ...values,
            partner_id: data.partner_id?.id || false,
            team_id: data.team_id?.id || false,
            complaint_is_anonymous: data.is_anonymous,
        };
    }

    async load() {
        const { values } = this;
        if (!values.partner_id && COMPARED.every((name) => (values[name] || "").trim().length < 4)) {
            this.state.cases = [];
            return;
        }
        const call = this.orm.silent.call("helpdesk.ticket", "duplicate_candidates", [values]);
        this.state.cases = await this.last.add(call);
        this.state.asked = true;
    }

    /** It is about that case. */
    async take(found) {
        const { record } = this.props;
        // Only the words count now: the rest of the dialog may be empty, and is not saved.
        const action = await this.orm.call("sqms.complaint.intake", "same_case", [
            found.id,
            { description: this.words, partner_id: record.data.partner_id?.id || false, kind: record.data.kind },
        ]);
        await this.action.doAction(action);
    }

    get words() {
        const form = this.root.el.closest(".o_form_view, .o_sqms_intake");
        const area = form.querySelector(".o_field_widget[name='description'] textarea");
        return area ? area.value : this.props.record.data.description;
    }
}

registry.category("fields").add("sqms_similar", {
    component: SimilarField,
    supportedTypes: ["json"],
    isEmpty: () => false,
});
