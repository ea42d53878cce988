from odoo import api, fields, models


class SqmsProcessRisk(models.Model):
    """What may go wrong, or better than planned, in a process."""

    _inherit = "sqms.process"

    risk_ids = fields.One2many("sqms.risk", "process_id", string="Risks and Opportunities")
    risk_count = fields.Integer(string="Open Risks and Opportunities", compute="_compute_risk_count")

    @api.depends("risk_ids.state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_risk_count(self):
        counts = {}
        if self.env["sqms.risk"].has_access("read"):
            counts = dict(
                self.env["sqms.risk"]._read_group(
                    [("process_id", "in", self.ids), ("state", "!=", "closed")], ["process_id"], ["__count"]
                )
            )
        for process in self:
            process.risk_count = counts.get(process._origin, 0)

    def action_open_risks(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_risk_action_all"),
            "domain": [("process_id", "=", self.id)],
            "context": {"default_process_id": self.id},
        }
