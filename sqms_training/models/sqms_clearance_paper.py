import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib.forbidden_questions import forbidden_by
from ..lib.proof_file import MAX_BYTES, proof_type


class SqmsClearancePaper(models.Model):
    """A paper of a clearance, and what it says.

    1. Clearance officers alone see it, and not the one whom it is about. No link, token or list leads there.
    2. Its file opens by one door, which writes down who opened it; its note is no search term.
    3. What the law forbids to keep is not written down here either.
    4. File and note are erased when the time of keeping is over.
    """

    _name = "sqms.clearance.paper"
    _description = "Paper of a Clearance"
    _inherit = ["sqms.workflow.line.mixin"]
    _order = "id"
    _check_company_auto = True

    _workflow_parent = "clearance_id"
    _workflow_parent_lines = "paper_ids"

    clearance_id = fields.Many2one("sqms.clearance", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="clearance_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    rule_id = fields.Many2one(related="clearance_id.rule_id")
    kind = fields.Selection(
        [("result", "Result of a Check"), ("consent", "Consent on Paper"), ("hearing", "Record of the Hearing")],
        required=True, default="result",
    )  # fmt: skip
    check_id = fields.Many2one(
        "sqms.position.check", index="btree_not_null", ondelete="restrict",
        domain="[('rule_id', '=', rule_id)]",
    )  # fmt: skip
    outcome = fields.Selection(
        [("clear", "Nothing Found"), ("finding", "Finding"), ("unclear", "To Be Clarified")], string="Result"
    )
    received_on = fields.Date(default=fields.Date.context_today)
    raw_file = fields.Binary(attachment=True, groups=fields.NO_ACCESS, copy=False, export_string_translation=False)
    file_name = fields.Char(string="Name of the File")
    file = fields.Binary(string="Add a File", compute="_compute_file", inverse="_inverse_file")
    has_file = fields.Boolean(string="File", readonly=True, copy=False)
    raw_note = fields.Text(groups=fields.NO_ACCESS, copy=False, export_string_translation=False)
    note = fields.Text(compute="_compute_note", inverse="_inverse_note")

    _privacy_fields = {"clearance_id": "part", "file_name": "empty", "raw_note": "empty"}

    # -- computes ------------------------------------------------------------

    def _compute_file(self):
        """A file goes in here; it comes out by its own door alone."""
        self.file = False

    def _inverse_file(self):
        for paper in self:
            if paper.file:
                paper._check_file(paper.file)
                paper.sudo().write({"raw_file": paper.file, "has_file": True})

    @api.depends_context("uid")
    def _compute_note(self):
        shown = self.browse()
        for paper, raw in zip(self, self.sudo(), strict=True):
            paper.note = raw.raw_note
            if raw.raw_note:
                shown |= paper._origin
        self.env["sqms.clearance.access"]._note(shown.clearance_id, "paper_note")

    def _inverse_note(self):
        words = self.env["sqms.negative.item"]._forbidden_words()
        for paper in self:
            code = forbidden_by(paper.note, words)
            if code:
                raise ValidationError(self.env._("%s forbids to keep this. Please leave it out.", code))
            paper.sudo().raw_note = paper.note

    @api.depends("kind", "check_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for paper in self:
            paper.display_name = paper.check_id.name or kinds.get(paper.kind)

    # -- checks --------------------------------------------------------------

    @api.constrains("kind", "check_id", "outcome", "clearance_id")
    def _check_result(self):
        for paper in self:
            if paper.kind == "result" and not (paper.check_id and paper.outcome):
                raise ValidationError(self.env._("Please say which check it is and what came of it."))
            if paper.kind != "result" and (paper.check_id or paper.outcome):
                raise ValidationError(self.env._("Only the result of a check has a result."))
            if paper.check_id and paper.check_id.rule_id != paper.clearance_id.rule_id:
                raise ValidationError(
                    self.env._("“%s” is not checked for this post; nothing else may be asked.", paper.check_id.name)
                )
            if paper.kind == "result" and paper.clearance_id.state == "requested":
                raise ValidationError(self.env._("Nothing is collected before the person was told and has agreed."))

    @api.model
    def _check_file(self, value):
        try:
            content = base64.b64decode(value or b"", validate=False)
        except (binascii.Error, TypeError, ValueError):
            content = b""
        if not proof_type(content):
            raise UserError(self.env._("A paper is a PDF or a photo (JPEG, PNG, WEBP)."))
        if len(content) > MAX_BYTES:
            raise UserError(self.env._("A paper must not be larger than 10 MB."))

    # -- ORM -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        papers = super().create([self._cleaned(vals) for vals in vals_list])
        papers._refuse_own()
        return papers

    def write(self, vals):
        self._refuse_own()
        result = super().write(self._cleaned(vals))
        self._refuse_own()
        return result

    @api.model
    def _cleaned(self, vals):
        """What only the doors above fill in."""
        return vals if self.env.su else {name: value for name, value in vals.items() if name != "has_file"}

    def _refuse_own(self):
        for clearance in () if self.env.su else self.sudo().clearance_id:
            if clearance.with_env(self.env)._is_about_user():
                raise AccessError(self.env._("It is about you: other officers do this."))

    def action_open(self):
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/sqms/clearance/paper/{self.id}", "target": "new"}

    def _content(self):
        """The file for whoever may read the paper, written down.

        :return: (bytes, name, type), or nothing
        """
        self.ensure_one()
        self.check_access("read")
        raw = self.sudo().with_context(bin_size=False).raw_file
        if not raw:
            return None
        self.env["sqms.clearance.access"]._note(self.clearance_id, "paper_file")
        content = base64.b64decode(raw)
        return content, self.file_name or self.display_name, proof_type(content)

    # -- reading is writing the log: never on a read-only connection --------------------

    def read(self, fields=None, load="_classic_read"):
        return super().read(fields, load)

    read._readonly = False

    def web_read(self, specification):
        return super().web_read(specification)

    web_read._readonly = False
