from odoo import api, fields, models

from ..lib.workflow_pass import workflow_import


class SqmsReviewScreen(models.Model):
    """What the form and the lists say of a review."""

    _inherit = "sqms.review"

    headline = fields.Char(compute="_compute_headline")
    is_intact = fields.Boolean(
        string="Figures Unchanged", compute="_compute_is_intact",
        help="The digest, computed anew from what the database holds, is the one of the freeze.",
    )  # fmt: skip
    action_count = fields.Integer(string="Actions", compute="_compute_action_count")
    late_label = fields.Char(string="Decisions in Words", compute="_compute_action_count")

    @api.depends("input_ids.data")
    @api.depends_context("lang")
    def _compute_headline(self):
        for review in self:
            sections = [row._content() for row in review.sudo().input_ids.sorted("sequence")]
            review.headline = review._pack_headline(self._pack_figures(sections)) if sections else False

    @api.depends("digest", "input_ids.data", "input_ids.digest")
    def _compute_is_intact(self):
        for review in self:
            review.is_intact = bool(review._origin.id) and review._origin._is_intact()

    @api.depends("decision_ids.action_ids.state", "decision_ids.date_due")
    @api.depends_context("lang")
    def _compute_action_count(self):
        for review in self:
            decisions = review.sudo().decision_ids
            review.action_count = len(decisions.action_ids)
            late = len(decisions.filtered(lambda decision: decision.progress == "late"))
            review.late_label = (
                self.env._("%(count)s decisions, %(late)s late", count=len(decisions), late=late)
                if late
                else self.env._("%(count)s decisions", count=len(decisions))
                if decisions
                else False
            )

    # -- records that are older than this database ----------------------------------------

    def _take_over(self, held_at, closer_name):
        """A review that was held and closed before it came into this database (migration, demo data).

        Its inputs are frozen now, as of that day, its decisions become actions; it says that it was taken over.
        """
        for review in self:
            review._freeze_one(fields.Datetime.to_datetime(held_at))
            review.decision_ids._make_actions()
            with workflow_import(review, self.env._("Taken over")):
                review.write(
                    {
                        "state": "closed",
                        "held_at": held_at,
                        "closed_at": held_at,
                        "closer_name": closer_name,
                    }
                )
