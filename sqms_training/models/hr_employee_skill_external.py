from odoo import api, fields, models

from .hr_employee_skill import READER_GROUPS


class HrEmployeeSkillExternal(models.Model):
    """The number that an authority gave, beside the number of the register."""

    _inherit = "hr.employee.skill"

    external_number = fields.Char(
        "Number of the Authority", copy=False, index="btree_not_null", groups=READER_GROUPS,
        help="The number on the paper of who issued it, where that is not this company.",
    )  # fmt: skip
    own_external_number = fields.Char("Number on the Paper", compute="_compute_own_external", compute_sudo=True)

    @api.depends("external_number", "employee_id.user_id")
    @api.depends_context("uid")
    def _compute_own_external(self):
        """For HR, and for the one whom it concerns: such a number may be that of his identity card."""
        reader = self.env.user.has_groups(READER_GROUPS)
        for row in self:
            own = row.employee_id.user_id == self.env.user
            row.own_external_number = (own or reader) and row.external_number
