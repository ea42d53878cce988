import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What the quality system stands on: each part met or not, with the reason and the way to put it right. */
export class Readiness extends Component {
    static template = "sqms_base.Readiness";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ readiness: null });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.readiness = await this.orm.call("sqms.readiness", "get_readiness", []);
    }

    get summary() {
        const { core_met, core_total } = this.state.readiness;
        return _t("%(met)s of %(total)s core requirements are met.", { met: core_met, total: core_total });
    }

    get rest() {
        const { met, total } = this.state.readiness;
        return _t("In all, %(met)s of %(total)s checks are met.", { met, total });
    }

    get when() {
        return _t("%(company)s, as of %(time)s", {
            company: this.state.readiness.company,
            time: this.state.readiness.as_of,
        });
    }

    get groups() {
        const { rows } = this.state.readiness;
        return [
            { key: "core", rows: rows.filter((row) => row.is_core) },
            { key: "more", rows: rows.filter((row) => !row.is_core) },
        ];
    }

    open(row) {
        return this.action.doAction(row.action);
    }
}

registry.category("actions").add("sqms_readiness", Readiness);
