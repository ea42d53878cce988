import { describe, expect, test } from "@odoo/hoot";
import { patchTranslations } from "@web/../tests/web_test_helpers";

import {
    amount,
    allowance,
    dayText,
    daysText,
    duration,
    fullMoment,
    shortMoment,
    words,
} from "@sqms_base/deadline/deadline_words";

const { DateTime } = luxon;
const HOUR = 3600;
const DAY = 86400;
const NOW = 1_800_000_000;

describe.current.tags("headless");

function say(deadline, now = NOW) {
    patchTranslations();
    return words({ due: null, met: null, unit: "hours", ...deadline }, now);
}

test("a duration has its two largest units, rounded down", () => {
    patchTranslations();
    const cases = [
        [59, "0 min"],
        [60, "1 min"],
        [2 * HOUR - 1, "1 h 59 min"],
        [2 * HOUR, "2 h"],
        [3 * HOUR + 10 * 60 + 59, "3 h 10 min"],
        [14 * HOUR + 11 * 60, "14 h"],
        [DAY, "1 d"],
        [2 * DAY + 4 * HOUR + 59 * 60, "2 d 4 h"],
        [100 * DAY + 30 * 60, "100 d"],
        [-5, "0 min"],
    ];
    for (const [seconds, text] of cases) {
        expect(duration(seconds).toString()).toBe(text);
    }
});

test("counted hours are no days of 24 hours", () => {
    patchTranslations();
    expect(amount(26 * HOUR, "work_hours").toString()).toBe("26 h");
    expect(amount(3, "work_days").toString()).toBe("3 d");
    expect(allowance(10, "work_days").toString()).toBe("10 working days");
    expect(allowance(1, "work_days").toString()).toBe("1 working day");
    expect(allowance(15, "days").toString()).toBe("15 calendar days");
    expect(allowance(4 * HOUR, "work_hours").toString()).toBe("4 h of working time");
});

test("what is to come is due in, and soon within a day", () => {
    expect(say({ due: NOW + 3 * HOUR + 600 })).toMatchObject({ kind: "soon", text: "due in 3 h 10 min" });
    expect(say({ due: NOW + DAY - 1 }).kind).toBe("soon");
    expect(say({ due: NOW + DAY }).kind).toBe("running");
    expect(say({ due: NOW + 59 }).text).toBe("due now");
    expect(say({ due: NOW }).text).toBe("due now");
});

test("what is over is late", () => {
    expect(say({ due: NOW - 1 })).toMatchObject({ kind: "late", text: "due a moment ago" });
    expect(say({ due: NOW - 2 * DAY - 4 * HOUR }).text).toBe("2 d 4 h late");
});

test("a promise in days is told in days as long as days are left", () => {
    expect(say({ due: NOW + 4 * DAY + 7 * HOUR, unit: "work_days" }).text).toBe("due in 4 d");
    expect(say({ due: NOW + 5 * HOUR, unit: "work_days" }).text).toBe("due in 5 h");
    expect(say({ due: NOW - 2 * DAY - 4 * HOUR, unit: "days" }).text).toBe("2 d late");
});

test("what is paused says so, with the reason or what is left", () => {
    expect(say({ paused: true, reason: "testing" })).toMatchObject({ kind: "paused", text: "paused: testing" });
    expect(say({ paused: true, remaining: 3 * HOUR }).text).toBe("paused, 3 h left");
    expect(say({ paused: true, remaining: 2, unit: "work_days" }).text).toBe("paused, 2 d left");
    expect(say({ paused: true, remaining: 0 }).text).toBe("paused");
    expect(say({ due: NOW - HOUR, paused: true }).kind).toBe("late");
    expect(say({})).toMatchObject({ kind: "none", text: "no due date" });
});

test("what is done says whether in time", () => {
    expect(say({ due: NOW, met: NOW - 20 * 60 })).toMatchObject({ kind: "met", text: "met, 20 min early" });
    expect(say({ due: NOW, met: NOW }).text).toBe("met in time");
    expect(say({ due: NOW, met: NOW + 2 * HOUR, late: true })).toMatchObject({
        kind: "met_late",
        text: "done 2 h late",
    });
    expect(say({ met: NOW, late: true }).text).toBe("done late");
});

test("every kind has an icon, words and a shade", () => {
    const found = [
        say({ due: NOW + HOUR }),
        say({ due: NOW + 3 * DAY }),
        say({ due: NOW - HOUR }),
        say({ paused: true }),
        say({}),
        say({ due: NOW, met: NOW }),
        say({ due: NOW, met: NOW + HOUR, late: true }),
    ];
    expect(new Set(found.map(({ kind }) => kind)).size).toBe(7);
    for (const { icon, shade, text } of found) {
        expect(icon).toMatch(/^fa-/);
        expect(Boolean(shade && text)).toBe(true);
    }
});

test("dates are written as people write them", () => {
    const english = DateTime.fromISO("2026-10-24T10:05", { zone: "Asia/Shanghai", locale: "en-US" });
    const chinese = english.setLocale("zh-CN");
    expect(dayText(english)).toBe("Sat 24 Oct");
    expect(daysText(english, english.plus({ days: 1 }))).toBe("Sat 24 – Sun 25 Oct");
    expect(daysText(english, english.plus({ days: 8 }))).toBe("Sat 24 Oct – Sun 1 Nov");
    expect(daysText(english, english)).toBe("Sat 24 Oct");
    expect(dayText(chinese)).toBe("10月24日（周六）");
    expect(daysText(chinese, chinese.plus({ days: 1 }))).toBe("10月24日–25日");
    expect(daysText(chinese, chinese.plus({ days: 8 }))).toBe("10月24日–11月1日");
    expect(shortMoment(english, english.plus({ hours: 1 }))).toBe("10:05");
    expect(shortMoment(english, english.plus({ days: 1 }))).toBe("24 Oct");
    expect(shortMoment(english, english.plus({ years: 1 }))).toBe("24 Oct 2026");
    expect(shortMoment(chinese, chinese.plus({ days: 1 }))).toBe("10月24日");
    expect(fullMoment(english)).toBe("Sat 24 Oct 2026, 10:05 (Asia/Shanghai)");
    expect(fullMoment(chinese)).toBe("2026年10月24日（周六）10:05 (Asia/Shanghai)");
});
