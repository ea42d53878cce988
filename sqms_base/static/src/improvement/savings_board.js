import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { formatMonetary } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const ACTION = "sqms_base.sqms_improvement_action";

/** What improvements have saved: by month, by waste, before and after. A click leads to the records. */
export class SavingsBoard extends Component {
    static template = "sqms_base.SavingsBoard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "sqms-waste-and-savings";
    static displayName = _t("Waste and Savings");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.periods = [
            { name: "twelve", label: _t("Last twelve months") },
            { name: "year", label: _t("This year") },
            { name: "last_year", label: _t("Last year") },
        ];
        this.state = useState({ period: this.props.state?.period || "twelve", board: null });
        onWillStart(() => this.load(this.state.period));
    }

    async load(period) {
        const board = await this.orm.call("sqms.improvement", "savings_board", [period]);
        Object.assign(this.state, { period, board });
        this.props.updateActionState?.({ period });
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.board.currency_id });
    }
    percent(share) {
        return share === null ? _t("none") : `${formatFloat(share, { digits: [0, 1] })} %`;
    }
    get words() {
        const { verified, pce, adoption, proposed, under_way } = this.state.board;
        return {
            verified: _t("first twelve months of each, n = %s", verified.n),
            pce: _t("before → after: all value-added time of all lead time, n = %s", pce.n),
            adoption: _t("%(adopted)s adopted of %(decided)s decided, %(proposed)s proposed", {
                adopted: adoption.adopted,
                decided: adoption.decided,
                proposed: proposed.n,
            }),
            open: _t("%(number)s under way, expected %(amount)s: does not count yet", {
                number: under_way.n,
                amount: this.money(under_way.expected),
            }),
        };
    }
    /** Length of a bar, the longest being full; what has cost more than it saved has none. */
    width(rows, row) {
        const most = Math.max(...rows.map(({ amount }) => amount), 0);
        return most && row.amount > 0 ? (100 * row.amount) / most : 0;
    }

    async open(domain, context = {}) {
        const action = await this.action.loadAction(ACTION);
        const views = ["list", "kanban", "form", "graph", "pivot"].map((type) => [false, type]);
        return this.action.doAction({ ...action, views, view_mode: undefined, domain, context });
    }
    openWaste({ waste }) {
        return this.open([...this.state.board.domains.verified, ["waste_type", "=", waste || false]]);
    }
    openType({ type }) {
        return this.open([...this.state.board.domains.verified, ["improvement_type", "=", type]]);
    }
    openMonth({ month }) {
        return this.open(this.state.board.month_domains[month]);
    }
}

registry.category("actions").add("sqms_savings_board", SavingsBoard);
