from odoo import fields, models
from odoo.exceptions import AccessError

CATEGORIES = [
    ("people", "People"),
    ("method", "Method"),
    ("machine", "Machine"),
    ("material", "Material and Information"),
    ("measurement", "Measurement"),
    ("environment", "Environment"),
    ("management", "Management"),
]


class SqmsCauseType(models.Model):
    """A kind of cause: what makes two causes the same, for the search for repetitions and for the Pareto.

    1. Kinds without a company are for all of them, a company adds its own.
    2. A kind that is no longer used is archived: what was found under it stays counted.
    """

    _name = "sqms.cause.type"
    _description = "Kind of Cause"
    _order = "category, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    category = fields.Selection(CATEGORIES, string="Bone", required=True, default="method")
    description = fields.Text(string="When It Fits", translate=True)
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="restrict", help="Without a company, the kind is for all of them."
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "((COALESCE(company_id, 0)), category, name) WHERE active IS TRUE",
        "There is such a kind of cause under this bone already.",
    )

    def write(self, vals):
        # The rules look at a kind as it was: they would let one's own be given to everybody.
        if "company_id" in vals and not (self.env.su or self.env.user.has_group("sqms_base.group_sqms_manager")):
            company = vals["company_id"] or False
            if any(kind.company_id.id != company for kind in self):
                raise AccessError(self.env._("For which company a kind of cause is, a manager decides."))
        return super().write(vals)
