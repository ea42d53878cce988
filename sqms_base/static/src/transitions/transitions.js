import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * The legal next steps of a record with a workflow, drawn from its `workflow_steps`: the first open one
 * highlighted, what is still missing as a hint on those that are not open yet.
 */
export class Transitions extends Component {
    static template = "sqms_base.Transitions";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get steps() {
        const steps = this.props.record.data.workflow_steps || [];
        const first = steps.find((step) => step.allowed && !step.rare);
        return steps.map((step) => ({ ...step, primary: step === first }));
    }

    get buttons() {
        return this.steps.filter((step) => !step.rare);
    }

    get further() {
        return this.steps.filter((step) => step.rare);
    }

    async take(step) {
        const record = this.props.record;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(record.resModel, "action_transition", [[record.resId], step.name], {
            context: record.context,
        });
        if (action && action.type) {
            await this.action.doAction(action, { onClose: () => record.load() });
        } else {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("sqms_transitions", {
    component: Transitions,
    fieldDependencies: [{ name: "workflow_steps", type: "json" }],
});
