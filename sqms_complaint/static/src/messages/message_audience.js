import { Chatter } from "@mail/chatter/web_portal/chatter";
import { Message } from "@mail/core/common/message";
import { Message as MessageModel } from "@mail/core/common/message_model";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const INTERNAL = { icon: "fa-lock", shade: "bg-warning-subtle text-warning-emphasis" };
const SENT = { icon: "fa-globe", shade: "bg-success-subtle text-success-emphasis" };
const CUSTOMER = { icon: "fa-globe", shade: "bg-info-subtle text-info-emphasis" };

/** What the badge of a message says: who reads it, and which way it went. */
export function audienceOf(kind) {
    switch (kind) {
        case "internal":
            return { kind, ...INTERNAL, text: _t("Internal · customer never sees this") };
        case "sent":
            return { kind, ...SENT, text: _t("Public · sent to customer") };
        case "customer":
            return { kind, ...CUSTOMER, text: _t("Public · from customer") };
        default:
            return null;
    }
}

/** Messages of complaints say who reads them; those of everything else are as they were. */
patch(Message.prototype, {
    get complaintAudience() {
        return audienceOf(this.message.complaint_audience);
    },

    get attClass() {
        const kind = this.message.complaint_audience;
        return {
            ...super.attClass,
            o_sqms_audience: Boolean(kind),
            "o_sqms_internal border-start border-3 border-warning bg-warning-subtle rounded-end": kind === "internal",
        };
    },
});

patch(MessageModel.prototype, {
    get bubbleColor() {
        const color = super.bubbleColor;
        switch (this.complaint_audience) {
            case "sent":
                return color && "green";
            case "customer":
                return color && "blue";
            default:
                return color;
        }
    },
});

/** The composer says who is going to read what is being written. */
patch(Chatter.prototype, {
    get complaintComposer() {
        if (!this.props.record?.data.is_complaint) {
            return null;
        }
        return this.state.composerType === "note"
            ? { kind: "internal", ...INTERNAL, text: _t("Internal · customer never sees this") }
            : { kind: "sent", ...SENT, text: _t("Public · the customer reads what you write here") };
    },
});
