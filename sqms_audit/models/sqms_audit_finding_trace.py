from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)

BADGES = {
    "recorded": ("warning", "fa-reply"),
    "answered": ("info", "fa-eye"),
    "accepted": ("success", "fa-check"),
}


class SqmsAuditFinding(models.Model):
    """A finding in the story: where it was found, and that its audit stays open until the answer is accepted."""

    _name = "sqms.audit.finding"
    _inherit = ["sqms.audit.finding", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["finding"]
    _trace_icon = "fa-check-square-o"
    _trace_links = (TraceLink("audit_id", label=_lt("found"), direction="from", kind="found"),)

    def _trace_cards(self):
        cards = super()._trace_cards()
        grades = dict(self._fields["grade"]._description_selection(self.env))
        for finding in self:
            tone, icon = BADGES[finding.state]
            cards[finding.id] |= {
                "title": finding.statement,
                "date": finding.date,
                "detail": " · ".join((self._trace_day(finding.date), grades[finding.grade])),
                "badge": finding.needs_response
                and {"text": finding._workflow_state_label(), "tone": tone, "icon": icon},
            }
        return cards

    def _trace_gates(self):
        """What needs an answer holds its audit open until an auditor has accepted the answer."""
        gates = super()._trace_gates()
        for finding in self.filtered("needs_response"):
            audit = finding.audit_id
            if audit.sudo().state not in ("in_progress", "report"):
                continue
            people, is_open = audit.sudo(), finding.state != "accepted"
            waits_for_auditor = finding.state == "answered"
            gates.append(
                {
                    "source": finding,
                    "target": audit,
                    "open": is_open,
                    "label": finding._workflow_state_label(),
                    "text": self.env._(
                        "%(audit)s closes when the answer to %(finding)s is accepted. Now: %(state)s.",
                        audit=people.display_name,
                        finding=finding.number,
                        state=finding._workflow_state_label(),
                    ),
                    "responsible": people.lead_user_id if waits_for_auditor else people._get_users("auditee")[:1],
                    "due": finding.due_date,
                }
            )
        return gates
