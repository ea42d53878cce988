import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { toneClass } from "./trace_tone";

const AT_ONCE = 3;

/** What holds closure: the sentence, who answers for it, until when, and the way there. */
export class TraceGates extends Component {
    static template = "sqms_base.TraceGates";
    static props = { gates: Array, nodes: Array, onOpen: Function, onAct: Function };

    setup() {
        this.tone = toneClass;
        this.state = useState({ all: false });
        this.nodes = Object.fromEntries(this.props.nodes.map((node) => [node.id, node]));
        this.open = this.props.gates.filter((gate) => gate.open);
    }

    get shown() {
        return this.state.all ? this.open : this.open.slice(0, AT_ONCE);
    }

    get title() {
        const held = new Set(this.open.map((gate) => this.nodes[gate.target]?.number || ""));
        const [only] = held;
        if (this.open.length > 1) {
            return held.size === 1 && only
                ? _t("%(count)s gates hold closure of %(record)s", { count: this.open.length, record: only })
                : _t("%s gates hold closure", this.open.length);
        }
        return only ? _t("One gate holds closure of %s", only) : _t("One gate holds closure");
    }
}
