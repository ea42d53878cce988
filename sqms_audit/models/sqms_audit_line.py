import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.image import image_process

from ..lib.vocabulary import ANSWERS, GRADES, OBJECT_TYPES

STAMPS = ("answered_by_id", "answered_on")
PRINTED_PHOTO_PIXELS = (900, 900)


class SqmsAuditLine(models.Model):
    """A question of the checklist and what the auditor found.

    1. It is answered while the audit is in progress.
    2. Who answered, and when, is written down by the system.
    3. Photos belong to the line: what is taken over from elsewhere is copied.
    """

    _name = "sqms.audit.line"
    _description = "Checklist Question"
    _inherit = ["sqms.audit.part"]
    _order = "audit_id, sequence, id"
    _rec_name = "question"

    sequence = fields.Integer(default=10)
    clause = fields.Char(help="Where the requirement stands, for instance 8.2.1.")
    object_type = fields.Selection(OBJECT_TYPES, string="Object", required=True, default="rule")
    question = fields.Text(required=True)
    guidance = fields.Text(string="Look for")
    answer = fields.Selection(ANSWERS, copy=False)
    note = fields.Text(string="What I saw", copy=False, help="The facts: where, when, who said it, which record.")
    photo_ids = fields.Many2many(
        "ir.attachment", "sqms_audit_line_photo_rel", "line_id", "attachment_id", string="Photos", copy=False
    )
    answered_by_id = fields.Many2one("res.users", string="Answered by", readonly=True, copy=False, ondelete="restrict")
    answered_on = fields.Datetime(string="Answered on", readonly=True, copy=False)
    finding_ids = fields.One2many("sqms.audit.finding", "line_id", string="Findings")
    finding_count = fields.Integer(string="Number of findings", compute="_compute_finding_count")

    @api.depends("finding_ids")
    def _compute_finding_count(self):
        counts = dict(
            self.env["sqms.audit.finding"]._read_group([("line_id", "in", self.ids)], ["line_id"], ["__count"])
        )
        for line in self:
            line.finding_count = counts.get(line._origin, 0)

    # -- rules -------------------------------------------------------------

    @api.constrains("answer")
    def _check_answered_in_time(self):
        for line in self:
            if line.answer and line.audit_id.state == "planned":
                raise ValidationError(
                    self.env._(
                        "%(audit)s is still planned. Please start it before you answer its questions.",
                        audit=line.audit_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._stamp_new()
        lines.filtered("photo_ids")._claim_photos()
        return lines

    def write(self, vals):
        if not self.env.su and not set(STAMPS).isdisjoint(vals):
            raise AccessError(self.env._("Who answered a question, and when, is written down by the system."))
        changed = self.filtered(lambda line: line.answer != vals["answer"]) if "answer" in vals else self.browse()
        if changed:
            super(SqmsAuditLine, changed).write({**self._prepare_stamps(vals["answer"]), **vals})
        if self - changed:
            super(SqmsAuditLine, self - changed).write(vals)
        if "photo_ids" in vals:
            self._claim_photos()
        return True

    def _prepare_stamps(self, answer):
        if not answer:
            return dict.fromkeys(STAMPS, False)
        return {"answered_by_id": self.env.uid, "answered_on": fields.Datetime.now()}

    def _stamp_new(self):
        """Defaults and imports may have brought an answer, or the stamps of one that nobody gave."""
        if self.env.su:
            return
        for line in self:
            stamps = self._prepare_stamps(line.answer)
            if line.answer or line.answered_by_id or line.answered_on:
                line.sudo().write(stamps)

    # -- photos ------------------------------------------------------------

    def _claim_photos(self):
        for line in self:
            foreign = self.env["ir.attachment"]
            for photo in line.photo_ids:
                if not photo.res_id and photo.res_model in (False, line._name):
                    photo.write({"res_model": line._name, "res_id": line.id})
                elif (photo.res_model, photo.res_id) != (line._name, line.id):
                    foreign |= photo
            for photo in foreign:
                own = photo.copy({"res_model": line._name, "res_id": line.id})
                line.photo_ids = [fields.Command.unlink(photo.id), fields.Command.link(own.id)]

    def _get_printed_photos(self):
        """`[(name, data)]` for the report, small enough to print many; no data where a file is no picture."""
        self.ensure_one()
        return [(photo.name, self._get_printed_photo(photo)) for photo in self.photo_ids]

    def _get_printed_photo(self, photo):
        try:
            picture = image_process(photo.raw, size=PRINTED_PHOTO_PIXELS, output_format="JPEG")
        except (UserError, OSError):
            # One broken file does not keep the report from being printed.
            return None
        kind = photo.mimetype or ""
        if not kind.startswith("image/") or kind.startswith("image/svg"):
            return None
        return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"

    # -- actions -----------------------------------------------------------

    def action_finding(self):
        """Write up this answer as a finding, or open the one that exists."""
        self.ensure_one()
        finding = self.finding_ids[:1] or self.env["sqms.audit.finding"].create(self._prepare_finding_values())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Finding"),
            "res_model": "sqms.audit.finding",
            "res_id": finding.id,
            "view_mode": "form",
            "views": [(self.env.ref("sqms_audit.sqms_audit_finding_view_form").id, "form")],
            "target": "new",
        }

    def _prepare_finding_values(self):
        if self.answer not in dict(GRADES):
            raise UserError(self.env._("Please answer the question first: a finding has a grade."))
        if not (self.note or "").strip():
            raise UserError(self.env._("Please write down what you saw first: a finding rests on evidence."))
        return {
            "audit_id": self.audit_id.id,
            "line_id": self.id,
            "grade": self.answer,
            "clause": self.clause,
            "object_type": self.object_type,
            "criteria": " ".join(filter(None, (self.clause, self.question))),
            "evidence": self.note,
            "statement": self._prepare_statement(),
        }

    def _prepare_statement(self):
        """A first sentence that the auditor makes his own."""
        facts = self.note.strip().splitlines()[0]
        return {
            "major": self.env._("The requirement is not fulfilled: %(facts)s", facts=facts),
            "minor": self.env._("The requirement is not fulfilled throughout: %(facts)s", facts=facts),
            "opportunity": self.env._("This could be done better: %(facts)s", facts=facts),
            "conform": self.env._("The requirement is fulfilled: %(facts)s", facts=facts),
            "good_practice": self.env._("Worth copying elsewhere: %(facts)s", facts=facts),
        }[self.answer]
