import { registry } from "@web/core/registry";

/** Through the matrix: what is missing, by keyboard and mouse, to the line behind it; the words of each language. */
function steps({ title, missing, lower, until, show, nobody, clear, required, days }) {
    return [
        { content: "its title", trigger: `.o_breadcrumb:contains('${title}')` },
        { content: "a colour is told by a sign and a word", trigger: `td[data-standing=missing]:has(i.fa-times):contains('${missing}')` }, // prettier-ignore
        { content: "what is too low says how much", trigger: `td[data-standing=lower]:contains('${lower}')` },
        { content: "what ends soon says in how many days", trigger: `td[data-standing=expiring]:contains('${days}')` },
        { content: "what it looks like is said once", trigger: `.o_sqms_mark:contains('${until}')` },
        {
            content: "the first cell is reached by keyboard",
            trigger: "td[data-row='0'][data-col='0'][tabindex='0']",
            run: ({ anchor }) => anchor.focus(),
        },
        { content: "to the right", trigger: "td[data-row='0'][data-col='0']:focus", run: "press ArrowRight" },
        { content: "and down", trigger: "td[data-row='0'][data-col='1']:focus", run: "press ArrowDown" },
        { content: "and open", trigger: "td[data-row='1'][data-col='1']:focus", run: "press Enter" },
        { content: "what is asked", trigger: `.o_sqms_competence_cell:contains('${required}')` },
        { content: "the next step", trigger: ".o_sqms_competence_cell button[name=plan_training]" },
        { content: "away", trigger: "td[data-row='1'][data-col='1']", run: "press Escape" },
        { content: "a mouse opens as well", trigger: "td[data-standing=expiring]", run: "click" },
        { content: "a certificate is renewed from here", trigger: ".o_sqms_competence_cell button[name=renew]" },
        { content: "only the expiring", trigger: "aside input[name=expiring]", run: "click" },
        { content: "one row is left", trigger: ".o_sqms_grid:not(:has(tr[data-employee]:nth-child(2)))" },
        { content: `nothing hidden (${show})`, trigger: "aside input[name=expiring]:checked", run: "click" },
        { content: "look for nobody", trigger: ".o_sqms_search input", run: "edit Nobody" },
        { content: "nobody is there", trigger: `.o_nocontent_help:contains('${nobody}')` },
        { content: "and back", trigger: `.o_nocontent_help button:contains('${clear}')`, run: "click" },
        { content: "all are there again", trigger: "td[data-standing=missing]" },
    ];
}

registry.category("web_tour.tours").add("sqms_competence", {
    steps: () =>
        steps({
            title: "Competence Matrix",
            missing: "missing",
            lower: "50 of 100",
            until: "valid until",
            show: "Show",
            nobody: "Nobody matches",
            clear: "Clear the Filters",
            required: "Required",
            days: "30 d",
        }),
});
registry.category("web_tour.tours").add("sqms_competence_zh", {
    steps: () =>
        steps({
            title: "能力矩阵",
            missing: "缺少",
            lower: "50 / 100",
            until: "有效期至",
            show: "显示",
            nobody: "没有符合条件的人员",
            clear: "清除筛选",
            required: "要求",
            days: "30 天",
        }),
});
