import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { DeadlineBadge, deadlineOfBadge } from "./deadline_badge";

// What a clock says of itself beside its due date.
const OF_CLOCK = [
    { name: "paused", type: "boolean" },
    { name: "met_at", type: "datetime" },
    { name: "breached_at", type: "datetime" },
    { name: "remaining", type: "integer" },
    {
        name: "unit",
        type: "selection",
        selection: [
            ["work_hours", ""],
            ["work_days", ""],
            ["hours", ""],
            ["days", ""],
        ],
    },
];

/**
 * A due date as a badge with words.
 *
 * 1. On `due_at` of a clock, and on `clock_due_at` of a record with clocks, the fields it needs come along and a click
 *    explains the date.
 * 2. On any other date, options name what else is known: `met_field`, a date at which it was done. A due date
 *    without hour lasts to the end of its day.
 */
export class DeadlineField extends Component {
    static template = "sqms_base.DeadlineField";
    static components = { DeadlineBadge };
    static props = {
        ...standardFieldProps,
        metField: { type: String, optional: true },
        isWide: { type: Boolean, optional: true },
    };

    get data() {
        return this.props.record.data;
    }

    get badge() {
        return this.props.name === "clock_due_at" ? (this.data.clock_badges || [])[0] : undefined;
    }

    get clockId() {
        if (this.badge) {
            return this.badge.id;
        }
        return this.props.record.resModel === "sqms.clock" && this.props.record.resId;
    }

    get deadline() {
        if (this.props.name === "clock_due_at") {
            return this.badge && deadlineOfBadge(this.badge);
        }
        const due = this.dueSeconds;
        if (this.props.record.resModel === "sqms.clock") {
            const { paused, met_at: met, breached_at: breached, remaining, unit } = this.data;
            return { due, paused, remaining, unit, late: Boolean(breached), met: met ? met.toSeconds() : null };
        }
        const met = this.data[this.props.metField];
        const doneAt = met ? met.toSeconds() : null;
        return due === null && !met
            ? null
            : { due, met: doneAt, late: due !== null && doneAt > due, unit: this.isDate ? "days" : "hours" };
    }

    get isDate() {
        return this.props.record.fields[this.props.name].type === "date";
    }

    get dueSeconds() {
        const due = this.data[this.props.name];
        if (!due) {
            return null;
        }
        return Math.floor((this.isDate ? due.endOf("day") : due).toSeconds());
    }

    get badgeProps() {
        return {
            deadline: this.deadline,
            clockId: this.clockId || false,
            name: this.badge ? this.badge.name : undefined,
            isWide: this.props.isWide,
        };
    }
}

export const deadlineField = {
    component: DeadlineField,
    displayName: _t("Deadline"),
    supportedTypes: ["datetime", "date"],
    supportedOptions: [
        { label: _t("Done on"), name: "met_field", type: "field", availableTypes: ["datetime", "date"] },
    ],
    // A paused clock has no due date, and says so.
    isEmpty: () => false,
    fieldDependencies: ({ name, options }) => {
        if (name === "due_at") {
            return OF_CLOCK;
        }
        if (name === "clock_due_at") {
            return [{ name: "clock_badges", type: "json" }];
        }
        return options?.met_field ? [{ name: options.met_field, type: "datetime" }] : [];
    },
    extractProps: ({ options, viewType }) => ({ metField: options.met_field, isWide: viewType === "form" }),
};

registry.category("fields").add("sqms_deadline", deadlineField);

/**
 * All running clocks of a record, from its `clock_badges`: lines in a form, badges elsewhere.
 * Options: `named` puts the name before the words of a badge, `limit` shows so many, the nearest first (in a form
 * the others come with a click),
 * `near_days` leaves out what is due later than that, but for the nearest.
 */
export class ClockBadges extends Component {
    static template = "sqms_base.ClockBadges";
    static components = { DeadlineBadge };
    static props = {
        ...standardFieldProps,
        isWide: { type: Boolean, optional: true },
        isNamed: { type: Boolean, optional: true },
        limit: { type: Number, optional: true },
        nearDays: { type: Number, optional: true },
    };

    setup() {
        this.state = useState({ isWhole: false });
    }

    get isWide() {
        return this.props.isWide;
    }

    get hiddenCount() {
        return this.all.length - this.badges.length;
    }

    get more() {
        return _t("%s more", this.hiddenCount);
    }

    get badges() {
        return this.all.slice(0, this.state.isWhole ? undefined : this.props.limit);
    }

    get all() {
        const { nearDays } = this.props;
        const horizon = luxon.DateTime.utc()
            .plus({ days: nearDays || 0 })
            .toFormat("yyyy-MM-dd HH:mm:ss");
        const badges = (this.props.record.data[this.props.name] || []).filter(
            (badge, index) => !index || !nearDays || !badge.due_at || badge.due_at < horizon,
        );
        return badges.map((badge) => ({ ...badge, deadline: deadlineOfBadge(badge) }));
    }
}

export const clockBadges = {
    component: ClockBadges,
    displayName: _t("Deadlines"),
    supportedTypes: ["json"],
    isEmpty: () => false,
    extractProps: ({ options, viewType }) => ({
        isWide: viewType === "form",
        isNamed: Boolean(options.named),
        limit: options.limit,
        nearDays: options.near_days,
    }),
};

registry.category("fields").add("sqms_clock_badges", clockBadges);
registry.category("fields").add("sqms_deadlines", clockBadges);
