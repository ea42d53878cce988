from odoo import models


class SqmsIndicatorProcess(models.Model):
    """Which processes are measured by an indicator."""

    _name = "sqms.indicator"
    _inherit = ["sqms.indicator", "sqms.process.link.mixin"]

    _process_link = "indicator_ids"
