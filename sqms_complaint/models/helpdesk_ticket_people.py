from odoo import api, fields, models

from odoo.addons.hr.models.hr_employee import _ALLOW_READ_HR_EMPLOYEE

from .helpdesk_ticket import OFFICERS
from .helpdesk_ticket_import import is_importing


class HelpdeskTicketPeople(models.Model):
    """Who is concerned inside the company. Who is complained about is for complaint officers to know."""

    _inherit = "helpdesk.ticket"

    complaint_person_ids = fields.Many2many(
        "hr.employee",
        "helpdesk_ticket_complaint_person_rel",
        "ticket_id",
        "employee_id",
        "Complained About",
        copy=False,
        tracking=True,
        ondelete="restrict",
        groups=OFFICERS,
        check_company=True,
        help="None of them handles, decides or closes it.",
    )
    complaint_department_id = fields.Many2one(
        "hr.department", "Department Concerned", index="btree_not_null", ondelete="restrict", check_company=True
    )
    complaint_received_by_id = fields.Many2one(
        "res.users",
        "Received by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who took it down; empty where the customer filled in a form or wrote.",
    )

    def _complete_complaints(self, vals_list):
        user = self.env.user
        receiver = not user._is_superuser() and user._is_internal() and not is_importing() and user.id
        for vals in vals_list:
            vals["complaint_received_by_id"] = receiver
        return super()._complete_complaints(vals_list)

    # Officers choose among employees without being of the HR department; so does Odoo's own `hr.mixin`.

    @api.model_create_multi
    def create(self, vals_list):
        named = any("complaint_person_ids" in vals for vals in vals_list)
        if not named and "default_complaint_person_ids" not in self.env.context:
            return super().create(vals_list)
        special = self.with_context(_allow_read_hr_employee=_ALLOW_READ_HR_EMPLOYEE)
        return super(HelpdeskTicketPeople, special).create(vals_list).with_env(self.env)

    def write(self, vals):
        if "complaint_received_by_id" in vals:
            vals = {name: value for name, value in vals.items() if name != "complaint_received_by_id"}
        if "complaint_person_ids" not in vals:
            return super().write(vals)
        special = self.with_context(_allow_read_hr_employee=_ALLOW_READ_HR_EMPLOYEE)
        return super(HelpdeskTicketPeople, special).write(vals)
