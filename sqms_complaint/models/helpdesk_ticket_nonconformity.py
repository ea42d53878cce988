from odoo import api, fields, models


class HelpdeskTicketNonconformity(models.Model):
    """What a complaint has brought to light: the nonconformities that were raised from it."""

    _inherit = "helpdesk.ticket"

    complaint_nonconformity_count = fields.Integer("Nonconformities", compute="_compute_complaint_nonconformity_count")

    @api.depends_context("uid")
    def _compute_complaint_nonconformity_count(self):
        raised = self.env["sqms.nonconformity"]._raised_from(self._origin)
        for ticket in self:
            ticket.complaint_nonconformity_count = len(raised.get(ticket._origin.id, ()))

    def _nonconformity_values(self):
        """A safety matter is critical, an urgent one major; the words are the customer's."""
        self.ensure_one()
        if not self.is_complaint:
            return {"name": self.name}
        grade = "critical" if self.complaint_is_safety else "major" if self.priority in ("2", "3") else "minor"
        return {"name": self.name, "grade": grade}

    def action_open_nonconformities(self):
        self.ensure_one()
        raised = self.env["sqms.nonconformity"]._raised_from(self).get(self.id, self.env["sqms.nonconformity"])
        action = {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_nonconformity_action"),
            "domain": [("id", "in", raised.ids)],
            "context": {"create": False},
        }
        if len(raised) == 1:
            action |= {"res_id": raised.id, "view_mode": "form", "views": [(False, "form")]}
        return action
