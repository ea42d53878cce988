from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

OPEN = ("requested", "consented", "collected", "reviewed")
HOLDS = ("approved", "conditional")
REASONS = [
    ("manual", "Asked For by an Officer"),
    ("entry", "Before Hiring"),
    ("move", "Change of Post"),
    ("again", "Regular Check"),
    ("flagged", "Post Became Sensitive"),
]


class SqmsClearance(models.Model):
    """Whether one person may hold a sensitive post: the verdict, its number and its dates.

    1. The person is told first and agrees, then papers are collected, one officer reviews them, another one decides.
       Nobody has a hand in his own clearance, and nobody sees it through his office.
    2. Nothing is decided by the system. A decision is signed; a refusal names its legal basis and what the person
       said when he was heard.
    3. Papers and notes are erased when their time is over. Verdict, number and dates stay.
    4. Read by clearance officers alone. There is no chatter, no mail and no word of it in anybody else's list.
    """

    _name = "sqms.clearance"
    _description = "Clearance"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin"]
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number"]
    _check_company_auto = True
    _number_prefix = "CLR"

    # whom and what
    rule_id = fields.Many2one(
        "sqms.position.rule", string="Post", required=True, index=True, ondelete="restrict", check_company=True
    )
    employee_id = fields.Many2one("hr.employee", index="btree_not_null", ondelete="restrict", check_company=True)
    applicant_model = fields.Char(readonly=True, export_string_translation=False)
    applicant_id = fields.Many2oneReference(
        model_field="applicant_model", readonly=True, export_string_translation=False
    )
    applicant_name = fields.Char(string="Name of the Applicant", help="Somebody who is not employed yet.")
    person_name = fields.Char(string="Person", compute="_compute_person_name")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    reason = fields.Selection(REASONS, required=True, default="manual")
    requested_by_id = fields.Many2one("res.users", readonly=True, copy=False, required=True, ondelete="restrict")
    due_on = fields.Date(string="Needed By", index="btree_not_null")
    previous_id = fields.Many2one(
        "sqms.clearance", string="Follows", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    # what the person was told and said
    notice_id = fields.Many2one(
        "sqms.clearance.notice", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    notice_text = fields.Text(related="notice_id.body", string="Text of the Notice")
    is_consent_needed = fields.Boolean(string="Separate Consent", readonly=True, copy=False)
    consent_kind = fields.Selection(
        [("own", "By the Person, on Screen"), ("paper", "On Paper")], string="Given", readonly=True, copy=False
    )
    consented_at = fields.Datetime(string="Told and Agreed On", readonly=True, copy=False)
    consent_by_id = fields.Many2one("res.users", string="Taken Down By", readonly=True, copy=False, ondelete="restrict")
    consent_digest = fields.Char(readonly=True, copy=False, help="Fingerprint of the text that the person has read.")
    consent_reason = fields.Char(
        string="Why on Paper",
        copy=False,
        help="Such as: the person has no account here. The signed sheet is added below.",
    )

    # what came of it
    paper_ids = fields.One2many("sqms.clearance.paper", "clearance_id", string="Papers")
    certificate_number = fields.Char(copy=False)
    issued_on = fields.Date(copy=False)
    valid_from = fields.Date(copy=False)
    valid_to = fields.Date(copy=False, help="Left empty, it is the end of the period that the rule names.")
    reviewed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    reviewed_at = fields.Datetime(string="Reviewed On", readonly=True, copy=False)

    # the decision
    verdict = fields.Selection(
        [("approved", "Cleared"), ("conditional", "Cleared under Conditions"), ("refused", "Refused")],
        readonly=True, copy=False,
    )  # fmt: skip
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False)
    conditions = fields.Text(copy=False, help="Such as: works only with a second person.")
    condition_until = fields.Date(string="Supervised Until", copy=False)
    next_look = fields.Date(string="Looked At Again On", copy=False)
    refusal_item_id = fields.Many2one(
        "sqms.negative.item", string="Legal Basis of the Refusal", copy=False, index="btree_not_null",
        ondelete="restrict", check_company=True, domain="[('use', 'in', ('basis', 'bar'))]",
    )  # fmt: skip
    heard_on = fields.Date(copy=False)
    cleared_from = fields.Date(readonly=True, copy=False)
    lifted_on = fields.Date(string="Conditions Lifted On", readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False)
    withdraw_reason = fields.Char(string="Why It Ends", copy=False)

    # keeping
    erase_on = fields.Date(string="Papers Erased On", readonly=True, copy=False)
    erased_at = fields.Datetime(string="Erased", readonly=True, copy=False)

    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("consented", "Told and Agreed"),
            ("collected", "Collected"),
            ("reviewed", "Reviewed"),
            ("approved", "Cleared"),
            ("conditional", "Cleared under Conditions"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        default="requested", required=True, readonly=True, copy=False, index=True, group_expand="_group_expand_state",
    )  # fmt: skip
    status = fields.Selection(
        [
            ("open", "Under Way"),
            ("upcoming", "Not Yet"),
            ("cleared", "Cleared"),
            ("supervised", "Under Supervision"),
            ("ending", "Ends Soon"),
            ("expired", "Expired"),
            ("refused", "Refused"),
            ("ended", "Ended"),
        ],
        string="Today", compute="_compute_status",
    )  # fmt: skip
    waits_for = fields.Char(compute="_compute_waits_for")

    _person = models.Constraint(
        "CHECK(employee_id IS NOT NULL OR COALESCE(trim(applicant_name), '') != '')",
        "Please say who is to be cleared: an employee, or the name of an applicant.",
    )
    _dates = models.Constraint(
        "CHECK(valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)", "The end lies before the beginning."
    )
    _one_open = models.UniqueIndex(
        "(employee_id, rule_id) WHERE state IN ('requested', 'consented', 'collected', 'reviewed')"
        " AND employee_id IS NOT NULL",
        "A clearance of this person for this post is under way already.",
    )
    _holder_idx = models.Index("(employee_id, rule_id, cleared_from)")
    _rule_end_idx = models.Index("(rule_id, valid_to) WHERE verdict IN ('approved', 'conditional')")
    _company_state_idx = models.Index("(company_id, state)")
    _erase_idx = models.Index("(erase_on) WHERE erased_at IS NULL")
    _applicant_idx = models.Index("(applicant_model, applicant_id) WHERE employee_id IS NULL")

    _ledger_fields = (
        "number", "rule_id", "employee_id", "applicant_name", "reason", "requested_by_id", "notice_id", "consent_kind",
        "consented_at", "consent_by_id", "consent_digest", "consent_reason", "certificate_number", "issued_on",
        "valid_from", "valid_to", "reviewed_by_id", "verdict", "decided_by_id", "conditions", "condition_until",
        "refusal_item_id", "heard_on", "cleared_from", "lifted_on", "ended_on", "withdraw_reason", "erase_on", "state",
    )  # fmt: skip
    _ledger_personal_fields = (
        "employee_id", "applicant_name", "consent_reason", "certificate_number", "verdict", "conditions",
        "refusal_item_id", "withdraw_reason",
    )  # fmt: skip
    _signature_fields = (
        "number", "rule_id", "employee_id", "certificate_number", "valid_from", "conditions", "condition_until",
        "refusal_item_id",
    )  # fmt: skip
    _privacy_fields = {
        "applicant_name": "name", "applicant_model": "keep", "consent_digest": "keep", "consent_reason": "text",
        "certificate_number": "keep", "conditions": "text", "withdraw_reason": "text",
    }  # fmt: skip

    # -- computes ------------------------------------------------------------

    @api.depends("employee_id", "applicant_name")
    def _compute_person_name(self):
        for clearance in self:
            clearance.person_name = clearance.sudo().employee_id.name or clearance.applicant_name

    @api.depends("state", "cleared_from", "valid_to", "condition_until", "lifted_on", "ended_on", "verdict")
    def _compute_status(self):
        for clearance in self:
            clearance.status = clearance._status_on(clearance.company_id._sqms_today())

    def _status_on(self, day):
        self.ensure_one()
        if self.state in OPEN:
            return "open"
        if self.state in ("refused", "withdrawn"):
            return "refused" if self.state == "refused" else "ended"
        if self.cleared_from and self.cleared_from > day:
            return "upcoming"
        if not self._holds_on(day):
            return "expired"
        if self.state == "conditional":
            return "supervised"
        soon = fields.Date.add(day, days=self.sudo().rule_id.ahead_days)
        return "ending" if self.valid_to and self.valid_to <= soon else "cleared"

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_waits_for(self):
        words = {
            "requested": self.env._("the person: read the notice and agree"),
            "consented": self.env._("the officers: collect the papers"),
            "collected": self.env._("an officer: review"),
            "reviewed": self.env._("another officer: decide"),
        }
        for clearance in self:
            clearance.waits_for = words.get(clearance.state)

    # -- ORM -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        rules = self.env["sqms.position.rule"].sudo()
        employees = self.env["hr.employee"].sudo()
        rows = [{**self.default_get(["rule_id", "employee_id", "company_id"]), **vals} for vals in vals_list]
        found = {rule.id: rule for rule in rules.browse({row["rule_id"] for row in rows if row.get("rule_id")})}
        employees = employees.browse({row["employee_id"] for row in rows if row.get("employee_id")})
        companies = {employee.id: employee.company_id.id for employee in employees}
        rules.browse(found)._refuse_obstacles()
        own = employees.filtered(lambda employee: employee.user_id == self.env.user)
        if own and not self.env.su:
            raise UserError(self.env._("Nobody asks for his own clearance."))
        before = self._last_of(employees, rules.browse(found))
        for vals, row in zip(vals_list, rows, strict=True):
            rule = found.get(row.get("rule_id"), rules)
            vals["requested_by_id"] = self.env.uid
            vals["notice_id"] = rule.notice_id.id
            vals["is_consent_needed"] = rule.is_consent_needed
            vals["previous_id"] = before.get((row.get("employee_id"), row.get("rule_id")))
            vals.update(self._applicant_values(vals.pop("applicant_ref", None)))
            if row.get("employee_id"):
                vals["company_id"] = companies[row["employee_id"]]
        return super().create(vals_list)

    @api.model
    def _last_of(self, employees, rules):
        """`{(employee id, rule id): id of the last clearance}`"""
        if not employees or not rules:
            return {}
        rows = self.sudo()._read_group(
            [("employee_id", "in", employees.ids), ("rule_id", "in", rules.ids)], ["employee_id", "rule_id"], ["id:max"]
        )
        return {(employee.id, rule.id): last for employee, rule, last in rows}

    @api.constrains("rule_id", "company_id")
    def _check_rule_company(self):
        for clearance in self:
            company = clearance.rule_id.company_id
            if company and company != clearance.company_id:
                raise ValidationError(self.env._("“%s” holds in another company.", clearance.rule_id.name))

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Each clearance is asked for anew."))

    @api.model
    def _group_expand_state(self, states, domain):
        """Columns in the order of the way; what is decided shows only where there is something."""
        return [key for key, _label in self._fields["state"].selection if key in OPEN or key in states]

    @api.model
    def _ledger_may_read_deleted(self):
        return self.env.user.has_group("sqms_training.group_clearance")

    @api.model
    def _ledger_is_found_by_name(self):
        return False
