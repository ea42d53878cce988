import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("sqms_kpi_indicators", {
    steps: () => [
        { content: "The indicator is a tile", trigger: ".o_kanban_record:contains('Requests by month')", run: "click" },
        { content: "Have it counted", trigger: "button[name='action_compute']", run: "click" },
        { content: "Figures appear", trigger: ".o_field_widget[name='measure_ids'] .o_data_row:contains('2')" },
        { content: "The months", trigger: "button[name='action_open_measures']", run: "click" },
        { content: "They are a chart", trigger: ".o_graph_renderer canvas" },
        { content: "and a list", trigger: ".o_switch_view.o_list", run: "click" },
        {
            content: "each number is explained",
            trigger: ".o_data_row:has(td:contains('2')) button[name='action_explain']",
            run: "click",
        },
        { content: "by the records behind it", trigger: ".o_data_row:contains('Leak')" },
    ],
});
