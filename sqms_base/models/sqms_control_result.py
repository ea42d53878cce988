from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib.control_limits import CONFORM, OUT, Criterion, answer_of, verdict
from ..lib.workflow_pass import passed
from .sqms_control_point import KINDS, choices_of
from .sqms_nonconformity import GRADES

OPEN_FIELDS = {"value", "note", "device_id"}


class SqmsControlResult(models.Model):
    """The answer to one point, and what was right there when it was asked.

    1. What was asked is copied from the plan and stays; the answer is open until the check is done.
    2. Whether it conforms is computed from the two, by `lib/control_limits.py`.
    3. A device that is overdue for calibration, or was found out of tolerance, measures nothing.
    """

    _name = "sqms.control.result"
    _description = "Result of a Check"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "record_id desc, sequence, point_id, sample_no, id"
    _check_company_auto = True
    _sqms_check_files = True

    _workflow_parent = "record_id"
    _workflow_parent_lines = "result_ids"

    record_id = fields.Many2one(
        "sqms.control.record", string="Check", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="record_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    plan_id = fields.Many2one(related="record_id.plan_id", store=True, index=True, precompute=True, ondelete="restrict")
    process_id = fields.Many2one(
        related="record_id.process_id", store=True, index="btree_not_null", precompute=True, ondelete="restrict"
    )
    site_id = fields.Many2one(
        related="record_id.site_id", string="Place", store=True, index="btree_not_null", ondelete="restrict"
    )
    done_at = fields.Datetime(related="record_id.done_at", string="Done On", store=True, index=True)
    state = fields.Selection(related="record_id.state", string="State of the Check")
    # what was asked
    point_id = fields.Many2one("sqms.control.point", required=True, index=True, ondelete="restrict")
    sequence = fields.Integer(readonly=True, aggregator=None)
    sample_no = fields.Integer(string="Piece", readonly=True, default=1, aggregator=None)
    texts = fields.Json(string="Point as It Was Asked", readonly=True, export_string_translation=False)
    name = fields.Char(string="What Is Checked", compute="_compute_texts")
    method = fields.Text(compute="_compute_texts")
    reaction = fields.Text(string="If Out of Limit", compute="_compute_texts")
    limit_label = fields.Char(string="Right Is…", compute="_compute_texts")
    kind = fields.Selection(KINDS, string="Kind of Answer", readonly=True, required=True)
    good_answer = fields.Selection([("yes", "Yes"), ("no", "No")], string="Right Is", readonly=True, required=True)
    unit = fields.Char(readonly=True)
    has_lower = fields.Boolean(readonly=True)
    lower = fields.Float(string="From", digits=(16, 6), readonly=True, aggregator=None)
    has_upper = fields.Boolean(readonly=True)
    upper = fields.Float(string="To", digits=(16, 6), readonly=True, aggregator=None)
    grade = fields.Selection(GRADES, readonly=True, required=True)
    is_stop = fields.Boolean(string="Stops the Service", readonly=True)
    photo_required = fields.Boolean(string="Photo", readonly=True)
    device_required = fields.Boolean(string="Device Needed", readonly=True)
    # what was answered
    value = fields.Char(string="Answer Given", copy=False)
    value_label = fields.Char(string="Found", compute="_compute_value_label")
    number = fields.Float(string="Measured", digits=(16, 6), compute="_compute_verdict", store=True, aggregator="avg")
    verdict = fields.Selection(
        [(CONFORM, "Conform"), (OUT, "Out of Limit")], compute="_compute_verdict", store=True, index=True
    )
    is_counted = fields.Boolean(string="Counts", compute="_compute_is_counted", store=True)
    note = fields.Text(string="Remark", copy=False)
    device_id = fields.Many2one(
        "maintenance.equipment", string="Measured With", check_company=True, index="btree_not_null", ondelete="restrict"
    )
    answered_at = fields.Datetime(string="Answered On", readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    photo_ids = fields.One2many(
        "ir.attachment", "res_id", string="Photos", readonly=True, copy=False,
        domain=[("res_model", "=", "sqms.control.result"), ("res_field", "=", False)],
    )  # fmt: skip

    _once = models.UniqueIndex("(record_id, point_id, sample_no)", "This point is asked already.")
    _counted_idx = models.Index("(company_id, done_at) WHERE is_counted IS TRUE")
    _device_idx = models.Index("(device_id, answered_at) WHERE device_id IS NOT NULL")

    _ledger_fields = (
        "record_id", "point_id", "sample_no", "kind", "unit", "lower", "upper", "value", "verdict", "note",
        "device_id", "answered_at", "answered_by_id",
    )  # fmt: skip
    _ledger_personal_fields = ("note",)

    # -- computes ----------------------------------------------------------------

    @api.depends("record_id", "texts")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for result in self:
            result.display_name = " · ".join(filter(None, (result.sudo().record_id.number, result.name)))

    @api.depends("texts", "kind", "good_answer", "unit", "has_lower", "lower", "has_upper", "upper")
    @api.depends_context("lang")
    def _compute_texts(self):
        points = self.env["sqms.control.point"]
        for result in self:
            for name in ("name", "method", "reaction"):
                result[name] = result._text(name)
            result.limit_label = points._limit_words(
                result._criterion(), result._choices("right"), self.env._("Yes"), self.env._("No")
            )

    def _text(self, name):
        words = (self.texts or {}).get(name) or {}
        return words.get(self.env.lang) or words.get("en_US") or next(iter(words.values()), False)

    def _choices(self, side):
        """The choices in the language of the reader; where a translation lacks some, those of the source."""
        name = f"choices_{side}"
        source = choices_of(((self.texts or {}).get(name) or {}).get("en_US"))
        own = choices_of(self._text(name))
        return own if len(own) == len(source) or not source else source

    def _criterion(self):
        self.ensure_one()
        return Criterion(
            self.kind,
            self.good_answer,
            self.lower if self.has_lower else None,
            self.upper if self.has_upper else None,
            self.unit or "",
            len(self._choices("right")),
            len(self._choices("wrong")),
        )

    @api.depends("value", "kind", "good_answer", "has_lower", "lower", "has_upper", "upper", "texts")
    def _compute_verdict(self):
        for result in self:
            result.verdict = verdict(result._criterion(), result.value) or False
            result.number = float(result.value) if result.kind == "number" and result.value else 0.0

    @api.depends("value", "kind", "unit", "texts")
    @api.depends_context("lang")
    def _compute_value_label(self):
        for result in self:
            result.value_label = result._words_of(result.value)

    def _words_of(self, value):
        if not value:
            return False
        if self.kind == "number":
            return " ".join(filter(None, (value, self.unit)))
        if self.kind == "yes_no":
            return self.env._("Yes") if value == "yes" else self.env._("No")
        side, _colon, place = value.partition(":")
        choices = self._choices(side)
        return choices[int(place)] if int(place) < len(choices) else value

    @api.depends("record_id.state", "record_id.is_superseded", "verdict")
    def _compute_is_counted(self):
        for result in self:
            record = result.record_id
            result.is_counted = bool(result.verdict and record.state == "done" and not record.is_superseded)

    # -- constraints ---------------------------------------------------------------

    @api.constrains("device_id")
    def _check_device(self):
        for device in self.device_id.sudo():
            reason = device._why_not_to_measure_with()
            if reason:
                raise ValidationError(reason)

    # -- ORM ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A check is opened from its plan, with its points."))
        return super().create([{**vals, "value": False} for vals in vals_list])

    def write(self, vals):
        if set(vals) <= {"answered_at", "answered_by_id"} and passed(self.record_id, {"result_ids"}):
            return super().write(vals)
        closed = sorted(set(vals) - OPEN_FIELDS - {"photo_ids"})
        if closed:
            raise UserError(
                self.env._(
                    "“%(field)s” of a %(model)s is filled in by the system and cannot be written.",
                    field=self._fields[closed[0]]._description_string(self.env)
                    if closed[0] in self._fields
                    else closed[0],
                    model=self._description,
                )
            )  # fmt: skip
        if "value" not in vals:
            return super().write(vals)
        for result in self:
            own = {**vals, "value": result._answer(vals["value"]) or False}
            super(SqmsControlResult, result).write(own)
            result._answered()
        self._stop()
        return True

    def _answer(self, value):
        """The answer as it is kept.

        :raise ValidationError: what is wrong with it, in words
        """
        try:
            return answer_of(self._criterion(), value)
        except ValueError as error:
            words = {
                "number": self.env._("“%(answer)s” is no number.", answer=value),
                "finite": self.env._("“%(answer)s” is no number.", answer=value),
                "unit": self.env._("Please give the number in %(unit)s.", unit=self.unit or self.env._("its unit")),
                "ambiguous": self.env._(
                    "“%(answer)s” can be read in two ways: please write it with a point for decimals only.",
                    answer=value,
                ),
                "choice": self.env._("“%(answer)s” is not one of the choices.", answer=value),
            }
            raise ValidationError(words.get(str(error), words["number"])) from error

    def _answered(self):
        """Who, and when; the system says it, whoever asks."""
        # pylint: disable=missing-return,super-method-mismatch
        super(SqmsControlResult, self.sudo()).write(
            {"answered_at": fields.Datetime.now(), "answered_by_id": self.env.uid}
            if self.value
            else {"answered_at": False, "answered_by_id": False}
        )

    # -- what is still missing, what follows ------------------------------------------

    def _missing(self):
        """What has to be done before the check is finished, in words. Of one that was stopped only what was begun."""
        stopped = bool(self.record_id.stopped_at) and any(row.is_stop and row.verdict == OUT for row in self)
        asked = self.filtered("verdict") if stopped else self
        if not asked.filtered("verdict"):
            return self.env._("nothing is answered yet")
        open_rows = asked.filtered(lambda row: not row.verdict)
        if open_rows:
            return self.env._("“%s” is not answered yet", open_rows[0].name)
        with_photo = set(asked.sudo().photo_ids.mapped("res_id"))
        for row in asked:
            if row.photo_required and row.id not in with_photo:
                return self.env._("“%s” needs a photo", row.name)
            if row.device_required and not row.device_id:
                return self.env._("please say with which device “%s” was measured", row.name)
            reason = row.device_id.sudo()._why_not_to_measure_with() if row.device_id else ""
            if reason:
                return reason.rstrip(".。")
        return ""

    def _stop(self):
        """Out of limit at a point that stops the service: at once, not only when the check is done."""
        bad = self.filtered(lambda row: row.is_stop and row.verdict == OUT)
        if bad:
            bad.record_id.sudo()._stopped()

    def _closed_to_files(self, _new):
        """The results whose photos stay as they are, and get no more."""
        return self.filtered(lambda row: row.record_id.state != "open")
