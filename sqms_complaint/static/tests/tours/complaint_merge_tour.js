import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("sqms_complaint_merge", {
    steps: () => [
        {
            content: "the complaint says what it may be a duplicate of, and why",
            trigger: ".o_sqms_duplicates:contains('same customer'):contains('same order'):contains('same words')",
        },
        {
            content: "merge them",
            trigger: ".o_sqms_duplicates .o_sqms_merge",
            run: "click",
        },
        {
            content: "what would move is shown before",
            trigger: ".modal .o_field_widget[name=preview_words]:contains('Moves: Messages: 1')",
        },
        {
            content: "say why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Called a second time",
        },
        {
            trigger: ".modal footer button[name=action_merge]",
            run: "click",
        },
        {
            content: "the complaint that is kept shows what was merged",
            trigger: ".o_form_view button[name=action_open_merged]:contains('1')",
            run: "click",
        },
        {
            content: "the merged one says where it is handled",
            trigger: ".o_form_view div[name=merged]:contains('merged into')",
        },
        {
            trigger: ".o_form_view button[name=action_merge_undo]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Two orders after all",
        },
        {
            trigger: ".modal footer button[name=action_undo]",
            run: "click",
        },
        {
            content: "it goes on where it was",
            trigger: ".o_statusbar_status button.o_arrow_button_current[data-value=received]",
        },
        {
            content: "and is still suggested, until somebody tells them apart",
            trigger: ".o_sqms_duplicates button:contains('Not the Same')",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.o_sqms_duplicates))",
        },
    ],
});
