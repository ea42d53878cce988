import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Process cycle efficiency, one bar for before, expected and after: `[{when, label, value, lead, percent}]`. */
export class Efficiency extends Component {
    static template = "sqms_base.Efficiency";
    static props = { ...standardFieldProps };

    get rows() {
        return (this.props.record.data[this.props.name] || []).map((row) => ({
            ...row,
            share: `${this.figure(row.percent, 1)} %`,
            words: _t("%(value)s of %(lead)s min", { value: this.figure(row.value), lead: this.figure(row.lead) }),
        }));
    }

    figure(value, decimals = 2) {
        return formatFloat(value, { digits: [0, decimals], trailingZeros: false });
    }
}

registry.category("fields").add("sqms_efficiency", { component: Efficiency, supportedTypes: ["json"] });
