import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("sqms_ledger_history", {
    steps: () => [
        { content: "Open the history", trigger: ".o_notebook_headers a[name=history]", run: "click" },
        { content: "The newest entry comes first", trigger: ".o_sqms_history li:first:contains('Refunds, renamed')" },
        { content: "From what to what", trigger: ".o_sqms_changes:contains('Title'):contains('Refunds')" },
        { content: "Its place in the chain", trigger: ".o_sqms_history li:first .badge:contains('position 2')" },
        {
            content: "What came after the anchor",
            trigger: ".o_sqms_history li:first .badge:contains('not anchored yet')",
        },
        { content: "How far it is anchored", trigger: ".o_sqms_history .badge:contains('Anchored until position 1')" },
    ],
});
