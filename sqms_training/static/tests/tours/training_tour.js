import { registry } from "@web/core/registry";

// From the course to the certificate, in whatever language: no step looks at words of the screen.
registry.category("web_tour.tours").add("sqms_training_session", {
    steps: () => [
        {
            content: "Enrol somebody",
            trigger: ".o_form_view .o_statusbar_buttons button.btn-primary, .o_form_view .o_cp_buttons button",
            run: "click",
        },
        {
            content: "Into which session",
            trigger: ".modal div[name='session_id'] input",
            run: "edit Tour Course",
        },
        {
            content: "This one",
            trigger: ".o-autocomplete--dropdown-item > a:contains('Tour Course')",
            run: "click",
        },
        {
            content: "Whom",
            trigger: ".modal div[name='employee_ids'] input",
            run: "edit Wang Li",
        },
        {
            content: "Him",
            trigger: ".o-autocomplete--dropdown-item > a:contains('Wang Li')",
            run: "click",
        },
        {
            content: "He stands there",
            trigger: ".modal div[name='employee_ids'] .o_tag:contains('Wang Li')",
        },
        {
            content: "Enrol",
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "To the sessions of the course",
            trigger: "body:not(:has(.modal)) button[name='action_open_sessions']",
            run: "click",
        },
        {
            content: "The session",
            trigger: ".o_kanban_view .o_kanban_record:contains('Tour Course')",
            run: "click",
        },
        {
            content: "Open it for enrolment",
            trigger: ".o_form_view .o_data_row:contains('Wang Li')",
        },
        {
            content: "Open",
            trigger: ".o_form_view button[name='open']",
            run: "click",
        },
        {
            content: "Begin",
            trigger: ".o_form_view button[name='begin']",
            run: "click",
        },
        {
            content: "It is under way and cannot be closed before attendance is taken",
            trigger: ".o_form_view button[name='close'][aria-disabled='true']",
        },
        {
            content: "Attendance",
            trigger: "button[name='action_open_parts']",
            run: "click",
        },
        {
            content: "All four parts",
            trigger: ".o_list_view .o_data_row:nth-child(4)",
        },
        {
            content: "Choose all",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Passed",
            trigger: "button[name='action_passed']",
            run: "click",
        },
        {
            content: "The last one has its result",
            trigger: ".o_list_view .o_data_row:nth-child(4).text-success",
        },
        {
            content: "Back to the session",
            trigger: ".o_breadcrumb .o_back_button a, .o_breadcrumb .breadcrumb-item:last-of-type a",
            run: "click",
        },
        {
            content: "Close",
            trigger: ".o_form_view button[name='close']:not([aria-disabled])",
            run: "click",
        },
        {
            content: "It is closed and he has passed",
            trigger: ".o_arrow_button_current[data-value='closed']",
        },
        {
            content: "Green",
            trigger: ".o_data_row:contains('Wang Li') div[name='state'] .text-bg-success",
        },
    ],
});
