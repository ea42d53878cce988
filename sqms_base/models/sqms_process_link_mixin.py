from odoo import api, fields, models


class SqmsProcessLinkMixin(models.AbstractModel):
    """A record that processes are linked with, and the way from it to them."""

    _name = "sqms.process.link.mixin"
    _description = "Linked with Processes"

    _process_link = None  # name of the field of `sqms.process` that names these records

    process_count = fields.Integer(string="Processes", compute="_compute_process_count")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_process_count(self):
        link = self._process_link
        counts = {
            record.id: count
            for record, count in self.env["sqms.process"]._read_group(
                [(link, "in", self._origin.ids)], [link], ["__count"]
            )
        }
        for record in self:
            record.process_count = counts.get(record._origin.id, 0)

    def action_open_processes(self):
        """The processes that are linked with these records."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_process_action"),
            "domain": [(self._process_link, "in", self.ids)],
        }
