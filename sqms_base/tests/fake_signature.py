"""Loaded inside tests only, by `FakeModelLoader`."""

from odoo import fields, models

from odoo.addons.sqms_base.lib.transition import Transition


class FakeContract(models.Model):
    _name = "sqms.fake.contract"
    _description = "Fake Contract"
    _inherit = ["sqms.workflow.mixin", "mail.thread"]

    name = fields.Char(translate=True)
    amount = fields.Float()
    rate = fields.Float(digits=(16, 2))
    count = fields.Integer()
    is_urgent = fields.Boolean()
    date = fields.Date()
    instant = fields.Datetime()
    partner_id = fields.Many2one("res.partner", ondelete="restrict")
    tag_ids = fields.Many2many("res.partner.category", ondelete="restrict")
    line_ids = fields.One2many("sqms.fake.contract.line", "contract_id")
    scan = fields.Binary(attachment=True)
    answers = fields.Json()
    remark = fields.Char()
    writer_id = fields.Many2one("res.users", ondelete="restrict")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, ondelete="restrict")
    state = fields.Selection([("draft", "Draft"), ("done", "Done"), ("checked", "Checked")], default="draft")

    _signature_fields = (
        "name", "amount", "rate", "count", "is_urgent", "date", "instant", "partner_id", "tag_ids", "line_ids",
        "scan", "answers",
    )  # fmt: skip
    _signature_lines = {"line_ids": ("name", "amount")}
    _workflow = (
        Transition("finish", "Finish", ("draft",), "done", signature="approver"),
        Transition("check", "Check", ("done",), "checked", signature="verified"),
    )

    def _signature_authors(self):
        return {contract.id: contract.writer_id for contract in self if contract.writer_id}


class FakeContractLine(models.Model):
    _name = "sqms.fake.contract.line"
    _description = "Fake Contract Line"

    contract_id = fields.Many2one("sqms.fake.contract", ondelete="cascade")
    name = fields.Char()
    amount = fields.Float()
    note = fields.Char()


class FakeBlank(models.Model):
    """Says that a step is signed, and not what is signed."""

    _name = "sqms.fake.blank"
    _description = "Fake Blank"
    _inherit = ["sqms.workflow.mixin"]

    name = fields.Char()
    state = fields.Selection([("draft", "Draft"), ("done", "Done")], default="draft")

    _workflow = (Transition("finish", "Finish", ("draft",), "done", signature="approver"),)
