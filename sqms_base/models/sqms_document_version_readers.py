from odoo import fields, models

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
        if not self:
            return
        readings = self.env["sqms.acknowledgement"].sudo()
        if readings._lapse(READERS_AT_ONCE, self.document_id) == READERS_AT_ONCE:
            readings._follow_later()
        readings._follow(versions=self)

    def _prepare_withdraw_values(self):
        # What nobody has to read any more is closed by the job; nobody can confirm it meanwhile.
        self.env["sqms.acknowledgement"]._follow_later()
        return super()._prepare_withdraw_values()

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
