from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.local_time import local_day, local_midnight
from ..models.sqms_document_version import OFFICER


class SqmsReadingPaper(models.TransientModel):
    """Record a list that people without a login have signed."""

    _name = "sqms.reading.paper"
    _description = "Record a Signed List"
    # Officers name people without having rights in the personnel files.
    _inherit = ["hr.mixin"]

    version_id = fields.Many2one("sqms.document.version", string="Edition", required=True)
    date_signed = fields.Date(string="Signed On", required=True, default=fields.Date.context_today)
    candidate_ids = fields.Many2many("hr.employee", compute="_compute_candidates", compute_sudo=True)
    has_quiz = fields.Boolean(compute="_compute_candidates", compute_sudo=True)
    is_quiz_passed = fields.Boolean(
        string="All of Them Passed the Quiz on Paper", help="The answers are on the scanned list."
    )
    employee_ids = fields.Many2many("hr.employee", string="People", required=True)
    file_ids = fields.Many2many("ir.attachment", string="Scanned List", required=True)

    @api.depends("version_id")
    def _compute_candidates(self):
        for wizard in self:
            waiting = wizard.version_id.acknowledgement_ids.filtered(lambda reading: reading.state == "open")
            wizard.candidate_ids = waiting.employee_id.filtered(lambda person: not person.user_id.active)
            wizard.has_quiz = bool(wizard.version_id.quiz_survey_id)

    def action_record(self):
        self.ensure_one()
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("A quality officer records signed lists."))
        version = self.version_id
        version.check_access("read")
        self._check_facts(version)
        paper = self.env["sqms.acknowledgement.paper"].sudo().create(
            {
                "version_id": version.id,
                "date_signed": self.date_signed,
                "recorded_by_id": self.env.uid,
                "is_quiz_passed": self.is_quiz_passed,
                "employee_ids": [fields.Command.set(self.employee_ids.ids)],
            }
        )  # fmt: skip
        home = {"res_model": paper._name, "res_id": paper.id, "res_field": False, "public": False}
        # Copies, of what the officer may read himself.
        self.file_ids.check_access("read")
        paper.file_ids = paper.file_ids.browse([file.copy(home).id for file in self.file_ids.sudo()])
        readings = version.sudo().acknowledgement_ids.filtered(
            lambda reading: reading.employee_id in self.sudo().employee_ids and reading.state == "open"
        )
        readings.action_transition("confirm_on_paper")
        return {"type": "ir.actions.act_window_close"}

    def _check_facts(self, version):
        people = self.sudo().with_context(active_test=False).employee_ids
        if not people or not self.file_ids:
            raise UserError(self.env._("Please name the people and attach the scanned list."))
        if self.env.user in people.user_id:
            raise UserError(self.env._("Nobody confirms on paper for himself."))
        now = fields.Datetime.now()
        zone = version.sudo().document_id.tz
        if self.date_signed > local_day(now, zone):
            raise UserError(self.env._("The list was signed in the future: please check the date."))
        if not version.is_in_force or local_midnight(fields.Date.add(self.date_signed, days=1), zone) <= (
            version.effective_from
        ):
            raise UserError(self.env._("On that day the edition was not in force."))
        waiting = version.sudo().acknowledgement_ids.filtered(lambda reading: reading.state == "open").employee_id
        if people - waiting:
            raise UserError(
                self.env._(
                    "These people are not asked to read it, or have read it already: %(names)s.",
                    names=", ".join((people - waiting).mapped("name")),
                )
            )
