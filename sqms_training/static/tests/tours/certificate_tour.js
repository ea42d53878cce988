import { registry } from "@web/core/registry";

const day = (offset) => {
    const date = luxon.DateTime.now().plus({ days: offset });
    return date.toFormat("MM/dd/yyyy");
};
const choose = (field, text) => [
    {
        content: `Type into ${field}`,
        trigger: `.o_form_view .o_field_widget[name='${field}'] input`,
        run: `edit ${text}`,
    },
    {
        content: `Choose ${text}`,
        trigger: `.o-autocomplete--dropdown-item > a:contains('${text}')`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("sqms_training_certificate", {
    steps: () => [
        {
            content: "Issue a new certificate",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...choose("employee_id", "Wang Li"),
        ...choose("skill_type_id", "Licences"),
        ...choose("skill_id", "Licences gas"),
        {
            content: "Who issued it",
            trigger: ".o_field_widget[name='issuer'] input",
            run: "edit Harbour Works",
        },
        {
            content: "Until when",
            trigger: ".o_field_widget[name='valid_to'] button, .o_field_widget[name='valid_to'] input",
            run: "click",
        },
        {
            content: "Forty days from now",
            trigger: ".o_field_widget[name='valid_to'] input",
            run: `edit ${day(40)}`,
        },
        {
            content: "Issue",
            trigger: "button[name='action_issue']",
            run: "click",
        },
        {
            content: "It has a number and says in words how long it lasts",
            trigger: ".o_form_view .o_certificate_badge:contains('Expires in')",
        },
        {
            content: "It is not edited any more",
            trigger: ".o_field_widget[name='valid_to']:not(:has(input))",
        },
        {
            content: "Renew",
            trigger: "button.btn-primary[name='action_renew']",
            run: "click",
        },
        {
            content: "The dates go on by themselves",
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "The successor is a certificate of its own",
            trigger: ".o_form_view .o_certificate_badge:contains('Not yet valid')",
        },
        {
            content: "It names the one that it replaces",
            trigger: ".o_field_widget[name='chain_ids'] .o_data_row:nth-child(2)",
        },
    ],
});
