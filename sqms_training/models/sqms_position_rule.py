from odoo import api, fields, models
from odoo.exceptions import UserError

from .sqms_negative_item import SECTORS


class SqmsPositionRule(models.Model):
    """A sensitive post: what is checked before somebody may hold it, on which legal basis, and how it is told.

    1. Nothing is requested under it while a check has no legal basis, or one that nobody has compared with the
       official text, while there is no notice, or, for sensitive checks, no impact assessment.
    2. The rule says for which jobs and departments it holds. Who holds such a job without clearance is listed.
    3. Papers and notes are erased so many days after the decision; verdict, number and dates stay.
    """

    _name = "sqms.position.rule"
    _description = "Rule of a Sensitive Post"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(string="Sensitive Post", required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="restrict", help="Empty: the rule holds in all companies."
    )
    sector = fields.Selection(SECTORS, required=True, default="any", index=True)

    # whom it concerns
    job_ids = fields.Many2many("hr.job", string="Jobs", check_company=True)
    department_ids = fields.Many2many(
        "hr.department", string="Departments", check_company=True, help="Everybody who works there, or below."
    )

    # what is checked, and why that is lawful
    check_ids = fields.One2many("sqms.position.check", "rule_id", string="Checks")
    legal_basis = fields.Text(
        string="Purpose", translate=True, help="What the checks are for, and why less would not do."
    )
    ground = fields.Selection(
        [("duty", "Legal Duty"), ("contract", "Employment Contract and Personnel Rules"), ("consent", "Consent")],
        string="Ground for Processing", required=True, default="duty",
        help="Personal Information Protection Law, article 13.",
    )  # fmt: skip
    effect = fields.Selection(
        [("barred", "Nobody Holds the Post without Clearance"), ("conditional", "Under Supervision until Cleared")],
        required=True, default="barred",
    )  # fmt: skip
    is_sensitive = fields.Boolean(string="Sensitive Information", compute="_compute_is_sensitive", store=True)
    is_consent_needed = fields.Boolean(
        string="Separate Consent", compute="_compute_is_sensitive", store=True,
        help="Sensitive information is asked for with a consent of its own (articles 29 to 31).",
    )  # fmt: skip
    assessment_reference = fields.Char(
        string="Impact Assessment", help="Number of the assessment (articles 55 and 56); it is kept for three years."
    )
    assessment_date = fields.Date(string="Assessed On")

    # how often, how long, how it is told
    interval_months = fields.Integer(string="Again After (Months)", default=12, aggregator=None)
    ahead_days = fields.Integer(string="Ask So Many Days Ahead", default=60, aggregator=None)
    retention_days = fields.Integer(
        string="Papers Are Kept (Days)", default=30, aggregator=None, help="After the decision; then they are erased."
    )
    notice_ids = fields.One2many("sqms.clearance.notice", "rule_id", string="Notices")
    notice_id = fields.Many2one("sqms.clearance.notice", string="Notice in Use", compute="_compute_notice_id")
    is_ready = fields.Boolean(string="Ready", compute="_compute_obstacle", search="_search_is_ready")
    obstacle = fields.Char(string="Still Missing", compute="_compute_obstacle")

    _periods = models.Constraint(
        "CHECK(interval_months BETWEEN 0 AND 120 AND ahead_days BETWEEN 0 AND 365"
        " AND retention_days BETWEEN 0 AND 1095)",
        "Please check the periods: papers are kept for three years at most, a clearance holds ten years at most.",
    )

    _ledger_fields = (
        "name", "active", "company_id", "sector", "legal_basis", "ground", "effect", "assessment_reference",
        "assessment_date", "interval_months", "ahead_days", "retention_days", "job_ids", "department_ids",
    )  # fmt: skip
    _privacy_fields = {"name": "keep", "legal_basis": "keep", "assessment_reference": "keep"}

    @api.depends("check_ids.is_sensitive", "check_ids.active", "check_ids.kind", "ground")
    def _compute_is_sensitive(self):
        for rule in self:
            checks = rule.check_ids.filtered("active")
            rule.is_sensitive = any(checks.mapped("is_sensitive"))
            rule.is_consent_needed = rule.ground == "consent" or rule.is_sensitive

    @api.depends("notice_ids.version")
    def _compute_notice_id(self):
        for rule in self:
            rule.notice_id = rule.notice_ids.sorted("version")[-1:]

    @api.depends(
        "active", "check_ids.active", "check_ids.item_id.verification_state", "check_ids.item_id.active",
        "check_ids.item_id.use", "notice_ids", "is_sensitive", "assessment_reference", "assessment_date",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_obstacle(self):
        for rule in self:
            rule.obstacle = rule._obstacle()
            rule.is_ready = not rule.obstacle

    def _obstacle(self):
        """Why nothing can be requested under the rule yet, or False."""
        self.ensure_one()
        checks = self.sudo().check_ids.filtered("active")
        if not self.active:
            return self.env._("the rule is archived")
        if not checks:
            return self.env._("nothing is checked")
        for check in checks:
            item = check.item_id
            if not item or item.use != "basis" or not item.active:
                return self.env._("“%s” has no legal basis", check.name)
            if item.verification_state != "verified":
                return self.env._(
                    "a manager has not compared %(code)s, the basis of “%(check)s”, with the official text",
                    code=item.code,
                    check=check.name,
                )
        if not self.notice_id:
            return self.env._("there is no notice that tells people of it")
        if self.is_sensitive and not (self.assessment_reference and self.assessment_date):
            return self.env._("sensitive information needs an impact assessment first")
        return False

    def _search_is_ready(self, operator, value):
        if operator != "in":
            return NotImplemented
        rules = self.sudo().with_context(active_test=False).search([("active", "in", (True, False))])
        return [("id", "in", rules.filtered(lambda rule: rule.is_ready in value).ids)]

    def _refuse_obstacles(self):
        for rule in self:
            if rule.obstacle:
                raise UserError(
                    self.env._("Nothing can be requested for “%(rule)s”: %(why)s.", rule=rule.name, why=rule.obstacle)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.env["sqms.clearance"].sudo().search_count([("rule_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("People were checked under this rule. Archive it instead."))
        self.sudo().notice_ids.unlink()
        self.sudo().with_context(active_test=False).check_ids.unlink()
