from odoo import models

from .helpdesk_ticket import OFFICERS, OPEN_STATES

DISPUTE_OVER = ("closed", "dropped")


class HelpdeskTicketMergeCheck(models.Model):
    """What speaks against a merge.

    1. Both are open complaints of one company; the one that came first is kept.
    2. A complaint whose customer was given an answer or a remedy, or that is before an outside body, is not merged
       into another: what was said stands under its number.
    3. What is confidential does not come into the open, and what concerns safety does not lose that mark.
    4. Complaints of different customers are merged by an officer who says why. The anonymous are different from
       everybody.
    """

    _inherit = "helpdesk.ticket"

    def _merge_order(self, other):
        """(the complaint that would be merged, the one that would be kept)."""

        def key(ticket):
            return (ticket.complaint_received_at or ticket.create_date, ticket.id)

        return (other, self) if key(self.sudo()) <= key(other.sudo()) else (self, other)

    def _merge_is_same_customer(self, other):
        """Of one firm or person; where one of them is no known contact, the same email address or telephone."""
        one, two = self.sudo(), other.sudo()
        if one.complaint_is_anonymous or two.complaint_is_anonymous:
            return False
        if one.commercial_partner_id and two.commercial_partner_id:
            return one.commercial_partner_id == two.commercial_partner_id
        if one.complaint_email_key and two.complaint_email_key:
            return one.complaint_email_key == two.complaint_email_key
        return bool(one.complaint_phone_key) and one.complaint_phone_key == two.complaint_phone_key

    def _merge_refusals(self, target, reason=None):
        """Sentences, each something that speaks against merging this complaint into the other; none if nothing does."""
        self.ensure_one()
        source, kept = self.sudo(), target.sudo()
        return (
            source._merge_refusals_kind(kept)
            or source._merge_refusals_state(kept, self.env)
            or [
                *source._merge_refusals_story(kept),
                *source._merge_refusals_secrecy(kept),
                *source._merge_refusals_customer(kept, reason, self.env),
            ]
        )

    def _merge_refusals_kind(self, kept):
        if self == kept:
            return [self.env._("%s is not merged into itself.", self.number)]
        for ticket in self | kept:
            if not ticket.is_complaint:
                return [
                    self.env._(
                        "%s is no complaint: please register it as one first, or mark it as a duplicate ticket.",
                        ticket.number,
                    )
                ]
        if self.company_id != kept.company_id:
            return [self.env._("%(merged)s and %(kept)s belong to different companies.", **self._merge_names(kept))]
        return []

    def _merge_names(self, kept):
        return {"merged": self.number, "kept": kept.number}

    def _merge_refusals_state(self, kept, env):
        found = []
        for ticket in self | kept:
            if ticket.complaint_merged_into_id:
                found.append(
                    env._(
                        "%(number)s is merged into %(other)s already.",
                        number=ticket.number,
                        other=ticket.complaint_merged_into_id.number,
                    )
                )
            elif ticket.complaint_state not in OPEN_STATES:
                found.append(
                    env._(
                        "%(number)s is “%(state)s”: only open complaints are merged.",
                        number=ticket.number,
                        state=ticket.with_env(env)._workflow_state_label(),
                    )
                )
        return found

    def _merge_refusals_story(self, kept):
        """What has been said and given under the number of this complaint stays under it."""
        found = []
        if self._merge_order(kept)[0] != self:
            found.append(
                self.env._(
                    "%(merged)s came first: %(kept)s is merged into it, so that the deadlines count from the first "
                    "receipt.",
                    **self._merge_names(kept),
                )
            )
        if self.complaint_communicated_at:
            found.append(self.env._("The customer of %s was given an answer already.", self.number))
        given = self.remedy_ids.filtered(lambda remedy: remedy.state == "given")
        if given:
            found.append(
                self.env._(
                    "%(remedy)s of %(merged)s was given already.",
                    remedy=", ".join(given.mapped("number")),
                    merged=self.number,
                )
            )
        return found + self._merge_dispute_refusals()

    def _merge_refusals_secrecy(self, kept):
        found, names = [], self._merge_names(kept)
        if self.complaint_is_confidential and not kept.complaint_is_confidential:
            found.append(self.env._("%(merged)s is confidential and %(kept)s is not.", **names))
        if self.complaint_is_safety and not kept.complaint_is_safety:
            found.append(self.env._("%(merged)s is about safety: please mark %(kept)s as such first.", **names))
        return found

    def _merge_refusals_customer(self, kept, reason, env):
        if self._merge_is_same_customer(kept):
            return []
        names = self._merge_names(kept)
        if not env.su and not env.user.has_group(OFFICERS):
            return [env._("%(merged)s and %(kept)s are of different customers: an officer merges them.", **names)]
        if not (reason or "").strip():
            return [env._("%(merged)s and %(kept)s are of different customers: please say why.", **names)]
        return []

    def _merge_dispute_refusals(self):
        open_ones = (
            self.env["sqms.complaint.dispute"]
            .sudo()
            .search([("ticket_id", "=", self.id), ("state", "not in", DISPUTE_OVER)])
        )
        return (
            [
                self.env._(
                    "%(merged)s is before an outside body (%(dispute)s).",
                    merged=self.number,
                    dispute=", ".join(open_ones.mapped("display_name")),
                )
            ]
            if open_ones
            else []
        )
