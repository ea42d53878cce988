from odoo import api, fields, models
from odoo.exceptions import AccessError


class SqmsRewardPoint(models.Model):
    """The book of points: who received how many, for what, when.

    1. Written when a reward is given and by nothing else; no role has the right to create, change or delete one.
    2. One for each share, by the database: a second handing over fails as a whole.
    3. It stays with the person also when the reward is looked at differently later.
    """

    _name = "sqms.reward.point"
    _description = "Points Given"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "id desc"
    _rec_name = "user_id"

    share_id = fields.Many2one("sqms.reward.share", required=True, readonly=True, index=True, ondelete="restrict")
    reward_id = fields.Many2one(
        related="share_id.reward_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    improvement_id = fields.Many2one(
        related="share_id.reward_id.improvement_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="share_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="restrict")
    points = fields.Integer(required=True, readonly=True)
    given_at = fields.Datetime(string="Given On", required=True, readonly=True, default=fields.Datetime.now)

    _once = models.UniqueIndex("(share_id)", "These points have been given.")
    _positive = models.Constraint("CHECK(points > 0)", "Points are given, not taken.")

    _ledger_fields = ("share_id", "user_id", "points", "given_at")

    def write(self, vals):
        if set(vals) & {"share_id", "user_id", "points", "given_at", "reward_id", "improvement_id", "company_id"}:
            raise AccessError(self.env._("What was given stays as it is in the book of points."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("What was given stays as it is in the book of points."))

    @api.model
    def _totals(self, users):
        """`{user id: points}` in the companies at hand."""
        rows = self.sudo()._read_group(
            [("user_id", "in", users.ids), ("company_id", "in", self.env.companies.ids)], ["user_id"], ["points:sum"]
        )
        return {user.id: points for user, points in rows}
