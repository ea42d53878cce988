import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How many have read it, one bar a department: `[{id, name, level, read, readers, carried, percent}]`. */
export class Coverage extends Component {
    static template = "sqms_base.Coverage";
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("sqms_coverage", { component: Coverage, supportedTypes: ["json"] });
