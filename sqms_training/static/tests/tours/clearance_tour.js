import { registry } from "@web/core/registry";

/**
 * A clearance from the notice to the signed decision, by four people one after the other. The steps are the same in
 * both languages; whatever the screens themselves say is in the language of the person.
 */
const WORDED = ".o_form_label, .nav-link, .o_statusbar_buttons button, .o_arrow_button, .btn-primary, h6";

const inLanguage = (chinese, where) => ({
    content: `${where} speaks ${chinese ? "Chinese" : "English"}`,
    trigger: where,
    run() {
        for (const element of document.querySelectorAll(`${where} :is(${WORDED})`)) {
            const said = element.textContent.trim();
            if (/\p{L}/u.test(said) && /\p{Script=Han}/u.test(said) !== chinese) {
                throw new Error(`Not in ${chinese ? "Chinese" : "English"}: ${said}`);
            }
        }
    },
});
const open = (page) => ({ content: `Open ${page}`, trigger: `.nav-link[name='${page}']`, run: "click" });
const step = (name) => ({
    content: `Step ${name}`,
    trigger: `.o_statusbar_buttons button[name='${name}']:not(.opacity-50)`,
    run: "click",
});
const reached = (state) => ({
    content: `It is ${state}`,
    trigger: `.o_arrow_button_current[data-value='${state}']`,
});
const save = [
    { content: "Save", trigger: ".o_form_button_save", run: "click" },
    { content: "It is saved", trigger: ".o_form_saved" },
];

const told = (chinese) => [
    { content: "My clearance", trigger: "td[name='number']", run: "click" },
    inLanguage(chinese, ".o_form_view"),
    { content: "Read it", trigger: "button[name='action_read_notice']", run: "click" },
    inLanguage(chinese, ".modal .o_form_view"),
    { content: "I have read", trigger: ".modal div[name='has_read'] input", run: "click" },
    { content: "I agree", trigger: ".modal div[name='has_agreed'] input", run: "click" },
    { content: "And separately", trigger: ".modal div[name='has_agreed_sensitive'] input", run: "click" },
    { content: "Agree", trigger: ".modal button[name='action_agree']", run: "click" },
    { content: "The dialog is gone", trigger: "body:not(:has(.modal))" },
    reached("consented"),
];

const collected = (chinese) => [
    inLanguage(chinese, ".o_form_view"),
    {
        content: "Add a paper",
        trigger: ".o_field_x2many_list_row_add button, .o_field_x2many_list_row_add a",
        run: "click",
    },
    { content: "Which check", trigger: ".modal div[name='check_id'] input", run: "click" },
    { content: "The one of the post", trigger: ".o-autocomplete--dropdown-item a:contains('Record')", run: "click" },
    { content: "Nothing found", trigger: ".modal div[name='outcome'] input[data-value='clear']", run: "click" },
    inLanguage(chinese, ".modal .o_form_view"),
    { content: "Keep it", trigger: ".modal .o_form_button_save", run: "click" },
    { content: "The dialog is gone", trigger: "body:not(:has(.modal)) .o_data_row" },
    { content: "Its number", trigger: "div[name='certificate_number'] input", run: "edit NR-2026-99" },
    {
        content: "From today",
        trigger: "div[name='valid_from'] button, div[name='valid_from'] input",
        run: "click",
    },
    { content: "Today", trigger: ".o_datetime_picker .o_today", run: "click" },
    ...save,
    step("collect"),
    reached("collected"),
];

const reviewed = (chinese) => [
    open("weighed"),
    { content: "How the risk is weighed", trigger: "div[name='risk_note'] textarea", run: "edit Nothing against it" },
    inLanguage(chinese, ".o_form_view"),
    ...save,
    step("review"),
    reached("reviewed"),
];

const decided = (chinese, password) => [
    open("decision"),
    inLanguage(chinese, ".o_form_view"),
    step("approve"),
    { content: "The password", trigger: ".o_sqms_signature_dialog input[type=password]", run: `edit ${password}` },
    { content: "Sign", trigger: ".o_sqms_signature_dialog .o_sqms_sign", run: "click" },
    { content: "The dialog is gone", trigger: "body:not(:has(.o_sqms_signature_dialog))" },
    reached("approved"),
    open("decision"),
    { content: "The signature stands", trigger: ".o_sqms_signatures [data-meaning=approver][data-state=valid]" },
    inLanguage(chinese, ".o_form_view"),
];

for (const [language, chinese] of [
    ["en", false],
    ["zh", true],
]) {
    const tours = registry.category("web_tour.tours");
    tours.add(`sqms_clearance_told_${language}`, { steps: () => told(chinese) });
    tours.add(`sqms_clearance_collected_${language}`, { steps: () => collected(chinese) });
    tours.add(`sqms_clearance_reviewed_${language}`, { steps: () => reviewed(chinese) });
    tours.add(`sqms_clearance_decided_${language}`, { steps: () => decided(chinese, "c_approver") });
}
