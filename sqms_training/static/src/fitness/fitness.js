import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** One line for each thing that tells whether somebody is fit for his post: a word, never a colour alone. */
export class Fitness extends Component {
    static template = "sqms_training.Fitness";
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("sqms_fitness", { component: Fitness, supportedTypes: ["json"] });
