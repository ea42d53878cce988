import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Who does what: a row for each process and activity, a column for each role, on a day. */
export class ResponsibilityMatrix extends Component {
    static template = "sqms_base.ResponsibilityMatrix";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "sqms-who-does-what";
    static displayName = _t("Who Does What");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.ids = this.props.action.params?.process_ids || this.props.state?.process_ids || null;
        this.props.updateActionState?.({ process_ids: this.ids });
        this.roles = [
            { name: "accountable", label: _t("Accountable (A)") },
            { name: "responsible", label: _t("Responsible (R)") },
            { name: "consulted", label: _t("Consulted (C)") },
            { name: "informed", label: _t("Informed (I)") },
        ];
        this.state = useState({ on: "", rows: [], kinds: {}, onlyGaps: false });
        onWillStart(() => this.load());
    }

    async load(on) {
        const data = await this.orm.call("sqms.responsibility", "matrix_screen", [this.ids, on || false]);
        Object.assign(this.state, { on: data.on, rows: data.rows, kinds: data.kinds });
        this.mayWrite = data.may_write;
    }

    get shown() {
        return this.state.onlyGaps ? this.state.rows.filter((row) => row.gap) : this.state.rows;
    }

    get gaps() {
        const number = this.state.rows.filter((row) => row.gap).length;
        return number ? _t("%s without anybody accountable", number) : _t("everything has its one accountable");
    }

    onDay(ev) {
        if (ev.target.value) {
            this.load(ev.target.value);
        }
    }

    open(row) {
        return this.action.doAction("sqms_base.sqms_process_action", {
            viewType: "form",
            props: { resId: row.process_id },
        });
    }

    onOpen(ev, row) {
        if (!ev.ctrlKey && !ev.metaKey && !ev.shiftKey) {
            ev.preventDefault();
            this.open(row);
        }
    }

    edit() {
        return this.action.doAction("sqms_base.sqms_responsibility_action");
    }
}

registry.category("actions").add("sqms_responsibility_matrix", ResponsibilityMatrix);
