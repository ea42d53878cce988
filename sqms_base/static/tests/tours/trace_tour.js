import { downloadFile } from "@web/core/network/download";
import { registry } from "@web/core/registry";

const ROOT = ".o_sqms_trace_card[aria-current=true]";
const files = [];

function watchDownloads() {
    const original = downloadFile._download;
    downloadFile._download = (data, name, type) => files.push({ data, name, type });
    return () => (downloadFile._download = original);
}

function check(condition, message) {
    if (!condition) {
        throw new Error(message);
    }
}

let stopWatching;

registry.category("web_tour.tours").add("sqms_trace_document", {
    steps: () => [
        { content: "the button counts what hangs on it", trigger: "button[name=action_trace]:contains('2')" },
        { content: "open the trace", trigger: "button[name=action_trace]", run: "click" },
        { content: "it says how much there is", trigger: ".o_sqms_trace_counts:contains('3 records · 1 open gate')" },
        {
            content: "the gate is named",
            trigger:
                ".o_sqms_trace_gates:contains('have not read it'), .o_sqms_trace_label:contains('have not read it')",
        },
        {
            content: "the card one came from has the frame",
            trigger: `${ROOT}:contains('Refund procedure')`,
            run() {
                this.anchor.focus();
            },
        },
        { content: "walk on along the line", trigger: `${ROOT}:focus`, run: "press ArrowRight" },
        { content: "the edition has the focus", trigger: ".o_sqms_trace_card:focus:contains('edition')" },
        { content: "and back", trigger: ".o_sqms_trace_card:focus", run: "press ArrowLeft" },
        { content: "the document again", trigger: `${ROOT}:focus`, run: "press ArrowRight" },
        {
            content: "Enter is the click of a link",
            trigger: ".o_sqms_trace_card:focus:contains('edition')",
            run: "press Enter",
        },
        { content: "the edition is open", trigger: ".o_form_view .o_field_widget[name=content]" },
        {
            content: "back to the trace",
            trigger: ".breadcrumb-item:contains('Trace') a, .o_back_button:contains('Trace')",
            run: "click",
        },
        {
            content: "the trace again",
            trigger: ROOT,
            run() {
                stopWatching = watchDownloads();
            },
        },
        { content: "more", trigger: ".o_sqms_trace_cog", run: "click" },
        { content: "as JSON", trigger: ".o-dropdown-item[name=export_json]", run: "click" },
        {
            content: "the file holds the graph",
            trigger: ".o_sqms_trace_cog:not(.show)",
            async run() {
                for (let wait = 0; wait < 50 && files.length < 1; wait++) {
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
                const graph = JSON.parse(files[0].data);
                check(graph.nodes.length === 3 && graph.edges.length === 3, "three records and three lines");
                check(/^trace-.+\.json$/.test(files[0].name), files[0].name);
            },
        },
        { content: "more", trigger: ".o_sqms_trace_cog", run: "click" },
        { content: "as SVG", trigger: ".o-dropdown-item[name=export_svg]", run: "click" },
        {
            content: "the file is a drawing",
            trigger: ".o_sqms_trace_cog:not(.show)",
            async run() {
                for (let wait = 0; wait < 50 && files.length < 2; wait++) {
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
                stopWatching();
                const drawing = new DOMParser().parseFromString(files[1].data, "image/svg+xml");
                check(!drawing.querySelector("parsererror"), "well-formed");
                check(drawing.documentElement.textContent.includes("Refund procedure"), "with its text");
            },
        },
        { content: "as a table", trigger: "button[name=list]", run: "click" },
        { content: "with all its rows", trigger: ".o_sqms_trace_list tbody tr:eq(2)" },
        { content: "back to the graph", trigger: "button[name=graph]", run: "click" },
        { content: "larger", trigger: "button[name=larger]", run: "click" },
        { content: "all of it", trigger: "button[name=fit]", run: "click" },
        { content: "open what holds it", trigger: "button[name=open_gate]", run: "click" },
        { content: "the edition is open", trigger: ".o_form_view .o_field_widget[name=content]" },
    ],
});

registry.category("web_tour.tours").add("sqms_trace_story", {
    steps: () => [
        { content: "the story stands in three parts", trigger: ".o_sqms_trace_lane:contains('Did it help?')" },
        {
            content: "the cards come in the order of the story, each one a stop of the Tab key",
            trigger: ROOT,
            run() {
                const cards = [...document.querySelectorAll("a.o_sqms_trace_card")];
                const lefts = cards.map((card) => parseFloat(card.style.left));
                check(cards.length === 6, `${cards.length} cards`);
                check(
                    lefts.every((left, place) => !place || left >= lefts[place - 1]),
                    "left to right",
                );
                check(
                    cards.every((card) => card.tabIndex === 0 && card.getAttribute("aria-label")),
                    "named",
                );
                const dashed = document.querySelectorAll("svg path.o_sqms_trace_gate");
                check(dashed.length >= 2, "the gate is drawn");
            },
        },
        {
            content: "what holds closure, who answers for it and until when",
            trigger: ".o_sqms_trace_gates:contains('One gate holds closure of NC/2026/0031'):contains('late')",
        },
        { content: "where the days went", trigger: ".o_sqms_trace_time .o_sqms_trace_running" },
        {
            content: "hostile words are words",
            trigger: ".o_sqms_trace_card:contains('<img src=x onerror=alert(1)>')",
            run() {
                check(!document.querySelector(".o_sqms_trace img[src='x']"), "no element of it");
            },
        },
    ],
});

registry.category("web_tour.tours").add("sqms_trace_many", {
    steps: () => [
        {
            content: "thousands of records, a handful of cards",
            trigger: ".o_sqms_trace_more:contains('more')",
            run() {
                const cards = document.querySelectorAll(".o_sqms_trace_card").length;
                check(cards < 100, `${cards} cards are drawn`);
            },
        },
        { content: "all that is known is counted", trigger: ".o_sqms_trace_counts:contains('5000 records')" },
        { content: "and that there is more", trigger: ".alert-warning:contains('There is more')" },
        { content: "show the rest", trigger: ".o_sqms_trace_more", run: "click" },
        {
            content: "page by page",
            trigger: ".o_sqms_trace_list tbody tr:eq(79)",
            run() {
                const rows = document.querySelectorAll(".o_sqms_trace_list tbody tr").length;
                check(rows === 80, `${rows} rows`);
            },
        },
        { content: "the next page", trigger: ".o_pager_next", run: "click" },
        { content: "is there", trigger: ".o_pager_value:contains('81-160')" },
        { content: "all of it", trigger: "button[name=show_all]", run: "click" },
        { content: "from the start", trigger: ".o_pager_value:contains('1-80')" },
        { content: "the graph again", trigger: "button[name=graph]", run: "click" },
        { content: "is back at once", trigger: ".o_sqms_trace_more" },
    ],
});

registry.category("web_tour.tours").add("sqms_trace_nothing", {
    steps: () => [
        { content: "an address without a record", trigger: ".o_nocontent_help:contains('No record chosen')" },
    ],
});
