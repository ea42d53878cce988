from odoo import api, fields, models

from ..lib.goal_progress import way_gone
from ..lib.workflow_pass import workflow_fields

CLOSED = ("achieved", "missed", "withdrawn")


class SqmsGoalIndicator(models.Model):
    """By which figure a goal is measured, from where to where.

    1. The direction is that of the indicator. Without a baseline a target is reached or it is not.
    2. The figure is that of the whole period of the goal so far, finished months alone; whoever computes indicators
       brings it (`_goal_values`). Without it nothing is known, which is not zero.
    3. When the goal is closed its figures stay as they were that day.
    """

    _name = "sqms.goal.indicator"
    _description = "Target of a Goal"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "goal_id, sequence, id"
    _check_company_auto = True
    _workflow_parent = "goal_id"
    _workflow_parent_lines = "target_ids"

    goal_id = fields.Many2one("sqms.goal", required=True, index=True, ondelete="restrict", check_company=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        related="goal_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    indicator_id = fields.Many2one("sqms.indicator", required=True, index=True, ondelete="restrict", check_company=True)
    name = fields.Char(string="Name of the Indicator", related="indicator_id.name")
    direction = fields.Selection(related="indicator_id.direction", string="Better")
    unit = fields.Selection(related="indicator_id.unit")
    has_baseline = fields.Boolean(string="Baseline Known", default=True)
    baseline = fields.Float(aggregator=None, help="Where it stood when the goal was set.")
    target = fields.Float(string="Target Value", required=True, aggregator=None)
    label = fields.Char(string="Target in Words", compute="_compute_label")
    # where it stands
    has_value = fields.Boolean(compute="_compute_progress", export_string_translation=False)
    value = fields.Float(compute="_compute_progress", aggregator=None)
    value_label = fields.Char(string="Figure", compute="_compute_progress")
    progress = fields.Float(string="Way Gone (%)", compute="_compute_progress", aggregator=None)
    # as it stood when the goal was closed
    closed_known = fields.Boolean(string="Measured at the End", readonly=True, copy=False)
    closed_value = fields.Float(string="Figure at the End", readonly=True, copy=False, aggregator=None)
    closed_n = fields.Integer(string="n at the End", readonly=True, copy=False, aggregator=None)

    _one_each = models.UniqueIndex("(goal_id, indicator_id)", "The goal has this indicator already.")

    _ledger_fields = (
        "goal_id", "indicator_id", "has_baseline", "baseline", "target", "closed_known", "closed_value", "closed_n",
    )  # fmt: skip

    # -- figures ---------------------------------------------------------------------

    def _goal_values(self):
        """`{line id: (value, n)}` of the lines that have been measured in the period of their goal.

        Nothing here measures; an addon that computes indicators adds its figures.
        """
        return {}

    def _figures(self):
        """`{line id: (value, n)}`: closed goals keep theirs, the others are asked for all at once."""
        lines = self.sudo()
        closed = lines.filtered(lambda line: line.goal_id.state in CLOSED)
        figures = {line.id: (line.closed_value, line.closed_n) for line in closed if line.closed_known}
        return {**(lines - closed)._origin._goal_values(), **figures}

    def _way_gone(self):
        """`{line id: percent, or None}`."""
        figures = self._figures()
        return {
            line.id: way_gone(
                figures.get(line.id, (None, 0))[0],
                line.target,
                line.direction,
                line.baseline if line.has_baseline else None,
            )
            for line in self.sudo()
        }

    @api.depends("goal_id.state", "indicator_id", "target", "baseline", "has_baseline")
    @api.depends_context("lang")
    def _compute_progress(self):
        figures, gone = self._figures(), self._way_gone()
        for line in self:
            value, n = figures.get(line._origin.id, (None, 0))
            share = gone.get(line.id)
            line.has_value = value is not None
            line.value = value or 0.0
            line.progress = share or 0.0
            line.value_label = (
                self.env._("not measured")
                if value is None
                else self.env._("%(value)s (n = %(n)s)", value=line.sudo().indicator_id._format(value, True), n=n)
            )

    @api.depends("indicator_id", "target", "direction")
    @api.depends_context("lang")
    def _compute_label(self):
        for line in self:
            indicator = line.sudo().indicator_id
            line.label = indicator and self.env._(
                "%(indicator)s %(sign)s %(target)s",
                indicator=indicator.name,
                sign="≤" if indicator.direction == "lower" else "≥",
                target=indicator._format(line.target, True),
            )

    def _freeze(self):
        """Keep the figures as they are now."""
        figures = self._figures()
        with workflow_fields(self.goal_id, "target_ids"):
            for line in self.sudo():
                value, n = figures.get(line.id, (None, 0))
                line.write({"closed_known": value is not None, "closed_value": value or 0.0, "closed_n": n})

    # -- who wrote -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.goal_id._note_contributor()
        return lines

    def write(self, vals):
        goals = self.goal_id
        result = super().write(vals)
        (goals | self.goal_id)._note_contributor()
        return result

    def unlink(self):
        goals = self.goal_id
        result = super().unlink()
        goals._note_contributor()
        return result
