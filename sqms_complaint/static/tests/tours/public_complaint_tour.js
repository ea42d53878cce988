import { registry } from "@web/core/registry";

/**
 * What a customer does on his phone, in two languages. The steps are the same in both. The English page is read word
 * for word; of the Chinese one each heading, label, button and hint must be Chinese, whatever its wording, so that a
 * sentence that nobody translated fails. No page is wider than the phone.
 */
const ENGLISH = {
    lang: "en-US",
    title: "Make a complaint",
    happened: "My card was charged twice for the boiler repair. The till showed an error.",
    sent: "We have your complaint",
    investigating: "Our turn",
    message: "Is there any news?",
    reply: "Please send a photo of the bank statement.",
    turn: "Your turn: please answer our decision",
    verdict: "You are right.",
    answer: "The second payment goes back to your card.",
    accepted: "You accepted our decision",
    objection: "The money has not come.",
    again: "Somebody else looks at your case again",
    done: "Your complaint is closed",
};
const CHINESE = {
    lang: "zh-CN",
    happened: "周二上门修锅炉，银行卡被扣了两次款。当时收款机报错。",
    message: "请问有进展吗？",
    reply: "请您发一张银行流水的照片。",
    answer: "第二笔款项将退回您的银行卡。",
    objection: "钱还没有到账。",
};
const WORDED =
    "h1, h2, h3, legend, label, button, summary, .form-text, .o_sqms_promises li, .o_sqms_turn p, .o_sqms_step_label";

// A customer has number and code on paper; here they are in the tab, or behind the # that no server sees.
const secret = (name) =>
    new URLSearchParams(window.location.hash.slice(1)).get(name) || window.sessionStorage.getItem(`sqms_${name}`);
const writeDown = (name) => ({
    content: `write down the ${name}`,
    trigger: `.o_sqms_${name}`,
    run() {
        window.sessionStorage.setItem(`sqms_${name}`, this.anchor.textContent.trim());
    },
});
const type = (selector, text) => ({ trigger: selector, run: `edit ${text}` });
const read = (selector, text) => ({ trigger: text ? `${selector}:contains("${text}")` : selector });
/** Every sentence that the page itself says is in its language. */
const inLanguage = (words) => ({
    content: `the page speaks ${words.lang}`,
    trigger: `html[lang="${words.lang}"] main h1`,
    run() {
        for (const element of document.querySelectorAll(`main :is(${WORDED}):not(.o_sqms_file)`)) {
            const text = element.textContent.trim();
            if (/\p{L}/u.test(text) && /\p{Script=Han}/u.test(text) !== (words.lang === "zh-CN")) {
                throw new Error(`Not in ${words.lang}: ${text}`);
            }
        }
    },
});
const lookUp = (words) => [
    { trigger: ".o_sqms_lookup" },
    inLanguage(words),
    {
        content: "number, code and word",
        trigger: ".o_sqms_lookup #code",
        run() {
            document.querySelector("#number").value = secret("number");
            document.querySelector("#code").value = secret("code").toLowerCase();
            document.querySelector("#word").value = "plum blossom 26";
        },
    },
    { trigger: ".o_sqms_lookup button[type=submit]", run: "click", expectUnloadPage: true },
];

/** Where an element is to be found, for the message of a step that fails. */
const place = (element) =>
    `<${element.localName} id="${element.id}" class="${element.className}"> ${element.textContent.trim().slice(0, 80)}`;
/** Nothing is wider than the phone, so that nobody has to push the page to and fro. */
const fitsPhone = {
    content: "the page is as wide as the phone",
    trigger: "main h1",
    run() {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth > width) {
            const wide = [...document.querySelectorAll("main *")].filter(
                (element) => element.getBoundingClientRect().right > width + 1,
            );
            throw new Error(`Wider than ${width}: ${wide.map(place).join(" | ")}`);
        }
    },
};
/** What stands on the page for people to use; whoever tabs reaches only one of a group of radio buttons. */
const isUsed = (control) =>
    control.type !== "hidden" &&
    control.type !== "radio" &&
    !control.disabled &&
    control.getClientRects().length > 0 &&
    !control.closest(".o_sqms_trap, details:not([open]) > :not(summary)");
const isNamed = (control) =>
    Boolean(control.textContent.trim() || control.ariaLabel || control.labels?.length || control.title);
/** Whoever has no mouse reaches every control in the order of the page, and sees where he is. */
const byKeyboard = {
    content: "the keyboard reaches everything",
    trigger: ".o_sqms_form",
    run() {
        const controls = [...document.querySelectorAll("main :is(input, select, textarea, button, summary, a)")];
        for (const control of controls.filter(isUsed)) {
            control.focus();
            if (document.activeElement !== control || control.tabIndex > 0) {
                throw new Error(`Not reached by the keyboard: ${place(control)}`);
            }
            if (!isNamed(control)) {
                throw new Error(`Nothing says what this is: ${place(control)}`);
            }
        }
        const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
        if (new Set(ids).size !== ids.length) {
            throw new Error("Two elements have the same id");
        }
        document.activeElement.blur();
    },
};

function submit(words) {
    return [
        read(`html[lang="${words.lang}"] h1`, words.title),
        inLanguage(words),
        fitsPhone,
        byKeyboard,
        type("#happened", words.happened),
        { trigger: "#category", run: "selectByIndex 1" },
        { trigger: "label[for=wish_refund]", run: "click" },
        { trigger: ".o_sqms_identity:visible #customer" },
        { content: "whoever stays anonymous is not asked for a name", trigger: "#anonymous", run: "click" },
        { trigger: ".o_sqms_identity:not(:visible)" },
        type("#word", "plum blossom 26"),
        {
            content: "the list of files shows a file and lets it go",
            trigger: ".o_sqms_add",
            run() {
                const input = document.querySelector("#files");
                const transfer = new DataTransfer();
                for (const name of ["receipt.txt", "wrong.txt"]) {
                    transfer.items.add(new File(["CNY 86, twice"], name, { type: "text/plain" }));
                }
                input.files = transfer.files;
                input.dispatchEvent(new Event("change"));
            },
        },
        { trigger: ".o_sqms_file_list li:contains('wrong.txt') .o_sqms_remove", run: "click" },
        { trigger: ".o_sqms_file_list:not(:contains('wrong.txt')):contains('receipt.txt')" },
        { trigger: ".o_sqms_send", run: "click", expectUnloadPage: true },
        read(".o_sqms_sent h1", words.sent),
        inLanguage(words),
        read(".o_sqms_number", "C/"),
        writeDown("number"),
        writeDown("code"),
        { trigger: ".o_sqms_sent a[href*='/complaint/status']", run: "click", expectUnloadPage: true },
        ...lookUp(words),
        read(".o_sqms_turn:not(.o_sqms_turn_mine)", words.investigating),
        inLanguage(words),
        fitsPhone,
        byKeyboard,
        { trigger: ".o_sqms_write > summary", run: "click" },
        type(".o_sqms_write textarea", words.message),
        { trigger: ".o_sqms_write button[type=submit]", run: "click", expectUnloadPage: true },
        read(".o_sqms_mine", words.message),
    ];
}

function accept(words) {
    return [
        ...lookUp(words),
        read(".o_sqms_turn_mine", words.turn),
        inLanguage(words),
        fitsPhone,
        read(".o_sqms_verdict", words.verdict),
        read(".o_sqms_answer", words.answer),
        read(".o_sqms_message:not(.o_sqms_mine)", words.reply),
        read(".o_sqms_letter"),
        { trigger: ".o_sqms_accept", run: "click", expectUnloadPage: true },
        read(".o_sqms_turn:not(.o_sqms_turn_mine)", words.accepted),
        inLanguage(words),
    ];
}

/** A customer who is logged in, from the list of the portal to the second look. */
function object(words) {
    return [
        { trigger: "main table a:contains('C/')", run: "click", expectUnloadPage: true },
        read(".o_sqms_turn_mine", words.turn),
        inLanguage(words),
        { trigger: ".o_sqms_object > summary", run: "click" },
        type(".o_sqms_object textarea", words.objection),
        { trigger: ".o_sqms_object button[type=submit]", run: "click", expectUnloadPage: true },
        read(".o_sqms_turn:not(.o_sqms_turn_mine)", words.again),
        inLanguage(words),
        read(".o_sqms_mine", words.objection),
    ];
}

function seeClosed(words) {
    return [
        ...lookUp(words),
        read(".o_sqms_turn:not(.o_sqms_turn_mine)", words.done),
        inLanguage(words),
        fitsPhone,
        { trigger: ".o_sqms_steps .o_sqms_step_done:nth-child(6)" },
        read(".o_sqms_mine", words.message),
    ];
}

for (const [language, words] of [
    ["en", ENGLISH],
    ["zh", CHINESE],
]) {
    const tours = { submit, accept, object, see_closed: seeClosed };
    for (const [name, steps] of Object.entries(tours)) {
        registry.category("web_tour.tours").add(`sqms_complaint_public_${name}_${language}`, {
            steps: () => steps(words),
        });
    }
}
