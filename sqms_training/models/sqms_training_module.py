from odoo import fields, models

KINDS = [
    ("lecture", "Lecture"),
    ("practice", "Practice"),
    ("reading", "Reading"),
    ("work", "At the Workplace"),
    ("test", "Test by the Trainer"),
]


class SqmsTrainingModule(models.Model):
    """A part of a course; the certificate needs all mandatory ones."""

    _name = "sqms.training.module"
    _description = "Part of a Course"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "course_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    course_id = fields.Many2one("sqms.training.course", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="course_id.company_id", store=True, index=True, precompute=True)
    kind = fields.Selection(KINDS, required=True, default="lecture")
    is_mandatory = fields.Boolean("Mandatory", default=True)
    hours = fields.Float(help="How long it takes.")

    _hours_positive = models.Constraint("CHECK(hours >= 0)", "A part does not take less than no time.")

    _ledger_fields = ("name", "course_id", "kind", "is_mandatory", "hours")
