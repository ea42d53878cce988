import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const FIELDS = {
    after: ["likelihood", "impact", "level"],
    before: ["likelihood_before", "impact_before", "level_before"],
};
// A sign beside the word: the level is never told by colour alone.
const SIGNS = { low: "fa-check", medium: "fa-minus", high: "fa-exclamation", extreme: "fa-exclamation-triangle" };

/** Five by five: how likely, how grave; how many lie in each cell; a click lists them. */
export class RiskMatrix extends Component {
    static template = "sqms_base.RiskMatrix";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "sqms-risk-matrix";
    static displayName = _t("Risk Matrix");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: {} };
        const kept = this.props.state || {};
        this.state = useState({
            kind: kept.kind || "risk",
            moment: kept.moment || "after",
            process: kept.process || false,
            matrix: null,
            error: "",
        });
        useSetupAction({
            getLocalState: () => ({ kind: this.state.kind, moment: this.state.moment, process: this.state.process }),
        });
        onWillStart(() => this.load());
    }

    async load() {
        const { kind, moment, process } = this.state;
        try {
            const call = this.orm.call("sqms.risk", "get_matrix", [kind, moment, process]);
            Object.assign(this.state, { matrix: await this.keepLast.add(call), error: "" });
        } catch (error) {
            this.state.error = error.data?.message || _t("The server cannot be reached.");
        }
    }

    // -- what stands there -----------------------------------------------------

    get kinds() {
        return [
            { key: "risk", label: _t("Risks") },
            { key: "opportunity", label: _t("Opportunities") },
        ];
    }

    get moments() {
        return [
            { key: "before", label: _t("Before") },
            { key: "after", label: _t("After") },
        ];
    }

    get impactLabel() {
        return this.state.matrix.kind === "risk" ? _t("Impact") : _t("Benefit");
    }

    get isEmpty() {
        return !this.state.matrix.total && !this.state.matrix.unrated && !this.state.process;
    }

    likelihoodOf(row) {
        return this.state.matrix.likelihood.find((step) => step.value === row[0].likelihood) || {};
    }

    signOf(level) {
        return SIGNS[level];
    }

    labelOf(cell) {
        const likelihood = this.state.matrix.likelihood.find((step) => step.value === cell.likelihood);
        const impact = this.state.matrix.impact.find((step) => step.value === cell.impact);
        return _t("%(count)s: %(likelihood)s × %(impact)s, %(level)s", {
            count: cell.count,
            likelihood: likelihood?.name || cell.likelihood,
            impact: impact?.name || cell.impact,
            level: cell.label,
        });
    }

    get unratedLabel() {
        return _t("%s not rated yet", this.state.matrix.unrated);
    }

    get totalLabel() {
        return _t("%s in all", this.state.matrix.total);
    }

    // -- what people do ----------------------------------------------------------

    choose(name, value) {
        this.state[name] = value;
        return this.load();
    }

    onProcess(ev) {
        return this.choose("process", Number(ev.target.value) || false);
    }

    /** Arrow keys walk through the grid, as in any table of buttons. */
    onKey(ev) {
        const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -5, ArrowDown: 5 }[ev.key];
        if (!step) {
            return;
        }
        const cells = [...ev.currentTarget.querySelectorAll("button[data-cell]")];
        const next = cells[cells.indexOf(ev.target) + step];
        if (next) {
            ev.preventDefault();
            next.focus();
        }
    }

    get domain() {
        const { kind, process, matrix } = this.state;
        return [
            ["company_id", "=", matrix.company_id],
            ["kind", "=", kind],
            ["state", "!=", "closed"],
            ...(process ? [["process_id", "=", process]] : []),
        ];
    }

    list(name, more) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "sqms.risk",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [...this.domain, ...more],
            context: { default_kind: this.state.kind },
        });
    }

    openCell(cell) {
        const [likelihood, impact] = FIELDS[this.state.moment];
        return this.list(this.labelOf(cell), [
            [likelihood, "=", cell.likelihood],
            [impact, "=", cell.impact],
        ]);
    }

    openLevel(level) {
        return this.list(level.label, [[FIELDS[this.state.moment][2], "=", level.key]]);
    }

    openUnrated() {
        return this.list(this.unratedLabel, [["rating_count", "=", 0]]);
    }

    create() {
        const name = this.state.kind === "risk" ? "sqms_risk_action" : "sqms_risk_action_opportunity";
        return this.action.doAction(`sqms_base.${name}`, { viewType: "form" });
    }
}

registry.category("actions").add("sqms_risk_matrix", RiskMatrix);
