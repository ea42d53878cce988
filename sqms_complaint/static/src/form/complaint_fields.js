import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** By which way a complaint came, as a badge beside its number. */
export class ComplaintVia extends Component {
    static template = "sqms_complaint.Via";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }
}

/** How the customer wants to be reached: one line, one click. */
export class ComplaintReach extends ComplaintVia {
    static template = "sqms_complaint.Reach";
}

const fields = registry.category("fields");
fields.add("sqms_complaint_via", { component: ComplaintVia, supportedTypes: ["json"] });
fields.add("sqms_complaint_reach", { component: ComplaintReach, supportedTypes: ["json"] });
