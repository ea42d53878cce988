import { Component, onMounted, onPatched, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { toneClass } from "./trace_tone";

const SMALLEST = 0.85; // below, the words are too small to read: the graph scrolls
const ARROWS = [
    { name: "line", tone: "text-muted" },
    { name: "gate", tone: "text-warning-emphasis" },
];
const DIRECTIONS = { ArrowRight: "after", ArrowLeft: "before", ArrowUp: "above", ArrowDown: "below" };

/** Cards and lines where the server has put them; cards are links, arrow keys walk along the lines. */
export class TraceGraph extends Component {
    static template = "sqms_base.TraceGraph";
    static props = {
        data: Object,
        zoom: [Number, String],
        onZoom: Function,
        onOpen: Function,
        onMore: Function,
    };

    setup() {
        this.tone = toneClass;
        this.arrows = ARROWS;
        this.scroll = useRef("scroll");
        this.state = useState({ width: 0 });
        this.nodes = Object.fromEntries(this.props.data.nodes.map((node) => [node.id, node]));
        this.cards = Object.fromEntries(this.picture.nodes.map((card) => [card.id, card]));
        this.held = new Set(this.props.data.gates.filter((gate) => gate.open).map((gate) => gate.source));
        useEffect(
            () => {
                const observer = new ResizeObserver(() => (this.state.width = this.scroll.el?.clientWidth || 0));
                observer.observe(this.scroll.el);
                return () => observer.disconnect();
            },
            () => [],
        );
        onMounted(() => this.showRoot());
        onPatched(() => this.props.onZoom(this.zoom));
    }

    get picture() {
        return this.props.data.picture;
    }

    get zoom() {
        if (this.props.zoom !== "fit") {
            return this.props.zoom;
        }
        const fitting = this.state.width ? this.state.width / this.picture.width : 1;
        return Math.max(SMALLEST, Math.min(1, fitting));
    }

    showRoot() {
        const root = this.picture.nodes.find((card) => card.root);
        const free = this.scroll.el.clientWidth;
        this.state.width = free;
        if (root && this.picture.width * this.zoom > free) {
            this.scroll.el.scrollLeft = root.x * this.zoom - free / 3;
        }
    }

    // -- what a card says ----------------------------------------------------

    isHeld(card) {
        return this.held.has(card.id);
    }

    isHeldEdge(edge) {
        return this.held.has(edge.source);
    }

    more(card) {
        return _t("+%s more", card.more);
    }

    label(card) {
        const node = this.nodes[card.id];
        const gates = this.props.data.gates.filter((gate) => gate.source === card.id).map((gate) => gate.text);
        return [node.kind, node.number, node.title, node.detail, node.badge && node.badge.text, ...gates]
            .filter(Boolean)
            .join(", ");
    }

    style(card) {
        return `left: ${card.x}px; top: ${card.y}px; width: ${card.w}px; height: ${card.h}px`;
    }

    href(card) {
        const node = this.nodes[card.id];
        return `/odoo/${node.model}/${node.res_id}`;
    }

    // -- what people do ------------------------------------------------------

    onClick(ev, card) {
        if (!ev.ctrlKey && !ev.metaKey && !ev.shiftKey) {
            ev.preventDefault();
            this.props.onOpen(this.nodes[card.id]);
        }
    }

    onKeydown(ev) {
        const id = ev.target.dataset?.id;
        const direction = DIRECTIONS[ev.key];
        if (!id || !direction || ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        const next = this[direction](this.cards[id]);
        if (next) {
            ev.preventDefault();
            this.scroll.el.querySelector(`[data-id="${CSS.escape(next.id)}"]`).focus();
        }
    }

    after(card) {
        return this.nearest(card, "source", "target");
    }

    before(card) {
        return this.nearest(card, "target", "source");
    }

    /** Of the cards that a line leads to, the one that lies straightest ahead. */
    nearest(card, here, there) {
        const away = (other) => Math.abs(other.y - card.y) + Math.abs(other.x - card.x) / 4;
        return this.picture.edges
            .filter((edge) => edge[here] === card.id)
            .map((edge) => this.cards[edge[there]])
            .sort((one, other) => away(one) - away(other))[0];
    }

    above(card) {
        return this.picture.nodes.findLast((other) => other.column === card.column && other.y < card.y);
    }

    below(card) {
        return this.picture.nodes.find((other) => other.column === card.column && other.y > card.y);
    }
}
