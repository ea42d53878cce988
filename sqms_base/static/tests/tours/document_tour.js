import { registry } from "@web/core/registry";

/** The life of a document, in the words of each language; what is clicked is found by name, not by its words. */
const LIVES = {
    en: {
        title: "Greeting customers",
        text: "Say hello within one minute.",
        changed: "Say hello within two minutes.",
        gone: "one minute",
        come: "two minutes",
        quiz: "How to greet",
        right: "Hello",
    },
    zh: {
        title: "接待客户规范",
        text: "在一分钟内问候客户。",
        changed: "在两分钟内问候客户。",
        gone: "一",
        come: "两",
        quiz: "怎样接待",
        right: "您好",
    },
};

/** Sign the step that was just clicked, in the dialog. */
const sign = (password) => [
    { content: "the dialog says what is signed", trigger: ".o_sqms_signature_dialog code:contains('…')" },
    { content: "the password", trigger: ".o_sqms_signature_dialog input[type=password]", run: `edit ${password}` },
    { content: "sign", trigger: ".o_sqms_signature_dialog .o_sqms_sign", run: "click" },
    { content: "the dialog is gone", trigger: "body:not(:has(.o_sqms_signature_dialog))" },
];

const write = (text) => ({
    content: "say what is laid down",
    trigger: "div[name=content] .odoo-editor-editable",
    run: `editor ${text}`,
});

for (const [lang, life] of Object.entries(LIVES)) {
    const tour = (name, steps) => registry.category("web_tour.tours").add(`sqms_document_${name}_${lang}`, { steps });

    tour("write", () => [
        { content: "a new document", trigger: ".o_list_button_add", run: "click" },
        { content: "its title", trigger: "div[name=name] input", run: `edit ${life.title}` },
        {
            content: "save it by starting the first edition",
            trigger: "button.o_form_button_save:visible",
            run: "click",
        },
        { content: "start writing", trigger: "button[name=action_new_edition]", run: "click" },
        write(life.text),
        { content: "what concerns its readers", trigger: ".o_notebook_headers a[name=reading]", run: "click" },
        { content: "a quiz", trigger: "div[name=quiz_survey_id] input", run: `edit ${life.quiz}` },
        { content: "this one", trigger: `.o-autocomplete--dropdown-item:contains('${life.quiz}')`, run: "click" },
        { content: "send it for review", trigger: "button[name=submit]", run: "click" },
        ...sign("sqms_officer"),
        { content: "it is in review", trigger: ".o_arrow_button_current[data-value=review]" },
        { content: "the author has no button to approve it", trigger: ".o_form_view:not(:has(button[name=approve]))" },
    ]);

    tour("approve", () => [
        { content: "open the edition", trigger: `.o_data_cell:contains('${life.title}')`, run: "click" },
        { content: "approval waits for a date", trigger: "button[name=approve][aria-disabled=true]" },
        {
            content: "choose the day",
            trigger: "div[name=date_effective] input, div[name=date_effective] button",
            run: "click",
        },
        { content: "today", trigger: ".o_date_item_cell.o_today", run: "click" },
        { content: "keep it", trigger: "button.o_form_button_save:visible", run: "click" },
        { content: "approve", trigger: "button[name=approve]:not([aria-disabled])", run: "click" },
        {
            content: "the author has signed",
            trigger: ".o_sqms_signature_dialog .o_sqms_meaning[data-state=valid]",
        },
        {
            content: "a wrong password first",
            trigger: ".o_sqms_signature_dialog input[type=password]",
            run: "edit not the password",
        },
        { content: "Enter signs", trigger: ".o_sqms_signature_dialog input[type=password]", run: "press Enter" },
        {
            content: "the refusal stands at the field and nothing is lost",
            trigger: "#o_sqms_password_error:not(:empty)",
        },
        ...sign("sqms_manager"),
        { content: "it is in force", trigger: ".o_arrow_button_current[data-value=effective]" },
        {
            content: "both signatures stand beside the content",
            trigger:
                ".o_sqms_signatures:has([data-meaning=author][data-state=valid]) [data-meaning=approver][data-state=valid]",
        },
        { content: "people are asked to read it", trigger: "button[name=action_open_readers]" },
    ]);

    tour("read", () => [
        { content: "open what is to be read", trigger: `.o_data_cell:contains('${life.title}')`, run: "click" },
        { content: "the text is there", trigger: `.o_form_view div[name=content]:contains('${life.text}')` },
        { content: "not before the quiz", trigger: "button[name=acknowledge][aria-disabled=true]" },
        {
            content: "take the quiz",
            trigger: "button[name=action_take_quiz]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "start", trigger: ".o_survey_form button[value=start]:not(.disabled)", run: "click" },
        { content: "answer", trigger: `.js_question-wrapper label:contains('${life.right}')`, run: "click" },
        { content: "hand in", trigger: ".o_survey_form button[value=finish]", run: "click" },
        { content: "yes", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        {
            content: "back to the document",
            trigger: ".o_sqms_back_to_reading",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "confirm it", trigger: "button[name=acknowledge]:not([aria-disabled])", run: "click" },
        {
            content: "it is confirmed, and there is no way back",
            trigger: ".o_form_view:not(:has(button[name=acknowledge])) .o_arrow_button_current[data-value=done]",
        },
    ]);

    tour("revise", () => [
        { content: "the next edition", trigger: "button[name=action_new_edition]", run: "click" },
        write(life.changed),
        { content: "send it for review", trigger: "button[name=submit]", run: "click" },
        ...sign("sqms_officer"),
        {
            content: "the first tab says what went, and nothing else",
            trigger: `.o_notebook .tab-pane.active .o_sqms_comparison section[data-kind=changed] del:contains(/^${life.gone}$/)`,
        },
        {
            content: "and what came",
            trigger: `.o_sqms_comparison section[data-kind=changed] ins:contains(/^${life.come}$/)`,
        },
        { content: "the whole text", trigger: ".o_sqms_comparison .o_sqms_full", run: "click" },
        { content: "with the marks in it", trigger: ".o_sqms_comparison .o_sqms_text del" },
    ]);
}
