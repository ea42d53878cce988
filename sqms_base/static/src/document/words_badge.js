import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A text, or the words of a selection, as a badge with an icon (option `icon`) and a tone (option `tone`: warning, danger, ...). */
export class WordsBadge extends Component {
    static template = "sqms_base.WordsBadge";
    static props = {
        ...standardFieldProps,
        icon: { type: String, optional: true },
        tone: { type: String, optional: true },
    };

    get tone() {
        return this.props.tone ? `bg-${this.props.tone}-subtle text-${this.props.tone}-emphasis` : "bg-200 text-body";
    }

    get words() {
        const { name, record } = this.props;
        const { selection } = record.fields[name];
        const value = record.data[name] || "";
        return selection ? (selection.find(([key]) => key === value) || ["", ""])[1] : value;
    }
}

registry.category("fields").add("sqms_words_badge", {
    component: WordsBadge,
    displayName: _t("Badge with an icon"),
    supportedTypes: ["char", "selection"],
    extractProps: ({ options }) => ({ icon: options.icon, tone: options.tone }),
});
