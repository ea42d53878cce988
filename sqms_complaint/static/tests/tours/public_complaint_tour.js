import { registry } from "@web/core/registry";

/**
 * A complaint from the customer's phone to its closure, in two languages. The steps are the same in both. The English
 * page is read word for word; of the Chinese one each heading, label, button and hint must be Chinese, whatever its
 * wording, so that a sentence that nobody translated fails.
 */
const ENGLISH = {
    lang: "en-US",
    title: "Make a complaint",
    happened: "My card was charged twice for the boiler repair. The till showed an error.",
    name: "Wang Li",
    sent: "We have your complaint",
    investigating: "Our turn",
    message: "Is there any news?",
    turn: "Your turn: please answer our decision",
    verdict: "You are right.",
    answer: "The second payment goes back to your card.",
    objection: "The money has not come.",
    again: "Somebody else looks at your case again",
    done: "Your complaint is closed",
};
const CHINESE = {
    lang: "zh-CN",
    happened: "周二上门修锅炉，银行卡被扣了两次款。当时收款机报错。",
    name: "王丽",
    message: "请问有进展吗？",
    answer: "第二笔款项将退回您的银行卡。",
    objection: "钱还没有到账。",
};
const WORDED =
    "h1, h2, legend, label, button, summary, .form-text, .o_sqms_promises li, .o_sqms_turn p, .o_sqms_step_label";

// A customer has number and code on paper; here they are in the tab, or behind the # that no server sees.
const secret = (name) =>
    new URLSearchParams(window.location.hash.slice(1)).get(name) || window.sessionStorage.getItem(`sqms_${name}`);
const writeDown = (name) => ({
    content: `write down the ${name}`,
    trigger: `.o_sqms_${name}`,
    run() {
        window.sessionStorage.setItem(`sqms_${name}`, this.anchor.textContent.trim());
    },
});
const type = (selector, text) => ({ trigger: selector, run: `edit ${text}` });
const read = (selector, text) => ({ trigger: text ? `${selector}:contains("${text}")` : selector });
/** Every sentence that the page itself says is in its language. */
const inLanguage = (words) => ({
    content: `the page speaks ${words.lang}`,
    trigger: `html[lang="${words.lang}"] main h1`,
    run() {
        for (const element of document.querySelectorAll(`main :is(${WORDED}):not(.o_sqms_file)`)) {
            const text = element.textContent.trim();
            if (/\p{L}/u.test(text) && /\p{Script=Han}/u.test(text) !== (words.lang === "zh-CN")) {
                throw new Error(`Not in ${words.lang}: ${text}`);
            }
        }
    },
});
const lookUp = (words) => [
    { trigger: ".o_sqms_lookup" },
    inLanguage(words),
    {
        content: "number, code and word",
        trigger: ".o_sqms_lookup #code",
        run() {
            document.querySelector("#number").value = secret("number");
            document.querySelector("#code").value = secret("code").toLowerCase();
            document.querySelector("#word").value = "plum blossom 26";
        },
    },
    { trigger: ".o_sqms_lookup button[type=submit]", run: "click", expectUnloadPage: true },
];

function submit(words) {
    return [
        read(`html[lang="${words.lang}"] h1`, words.title),
        inLanguage(words),
        type("#happened", words.happened),
        { trigger: "#category", run: "selectByIndex 1" },
        { trigger: "label[for=wish_refund]", run: "click" },
        { content: "whoever stays anonymous is not asked for a name", trigger: "#anonymous", run: "click" },
        { trigger: ".o_sqms_identity:not(:visible)" },
        { trigger: "#anonymous", run: "click" },
        type(".o_sqms_identity:visible #customer", words.name),
        { trigger: ".o_sqms_contact", run: "select email" },
        type("#reach", "wang.li@example.com"),
        type("#word", "plum blossom 26"),
        {
            content: "the list of files shows a file and lets it go",
            trigger: ".o_sqms_add",
            run() {
                const input = document.querySelector("#files");
                const transfer = new DataTransfer();
                for (const name of ["receipt.txt", "wrong.txt"]) {
                    transfer.items.add(new File(["CNY 86, twice"], name, { type: "text/plain" }));
                }
                input.files = transfer.files;
                input.dispatchEvent(new Event("change"));
            },
        },
        { trigger: ".o_sqms_file_list li:contains('wrong.txt') .o_sqms_remove", run: "click" },
        { trigger: ".o_sqms_file_list:not(:contains('wrong.txt')):contains('receipt.txt')" },
        { trigger: ".o_sqms_send", run: "click", expectUnloadPage: true },
        read(".o_sqms_sent h1", words.sent),
        inLanguage(words),
        read(".o_sqms_number", "C/"),
        writeDown("number"),
        writeDown("code"),
        { trigger: ".o_sqms_sent a[href*='/complaint/status']", run: "click", expectUnloadPage: true },
        ...lookUp(words),
        read(".o_sqms_turn:not(.o_sqms_turn_mine)", words.investigating),
        inLanguage(words),
        { trigger: ".o_sqms_write > summary", run: "click" },
        type(".o_sqms_write textarea", words.message),
        { trigger: ".o_sqms_write button[type=submit]", run: "click", expectUnloadPage: true },
        read(".o_sqms_mine", words.message),
    ];
}

function answer(words) {
    return [
        ...lookUp(words),
        read(".o_sqms_turn_mine", words.turn),
        inLanguage(words),
        read(".o_sqms_verdict", words.verdict),
        read(".o_sqms_answer", words.answer),
        { content: "our question is among the messages", trigger: ".o_sqms_message:not(.o_sqms_mine)" },
        { trigger: ".o_sqms_object > summary", run: "click" },
        type(".o_sqms_object textarea", words.objection),
        { trigger: ".o_sqms_object button[type=submit]", run: "click", expectUnloadPage: true },
        read(".o_sqms_turn:not(.o_sqms_turn_mine)", words.again),
        inLanguage(words),
        read(".o_sqms_mine", words.objection),
    ];
}

function seeClosed(words) {
    return [
        ...lookUp(words),
        read(".o_sqms_turn:not(.o_sqms_turn_mine)", words.done),
        inLanguage(words),
        { trigger: ".o_sqms_steps .o_sqms_step_done:nth-child(6)" },
        read(".o_sqms_mine", words.objection),
    ];
}

const take = (name) => ({ trigger: `.o_statusbar_buttons button[name=${name}]:enabled`, run: "click" });
const reached = (state) => ({ trigger: `.o_statusbar_status button.o_arrow_button_current[data-value=${state}]` });
const pick = (name, position) => [
    { trigger: `.o_field_widget[name=${name}] input`, run: "click" },
    { trigger: `.o_select_menu_item:eq(${position})`, run: "click" },
];

/** The agent's work; nothing here depends on the language of the labels. */
function handle(words) {
    return [
        reached("acknowledged"),
        { trigger: ".o-mail-Message:contains('receipt.txt'), .o-mail-Message .o-mail-Attachment" },
        { trigger: ".o_field_widget[name=user_id] input", run: "edit Agent Zhao" },
        { trigger: ".o-autocomplete--dropdown-item a:contains('Agent Zhao')", run: "click" },
        { trigger: ".o_form_button_save:enabled", run: "click" },
        take("assess"),
        reached("assessed"),
        take("investigate"),
        reached("investigating"),
        { trigger: ".nav-link[name=decision]", run: "click" },
        ...pick("complaint_decision", 0),
        ...pick("complaint_outcome", 1),
        { trigger: ".o_field_widget[name=complaint_answer] .odoo-editor-editable", run: `editor ${words.answer}` },
        { trigger: ".o_form_button_save:enabled", run: "click" },
        take("decide"),
        reached("decided"),
        take("communicate"),
        reached("communicated"),
    ];
}

const close = (words) => [
    { content: "the agent reads the objection", trigger: `.o-mail-Message:contains("${words.objection}")` },
    take("close"),
    reached("closed"),
];

for (const [language, words] of [
    ["en", ENGLISH],
    ["zh", CHINESE],
]) {
    const tours = { submit, handle, answer, close, see_closed: seeClosed };
    for (const [name, steps] of Object.entries(tours)) {
        registry.category("web_tour.tours").add(`sqms_complaint_public_${name}_${language}`, {
            steps: () => steps(words),
        });
    }
}
