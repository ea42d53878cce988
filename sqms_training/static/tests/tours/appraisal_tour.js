import { registry } from "@web/core/registry";

/** Works in every language: names of fields and steps, no words. */
const step = (name) => ({
    content: `Step ${name}`,
    trigger: `.o_form_view button[name='${name}']:not([aria-disabled])`,
    run: "click",
});
const score = (place, field, value) => [
    {
        content: `Criterion ${place + 1}`,
        trigger: `.o_field_widget[name='line_ids'] .o_data_row:eq(${place}) .o_data_cell[name='${field}']`,
        run: "click",
    },
    {
        content: `Gets ${value}`,
        trigger: `.o_field_widget[name='line_ids'] .o_data_row:eq(${place}) .o_field_widget[name='${field}'] input`,
        run: `edit ${value}`,
    },
];
const words = (field, text) => ({
    content: `Says ${text}`,
    trigger: `.o_field_widget[name='${field}'] textarea`,
    run: `edit ${text}`,
});
const save = [
    {
        content: "Keep it",
        trigger: ".o_form_button_save",
        run: "click",
    },
    {
        content: "Kept",
        trigger: ".o_form_saved",
    },
];
const open = {
    content: "The one that waits",
    trigger: ".o_data_row .o_data_cell[name='employee_id']",
    run: "click",
};

const tour = (name, steps) => registry.category("web_tour.tours").add(name, { steps: () => steps });

tour("sqms_training_appraisal_employee", [
    open,
    ...score(0, "self_score", 4),
    ...score(1, "self_score", 4),
    ...score(2, "self_score", 4),
    words("self_words", "A good year"),
    ...save,
    step("submit_self"),
    {
        content: "It is with the manager, whose scores are not here",
        trigger: ".o_arrow_button_current[data-value='manager']",
    },
]);
tour("sqms_training_appraisal_manager", [
    open,
    {
        content: "What the employee says is there",
        trigger: ".o_field_widget[name='self_words']:contains('A good year')",
    },
    ...score(0, "manager_score", 4),
    ...score(1, "manager_score", 4),
    ...score(2, "manager_score", 3),
    words("manager_words", "Reliable"),
    ...save,
    step("submit_manager"),
    {
        content: "Handed on",
        trigger: ".o_arrow_button_current[data-value='calibration']",
    },
]);
tour("sqms_training_appraisal_calibrator", [
    open,
    ...score(0, "calibrated_score", 4),
    ...score(1, "calibrated_score", 4),
    ...score(2, "calibrated_score", 4),
    {
        content: "Fit",
        trigger: ".o_field_widget[name='calibrated_fit'] input[data-value='fit']",
        run: "click",
    },
    words("calibrated_words", "As the others of the depot"),
    ...save,
    step("release"),
    {
        content: "Shown to the employee",
        trigger: ".o_arrow_button_current[data-value='hearing']",
    },
]);
tour("sqms_training_appraisal_answer", [
    open,
    {
        content: "Now he reads what was said",
        trigger: ".o_field_widget[name='manager_words']:contains('Reliable')",
    },
    {
        content: "He agrees",
        trigger: ".o_field_widget[name='employee_verdict'] input[data-value='agree']",
        run: "click",
    },
    ...save,
    {
        content: "He was heard",
        trigger: ".o_field_widget[name='heard_at']",
    },
]);
tour("sqms_training_appraisal_confirm", [
    open,
    step("confirm"),
    {
        content: "With the password",
        trigger: ".modal input[type='password']",
        run: "edit sqms_appraisal",
    },
    {
        content: "Sign",
        trigger: ".modal .btn-primary:enabled",
        run: "click",
    },
    {
        content: "Confirmed, and the signature is valid",
        trigger: ".o_arrow_button_current[data-value='confirmed']",
    },
]);
