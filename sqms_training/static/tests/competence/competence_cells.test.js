import { expect, test } from "@odoo/hoot";
import { patchTranslations } from "@web/../tests/web_test_helpers";
import { PIECE, ROW, cellLook, drawnRows, nextCell, piecesOf } from "@sqms_training/competence/competence_cells";

const STANDINGS = ["missing", "revoked", "expired", "upcoming", "lower", "expiring", "valid"];
const MATRIX = { standings: STANDINGS, on: "2026-11-05" };
const look = (standing, { needed = 100, held = 0, last = null, booked = false, first = null } = {}) =>
    cellLook([STANDINGS.indexOf(standing), needed, held, last, booked, first], MATRIX);

test("each standing has a sign, a ground and a word of its own", () => {
    patchTranslations();
    expect(look("valid", { last: "2027-08-31" }).text).toBe("Aug 2027");
    expect(look("valid").text).toBe("valid");
    expect(look("expiring", { last: "2026-11-12" }).text).toBe("7 d");
    expect(look("expired", { last: "2026-10-24" }).text).toBe("12 d over");
    expect(look("upcoming", { first: "2026-12-03" }).text).toBe("from Dec 2026");
    expect(look("lower", { needed: 80, held: 50 }).text).toBe("50 of 80");
    expect(look("revoked").text).toBe("revoked");
    expect(look("missing").text).toBe("missing");
    expect(STANDINGS.map((standing) => look(standing, { last: "2027-01-01", first: "2026-01-01" }).tone)).toEqual([
        "danger",
        "danger",
        "danger",
        "danger",
        "danger",
        "warning",
        "success",
    ]);
    for (const standing of STANDINGS) {
        expect(look(standing, { last: "2027-01-01", first: "2026-01-01" }).icon).not.toBe("");
    }
});

test("what is not needed is neither good nor bad; what is booked says so in words", () => {
    patchTranslations();
    expect(cellLook(null, MATRIX)).toEqual({
        standing: "", tone: "none", icon: "", text: "–", label: "not needed for the job", booked: false,
    }); // prettier-ignore
    expect(look("missing", { booked: true }).label).toBe("missing, training booked");
    expect(look("expiring", { last: "2026-11-12" }).label).toBe("expires in 7 d");
});

test("days are counted over the change of the clocks and over years", () => {
    patchTranslations();
    const on = (day, last) =>
        cellLook([STANDINGS.indexOf("expiring"), 1, 1, last, false, null], { standings: STANDINGS, on: day }).text;
    expect(on("2026-03-28", "2026-03-30")).toBe("2 d");
    expect(on("2026-10-24", "2026-10-26")).toBe("2 d");
    expect(on("2026-12-31", "2027-01-01")).toBe("1 d");
    expect(on("2028-02-28", "2028-03-01")).toBe("2 d");
});

test("only rows in sight are drawn, however many there are", () => {
    expect(drawnRows(0, 600, 13)).toEqual({ first: 0, last: 13 });
    const { first, last } = drawnRows(500 * ROW, 600, 20000);
    expect(first).toBe(492);
    expect(last - first).toBeLessThan(40);
    expect(drawnRows(19990 * ROW, 600, 20000).last).toBe(20000);
    expect(drawnRows(99999 * ROW, 600, 5)).toEqual({ first: 4, last: 5 });
    expect(drawnRows(0, 600, 0)).toEqual({ first: 0, last: 0 });
});

test("a piece is asked for when one of its rows is drawn", () => {
    expect(piecesOf({ first: 0, last: 13 })).toEqual([0]);
    expect(piecesOf({ first: 0, last: 0 })).toEqual([]);
    expect(piecesOf({ first: PIECE - 1, last: PIECE + 1 })).toEqual([0, 1]);
    expect(piecesOf({ first: 5 * PIECE, last: 6 * PIECE })).toEqual([5]);
});

test("arrows walk through the grid and stop at its edges", () => {
    const at = (key, row, col) => nextCell(key, { row, col }, 20, 9);
    expect(at("ArrowRight", 3, 3)).toEqual({ row: 3, col: 4 });
    expect(at("ArrowLeft", 3, 0)).toEqual({ row: 3, col: 0 });
    expect(at("ArrowUp", 0, 2)).toEqual({ row: 0, col: 2 });
    expect(at("ArrowDown", 19, 2)).toEqual({ row: 19, col: 2 });
    expect(at("PageDown", 3, 2)).toEqual({ row: 13, col: 2 });
    expect(at("PageUp", 3, 2)).toEqual({ row: 0, col: 2 });
    expect(at("Home", 3, 5)).toEqual({ row: 3, col: 0 });
    expect(at("End", 3, 5)).toEqual({ row: 3, col: 8 });
    expect(at("a", 3, 5)).toBe(null);
});
