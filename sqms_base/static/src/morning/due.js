import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;
const LATE = ["danger", "fa-exclamation-circle"];
const SOON = ["warning", "fa-clock-o"];
const LATER = ["secondary", "fa-clock-o"];
const SOON_DAYS = { due: 1, expires: 30 };

/**
 * How much time is left, or has passed, in words: "due in 3 h", "due in 1 h 10 min", "2 d late", "expires in 7 d".
 *
 * @param {string} due a day ("2026-11-05") or a moment in UTC ("2026-11-05T09:00:00Z")
 * @param {boolean} dateOnly whether it is a day: it is late when the day is over
 * @param {DateTime} now
 * @param {"due"|"expires"} [kind]
 * @returns {{text: string, tone: string, icon: string}}
 */
export function dueBadge(due, dateOnly, now, kind = "due") {
    const [late, days, span] = dateOnly ? spanOfDays(due, now) : spanOfTime(due, now);
    const [tone, icon] = late ? LATE : days <= SOON_DAYS[kind] ? SOON : LATER;
    return { text: words(kind, late, span), tone, icon };
}

function spanOfDays(due, now) {
    const days = Math.round(DateTime.fromISO(due, { zone: now.zone }).diff(now.startOf("day"), "days").days);
    return [days < 0, days, days ? _t("%s d", Math.abs(days)) : ""];
}

function spanOfTime(due, now) {
    const minutes = DateTime.fromISO(due).diff(now, "minutes").minutes;
    const whole = Math.floor(Math.abs(minutes));
    const hours = Math.floor(whole / 60);
    let span = _t("%s d", Math.floor(hours / 24));
    if (whole < 60) {
        span = _t("%s min", whole);
    } else if (hours < 2 && whole % 60) {
        span = _t("%(hours)s h %(minutes)s min", { hours, minutes: whole % 60 });
    } else if (hours < 24) {
        span = _t("%s h", hours);
    }
    return [minutes < 0, minutes / (24 * 60), span];
}

function words(kind, late, span) {
    if (kind === "expires") {
        if (!span) {
            return _t("expires today");
        }
        return late ? _t("expired %s ago", span) : _t("expires in %s", span);
    }
    if (!span) {
        return _t("due today");
    }
    return late ? _t("%s late", span) : _t("due in %s", span);
}
