import { registry } from "@web/core/registry";

/**
 * From what is missing to the certificate, by officer, approver and pupil one after the other. The steps are the same
 * in every language; what shows that it is one are the words given to each.
 */
const sign = (password) => [
    { content: "The password", trigger: ".o_sqms_signature_dialog input[type=password]", run: `edit ${password}` },
    { content: "Sign", trigger: ".o_sqms_signature_dialog .o_sqms_sign", run: "click" },
    { content: "The dialog is gone", trigger: "body:not(:has(.o_sqms_signature_dialog))" },
];

function plan({ matrix, submitted }) {
    return [
        { content: "The matrix", trigger: `.o_breadcrumb:contains('${matrix}')` },
        { content: "What is missing", trigger: "td[data-standing=missing]", run: "click" },
        { content: "Plan it", trigger: ".o_sqms_competence_cell button[name=plan_training]", run: "click" },
        { content: "The plan has its line", trigger: ".o_form_view .o_data_row:contains('Gas')" },
        { content: "To the approver", trigger: ".o_form_view button[name=submit]:not([aria-disabled])", run: "click" },
        { content: "It waits", trigger: `.o_arrow_button_current[data-value=submitted]:contains('${submitted}')` },
    ];
}

function approve() {
    return [
        { content: "Approve", trigger: ".o_form_view button[name=approve]:not([aria-disabled])", run: "click" },
        ...sign("t_quality"),
        { content: "It is approved", trigger: ".o_arrow_button_current[data-value=approved]" },
    ];
}

function schedule() {
    return [
        { content: "Make sessions", trigger: ".o_form_view button[name=action_make_sessions]", run: "click" },
        { content: "One is there", trigger: ".o_list_view .o_data_row:contains('Gas')" },
    ];
}

function hold() {
    return [
        { content: "He is enrolled", trigger: ".o_form_view .o_data_row:contains('Wang Li')" },
        { content: "Open", trigger: ".o_form_view button[name=open]", run: "click" },
        { content: "Begin", trigger: ".o_form_view button[name=begin]", run: "click" },
        { content: "Attendance", trigger: ".o_form_view button[name=action_open_parts]", run: "click" },
        { content: "Choose all", trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        { content: "Passed", trigger: "button[name=action_passed]", run: "click" },
        { content: "The part has its result", trigger: ".o_list_view .o_data_row.text-success" },
    ];
}

function exam({ take }) {
    return [
        {
            content: "His exam",
            trigger: `button[name=action_take_exam]:contains('${take}')`,
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Start", trigger: ".o_survey_form button[value=start]:not(.disabled)", run: "click" },
        { content: "One", trigger: ".js_question-wrapper:eq(0) label:contains('Close the valve')", run: "click" },
        { content: "Two", trigger: ".js_question-wrapper:eq(1) label:contains('Close the valve')", run: "click" },
        { content: "Both", trigger: ".js_question-wrapper:eq(1) label:contains('Open windows')", run: "click" },
        { content: "Hand in", trigger: ".o_survey_form button[value=finish]", run: "click" },
        { content: "Yes", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "Back to the training", trigger: "a[href*='/odoo/sqms-my-training/']" },
    ];
}

const ENGLISH = { matrix: "Competence Matrix", submitted: "Submitted", take: "Take the Exam" };
const CHINESE = { matrix: "能力矩阵", submitted: "已提交", take: "参加考试" };

for (const [language, words] of [
    ["en_US", ENGLISH],
    ["zh_CN", CHINESE],
]) {
    for (const [name, steps] of Object.entries({ plan, approve, schedule, hold, exam })) {
        registry.category("web_tour.tours").add(`sqms_training_gap_${name}_${language}`, {
            steps: () => steps(words),
        });
    }
}
