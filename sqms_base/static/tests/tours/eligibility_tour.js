import { registry } from "@web/core/registry";

const choose = (name) => [
    { content: `look for ${name}`, trigger: "div[name=user_id] input", run: `edit ${name}` },
    {
        content: `choose ${name}`,
        trigger: `.o-autocomplete--dropdown-menu a:contains('${name}')`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("sqms_eligibility", {
    steps: () => [
        { content: "nobody has it yet", trigger: ".o_sqms_eligible[data-state=nobody]" },
        ...choose("Wang Li"),
        { content: "the form warns at once", trigger: ".o_notification:contains('does not belong to')" },
        {
            content: "and says so beside the name",
            trigger: ".o_sqms_eligible[data-state=refused]:contains('Not eligible')",
        },
        { content: "save it all the same", trigger: "button.o_form_button_save:visible", run: "click" },
        {
            content: "refused, with what is missing and who else may",
            trigger:
                ".o_error_dialog:contains('Wang Li cannot be given'):contains('Eligible colleagues'):contains('Zhao Min')",
        },
        { content: "understood", trigger: ".o_error_dialog .modal-footer button", run: "click" },
        ...choose("Zhao Min"),
        { content: "this one may", trigger: ".o_sqms_eligible[data-state=eligible]:contains('Eligible')" },
        { content: "save", trigger: "button.o_form_button_save:visible", run: "click" },
        { content: "saved", trigger: ".o_form_saved" },
        { content: "why", trigger: ".o_sqms_eligible[data-state=eligible]", run: "click" },
        { content: "the reason", trigger: ".o_sqms_eligibility_popover:contains('belongs to')" },
        { content: "who else", trigger: ".o_sqms_eligibility_popover button[name=action_who_may]", run: "click" },
        {
            content: "everybody with what is missing",
            trigger: ".modal .o_sqms_eligibility_answer tr:contains('Wang Li'):contains('does not belong to')",
        },
        { content: "close", trigger: ".modal footer button:contains('Close')", run: "click" },
        { content: "done", trigger: "body:not(:has(.modal))" },
    ],
});
