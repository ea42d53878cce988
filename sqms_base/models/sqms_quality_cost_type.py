from odoo import api, fields, models
from odoo.exceptions import UserError

CATEGORIES = [
    ("prevention", "Prevention"),
    ("appraisal", "Appraisal"),
    ("internal", "Internal Failure"),
    ("external", "External Failure"),
]
# What was spent because something was not right the first time.
FAILURE = ("internal", "external")


class SqmsQualityCostType(models.Model):
    """What quality costs are spent on, each in one of the four categories (prevention, appraisal, failure).

    1. A type without company holds for every company; only whoever administers the system changes it.
    2. Once something was booked on it, it stays in its category and its company.
    """

    _name = "sqms.quality.cost.type"
    _description = "Kind of Quality Cost"
    _inherit = ["sqms.keep.mixin"]
    _order = "category_rank, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    category = fields.Selection(CATEGORIES, required=True, index=True)
    category_rank = fields.Integer(compute="_compute_category_rank", store=True, precompute=True)
    description = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True, ondelete="restrict",
        help="Left empty, it holds for every company.",
    )  # fmt: skip

    @api.depends("category")
    def _compute_category_rank(self):
        ranks = {name: rank for rank, (name, _label) in enumerate(CATEGORIES)}
        for kind in self:
            kind.category_rank = ranks.get(kind.category, len(ranks))

    def write(self, vals):
        moved = self.filtered(
            lambda kind: (
                ("category" in vals and vals["category"] != kind.category)
                or ("company_id" in vals and vals["company_id"] != kind.company_id.id)
            )
        )
        if moved and self.env["sqms.quality.cost"].sudo().search_count([("type_id", "in", moved.ids)], limit=1):
            raise UserError(
                self.env._("%s stays where it is: costs have been booked on it. Please make another kind.",
                           moved[:1].display_name)
            )  # fmt: skip
        return super().write(vals)
