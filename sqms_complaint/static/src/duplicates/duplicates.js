import { Component, onWillUnmount, useEffect, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const WAIT = 400; // ms without a key pressed
const LIKELY = 50; // points; on a saved complaint less than that is no more than the same customer
const COMPARED = [
    "partner_id",
    "partner_email",
    "complaint_phone",
    "complaint_is_anonymous",
    "complaint_order_ref",
    "name",
    "complaint_service",
    "complaint_received_at",
    "company_id",
    "team_id",
];
const OPEN = ["received", "acknowledged", "assessed", "investigating", "decided", "communicated", "implementing"];

/**
 * Complaints that this one may be a duplicate of: while it is typed, and on the saved one with the buttons to merge
 * them or to tell them apart. It asks after the form is drawn, so that nobody waits for it.
 */
export class Duplicates extends Component {
    static template = "sqms_complaint.Duplicates";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ rows: [] });
        this.asked = 0;
        useEffect(
            () => {
                clearTimeout(this.timer);
                this.timer = setTimeout(() => this.load(), this.isSaved ? 0 : WAIT);
            },
            () => [this.props.record.resId, JSON.stringify(this.values)],
        );
        onWillUnmount(() => {
            clearTimeout(this.timer);
            this.asked = -1;
        });
    }

    get isSaved() {
        return Boolean(this.props.record.resId);
    }

    get values() {
        const { data, resId } = this.props.record;
        const values = {};
        for (const name of COMPARED) {
            const value = data[name];
            if (value && typeof value === "object" && "toISO" in value) {
                values[name] = serializeDateTime(value);
            } else if (value && typeof value === "object") {
                values[name] = value.id || false;
            } else if (value !== undefined) {
                values[name] = value;
            }
        }
        return resId ? { id: resId, state: data.complaint_state, about: values } : values;
    }

    get isOpen() {
        const { data } = this.props.record;
        return "is_complaint" in data && data.is_complaint && (!this.isSaved || OPEN.includes(data.complaint_state));
    }

    get canMerge() {
        return this.isSaved && !this.props.readonly;
    }

    /** Something is there to compare: who complains, or enough words. */
    isComparable(values) {
        const someone = values.partner_id || values.partner_email || values.complaint_phone;
        const words = (values.name || "").length > 3 || values.complaint_order_ref;
        return Boolean(values.id || someone || words);
    }

    async load() {
        const values = this.values;
        if (!this.isOpen || !this.isComparable(values)) {
            this.state.rows = [];
            return;
        }
        const turn = ++this.asked;
        const rows = await this.orm.silent.call("helpdesk.ticket", "duplicate_candidates", [
            values.id ? { id: values.id } : values,
        ]);
        if (turn === this.asked) {
            this.state.rows = values.id ? rows.filter((row) => row.score >= LIKELY) : rows;
        }
    }

    why(row) {
        return row.reasons.map((reason) => reason.text).join(_t(", "));
    }

    points(row) {
        const parts = row.reasons.map((reason) => `${reason.text}: ${reason.points}`);
        return _t("%(score)s of 100 points (%(parts)s)", { score: row.score, parts: parts.join(_t(", ")) });
    }

    received(row) {
        return formatDateTime(deserializeDateTime(row.received_at), { showSeconds: false });
    }

    isMergeable(row) {
        return this.canMerge && OPEN.includes(row.state);
    }

    async open(row) {
        this.action.doAction(await this.orm.call("helpdesk.ticket", "action_open_complaint", [[row.id]]));
    }

    async merge(row) {
        if (await this.props.record.save()) {
            const { resId, model } = this.props.record;
            const action = await this.orm.call("helpdesk.ticket", "action_merge", [[resId], row.id]);
            this.action.doAction(action, { onClose: () => model.load() });
        }
    }

    async tellApart(row) {
        await this.orm.call("helpdesk.ticket", "action_tell_apart", [[this.props.record.resId], row.id]);
        this.state.rows = this.state.rows.filter((other) => other.id !== row.id);
    }
}

registry.category("view_widgets").add("sqms_duplicates", {
    component: Duplicates,
    fieldDependencies: [
        { name: "is_complaint", type: "boolean" },
        { name: "complaint_state", type: "selection" },
        { name: "partner_id", type: "many2one" },
        { name: "partner_email", type: "char" },
        { name: "complaint_phone", type: "char" },
        { name: "complaint_is_anonymous", type: "boolean" },
        { name: "name", type: "char" },
        { name: "complaint_service", type: "char" },
        { name: "complaint_received_at", type: "datetime" },
        { name: "company_id", type: "many2one" },
        { name: "team_id", type: "many2one" },
    ],
});
