import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";

const INDENTS = ["ps-0", "ps-3", "ps-4", "ps-5"];

/** The number of a clause, set in by its depth in the tree. */
export class ClauseNumber extends CharField {
    static template = "sqms_base.ClauseNumber";

    get indent() {
        const depth = this.props.record.data.depth || 0;
        return INDENTS[Math.min(depth, INDENTS.length - 1)];
    }
}

registry.category("fields").add("sqms_clause_number", {
    ...charField,
    component: ClauseNumber,
    fieldDependencies: [{ name: "depth", type: "integer" }],
});
