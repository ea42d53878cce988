import { isInDays } from "./deadline_words";

const MANY = 12;
const ONE_DAY = 8 * 3600;
const ACROSS_DAYS = ["paused", "stopped", "closed", "before", "open"];

/**
 * The rows of an explanation as a person reads them: nights and lunches left out, days of one kind together.
 *
 * 1. What is folded away counts nothing; the sum of the groups is the sum of the rows.
 * 2. A date without any working time stays, with its name; such dates within what is still to come do not.
 * 3. Counted hours stand day by day until that becomes long.
 *
 * @param {Object[]} rows as `sqms.clock.explain` gives them
 * @param {string} unit
 * @returns {Object[]} `[{kind, label, reason, from, to, fromDate, toDate, dates, counted}]`
 */
export function foldRows(rows, unit) {
    const groups = fold(rows, isInDays(unit));
    return groups.length > MANY ? fold(rows, true) : groups;
}

function fold(rows, acrossDays) {
    const worked = new Set(rows.filter((row) => row.kind !== "closed").map((row) => row.date));
    const lastOpen = rows.findLastIndex((row) => row.kind === "open");
    const groups = [];
    rows.forEach((row, index) => {
        const last = groups.at(-1);
        const isBetween = index < lastOpen && last?.kind === "open";
        if (row.kind === "closed" && (worked.has(row.date) || isBetween)) {
            return;
        }
        if (last && isAlike(last, row) && (acrossDays || goesOn(last, row))) {
            last.dates += last.toDate === row.date ? 0 : 1;
            last.to = row.to;
            last.toDate = row.date;
            last.counted += row.counted;
        } else {
            groups.push({ ...row, fromDate: row.date, toDate: row.date, dates: 1 });
        }
    });
    return groups;
}

function isAlike(group, row) {
    return group.kind === row.kind && group.label === row.label && group.reason === row.reason;
}

function goesOn(group, row) {
    return ACROSS_DAYS.includes(row.kind) || group.toDate === row.date;
}

/** The parts of the bar, left to right: `[{kind, label, share}]`, the shares being whole percents or more. */
export function barParts(groups, unit) {
    const weights = groups.map((group) => {
        if (group.kind === "moved") {
            return 0;
        }
        if (isInDays(unit)) {
            return group.kind === "open" ? group.counted : group.dates;
        }
        if (group.kind === "closed") {
            return group.dates * 3600;
        }
        const span = (Date.parse(group.to) - Date.parse(group.from)) / 1000;
        return group.counted || Math.min(span, group.dates * ONE_DAY);
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return groups
        .map((group, index) => ({
            kind: group.kind,
            label: group.label,
            share: total ? (100 * weights[index]) / total : 0,
        }))
        .filter((part) => part.share > 0);
}
