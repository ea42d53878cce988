import { registry } from "@web/core/registry";

function check(isFine, words) {
    if (!isFine) {
        throw new Error(words);
    }
}

let longest = 0;

registry.category("web_tour.tours").add("sqms_nonconformity_trace_many", {
    steps: () => [
        {
            content: "thousands of records, a handful of cards",
            trigger: ".o_sqms_trace_more:contains('more')",
            run() {
                const cards = document.querySelectorAll(".o_sqms_trace_card").length;
                check(cards < 100, `${cards} cards are drawn`);
                // From now on the page is asked every 20 ms whether it answers.
                let last = performance.now();
                setInterval(() => {
                    longest = Math.max(longest, performance.now() - last);
                    last = performance.now();
                }, 20);
            },
        },
        { content: "all that is known is counted", trigger: ".o_sqms_trace_counts:contains('5000 records')" },
        { content: "show the rest", trigger: ".o_sqms_trace_more", run: "click" },
        { content: "page by page", trigger: ".o_sqms_trace_list tbody tr:eq(79)" },
        { content: "the next page", trigger: ".o_pager_next", run: "click" },
        { content: "is there", trigger: ".o_pager_value:contains('81-160')" },
        { content: "the graph again", trigger: "button[name=graph]", run: "click" },
        {
            content: "nothing of that held the page for long",
            trigger: ".o_sqms_trace_card",
            run() {
                check(longest > 0 && longest < 2000, `the page did not answer for ${Math.round(longest)} ms`);
            },
        },
    ],
});

/** Raised from the action menu of a maintenance request, then of two in the list: the words of each language. */
function raise({ entry, create, found, source }) {
    const open = { content: "the action menu", trigger: ".o_cp_action_menus .dropdown-toggle", run: "click" };
    const choose = { content: "has the entry", trigger: `.o-dropdown--menu .o_menu_item:contains('${entry}')`, run: "click" }; // prettier-ignore
    const keep = { content: "report it", trigger: `.modal footer button[name=action_create]:contains('${create}')`, run: "click" }; // prettier-ignore
    const landed = { content: "it is there, found", trigger: `.o_form_view .o_arrow_button_current:contains('${found}')` }; // prettier-ignore
    return [
        { content: "the requests as a list", trigger: ".o_switch_view.o_list", run: "click" },
        { content: "open one", trigger: ".o_data_row td[name=name]:contains('Tour hose is cracked')", run: "click" },
        { content: "its form", trigger: ".o_form_view .o_field_widget[name=name]:has(input)" },
        { ...open, trigger: ".o_form_view .o_cp_action_menus .dropdown-toggle" },
        choose,
        { content: "says from what", trigger: ".modal .o_field_widget[name=source_words]:contains('Tour hose is cracked')" }, // prettier-ignore
        { content: "what happened", trigger: ".modal .o_field_widget[name=name] input", run: "edit Gas detector out of use" }, // prettier-ignore
        { content: "how serious", trigger: ".modal .o_field_widget[name=grade] input[data-value=major]", run: "click" },
        { content: "where", trigger: ".modal .o_field_widget[name=place] input", run: "edit Xuhui van" },
        keep,
        landed,
        { content: "what was said", trigger: ".o_field_widget[name=name] :value('Gas detector out of use')" },
        {
            content: "its source",
            trigger:
                "button[name=action_open_sources] .o_field_widget[name=source_words]:contains('Tour hose is cracked')",
        },
        { content: "leads back to it", trigger: ".oe_stat_button[name=action_open_sources]", run: "click" }, // prettier-ignore
        { content: "the request", trigger: ".o_form_view .o_field_widget[name=maintenance_type]" },
        { content: "back to it", trigger: ".o_back_button", run: "click" },
        { content: "it is still there", trigger: ".oe_stat_button[name=action_open_sources]" },
        { content: "back to the request", trigger: ".o_back_button", run: "click" },
        { content: "which is still open", trigger: ".o_form_view .o_field_widget[name=maintenance_type]" },
        { content: "back to the list", trigger: ".o_back_button", run: "click" },
        { content: "tick one", trigger: ".o_data_row:contains('Tour hose is cracked') .o_list_record_selector input", run: "click" }, // prettier-ignore
        { content: "and another", trigger: ".o_data_row:contains('Tour pump leaks') .o_list_record_selector input", run: "click" }, // prettier-ignore
        { ...open, trigger: ".o_list_view:has(.o_data_row_selected) .o_cp_action_menus .dropdown-toggle" },
        choose,
        { content: "both are named", trigger: `.modal .o_field_widget[name=source_words]:contains('${source}')` },
        { content: "what happened", trigger: ".modal .o_field_widget[name=name] input", run: "edit Two devices out of use" }, // prettier-ignore
        keep,
        landed,
        { content: "what was said", trigger: ".o_field_widget[name=name] :value('Two devices out of use')" },
        { content: "two sources", trigger: ".oe_stat_button[name=action_open_sources] .o_stat_value:contains('2')" },
    ];
}

const english = { entry: "Create Nonconformity", create: "Create Nonconformity", found: "Found", source: "and 1 more" };
const chinese = { entry: "创建不合格", create: "创建不合格", found: "已发现", source: "等另外 1 条" };
registry.category("web_tour.tours").add("sqms_nonconformity_raise", { steps: () => raise(english) });
registry.category("web_tour.tours").add("sqms_nonconformity_raise_zh", { steps: () => raise(chinese) });
