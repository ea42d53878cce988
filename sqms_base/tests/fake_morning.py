"""Loaded inside tests only, by `FakeModelLoader`."""

from odoo import fields, models

from odoo.addons.sqms_base.lib.transition import Transition


class FakePaper(models.Model):
    _name = "sqms.fake.paper"
    _description = "Fake Paper"
    _inherit = ["sqms.workflow.mixin", "mail.thread", "mail.activity.mixin"]

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    date_wanted = fields.Date()
    state = fields.Selection([("draft", "Draft"), ("open", "Open"), ("done", "Done")], default="draft", required=True)

    _morning_sign_due = "date_wanted"
    _workflow = (
        Transition("send", "Send", ("draft",), "open", signature="author"),
        Transition(
            "approve", "Approve", ("open",), "done", groups="sqms_base.group_sqms_manager", signature="approver"
        ),
    )
