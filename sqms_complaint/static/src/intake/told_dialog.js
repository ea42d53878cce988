import { Component, useRef, useState } from "@odoo/owl";
import { DeadlineBadge, deadlineOfBadge } from "@sqms_base/deadline/deadline_badge";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What the agent says at the end of the call: number, deadlines, status page, and the code letter by letter. */
export class ToldDialog extends Component {
    static template = "sqms_complaint.Told";
    static components = { DeadlineBadge };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.word = useRef("word");
        this.state = useState({ hasWord: this.told.has_word });
        useAutofocus({ refName: "done" });
    }

    get told() {
        return this.props.action.params;
    }

    get deadlines() {
        return this.told.deadlines.map((badge) => ({ ...badge, deadline: deadlineOfBadge(badge) }));
    }

    async setWord() {
        const word = this.word.el.value;
        if (!word.trim()) {
            return;
        }
        await this.orm.call("helpdesk.ticket", "action_set_word", [[this.told.id], word]);
        this.state.hasWord = true;
        this.notification.add(_t("The word is kept so that nobody can read it."), { type: "success" });
    }

    async open() {
        await this.action.doAction(await this.orm.call("helpdesk.ticket", "action_open_complaint", [[this.told.id]]));
    }

    async close() {
        await this.action.doAction({ type: "ir.actions.act_window_close" });
        // The board or list behind the dialog shows what has come.
        await this.action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
    }
}

registry.category("actions").add("sqms_complaint.told", ToldDialog);
