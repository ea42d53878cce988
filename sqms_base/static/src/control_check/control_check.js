import { Component, onMounted, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionAbortedError, ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { AnswerQueue } from "./answer_queue";
import { shrinkPhoto } from "./shrink_photo";

const RETRY = 10000;
const MODEL = "sqms.control.record";

/** A service check on a telephone: one point at a time, each answer kept as it is given. */
export class ControlCheck extends Component {
    static template = "sqms_base.ControlCheck";
    static props = { ...standardActionServiceProps };
    static path = "sqms-check";
    static displayName = _t("Service Check");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        // Kept in the address, so that the page can be loaded again.
        this.record = parseInt(this.props.action.params?.record || this.props.state?.record || 0, 10);
        this.props.updateActionState?.({ record: this.record });
        this.state = useState({
            sheet: null,
            at: 0,
            text: "",
            error: "",
            waiting: 0,
            photosWaiting: 0,
            isOffline: false,
            offlineSince: "",
            savedAt: "",
            isSummary: false,
        });
        const key = `sqms_control_check_${this.record}`;
        this.queue = new AnswerQueue({
            send: (job) => this.send(job),
            isAway: (error) => error instanceof ConnectionLostError || error instanceof ConnectionAbortedError,
            onChange: (queue) => this.onQueue(queue),
            onDone: (job, answer) => this.onSaved(job, answer),
            onRefused: (job, error) => this.onRefused(job, error),
            store: {
                get: () => browser.localStorage.getItem(key),
                set: (text) =>
                    text === null ? browser.localStorage.removeItem(key) : browser.localStorage.setItem(key, text),
            },
        });
        onWillStart(() => this.load());
        const online = () => this.queue.flush();
        const leaving = (ev) => this.queue.count && ev.preventDefault();
        onMounted(() => {
            browser.addEventListener("online", online);
            browser.addEventListener("beforeunload", leaving);
            this.timer = browser.setInterval(() => this.queue.isOffline && this.queue.flush(), RETRY);
            this.queue.flush();
            this.focus();
        });
        onWillUnmount(() => {
            browser.removeEventListener("online", online);
            browser.removeEventListener("beforeunload", leaving);
            browser.clearInterval(this.timer);
        });
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", () => this.focus());
    }

    async load() {
        if (!this.record) {
            return;
        }
        this.state.sheet = await this.orm.call(MODEL, "get_sheet", [[this.record]]);
        // What was given before the page was loaded again, and has not arrived yet.
        for (const row of this.rows) {
            Object.assign(row, this.queue.pending(row.id));
        }
        const open = this.rows.findIndex((row) => !row.value);
        this.go(Math.max(open, 0));
        this.state.isSummary = !this.sheet.editable;
        this.onQueue(this.queue);
    }

    // -- what is shown -------------------------------------------------------

    get sheet() {
        return this.state.sheet;
    }

    get rows() {
        return this.sheet.rows;
    }

    get row() {
        return this.rows[this.state.at];
    }

    get answered() {
        return this.rows.filter((row) => row.value).length;
    }

    get percent() {
        return this.rows.length ? Math.round((100 * this.answered) / this.rows.length) : 0;
    }

    get out() {
        return this.rows.filter((row) => row.verdict === "out").length;
    }

    get progressWords() {
        return _t("%(answered)s of %(total)s answered", { answered: this.answered, total: this.rows.length });
    }

    get positionWords() {
        return _t("Point %(at)s of %(total)s", { at: this.state.at + 1, total: this.rows.length });
    }

    get pieceWords() {
        return _t("Piece %s", this.row.piece);
    }

    get offlineWords() {
        const { waiting, photosWaiting, offlineSince } = this.state;
        const answers = waiting - photosWaiting;
        const since = _t("No network since %s.", offlineSince);
        const kept =
            answers === 1 ? _t("1 answer waits on this telephone.") : _t("%s answers wait on this telephone.", answers);
        const photos = photosWaiting ? _t("%s photos wait: keep this page open.", photosWaiting) : "";
        return [since, answers ? kept : "", photos, _t("They are sent when it is back.")].filter(Boolean).join(" ");
    }

    get reportedWords() {
        return this.sheet.nonconformity ? _t("Reported as %s", this.sheet.nonconformity) : "";
    }

    get savedWords() {
        if (this.queue.waits(this.row.id)) {
            return this.state.isOffline ? _t("kept on this telephone") : _t("saving…");
        }
        return this.row.value ? _t("saved") : "";
    }

    get photoWaits() {
        return this.queue.jobs.filter((job) => job.photo && job.row === this.row.id).length;
    }

    get choices() {
        if (this.row.kind === "yes_no") {
            return [
                { value: "yes", label: _t("Yes"), icon: "fa-check" },
                { value: "no", label: _t("No"), icon: "fa-times" },
            ];
        }
        return this.row.choices;
    }

    /** Why the check cannot be finished yet; empty if it can. */
    get missing() {
        if (this.state.waiting) {
            return _t("Not everything has arrived at the server yet.");
        }
        return this.sheet.missing ? _t("Still missing: %s", this.sheet.missing) : "";
    }

    verdictWords(row) {
        return { conform: _t("Conform"), out: _t("Out of limit") }[row.verdict] || _t("Not answered yet");
    }

    verdictIcon(row) {
        return (
            { conform: "fa-check text-success", out: "fa-exclamation-circle text-danger" }[row.verdict] || "fa-circle-o"
        );
    }

    // -- answers ---------------------------------------------------------------

    give(values) {
        const row = this.row;
        this.state.error = "";
        Object.assign(row, values);
        return this.queue.push({ row: row.id, values });
    }

    choose(value) {
        if (this.sheet.editable) {
            this.give({ value });
        }
    }

    onNumber(ev) {
        this.state.text = ev.target.value;
    }

    /** A number is an answer when the person has done typing it. */
    keepNumber() {
        if (this.row.kind === "number" && this.sheet.editable && this.state.text !== this.row.value) {
            return this.give({ value: this.state.text });
        }
    }

    keepNote(ev) {
        if (ev.target.value !== this.row.note) {
            this.give({ note: ev.target.value });
        }
    }

    keepDevice(ev) {
        this.give({ device_id: parseInt(ev.target.value, 10) || false });
    }

    keepReference(ev) {
        const before = this.sheet.reference;
        const reference = ev.target.value;
        if (reference !== before) {
            this.sheet.reference = reference;
            // To finish means to wait for it.
            this.describing = this.describe({ reference }, before);
        }
    }

    /** Whether the server has it. */
    async describe(values, before) {
        try {
            await this.orm.call(MODEL, "describe", [[this.record], values]);
            return true;
        } catch (error) {
            if (!this.queue.isAway(error)) {
                throw error;
            }
            this.notification.add(_t("No network: the visit is not saved. Please enter it again."), {
                type: "warning",
            });
            this.sheet.reference = before;
            return false;
        }
    }

    async addPhoto(ev) {
        const input = ev.target;
        const row = this.row;
        for (const file of input.files) {
            const photo = await shrinkPhoto(file);
            photo.key = `${row.id}-${Date.now()}-${Math.random().toString(36).slice(2)}`;
            this.queue.push({ row: row.id, photo });
        }
        input.value = "";
    }

    async removePhoto(photo) {
        this.onAnswer(await this.orm.call(MODEL, "remove_photo", [[this.record], this.row.id, photo.id]));
    }

    send(job) {
        if (job.photo) {
            const { name, data, key } = job.photo;
            return this.orm.silent.call(MODEL, "add_photo", [[this.record], job.row, name, data, key]);
        }
        return this.orm.silent.call(MODEL, "answer", [[this.record], job.row, job.values]);
    }

    onSaved(job, answer) {
        this.onAnswer(answer);
        this.state.savedAt = luxon.DateTime.local().toLocaleString(luxon.DateTime.TIME_SIMPLE);
    }

    onAnswer(answer) {
        const row = this.rows.find((one) => one.id === answer.row.id);
        Object.assign(row, answer.row, this.queue.pending(row.id));
        this.sheet.missing = answer.missing;
        this.sheet.stopped = answer.stopped;
        this.sheet.nonconformity = answer.nonconformity;
        if (row === this.row && row.kind === "number" && !this.queue.waits(row.id)) {
            this.state.text = row.value;
        }
    }

    /** The server has it not, and says why: what stands on the screen is what the server has. */
    async onRefused(job, error) {
        const at = this.rows.findIndex((row) => row.id === job.row);
        this.state.error = error.data?.message || error.message;
        this.state.at = at;
        this.state.isSummary = false;
        const sheet = await this.orm.call(MODEL, "get_sheet", [[this.record]]);
        const row = sheet.rows.find((one) => one.id === job.row);
        Object.assign(this.rows[at], row);
        this.sheet.missing = sheet.missing;
        this.sheet.editable = sheet.editable;
    }

    onQueue(queue) {
        this.state.waiting = queue.count;
        this.state.photosWaiting = queue.photos;
        if (queue.isOffline && !this.state.isOffline) {
            this.state.offlineSince = luxon.DateTime.local().toLocaleString(luxon.DateTime.TIME_SIMPLE);
        }
        this.state.isOffline = queue.isOffline;
    }

    // -- from one point to the next ----------------------------------------------

    go(at) {
        this.state.at = at;
        this.state.error = "";
        this.state.isSummary = false;
        this.state.text = this.row ? this.row.value : "";
        this.focus();
    }

    async next() {
        await this.leave();
        if (this.state.error) {
            return;
        }
        if (this.state.at + 1 < this.rows.length) {
            this.go(this.state.at + 1);
        } else {
            this.state.isSummary = true;
        }
    }

    async previous() {
        await this.leave();
        if (this.state.at && !this.state.error) {
            this.go(this.state.at - 1);
        }
    }

    /** A number that was typed is kept before the point is left; without a network it waits. */
    async leave() {
        this.state.error = "";
        await this.keepNumber();
    }

    focus() {
        browser.setTimeout(() => this.root.el?.querySelector(".o_sqms_check_point")?.focus(), 0);
    }

    onKeydown(ev) {
        const isText = ["INPUT", "TEXTAREA", "SELECT"].includes(ev.target.tagName);
        if (ev.key === "Enter" && ev.target.name === "number") {
            ev.preventDefault();
            this.keepNumber();
        } else if (!isText && ev.key === "ArrowRight") {
            this.next();
        } else if (!isText && ev.key === "ArrowLeft") {
            this.previous();
        } else if (!isText && /^[1-9]$/.test(ev.key) && !this.state.isSummary && this.row.kind !== "number") {
            const choice = this.choices[parseInt(ev.key, 10) - 1];
            if (choice) {
                this.choose(choice.value);
            }
        }
    }

    async finish() {
        if (!(await this.queue.flush()) || (await this.describing) === false) {
            this.describing = null;
            return;
        }
        try {
            await this.orm.call(MODEL, "action_finish", [[this.record]]);
        } catch (error) {
            if (!this.queue.isAway(error)) {
                throw error;
            }
            this.notification.add(_t("No network: the check is not finished yet. Please try again."), {
                type: "warning",
            });
            return;
        }
        await this.load();
    }

    back() {
        this.action.doAction("sqms_base.sqms_control_record_action_mine", { clearBreadcrumbs: true });
    }

    openForm() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: this.record,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("sqms_control_check", ControlCheck);
