from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.transition import Transition

from ..lib.vocabulary import GRADES, NEED_RESPONSE, NONCONFORMITIES

_lt = LazyTranslate(__name__)

AUDITOR = "sqms_audit.group_auditor"
MANAGER = "sqms_audit.group_audit_manager"

TYPES = [
    ("internal", "Internal audit"),
    ("external", "External audit"),
    ("supplier", "Supplier audit"),
    ("self", "Self-assessment"),
]
STATES = [
    ("planned", "Planned"),
    ("in_progress", "In progress"),
    ("report", "Report"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
MEETING_HOURS = 1
REPORT_FIELDS = ("conclusion", "finding_ids")


class SqmsAudit(models.Model):
    """An audit: what is examined, by whom, with which questions, and what was found.

    1. It starts when somebody leads it, somebody is audited and there is something to ask.
    2. It comes to the report when each question is answered and each nonconformity is written up.
    3. It closes when the audited have answered the findings and the auditors have accepted the answers.
    4. Nobody audits himself, the department he works in or one he is head of. A department that
       assesses itself is the exception.
    5. Closed or cancelled, it is kept as it is, with its checklist, findings and people.
    """

    _name = "sqms.audit"
    _description = "Audit"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _mail_post_access = "read"
    _number_prefix = "AUD"

    _workflow_initial = ("planned",)
    _workflow = (
        Transition(
            "start", _lt("Start"), source=("planned",), target="in_progress", groups=AUDITOR, required=("lead_id",)
        ),
        Transition(
            "report",
            _lt("Go to Report"),
            source=("in_progress",),
            target="report",
            groups=AUDITOR,
            required=("lead_id",),
        ),
        Transition(
            "close", _lt("Close"), source=("report",), target="closed", groups=AUDITOR, required=("conclusion",)
        ),
        Transition(
            "resume", _lt("Back to the Checklist"), source=("report",), target="in_progress", groups=AUDITOR, rare=True
        ),
        Transition(
            "cancel",
            _lt("Cancel the Audit"),
            source=("planned", "in_progress"),
            target="cancelled",
            groups=MANAGER,
            required=("cancel_reason",),
            rare=True,
        ),
    )
    _workflow_managed = ("closed_on",)
    _workflow_locked = {"report": REPORT_FIELDS, "closed": (), "cancelled": ()}

    # what
    name = fields.Char(string="Title", required=True, tracking=True)
    state = fields.Selection(
        STATES, default="planned", required=True, readonly=True, copy=False, tracking=True, index=True,
        group_expand=True,
    )  # fmt: skip
    audit_type = fields.Selection(TYPES, string="Type", required=True, default="internal", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    scope = fields.Text(help="Places, activities and period that are examined.")
    objective = fields.Text(help="What the audit shall find out.")
    criteria = fields.Text(help="What the facts are compared with: clauses of standards, laws, own rules.")
    template_id = fields.Many2one(
        "sqms.audit.template",
        index="btree_not_null",
        check_company=True,
        copy=False,
        ondelete="restrict",
        help="Its questions become the checklist of a new audit.",
    )
    # when
    date_start = fields.Date(string="From", required=True, default=fields.Date.context_today, copy=False, tracking=True)
    date_end = fields.Date(string="To", required=True, default=fields.Date.context_today, copy=False, tracking=True)
    opening_meeting = fields.Datetime(string="Opening meeting", copy=False)
    closing_meeting = fields.Datetime(string="Closing meeting", copy=False)
    event_ids = fields.One2many("calendar.event", "audit_id", string="Meetings")
    event_count = fields.Integer(string="Number of meetings", compute="_compute_event_count")
    closed_on = fields.Datetime(string="Closed on", readonly=True, copy=False)
    cancel_reason = fields.Text(string="Reason for cancelling", copy=False)
    # who
    lead_id = fields.Many2one(
        "hr.employee",
        string="Lead auditor",
        default=lambda self: self._default_lead_id(),
        check_company=True,
        index=True,
        tracking=True,
        ondelete="restrict",
    )
    lead_user_id = fields.Many2one(
        related="lead_id.user_id",
        string="Login of the lead auditor",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    department_id = fields.Many2one(
        "hr.department", string="Audited department", check_company=True, index=True, tracking=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Outside party",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The supplier that is audited, or the body that audits us.",
    )
    member_ids = fields.One2many("sqms.audit.member", "audit_id", string="People", copy=True)
    team_ids = fields.One2many(
        "sqms.audit.member", "audit_id", string="Audit team", domain=[("role", "!=", "auditee")], copy=False
    )
    auditee_ids = fields.One2many(
        "sqms.audit.member",
        "audit_id",
        string="Auditees",
        domain=[("role", "=", "auditee")],
        context={"default_role": "auditee"},
        copy=False,
    )
    user_may_audit = fields.Boolean(compute="_compute_user_may_audit", export_string_translation=False)
    user_may_answer = fields.Boolean(compute="_compute_user_may_answer", export_string_translation=False)
    # what was asked and found
    line_ids = fields.One2many("sqms.audit.line", "audit_id", string="Checklist", copy=True)
    finding_ids = fields.One2many("sqms.audit.finding", "audit_id", string="Findings")
    conclusion = fields.Text(copy=False, help="What the auditors conclude; it stands first in the report.")
    line_count = fields.Integer(string="Questions", compute="_compute_progress")
    answered_count = fields.Integer(string="Answered", compute="_compute_progress")
    progress = fields.Float(string="Answered (%)", compute="_compute_progress")
    finding_count = fields.Integer(string="Number of findings", compute="_compute_progress")
    nonconformity_count = fields.Integer(string="Nonconformities", compute="_compute_progress")
    waiting_for = fields.Char(string="Waiting for", compute="_compute_progress")

    _dates_order = models.Constraint("CHECK(date_end >= date_start)", "An audit does not end before it starts.")
    _company_date_idx = models.Index("(company_id, date_start DESC, id DESC)")

    # -- defaults and computes ---------------------------------------------

    @api.model
    def _default_lead_id(self):
        user = self.env.user
        return user.employee_id if user.has_group(AUDITOR) else False

    @api.depends("number", "name")
    def _compute_display_name(self):
        for audit in self:
            audit.display_name = " ".join(filter(None, (audit.number, audit.name)))

    @api.depends("event_ids")
    def _compute_event_count(self):
        counts = dict(
            self.env["calendar.event"].sudo()._read_group([("audit_id", "in", self.ids)], ["audit_id"], ["__count"])
        )
        for audit in self:
            audit.event_count = counts.get(audit._origin, 0)

    @api.depends("lead_user_id", "member_ids.role", "member_ids.user_id", "department_id", "audit_type")
    @api.depends_context("uid")
    def _compute_user_may_audit(self):
        """The lead auditor and the auditors of the team audit; the audit manager too, unless he is audited."""
        user, superuser = self.env.user, self.env.su
        manager = user.has_group(MANAGER)
        for audit in self.sudo():
            team = audit.lead_user_id | audit._get_users("auditor")
            audit.with_env(self.env).user_may_audit = superuser or (
                user not in audit._get_users("auditee") and (user in team or (manager and not audit._is_head(user)))
            )

    @api.depends("user_may_audit")
    @api.depends_context("uid")
    def _compute_user_may_answer(self):
        """The auditees and the head of the audited department answer.

        If none of them has a login, the auditors write down what they are told.
        """
        user, superuser = self.env.user, self.env.su
        for audit in self:
            people = audit.sudo()
            audited = people._get_users("auditee") | people.department_id.manager_id.user_id
            audit.user_may_answer = superuser or user in audited or (not audited and audit.user_may_audit)

    def _get_users(self, role):
        return self.member_ids.filtered(lambda member: member.role == role).user_id

    def _is_head(self, user):
        """Whether the user heads the audited department; a department may assess itself."""
        return self.audit_type != "self" and user == self.department_id.manager_id.user_id

    @api.depends("line_ids.answer", "finding_ids.grade", "finding_ids.state", "state")
    @api.depends_context("lang")
    def _compute_progress(self):
        answers = {
            audit: (total, answered)
            for audit, total, answered in self.env["sqms.audit.line"]._read_group(
                [("audit_id", "in", self.ids)], ["audit_id"], ["__count", "answer:count"]
            )
        }
        findings = {}
        for audit, grade, state, count in self.env["sqms.audit.finding"]._read_group(
            [("audit_id", "in", self.ids)], ["audit_id", "grade", "state"], ["__count"]
        ):
            findings.setdefault(audit, []).append((grade, state, count))
        for audit in self:
            total, answered = answers.get(audit._origin, (0, 0))
            rows = findings.get(audit._origin, [])
            audit.line_count = total
            audit.answered_count = answered
            audit.progress = 100.0 * answered / total if total else 0.0
            audit.finding_count = sum(count for _grade, _state, count in rows)
            audit.nonconformity_count = sum(count for grade, _state, count in rows if grade in NONCONFORMITIES)
            audit.waiting_for = audit._waiting_sentence(total - answered, rows)

    def _waiting_sentence(self, unanswered, rows):
        """Whose turn it is, in words."""
        auditee = sum(count for grade, state, count in rows if grade in NEED_RESPONSE and state == "recorded")
        auditor = sum(count for _grade, state, count in rows if state == "answered")
        if self.state == "in_progress" and unanswered:
            return self.env._("Auditor · questions to answer: %(count)s", count=unanswered)
        if self.state == "report" and auditee:
            return self.env._("Auditee · findings to answer: %(count)s", count=auditee)
        if self.state == "report" and auditor:
            return self.env._("Auditor · answers to accept: %(count)s", count=auditor)
        if self.state in ("in_progress", "report"):
            return self.env._("Auditor · next step")
        return False

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if not self._origin and self.template_id and not self.line_ids:
            self.line_ids = [
                fields.Command.create(
                    {**line._prepare_audit_line_values(self), "audit_id": False, "sequence": position}
                )
                for position, line in enumerate(self.template_id.line_ids, start=1)
            ]

    # -- rules -------------------------------------------------------------

    @api.constrains("department_id", "lead_id", "audit_type")
    def _check_independence(self):
        for conflicts in self._get_conflicts().values():
            raise ValidationError("\n".join(conflicts))

    def _get_conflicts(self):
        """`{audit id: [sentences]}` of the auditors who are not independent of what they audit."""
        found = {}
        audits = self.sudo()
        # Read all departments concerned at once: the paths are compared below.
        (audits.department_id | (audits.lead_id | audits.member_ids.employee_id).department_id).mapped("parent_path")
        for audit in audits:
            auditors = audit.lead_id | audit.member_ids.filtered(lambda member: member.role == "auditor").employee_id
            auditees = audit.member_ids.filtered(lambda member: member.role == "auditee").employee_id
            conflicts = [
                conflict for auditor in auditors for conflict in [audit._get_conflict(auditor, auditees)] if conflict
            ]
            if conflicts:
                found[audit.id] = conflicts
        return found

    def _get_conflict(self, auditor, auditees):
        """Why this employee may not audit here, or nothing."""
        names = {"person": auditor.name, "audit": self.display_name, "department": self.department_id.name}
        if auditor in auditees or (auditor.user_id and auditor.user_id in auditees.user_id):
            return self.env._("%(person)s is an auditee of %(audit)s and cannot audit it as well.", **names)
        if self.audit_type == "self" or not self.department_id:
            return None
        if (auditor.department_id.parent_path or "").startswith(self.department_id.parent_path):
            return self.env._(
                "%(person)s works in %(department)s, which %(audit)s examines."
                " Please choose an auditor from elsewhere.",
                **names,
            )
        above = self.env["hr.department"].sudo().browse(map(int, self.department_id.parent_path.split("/")[:-1]))
        if auditor in above.manager_id:
            return self.env._(
                "%(person)s is head of %(department)s, which %(audit)s examines."
                " Please choose an auditor from elsewhere.",
                **{**names, "department": above.filtered(lambda unit: unit.manager_id == auditor)[-1:].name},
            )
        return None

    # -- create, write, delete ---------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        audits = super().create(vals_list)
        for audit in audits:
            if audit.template_id and not audit.line_ids:
                audit._load_template(audit.template_id)
        return audits

    def write(self, vals):
        self._guard_audited(vals)
        if "company_id" in vals and any(audit.company_id.id != vals["company_id"] for audit in self):
            raise UserError(self.env._("%(audit)s stays in its company.", audit=self[:1].display_name))
        done = super().write(vals)
        if not {"opening_meeting", "closing_meeting"}.isdisjoint(vals):
            self._move_meetings()
        return done

    def unlink(self):
        self._guard_audited({"id"})
        self._unlink_except_begun()
        self.event_ids.sudo().unlink()
        self.member_ids.unlink()
        self.line_ids.unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for audit in self:
            if audit.state != "planned":
                raise UserError(
                    self.env._(
                        "%(audit)s has begun and is kept. Please cancel it instead of deleting it.",
                        audit=audit.display_name,
                    )
                )

    def _creation_message(self):
        return self.env._("Audit planned")

    def _guard_audited(self, names):
        """Who is audited does not write the audit, whatever groups he has."""
        if not set(names) - set(self._workflow_always_open):
            return
        for audit in self:
            if not audit.user_may_audit and audit.user_may_answer:
                raise AccessError(
                    self.env._("You are audited in %(audit)s; its auditors write it.", audit=audit.display_name)
                )

    # -- report ------------------------------------------------------------

    def _get_totals(self):
        """`[(grade, label, how many findings)]` in the order of weight, empty grades included."""
        self.ensure_one()
        labels = dict(self.env["sqms.audit.finding"]._fields["grade"]._description_selection(self.env))
        counts = dict(self.env["sqms.audit.finding"]._read_group([("audit_id", "=", self.id)], ["grade"], ["__count"]))
        return [(grade, labels[grade], counts.get(grade, 0)) for grade, _label in GRADES]
