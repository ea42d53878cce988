import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";

const tours = registry.category("web_tour.tours");
const next = { trigger: "button[name=next]:enabled", run: "click" };

/** A picture as a camera gives it: larger than what is sent. */
async function takePhoto() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2000, 1000];
    canvas.getContext("2d").fillRect(0, 0, 999, 999);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const files = new DataTransfer();
    files.items.add(new File([blob], "camera.png", { type: "image/png" }));
    const input = document.querySelector("input[name=photo]");
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

function checkSizes() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error(`the page is ${document.documentElement.scrollWidth} wide`);
    }
    for (const target of document.querySelectorAll(".o_sqms_check_target")) {
        if (target.offsetParent && Math.min(target.offsetWidth, target.offsetHeight) < 44) {
            throw new Error(`${target.name || target.className} is too small for a thumb`);
        }
    }
}

const key = (letter) => ({
    trigger: ".o_sqms_check_point",
    run: ({ anchor }) => {
        anchor.focus();
        anchor.dispatchEvent(new KeyboardEvent("keydown", { key: letter, bubbles: true }));
    },
});

let fetchBefore;

tours.add("sqms_control_check", {
    steps: () => [
        { content: "my list", trigger: ".o_kanban_record:contains('Gas repair')", run: "click" },
        {
            content: "one point at a time",
            trigger: ".o_sqms_check:contains('0 of 4 answered') h2:contains('Is the valve')",
        },
        { content: "fits a telephone", trigger: ".o_sqms_check", run: checkSizes },
        { content: "words on the buttons", trigger: "button[name=choice_no]:contains('No')", run: "click" },
        {
            content: "out of limit is said at once, with what to do",
            trigger: ".o_sqms_check_verdict:contains('Out of limit'):contains('Close it now')",
        },
        { content: "the thumb slipped: by key", ...key("1") },
        { content: "now it is right", trigger: ".o_sqms_check_verdict:contains('Conform')" },
        { content: "a photo is needed", trigger: "label:contains('Photo (needed)')", run: takePhoto },
        { content: "it is there", trigger: ".o_sqms_check_photo img" },
        { content: "next by key", ...key("ArrowRight") },
        { content: "a number pad", trigger: "input[name=number][inputmode=decimal]", run: "edit about 2" },
        next,
        { content: "what is no number is not taken", trigger: ".alert-danger:contains('is no number')" },
        { content: "a comma", trigger: "input[name=number]", run: "edit 2,6" },
        {
            content: "the network goes",
            trigger: ".o_sqms_check",
            run: () => {
                fetchBefore = browser.fetch;
                browser.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
                browser.XMLHttpRequest.prototype.sqmsSend = browser.XMLHttpRequest.prototype.send;
                browser.XMLHttpRequest.prototype.send = function () {
                    this.dispatchEvent(new ProgressEvent("error"));
                };
            },
        },
        next,
        { content: "the work goes on", trigger: "h2:contains('Flame')" },
        {
            content: "and answers wait, honestly",
            trigger: "button[name='choice_wrong:0']:contains('Yellow')",
            run: "click",
        },
        { content: "said in words", trigger: ".o_sqms_check_offline:contains('2 answers wait on this telephone')" },
        {
            content: "they are kept on the telephone",
            trigger: ".o_sqms_check",
            run: () => {
                const kept = Object.keys(localStorage).filter((name) => name.startsWith("sqms_control_check_"));
                if (kept.length !== 1 || !localStorage.getItem(kept[0]).includes("2,6")) {
                    throw new Error("nothing is kept");
                }
            },
        },
        {
            content: "the network is back",
            trigger: ".o_sqms_check",
            run: () => {
                browser.fetch = fetchBefore;
                browser.XMLHttpRequest.prototype.send = browser.XMLHttpRequest.prototype.sqmsSend;
                window.dispatchEvent(new Event("online"));
            },
        },
        {
            content: "all has arrived",
            trigger: ".o_sqms_check:not(:has(.o_sqms_check_offline)) .o_sqms_check_saved:contains('saved')",
        },
        next,
        { content: "the last one", trigger: "h2:contains('shown how')" },
        { content: "yes", trigger: "button[name=choice_yes]", run: "click" },
        { content: "is kept", trigger: ".o_sqms_check_saved:contains('saved')" },
        { content: "overview", ...next },
        {
            content: "everything stands there",
            trigger: ".o_sqms_check_summary li:contains('2.6 kPa'):contains('Out of limit')",
        },
        { content: "which visit", trigger: "input[name=reference]", run: "edit WO-7" },
        { content: "fits a telephone, too", trigger: ".o_sqms_check", run: checkSizes },
        { content: "done", trigger: "button[name=finish]:enabled", run: "click" },
        {
            content: "and reported",
            trigger: ".o_sqms_check_summary .alert-danger:contains('Done: out of limit'):contains('Reported as NC')",
        },
        { content: "back", trigger: "button[name=list]", run: "click" },
        { content: "nothing waits", trigger: ".o_nocontent_help:contains('No check waits for you')" },
    ],
});

tours.add("sqms_control_check_zh", {
    steps: () => [
        { content: "my list", trigger: ".o_kanban_record:contains('Gas repair')", run: "click" },
        { content: "progress in Chinese", trigger: ".o_sqms_check:contains('已答 0/4')" },
        { content: "fits a telephone", trigger: ".o_sqms_check", run: checkSizes },
        { content: "no", trigger: "button[name=choice_no]:contains('否')", run: "click" },
        { content: "out of limit", trigger: ".o_sqms_check_verdict:contains('超出限值'):contains('立即')" },
        { content: "next", trigger: "button[name=next]:contains('下一项')", run: "click" },
        { content: "right is", trigger: ".o_sqms_check_point:contains('合格标准')" },
    ],
});
