import { registry } from "@web/core/registry";

/** Sign the step that was just clicked, in the dialog. */
const sign = (password) => [
    { content: "the dialog says what is signed", trigger: ".o_sqms_signature_dialog code:contains('…')" },
    { content: "the password", trigger: ".o_sqms_signature_dialog input[type=password]", run: `edit ${password}` },
    { content: "sign", trigger: ".o_sqms_signature_dialog .o_sqms_sign", run: "click" },
    { content: "the dialog is gone", trigger: "body:not(:has(.o_sqms_signature_dialog))" },
];

registry.category("web_tour.tours").add("sqms_document_read", {
    steps: () => [
        { content: "open what is to be read", trigger: ".o_data_cell:contains('Refund procedure')", run: "click" },
        { content: "the text is there", trigger: ".o_form_view div[name=content]:contains('within one working day')" },
        {
            content: "confirm it",
            trigger: "button[name=acknowledge]:contains('I Have Read and Understood')",
            run: "click",
        },
        {
            content: "it is confirmed, and there is no way back",
            trigger:
                ".o_form_view:not(:has(button[name=acknowledge])) .o_arrow_button_current:contains('Read and Understood')",
        },
        { content: "back to the list", trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a", run: "click" },
        { content: "nothing is left to read", trigger: ".o_view_nocontent:contains('you are up to date')" },
    ],
});

registry.category("web_tour.tours").add("sqms_document_write", {
    steps: () => [
        { content: "a new document", trigger: ".o_list_button_add", run: "click" },
        { content: "its title", trigger: "div[name=name] input", run: "edit Greeting customers" },
        {
            content: "save it by starting the first edition",
            trigger: "button.o_form_button_save:visible",
            run: "click",
        },
        { content: "start writing", trigger: "button[name=action_new_edition]", run: "click" },
        {
            content: "say what is laid down",
            trigger: "div[name=content] .odoo-editor-editable",
            run: "editor Say hello first.",
        },
        { content: "send it for review", trigger: "button[name=submit]", run: "click" },
        ...sign("sqms_officer"),
        { content: "it is in review", trigger: ".o_arrow_button_current:contains('Review')" },
        { content: "the author has no button to approve it", trigger: ".o_form_view:not(:has(button[name=approve]))" },
    ],
});

registry.category("web_tour.tours").add("sqms_document_approve", {
    steps: () => [
        { content: "open the edition", trigger: ".o_data_cell:contains('Greeting customers')", run: "click" },
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
            trigger: ".o_sqms_signature_dialog .o_sqms_meaning[data-state=valid]:contains('signed by')",
        },
        {
            content: "a wrong password first",
            trigger: ".o_sqms_signature_dialog input[type=password]",
            run: "edit not the password",
        },
        { content: "Enter signs", trigger: ".o_sqms_signature_dialog input[type=password]", run: "press Enter" },
        {
            content: "the refusal stands at the field and nothing is lost",
            trigger: "#o_sqms_password_error:contains('This is not your password')",
        },
        ...sign("sqms_manager"),
        { content: "it is in force", trigger: ".o_arrow_button_current:contains('Effective')" },
        {
            content: "both signatures stand beside the content",
            trigger:
                ".o_sqms_signatures:has([data-meaning=author][data-state=valid]) [data-meaning=approver][data-state=valid]",
        },
        { content: "people are asked to read it", trigger: "button[name=action_open_readers]:contains('0 of')" },
    ],
});
