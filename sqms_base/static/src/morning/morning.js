import { Component, markup, onMounted, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { dueBadge } from "./due";
import { MorningProposal } from "./proposal";

const { DateTime } = luxon;

/** This moment where the person works: the server reckons days by the same zone, whatever that of the browser. */
const now = () => DateTime.now().setZone(user.tz || "local");
const TINTS = {
    danger: "bg-danger-subtle text-danger-emphasis",
    warning: "bg-warning-subtle text-warning-emphasis",
    success: "bg-success-subtle text-success-emphasis",
    secondary: "bg-200 text-800",
};
const MINUTE = 60 * 1000;

/** One thing that waits: who or what, where it comes from, how much time is left. */
export class MorningItem extends Component {
    static template = "sqms_base.MorningItem";
    static props = { item: Object, now: Object, isStart: { type: Boolean, optional: true } };

    get badge() {
        const { badge, due, date_only, kind } = this.props.item;
        if (badge) {
            return { tone: "secondary", ...badge };
        }
        return due && dueBadge(due, date_only, this.props.now, kind);
    }
    get tint() {
        return TINTS[this.badge.tone];
    }
    /** At the top one sentence says it all. */
    get headline() {
        return this.props.isStart && this.props.item.headline;
    }
    get title() {
        return this.headline || this.props.item.title;
    }
    get subtitle() {
        return !this.headline && this.props.item.subtitle;
    }
}

/** The start page: what to begin with, and all that waits for the person who looks. */
export class Morning extends Component {
    static template = "sqms_base.Morning";
    static components = { MorningItem, MorningProposal };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.Item = MorningItem;
        this.wide = browser.matchMedia("(min-width: 992px)");
        this.state = useState({ morning: null, error: "", now: now(), isWide: this.wide.matches });
        useExternalListener(this.wide, "change", () => (this.state.isWide = this.wide.matches));
        useExternalListener(document, "visibilitychange", () => !document.hidden && this.load());
        onMounted(() => {
            this.load();
            this.ticking = browser.setInterval(() => (this.state.now = now()), MINUTE);
        });
        onWillUnmount(() => browser.clearInterval(this.ticking));
    }

    async load() {
        try {
            const morning = await this.keepLast.add(this.orm.silent.call("sqms.morning", "get_morning", []));
            Object.assign(this.state, { morning, error: "", now: now() });
        } catch (error) {
            // What was there stays; a page that shows nothing says why.
            this.state.error = error.data?.message || _t("The server cannot be reached.");
        }
    }

    /** Two columns, or one in the order of importance. */
    get columns() {
        const { sections, proposal } = this.state.morning;
        if (!this.state.isWide) {
            return [sections];
        }
        // The line in which to propose something closes the left column, whatever else stands there.
        return ["left", "right"]
            .map((side) => sections.filter((section) => section.column === side))
            .filter((column, index) => column.length || (!index && proposal));
    }

    get summary() {
        const { waiting, today } = this.state.morning;
        const numbers = { count: markup`<strong>${waiting}</strong>`, today: markup`<strong>${today}</strong>` };
        if (!waiting) {
            return "";
        }
        if (waiting === 1) {
            return today
                ? _t("%(count)s thing waits for you today", numbers)
                : _t("%(count)s thing waits for you", numbers);
        }
        return today
            ? _t("%(count)s things wait for you, %(today)s of them today", numbers)
            : _t("%(count)s things wait for you, none of them today", numbers);
    }

    countOf(section) {
        return section.taken ? _t("%s more", section.left) : `${section.left}`;
    }

    async open(item) {
        const { xmlid, res_model, res_id } = item.action;
        if (xmlid) {
            return this.action.doAction(xmlid, { viewType: "form", props: { resId: res_id } });
        }
        return this.action.doAction(await this.orm.call(res_model, "get_formview_action", [[res_id]]));
    }

    async openAll({ xmlid, domain, context }) {
        if (!domain) {
            return this.action.doAction(xmlid, { additionalContext: context || {} });
        }
        const action = await this.action.loadAction(xmlid);
        return this.action.doAction({ ...action, domain, context: context || {} });
    }
}

registry.category("actions").add("sqms_morning", Morning);
