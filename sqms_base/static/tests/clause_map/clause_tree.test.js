import { expect, test } from "@odoo/hoot";
import { clauseLines, filterCounts } from "@sqms_base/clause_map/clause_tree";

const leaf = (id, parent, state, values = {}) => ({
    id, parent, state, number: `${id}`, name: `Clause ${id}`, reason: "", heading: false, mine: false,
    owner: { id: 1, name: "Chen Jing" }, evidence: [], ...values,
}); // prettier-ignore
const ROWS = [
    { ...leaf(7, false, "red"), heading: true, name: "Support" },
    { ...leaf(75, 7, "red"), heading: true, name: "Documented information" },
    leaf(751, 75, "green", { evidence: ["Documents in force"] }),
    leaf(752, 75, "red", { owner: false, reason: "Vans: none yet" }),
    leaf(8, false, "amber", { mine: true }),
    leaf(83, false, "excluded", { owner: false }),
];
const view = (values = {}) => ({ filter: "all", search: "", folded: new Set(), ...values });
const ids = (values) => clauseLines(ROWS, view(values)).map((line) => line.row.id);

test("everything stands in its order, each as deep as what is above it", () => {
    expect(ids()).toEqual([7, 75, 751, 752, 8, 83]);
    expect(clauseLines(ROWS, view()).map((line) => line.depth)).toEqual([0, 1, 2, 2, 0, 0]);
});

test("a filter keeps the headings of what it leaves", () => {
    expect(ids({ filter: "red" })).toEqual([7, 75, 752]);
    expect(ids({ filter: "amber" })).toEqual([8]);
    expect(ids({ filter: "mine" })).toEqual([8]);
    expect(ids({ filter: "no_owner" })).toEqual([7, 75, 752]);
});

test("what is folded is hidden, unless somebody asks for something", () => {
    expect(ids({ folded: new Set([7]) })).toEqual([7, 8, 83]);
    expect(ids({ folded: new Set([75]) })).toEqual([7, 75, 8, 83]);
    expect(ids({ folded: new Set([7]), filter: "red" })).toEqual([7, 75, 752]);
});

test("the search looks at clause, reason, owner, evidence and heading, word by word", () => {
    expect(ids({ search: "documents IN force" })).toEqual([7, 75, 751]);
    expect(ids({ search: "vans" })).toEqual([7, 75, 752]);
    expect(ids({ search: "support 751" })).toEqual([7, 75, 751]);
    expect(ids({ search: "chen 8" })).toEqual([8]);
    expect(ids({ search: "nothing" })).toEqual([]);
});

test("a circle of clauses ends", () => {
    const rows = [leaf(1, 2, "red"), leaf(2, 1, "red")];
    expect(clauseLines(rows, view()).length).toBe(2);
});

test("headings are not counted, excluded clauses need no owner", () => {
    expect(filterCounts(ROWS)).toEqual({ all: 4, red: 1, amber: 1, mine: 1, no_owner: 1 });
});
