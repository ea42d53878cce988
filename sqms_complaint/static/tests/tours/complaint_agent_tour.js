import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { stepUtils } from "@web_tour/tour_utils";

// What stands on the screen, by the language of the person at work; the way through it is the same.
const isChinese = () => user.lang.startsWith("zh");
const say = (english, chinese) => (isChinese() ? chinese : english);

const step = (name) => ({
    content: `take the step ${name}`,
    trigger: `.o_statusbar_buttons button[name=${name}]:enabled:not([aria-disabled])`,
    run: "click",
});
const reached = (state) => ({
    content: `the complaint is ${state}`,
    trigger: `.o_statusbar_status button.o_arrow_button_current[data-value=${state}]`,
});
const tab = (name) => ({ content: `to the tab ${name}`, trigger: `.nav-link[name=${name}]`, run: "click" });
const choose = (field, index) => [
    { trigger: `.o_field_widget[name=${field}] input`, run: "click" },
    { trigger: `.o_select_menu_item[data-choice-index='${index}']`, run: "click" },
];
const find = (field, text) => [
    { trigger: `.o_field_widget[name=${field}] input`, run: `edit ${text}` },
    { trigger: `.o-autocomplete--dropdown-item a:contains('${text}')`, run: "click" },
];
const write = (field, text) => ({
    content: `write ${field}`,
    trigger: `.o_field_widget[name=${field}] .odoo-editor-editable`,
    run: `editor ${text}`,
});
const says = (selector, english, chinese) => ({
    content: `it says ${english}`,
    trigger: selector,
    run() {
        const text = this.anchor.textContent;
        const expected = say(english, chinese);
        if (!text.includes(expected)) {
            throw new Error(`“${expected}” is not in “${text}”`);
        }
    },
});

/** A call is taken down, and the case is led to its end. */
registry.category("web_tour.tours").add("sqms_complaint_phone_to_closure", {
    steps: () => [
        {
            content: "on the board, take a call",
            trigger: ".o_control_panel button:has(.fa-phone)",
            run: "click",
        },
        {
            content: "the caller is found by the number",
            trigger: ".modal .o_field_widget[name=caller] input",
            run: "edit 138 0013 6620",
        },
        {
            content: "with what is open",
            trigger: ".o-autocomplete--dropdown-item a:contains('Wang Li'):contains('Charged for a visit')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=partner_email] input:value('wang.li@example.com')",
        },
        {
            content: "an earlier case is shown as perhaps the same",
            trigger: ".modal .o_sqms_similar:contains('Charged for a visit')",
        },
        { trigger: ".modal .o_field_widget[name=danger] input[data-value=no]", run: "click" },
        { trigger: ".modal .o_field_widget[name=name] input", run: "edit Boiler is cold again 锅炉又凉了" },
        {
            trigger: ".modal .o_field_widget[name=description] textarea",
            run: "edit It was repaired on Monday and is cold since this morning. 周一修过，今天早上又凉了。",
        },
        { trigger: ".modal .o_field_widget[name=complaint_service] input", run: "edit Boiler S00999" },
        { trigger: ".modal button[name=action_register]", run: "click" },
        {
            content: "the agent reads aloud: number and code in four groups",
            trigger: ".modal .o_sqms_told:has(.o_sqms_told_number:contains('C/')) .o_sqms_code > div:nth-child(4)",
        },
        says(".modal .o_sqms_told", "Acknowledged", "已受理"),
        { trigger: ".modal #sqms_told_word", run: "edit plum blossom" },
        { trigger: ".modal #sqms_told_word + button", run: "click" },
        { trigger: ".modal .o_sqms_told:not(:has(#sqms_told_word)) button[name=open_case]", run: "click" },
        reached("acknowledged"),
        says(".o_sqms_complaint_form div[name=badges]", "via Phone", "电话"),
        {
            content: "the next step says what is missing",
            trigger: ".o_statusbar_buttons button[name=assess][aria-disabled=true]",
        },
        ...choose("complaint_severity", 1),
        ...choose("complaint_impact", 0),
        ...find("complaint_category_id", "Tour charge"),
        ...stepUtils.saveForm(),
        step("assess"),
        reached("assessed"),
        step("investigate"),
        reached("investigating"),
        { content: "ask the customer", trigger: ".o_statusbar_buttons button[name=action_ask_customer]", run: "click" },
        { trigger: ".modal .o_field_widget[name=question] textarea", run: "edit Which model is it? 是什么型号？" },
        { trigger: ".modal button[name=action_send]", run: "click" },
        {
            content: "it stands in the chatter as sent to the customer",
            trigger: ".o-mail-Message:contains('Which model is it?') .o_sqms_audience_badge[data-kind=sent]",
        },
        {
            content: "a note is marked before it is written",
            trigger: ".o-mail-Chatter-logNote",
            run: "click",
        },
        { trigger: ".o_sqms_composer_audience .o_sqms_audience_badge[data-kind=internal]" },
        { trigger: ".o-mail-Composer-input", run: "edit The pump was not replaced." },
        { trigger: ".o-mail-Composer-send:enabled", run: "click" },
        {
            content: "and after",
            trigger:
                ".o-mail-Message.o_sqms_internal:contains('The pump was not replaced.') .o_sqms_audience_badge[data-kind=internal]",
        },
        tab("investigation"),
        {
            content: "what was found out",
            trigger: ".o_field_widget[name=complaint_finding_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=heard] input", run: "edit Technician Liu" },
        {
            trigger: ".modal .o_field_widget[name=found] :is(textarea, .odoo-editor-editable)",
            run: "edit The pump was not replaced.",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        tab("decision"),
        ...choose("complaint_decision", 1),
        ...choose("complaint_outcome", 2),
        write("complaint_answer", "We replace the pump free of charge."),
        write("complaint_reason", "The pump should have been replaced on Monday."),
        write("complaint_further", "Ask for a second look, or call 12315."),
        ...stepUtils.saveForm(),
        step("decide"),
        reached("decided"),
        step("communicate"),
        reached("communicated"),
        step("implement"),
        reached("implementing"),
        {
            content: "what was promised is carried out",
            trigger: ".o_field_widget[name=complaint_implemented_on] :is(input, button)",
            run: "click",
        },
        { trigger: ".o_date_picker .o_today", run: "click" },
        ...find("complaint_implemented_by_id", "Agent Zhao"),
        { trigger: ".o_field_widget[name=complaint_implementation_proof] input", run: "edit Visit 4711" },
        ...choose("complaint_close_reason", 0),
        ...stepUtils.saveForm(),
        step("close"),
        reached("closed"),
        { content: "it is closed and says so", trigger: ".ribbon" },
        { content: "nobody edits it any more", trigger: ".o_field_widget[name=name].o_readonly_modifier" },
    ],
});

/** The same call without a mouse: every key is one that an agent has under the fingers. */
registry.category("web_tour.tours").add("sqms_complaint_phone_keyboard", {
    steps: () => [
        { trigger: ".o_kanban_view, .o_view_nocontent", run: "press alt+shift+p" },
        {
            content: "the first field waits for the caller",
            trigger: ".modal .o_field_widget[name=caller] input:focus",
            run: "edit wang li",
        },
        { trigger: ".o-autocomplete--dropdown-item a:contains('Wang Li')" },
        {
            content: "down to the name, unless it is chosen already",
            trigger: ".modal .o_field_widget[name=caller] input:focus",
            async run(helpers) {
                if (!document.querySelector(".o-autocomplete--dropdown-item .ui-state-active")) {
                    await helpers.press("ArrowDown");
                }
            },
        },
        { trigger: ".o-autocomplete--dropdown-item .ui-state-active:contains('Wang Li')" },
        { trigger: ".modal .o_field_widget[name=caller] input:focus", run: "press Enter" },
        { trigger: ".modal .o_field_widget[name=complaint_phone] input:value('+86 138 0013 6620')" },
        {
            trigger: ".modal .o_field_widget[name=danger] input[data-value=no]",
            run() {
                this.anchor.focus();
                this.anchor.click(); // what the space bar does to a radio button that has the focus
            },
        },
        { trigger: ".modal .o_field_widget[name=name] input", run: "edit Cold again" },
        { trigger: ".modal .o_field_widget[name=description] textarea", run: "edit Cold since this morning." },
        { content: "register by its key", trigger: ".modal button[name=action_register]", run: "press alt+q" },
        { trigger: ".modal .o_sqms_told .o_sqms_code" },
        { content: "done by its key", trigger: ".modal button[name=told_done]", run: "press alt+x" },
        { trigger: "body:not(:has(.modal)) .o_kanban_record:contains('Cold again')" },
    ],
});
