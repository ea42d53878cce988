import { Component, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
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
        this.notification = useService("notification");
        this.state = useState({ isTyping: false });
        // Rich text becomes part of the record only when it is left.
        useBus(this.props.record.model.bus, "FIELD_IS_DIRTY", (ev) => (this.state.isTyping = ev.detail));
    }

    get steps() {
        const steps = this.props.record.data.workflow_steps || [];
        const first = steps.find((step) => step.allowed && !step.rare && !step.method);
        // What was missing may have just been typed in: the click saves it, and the server looks again.
        const allowed = this.props.record.dirty || this.state.isTyping;
        return steps.map((step) => ({ ...step, allowed: step.allowed || allowed, primary: step === first }));
    }

    get buttons() {
        return this.steps.filter((step) => !step.rare);
    }

    get further() {
        return this.steps.filter((step) => step.rare);
    }

    /** A step that is not open yet says why, on touch and by keyboard as well. */
    press(step) {
        if (step.allowed) {
            return this.take(step);
        }
        this.notification.add(step.reason, { title: step.label, type: "warning" });
    }

    async take(step) {
        const record = this.props.record;
        if (!(await record.save())) {
            return;
        }
        // A model may put further buttons beside its steps; those name the method that they call.
        const [method, parameters] = step.method ? [step.method, []] : ["action_transition", [step.name]];
        const action = await this.orm.call(record.resModel, method, [[record.resId], ...parameters], {
            context: record.context,
        });
        if (action && action.type) {
            await this.action.doAction(action, { onClose: () => record.model.load() });
        } else {
            // The whole form, so that the chatter shows what the step has written there.
            await record.model.load();
        }
    }
}

registry.category("view_widgets").add("sqms_transitions", {
    component: Transitions,
    fieldDependencies: [{ name: "workflow_steps", type: "json" }],
});
