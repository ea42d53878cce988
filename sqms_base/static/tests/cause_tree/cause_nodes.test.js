import { describe, expect, test } from "@odoo/hoot";

import { branchOf, causeColumns, causeNodes, neighbour } from "@sqms_base/cause_tree/cause_nodes";

describe.current.tags("headless");

let count = 0;
function why(name, { above = false, id = false, key = "", of = "", verdict = "open" } = {}) {
    count++;
    const parent = above ? { id: above, display_name: "" } : false;
    return {
        id: `datapoint_${count}`,
        resId: id,
        data: { name, category: "method", verdict, parent_id: parent, node_key: key, parent_key: of },
    };
}

const names = (nodes) => nodes.map((node) => `${node.level} ${node.name}`);

test("saved whys by id, new ones by key, from top to bottom", () => {
    const { nodes } = causeNodes([
        why("c", { key: "k2", of: "k1" }),
        why("a", { id: 7 }),
        why("b", { key: "k1", above: 7 }),
        why("x", { id: 9 }),
    ]);
    expect(names(nodes)).toEqual(["1 a", "2 b", "3 c", "1 x"]);
});

test("circles and strangers are drawn once", () => {
    const { nodes } = causeNodes([
        why("a", { id: 1, above: 2 }),
        why("b", { id: 2, above: 1 }),
        why("c", { id: 3, above: 3 }),
        why("d", { id: 4, above: 99 }),
    ]);
    expect(nodes.map((node) => node.name).sort()).toEqual(["a", "b", "c", "d"]);
});

test("a branch is deleted from its end", () => {
    const { heads } = causeNodes([why("a", { id: 1 }), why("b", { id: 2, above: 1 }), why("c", { id: 3, above: 2 })]);
    expect(branchOf(heads[0]).map((node) => node.name)).toEqual(["c", "b", "a"]);
});

test("what was ruled out at once stands below the shortest branch", () => {
    const { heads } = causeNodes([
        why("long", { id: 1 }),
        why("longer", { id: 2, above: 1 }),
        why("short", { id: 3 }),
        why("moon", { id: 4, verdict: "ruled_out" }),
    ]);
    const columns = causeColumns(heads);
    expect(columns.map((column) => [column.head.name, column.asides.map((one) => one.name)])).toEqual([
        ["long", []],
        ["short", ["moon"]],
    ]);
    // Alone, it is the branch.
    const alone = causeNodes([why("moon", { id: 4, verdict: "ruled_out" })]);
    expect(causeColumns(alone.heads).map((column) => column.head.name)).toEqual(["moon"]);
});

test("arrows move along the branches and to their neighbours", () => {
    const { heads, nodes } = causeNodes([
        why("a1", { id: 1 }),
        why("a2", { id: 2, above: 1 }),
        why("b1", { id: 3 }),
        why("b2", { id: 4, above: 3 }),
        why("b3", { id: 5, above: 4 }),
    ]);
    const columns = causeColumns(heads);
    const at = (name) => nodes.find((node) => node.name === name);
    const walk = (name, key) => neighbour(name ? at(name) : null, key, columns)?.name;
    expect(walk(null, "ArrowDown")).toBe("a1");
    expect(walk("a1", "ArrowDown")).toBe("a2");
    expect(walk("a1", "ArrowRight")).toBe("b1");
    expect(walk("a2", "ArrowRight")).toBe("b2");
    expect(walk("b3", "ArrowLeft")).toBe("a2");
    expect(walk("b1", "ArrowRight")).toBe(undefined);
    expect(walk("a2", "ArrowUp")).toBe("a1");
    expect(walk("a1", "ArrowUp")).toBe(undefined);
});

test("three hundred whys are ordered at once", () => {
    const records = [...Array(300).keys()].map((n) => why(`${n}`, { id: n + 1, above: n }));
    const { nodes } = causeNodes(records);
    expect(nodes.at(-1).level).toBe(300);
});
