from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..lib import control_schedule
from ..lib.control_limits import Criterion
from ..lib.workflow_pass import workflow_fields
from .sqms_nonconformity import GRADES

KINDS = [("yes_no", "Yes or No"), ("number", "Number"), ("choice", "Choice")]
FREQUENCIES = [
    ("service", "At Each Service"),
    ("days", "Every … Days"),
    ("weeks", "Every … Weeks"),
    ("months", "Every … Months"),
]
# What a check copies of a point, so that it says later what it answered.
TEXTS = ("name", "method", "reaction", "choices_right", "choices_wrong")
FACTS = (
    "kind", "good_answer", "unit", "has_lower", "lower", "has_upper", "upper", "grade", "is_stop", "photo_required",
    "device_required", "sequence",
)  # fmt: skip


def choices_of(text):
    """The choices of a list with one to a line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class SqmsControlPoint(models.Model):
    """One thing that is looked at in a service, and within which limits it is as it should be."""

    _name = "sqms.control.point"
    _description = "Control Point"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "plan_id, sequence, id"
    _check_company_auto = True

    _workflow_parent = "plan_id"
    _workflow_parent_lines = "point_ids"

    plan_id = fields.Many2one("sqms.control.plan", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(string="What Is Checked", required=True, translate=True)
    method = fields.Text(translate=True, help="How it is looked at or measured, and with what.")
    # what is right
    kind = fields.Selection(KINDS, string="Kind of Answer", required=True, default="yes_no")
    good_answer = fields.Selection(
        [("yes", "Yes"), ("no", "No")], string="Right Is", required=True, default="yes",
        help="The answer that is as it should be.",
    )  # fmt: skip
    unit = fields.Char(translate=False, help="The unit of the number: bar, °C, Nm, minutes.")
    has_lower = fields.Boolean(string="Lower Limit?")
    lower = fields.Float(string="From", digits=(16, 6), help="This number itself is right.", aggregator=None)
    has_upper = fields.Boolean(string="Upper Limit?")
    upper = fields.Float(string="To", digits=(16, 6), help="This number itself is right.", aggregator=None)
    choices_right = fields.Text(string="Choices That Are Right", translate=True, help="One to a line.")
    choices_wrong = fields.Text(string="Choices Out of Limit", translate=True, help="One to a line.")
    limit_label = fields.Char(string="Right Is…", compute="_compute_limit_label")
    # when and by whom
    frequency = fields.Selection(FREQUENCIES, required=True, default="service")
    every = fields.Integer(default=1, aggregator=None)
    sample_size = fields.Integer(
        string="Sample", default=1, aggregator=None, help="How many are looked at in each check of this point."
    )
    responsible = fields.Selection(
        [("owner", "Owner of the Plan"), ("employee", "Employee"), ("job", "Job"), ("group", "Group")],
        string="Checked By", required=True, default="owner",
    )  # fmt: skip
    employee_id = fields.Many2one("hr.employee", check_company=True, index="btree_not_null", ondelete="restrict")
    job_id = fields.Many2one("hr.job", check_company=True, index="btree_not_null", ondelete="restrict")
    group_id = fields.Many2one("res.groups", index="btree_not_null", ondelete="restrict")
    date_anchor = fields.Date(string="Counted From", readonly=True, copy=False)
    date_next = fields.Date(string="Next Check", readonly=True, copy=False)
    # when it is not right
    reaction = fields.Text(string="If Out of Limit", translate=True, help="What is done at once, by whoever finds it.")
    grade = fields.Selection(GRADES, required=True, default="minor", help="Of the nonconformity that it makes.")
    is_stop = fields.Boolean(
        string="Stops the Service",
        help="Out of limit here ends the check at once: the nonconformity is there before the rest is answered.",
    )
    photo_required = fields.Boolean(string="Photo")
    device_required = fields.Boolean(string="Device", help="Say with which calibrated device it was measured.")

    _every_positive = models.Constraint("CHECK(every >= 1)", "A check comes back after one period at the soonest.")
    _sample_range = models.Constraint("CHECK(sample_size BETWEEN 1 AND 50)", "A sample has between 1 and 50 pieces.")
    _limits = models.Constraint(
        "CHECK(NOT (has_lower AND has_upper) OR lower <= upper)", "The lower limit cannot be above the upper one."
    )
    _next_idx = models.Index("(date_next) WHERE date_next IS NOT NULL AND active IS TRUE")

    _ledger_fields = (
        "plan_id", "sequence", "active", "name", "method", "kind", "good_answer", "unit", "has_lower", "lower",
        "has_upper", "upper", "choices_right", "choices_wrong", "frequency", "every", "sample_size", "responsible",
        "employee_id", "job_id", "group_id", "reaction", "grade", "is_stop", "photo_required", "device_required",
    )  # fmt: skip

    # -- what is right -------------------------------------------------------------

    @api.constrains("kind", "has_lower", "has_upper", "lower", "upper", "choices_right", "choices_wrong")
    def _check_criterion(self):
        for point in self:
            if point.kind == "number" and not (point.has_lower or point.has_upper):
                raise ValidationError(self.env._("“%s” needs a lower or an upper limit.", point.name))
            if point.kind == "choice" and not (choices_of(point.choices_right) and choices_of(point.choices_wrong)):
                raise ValidationError(
                    self.env._("“%s” needs at least one choice that is right and one that is out of limit.", point.name)
                )

    @api.constrains("responsible", "employee_id", "job_id", "group_id")
    def _check_responsible(self):
        for point in self:
            if point.responsible != "owner" and not point[f"{point.responsible}_id"]:
                raise ValidationError(self.env._("Please say who checks “%s”.", point.name))

    @api.constrains("lower", "upper")
    def _check_finite(self):
        for point in self:
            if point.lower != point.lower or point.upper != point.upper:
                raise ValidationError(self.env._("The limits of “%s” are no numbers.", point.name))

    @api.depends("kind", "good_answer", "unit", "has_lower", "lower", "has_upper", "upper", "choices_right")
    @api.depends_context("lang")
    def _compute_limit_label(self):
        for point in self:
            point.limit_label = self._limit_words(
                point._criterion(), choices_of(point.choices_right), self.env._("Yes"), self.env._("No")
            )

    @api.model
    def _limit_words(self, criterion, right, yes, no):
        """What is right, in words: “0.5 to 1.5 bar”."""
        if criterion.kind == "yes_no":
            return yes if criterion.good == "yes" else no
        if criterion.kind == "choice":
            return " / ".join(right)
        unit = f" {criterion.unit}" if criterion.unit else ""
        low, high = (None if limit is None else f"{limit:.10g}" for limit in (criterion.lower, criterion.upper))
        if low is None and high is None:
            return ""
        if low is None:
            return self.env._("at most %(limit)s", limit=high + unit)
        if high is None:
            return self.env._("at least %(limit)s", limit=low + unit)
        return self.env._("%(low)s to %(high)s", low=low, high=high + unit)

    def _criterion(self):
        self.ensure_one()
        return Criterion(
            self.kind,
            self.good_answer,
            self.lower if self.has_lower else None,
            self.upper if self.has_upper else None,
            self.unit or "",
            len(choices_of(self.choices_right)),
            len(choices_of(self.choices_wrong)),
        )

    # -- when ----------------------------------------------------------------------

    def _start_schedule(self):
        """The plan has come into force: what comes back is due from today on, or when it was due anyway."""
        with workflow_fields(self.plan_id, "point_ids"):
            for point in self:
                today = point.company_id._sqms_today()
                if point.frequency == "service":
                    point.write({"date_anchor": False, "date_next": False})
                elif (
                    not point.date_next
                    or not point.date_anchor
                    or point.date_next < today
                    or control_schedule.due_and_next(
                        point.date_anchor, point.frequency, point.every, fields.Date.subtract(point.date_next, days=1)
                    )[1]
                    != point.date_next
                ):
                    point.write({"date_anchor": today, "date_next": today})

    # -- what a check takes along -----------------------------------------------------

    def _texts(self):
        """`{point id: {name: {language: text}}}` as they stand now; one question for all points."""
        self.flush_recordset(TEXTS)
        if not self.ids:
            return {}
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT id, %s FROM sqms_control_point WHERE id IN %s",
                SQL(", ").join(SQL.identifier(name) for name in TEXTS),
                tuple(self.ids),
            )
        )
        return {row.pop("id"): {name: texts or {} for name, texts in row.items()} for row in rows}

    def _asked(self):
        """Who is asked: a key that is the same for the same person, and what the check says of it."""
        self.ensure_one()
        if self.responsible == "owner":
            owner = self.plan_id.owner_id
            return f"owner:{owner.id}", {"user_id": owner.id}
        name = f"{self.responsible}_id"
        return f"{self.responsible}:{self[name].id}", {name: self[name].id}

    # -- who wrote -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        points = super().create(vals_list)
        points.plan_id._note_contributor()
        return points

    def write(self, vals):
        plans = self.plan_id
        result = super().write(vals)
        (plans | self.plan_id)._note_contributor()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        self.plan_id._note_contributor()
        return result

    def unlink(self):
        plans = self.plan_id
        result = super().unlink()
        plans._note_contributor()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_checked(self):
        if self.env["sqms.control.result"].sudo().search_count([("point_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("A point that was checked is kept: please archive it instead."))
