import { Component, onMounted, onWillStart, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { EvidenceDialog } from "./evidence_dialog";
import { OrphansDialog } from "./orphans_dialog";
import { ClauseCounts, StateBadge } from "./state_badge";
import { clauseLines, filterCounts } from "./clause_tree";

const MINUTE = 60 * 1000;

/** Coverage by standard on the left, the clauses of one on the right: what is proven, what is not, and why. */
export class ClauseMap extends Component {
    static template = "sqms_base.ClauseMap";
    static components = { ClauseCounts, Layout, StateBadge };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Clause Map");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: { layoutActions: true } };
        const kept = this.props.state || {};
        this.state = useState({
            map: null,
            error: "",
            filter: kept.filter || "all",
            search: kept.search || "",
            folded: new Set(kept.folded || []),
            isBusy: false,
        });
        this.standard = Number(kept.standard || this.props.action.params?.standard) || false;
        useSetupAction({ getLocalState: () => this.kept });
        useExternalListener(document, "visibilitychange", () => !document.hidden && this.load());
        useExternalListener(browser, "focus", () => this.load());
        onWillStart(() => this.load());
        onMounted(() => (this.ticking = browser.setInterval(() => this.load(), MINUTE)));
        onWillUnmount(() => browser.clearInterval(this.ticking));
    }

    async load() {
        try {
            const call = this.orm.silent.call("sqms.clause.map", "get_map", [this.standard]);
            Object.assign(this.state, { map: await this.keepLast.add(call), error: "" });
            this.standard = this.state.map.standard;
        } catch (error) {
            // What was there stays; a page that shows nothing says why.
            this.state.error = error.data?.message || _t("The server cannot be reached.");
        }
    }

    /** What is there again on the way back. */
    get kept() {
        const { filter, search, folded } = this.state;
        return { standard: this.standard, filter, search, folded: [...folded] };
    }

    // -- what stands there -----------------------------------------------------

    get chosen() {
        return this.state.map.standards.find((standard) => standard.id === this.state.map.standard);
    }

    get lines() {
        return clauseLines(this.state.map.rows, this.state);
    }

    get filters() {
        const counts = filterCounts(this.state.map.rows);
        return [
            { key: "red", icon: "fa-times text-danger-emphasis", label: _t("Red") },
            { key: "amber", icon: "fa-exclamation text-warning-emphasis", label: _t("Amber") },
            { key: "mine", icon: "fa-user", label: _t("Mine") },
            { key: "no_owner", icon: "fa-user-o", label: _t("No Owner") },
        ].map((filter) => ({ ...filter, count: counts[filter.key], active: this.state.filter === filter.key }));
    }

    get sentence() {
        const { applicable, counts } = this.chosen;
        return _t("%(green)s of %(all)s clauses have fresh evidence", { green: counts.green, all: applicable });
    }

    /** Whether another kind of standards begins here: laws after International Standards. */
    startsKind(index) {
        const { standards } = this.state.map;
        return index > 0 && standards[index].kind !== standards[index - 1].kind;
    }

    percentOf(standard) {
        return standard.percent === false || standard.percent === null ? "–" : _t("%s %", standard.percent);
    }

    /** The bar: what is green, amber, red, by its share. */
    partsOf(standard) {
        return ["green", "amber", "red"]
            .map((state) => ({ state, count: standard.counts[state] }))
            .filter((part) => part.count);
    }

    titleOf(standard) {
        const { green, amber, red } = standard.counts;
        return _t("%(green)s green, %(amber)s amber, %(red)s red", { green, amber, red });
    }

    ageOf(row) {
        return row.age ? row.age.text || _t("live") : "–";
    }

    evidenceLabel(row) {
        return _t("Evidence of %s", row.number);
    }

    /** What leads on from here: one button, and none that would be refused. */
    stepOf(row) {
        const { may } = this.state.map;
        if (row.heading || row.state === "excluded") {
            return null;
        }
        if (!row.owner && may.owner) {
            return { label: _t("Set Owner"), run: () => this.setOwner(row) };
        }
        if (row.leads) {
            return { label: row.leads.label, run: () => this.openRecords(row, row.leads.rule, true) };
        }
        if (!row.evidence.length && may.rule) {
            return { label: _t("Add Evidence Rule"), run: () => this.addRule(row) };
        }
        return null;
    }

    // -- what people do ----------------------------------------------------------

    async choose(standard) {
        this.standard = standard.id;
        this.state.filter = "all";
        this.state.search = "";
        this.props.updateActionState?.({ standard: this.standard });
        await this.load();
    }

    toggleFilter(key) {
        this.state.filter = this.state.filter === key ? "all" : key;
    }

    toggleFold(row) {
        if (!this.state.folded.delete(row.id)) {
            this.state.folded.add(row.id);
        }
    }

    onSearch(ev) {
        this.state.search = ev.target.value;
    }

    onSearchKey(ev) {
        if (ev.key === "Escape" && this.state.search) {
            this.state.search = "";
        }
    }

    print() {
        browser.print();
    }

    showEvidence(row) {
        this.dialog.add(EvidenceDialog, {
            clauseId: row.id,
            onOpen: (rule) => this.openRecords(row, rule, false),
            onPack: () => this.makePack(row.id),
        });
    }

    showOrphans() {
        this.dialog.add(OrphansDialog, { onOpen: (action) => this.action.doAction(action) });
    }

    async openRecords(row, rule, wrong) {
        this.action.doAction(await this.orm.call("sqms.clause.map", "get_records_action", [rule, row.id, wrong]));
    }

    setOwner(row) {
        return this.action.doAction("sqms_base.sqms_clause_action_owner", {
            props: { resId: row.id },
            onClose: () => this.load(),
        });
    }

    addRule(row) {
        return this.action.doAction("sqms_base.sqms_evidence_rule_action", {
            viewType: "form",
            additionalContext: { default_clause_ids: [row.id] },
        });
    }

    async makePack(clauseId = false) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const pack = await this.orm.call("sqms.clause.map", "make_pack", [this.standard, clauseId]);
            if (pack.url) {
                const link = document.createElement("a");
                link.href = pack.url;
                link.download = pack.name;
                link.click();
            }
            this.notification.add(pack.message, { title: pack.title, type: pack.url ? "success" : "info" });
        } finally {
            this.state.isBusy = false;
        }
    }
}

registry.category("actions").add("sqms_clause_map", ClauseMap);
