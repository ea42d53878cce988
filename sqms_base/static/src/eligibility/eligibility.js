import { Component, onWillStart, useState } from "@odoo/owl";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Why somebody is eligible or not, who else is, and the way to the whole list. */
export class EligibilityPopover extends Component {
    static template = "sqms_base.EligibilityPopover";
    static props = {
        people: Array,
        mayOverride: Boolean,
        resModel: String,
        resId: [Number, Boolean],
        open: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ colleagues: [] });
        onWillStart(async () => {
            if (this.props.resId) {
                this.state.colleagues = await this.orm.call(this.props.resModel, "eligibility_colleagues", [
                    [this.props.resId],
                ]);
            }
        });
    }

    async run(method) {
        const action = await this.orm.call(this.props.resModel, method, [[this.props.resId]]);
        this.props.open(action);
        this.props.close();
    }
}

/** The tag beside the person that a record is given to; nothing where no rule looks at the record. */
export class Eligible extends Component {
    static template = "sqms_base.Eligible";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.popover = usePopover(EligibilityPopover, { position: "bottom-start", arrow: true });
    }

    get value() {
        return this.props.record.data[this.props.name] || { state: "", people: [] };
    }

    open(ev) {
        this.popover.open(ev.currentTarget, {
            people: this.value.people,
            resModel: this.props.record.resModel,
            resId: this.props.record.resId || false,
            mayOverride: this.value.state === "refused" && Boolean(this.value.may_override),
            open: (action) => this.action.doAction(action, { onClose: () => this.props.record.model.load() }),
        });
    }
}

/** What a rule does: `{lines, error}`. */
export class EligibilityPreview extends Component {
    static template = "sqms_base.EligibilityPreview";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }
}

/** The answer to “who may do this?”: `{rules, rows, summary, more, notes}`. */
export class EligibilityAnswer extends EligibilityPreview {
    static template = "sqms_base.EligibilityAnswer";
}

const fields = registry.category("fields");
fields.add("sqms_eligible", { component: Eligible, supportedTypes: ["json"] });
fields.add("sqms_eligibility_preview", { component: EligibilityPreview, supportedTypes: ["json"] });
fields.add("sqms_eligibility_answer", { component: EligibilityAnswer, supportedTypes: ["json"] });
