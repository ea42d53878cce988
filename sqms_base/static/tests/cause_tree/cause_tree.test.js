import { expect, test } from "@odoo/hoot";
import { press, queryAll, queryFirst, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

let keys = 0;

class Cause extends models.Model {
    _name = "sqms.cause";

    name = fields.Char();
    sequence = fields.Integer();
    category = fields.Selection({
        selection: [
            ["method", "Method"],
            ["machine", "Machine"],
        ],
        default: "method",
    });
    verdict = fields.Selection({
        selection: [
            ["open", "Not Decided"],
            ["root", "Root Cause"],
            ["ruled_out", "Ruled Out"],
        ],
        default: "open",
    });
    evidence = fields.Text();
    ruled_out_reason = fields.Text();
    type_id = fields.Many2one({ relation: "sqms.cause" });
    parent_id = fields.Many2one({ relation: "sqms.cause" });
    node_key = fields.Char();
    parent_key = fields.Char();
    case_id = fields.Many2one({ relation: "case" });

    default_get() {
        keys++;
        return { ...super.default_get(...arguments), node_key: `key${keys}` };
    }

    _records = [
        { id: 1, name: "Terminal said failed", category: "machine", verdict: "open", case_id: 1 },
        { id: 2, name: "Stops after 10 s", category: "machine", verdict: "root", parent_id: 1, case_id: 1 },
        { id: 3, name: "Cashier asked again", category: "method", verdict: "open", case_id: 1 },
        { id: 4, name: "Careless", category: "method", verdict: "ruled_out", case_id: 1, ruled_out_reason: "no" },
    ];
    _views = {
        form: `<form>
            <field name="name"/><field name="category"/><field name="verdict"/>
            <field name="parent_id" invisible="1"/><field name="node_key" invisible="1"/>
            <field name="parent_key" invisible="1"/><field name="sequence" invisible="1"/>
        </form>`,
    };
}

class Case extends models.Model {
    name = fields.Char();
    locked = fields.Boolean();
    cause_ids = fields.One2many({ relation: "sqms.cause", relation_field: "case_id" });

    _records = [
        { id: 1, name: "Charged twice", cause_ids: [1, 2, 3, 4] },
        { id: 2, name: "Locked", locked: true, cause_ids: [] },
    ];
}

defineMailModels();
defineModels([Cause, Case]);
onRpc("has_group", () => true);

const LIST = `<list limit="2000"><field name="name"/><field name="sequence"/><field name="category"/>
    <field name="verdict"/><field name="evidence"/><field name="ruled_out_reason"/><field name="type_id"/>
    <field name="parent_id"/><field name="node_key" column_invisible="True"/>
    <field name="parent_key" column_invisible="True"/></list>`;

function show(resId, extra = "") {
    return mountView({
        type: "form",
        resModel: "case",
        resId,
        arch: `<form><field name="name"/><field name="locked" invisible="1"/>
            <field name="cause_ids" widget="sqms_cause_tree" mode="list" readonly="locked" ${extra}>${LIST}</field></form>`,
    });
}

test("the tree is drawn with what a why is, in words", async () => {
    await show(1);
    expect("[role=tree] [role=treeitem]").toHaveCount(5);
    expect("[data-why=problem]").toHaveAttribute("aria-label", "Charged twice");
    expect(queryAllTexts(".o_sqms_words")).toEqual([
        "Terminal said failed",
        "Stops after 10 s",
        "Cashier asked again",
        "Careless",
    ]);
    expect("[data-verdict=root] > .o_sqms_box").toHaveText(/Root cause · why 2\s*Machine\s*Stops after 10 s/);
    expect("[data-verdict=root] i.fa-bullseye").toHaveCount(1);
    expect("[data-verdict=root]").toHaveAttribute("aria-level", "3");
    // What was ruled out hangs on nothing, below the shorter branch.
    expect(".o_sqms_branch:nth-child(2) .o_sqms_aside[data-verdict=ruled_out]").toHaveCount(1);
    expect("[role=status]").toHaveText("4 whys · 1 root cause");
});

test("arrows move, Enter opens, Delete asks first", async () => {
    await show(1);
    await contains("[data-why=problem]").focus();
    expect("button[name=add_why]").toHaveCount(1);
    await press("ArrowDown");
    await animationFrame();
    expect(document.activeElement).toHaveAttribute("aria-label", "Why 1, Machine: Terminal said failed");
    await press("ArrowDown");
    await animationFrame();
    expect("button[name=ask_why]").toHaveCount(1);
    await press("ArrowRight");
    await animationFrame();
    expect(document.activeElement).toHaveAttribute("aria-label", "Why 1, Method: Cashier asked again");
    await press("Enter");
    await animationFrame();
    expect(".modal .o_field_widget[name=name] input").toHaveValue("Cashier asked again");
    await contains(".modal .o_field_widget[name=name] input").edit("Asked twice");
    await contains(".modal .o_form_button_save").click();
    expect(".o_sqms_words:contains(Asked twice)").toHaveCount(1);
    await contains("[aria-label^='Why 1, Machine']").focus();
    await press("Delete");
    await animationFrame();
    expect(".modal-body").toHaveText(/and the 1 below it/);
    await contains(".modal .btn-danger").click();
    expect(queryAllTexts(".o_sqms_words")).toEqual(["Asked twice", "Careless"]);
});

test("a form that is not saved: whys below new whys, saved together", async () => {
    expect.assertions(7);
    onRpc("case", "web_save", ({ args }) => {
        const created = args[1].cause_ids.map(([command, , values]) => [command, values]);
        expect(created.map(([command, values]) => [command, values.name])).toEqual([
            [0, "first"],
            [0, "second"],
        ]);
        expect(created[1][1].parent_key).toBe(created[0][1].node_key);
        expect(Boolean(created[0][1].node_key)).toBe(true);
    });
    await show(false);
    await contains("button[name=add_why]").click();
    await contains(".modal .o_field_widget[name=name] input").edit("first");
    await contains(".modal .o_form_button_save").click();
    await animationFrame();
    expect(queryAllTexts(".o_sqms_words")).toEqual(["first"]);
    await contains(".o_sqms_why:not([data-why=problem])").focus();
    await contains("button[name=ask_why]").click();
    expect(".modal-title").toHaveText("Why is that? first");
    await contains(".modal .o_field_widget[name=name] input").edit("second");
    await contains(".modal .o_form_button_save").click();
    await animationFrame();
    expect("[aria-level='3'] .o_sqms_words").toHaveText("second");
    expect("[aria-level='2'] [aria-level='3']").toHaveCount(1);
    await contains(".o_form_button_save").click();
});

test("who asks below a root cause takes that back", async () => {
    await show(1);
    await contains("[data-verdict=root]").focus();
    await contains("button[name=ask_why]").click();
    await contains(".modal .o_field_widget[name=name] input").edit("because");
    await contains(".modal .o_form_button_save").click();
    await animationFrame();
    expect("[data-verdict=root]").toHaveCount(0);
    expect("[aria-level='4'] .o_sqms_words").toHaveText("because");
});

test("a locked record is a drawing", async () => {
    Case._records[0].locked = true;
    await show(1);
    await contains("[data-verdict=root]").focus();
    expect("button[name=ask_why]").toHaveCount(0);
    expect("button[name=add_why]").toHaveCount(0);
    await press("Delete");
    await press("Insert");
    await animationFrame();
    expect(".modal").toHaveCount(0);
    await contains("button[name=show_why]").click();
    expect(".modal .o_form_readonly").toHaveCount(1);
});

test("the fishbone is drawn by the server, the list tells all", async () => {
    const asked = [];
    onRpc("sqms.cause", "draw_fishbone", ({ args }) => {
        asked.push(args);
        return "<svg class='sqms-cause'></svg>";
    });
    await show(1);
    await contains("button[name=fishbone]").click();
    expect(".o_sqms_fishbone svg").toHaveCount(1);
    expect(asked[0][1]).toBe("Charged twice");
    expect(asked[0][0][1]).toEqual({ name: "Stops after 10 s", category: "machine", verdict: "root" });
    await contains("button[name=list]").click();
    expect(queryAll(".o_sqms_cause tbody tr")).toHaveLength(4);
    expect(queryFirst(".o_sqms_cause tbody tr:nth-child(2) td")).toHaveText("Root cause · why 2");
});
