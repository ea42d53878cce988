import { Component, useRef } from "@odoo/owl";
import { usePopover } from "@web/core/popover/popover_hook";

import { useNow } from "./deadline_now";
import { DeadlinePopover } from "./deadline_popover";
import { amount, fullMoment, namedWords, shortMoment, words } from "./deadline_words";

const { DateTime } = luxon;

/** The deadline of a badge as the server gives it, with instants in seconds. */
export function deadlineOfBadge(badge) {
    const due = badge.due_at ? DateTime.fromSQL(badge.due_at, { zone: "utc" }).toSeconds() : null;
    return { ...badge, due, met: null };
}

/** How a deadline stands, in words that move on with the minute; a click tells why. */
export class DeadlineBadge extends Component {
    static template = "sqms_base.DeadlineBadge";
    static props = {
        deadline: Object,
        clockId: { type: [Number, Boolean], optional: true },
        name: { type: String, optional: true },
        // With the date and a button of its own for the explanation; without, the badge itself is the button.
        isWide: { type: Boolean, optional: true },
        // One line of a grid of badge, date and button.
        isAligned: { type: Boolean, optional: true },
        // Where several deadlines stand together: “Reply: due in 5 h”.
        isNamed: { type: Boolean, optional: true },
    };

    setup() {
        this.clock = useNow();
        this.button = useRef("button");
        this.popover = usePopover(DeadlinePopover, {
            position: "bottom-start",
            setActiveElement: true,
            onClose: () => this.button.el?.focus(),
        });
    }

    get words() {
        return words(this.props.deadline, this.clock.now);
    }

    get text() {
        const { text } = this.words;
        return this.props.isNamed && this.props.name ? namedWords(this.props.name, this.words) : text;
    }

    get due() {
        const { due } = this.props.deadline;
        return due === null || due === undefined ? null : DateTime.fromSeconds(due);
    }

    get date() {
        return this.due ? shortMoment(this.due, DateTime.fromSeconds(this.clock.now)) : "";
    }

    get title() {
        const { name } = this.props;
        const { remaining, unit, met } = this.props.deadline;
        const left = unit && !met && remaining > 0 ? amount(remaining, unit).toString() : "";
        return [name, this.due && fullMoment(this.due), left].filter(Boolean).join(" · ");
    }

    get spoken() {
        return [this.words.text, this.title].filter(Boolean).join(", ");
    }

    get badgeClass() {
        return `badge rounded-pill fw-bold ${this.words.shade}`;
    }

    explain() {
        if (this.popover.isOpen) {
            this.popover.close();
        } else {
            this.popover.open(this.button.el, { clockId: this.props.clockId });
        }
    }

    /** The list and the form have keys of their own, which would open the record. */
    onKeydown(ev) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.stopPropagation();
        }
    }
}
