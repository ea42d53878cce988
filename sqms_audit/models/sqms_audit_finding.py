from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.transition import Transition

from ..lib.vocabulary import GRADES, NEED_RESPONSE, NONCONFORMITIES, OBJECT_TYPES
from .sqms_audit import AUDITOR

_lt = LazyTranslate(__name__)

STATES = [("recorded", "To answer"), ("answered", "Answered"), ("accepted", "Accepted")]
RESPONSE = {"cause", "correction", "due_date"}
REVIEW = {"review_note"}
STAMPS = ("responded_by_id", "responded_on", "accepted_by_id", "accepted_on")
# Guarded by the workflow, or written by the mail thread.
ELSEWHERE = {
    "state",
    "number",
    *STAMPS,
    "message_main_attachment_id",
    "message_follower_ids",
    "activity_ids",
    "message_ids",
}


class SqmsAuditFinding(models.Model):
    """What an audit found: the requirement, the evidence, the statement, and what the audited do about it.

    1. The auditors write it while the audit is in progress.
    2. The audited answer it, with the cause of a nonconformity, what they do and until when.
    3. An auditor who did not answer it himself accepts the answer or sends it back with a reason.
    4. A conformity or a good practice needs no answer.
    """

    _name = "sqms.audit.finding"
    _description = "Audit Finding"
    _inherit = [
        "sqms.audit.part",
        "sqms.workflow.mixin",
        "sqms.number.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "statement"]
    _check_company_auto = True
    _mail_post_access = "read"
    _number_prefix = "FND"
    _part_states = ("in_progress",)

    _workflow_initial = ("recorded",)
    _workflow = (
        Transition("answer", _lt("Send the Answer"), source=("recorded",), target="answered", required=("correction",)),
        Transition("accept", _lt("Accept the Answer"), source=("answered",), target="accepted", groups=AUDITOR),
        Transition(
            "send_back",
            _lt("Send Back"),
            source=("answered",),
            target="recorded",
            groups=AUDITOR,
            required=("review_note",),
        ),
    )
    _workflow_managed = STAMPS
    _workflow_locked = {"answered": ("review_note",), "accepted": ()}

    state = fields.Selection(
        STATES, default="recorded", required=True, readonly=True, copy=False, tracking=True, index=True
    )
    line_id = fields.Many2one(
        "sqms.audit.line",
        string="Question",
        domain="[('audit_id', '=', audit_id)]",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    grade = fields.Selection(GRADES, required=True, tracking=True, index=True)
    date = fields.Date(string="Found on", required=True, default=fields.Date.context_today, index=True)
    clause = fields.Char()
    object_type = fields.Selection(OBJECT_TYPES, string="Object")
    criteria = fields.Text(string="Requirement", required=True, help="What should be: clause, law or own rule.")
    evidence = fields.Text(required=True, help="What is: the facts, so that a third person can follow.")
    statement = fields.Text(required=True, help="The gap between the two in one sentence.")
    photo_ids = fields.Many2many(related="line_id.photo_ids")
    # where it belongs
    company_id = fields.Many2one(related="audit_id.company_id", store=True, index=True, ondelete="restrict")
    department_id = fields.Many2one(
        related="audit_id.department_id", string="Department", store=True, index="btree_not_null", ondelete="restrict"
    )
    # what the audited do about it
    needs_response = fields.Boolean(compute="_compute_needs_response", export_string_translation=False)
    user_may_answer = fields.Boolean(
        related="audit_id.user_may_answer", related_sudo=False, export_string_translation=False
    )
    cause = fields.Text(copy=False)
    correction = fields.Text(string="What we do", copy=False)
    due_date = fields.Date(string="Done by", copy=False)
    responded_by_id = fields.Many2one("res.users", string="Answered by", readonly=True, copy=False, ondelete="restrict")
    responded_on = fields.Datetime(string="Answered on", readonly=True, copy=False)
    # what the auditor says to it
    review_note = fields.Text(string="Auditor's remark", copy=False)
    accepted_by_id = fields.Many2one("res.users", string="Accepted by", readonly=True, copy=False, ondelete="restrict")
    accepted_on = fields.Datetime(string="Accepted on", readonly=True, copy=False)

    _texts_written = models.Constraint(
        r"CHECK(criteria ~ '\S' AND evidence ~ '\S' AND statement ~ '\S')",
        "A finding needs the requirement, the evidence and the statement.",
    )

    @api.depends("grade")
    def _compute_needs_response(self):
        for finding in self:
            finding.needs_response = finding.grade in NEED_RESPONSE

    @api.constrains("line_id", "audit_id")
    def _check_line(self):
        for finding in self:
            if finding.line_id and finding.line_id.audit_id != finding.audit_id:
                raise ValidationError(self.env._("The question belongs to another audit."))

    def _creation_message(self):
        return self.env._("Finding recorded")

    def _number_series(self, values):
        return self._number_prefix, self.env["sqms.audit"].browse(values.get("audit_id")).sudo().company_id.id

    # -- who writes what ---------------------------------------------------

    def _guard_part(self, names):
        names = names - ELSEWHERE
        if names - RESPONSE - REVIEW:
            self._guard_audits(self.audit_id, self._part_states)
        if names & RESPONSE:
            self._guard_audits(self.audit_id, ("in_progress", "report"), answer=True)
        if names & REVIEW:
            self._guard_audits(self.audit_id, ("in_progress", "report"))

    def _create(self, data_list):
        early = RESPONSE | REVIEW
        if not self.env.su and any(data["stored"].get(name) for data in data_list for name in early):
            raise AccessError(self.env._("A finding is written first and answered afterwards."))
        return super()._create(data_list)

    def _workflow_user_may(self, step):
        if not super()._workflow_user_may(step):
            return False
        if step.name == "answer":
            return all(finding.user_may_answer and finding.needs_response for finding in self)
        return all(
            finding.user_may_audit and (self.env.su or finding.responded_by_id != self.env.user) for finding in self
        )

    # -- workflow ----------------------------------------------------------

    def _check_answer(self):
        refusals = self._check_audit_open()
        for finding in self:
            if finding.grade in NONCONFORMITIES and not ((finding.cause or "").strip() and finding.due_date):
                refusals[finding.id] = self.env._("a nonconformity needs its cause and the day it is done by")
        return refusals

    def _check_accept(self):
        return self._check_audit_open()

    def _check_send_back(self):
        return self._check_audit_open()

    def _check_audit_open(self):
        return {
            finding.id: self.env._("the audit is “%(state)s”", state=finding.audit_id._workflow_state_label())
            for finding in self
            if finding.audit_id.state not in ("in_progress", "report")
        }

    def _prepare_answer_values(self):
        now = fields.Datetime.now()
        return {finding.id: {"responded_by_id": self.env.uid, "responded_on": now} for finding in self}

    def _on_answer(self):
        for finding in self:
            finding.message_post(
                body=self.env._("Answered: %(correction)s", correction=finding.correction),
                partner_ids=finding.audit_id.sudo().lead_user_id.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def _prepare_accept_values(self):
        now = fields.Datetime.now()
        return {finding.id: {"accepted_by_id": self.env.uid, "accepted_on": now} for finding in self}

    def _prepare_send_back_values(self):
        return {finding.id: {"responded_by_id": False, "responded_on": False} for finding in self}

    def _on_send_back(self):
        for finding in self:
            finding.message_post(
                body=self.env._("Sent back: %(reason)s", reason=finding.review_note),
                partner_ids=finding.audit_id._get_audited_partners().ids,
                subtype_xmlid="mail.mt_comment",
            )
