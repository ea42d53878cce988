"""Loaded inside tests only, by `FakeModelLoader`."""

from odoo import api, fields, models

from odoo.addons.sqms_base.lib.transition import Transition


class FakeCase(models.Model):
    _name = "sqms.fake.case"
    _description = "Fake Case"
    _inherit = ["sqms.workflow.mixin", "mail.thread"]

    name = fields.Char(required=True, translate=True, tracking=True)
    customer = fields.Char(tracking=True)
    amount = fields.Float(tracking=True)
    twice = fields.Float(compute="_compute_twice", store=True)
    secret = fields.Char(groups="base.group_system")
    body = fields.Html()
    tag_ids = fields.Many2many("res.partner.category", ondelete="restrict")
    user_id = fields.Many2one("res.users", tracking=True)
    company_id = fields.Many2one("res.company")
    day = fields.Date()
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Open"), ("closed", "Closed")], default="draft", required=True, tracking=True
    )

    _workflow_locked = {"closed": ()}
    _workflow = (
        Transition("begin", "Begin", ("draft",), "open"),
        Transition("finish", "Finish", ("open",), "closed"),
    )
    _ledger_fields = (
        "name", "customer", "amount", "twice", "secret", "body", "tag_ids", "user_id", "company_id", "day", "state",
    )  # fmt: skip
    _ledger_personal_fields = ("customer",)

    @api.depends("amount")
    def _compute_twice(self):
        for case in self:
            case.twice = 2 * case.amount
