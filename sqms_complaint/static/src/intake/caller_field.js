import { Component, useState } from "@odoo/owl";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Who calls: found by phone number, name or email while it is typed.
 *
 * 1. Whoever is chosen fills in the rest of what is known; what was typed otherwise stays as a name.
 * 2. The open cases of that customer stand below, each with the way to it.
 */
export class CallerField extends Component {
    static template = "sqms_complaint.Caller";
    static components = { AutoComplete };
    static props = { ...standardFieldProps, placeholder: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ chosen: null });
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get sources() {
        return [{ options: (request) => this.find(request), optionSlot: "caller" }];
    }

    async find(request) {
        if (request.trim().length < 2) {
            return [];
        }
        const found = await this.orm.silent.call("sqms.complaint.intake", "find_callers", [request]);
        return found.map((caller) => ({
            label: caller.name,
            data: { caller },
            onSelect: () => this.choose(caller),
        }));
    }

    choose(caller) {
        this.state.chosen = caller;
        const { record } = this.props;
        record.update({
            [this.props.name]: caller.name,
            partner_id: { id: caller.id, display_name: caller.name },
            complaint_phone: caller.phone || record.data.complaint_phone,
            partner_email: caller.email || record.data.partner_email,
            ...(this.languages.includes(caller.lang) ? { complaint_lang: caller.lang } : {}),
        });
    }

    get languages() {
        return (this.props.record.fields.complaint_lang?.selection || []).map(([code]) => code);
    }

    /** Typed and not chosen: somebody who is not known yet. A number or an address goes to its own field. */
    onChange({ inputValue, isOptionSelected }) {
        const text = inputValue.trim();
        if (isOptionSelected || text === this.value) {
            return;
        }
        this.state.chosen = null;
        const values = { [this.props.name]: text, partner_id: false };
        if (/^[+()\d\s-]{6,}$/.test(text)) {
            values.complaint_phone = text;
        } else if (/^\S+@\S+\.\S+$/.test(text)) {
            values.partner_email = text;
            values.complaint_contact = "email";
        }
        this.props.record.update(values);
    }
}

registry.category("fields").add("sqms_caller", {
    component: CallerField,
    supportedTypes: ["char"],
    extractProps: ({ placeholder }) => ({ placeholder }),
});
