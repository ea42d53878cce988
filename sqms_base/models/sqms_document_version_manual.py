from odoo import fields, models


class SqmsDocumentVersionManual(models.Model):
    """The manuals that were frozen while an edition was in force."""

    _inherit = "sqms.document.version"

    manual_copy_ids = fields.One2many(
        "sqms.manual.copy", "version_id", string="Frozen Manuals",
        groups="sqms_base.group_sqms_officer,sqms_base.group_sqms_top,sqms_base.group_sqms_certifier",
    )  # fmt: skip
    manual_copy_count = fields.Integer(
        string="Number of Frozen Manuals", compute="_compute_manual_copy_count",
        groups="sqms_base.group_sqms_officer,sqms_base.group_sqms_top,sqms_base.group_sqms_certifier",
    )  # fmt: skip

    def _compute_manual_copy_count(self):
        counts = dict(
            self.env["sqms.manual.copy"]._read_group([("version_id", "in", self.ids)], ["version_id"], ["__count"])
        )
        for version in self:
            version.manual_copy_count = counts.get(version._origin, 0)

    def action_open_manual_copies(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_manual_copy_action"),
            "domain": [("version_id", "=", self.id)],
        }

    def action_open_manual(self):
        return {"type": "ir.actions.act_url", "url": "/quality/manual/open", "target": "new"}
