"""Loaded inside tests only, by `FakeModelLoader`."""

from odoo import fields, models

from odoo.addons.sqms_base.lib.transition import Transition


class FakeTicket(models.Model):
    _name = "sqms.fake.ticket"
    _description = "Fake Ticket"
    _inherit = ["sqms.workflow.mixin", "sqms.clock.mixin"]

    name = fields.Char()
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    user_id = fields.Many2one("res.users")
    state = fields.Selection(
        [("new", "New"), ("open", "In Work"), ("waiting", "Waiting"), ("done", "Done")],
        default="new", required=True, readonly=True,
    )  # fmt: skip

    _workflow_initial = ("new",)
    _workflow = (
        Transition("take", "Take", ("new",), "open"),
        Transition("ask", "Ask", ("open",), "waiting"),
        Transition("answer", "Answer", ("waiting",), "open"),
        Transition("finish", "Finish", ("new", "open", "waiting"), "done"),
        Transition("again", "Reopen", ("done",), "open"),
    )

    def _ledger_log(self, event, old=None, new=None, reason=None, state=None):
        self.env.registry.fake_ledger.append((event, self.ids, new, reason))
        return super()._ledger_log(event, old=old, new=new, reason=reason, state=state)
