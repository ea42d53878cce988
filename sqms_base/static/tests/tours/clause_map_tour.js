import { registry } from "@web/core/registry";

/** From the map to the red clause, to its evidence, to the pack: the words of each language. */
function steps({ title, red, none, limit, open, pack, packed, orphans, unowned, live }) {
    return [
        { content: "the coverage by standard", trigger: `.o_sqms_standards:contains('${live}')` },
        { content: "the standard is chosen", trigger: ".o_sqms_standard[data-code='ISO T']", run: "click" },
        { content: "two of four are green", trigger: ".o_sqms_percent:contains('50 %')" },
        { content: "its title", trigger: `.o_breadcrumb:contains('${title}')` },
        {
            content: "a colour is told by a sign and a word",
            trigger: `tr[data-number='7.2'] .badge:has(i.fa-times):contains('${red}')`,
        },
        {
            content: "a chapter is reached by keyboard",
            trigger: "tr[data-number='7'] button[aria-expanded=true]",
            run: ({ anchor }) => anchor.focus(),
        },
        { content: "and folded", trigger: "tr[data-number='7'] button:focus", run: "press Enter" },
        { content: "what stood under it is gone", trigger: ".o_sqms_clauses:not(:has(tr[data-number='7.2']))" },
        { content: "filter what is red", trigger: ".o_sqms_clauses button[name=red]:contains('2')", run: "click" },
        { content: "the filter is pressed", trigger: "button[name=red][aria-pressed=true]" },
        { content: "red ones show, folded or not", trigger: `tr[data-number='7.2']:contains('${limit}')` },
        { content: "green ones do not", trigger: ".o_sqms_clauses:not(:has(tr[data-number='7.1']))" },
        { content: "nobody has said what proves it", trigger: `tr[data-number='8']:contains('${none}')` },
        { content: "look at the evidence", trigger: "tr[data-number='7.2'] .o_sqms_evidence", run: "click" },
        { content: "the rule tells what it found", trigger: `.modal .list-group-item:contains('${limit}')` },
        { content: "open the records", trigger: ".modal button[name=open_records]", run: "click" },
        { content: "they are listed", trigger: ".o_list_view .o_data_row:contains('Old van')" },
        { content: "back", trigger: `.breadcrumb a:contains('${title}')`, run: "click" },
        { content: "the filter is kept", trigger: "button[name=red][aria-pressed=true]", run: "click" },
        { content: "look for an owner", trigger: ".o_sqms_search input", run: "edit officer" },
        { content: "only his clause is left", trigger: ".o_sqms_clauses tbody:not(:has(tr[data-number='8']))" },
        { content: "found by his name", trigger: "tr[data-number='7.1']:contains('officer')" },
        { content: "and cleared", trigger: ".o_sqms_search input", run: "clear" },
        { content: "everything is back, folded as before", trigger: "tr[data-number='7'] button[aria-expanded=false]", run: "click" }, // prettier-ignore
        { content: "and unfolded", trigger: "tr[data-number='7.1']" },
        { content: "what belongs to nobody", trigger: "button[name=orphans]", run: "click" },
        { content: "clauses without an owner", trigger: `.modal .o_sqms_orphans:contains('${unowned}')` },
        { content: "close", trigger: ".modal .modal-footer .btn-secondary", run: "click" },
        { content: `make the pack (${orphans})`, trigger: `.o_sqms_clauses button[name=make_pack]:contains('${pack}')`, run: "click" }, // prettier-ignore
        {
            content: "it is made, with its digest",
            trigger: `.o_notification:contains('${packed}'):contains('SHA-256')`,
        },
        { content: `row action (${open})`, trigger: `tr[data-number='7.2'] .o_sqms_step:contains('${open}')`, run: "click" }, // prettier-ignore
        { content: "leads to what is not in order", trigger: ".o_list_view .o_data_row:contains('Old van')" },
    ];
}

registry.category("web_tour.tours").add("sqms_clause_map", {
    steps: () =>
        steps({
            title: "Clause Map",
            red: "Red",
            none: "No evidence rule",
            limit: "last one 13 mo old (limit 12 mo)",
            open: "Open",
            pack: "Make Evidence Pack",
            packed: "Evidence pack of ISO T",
            orphans: "Orphans",
            unowned: "Clauses without an owner",
            live: "live at",
        }),
});

registry.category("web_tour.tours").add("sqms_clause_map_zh", {
    steps: () =>
        steps({
            title: "条款地图",
            red: "红",
            none: "没有证据规则",
            limit: "最近一份已有 13 个月（限 12 个月）",
            open: "打开",
            pack: "生成证据包",
            packed: "ISO T 的证据包",
            orphans: "无归属项",
            unowned: "没有负责人的条款",
            live: "实时",
        }),
});
