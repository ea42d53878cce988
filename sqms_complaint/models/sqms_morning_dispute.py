from odoo import models
from odoo.fields import Domain

from .helpdesk_ticket import AGENTS
from .sqms_complaint_remedy import ENDED

DISPUTES = "sqms_complaint.sqms_complaint_dispute_action"


class SqmsMorningDispute(models.AbstractModel):
    """Disputes whose answer waits for me, and promised remedies of my complaints that still have to be given."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_disputes(), self._morning_remedies()]

    def _morning_disputes(self):
        if not self.env.user.has_group(AGENTS):
            return None
        mine = Domain("user_id", "=", self.env.uid)
        to_answer = mine & Domain("state", "=", "referred")
        to_carry_out = mine & Domain("state", "=", "settled")
        return self._morning_section(
            "disputes",
            [
                self._morning_source("sqms.complaint.dispute", to_answer, self._show_disputes, due="internal_due"),
                self._morning_source("sqms.complaint.dispute", to_carry_out, self._show_disputes, due="implement_due"),
            ],
            sequence=12,
            icon="fa-balance-scale",
            title=self.env._("Before an outside body"),
            more=self._morning_all(DISPUTES, mine & Domain("state", "in", ("referred", "settled"))),
        )

    def _show_disputes(self, disputes):
        return [
            self._morning_item(
                dispute,
                dispute.sudo().body_id.name,
                {"xmlid": DISPUTES},
                due=dispute.internal_due if dispute.state == "referred" else dispute.implement_due,
                subtitle=" · ".join(
                    filter(None, (dispute.number, dispute.case_number, dispute.ticket_id.complaint_customer))
                ),
                icon="fa-balance-scale",
                button=self.env._("Answer") if dispute.state == "referred" else self.env._("Carry Out"),
                headline=self.env._(
                    "%(body)s expects our answer", body=dispute.sudo().body_id.name
                ) if dispute.state == "referred" else dispute.display_name,
            )
            for dispute in disputes
        ]  # fmt: skip

    def _morning_remedies(self):
        if not self.env.user.has_group(AGENTS):
            return None
        promised = (
            Domain("state", "=", "approved")
            & Domain("ticket_id.user_id", "=", self.env.uid)
            & Domain("ticket_id.complaint_state", "not in", ENDED)
        )
        return self._morning_section(
            "remedies",
            [self._morning_source("sqms.complaint.remedy", promised, self._show_remedies, due="due_date")],
            sequence=14,
            icon="fa-gift",
            title=self.env._("Promised to customers"),
            more=self._morning_all("sqms_complaint.sqms_complaint_remedy_action", promised),
        )

    def _show_remedies(self, remedies):
        kinds = dict(remedies._fields["kind"]._description_selection(self.env))
        return [
            self._morning_item(
                remedy,
                remedy.name,
                {"xmlid": "sqms_complaint.sqms_complaint_remedy_action"},
                due=remedy.due_date,
                subtitle=" · ".join((kinds[remedy.kind], remedy.ticket_id.number, remedy.ticket_id.complaint_customer)),
                icon="fa-gift",
                button=self.env._("Give It"),
            )
            for remedy in remedies
        ]
