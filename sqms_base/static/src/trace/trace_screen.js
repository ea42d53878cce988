import { Component, onWillStart, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { downloadFile } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { TraceGates } from "./trace_gates";
import { TraceGraph } from "./trace_graph";
import { TraceList } from "./trace_list";

const ZOOMS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5];

/** The story around one record, drawn from what the server lays out. */
export class TraceScreen extends Component {
    static template = "sqms_base.TraceScreen";
    static components = { Dropdown, DropdownItem, Layout, TraceGates, TraceGraph, TraceList };
    static props = { ...standardActionServiceProps };
    static path = "sqms-trace";
    static displayName = _t("Trace");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        // Kept in the address, so that the page can be loaded again.
        this.trace = this.props.action.params?.trace || this.props.state?.trace || "";
        this.props.updateActionState?.({ trace: this.trace });
        this.state = useState({
            mode: this.props.state?.mode || (this.env.isSmall ? "list" : "graph"),
            zoom: "fit",
            members: null,
        });
        onWillStart(() => this.load());
    }

    async load() {
        const match = /^([a-z][a-z0-9_.]*),(\d+)$/.exec(this.trace);
        if (!match) {
            this.data = null;
            return;
        }
        this.record = { model: match[1], id: parseInt(match[2], 10) };
        this.data = await this.call("trace_screen");
    }

    call(method) {
        return this.orm.call(this.record.model, method, [[this.record.id]]);
    }

    // -- what the head says --------------------------------------------------

    get counts() {
        const nodes = this.data.nodes.length;
        const open = this.data.gates.filter((gate) => gate.open).length;
        return [
            nodes === 1 ? _t("1 record") : _t("%s records", nodes),
            open === 1 ? _t("1 open gate") : _t("%s open gates", open),
        ].join(" · ");
    }

    get isAlone() {
        return this.data.nodes.length === 1;
    }

    get days() {
        return this.data.spans.reduce((sum, span) => sum + span.days, 0);
    }

    // -- what people do ------------------------------------------------------

    show(mode) {
        this.state.mode = mode;
        this.state.members = null;
    }

    /** A number, or "fit": what the graph takes for the moment comes back through `onZoom`. */
    onZoom(zoom) {
        this.zoom = zoom;
    }

    step(direction) {
        const now = this.state.zoom === "fit" ? this.zoom : this.state.zoom;
        const next = direction > 0 ? ZOOMS.find((zoom) => zoom > now) : ZOOMS.findLast((zoom) => zoom < now);
        this.state.zoom = next || now;
    }

    showMembers(card) {
        this.state.members = card.members;
        this.state.mode = "list";
    }

    async open(node) {
        if (!node.restricted) {
            await this.action.doAction(await this.orm.call(node.model, "get_formview_action", [[node.res_id]]));
        }
    }

    async act(gate) {
        const node = this.data.nodes.find((one) => one.id === gate.source);
        await this.action.doAction(await this.orm.call(node.model, gate.action.method, [[node.res_id]]));
    }

    async download(kind) {
        const root = this.data.nodes.find((node) => node.root);
        const name = `${root.number || root.kind}`.replace(/[^\p{L}\p{N}-]+/gu, "-");
        if (kind === "svg") {
            downloadFile(await this.call("trace_svg"), `trace-${name}.svg`, "image/svg+xml");
        } else {
            const text = JSON.stringify(await this.call("trace"), null, 2);
            downloadFile(text, `trace-${name}.json`, "application/json");
        }
    }
}

registry.category("actions").add("sqms_trace", TraceScreen);
