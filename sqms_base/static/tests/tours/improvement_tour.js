import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const BOX = ".o_sqms_morning_proposal";

/** The line of the box: by keyboard alone, refused once, then taken. */
function proposing({ heading, placeholder, button, kept, thanks, open, mine, label, idea }) {
    return [
        { content: "the box", trigger: `${BOX} h2:contains('${heading}')` },
        {
            content: "its line says what it is for",
            trigger: `${BOX} input[placeholder='${placeholder}']`,
            run: "edit refuse this",
        },
        { content: "its button", trigger: `${BOX} button[type=submit]:contains('${button}')` },
        { content: "Enter proposes", trigger: `${BOX} input`, run: "press Enter" },
        { content: "what went wrong", trigger: `${BOX} [role=status]:contains('Not today')` },
        { content: "the words are kept", trigger: `${BOX} [role=status]:contains('${kept}')` },
        {
            content: "in the line as well",
            trigger: `${BOX} input:focus`,
            run: ({ anchor }) => {
                if (anchor.value !== "refuse this" || anchor.getAttribute("aria-invalid") !== "true") {
                    throw new Error(`the line says “${anchor.value}”`);
                }
            },
        },
        { content: "another idea", trigger: `${BOX} input`, run: `edit ${idea}` },
        { content: "by keyboard", trigger: `${BOX} input`, run: "press Enter" },
        { content: "it is taken", trigger: `${BOX} [role=status]:contains('IMP/'):contains('${thanks}')` },
        { content: "the line is empty", trigger: `${BOX} input:focus`, run: checkEmpty },
        {
            content: "it stands among my proposals",
            trigger: `${BOX} .list-group-item:contains('${idea}') .badge:contains('${label}')`,
        },
        { content: "how many", trigger: `${BOX} .o_sqms_morning_all:contains('${mine}')` },
        { content: "the way to it", trigger: `${BOX} [role=status] button:contains('${open}')`, run: "click" },
        { content: "its form", trigger: `.o_form_view:contains('IMP/') .o_field_widget[name=name] :value(${idea})` },
    ];
}

function checkEmpty({ anchor }) {
    if (anchor.value) {
        throw new Error(`the line says “${anchor.value}”`);
    }
}

tours.add("sqms_propose", {
    steps: () =>
        proposing({
            heading: "Propose an improvement",
            placeholder: "What could work better tomorrow?",
            button: "Propose",
            kept: "Your words are still here",
            thanks: "Thank you",
            open: "Open it",
            mine: "My proposals (1)",
            label: "Proposed",
            idea: "Number tags for the key cabinet",
        }),
});

tours.add("sqms_propose_zh", {
    steps: () =>
        proposing({
            heading: "提改进建议",
            placeholder: "明天哪里可以做得更好？",
            button: "提交",
            kept: "您写的内容还在",
            thanks: "谢谢",
            open: "打开",
            mine: "我的建议（2）",
            label: "已提出",
            idea: "钥匙柜加编号牌",
        }),
});

tours.add("sqms_savings_board", {
    steps: () => [
        { content: "what was verified", trigger: "[data-tile=verified]:contains('6,200.00'):contains('n = 1')" },
        { content: "before and after", trigger: "[data-tile=pce]:contains('12.5 %'):contains('16.7 %')" },
        {
            content: "how many were adopted",
            trigger: "[data-tile=adoption]:contains('100.0 %'):contains('2 adopted of 2')",
        },
        { content: "what does not count yet", trigger: "[data-tile=open]:contains('1 under way')" },
        {
            content: "a waste leads to its improvements",
            trigger: "[data-table=wastes] button:contains('Motion')",
            run: "click",
        },
        { content: "the one", trigger: ".o_list_view .o_data_row:contains('Tags'):contains('6,200.00')" },
        { content: "and back", trigger: ".breadcrumb-item a:contains('Waste and Savings')", run: "click" },
        { content: "another period", trigger: ".o_sqms_savings, .o_control_panel select", run: () => {} },
        { content: "last year", trigger: ".o_control_panel select", run: "selectByLabel Last year" },
        { content: "none is not zero", trigger: "[data-tile=pce]:contains('none → none')" },
        { content: "and says so", trigger: "[data-table=wastes]:contains('Nothing was verified in this period')" },
    ],
});
