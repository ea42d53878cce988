from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

KINDS = [
    ("interview", "Interview"),
    ("document", "Document"),
    ("measurement", "Measurement"),
    ("visit", "Visit"),
]
# Where the decision is not made yet: what was found out may still be put right.
UNDECIDED = ("received", "acknowledged", "assessed", "investigating")


class SqmsComplaintFinding(models.Model):
    """One thing that the investigation of a complaint brought to light, and what proves it.

    1. Whoever may read the complaint reads it, and whoever may write the complaint writes it; customers never do.
    2. Who found it stands beside it. The interview names who was heard.
    3. What a decision rests on stays as it is: from then on findings are added, neither changed nor deleted.
    4. What was found at the second level is kept apart from what was found at the first.
    5. Proof files are the finding's own; a file that hangs on something else is copied.
    """

    _name = "sqms.complaint.finding"
    _description = "Finding of an Investigation"
    _inherit = ["sqms.complaint.part.mixin", "sqms.ledger.mixin", "sqms.workflow.line.mixin"]
    _order = "date, id"
    _rec_name = "heard"
    _check_company_auto = True

    _workflow_parent = "ticket_id"
    _workflow_parent_lines = "complaint_finding_ids"
    _ledger_fields = ("ticket_id", "date", "kind", "heard", "found", "level", "author_id")
    _ledger_personal_fields = ("heard", "found")

    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", required=True, index=True, ondelete="restrict", check_company=True,
        domain=[("is_complaint", "=", True)],
    )  # fmt: skip
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    kind = fields.Selection(KINDS, required=True, default="document")
    heard = fields.Char("Who Was Heard, or the Source", help="The person heard, the log, the invoice, the place.")
    found = fields.Text("What Was Found", required=True)
    attachment_ids = fields.Many2many(
        "ir.attachment", "sqms_complaint_finding_attachment_rel", "finding_id", "attachment_id", "Proof",
        bypass_search_access=True,
    )  # fmt: skip
    level = fields.Selection(
        [("1", "First Level"), ("2", "Second Level")], compute="_compute_level", store=True, precompute=True
    )
    author_id = fields.Many2one(
        "res.users", "Found by", default=lambda self: self.env.user, readonly=True, required=True, ondelete="restrict"
    )

    @api.depends("ticket_id")
    def _compute_level(self):
        for finding in self:
            finding.level = finding.level or finding.ticket_id.complaint_level

    @api.constrains("kind", "heard")
    def _check_heard(self):
        for finding in self:
            if finding.kind == "interview" and not (finding.heard or "").strip():
                raise ValidationError(self.env._("Please say who was heard."))

    @api.constrains("date")
    def _check_date(self):
        for finding in self:
            if finding.date > fields.Date.context_today(finding):
                raise ValidationError(self.env._("Nothing was found out in the future."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "author_id": self.env.uid} for vals in vals_list]
        findings = super().create(vals_list)
        for finding in findings.sudo():
            if not finding.ticket_id.is_complaint:
                raise UserError(self.env._("Only complaints are investigated."))
        findings._keep_proof()
        return findings

    def write(self, vals):
        if not vals.keys() <= {"attachment_ids"} or self._removes_proof(vals["attachment_ids"] if vals else []):
            self._guard_decided()
        if {"ticket_id", "author_id", "level"} & vals.keys():
            raise AccessError(self.env._("Whose finding it is and to which complaint it belongs stays."))
        done = super().write(vals)
        if "attachment_ids" in vals:
            self._keep_proof()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._guard_decided()

    def _removes_proof(self, commands):
        return any(command[0] not in (0, 4) for command in commands or ())

    def _guard_decided(self):
        for finding in self.sudo():
            ticket = finding.ticket_id
            if ticket.complaint_state not in UNDECIDED or finding.level != ticket.complaint_level:
                raise AccessError(
                    self.env._(
                        "A decision of %s rests on this finding: it stays. Please add another one.", ticket.number
                    )
                )

    def _keep_proof(self):
        # pylint: disable=missing-return,super-method-mismatch
        for finding in self:
            files = finding.sudo().attachment_ids
            kept = files.with_env(self.env)._sqms_kept_by(finding)
            if kept != files:
                super(SqmsComplaintFinding, finding.sudo()).write({"attachment_ids": [(6, 0, kept.ids)]})
