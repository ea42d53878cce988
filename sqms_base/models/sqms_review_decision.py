from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..lib.workflow_pass import workflow_import

KINDS = [
    ("improvement", "Opportunity for Improvement"),
    ("change", "Change of the System"),
    ("resources", "Resources"),
]
DONE = ("verified", "effective")
SPOKEN = ("name", "kind", "owner_id", "date_due", "review_id")


class SqmsReviewDecision(models.Model):
    """What top management decided in a review, and the action that it became.

    1. Who does it and by when belongs to the decision.
    2. When the review is held each decision becomes one action; then the decision stays as it was taken, and how it
       goes on stands in the action.
    """

    _name = "sqms.review.decision"
    _description = "Decision of a Management Review"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "review_id, sequence, id"
    _check_company_auto = True

    _workflow_parent = "review_id"
    _workflow_parent_lines = "decision_ids"

    review_id = fields.Many2one("sqms.review", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(
        related="review_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Decision", required=True)
    kind = fields.Selection(
        KINDS, string="About", required=True, default="improvement",
        help="The three outputs that the standard asks for (ISO 9001, 9.3.3).",
    )  # fmt: skip
    owner_id = fields.Many2one(
        "res.users", string="Who", required=True, domain=[("share", "=", False)], check_company=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    date_due = fields.Date(string="By When", required=True)
    action_ids = fields.One2many("sqms.action", "decision_id", string="Actions", bypass_search_access=True)
    progress = fields.Selection(
        [("waiting", "Not Started"), ("open", "Under Way"), ("late", "Late"), ("done", "Done"), ("dropped", "Dropped")],
        compute="_compute_progress", string="How It Stands",
    )  # fmt: skip
    progress_label = fields.Char(string="How It Stands in Words", compute="_compute_progress")
    days_late = fields.Integer(compute="_compute_progress", aggregator=None)

    _ledger_fields = ("review_id", "name", "kind", "owner_id", "date_due")

    # -- how it stands -----------------------------------------------------------------

    @api.depends("action_ids.state", "action_ids.date_due", "date_due")
    @api.depends_context("lang")
    def _compute_progress(self):
        words = dict(self._fields["progress"]._description_selection(self.env))
        for decision in self:
            today = decision.company_id._sqms_today() if decision.company_id else fields.Date.today()
            state, days = decision._stands(today)
            decision.progress = state
            decision.days_late = days
            decision.progress_label = (
                self.env._("%(days)s d late", days=days) if state == "late" else words.get(state, "")
            )

    def _stands(self, today):
        """`(state, days late)` by the actions; without one by the decision's own day."""
        self.ensure_one()
        actions = self.sudo().action_ids
        kept = actions.filtered(lambda action: action.state != "cancelled")
        if actions and not kept:
            return "dropped", 0
        if kept and all(action.state in DONE for action in kept):
            return "done", 0
        due = max([action.date_due for action in kept if action.date_due] or [self.date_due or today])
        if due < today:
            return "late", (today - due).days
        return ("waiting" if not kept or all(action.state == "planned" for action in kept) else "open"), 0

    # -- becomes an action --------------------------------------------------------------

    def _make_actions(self):
        """One action for each decision that has none; whoever asks a second time gets no second one."""
        if not self:
            return self.env["sqms.action"]
        self.review_id._workflow_lock_rows()
        self.sudo().invalidate_recordset(["action_ids"])
        return self.env["sqms.action"].sudo().create(
            [decision._prepare_action_values() for decision in self.sudo() if not decision.action_ids]
        )  # fmt: skip

    def _prepare_action_values(self):
        self.ensure_one()
        return {
            "name": self.name,
            "kind": "improvement",
            "company_id": self.company_id.id,
            "decision_id": self.id,
            "owner_id": self.owner_id.id,
            "date_due": self.date_due,
        }

    def action_make_action(self):
        """The action of this decision; made now if there is none. For what was decided after the meeting, too."""
        self.ensure_one()
        self.check_access("write")
        if self.review_id.state not in ("held", "closed"):
            raise AccessError(self.env._("Decisions become actions when the review is held."))
        self._make_actions()
        actions = self.sudo().action_ids.sudo(False)
        return {
            "type": "ir.actions.act_window",
            "res_model": "sqms.action",
            "view_mode": "form",
            "res_id": actions[:1].id,
        }

    def _take_over(self, state):
        """The actions of these decisions as they stood before they came into this database (migration, demo data)."""
        actions = self.sudo().action_ids
        with workflow_import(actions, self.env._("Taken over")):
            actions.write({"state": state})

    # -- ORM -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        decisions = super().create(vals_list)
        decisions.filtered(lambda decision: decision.review_id.state == "held")._make_actions()
        return decisions

    def write(self, vals):
        if set(SPOKEN).intersection(vals):
            for decision in self.sudo():
                if decision.action_ids and any(decision._differs(name, vals[name]) for name in SPOKEN if name in vals):
                    raise AccessError(
                        self.env._(
                            "“%s” has become an action and stays as it was decided; please change the action.",
                            decision.name,
                        )
                    )
        return super().write(vals)

    def _differs(self, name, value):
        field = self._fields[name]
        return field.convert_to_write(self[name], self) != field.convert_to_write(
            field.convert_to_record(field.convert_to_cache(value, self), self), self
        )
