import { describe, expect, test } from "@odoo/hoot";

import { AnswerQueue } from "@sqms_base/control_check/answer_queue";

describe.current.tags("headless");

class Away extends Error {}

/** A server that can be away, refuse, or take its time; and a telephone that keeps what it is given. */
function setup({ kept = null } = {}) {
    const world = { away: false, refuse: null, got: [], done: [], refused: [], kept, hold: null };
    const queue = new AnswerQueue({
        send: async (job) => {
            await world.hold;
            if (world.away) {
                throw new Away();
            }
            if (world.refuse) {
                throw new Error(world.refuse);
            }
            world.got.push(job.photo ? `photo ${job.row}` : { row: job.row, ...job.values });
            return "ok";
        },
        isAway: (error) => error instanceof Away,
        onDone: (job) => world.done.push(job.row),
        onRefused: (job, error) => world.refused.push([job.row, error.message]),
        store: { get: () => world.kept, set: (text) => (world.kept = text) },
    });
    return { world, queue };
}

test("answers are sent one after the other", async () => {
    const { world, queue } = setup();
    queue.push({ row: 1, values: { value: "yes" } });
    queue.push({ row: 2, values: { value: "2.5" } });
    expect(await queue.flush()).toBe(true);
    expect(world.got).toEqual([
        { row: 1, value: "yes" },
        { row: 2, value: "2.5" },
    ]);
    expect(queue.count).toBe(0);
    expect(world.kept).toBe(null);
});

test("without a network nothing is lost and the last answer counts", async () => {
    const { world, queue } = setup();
    world.away = true;
    expect(await queue.push({ row: 1, values: { value: "yes" } })).toBe(false);
    await queue.push({ row: 1, values: { value: "no" } });
    await queue.push({ row: 1, values: { note: "leaks" } });
    await queue.push({ row: 2, values: { value: "3" } });
    expect(queue.isOffline).toBe(true);
    expect(queue.count).toBe(2);
    expect(queue.pending(1)).toEqual({ value: "no", note: "leaks" });
    expect(JSON.parse(world.kept).length).toBe(2);
    world.away = false;
    expect(await queue.flush()).toBe(true);
    expect(world.got).toEqual([
        { row: 1, value: "no", note: "leaks" },
        { row: 2, value: "3" },
    ]);
    expect(queue.isOffline).toBe(false);
});

test("an answer that is given while the one before is on its way is sent after it", async () => {
    const { world, queue } = setup();
    let go;
    world.hold = new Promise((resolve) => (go = resolve));
    queue.push({ row: 1, values: { value: "yes" } });
    queue.push({ row: 1, values: { value: "no" } });
    expect(queue.count).toBe(2);
    go();
    await queue.flush();
    expect(world.got.map((answer) => answer.value)).toEqual(["yes", "no"]);
});

test("what is refused leaves the queue with its reason, the rest goes on", async () => {
    const { world, queue } = setup();
    world.refuse = "no number";
    await queue.push({ row: 1, values: { value: "about 3" } });
    world.refuse = null;
    await queue.push({ row: 2, values: { value: "3" } });
    expect(world.refused).toEqual([[1, "no number"]]);
    expect(world.done).toEqual([2]);
    expect(queue.count).toBe(0);
});

test("answers survive a reload, photos wait in memory and are counted apart", async () => {
    const { world, queue } = setup();
    world.away = true;
    await queue.push({ row: 1, values: { value: "yes" } });
    await queue.push({ row: 1, photo: { name: "a.jpg" } });
    expect(queue.photos).toBe(1);
    const later = setup({ kept: world.kept });
    expect(later.queue.count).toBe(1);
    await later.queue.flush();
    expect(later.world.got).toEqual([{ row: 1, value: "yes" }]);
    expect(setup({ kept: "{broken" }).queue.count).toBe(0);
});
