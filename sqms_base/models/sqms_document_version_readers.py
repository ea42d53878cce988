from odoo import fields, models
from odoo.fields import Domain

from ..lib.local_time import local_day
from ..lib.workflow_pass import workflow_import
from .sqms_document_version import READERS_AT_ONCE


class SqmsDocumentVersionReaders(models.Model):
    """Who is asked to read an edition: reviewers and approvers while it is made, its readers once it is in force."""

    _inherit = "sqms.document.version"

    def _ask(self, user):
        if user:
            self.activity_schedule(
                "mail.mail_activity_data_todo", summary=self.env._("Please read and decide"), user_id=user.id
            )

    def _done_asking(self):
        asked = self.activity_ids.filtered("automated")
        mine = asked.filtered(lambda activity: activity.user_id == self.env.user)
        (asked - mine).sudo().unlink()
        mine.action_done()

    def _ask_readers(self):
        """Ask everybody of the audience to read it; what exceeds one batch goes on in the background."""
        for version in self.sudo():
            if version._create_acknowledgements(READERS_AT_ONCE) == READERS_AT_ONCE:
                self.env.ref("sqms_base.ir_cron_acknowledgement").sudo()._trigger()

    def _create_acknowledgements(self, limit):
        """Ask the next so many people who have not been asked yet.

        The rows that are missing are looked for anew each time, so that a run that was broken off goes on
        where it stopped and nobody is asked twice.

        :return: how many were asked
        """
        self.ensure_one()
        acknowledgements = self.env["sqms.acknowledgement"]
        asked = acknowledgements._search([("version_id", "=", self.id)])
        missing = Domain("id", "not in", asked.subselect("employee_id"))
        # Sorted by id: by name, the default, costs a join with another table in each batch.
        employees = self.env["hr.employee"].search(
            self.document_id._audience_domain() & missing, limit=limit, order="id"
        )
        company = self.company_id
        due = fields.Date.add(local_day(fields.Datetime.now(), self.document_id.tz), days=company.sqms_acknowledge_days)
        acknowledgements.create(
            [
                {
                    "version_id": self.id,
                    "employee_id": employee.id,
                    "department_id": employee.department_id.id,
                    "date_due": due,
                }
                for employee in employees
            ]
        )
        return len(employees)

    def _take_over_in_review(self):
        """Editions that were in review before they came into this database: nobody has signed them here."""
        with workflow_import(self, self.env._("Taken over in review")):
            self.write({"state": "review"})
        # Their review is due like that of any other, from now on.
        self._clock_moved(dict.fromkeys(self.ids, "draft"))
        self._on_submit()

    def _take_over(self, approver_id, approved_at, effective_from):
        """Editions that were approved before they came into this database (migration, demo data)."""
        approver = self.env["res.users"].browse(approver_id)
        approved_at, effective_from = map(fields.Datetime.to_datetime, (approved_at, effective_from))
        with workflow_import(self, self.env._("Taken over as approved by %(name)s", name=approver.name)):
            for version in self:
                version.date_effective = local_day(effective_from, version.document_id.tz)
                version.write({"state": "approved", **version._approval_values(approver, approved_at, effective_from)})
        self.document_id._bring_labels_up_to_date()
