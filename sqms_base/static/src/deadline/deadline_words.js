import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

const MINUTE = 60;
const DAY = 86400;
const WHOLE_DAYS = ["work_days", "days"];

/** An icon and a shade for each kind of deadline; the words carry the meaning, the shade only helps. */
const LOOKS = {
    late: { icon: "fa-exclamation-circle", shade: "bg-danger-subtle text-danger-emphasis" },
    soon: { icon: "fa-clock-o", shade: "bg-warning-subtle text-warning-emphasis" },
    running: { icon: "fa-clock-o", shade: "bg-200 text-body" },
    paused: { icon: "fa-pause-circle", shade: "bg-info-subtle text-info-emphasis" },
    met: { icon: "fa-check", shade: "bg-success-subtle text-success-emphasis" },
    met_late: { icon: "fa-check", shade: "bg-danger-subtle text-danger-emphasis" },
    none: { icon: "fa-minus-circle", shade: "bg-200 text-body" },
};

export function isInDays(unit) {
    return WHOLE_DAYS.includes(unit);
}

/** A duration in its two largest units, rounded down: “3 h 10 min”, “2 d 4 h”; from half a day on minutes say nothing. */
export function duration(seconds) {
    const minutes = Math.floor(Math.max(0, seconds) / MINUTE);
    const days = Math.floor(minutes / 1440);
    const hours = Math.floor((minutes % 1440) / 60);
    const rest = minutes % 60;
    if (days) {
        return hours ? _t("%(days)s d %(hours)s h", { days, hours }) : _t("%(days)s d", { days });
    }
    if (hours) {
        return rest && hours < 12
            ? _t("%(hours)s h %(minutes)s min", { hours, minutes: rest })
            : _t("%(hours)s h", { hours });
    }
    return _t("%(minutes)s min", { minutes: rest });
}

/** Hours that were counted: they are no days of 24 hours, so “26 h” stays. */
export function countedTime(seconds) {
    const minutes = Math.floor(Math.max(0, seconds) / MINUTE);
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    if (hours) {
        return rest ? _t("%(hours)s h %(minutes)s min", { hours, minutes: rest }) : _t("%(hours)s h", { hours });
    }
    return _t("%(minutes)s min", { minutes: rest });
}

/** An amount of a clock: whole days, or seconds. */
export function amount(value, unit) {
    return isInDays(unit) ? _t("%(days)s d", { days: value }) : countedTime(value);
}

/** The whole time allowed, with what is counted. */
export function allowance(value, unit) {
    switch (unit) {
        case "work_days":
            return value === 1 ? _t("1 working day") : _t("%(days)s working days", { days: value });
        case "days":
            return value === 1 ? _t("1 calendar day") : _t("%(days)s calendar days", { days: value });
        case "work_hours":
            return _t("%(time)s of working time", { time: countedTime(value) });
        default:
            return countedTime(value);
    }
}

/** Wall-clock distance; a promise in days is not told to the hour as long as days are left. */
function distance(seconds, unit) {
    const days = Math.floor(seconds / DAY);
    return isInDays(unit) && days ? _t("%(days)s d", { days }) : duration(seconds);
}

/**
 * What a badge says of a deadline at a moment.
 *
 * @param {Object} deadline instants in seconds: `{due, met, paused, reason, remaining, unit, late}`
 * @param {number} now in seconds
 * @returns {{kind: string, text: string, icon: string, shade: string}}
 */
export function words(deadline, now) {
    const { due, met, unit } = deadline;
    const say = (kind, text) => ({ kind, text: text.toString(), ...LOOKS[kind] });
    if (met) {
        return doneWords(deadline, say);
    }
    if (due === null || due === undefined) {
        return deadline.paused
            ? { ...say("paused", pausedWords(deadline)), ...(deadline.reason && { reason: deadline.reason }) }
            : say("none", _t("no due date"));
    }
    const left = due - now;
    if (left < 0) {
        const late = distance(-left, unit);
        return say("late", -left < MINUTE ? _t("due a moment ago") : _t("%(time)s late", { time: late }));
    }
    if (left < MINUTE) {
        return say("soon", _t("due now"));
    }
    return say(left < DAY ? "soon" : "running", _t("due in %(time)s", { time: distance(left, unit) }));
}

/** The words with the name of the deadline before them; why one waits says more than which one it is. */
export function namedWords(name, { kind, text, reason }) {
    if (kind === "paused" && reason) {
        return _t("Paused: %(reason)s", { reason }).toString();
    }
    return _t("%(name)s: %(words)s", { name, words: text }).toString();
}

function doneWords({ due, met, unit, late }, say) {
    if (late && due && met > due) {
        return say("met_late", _t("done %(time)s late", { time: distance(met - due, unit) }));
    }
    if (late) {
        return say("met_late", _t("done late"));
    }
    const early = due ? due - met : 0;
    return say("met", early < MINUTE ? _t("met in time") : _t("met, %(time)s early", { time: distance(early, unit) }));
}

function pausedWords({ reason, remaining, unit }) {
    if (reason) {
        return _t("paused: %(reason)s", { reason });
    }
    return remaining > 0 ? _t("paused, %(time)s left", { time: amount(remaining, unit) }) : _t("paused");
}

// -- dates ------------------------------------------------------------------

function isChinese(date) {
    return (date.locale || "").startsWith("zh");
}

function isEnglish(date) {
    return (date.locale || "en").startsWith("en");
}

/** A date with its weekday: “Fri 23 Oct”, “10月23日（周五）”. */
export function dayText(date) {
    if (isChinese(date)) {
        return date.toFormat("M月d日（ccc）");
    }
    return isEnglish(date)
        ? date.toFormat("ccc d LLL")
        : date.toLocaleString({ weekday: "short", day: "numeric", month: "short" });
}

/** Two dates as one: “Sat 24 – Sun 25 Oct”, “10月24日–25日”. */
export function daysText(from, to) {
    if (from.hasSame(to, "day")) {
        return dayText(from);
    }
    const sameMonth = from.hasSame(to, "month");
    if (isChinese(from)) {
        return `${from.toFormat("M月d日")}–${to.toFormat(sameMonth ? "d日" : "M月d日")}`;
    }
    if (isEnglish(from)) {
        return `${from.toFormat(sameMonth ? "ccc d" : "ccc d LLL")} – ${dayText(to)}`;
    }
    return `${dayText(from)} – ${dayText(to)}`;
}

/** What stands beside a badge: the hour when it is today, else the date. */
export function shortMoment(moment, today = DateTime.now()) {
    if (moment.hasSame(today, "day")) {
        return moment.toFormat("HH:mm");
    }
    if (isChinese(moment)) {
        return moment.toFormat(moment.hasSame(today, "year") ? "M月d日" : "yyyy年M月d日");
    }
    if (isEnglish(moment)) {
        return moment.toFormat(moment.hasSame(today, "year") ? "d LLL" : "d LLL yyyy");
    }
    return moment.toLocaleString({ day: "numeric", month: "short" });
}

/** The whole moment with its zone, for the title. */
export function fullMoment(moment) {
    const zone = moment.zoneName;
    if (isChinese(moment)) {
        return `${moment.toFormat("yyyy年M月d日（ccc）HH:mm")} (${zone})`;
    }
    if (isEnglish(moment)) {
        return `${moment.toFormat("ccc d LLL yyyy, HH:mm")} (${zone})`;
    }
    return `${moment.toLocaleString(DateTime.DATETIME_MED_WITH_WEEKDAY)} (${zone})`;
}
