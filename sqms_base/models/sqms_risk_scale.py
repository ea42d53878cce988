from odoo import api, fields, models
from odoo.exceptions import UserError

DIMENSIONS = [("likelihood", "Likelihood"), ("impact", "Impact of a Risk"), ("benefit", "Benefit of an Opportunity")]
# What is chosen beside the likelihood.
BY_KIND = {"risk": "impact", "opportunity": "benefit"}


class SqmsRiskScale(models.Model):
    """What each step of likelihood, impact and benefit means, in words.

    1. A step without company holds for every company that has not written its own scale for that dimension.
    2. A step keeps its number: another meaning is another wording, and ratings keep the words they were made with.
    """

    _name = "sqms.risk.scale"
    _description = "Step of a Risk Scale"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "dimension, value, id"

    dimension = fields.Selection(DIMENSIONS, required=True, default="likelihood")
    value = fields.Integer(string="Step", required=True, default=1, aggregator=None)
    name = fields.Char(string="In a Word", required=True, translate=True)
    description = fields.Char(string="What It Means", required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True, ondelete="restrict",
        help="Left empty, it holds for every company that has no scale of its own.",
    )  # fmt: skip

    _value_range = models.Constraint("CHECK(value BETWEEN 1 AND 5)", "A scale has the steps 1 to 5.")
    _step_uniq = models.UniqueIndex("(COALESCE(company_id, 0), dimension, value)", "This step exists already.")

    _ledger_fields = ("dimension", "value", "name", "description", "company_id")

    @api.depends("value", "name", "description")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for step in self:
            step.display_name = f"{step.value} · {step.name}: {step.description}" if step.name else str(step.value)

    def write(self, vals):
        for name in ("dimension", "value", "company_id"):
            if name in vals and any(
                step._fields[name].convert_to_write(step[name], step) != vals[name] for step in self
            ):
                raise UserError(self.env._("A step of a scale keeps its number; only its words change."))
        return super().write(vals)

    @api.model
    def _steps(self, company, dimension):
        """The five steps of a dimension that hold for a company, the lowest first.

        A scale of its own counts only when it is complete.
        """
        rows = self.sudo().search([("company_id", "in", [company.id, False]), ("dimension", "=", dimension)])
        own = rows.filtered("company_id")
        return (own if len(own) == 5 else rows - own).sorted("value").sudo(self.env.su)

    def _words(self):
        """`{step id: {language: its word}}` as they stand now."""
        self.flush_recordset(["name"])
        field = self._fields["name"]
        return {step.id: field._get_stored_translations(step) or {} for step in self.sudo()}
