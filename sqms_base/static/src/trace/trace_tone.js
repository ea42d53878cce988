/** Classes of a badge; Odoo's own secondary is too pale to be read as one. */
export function toneClass(tone) {
    return tone === "secondary" ? "bg-200 text-body" : `bg-${tone}-subtle text-${tone}-emphasis`;
}
