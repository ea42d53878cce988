from odoo import api, fields, models

from ..lib.goal_progress import roll_up

COUNTED = ("approved", "achieved", "missed")


class SqmsGoalProgress(models.Model):
    """How far a goal has come.

    1. An objective: the mean of the way its indicators have gone. A strategy: the mean of what hangs below it by
       weight, as far as it is approved or was closed with a result.
    2. What is not measured is left out; how much of the weight was measured is told.
    3. The same for everybody who sees the goal, counted at the moment of asking.
    """

    _inherit = "sqms.goal"

    has_progress = fields.Boolean(compute="_compute_progress", export_string_translation=False)
    progress = fields.Float(string="Progress (%)", compute="_compute_progress", aggregator=None)
    progress_measured = fields.Float(
        string="Weight Measured (%)", compute="_compute_progress", aggregator=None,
        help="The share of the weight below it for which there are figures.",
    )  # fmt: skip
    progress_label = fields.Char(string="Progress", compute="_compute_progress")

    @api.depends("child_ids.weight", "child_ids.state", "target_ids.target", "target_ids.indicator_id", "state")
    @api.depends_context("lang")
    def _compute_progress(self):
        shares = self._origin._progress()
        for goal in self:
            share, measured = shares.get(goal._origin.id, (None, 0.0))
            goal.has_progress = share is not None
            goal.progress = share or 0.0
            goal.progress_measured = measured
            goal.progress_label = goal._progress_words(share, measured)

    def _progress_words(self, share, measured):
        if share is None:
            return self.env._("not measured")
        if round(measured) < 100:
            return self.env._("%(share)d %% (%(measured)d %% of weight measured)",
                              share=round(share), measured=round(measured))  # fmt: skip
        return self.env._("%(share)d %%", share=round(share))

    def _progress(self):
        """`{goal id: (share or None, percent of the weight measured)}` of these goals, in a fixed number of queries."""
        tree = self.sudo().search([("id", "child_of", self.ids)])
        gone = tree.target_ids._way_gone()
        children = tree.filtered(lambda goal: goal.state in COUNTED).grouped(lambda goal: goal.parent_id.id)
        shares = {}
        for goal in tree.sorted(lambda goal: goal.parent_path.count("/"), reverse=True):
            if goal.kind == "objective":
                parts = [(1, gone[line.id]) for line in goal.target_ids]
            else:
                parts = [(child.weight, shares[child.id][0]) for child in children.get(goal.id, ())]
            shares[goal.id] = roll_up(parts)
        return shares
