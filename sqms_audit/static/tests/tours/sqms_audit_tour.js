import { registry } from "@web/core/registry";

// An auditor on his day: plans from a template, answers, writes up what is wrong, comes to the report.
registry.category("web_tour.tours").add("sqms_audit_day", {
    steps: () => [
        { trigger: ".o_control_panel .o-kanban-button-new", run: "click" },
        {
            trigger: ".o_form_view div[name=name] input, .o_form_view div[name=name] textarea",
            run: "edit Counter of the north site",
        },
        { trigger: "div[name=template_id] input", run: "edit Tour Counter" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Counter)", run: "click" },
        { trigger: "div[name=line_ids] .o_data_row:contains(Are prices shown)" },
        { trigger: ".o_notebook a[name=plan]", run: "click" },
        { trigger: "div[name=auditee_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: "div[name=auditee_ids] .o_selected_row div[name=employee_id] input", run: "edit Tour Auditee" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Auditee)", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved button[name=start]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=in_progress]" },
        { trigger: "button[name=action_open_checklist]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Are prices shown) td[name=question]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=answer] .o_selection_badge[value='\"minor\"']", run: "click" },
        { trigger: ".o_form_view div[name=note] textarea", run: "edit Two of nine prices are last year's." },
        { trigger: "button[name=action_finding]:contains(Write Finding)", run: "click" },
        { trigger: ".modal div[name=evidence] textarea:value(Two of nine prices are last year's.)" },
        {
            trigger: ".modal div[name=statement] textarea",
            run: "edit Customers read prices that are no longer charged.",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) button[name=action_finding]:contains(Open Finding)" },
        { trigger: ".o_pager_next", run: "click" },
        { trigger: ".o_form_view div[name=question] textarea:value(Are complaints written down?)" },
        { trigger: ".o_form_view .o_field_widget[name=answer] .o_selection_badge[value='\"conform\"']", run: "click" },
        { trigger: ".o_breadcrumb .o_back_button, .o_breadcrumb a:contains(AUD/)", run: "click" },
        {
            trigger:
                ".o_list_view .o_data_row:contains(Are complaints written down?) td[name=answer]:contains(Conform)",
        },
        { trigger: ".o_breadcrumb a:contains(AUD/)", run: "click" },
        { trigger: ".o_form_view button[name=report]:enabled", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=report]" },
        { trigger: ".o_form_view div[name=waiting_for]:contains(findings to answer: 1)" },
    ],
});
