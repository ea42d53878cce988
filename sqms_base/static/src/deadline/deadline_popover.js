import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { barParts, foldRows } from "./deadline_fold";
import { correctNow } from "./deadline_now";
import { allowance, amount, dayText, daysText, duration, fullMoment, isInDays } from "./deadline_words";

const { DateTime } = luxon;

const LATER = 300; // seconds; an entry later than this was made afterwards
const ICONS = {
    counted: "fa-check-circle text-success",
    closed: "fa-moon-o text-muted",
    paused: "fa-pause-circle text-warning-emphasis",
    stopped: "fa-stop-circle text-muted",
    start_day: "fa-flag-o text-muted",
    before: "fa-hourglass-half text-muted",
    open: "fa-circle-o text-primary",
    moved: "fa-arrow-right text-muted",
};
const SHADES = {
    counted: "bg-primary",
    open: "bg-primary opacity-50",
    paused: "bg-warning",
    stopped: "bg-400",
    closed: "bg-300",
    start_day: "bg-300",
    before: "bg-primary opacity-50",
};

/** Why a deadline is when it is: every interval, counted or not, and a sum that adds up. */
export class DeadlinePopover extends Component {
    static template = "sqms_base.DeadlinePopover";
    static props = { clockId: Number, close: { type: Function, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ data: null, failed: false });
        onWillStart(() => {
            // Not waited for: the popover opens at once, the words follow.
            this.load();
        });
    }

    async load() {
        try {
            const data = await this.orm.silent.call("sqms.clock", "explain", [[this.props.clockId]]);
            correctNow(Date.parse(data.now) / 1000);
            this.state.data = data;
        } catch (error) {
            this.state.failed = error.data?.message || _t("The explanation could not be read.");
        }
    }

    get data() {
        return this.state.data;
    }

    moment(iso) {
        return DateTime.fromISO(iso, { zone: this.data.tz || "utc" });
    }

    get headline() {
        return this.data.step || this.data.title;
    }

    get allowed() {
        return allowance(this.data.target, this.data.unit);
    }

    /** So much of what is counted, up to an amount: minutes are cut off the sums and not the parts, which so add up. */
    part(before, value) {
        if (isInDays(this.data.unit)) {
            return value;
        }
        const minutes = (seconds) => Math.floor(seconds / 60);
        return 60 * (minutes(before + value) - minutes(before));
    }

    get remaining() {
        return this.part(this.data.elapsed, this.data.remaining);
    }

    get used() {
        return _t("%(time)s used", { time: amount(this.data.elapsed, this.data.unit) });
    }

    get left() {
        const { due, due_reason: reason, met_at: met, breached, late, unit } = this.data;
        if (met) {
            const when = this.when(this.moment(met));
            return breached ? _t("done late, %(when)s", { when }) : _t("done in time, %(when)s", { when });
        }
        const rest = _t("%(time)s left", { time: amount(this.remaining, unit) });
        if (!due) {
            return reason === "paused" ? _t("paused, %(left)s", { left: rest }) : this.reasonWhyNone(reason);
        }
        const until = this.when(this.moment(due));
        if (breached) {
            return _t("was due %(until)s, %(time)s counted since", { until, time: amount(late, unit) });
        }
        return _t("%(left)s · until %(until)s", { left: rest, until });
    }

    reasonWhyNone(reason) {
        return {
            horizon: _t("no working time far ahead"),
            flexible: _t("flexible hours: no due date"),
            stopped: _t("stopped"),
        }[reason];
    }

    when(moment) {
        return isInDays(this.data.unit) ? dayText(moment) : `${dayText(moment)} ${moment.toFormat("HH:mm")}`;
    }

    get dueTitle() {
        return this.data.due ? fullMoment(this.moment(this.data.due)) : "";
    }

    get groups() {
        let before = 0;
        return foldRows(this.data.rows, this.data.unit).map((group, index) => {
            const counted = this.part(before, group.counted);
            before += group.counted;
            return {
                ...group,
                index,
                icon: ICONS[group.kind],
                when: this.span(group),
                isCounted: group.kind === "counted" || group.kind === "open",
                amount: group.counted ? amount(counted, this.data.unit) : "–",
            };
        });
    }

    span(group) {
        const [from, to] = [this.moment(group.from), this.moment(group.to)];
        const [first, last] = [group.fromDate, group.toDate].map((date) => this.moment(date));
        if (group.kind === "moved") {
            return this.when(to);
        }
        if (isInDays(this.data.unit) || group.kind === "closed" || group.fromDate !== group.toDate) {
            return daysText(first, last);
        }
        const end = to.hasSame(from, "day") ? to.toFormat("HH:mm") : "24:00";
        return `${dayText(first)} ${from.toFormat("HH:mm")}–${end}`;
    }

    get bar() {
        return barParts(this.groups, this.data.unit).map((part, index) => ({
            ...part,
            index,
            shade: SHADES[part.kind],
            // Wide enough to be seen.
            style: `flex: ${Math.max(part.share, 1)} 0 0;`,
        }));
    }

    get barLabel() {
        return this.groups.map((group) => `${group.when}: ${group.label} ${group.amount}`).join("; ");
    }

    get sum() {
        const { elapsed, unit } = this.data;
        const parts = this.groups.filter((group) => group.kind === "counted").map((group) => group.counted);
        const used = isInDays(unit) && parts.length > 1 && parts.length < 6 ? parts.join(" + ") : amount(elapsed, unit);
        return _t("%(used)s used, %(left)s left", { used, left: amount(this.remaining, unit) });
    }

    get total() {
        return amount(this.data.elapsed + this.data.remaining, this.data.unit);
    }

    /** What has moved the due date, one line each. */
    get moves() {
        const paused = Object.fromEntries(
            this.data.rows.filter((row) => row.kind === "paused").map((row) => [row.reason, row.label]),
        );
        const names = {
            pause: (move) => paused[move.reason] || _t("Paused"),
            reopen: () => _t("Reopened"),
            policy: () => _t("Put under another regime"),
            calendar: () => _t("Working time was changed"),
            void: () => _t("An entry was taken back"),
        };
        return this.data.moved_by
            .filter((move) => move.kind in names)
            .map((move, index) => {
                const at = this.moment(move.at);
                const words = [`${dayText(at)} ${at.toFormat("HH:mm")}`, names[move.kind](move).toString()];
                if (move.user) {
                    words.push(move.user);
                }
                if (move.seconds_late > LATER) {
                    words.push(_t("entered %(time)s later", { time: duration(move.seconds_late) }).toString());
                }
                return { index, text: words.join(" · ") };
            });
    }

    get source() {
        return _t("Regime “%(policy)s”, working time of %(zone)s", { policy: this.data.policy, zone: this.data.tz });
    }
}
