from odoo import fields, models

READERS = "sqms_base.group_sqms_officer,sqms_base.group_sqms_top,sqms_base.group_sqms_certifier"


class ResPartner(models.Model):
    """What a customer requires of us, his contacts included."""

    _inherit = "res.partner"

    sqms_requirement_count = fields.Integer(
        string="Requirements", compute="_compute_sqms_requirement_count", groups=READERS
    )

    def _compute_sqms_requirement_count(self):
        totals = self._sqms_counts("sqms.requirement")
        for partner in self:
            partner.sqms_requirement_count = totals.get(partner._origin.id, 0)

    def action_open_sqms_requirements(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_requirement_action"),
            "domain": [("partner_id", "child_of", self.id)],
            "context": {"default_partner_id": self.id},
        }
