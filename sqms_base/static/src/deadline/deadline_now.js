import { onMounted, onWillUnmount, reactive, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

const MINUTE = 60000;
const ALLOWED = 30; // seconds; so much a browser's clock may differ before it is put right

/** One moment for all deadlines on the page, moved on each minute. */
const clock = reactive({ now: 0 });
let widgets = 0;
let timer = null;
let ahead = 0;

function read() {
    return Date.now() / 1000 + ahead;
}

function tick() {
    clock.now = read();
    // At the full minute, and a moment later, so that a text never lags by rounding.
    timer = browser.setTimeout(tick, MINUTE - ((clock.now * 1000) % MINUTE) + 50);
}

/** Whether the timer runs; it does as long as a deadline is shown. */
export function isTicking() {
    return timer !== null;
}

/** The browser's clock may be wrong: a moment of the server, just received, puts it right. */
export function correctNow(serverSeconds) {
    const difference = serverSeconds - Date.now() / 1000;
    ahead = Math.abs(difference) > ALLOWED ? difference : 0;
    clock.now = read();
}

/** The moment, for a component that is drawn anew when it moves on: `{now}` in seconds. */
export function useNow() {
    clock.now = read();
    onMounted(() => {
        widgets++;
        if (widgets === 1) {
            tick();
        }
    });
    onWillUnmount(() => {
        widgets--;
        if (!widgets) {
            browser.clearTimeout(timer);
            timer = null;
        }
    });
    return useState(clock);
}
