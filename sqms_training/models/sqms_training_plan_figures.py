from odoo import api, fields, models

from ..lib.training_plan import percent_met
from .sqms_training_plan import SEES_COST

SCHEDULED = ("scheduled", "training")
OPEN = ("open", *SCHEDULED, "failed")


class SqmsTrainingPlanFigures(models.Model):
    """How far a plan has come, what it costs and what is missing.

    1. Planned is every line that was not dropped; met is what the training, or the gap itself, has closed.
    2. Who has failed is not through with it: the line counts as open until it is met or dropped.
    3. The cost of a plan is that of all lines that were not dropped.
    """

    _inherit = "sqms.training.plan"

    line_count = fields.Integer("Lines Planned", compute="_compute_figures")
    met_count = fields.Integer("Met", compute="_compute_figures")
    open_count = fields.Integer("Open", compute="_compute_figures")
    to_schedule_count = fields.Integer("To Be Scheduled", compute="_compute_figures")
    met_percent = fields.Integer("Done (%)", compute="_compute_figures", aggregator=None)
    met_label = fields.Char("Done", compute="_compute_figures")
    missing_label = fields.Char("What Is Missing", compute="_compute_figures")
    cost_planned = fields.Monetary("Planned Cost", compute="_compute_cost", groups=SEES_COST)
    cost_done = fields.Monetary("Of This Done", compute="_compute_cost", groups=SEES_COST)
    budget_percent = fields.Integer("Budget Used (%)", compute="_compute_cost", groups=SEES_COST, aggregator=None)
    is_over_budget = fields.Boolean("Over Budget", compute="_compute_cost", groups=SEES_COST)

    @api.depends("line_ids.state", "line_ids.course_id", "line_ids.due_on", "state")
    @api.depends_context("lang")
    def _compute_figures(self):
        figures = self._figures()
        for plan in self:
            figure = figures.get(plan._origin.id) or self._no_figures()
            plan.line_count, plan.met_count, plan.open_count = figure["planned"], figure["met"], figure["open"]
            plan.to_schedule_count = figure["to_schedule"]
            plan.met_percent = figure["percent"] or 0
            plan.met_label = figure["planned"] and self.env._("%(met)s of %(planned)s", **figure)
            plan.missing_label = plan._missing_words(figure)

    @api.depends("line_ids.cost", "line_ids.state", "budget")
    def _compute_cost(self):
        figures = self._figures()
        for plan in self:
            figure = figures.get(plan._origin.id) or self._no_figures()
            plan.cost_planned, plan.cost_done = figure["cost"], figure["cost_done"]
            plan.is_over_budget = plan._is_over_budget(figures)
            plan.budget_percent = round(100 * figure["cost"] / plan.budget) if plan.budget else 0

    def _figures(self):
        """`{plan id: figures}` of these plans, in two questions to the database.

        planned, met, open, dropped, no_course, to_schedule, late: numbers of lines; percent: met of planned, nothing
        where nothing is planned; cost, cost_done: in the currency of the company.
        """
        lines = self.env["sqms.training.plan.line"].sudo()
        figures = {id_: self._no_figures() for id_ in self._origin.ids}
        for plan, state, count, cost, with_course in lines._read_group(
            [("plan_id", "in", self._origin.ids)],
            ["plan_id", "state"],
            ["__count", "cost:sum", "course_id:count"],
        ):
            figure = figures[plan.id]
            if state == "dropped":
                figure["dropped"] += count
                continue
            figure["planned"] += count
            figure["cost"] += cost or 0
            without = count - with_course
            if state == "met":
                figure["met"] += count
                figure["cost_done"] += cost or 0
            else:
                figure["open"] += count
                figure["no_course"] += without
            if state in ("open", "failed"):
                figure["to_schedule"] += count - without
        today = self.env.company._sqms_today()
        for plan, late in lines._read_group(
            [("plan_id", "in", self._origin.ids), ("state", "in", OPEN), ("due_on", "<", today)],
            ["plan_id"],
            ["__count"],
        ):
            figures[plan.id]["late"] = late
        for figure in figures.values():
            figure["percent"] = percent_met(figure["met"], figure["planned"])
        return figures

    def _no_figures(self):
        counts = dict.fromkeys(("planned", "met", "open", "dropped", "no_course", "to_schedule", "late"), 0)
        return {**counts, "cost": 0.0, "cost_done": 0.0, "percent": None}

    def _is_over_budget(self, figures):
        cost = (figures.get(self._origin.id) or self._no_figures())["cost"]
        plan = self.sudo()
        return bool(plan.budget) and plan.currency_id.compare_amounts(cost, plan.budget) > 0

    def _missing_words(self, figure):
        if self.state in ("done", "cancelled"):
            return False
        words = []
        if not figure["planned"]:
            words.append(self.env._("nothing is planned yet"))
        if figure["no_course"]:
            words.append(self.env._("no course closes the gap: %s", figure["no_course"]))
        if self.state == "approved" and figure["to_schedule"]:
            words.append(self.env._("not enrolled yet: %s", figure["to_schedule"]))
        if figure["late"]:
            words.append(self.env._("late: %s", figure["late"]))
        label = " · ".join(words)
        return label[:1].upper() + label[1:] if label else False
