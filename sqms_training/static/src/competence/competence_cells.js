import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** Height of a row with the space under it, as the style sheet has it. */
export const ROW = 44;
/** People that are asked for in one call. */
export const PIECE = 60;

// A sign beside the word, a ground behind it: never one of them alone.
const LOOKS = {
    valid: { tone: "success", icon: "fa-check" },
    expiring: { tone: "warning", icon: "fa-clock-o" },
    expired: { tone: "danger", icon: "fa-times" },
    revoked: { tone: "danger", icon: "fa-ban" },
    upcoming: { tone: "danger", icon: "fa-hourglass-start" },
    lower: { tone: "danger", icon: "fa-arrow-down" },
    missing: { tone: "danger", icon: "fa-times" },
};

const daysBetween = (from, to) => Math.round(DateTime.fromISO(to).diff(DateTime.fromISO(from), "days").days);
const month = (day) => DateTime.fromISO(day).toLocaleString({ year: "numeric", month: "short" });

/**
 * What a cell says.
 *
 * @param {Array|null} cell `[standing, needed, held, last day, booked, first day]`, or null where nothing is needed
 * @param {{ standings: string[], on: string }} matrix the names of the standings, and the day
 */
export function cellLook(cell, { standings, on }) {
    if (!cell) {
        return { standing: "", tone: "none", icon: "", text: "–", label: _t("not needed for the job"), booked: false };
    }
    const [code, needed, held, last, booked, first] = cell;
    const standing = standings[code];
    const text = words(standing, { needed, held, last, first, on });
    const label = booked ? _t("%s, training booked", spoken(standing, text)) : spoken(standing, text);
    return { standing, ...LOOKS[standing], text, label, booked: Boolean(booked) };
}

function words(standing, { needed, held, last, first, on }) {
    switch (standing) {
        case "valid":
            return last ? month(last) : _t("valid");
        case "expiring":
            return _t("%s d", daysBetween(on, last));
        case "expired":
            return _t("%s d over", daysBetween(last, on));
        case "upcoming":
            return _t("from %s", month(first));
        case "lower":
            return _t("%(held)s of %(needed)s", { held, needed });
        case "revoked":
            return _t("revoked");
        default:
            return _t("missing");
    }
}

/** The same for somebody who sees neither sign nor colour. */
function spoken(standing, text) {
    switch (standing) {
        case "valid":
            return _t("in force: %s", text);
        case "expiring":
            return _t("expires in %s", text);
        case "expired":
            return _t("expired: %s", text);
        case "upcoming":
            return _t("not valid yet: %s", text);
        case "lower":
            return _t("level too low: %s", text);
        default:
            return text;
    }
}

/** Which rows are drawn: those in sight and some around them, whatever the number of all. */
export function drawnRows(top, height, count, around = 8) {
    const first = Math.max(0, Math.min(Math.floor(top / ROW) - around, count - 1));
    return { first, last: Math.min(count, Math.ceil((top + height) / ROW) + around) };
}

/** The pieces that hold the rows from `first` to `last`: numbers of pieces, in their order. */
export function piecesOf({ first, last }) {
    const pieces = [];
    for (let piece = Math.floor(first / PIECE); piece * PIECE < last; piece++) {
        pieces.push(piece);
    }
    return pieces;
}

/** Where a key leads from a cell; nothing if the key leads nowhere. */
export function nextCell(key, { row, col }, rows, cols, page = 10) {
    const to = {
        ArrowLeft: [row, col - 1],
        ArrowRight: [row, col + 1],
        ArrowUp: [row - 1, col],
        ArrowDown: [row + 1, col],
        PageUp: [row - page, col],
        PageDown: [row + page, col],
        Home: [row, 0],
        End: [row, cols - 1],
    }[key];
    if (!to) {
        return null;
    }
    const within = (value, count) => Math.max(0, Math.min(value, count - 1));
    return { row: within(to[0], rows), col: within(to[1], cols) };
}
