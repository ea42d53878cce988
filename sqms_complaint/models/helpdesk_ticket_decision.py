from odoo import fields, models
from odoo.tools import is_html_empty

from ..lib.investigation import missing_evidence


class HelpdeskTicketDecision(models.Model):
    """The decision: its reasons, and how the customer can go further.

    1. Whoever gets less than he wanted is told why, and where he can turn. Without both there is no decision.
    2. What was found out stands in the log, as much of it as the case is severe (`lib/investigation.py`). Only a small
       matter that was solved at first contact does without, and it says how it was solved.
    3. At the second level it is decided by somebody who did not decide at the first, on what was found out anew; who
       gets less than he wanted is shown the way to a body outside.
    4. What the customer was told does not change.
    """

    _inherit = "helpdesk.ticket"

    complaint_root_cause = fields.Text(
        "Root Cause", copy=False, help="Why it happened, as far as it is known. The customer does not see it."
    )
    complaint_first_contact = fields.Boolean(
        "Solved at First Contact", copy=False, help="Nothing had to be found out. Say in a word why."
    )
    complaint_first_contact_reason = fields.Char("How It Was Solved at Once", copy=False)
    complaint_reason = fields.Html(
        "Reasons",
        sanitize_style=True,
        strip_classes=True,
        copy=False,
        help="Why it is decided like this, in the words the customer reads.",
    )
    complaint_further = fields.Html(
        "Ways to Go Further",
        sanitize_style=True,
        strip_classes=True,
        copy=False,
        help="What the customer can do who disagrees: a second look here, another offer, a body outside.",
    )
    complaint_body_ids = fields.Many2many(
        "sqms.dispute.body",
        "helpdesk_ticket_complaint_body_rel",
        "ticket_id",
        "body_id",
        "Outside Bodies",
        copy=False,
        check_company=True,
        help="Where the customer can take it.",
    )
    complaint_decided_at = fields.Datetime("Decided at", readonly=True, copy=False)
    complaint_decided_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    complaint_first_response_at = fields.Datetime(
        "First Response", readonly=True, copy=False, help="When the customer first heard from somebody here."
    )

    # -- the step ----------------------------------------------------------------

    def _check_decide(self):
        refusals = super()._check_decide() or {}
        for ticket in self:
            reason = ticket._decide_refusal()
            if reason:
                refusals.setdefault(ticket.id, reason)
        return refusals

    def _decide_refusal(self):
        if self.complaint_level == "2" and self._workflow_people() & self.sudo().complaint_first_level_ids:
            return self.env._("you decided at the first level, somebody else decides now")
        missing = self._decide_missing()
        if missing:
            labels = [self._fields[name]._description_string(self.env) for name in missing]
            return self.env._("please fill in %(fields)s", fields=", ".join(labels))
        return self._evidence_refusal()

    def _decide_missing(self):
        """The names of the fields that a decision of this kind still lacks."""
        missing = ["complaint_answer"] if is_html_empty(self.complaint_answer) else []
        if self.complaint_decision in ("rejected", "partly"):
            if is_html_empty(self.complaint_reason):
                missing.append("complaint_reason")
            if self.complaint_level == "2":
                missing += [] if self.complaint_body_ids else ["complaint_body_ids"]
            elif is_html_empty(self.complaint_further) and not self.complaint_body_ids:
                missing.append("complaint_further")
        if self.complaint_first_contact and not (self.complaint_first_contact_reason or "").strip():
            missing.append("complaint_first_contact_reason")
        return missing

    def _evidence_refusal(self):
        """What the log of the investigation still lacks, in a sentence; nothing when it will do."""
        findings = self.sudo().complaint_finding_ids.filtered(lambda row: row.level == self.complaint_level)
        words = {
            "too_severe": self.env._(
                "a matter as severe as this is not solved at first contact, please write down what was found out"
            ),
            "finding": self.env._(
                "please write down in the investigation log what was found out, or that it was solved at first contact"
            ),
            "second": self.env._("a critical matter asks for two findings at least"),
            "proof": self.env._("a severe matter asks for a proof: please add the file to a finding"),
            "root_cause": self.env._("please write down the root cause of a severe matter"),
        }
        missing = missing_evidence(
            "critical" if self.complaint_is_safety else self.complaint_severity,
            len(findings),
            bool(findings.attachment_ids),
            bool((self.complaint_root_cause or "").strip()),
            first_contact=self.complaint_first_contact and self.complaint_level != "2",
        )
        return words.get(missing)

    def _check_communicate(self):
        """What the customer is told is what was decided: nothing of it went missing in between."""
        refusals = super()._check_communicate() or {}
        for ticket in self:
            names = [name for name in ("complaint_decision", "complaint_outcome") if not ticket[name]]
            names += [name for name in ticket._decide_missing() if name not in names]
            if names:
                labels = ", ".join(self._fields[name]._description_string(self.env) for name in names)
                refusals[ticket.id] = self.env._("please fill in %(fields)s", fields=labels)
        return refusals

    def _prepare_decide_values(self):
        now = fields.Datetime.now()
        return {ticket.id: {"complaint_decided_at": now, "complaint_decided_by_id": self.env.uid} for ticket in self}
