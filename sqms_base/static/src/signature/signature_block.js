import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Who signed, and whose signature is still asked for: the rows of `signature_rows`. */
export class SignatureBlock extends Component {
    static template = "sqms_base.SignatureBlock";
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("sqms_signatures", { component: SignatureBlock, supportedTypes: ["json"] });
