from odoo import api, fields, models
from odoo.tools import LazyTranslate, plaintext2html

from odoo.addons.sqms_base.lib.trace_link import TraceLink
from odoo.addons.sqms_base.models.sqms_feedback import SqmsFeedback
from odoo.addons.sqms_base.models.sqms_feedback_trace import SqmsFeedbackTrace

_lt = LazyTranslate(__name__)


class SqmsFeedbackComplaint(models.Model):
    """A concern that turns out to be a complaint becomes one.

    1. The words go along, as the customer wrote them. Of somebody anonymous nothing else does: the complaint has no
       contact and no follower, and the answer is read with the code of the feedback.
    2. Who gave name or address keeps them in the complaint, so that it can be handled.
    """

    _inherit = "sqms.feedback"

    complaint_id = fields.Many2one(
        "helpdesk.ticket", readonly=True, copy=False, check_company=True, index="btree_not_null", ondelete="restrict"
    )

    _workflow_managed = (*SqmsFeedback._workflow_managed, "complaint_id")
    _trace_links = (*SqmsFeedbackTrace._trace_links, TraceLink("complaint_id", label=_lt("became")))

    @api.model
    def _conversions(self):
        return {
            **super()._conversions(),
            "complaint": {"label": _lt("Complaint"), "method": "_make_complaint", "field": "complaint_id"},
        }

    def _make_complaint(self):
        Ticket = self.env["helpdesk.ticket"]
        Ticket.check_access("create")
        values = {
            "is_complaint": True,
            "name": self.name,
            "description": plaintext2html(self.text),
            "company_id": self.company_id.id,
            "team_id": False,
            "user_id": False,
            "partner_id": False,
            "complaint_is_anonymous": self.is_anonymous,
            "complaint_contact": "none",
            "complaint_lang": self.lang or self.env.lang,
        }
        if not self.is_anonymous:
            partner = self.partner_id
            email = self.email or partner.email
            values.update(
                partner_id=partner.id,
                partner_name=self.person_name or partner.name or False,
                partner_email=email or False,
                complaint_contact="email" if email else "none",
            )
        quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
        return Ticket.with_context(**quiet).create(values)
