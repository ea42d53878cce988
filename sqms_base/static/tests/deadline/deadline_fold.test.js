import { describe, expect, test } from "@odoo/hoot";

import { barParts, foldRows } from "@sqms_base/deadline/deadline_fold";

describe.current.tags("headless");

function day(date, kind, counted = 0, label = kind) {
    return { from: `${date}T00:00:00Z`, to: `${date}T23:59:59Z`, kind, label, reason: "", counted, date };
}

function hours(date, from, to, kind, counted = 0) {
    return { from: `${date}T${from}:00Z`, to: `${date}T${to}:00Z`, kind, label: kind, reason: "", counted, date };
}

const sum = (rows) => rows.reduce((total, row) => total + row.counted, 0);

const COMPLAINT = [
    day("2026-10-23", "start_day"),
    day("2026-10-24", "closed", 0, "Weekend"),
    day("2026-10-25", "closed", 0, "Weekend"),
    ...["26", "27", "28", "29"].map((one) => day(`2026-10-${one}`, "counted", 1)),
    day("2026-10-30", "paused"),
    day("2026-10-31", "closed", 0, "Weekend"),
    day("2026-11-01", "closed", 0, "Weekend"),
    ...["02", "03", "04"].map((one) => day(`2026-11-${one}`, "counted", 1)),
    ...["05", "06"].map((one) => day(`2026-11-${one}`, "open", 1)),
    day("2026-11-07", "closed", 0, "Weekend"),
    day("2026-11-08", "closed", 0, "Weekend"),
    day("2026-11-09", "open", 1),
];

test("days of one kind are one row, and what is still to come is one", () => {
    const groups = foldRows(COMPLAINT, "work_days");
    expect(
        groups.map(({ kind, fromDate, toDate, counted }) => [kind, fromDate.slice(5), toDate.slice(5), counted]),
    ).toEqual([
        ["start_day", "10-23", "10-23", 0],
        ["closed", "10-24", "10-25", 0],
        ["counted", "10-26", "10-29", 4],
        ["paused", "10-30", "10-30", 0],
        ["closed", "10-31", "11-01", 0],
        ["counted", "11-02", "11-04", 3],
        ["open", "11-05", "11-09", 3],
    ]);
    expect(sum(groups)).toBe(sum(COMPLAINT));
});

test("a holiday keeps its name beside a weekend", () => {
    const rows = [day("2026-10-02", "closed", 0, "National Day"), day("2026-10-03", "closed", 0, "Weekend")];
    expect(foldRows(rows, "work_days").length).toBe(2);
});

test("nights and lunches are folded away, the hours of a day are one row", () => {
    const rows = [
        hours("2026-09-14", "09:00", "12:00", "counted", 10800),
        hours("2026-09-14", "12:00", "13:00", "closed"),
        hours("2026-09-14", "13:00", "16:00", "counted", 10800),
        hours("2026-09-14", "16:00", "18:00", "paused"),
        hours("2026-09-14", "18:00", "23:59", "closed"),
        hours("2026-09-15", "00:00", "09:00", "closed"),
        hours("2026-09-15", "09:00", "10:00", "paused"),
        hours("2026-09-15", "10:00", "11:00", "counted", 3600),
        hours("2026-09-15", "11:00", "12:00", "open", 3600),
    ];
    const groups = foldRows(rows, "work_hours");
    expect(groups.map(({ kind, counted, from, to }) => [kind, counted, from.slice(8, 16), to.slice(8, 16)])).toEqual([
        ["counted", 21600, "14T09:00", "14T16:00"],
        ["paused", 0, "14T16:00", "15T10:00"],
        ["counted", 3600, "15T10:00", "15T11:00"],
        ["open", 3600, "15T11:00", "15T12:00"],
    ]);
    expect(sum(groups)).toBe(sum(rows));
});

test("counted hours of many days become one row", () => {
    const rows = Array.from({ length: 20 }, (_, index) =>
        hours(`2026-09-${String(index + 1).padStart(2, "0")}`, "09:00", "17:00", "counted", 28800),
    );
    expect(foldRows(rows, "hours").length).toBe(1);
    expect(sum(foldRows(rows, "hours"))).toBe(sum(rows));
    expect(foldRows(rows.slice(0, 5), "hours").length).toBe(5);
});

test("the bar shows each part, and all of them are the whole", () => {
    const parts = barParts(foldRows(COMPLAINT, "work_days"), "work_days");
    expect(parts.length).toBe(7);
    expect(Math.round(parts.reduce((total, part) => total + part.share, 0))).toBe(100);
    expect(parts[2].share > parts[3].share).toBe(true);
});

test("nothing makes an empty bar", () => {
    expect(foldRows([], "days")).toEqual([]);
    expect(barParts([], "days")).toEqual([]);
});
