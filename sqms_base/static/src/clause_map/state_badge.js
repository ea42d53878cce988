import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

export const STATES = {
    green: { label: _t("Green"), icon: "fa-check", tint: "bg-success-subtle text-success-emphasis" },
    amber: { label: _t("Amber"), icon: "fa-exclamation", tint: "bg-warning-subtle text-warning-emphasis" },
    red: { label: _t("Red"), icon: "fa-times", tint: "bg-danger-subtle text-danger-emphasis" },
    excluded: { label: _t("Excluded"), icon: "fa-minus", tint: "bg-200 text-800" },
    none: { label: _t("Nothing Here"), icon: "fa-minus", tint: "bg-200 text-800" },
};

/** The colour of a clause, as a sign and a word. */
export class StateBadge extends Component {
    static template = "sqms_base.StateBadge";
    static props = { state: String };

    get look() {
        return STATES[this.props.state];
    }
}

/** How many clauses are green, amber and red. */
export class ClauseCounts extends Component {
    static template = "sqms_base.ClauseCounts";
    static props = { counts: Object };

    get signs() {
        return ["green", "amber", "red"].map((state) => ({
            state,
            ...STATES[state],
            count: this.props.counts[state],
        }));
    }
}
