import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Pager } from "@web/core/pager/pager";
import { toneClass } from "./trace_tone";

const ROWS = 80;
const LANES = ["happened", "changed", "helped"];

/** The same story as a table, for screen readers, phones, and for what is too much to draw. */
export class TraceList extends Component {
    static template = "sqms_base.TraceList";
    static components = { Pager };
    static props = {
        nodes: Array,
        edges: Array,
        lanes: Object,
        members: { optional: true },
        onOpen: Function,
        onAll: Function,
    };

    setup() {
        this.tone = toneClass;
        this.state = useState({ offset: 0 });
        this.names = Object.fromEntries(
            this.props.nodes.map((node) => [node.id, node.number || node.title || node.kind]),
        );
        this.following = {};
        for (const edge of this.props.edges) {
            (this.following[edge.source] ||= []).push(edge);
        }
        const place = (node) => LANES.indexOf(node.lane) * 1000 + node.rank;
        this.sorted = [...this.props.nodes].sort(
            (one, other) => place(one) - place(other) || `${one.date || "~"}`.localeCompare(`${other.date || "~"}`),
        );
    }

    get all() {
        const members = this.props.members && new Set(this.props.members);
        return members ? this.sorted.filter((node) => members.has(node.id)) : this.sorted;
    }

    get rows() {
        return this.all.slice(this.state.offset, this.state.offset + ROWS);
    }

    get pager() {
        return {
            offset: this.state.offset,
            limit: ROWS,
            total: this.all.length,
            isEditable: false,
            onUpdate: ({ offset }) => (this.state.offset = offset),
        };
    }

    leadsTo(node) {
        const names = (this.following[node.id] || []).map((edge) =>
            edge.label
                ? _t("%(how)s: %(record)s", { how: edge.label, record: this.names[edge.target] })
                : this.names[edge.target],
        );
        return names.length > 5
            ? _t("%(names)s and %(count)s more", { names: names.slice(0, 5).join(", "), count: names.length - 5 })
            : names.join(", ");
    }

    open(ev, node) {
        if (!ev.ctrlKey && !ev.metaKey && !ev.shiftKey) {
            ev.preventDefault();
            this.props.onOpen(node);
        }
    }

    showAll() {
        this.state.offset = 0;
        this.props.onAll();
    }
}
