from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from .helpdesk_ticket import OPEN_STATES


class HrEmployee(models.Model):
    """A login that an employee gets does not make him the handler of a complaint about himself."""

    _inherit = "hr.employee"

    def write(self, vals):
        """Nobody takes his own login off the person complained about: it would open the case to him."""
        if "user_id" in vals and not self.env.su:
            mine = self.sudo().filtered(
                lambda employee: employee.user_id == self.env.user and employee.user_id.id != vals["user_id"]
            )
            domain = [("complaint_state", "in", OPEN_STATES), ("complaint_person_ids", "in", mine.ids)]
            if mine and self.env["helpdesk.ticket"].sudo().search_count(domain, limit=1):
                raise AccessError(self.env._("Somebody else changes your login."))
        return super().write(vals)

    @api.constrains("user_id")
    def _check_complaint_handler(self):
        linked = self.sudo().filtered("user_id")
        if not linked:
            return
        complaints = (
            self.env["helpdesk.ticket"]
            .sudo()
            .search(
                [
                    ("is_complaint", "=", True),
                    ("complaint_state", "in", OPEN_STATES),
                    ("user_id", "in", linked.user_id.ids),
                    ("complaint_person_ids", "in", linked.ids),
                ]
            )
        )
        for complaint in complaints:
            for employee in linked & complaint.complaint_person_ids:
                if employee.user_id == complaint.user_id:
                    raise ValidationError(
                        self.env._(
                            "%(user)s cannot be the login of %(employee)s: this user handles %(complaint)s. "
                            "Please give the complaint to somebody else first.",
                            user=employee.user_id.name,
                            employee=employee.name,
                            complaint=complaint.number,
                        )
                    )
