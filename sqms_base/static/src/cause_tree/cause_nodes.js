/**
 * The causes of a list as a tree, saved or not: `{ heads, nodes }`.
 *
 * 1. A why that is saved knows the one above it by its id, a new one by the key that it was drawn with.
 * 2. What hangs on nothing that is there, or in a circle, begins a branch: every cause is drawn once.
 *
 * @param {Object[]} records of the list: `id`, `resId` and `data`
 * @returns {{ heads: Object[], nodes: Object[] }} nodes from top to bottom: `key`, `record`, `name`, `category`,
 *     `verdict`, `level`, `parent`, `children`
 */
export function causeNodes(records) {
    const nodes = records.map((record) => ({
        key: record.id,
        record,
        name: record.data.name || "",
        category: record.data.category,
        verdict: record.data.verdict,
        level: 0,
        parent: null,
        children: [],
    }));
    const byId = new Map(nodes.filter((node) => node.record.resId).map((node) => [node.record.resId, node]));
    const byKey = new Map(
        nodes.filter((node) => node.record.data.node_key).map((node) => [node.record.data.node_key, node]),
    );
    for (const node of nodes) {
        const { parent_id: above, parent_key: key } = node.record.data;
        const parent = (above && byId.get(above.id)) || (key && byKey.get(key)) || null;
        if (parent && !isBelow(parent, node)) {
            node.parent = parent;
            parent.children.push(node);
        }
    }
    const heads = nodes.filter((node) => !node.parent);
    const ordered = [];
    const stack = heads.toReversed().map((head) => [head, 1]);
    while (stack.length) {
        const [node, level] = stack.pop();
        node.level = level;
        ordered.push(node);
        stack.push(...node.children.toReversed().map((child) => [child, level + 1]));
    }
    return { heads, nodes: ordered };
}

function isBelow(node, above) {
    for (let one = node; one; one = one.parent) {
        if (one === above) {
            return true;
        }
    }
    return false;
}

/** A why and everything below it, the deepest first: in this order they are deleted. */
export function branchOf(node) {
    return [...node.children.flatMap(branchOf), node];
}

/**
 * The branches side by side. What was ruled out at once stands below the shortest of them, and hangs on nothing.
 *
 * @returns {{ head: Object, asides: Object[] }[]}
 */
export function causeColumns(heads) {
    const isAside = (head) => head.verdict === "ruled_out" && !head.children.length;
    const branches = heads.filter((head) => !isAside(head));
    const columns = (branches.length ? branches : heads).map((head) => ({ head, asides: [] }));
    if (branches.length) {
        for (const head of heads.filter(isAside)) {
            const sizes = columns.map((column) => depthOf(column.head) + column.asides.length);
            columns[sizes.lastIndexOf(Math.min(...sizes))].asides.push(head);
        }
    }
    return columns;
}

function depthOf(node) {
    return 1 + Math.max(0, ...node.children.map(depthOf));
}

/** The why that an arrow key leads to: up and down the branch, left and right to its neighbours. */
export function neighbour(node, key, columns) {
    const heads = columns.flatMap((column) => [column.head, ...column.asides]);
    if (!node) {
        return key === "ArrowDown" ? heads[0] || null : null;
    }
    if (key === "ArrowUp") {
        return node.parent;
    }
    if (key === "ArrowDown") {
        return node.children[0] || null;
    }
    return besides(node, key === "ArrowLeft" ? -1 : 1, heads);
}

/** Past the end of a branch the neighbouring branch goes on at the same height, or where it ends. */
function besides(node, step, heads) {
    for (let above = node; above; above = above.parent) {
        const row = above.parent ? above.parent.children : heads;
        const other = row[row.indexOf(above) + step];
        if (other) {
            return atLevel(other, node.level, step);
        }
    }
    return null;
}

function atLevel(node, level, step) {
    let found = node;
    while (found.level < level && found.children.length) {
        found = found.children.at(step < 0 ? -1 : 0);
    }
    return found;
}
