import { destroy, expect, test } from "@odoo/hoot";
import { queryAll, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate, mockTimeZone } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
    patchTranslations,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

import { DeadlineBadge } from "@sqms_base/deadline/deadline_badge";
import { correctNow, isTicking } from "@sqms_base/deadline/deadline_now";

class Clock extends models.Model {
    _name = "sqms.clock";

    name = fields.Char();
    due_at = fields.Datetime();
    paused = fields.Boolean();
    met_at = fields.Datetime();
    breached_at = fields.Datetime();
    remaining = fields.Integer();
    unit = fields.Selection({
        selection: [
            ["work_hours", "Working Hours"],
            ["work_days", "Working Days"],
        ],
    });

    _records = [
        { id: 1, name: "Reply", due_at: "2026-11-05 09:50:00", remaining: 18000, unit: "work_hours" },
        { id: 2, name: "Decision", paused: true, remaining: 3, unit: "work_days" },
        { id: 3, name: "First", due_at: "2026-11-05 01:00:00", met_at: "2026-11-05 00:40:00", unit: "work_hours" },
    ];
}

class Ticket extends models.Model {
    name = fields.Char();
    clock_due_at = fields.Datetime();
    clock_badges = fields.Json();
    date_due = fields.Date();

    _records = [
        {
            id: 1,
            name: "Noise",
            clock_due_at: "2026-11-05 09:50:00",
            clock_badges: [
                { id: 7, name: "Reply", due_at: "2026-11-05 09:50:00", remaining: 18000, unit: "work_hours" },
                { id: 8, name: "Decision", due_at: false, paused: true, remaining: 3, unit: "work_days" },
            ],
            date_due: "2026-11-03",
        },
        { id: 2, name: "Quiet", clock_badges: [] },
    ];
}

defineMailModels();
defineModels([Clock, Ticket]);

const EXPLANATION = {
    title: "Noise",
    policy: "care v3",
    step: "Reply",
    unit: "work_hours",
    target: 18000,
    elapsed: 7200,
    remaining: 10800,
    late: 0,
    start: "2026-11-05T02:50:00Z",
    due: "2026-11-05T09:50:00Z",
    due_reason: null,
    met_at: null,
    tz: "Asia/Shanghai",
    paused: false,
    met: false,
    breached: false,
    rows: [
        {
            from: "2026-11-05T02:50:00Z",
            to: "2026-11-05T04:50:00Z",
            kind: "counted",
            label: "Counted",
            reason: "",
            counted: 7200,
            date: "2026-11-05",
        },
        {
            from: "2026-11-05T04:50:00Z",
            to: "2026-11-05T09:50:00Z",
            kind: "open",
            label: "Still to come",
            reason: "",
            counted: 10800,
            date: "2026-11-05",
        },
    ],
    moved_by: [
        {
            at: "2026-11-05T03:00:00Z",
            entered_at: "2026-11-05T05:00:00Z",
            kind: "pause",
            reason: "customer",
            user: "Zhao",
            seconds_late: 7200,
        },
    ],
    now: "2026-11-05T04:50:00Z",
};

function atNoon() {
    patchTranslations();
    mockTimeZone(8);
    mockDate("2026-11-05 04:49:30");
    onRpc("sqms.clock", "explain", ({ args }) => {
        expect.step(`explain ${args[0][0]}`);
        return EXPLANATION;
    });
}

const texts = (selector) => queryAll(selector).map((element) => element.innerText.trim());

test("in a list each clock says how it stands, without its companion fields in the view", async () => {
    atNoon();
    await mountView({
        type: "list",
        resModel: "sqms.clock",
        arch: `<list><field name="name"/><field name="due_at" widget="sqms_deadline"/></list>`,
    });
    expect(texts(".o_sqms_deadline")).toEqual(["due in 5 h", "paused, 3 d left", "met, 20 min early"]);
    expect(queryAll(".o_sqms_deadline i.fa").length).toBe(3);
    expect(queryFirst(".o_sqms_deadline button").title).toMatch(/Thu 5 Nov 2026, 17:50/);
    expect(".o_sqms_deadline_popover").toHaveCount(0);
});

test("the words move on with the minute, by one timer that ends with the last of them", async () => {
    atNoon();
    await mountView({
        type: "list",
        resModel: "sqms.clock",
        arch: `<list><field name="name"/><field name="due_at" widget="sqms_deadline"/></list>`,
    });
    expect(isTicking()).toBe(true);
    await advanceTime(11 * 60 * 1000);
    await animationFrame();
    expect(texts(".o_sqms_deadline")[0]).toBe("due in 4 h 49 min");
});

test("the timer ends with the last badge", async () => {
    atNoon();
    const props = { deadline: { due: 1793872200, met: null, unit: "hours" } };
    const badges = [await mountWithCleanup(DeadlineBadge, { props }), await mountWithCleanup(DeadlineBadge, { props })];
    destroy(badges[0]);
    expect(isTicking()).toBe(true);
    destroy(badges[1]);
    expect(isTicking()).toBe(false);
});

test("a browser whose clock is wrong is put right by the explanation", async () => {
    atNoon();
    await mountWithCleanup(DeadlineBadge, { props: { deadline: { due: 1793872200, met: null, unit: "hours" } } });
    expect(texts(".o_sqms_deadline")).toEqual(["due in 5 h"]);
    correctNow(1793872200 - 2 * 3600 - 30);
    await animationFrame();
    expect(texts(".o_sqms_deadline")).toEqual(["due in 2 h"]);
    correctNow(Date.now() / 1000);
    await animationFrame();
    expect(texts(".o_sqms_deadline")).toEqual(["due in 5 h"]);
});

test("a click explains and does not open the record; Escape closes and gives the focus back", async () => {
    atNoon();
    await mountView({
        type: "list",
        resModel: "sqms.clock",
        arch: `<list><field name="name"/><field name="due_at" widget="sqms_deadline"/></list>`,
        selectRecord: () => expect.step("opened"),
    });
    await contains(".o_sqms_deadline button:first").click();
    await animationFrame();
    expect.verifySteps(["explain 1"]);
    expect(".o_sqms_deadline_popover").toHaveCount(1);
    expect(texts(".o_sqms_deadline_popover tbody tr")).toEqual([
        "Thu 5 Nov 10:50–12:50 Counted\t2 h",
        "Thu 5 Nov 12:50–17:50 Still to come\t3 h",
    ]);
    expect(".o_sqms_allowed").toHaveText("5 h of working time");
    expect(".o_sqms_used").toHaveText("2 h used");
    expect(".o_sqms_left").toHaveText("3 h left · until Thu 5 Nov 17:50");
    expect(texts(".o_sqms_sum")).toEqual(["2 h used, 3 h left\t5 h"]);
    expect(".o_sqms_deadline_popover").toHaveText(/Zhao · entered 2 h later/);
    expect(".o_sqms_source").toHaveText("Regime “care v3”, working time of Asia/Shanghai");
    await contains(".o_sqms_deadline_popover").press("Escape");
    await animationFrame();
    expect(".o_sqms_deadline_popover").toHaveCount(0);
    expect(document.activeElement).toBe(queryFirst(".o_sqms_deadline button"));
    expect.verifySteps([]);
});

test("Enter on the badge opens the explanation", async () => {
    atNoon();
    await mountView({
        type: "kanban",
        resModel: "sqms.clock",
        arch: `<kanban><templates><t t-name="card"><field name="name"/><field name="due_at" widget="sqms_deadline"/></t></templates></kanban>`,
        selectRecord: () => expect.step("opened"),
    });
    await contains(".o_sqms_deadline button:first").focus();
    await contains(".o_sqms_deadline button:first").press("Enter");
    await animationFrame();
    expect.verifySteps(["explain 1"]);
    expect(".o_sqms_deadline_popover").toHaveCount(1);
});

test("a form shows the nearest deadline with its date and a button of its own, and all of them as badges", async () => {
    atNoon();
    await mountView({
        type: "form",
        resModel: "ticket",
        resId: 1,
        arch: `<form><field name="clock_due_at" widget="sqms_deadline" readonly="1"/><field name="clock_badges" widget="sqms_clock_badges"/></form>`,
    });
    expect(texts(".o_field_widget[name=clock_due_at] .badge")).toEqual(["due in 5 h"]);
    expect(".o_field_widget[name=clock_due_at]").toHaveText(/17:50/);
    expect(texts(".o_field_widget[name=clock_badges] .badge")).toEqual(["due in 5 h", "paused, 3 d left"]);
    await contains(".o_field_widget[name=clock_badges] .o_sqms_why:last").click();
    await animationFrame();
    expect.verifySteps(["explain 8"]);
});

test("a date without clock lasts to the end of its day, a record without clocks shows nothing", async () => {
    atNoon();
    await mountView({
        type: "list",
        resModel: "ticket",
        arch: `<list><field name="name"/><field name="date_due" widget="sqms_deadline"/><field name="clock_due_at" widget="sqms_deadline"/></list>`,
    });
    expect(texts(".o_data_row:first .o_sqms_deadline")).toEqual(["1 d late", "due in 5 h"]);
    expect(".o_data_row:last .o_sqms_deadline").toHaveCount(0);
});

test("a form lists all deadlines in lines: name, badge, date, explanation", async () => {
    atNoon();
    await mountView({
        type: "form",
        resModel: "ticket",
        resId: 1,
        arch: `<form><field name="clock_badges" widget="sqms_deadlines"/></form>`,
    });
    expect(texts(".o_sqms_clock_lines .o_form_label")).toEqual(["Reply", "Decision"]);
    expect(".o_sqms_clock_lines .o_sqms_why").toHaveCount(2);
    const [first, second] = document.querySelectorAll(".o_sqms_clock_lines .o_sqms_why");
    expect(Math.round(first.getBoundingClientRect().left)).toBe(Math.round(second.getBoundingClientRect().left));
});

test("on a board each deadline has its name, a paused one its reason, and what is far off stays away", async () => {
    atNoon();
    Ticket._records = [
        {
            id: 3,
            name: "Burn mark",
            clock_badges: [
                { id: 7, name: "Reply", due_at: "2026-11-05 09:50:00", remaining: 18000, unit: "work_hours" },
                { id: 8, name: "Decision", due_at: "2026-12-24 09:50:00", remaining: 30, unit: "days" },
                { id: 9, name: "12315", due_at: false, paused: true, reason: "laboratory test", unit: "work_days" },
            ],
        },
    ];
    await mountView({
        type: "kanban",
        resModel: "ticket",
        arch: `<kanban><templates><t t-name="card"><field name="clock_badges" widget="sqms_clock_badges" options="{'named': True, 'limit': 2, 'near_days': 5}"/></t></templates></kanban>`,
    });
    expect(texts(".badge")).toEqual(["Reply: due in 5 h", "Paused: laboratory test"]);
});
