import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const step = (name) => ({
    content: `take the step ${name}`,
    trigger: `.o_statusbar_buttons button[name=${name}]:enabled`,
    run: "click",
});
const reached = (state) => ({
    content: `the complaint is ${state}`,
    trigger: `.o_statusbar_status button.o_arrow_button_current[data-value=${state}]`,
});

registry.category("web_tour.tours").add("sqms_complaint_agent", {
    steps: () => [
        {
            content: "somebody waits, and it says how long and whose turn it is",
            trigger:
                ".o_kanban_record:contains('Double charge on order S00123'):contains('waits 2 d'):contains('Our turn'):contains('Unassigned')",
            run: "click",
        },
        step("acknowledge"),
        reached("acknowledged"),
        {
            content: "whoever acknowledges is the handler",
            trigger: ".o_field_widget[name=user_id] input:value('Agent Zhao')",
        },
        {
            content: "the next step says what is missing",
            trigger: ".o_statusbar_buttons button[name=assess][aria-disabled=true][data-tooltip*='Complaint category']",
        },
        {
            content: "choose the category",
            trigger: ".o_field_widget[name=complaint_category_id] input",
            run: "edit Tour charge",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('Tour charge')",
            run: "click",
        },
        ...stepUtils.saveForm(),
        step("assess"),
        reached("assessed"),
        step("investigate"),
        reached("investigating"),
        {
            content: "to the decision",
            trigger: ".nav-link[name=decision]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=complaint_decision] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Partly upheld')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=complaint_outcome] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Monetary relief')",
            run: "click",
        },
        {
            content: "write the answer",
            trigger: ".o_field_widget[name=complaint_answer] .odoo-editor-editable",
            run: "editor The second payment goes back to your card.",
        },
        ...stepUtils.saveForm(),
        step("decide"),
        reached("decided"),
        step("communicate"),
        reached("communicated"),
        {
            content: "the customer has the letter",
            trigger: ".o-mail-Message:contains('Our answer to your complaint')",
        },
        step("close"),
        reached("closed"),
        {
            content: "it is closed and says so",
            trigger: ".ribbon:contains('Closed')",
        },
        {
            content: "nobody edits it any more",
            trigger: ".o_field_widget[name=name].o_readonly_modifier",
        },
    ],
});
