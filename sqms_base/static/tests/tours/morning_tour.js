import { dueBadge } from "@sqms_base/morning/due";
import { registry } from "@web/core/registry";

const { DateTime } = luxon;
const tours = registry.category("web_tour.tours");

tours.add("sqms_morning", {
    steps: () => [
        { content: "the person is greeted", trigger: ".o_sqms_morning h1:contains('Good'):contains('Plain Person')" },
        {
            content: "and told how much waits",
            trigger: ".o_sqms_morning_summary:contains('8 things wait for you, 2 of them today')",
        },
        {
            content: "what is late comes first",
            trigger: ".o_sqms_morning_start:contains('Rule 0') .badge.text-danger-emphasis:contains('1 d late')",
        },
        {
            content: "the rest has its badges",
            trigger: "section[data-key=to_read] .list-group-item:contains('Rule 1') .badge:contains('due today')",
        },
        {
            content: "one button is highlighted",
            trigger: ".o_sqms_morning:not(:has(.btn-primary ~ .btn-primary)) .btn-primary:contains('Read')",
            run: "click",
        },
        { content: "the reading is opened", trigger: ".o_form_view button[name=acknowledge]" },
        { content: "and the way back is there", trigger: ".breadcrumb a:contains('My Morning')", run: "click" },
        {
            content: "all of them",
            trigger: "section[data-key=to_read] .o_sqms_morning_all:contains('All 8')",
            run: "click",
        },
        { content: "are listed", trigger: ".o_list_view .o_data_row:contains('Rule 7')" },
        { content: "back again", trigger: ".breadcrumb a:contains('My Morning')", run: "click" },
        {
            content: "a row is reached and opened by keyboard",
            trigger: "section[data-key=to_read] .list-group-item:contains('Rule 2')",
            run: async ({ anchor }) => {
                if (anchor.tabIndex !== 0) {
                    throw new Error("the row is not in the order of tabs");
                }
                anchor.focus();
            },
        },
        {
            content: "Enter",
            trigger: "section[data-key=to_read] .list-group-item:contains('Rule 2'):focus",
            run: "press Enter",
        },
        {
            content: "its form is open",
            trigger: ".o_form_view div[name=title]:contains('Rule 2')",
        },
        { content: "confirm it", trigger: "button[name=acknowledge]", run: "click" },
        { content: "it is read", trigger: ".o_arrow_button_current:contains('Read and Understood')" },
        { content: "home again", trigger: ".breadcrumb a:contains('My Morning')", run: "click" },
        {
            content: "the page is up to date",
            trigger: ".o_sqms_morning_summary:contains('7 things wait for you, 2 of them today')",
        },
    ],
});

tours.add("sqms_morning_empty", {
    steps: () => [
        { content: "nothing waits", trigger: ".o_sqms_morning_nothing:contains('Nothing waits for you today')" },
        {
            content: "a first offer",
            trigger: ".o_sqms_morning_nothing .btn-primary:contains('Read the documents in force')",
            run: "click",
        },
        { content: "leads to the documents", trigger: ".o_breadcrumb:contains('Documents')" },
    ],
});

tours.add("sqms_morning_refused", {
    steps: () => [
        { content: "the page says why", trigger: ".o_sqms_morning .alert:contains('could not be brought up to date')" },
        {
            content: "and offers to try again",
            trigger: ".o_sqms_morning .alert .btn:contains('Try Again')",
            run: "click",
        },
        { content: "it still says so", trigger: ".o_sqms_morning .alert" },
    ],
});

tours.add("sqms_morning_zh", {
    steps: () => [
        { content: "Chinese", trigger: ".o_sqms_morning h1:contains('好'):contains('Plain Person')" },
        { content: "its date", trigger: ".o_sqms_morning header:contains('年'):contains('星期')" },
        { content: "how much", trigger: ".o_sqms_morning_summary:contains('8 件事等您处理，其中 2 件今天到期')" },
        { content: "start", trigger: ".o_sqms_morning_start:contains('从这里开始') .badge:contains('逾期 1 天')" },
        { content: "section", trigger: "section[data-key=to_read] h2:contains('待阅读')" },
        { content: "badge", trigger: "section[data-key=to_read] .badge:contains('今天到期')" },
        {
            content: "menu",
            trigger: ".o_menu_sections:contains('今日待办'), .o_main_navbar:contains('今日待办')",
        },
    ],
});

const EN = [
    ["2026-11-05T12:40:00Z", false, "due", "due in 3 h", "warning"],
    ["2026-11-05T10:40:00Z", false, "due", "due in 1 h 10 min", "warning"],
    ["2026-11-05T10:30:00Z", false, "due", "due in 1 h", "warning"],
    ["2026-11-05T10:29:30Z", false, "due", "due in 59 min", "warning"],
    ["2026-11-05T09:30:20Z", false, "due", "due in 0 min", "warning"],
    ["2026-11-06T09:30:00Z", false, "due", "due in 1 d", "warning"],
    ["2026-11-06T09:29:00Z", false, "due", "due in 23 h", "warning"],
    ["2026-11-14T23:00:00Z", false, "due", "due in 9 d", "secondary"],
    ["2026-11-05T09:00:00Z", false, "due", "30 min late", "danger"],
    ["2026-11-03T09:00:00Z", false, "due", "2 d late", "danger"],
    ["2026-11-05", true, "due", "due today", "warning"],
    ["2026-11-06", true, "due", "due in 1 d", "warning"],
    ["2026-11-11", true, "due", "due in 6 d", "secondary"],
    ["2026-11-03", true, "due", "2 d late", "danger"],
    ["2026-11-12", true, "expires", "expires in 7 d", "warning"],
    ["2026-12-24", true, "expires", "expires in 49 d", "secondary"],
    ["2026-11-05", true, "expires", "expires today", "warning"],
    ["2026-10-24", true, "expires", "expired 12 d ago", "danger"],
];
const ZH = [
    ["2026-11-05T12:40:00Z", false, "due", "还剩 3 小时", "warning"],
    ["2026-11-05T10:40:00Z", false, "due", "还剩 1 小时 10 分钟", "warning"],
    ["2026-11-03", true, "due", "逾期 2 天", "danger"],
    ["2026-11-05", true, "due", "今天到期", "warning"],
    ["2026-11-12", true, "expires", "7 天后到期", "warning"],
    ["2026-10-24", true, "expires", "已过期 12 天", "danger"],
];

function checkWords(table) {
    const now = DateTime.fromISO("2026-11-05T09:30:00Z", { zone: "Europe/Lisbon" });
    for (const [due, dateOnly, kind, text, tone] of table) {
        const badge = dueBadge(due, dateOnly, now, kind);
        if (`${badge.text}` !== text || badge.tone !== tone || !badge.icon) {
            throw new Error(`${due}: ${badge.text} (${badge.tone}) is not ${text} (${tone})`);
        }
    }
}

tours.add("sqms_morning_words_en", {
    steps: () => [
        { content: "the words of a deadline", trigger: ".o_sqms_morning", run: () => checkWords(EN) },
        {
            content: "a day is late when it is over, by the clock of the reader",
            trigger: ".o_sqms_morning",
            run: () => {
                // Lisbon put its clocks back on 25 October 2026: that day had 25 hours.
                const now = DateTime.fromISO("2026-10-24T12:00", { zone: "Europe/Lisbon" });
                for (const [due, text] of [
                    ["2026-10-24", "due today"],
                    ["2026-10-25", "due in 1 d"],
                    ["2026-10-26", "due in 2 d"],
                ]) {
                    const badge = dueBadge(due, true, now);
                    if (`${badge.text}` !== text) {
                        throw new Error(`${due}: ${badge.text} is not ${text}`);
                    }
                }
            },
        },
    ],
});

tours.add("sqms_morning_words_zh", {
    steps: () => [{ content: "the words", trigger: ".o_sqms_morning", run: () => checkWords(ZH) }],
});
