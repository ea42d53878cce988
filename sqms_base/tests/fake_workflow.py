"""Loaded inside tests only, by `FakeModelLoader`."""

from odoo import api, fields, models

from odoo.addons.sqms_base.lib.transition import Transition


class FakeOrder(models.Model):
    _name = "sqms.fake.order"
    _description = "Fake Order"
    _inherit = ["sqms.workflow.mixin", "mail.thread"]

    name = fields.Char(required=True, translate=True)
    reason = fields.Char()
    amount = fields.Float()
    twice = fields.Float(compute="_compute_twice", store=True)
    unit_id = fields.Many2one("sqms.fake.unit", ondelete="restrict")
    unit_price = fields.Float(related="unit_id.price", store=True)
    tag_ids = fields.Many2many("res.partner.category", ondelete="restrict")
    state = fields.Selection(
        [("draft", "Draft"), ("review", "Review"), ("approved", "Approved"), ("closed", "Closed")],
        default="draft", required=True, readonly=True, tracking=True,
    )  # fmt: skip
    approved_by = fields.Char()
    origin = fields.Char()
    remark = fields.Char()
    line_ids = fields.One2many("sqms.fake.order.line", "order_id")
    note_ids = fields.One2many("sqms.fake.order.note", "order_id")

    _workflow_managed = ("approved_by",)
    _workflow_fixed = ("origin",)
    _workflow_locked = {"approved": ("remark", "note_ids"), "closed": ()}
    _workflow = (
        Transition("submit", "Submit", ("draft",), "review", required=("reason",)),
        Transition("approve", "Approve", ("review",), "approved", groups="sqms_base.group_sqms_manager"),
        Transition("back", "Send Back", ("review",), "draft"),
        Transition("close", "Close", ("approved",), "closed"),
        Transition("expire", "Expire", ("draft",), "closed", system=True),
    )

    @api.depends("amount")
    def _compute_twice(self):
        for order in self:
            order.twice = 2 * order.amount

    def _check_approve(self):
        return {order.id: "the amount is too high" for order in self if order.amount > 1000}

    def _prepare_approve_values(self):
        return {order.id: {"approved_by": self.env.user.name} for order in self}

    def _on_close(self):
        return {"type": "ir.actions.act_window_close"}


class FakeUnit(models.Model):
    _name = "sqms.fake.unit"
    _description = "Fake Unit"

    price = fields.Float()


class FakeOrderLine(models.Model):
    _name = "sqms.fake.order.line"
    _description = "Fake Order Line"
    _inherit = ["sqms.workflow.line.mixin"]

    _workflow_parent = "order_id"
    _workflow_parent_lines = "line_ids"

    name = fields.Char(required=True, translate=True)
    order_id = fields.Many2one("sqms.fake.order", required=True, index=True, ondelete="restrict")


class FakeOrderNote(models.Model):
    _name = "sqms.fake.order.note"
    _description = "Fake Order Note"
    _inherit = ["sqms.workflow.line.mixin"]

    _workflow_parent = "order_id"
    _workflow_parent_lines = "note_ids"

    name = fields.Char(required=True)
    order_id = fields.Many2one("sqms.fake.order", required=True, index=True, ondelete="restrict")
