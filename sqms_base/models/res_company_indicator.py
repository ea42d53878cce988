from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sqms_indicator_owner_id = fields.Many2one(
        "res.users",
        string="Owner of Indicators",
        domain=[("share", "=", False)],
        ondelete="set null",
        help="Answers for the indicators that have no owner of their own. Left empty, the first quality manager does.",
    )

    def _sqms_indicator_owner(self):
        """Who answers for what has no owner: named in the settings, or the first manager of the company."""
        self.ensure_one()
        if self.sqms_indicator_owner_id:
            return self.sqms_indicator_owner_id
        manager = self.env.ref("sqms_base.group_sqms_manager")
        return self.env["res.users"].search(
            [("all_group_ids", "in", manager.ids), ("company_ids", "in", self.ids), ("share", "=", False)],
            order="id", limit=1,
        )  # fmt: skip
