import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { downloadFile } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Which kinds of causes are behind most of it: bars by size, the cumulative share above them, a table beside it. */
export class CausePareto extends Component {
    static template = "sqms_base.CausePareto";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Pareto by Cause");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.canvas = useRef("canvas");
        this.display = { controlPanel: {} };
        this.state = useState({ page: null, filters: this.props.state?.filters || {} });
        useSetupAction({ getLocalState: () => ({ filters: { ...this.state.page.filters } }) });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load({})]);
        });
        useEffect(
            () => {
                this.draw();
            },
            () => [this.state.page],
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async load(change) {
        const filters = { ...this.state.filters, ...change };
        this.state.filters = filters;
        this.state.page = await this.keepLast.add(this.orm.call("sqms.cause", "pareto_screen", [filters]));
        this.state.filters = this.state.page.filters;
    }

    get rows() {
        return this.state.page.rows;
    }

    get isEmpty() {
        return !this.rows.length;
    }

    get sentence() {
        const { vital, cases } = this.state.page;
        const kinds = vital === 1 ? _t("One kind of cause") : _t("%s kinds of causes", vital);
        const what = this.isByCost ? _t("the cost") : _t("the cases");
        return _t("%(kinds)s make up 80 % of %(what)s (%(cases)s nonconformities).", { kinds, what, cases });
    }

    get isByCost() {
        return this.state.page.filters.by === "cost";
    }

    percent(number) {
        return _t("%s %", (Math.round(number * 10) / 10).toFixed(1));
    }

    /** Colours are those of the page, so that they follow light and dark. */
    colour(name) {
        const style = getComputedStyle(this.canvas.el);
        return style.getPropertyValue(`--${name}`).trim() || style.getPropertyValue(`--bs-${name}`).trim();
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (!this.canvas.el || this.isEmpty) {
            return;
        }
        const [bar, rest, line, text] = ["primary", "secondary-color", "warning-text-emphasis", "body-color"].map(
            (name) => this.colour(name),
        );
        const total = this.rows.reduce((sum, row) => sum + row.value, 0);

        this.chart = new Chart(this.canvas.el, {
            data: {
                labels: this.rows.map((row) => row.label),
                datasets: [
                    {
                        type: "line",
                        label: _t("Cumulative share"),
                        data: this.rows.map((row) => row.cumulative),
                        yAxisID: "share",
                        borderColor: line,
                        backgroundColor: line,
                        pointRadius: 4,
                        clip: false,
                    },
                    {
                        type: "bar",
                        label: this.isByCost ? _t("Cost (%s)", this.state.page.currency) : _t("Nonconformities"),
                        data: this.rows.map((row) => row.value),
                        yAxisID: "value",
                        backgroundColor: this.rows.map((row) => (row.vital ? bar : rest)),
                    },
                ],
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                onClick: (_ev, elements) => elements.length && this.open(this.rows[elements[0].index]),
                plugins: { legend: { labels: { color: text } } },
                scales: {
                    // All bars together are as high as 100 %, so that line and bars are read on one scale.
                    value: {
                        position: "left",
                        min: 0,
                        max: total,
                        ticks: { color: text, precision: this.isByCost ? undefined : 0 },
                        grid: { display: false },
                    },
                    share: {
                        position: "right",
                        min: 0,
                        max: 100,
                        ticks: { color: text, callback: (value) => this.percent(value).replace(".0", "") },
                    },
                    x: { ticks: { color: text } },
                },
            },
        });
    }

    async open(row) {
        const action = await this.orm.call("sqms.cause", "pareto_records", [this.state.page.filters, row.keys]);
        return this.action.doAction(action);
    }

    download() {
        downloadFile(this.state.page.svg, "pareto.svg", "image/svg+xml");
    }

    showNonconformities() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Nonconformities"),
            res_model: "sqms.nonconformity",
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("sqms_cause_pareto", CausePareto);
