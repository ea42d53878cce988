import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lib.address import is_public_address
from .hr_employee_skill_guard import IDENTITY_FIELDS, certificate_open

WRITER_GROUPS = "hr.group_hr_user,sqms_training.group_training_officer"
READER_GROUPS = f"{WRITER_GROUPS},sqms_base.group_sqms_certifier"


class HrEmployeeSkill(models.Model):
    """A certification that was issued: number, issuer, proof, renewal, revocation.

    1. Every certification gets its number, its verification code and the name of who issued it when it is created.
    2. From then on it stays as it is: a renewal is a new certificate, a correction is revoking and issuing again.
    3. Certifications that were there before this addon have no number until HR issues them one.
    """

    _name = "hr.employee.skill"
    _inherit = ["hr.employee.skill", "sqms.keep.mixin"]

    _keep_addon = "sqms_training"

    # The default of hr_skills is the day on which the server was started.
    valid_from = fields.Date(default=fields.Date.context_today)

    # identity, given once
    number = fields.Char("Certificate Number", readonly=True, copy=False, groups=READER_GROUPS)
    issuer = fields.Char("Issued By", copy=False, groups=READER_GROUPS, help="Empty: the company of the employee.")
    certificate_company_id = fields.Many2one(
        "res.company", "Issuing Company", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    verification_token = fields.Char(
        readonly=True, copy=False, groups=fields.NO_ACCESS, export_string_translation=False
    )
    verification_base = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS, export_string_translation=False)
    issued_at = fields.Datetime("Registered On", readonly=True, copy=False, groups=READER_GROUPS)
    issued_on = fields.Date(readonly=True, copy=False, help="The day of the company on which it was registered.")
    issued_by = fields.Char("Registered By", readonly=True, copy=False, groups=READER_GROUPS)
    # revocation, signed by the name and the time
    revoked_on = fields.Date(readonly=True, copy=False, help="The day of the company on which it was revoked.")
    revoked_at = fields.Datetime(readonly=True, copy=False, groups=READER_GROUPS)
    revoked_by = fields.Char(readonly=True, copy=False, groups=READER_GROUPS)
    revoke_reason = fields.Text("Reason of Revocation", readonly=True, copy=False, groups=WRITER_GROUPS)
    # chain of renewals
    renewed_by_id = fields.Many2one(
        "hr.employee.skill",
        "Replaced By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=READER_GROUPS,
    )
    renewal_of_ids = fields.One2many(
        "hr.employee.skill", "renewed_by_id", "Replaces", readonly=True, copy=False, groups=READER_GROUPS
    )
    # proof
    proof_ids = fields.One2many("sqms.certificate.proof", "certificate_id", copy=False, groups=WRITER_GROUPS)
    has_proof = fields.Boolean("Proof Kept", compute="_compute_has_proof", compute_sudo=True, groups=READER_GROUPS)
    # what lists group by
    department_id = fields.Many2one(related="employee_id.department_id")
    job_id = fields.Many2one(related="employee_id.job_id", string="Job Position")
    # what the holder sees of his own
    is_issued = fields.Boolean("Issued", compute="_compute_is_issued", compute_sudo=True)
    own_number = fields.Char("Number", compute="_compute_own", compute_sudo=True)
    own_issuer = fields.Char("Issued by", compute="_compute_own", compute_sudo=True)
    own_revoke_reason = fields.Text("Why it was revoked", compute="_compute_own", compute_sudo=True)
    verification_url = fields.Char("Verification Page", compute="_compute_own", compute_sudo=True)
    verification_is_local = fields.Boolean("Code Works in the House Only", compute="_compute_own", compute_sudo=True)

    _number_uniq = models.UniqueIndex(
        "(certificate_company_id, number) WHERE number IS NOT NULL", "Each certificate has a number of its own."
    )
    _verification_token_uniq = models.UniqueIndex("(verification_token) WHERE verification_token IS NOT NULL")
    _valid_to_idx = models.Index("(valid_to, id)")
    _holder_idx = models.Index("(employee_id, skill_id, valid_to)")
    _skill_idx = models.Index("(skill_id, valid_to)")
    _write_date_idx = models.Index("(write_date)")

    # -- computes ---------------------------------------------------------------

    @api.depends("number")
    def _compute_is_issued(self):
        for row in self:
            row.is_issued = bool(row.number)

    @api.depends("proof_ids")
    def _compute_has_proof(self):
        groups = self.env["sqms.certificate.proof"]._read_group(
            [("certificate_id", "in", self.ids)], ["certificate_id"]
        )
        proven = {certificate.id for (certificate,) in groups}
        for row in self:
            row.has_proof = row.id in proven

    @api.depends("number", "issuer", "revoke_reason", "verification_token", "verification_base", "employee_id.user_id")
    @api.depends_context("uid")
    def _compute_own(self):
        """Numbers, issuers and reasons are for HR, and for the one whom they concern."""
        reader = self.env.user.has_groups(READER_GROUPS)
        writer = self.env.user.has_groups(WRITER_GROUPS)
        for row in self:
            own = row.employee_id.user_id == self.env.user
            row.own_number = (own or reader) and row.number
            row.own_issuer = (own or reader) and row.issuer
            row.own_revoke_reason = (own or writer) and row.revoke_reason
            row.verification_url = (own or reader) and row._certificate_url()
            row.verification_is_local = bool(row.verification_url) and not is_public_address(row.verification_base)

    def _certificate_url(self):
        return self.verification_token and f"{self.verification_base}/certificate/{self.verification_token}"

    @api.depends("number")
    @api.depends_context("show_certificate_number", "uid")
    def _compute_display_name(self):
        """In the chain of renewals a number says more than the skill, which is the same all along."""
        result = super()._compute_display_name()
        if self.env.context.get("show_certificate_number"):
            for row in self.filtered("own_number"):
                row.display_name = row.own_number
        return result

    # -- constraints ------------------------------------------------------------

    @api.constrains("valid_from", "skill_type_id")
    def _check_certificate_start(self):
        for row in self:
            if row.is_certification and not row.valid_from:
                raise ValidationError(
                    self.env._("From which day on is %(skill)s valid?", skill=row.skill_id.display_name)
                )

    @api.constrains("valid_from", "valid_to", "skill_id", "skill_type_id", "skill_level_id", "employee_id")
    def _check_not_overlapping_regular_skill(self):
        """A certificate is refused beside its exact twin, in words; a revoked twin does not count."""
        certificates = self.filtered("is_certification")
        certificates._check_no_twin()
        return super(HrEmployeeSkill, self - certificates)._check_not_overlapping_regular_skill()

    def _check_no_twin(self):
        key = ["employee_id", "skill_id", "skill_level_id", "valid_from:day", "valid_to:day"]
        twins = self.sudo()._read_group(
            [
                ("employee_id", "in", self.sudo().employee_id.ids),
                ("skill_id", "in", self.sudo().skill_id.ids),
                ("revoked_on", "=", False),
            ],
            key,
            ["id:array_agg"],
            having=[("__count", ">", 1)],
        )
        for employee, skill, _level, valid_from, _valid_to, ids in twins:
            if not set(ids).isdisjoint(self.ids):
                raise ValidationError(
                    self.env._(
                        "%(employee)s already has %(skill)s with the same level, valid from %(day)s and to the "
                        "same day. Give the dates of the new certificate, or revoke the other one first.",
                        employee=employee.name,
                        skill=skill.display_name,
                        day=valid_from,
                    )
                )

    # -- issue ------------------------------------------------------------------

    def action_issue(self):
        """Give a number to certifications that have none; those that have one keep it."""
        self._check_certificate_writer()
        self.check_access("write")
        waiting = self.filtered(lambda row: row.is_certification and not row.is_issued)
        waiting._issue()
        return False

    def _issue(self):
        """Number, verification code, issuer and signature of the clerk, for a whole set."""
        clerk, now = self.env.user.name, fields.Datetime.now()
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "").rstrip("/")
        for company, rows in self.sudo().grouped(lambda row: row.employee_id.company_id).items():
            today = company._certificate_today()
            numbers = self.env["ir.sequence"]._draw_series("sqms.certificate", "CERT", company, today, len(rows))
            with certificate_open(rows, IDENTITY_FIELDS | {"issuer"}):
                for row, number in zip(rows, numbers, strict=True):
                    row.write(
                        {
                            "number": number,
                            "issuer": row.issuer or company.name,
                            "certificate_company_id": company.id,
                            "verification_token": secrets.token_urlsafe(32),
                            "verification_base": base,
                            "issued_at": now,
                            "issued_on": today,
                            "issued_by": clerk,
                        }
                    )
        # The company is known only now: HR of another company is refused here.
        self.check_access("write")

    def action_new_verification_code(self):
        """A printed code that fell into wrong hands leads nowhere from now on; the certificate is printed again."""
        self._check_certificate_writer()
        self.check_access("write")
        rows = self.sudo().filtered("number")
        with certificate_open(rows, {"verification_token"}):
            for row in rows:
                row.write({"verification_token": secrets.token_urlsafe(32)})
        return False

    # -- renew ------------------------------------------------------------------

    def action_renew(self):
        self._check_certificate_writer()
        self._check_can_be_replaced()
        return self._wizard("sqms.certificate.renew", self.env._("Renew Certificate"))

    def _check_can_be_replaced(self):
        self.ensure_one()
        row = self.sudo()
        if not row.is_certification:
            raise UserError(self.env._("Only certificates are renewed."))
        if row.renewed_by_id:
            raise UserError(
                self.env._(
                    "Certificate %(number)s was already replaced by %(successor)s.",
                    number=row.number or row.display_name,
                    successor=row.renewed_by_id.number,
                )
            )

    def _renew(self, values):
        """A new certificate for the same person and skill; the old one points to it and stays as it was."""
        self._check_certificate_writer()
        self.check_access("write")
        self.sudo().lock_for_update()
        self.invalidate_recordset(["renewed_by_id"])
        self._check_can_be_replaced()
        successor = self.create(
            {
                "employee_id": self.employee_id.id,
                "skill_type_id": self.skill_type_id.id,
                "skill_id": self.skill_id.id,
                "skill_level_id": self.skill_level_id.id,
                **values,
            }
        )
        old = self.sudo()
        with certificate_open(old, {"renewed_by_id"}):
            old.renewed_by_id = successor
        return successor

    # -- revoke -----------------------------------------------------------------

    def action_revoke(self):
        self._check_certificate_writer()
        return self._wizard("sqms.certificate.revoke", self.env._("Revoke Certificate"))

    def _revoke(self, reason):
        """Withdraw for good; who, when and why stand on the certificate, the public page shows it at once."""
        self._check_certificate_writer()
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the certificate is revoked."))
        rows = self.sudo()
        rows.lock_for_update()
        rows.invalidate_recordset(["revoked_on", "number"])
        rows._check_can_be_revoked()
        for company, certificates in rows.grouped("certificate_company_id").items():
            with certificate_open(certificates, IDENTITY_FIELDS):
                certificates.write(
                    {
                        "revoked_at": fields.Datetime.now(),
                        "revoked_on": company._certificate_today(),
                        "revoked_by": self.env.user.name,
                        "revoke_reason": reason,
                    }
                )
        self.invalidate_model(["is_covered"])

    def _check_can_be_revoked(self):
        for row in self:
            if not row.number:
                raise UserError(
                    self.env._("%(skill)s has no number yet: issue it, or delete it.", skill=row.skill_id.display_name)
                )
            if row.revoked_on:
                raise UserError(
                    self.env._(
                        "Certificate %(number)s was already revoked by %(person)s.",
                        number=row.number,
                        person=row.revoked_by,
                    )
                )

    # -- views ------------------------------------------------------------------

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.user.has_groups(WRITER_GROUPS))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Who may not write certificates is not offered to: the access list of hr_skills lets everybody create rows."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view.id in self._register_view_ids() and not self.env.user.has_groups(WRITER_GROUPS):
            for right in ("create", "edit", "delete"):
                arch.set(right, "0")
        return arch, view

    def _register_view_ids(self):
        names = ("list_certificate", "form_certificate", "kanban_certificate")
        return {self.env.ref(f"sqms_training.hr_employee_skill_view_{name}").id for name in names}

    # -- tools ------------------------------------------------------------------

    def _wizard(self, model, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_certificate_ids": self.ids, "default_certificate_id": self[:1].id},
        }

    def action_print(self):
        return self.env.ref("sqms_training.sqms_certificate_report").report_action(self)

    def get_current_skills_by_employee(self):
        """What is revoked is not among the current skills of a person."""
        return super(HrEmployeeSkill, self.filtered(lambda row: not row.revoked_on)).get_current_skills_by_employee()
