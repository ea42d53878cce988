import { Component } from "@odoo/owl";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** The distance of a day in words: “in 26 d”, “in 12 months”, “today”, “3 d ago”; with `isDue`, “3 d late”. */
export function dayWords(day, today, isDue = false) {
    const days = Math.round(day.startOf("day").diff(today.startOf("day"), "days").days);
    if (!days) {
        return isDue ? _t("due today") : _t("today");
    }
    const months = Math.abs(Math.round(day.startOf("day").diff(today.startOf("day"), "months").months));
    const distance =
        Math.abs(days) < 60 ? _t("%(days)s d", { days: Math.abs(days) }) : _t("%(months)s months", { months });
    if (days > 0) {
        return _t("in %(distance)s", { distance });
    }
    return isDue ? _t("%(distance)s late", { distance }) : _t("%(distance)s ago", { distance });
}

/** A date as a badge with words, the day itself beside it. Options: `due`, a date that has passed is late; `bare`, the badge alone. */
export class DateBadge extends Component {
    static template = "sqms_base.DateBadge";
    static props = {
        ...standardFieldProps,
        isDue: { type: Boolean, optional: true },
        isBare: { type: Boolean, optional: true },
    };

    get day() {
        return this.props.record.data[this.props.name];
    }

    get isLate() {
        return this.props.isDue && this.day.endOf("day") < DateTime.local();
    }

    get words() {
        return dayWords(this.day, DateTime.local(), this.props.isDue);
    }

    get date() {
        const near = Math.abs(this.day.diff(DateTime.local(), "months").months) < 6;
        return near ? this.day.toLocaleString({ day: "numeric", month: "short" }) : formatDate(this.day);
    }
}

registry.category("fields").add("sqms_date_badge", {
    component: DateBadge,
    displayName: _t("Date in words"),
    supportedTypes: ["date"],
    extractProps: ({ options }) => ({ isDue: Boolean(options.due), isBare: Boolean(options.bare) }),
});
