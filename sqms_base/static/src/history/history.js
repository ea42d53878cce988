import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Old and new value of each field, as a small table: `[{name, label, old, new}]`. */
export class ChangeTable extends Component {
    static template = "sqms_base.ChangeTable";
    static props = { changes: { type: Array } };
}

/** The same as a field of the form of an entry. */
export class ChangesField extends Component {
    static template = "sqms_base.ChangesField";
    static components = { ChangeTable };
    static props = { ...standardFieldProps };

    get changes() {
        return this.props.record.data[this.props.name] || [];
    }
}

/** What the ledger tells of the record on the form: who, when, what, from what to what, newest first. */
export class History extends Component {
    static template = "sqms_base.History";
    static components = { ChangeTable };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ rows: [], more: false, anchored: null, mayExport: false, loading: true });
        onWillStart(() => this.load(this.props.record));
        // A saved form is another state of the record: its history has grown.
        onWillUpdateProps((next) => this.load(next.record));
    }

    get exportUrl() {
        const record = this.props.record;
        return `/sqms/ledger/export/${record.resModel}/${record.resId}`;
    }

    get anchoredLabel() {
        const { position, when } = this.state.anchored;
        return _t("Anchored until position %(position)s, %(when)s", { position, when });
    }

    positionLabel(row) {
        return _t("position %(position)s", { position: row.position });
    }

    isYounger(row) {
        return this.state.anchored && row.position > this.state.anchored.position;
    }

    async ask(record, before) {
        return this.orm.call(record.resModel, "sqms_history_rows", [[record.resId]], {
            before,
            context: record.context,
        });
    }

    async load(record) {
        if (!record.resId) {
            Object.assign(this.state, { rows: [], more: false, loading: false });
            return;
        }
        const { rows, more, anchored, may_export } = await this.ask(record, false);
        Object.assign(this.state, { rows, more, anchored, mayExport: may_export, loading: false });
    }

    async loadMore() {
        const { rows, more } = await this.ask(this.props.record, this.state.rows.at(-1).position);
        this.state.rows.push(...rows);
        this.state.more = more;
    }
}

registry.category("view_widgets").add("sqms_history", { component: History });
registry.category("fields").add("sqms_changes", { component: ChangesField, supportedTypes: ["json"] });
