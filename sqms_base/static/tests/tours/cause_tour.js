import { registry } from "@web/core/registry";

/** From the first why to the root cause, the fishbone and the list, and on to the Pareto: the words of each language. */
function steps({ ask, root, proof, kind, ruled, whys, fish }) {
    const dialog = ".modal .o_field_widget";
    return [
        { content: "the problem stands on top", trigger: "[data-why=problem]:contains('Card payments')", run: "click" },
        {
            content: "it is reached by keyboard",
            trigger: "[data-why=problem]",
            run: ({ anchor }) => anchor.focus(),
        },
        { content: "Enter asks the first why", trigger: "[data-why=problem]:focus", run: "press Enter" },
        { content: "say why", trigger: `${dialog}[name=name] input`, run: "edit Terminal said failed" },
        { content: "keep it", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "it is drawn", trigger: ".o_sqms_why[aria-level='2']:contains('Terminal said failed')" },
        {
            content: "go to it",
            trigger: ".o_sqms_why[aria-level='2']",
            run: ({ anchor }) => anchor.focus(),
        },
        { content: "ask on", trigger: `button[name=ask_why]:contains('${ask}')`, run: "click" },
        { content: "say why that is", trigger: `${dialog}[name=name] input`, run: "edit No rule asks for a test" },
        { content: "it is the root cause", trigger: `${dialog}[name=verdict] .o_radio_item:contains('${root}') input`, run: "click" }, // prettier-ignore
        { content: "how we know", trigger: `${dialog}[name=evidence] textarea`, run: "edit Checklist read" },
        { content: "choose the kind", trigger: `${dialog}[name=type_id] input`, run: "edit Tour" },
        { content: "from the list", trigger: ".o-autocomplete--dropdown-item:contains('Tour kind')", run: "click" },
        { content: "keep it", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "marked with words and a sign", trigger: `[data-verdict=root]:has(i.fa-bullseye):contains('${root}')` }, // prettier-ignore
        { content: "another thought", trigger: "[data-why=problem]", run: ({ anchor }) => anchor.focus() },
        { content: "add it", trigger: "button[name=add_why]", run: "click" },
        { content: "say it", trigger: `${dialog}[name=name] input`, run: "edit One careless cashier" },
        { content: "it is ruled out", trigger: `${dialog}[name=verdict] .o_radio_item:contains('${ruled}') input`, run: "click" }, // prettier-ignore
        { content: "and why", trigger: `${dialog}[name=ruled_out_reason] textarea`, run: "edit Three were involved" },
        { content: "keep it", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "dashed, below the branch", trigger: ".o_sqms_aside[data-verdict=ruled_out]" },
        { content: "counted", trigger: `.o_sqms_cause [role=status]:contains('${whys}')` },
        { content: "the fishbone", trigger: ".o_sqms_cause button[name=fishbone]", run: "click" },
        { content: "is drawn", trigger: `.o_sqms_fishbone svg text:contains('${fish}')` },
        { content: "the list", trigger: ".o_sqms_cause button[name=list]", run: "click" },
        { content: "tells how we know", trigger: `.o_sqms_cause tr:contains('Checklist read'):contains('Tour kind')` },
        { content: "save it all", trigger: ".o_form_button_save:not(.d-none)", run: "click" },
        { content: "saved", trigger: ".o_form_view .o_form_saved" },
        { content: `nothing is missing (${proof}, ${kind})`, trigger: ".o_sqms_cause button[name=tree]", run: "click" },
        { content: "still the tree", trigger: "[aria-level='3'][data-verdict=root]" },
    ];
}

function pareto({ cumulative, title }) {
    return [
        { content: "the title", trigger: `.o_breadcrumb:contains('${title}')` },
        { content: "the chart", trigger: ".o_sqms_pareto canvas" },
        { content: "a table beside it", trigger: `.o_sqms_pareto th:contains('${cumulative}')` },
        { content: "by cost", trigger: ".o_sqms_pareto button[name=by_cost]", run: "click" },
        { content: "counts cost", trigger: ".o_sqms_pareto button[name=by_cost][aria-pressed=true]" },
        { content: "ends at a hundred", trigger: ".o_sqms_pareto tbody tr:last-child td:last-child:contains('100.0')" },
        { content: "a row leads to its records", trigger: ".o_sqms_pareto_row:contains('Tour kind')", run: "click" },
        { content: "they are listed", trigger: ".o_list_view .o_data_row:contains('Double deposit')" },
    ];
}

registry.category("web_tour.tours").add("sqms_cause", {
    steps: () =>
        steps({
            ask: "Why is that?",
            root: "Root Cause".slice(0, 4),
            proof: "How We Know",
            kind: "Kind of Cause",
            ruled: "Ruled Out",
            whys: "3 whys · 1 root cause",
            fish: "People",
        }),
});

registry.category("web_tour.tours").add("sqms_cause_zh", {
    steps: () =>
        steps({
            ask: "这又是为什么？",
            root: "根本原因",
            proof: "依据",
            kind: "原因类别",
            ruled: "已排除",
            whys: "3 个为什么 · 1 个根本原因",
            fish: "人员",
        }),
});

registry.category("web_tour.tours").add("sqms_pareto", {
    steps: () => pareto({ title: "Pareto by Cause", cumulative: "Cumulative" }),
});

registry.category("web_tour.tours").add("sqms_pareto_zh", {
    steps: () => pareto({ title: "原因帕累托图", cumulative: "累计" }),
});
