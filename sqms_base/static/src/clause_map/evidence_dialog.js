import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { StateBadge } from "./state_badge";

/** What the rules of a clause found, and how much of it this person may open. */
export class EvidenceDialog extends Component {
    static template = "sqms_base.EvidenceDialog";
    static components = { Dialog, StateBadge };
    static props = { close: Function, clauseId: Number, onOpen: Function, onPack: Function };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ found: null });
        onWillStart(async () => {
            this.state.found = await this.orm.call("sqms.clause.map", "get_evidence", [this.props.clauseId]);
        });
    }

    get title() {
        return this.state.found.title;
    }

    countOf(rule) {
        return rule.total === 1 ? _t("1 record") : _t("%s records", rule.total);
    }

    hiddenOf(rule) {
        return rule.hidden === 1 ? _t("1 is hidden from you") : _t("%s are hidden from you", rule.hidden);
    }

    open(rule) {
        this.props.close();
        this.props.onOpen(rule.id);
    }

    pack() {
        this.props.close();
        this.props.onPack();
    }
}
