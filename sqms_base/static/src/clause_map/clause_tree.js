/**
 * The clauses of a standard as the lines of a table: headings with what stands under them, filtered and folded.
 *
 * @param {Object[]} rows clauses in their order, each with `id`, `parent`, `heading` and what the filters ask for
 * @param {{ filter: string, search: string, folded: Set<number> }} view
 * @returns {{ row: Object, depth: number, folded: boolean }[]}
 */
export function clauseLines(rows, { filter, search, folded }) {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const known = new Map(rows.map((row) => [row.id, row]));
    const kept = new Set();
    for (const row of rows) {
        if (!row.heading && FILTERS[filter](row) && contains(row, words, known)) {
            for (let above = row; above && !kept.has(above.id); above = known.get(above.parent)) {
                kept.add(above.id);
            }
        }
    }
    const isAsked = filter !== "all" || words.length > 0;
    return rows
        .filter((row) => kept.has(row.id))
        .map((row) => {
            const above = pathOf(row, known);
            return {
                row,
                depth: above.length,
                folded: !isAsked && folded.has(row.id),
                hidden: !isAsked && above.some((one) => folded.has(one.id)),
            };
        })
        .filter((line) => !line.hidden);
}

export const FILTERS = {
    all: () => true,
    red: (row) => row.state === "red",
    amber: (row) => row.state === "amber",
    mine: (row) => row.mine,
    no_owner: (row) => !row.owner && row.state !== "excluded",
};

/** How many clauses each filter leaves. */
export function filterCounts(rows) {
    const counting = rows.filter((row) => !row.heading);
    return Object.fromEntries(Object.entries(FILTERS).map(([name, keeps]) => [name, counting.filter(keeps).length]));
}

function contains(row, words, known) {
    const headings = pathOf(row, known).map((above) => above.name);
    const text = [row.number, row.name, row.reason, row.owner?.name, ...row.evidence, ...headings]
        .filter(Boolean)
        .join(" ")
        .toLowerCase();
    return words.every((word) => text.includes(word));
}

function pathOf(row, known) {
    const path = [];
    for (let above = known.get(row.parent); above && !path.includes(above); above = known.get(above.parent)) {
        path.push(above);
    }
    return path;
}
