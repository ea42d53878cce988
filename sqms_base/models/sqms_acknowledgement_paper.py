from odoo import api, fields, models
from odoo.exceptions import UserError


class SqmsAcknowledgementPaper(models.Model):
    """A signed list on paper: who has read an edition and cannot say so here.

    1. For people without a login. Who has one confirms for himself.
    2. An officer records it, with the day and the scanned list; never for himself.
    3. It is kept as it was recorded, and each reading says in the ledger that it was confirmed on paper.
    """

    _name = "sqms.acknowledgement.paper"
    _description = "Signed Reading List"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _sqms_check_files = True

    version_id = fields.Many2one(
        "sqms.document.version", string="Edition", required=True, readonly=True, index=True, ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    date_signed = fields.Date(string="Signed On", required=True, readonly=True)
    recorded_by_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="restrict")
    is_quiz_passed = fields.Boolean(string="Quiz Passed on Paper", readonly=True)
    employee_ids = fields.Many2many("hr.employee", string="People", readonly=True, ondelete="restrict")
    file_ids = fields.Many2many("ir.attachment", string="Scanned List", readonly=True, ondelete="restrict")

    _ledger_fields = (
        "version_id", "company_id", "date_signed", "recorded_by_id", "is_quiz_passed", "employee_ids", "file_ids",
    )  # fmt: skip

    @api.depends("version_id", "date_signed")
    def _compute_display_name(self):
        for paper in self:
            paper.display_name = self.env._(
                "%(edition)s, signed on %(date)s", edition=paper.version_id.display_name, date=paper.date_signed
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        raise UserError(self.env._("A signed list is kept as it was recorded."))
