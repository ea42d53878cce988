import { expect, test } from "@odoo/hoot";
import { queryFirst } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { Component, xml } from "@odoo/owl";
import {
    contains,
    makeMockEnv,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchTranslations,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

import { MorningProposal } from "@sqms_base/morning/proposal";

defineMailModels();

class Row extends Component {
    static template = xml`<span class="row_of_test" t-out="props.item.title"/>`;
    static props = ["*"];
}

const DONE = { id: 7, number: "IMP/2026/0007", name: "Tags", message: "IMP/2026/0007 is proposed. Thank you." };

async function mountBox(answer, proposal = {}) {
    patchTranslations();
    onRpc("sqms.improvement", "propose", ({ args }) => {
        expect.step(`propose ${args[0]}`);
        return answer();
    });
    await makeMockEnv();
    await mountWithCleanup(MorningProposal, {
        props: {
            proposal: { items: [], count: 0, points: 0, more: { xmlid: "mine" }, ...proposal },
            now: luxon.DateTime.now(),
            item: Row,
            open: ({ action }) => expect.step(`open ${action.res_id}`),
            openAll: ({ xmlid }) => expect.step(`all ${xmlid}`),
            onProposed: () => expect.step("load"),
        },
    });
}

test("Enter proposes once, says what happened and leads there", async () => {
    const waiting = new Deferred();
    await mountBox(() => waiting);
    await contains("input").edit("Tags", { confirm: "Enter" });
    await animationFrame();
    expect("button[type=submit]").toHaveAttribute("disabled");
    // A second Enter while the first is under way proposes nothing.
    queryFirst("form").requestSubmit();
    await animationFrame();
    waiting.resolve(DONE);
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["propose Tags", "load"]);
    expect("input").toHaveValue("");
    expect("input").toBeFocused();
    expect("[role=status]").toHaveText(/IMP\/2026\/0007 is proposed/);
    await contains("[role=status] button").click();
    expect.verifySteps(["open 7"]);
});

test("what is typed is kept when it fails", async () => {
    await mountBox(() => {
        throw makeServerError({ message: "The archive is being moved." });
    });
    await contains("input").edit("Tags", { confirm: "Enter" });
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["propose Tags"]);
    expect("input").toHaveValue("Tags");
    expect("input").toHaveAttribute("aria-invalid", "true");
    expect("[role=status]").toHaveText(/The archive is being moved\./);
    expect("[role=status]").toHaveText(/Your words are still here/);
});

test("nothing is proposed of nothing", async () => {
    await mountBox(() => DONE);
    await contains("input").edit("   ", { confirm: "Enter" });
    await contains("button[type=submit]").click();
    expect.verifySteps([]);
    expect("input").toBeFocused();
});

test("my proposals, how many, and their points", async () => {
    await mountBox(() => DONE, {
        items: [{ key: "sqms.improvement,1", title: "Number tags", action: { res_id: 1 } }],
        count: 4,
        points: 20,
    });
    expect(".row_of_test").toHaveText("Number tags");
    expect("section").toHaveText(/20 points/);
    await contains(".list-group-item").click();
    await contains(".o_sqms_morning_all:contains(My proposals)").click();
    expect.verifySteps(["open 1", "all mine"]);
});
