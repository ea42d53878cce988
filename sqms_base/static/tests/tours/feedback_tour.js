import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/**
 * Somebody tells us anonymously on a phone, an officer answers and takes it further, the person reads the answer with
 * the code. The steps are the same in both languages; whatever the page itself says is in its language.
 */
const ENGLISH = { lang: "en-US", words: "The till printed the sum twice. Please mend it.", answer: "It is mended." };
const CHINESE = { lang: "zh-CN", words: "收款机打印了两次金额。请修理。", answer: "已经修好了。" };
const WORDED =
    "h1, h2, legend, label, button, summary, option, .form-text, .o_sqms_promises li, .o_sqms_turn p, .o_sqms_sent li";

const inLanguage = (text) => ({
    content: `the page speaks ${text.lang}`,
    trigger: `html[lang="${text.lang}"] main h1`,
    run() {
        for (const element of document.querySelectorAll(`main :is(${WORDED})`)) {
            const said = element.textContent.trim();
            if (/\p{L}/u.test(said) && /\p{Script=Han}/u.test(said) !== (text.lang === "zh-CN")) {
                throw new Error(`Not in ${text.lang}: ${said}`);
            }
        }
    },
});

function tell(text) {
    return [
        inLanguage(text),
        {
            content: "the page fits the phone",
            trigger: "main",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the phone");
                }
            },
        },
        { trigger: "label[for=kind_concern]", run: "click" },
        { trigger: "#words", run: `edit ${text.words}` },
        { trigger: ".o_sqms_identity #person", run: "edit Wang Li" },
        { content: "whoever stays anonymous is not asked for a name", trigger: "#anonymous", run: "click" },
        { trigger: ".o_sqms_identity:not(:visible)" },
        { trigger: ".o_sqms_more", run: "click" },
        { trigger: "#rating", run: "select 2" },
        { trigger: "#stage", run: "select after" },
        { trigger: ".o_sqms_send", run: "click", expectUnloadPage: true },
        {
            content: "write the code down",
            trigger: ".o_sqms_sent .o_sqms_code",
            run() {
                window.sessionStorage.setItem("sqms_code", this.anchor.textContent.trim());
            },
        },
        inLanguage(text),
        { trigger: ".o_sqms_sent a[href*='/quality/feedback/status']", run: "click", expectUnloadPage: true },
        ...lookUp(text),
        { trigger: `.o_sqms_words:contains("${text.words}")` },
        { trigger: ".o_sqms_case_feedback:not(:has(.o_sqms_feedback_answer))" },
        inLanguage(text),
    ];
}

const lookUp = (text) => [
    inLanguage(text),
    {
        trigger: "#code",
        run() {
            const kept = new URLSearchParams(window.location.hash.slice(1)).get("code");
            this.anchor.value = (kept || window.sessionStorage.getItem("sqms_code")).toLowerCase();
        },
    },
    { trigger: "main form button[type=submit]", run: "click", expectUnloadPage: true },
];

const handle = (text) => [
    { trigger: `.o_field_widget[name=text]:contains("${text.words}")` },
    { content: "an answer is asked for first", trigger: "button[name=answer][aria-disabled=true]" },
    { trigger: ".o_field_widget[name=answer] textarea", run: `edit ${text.answer}` },
    ...stepUtils.saveForm(),
    { trigger: ".o_statusbar_buttons button[name=answer]:enabled", run: "click" },
    { trigger: ".o_arrow_button_current[data-value=answered]" },
    {
        trigger: ".o_statusbar_buttons button[name=action_convert]:first",
        run: "click",
    },
    { content: "the new improvement opens", trigger: ".o_form_view .o_field_widget[name=proposal]" },
    { content: "and leads back", trigger: "button[name=action_open_feedback]", run: "click" },
    { trigger: ".o_field_widget[name=text]" },
    { trigger: ".o_arrow_button_current[data-value=converted]" },
];

const readAnswer = (text) => [
    ...lookUp(text),
    { trigger: `.o_sqms_feedback_answer:contains("${text.answer}")` },
    inLanguage(text),
];

for (const [language, text] of Object.entries({ en: ENGLISH, zh: CHINESE })) {
    registry.category("web_tour.tours").add(`sqms_feedback_tell_${language}`, { steps: () => tell(text) });
    registry.category("web_tour.tours").add(`sqms_feedback_handle_${language}`, { steps: () => handle(text) });
    registry.category("web_tour.tours").add(`sqms_feedback_read_${language}`, { steps: () => readAnswer(text) });
}
