import logging
import os

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 500
RAW = ("raw_risk_note", "raw_review_note", "raw_hearing_note")


class SqmsClearanceRetention(models.Model):
    """The end of the time of keeping: papers and notes go, verdict, number and dates stay.

    1. Whatever a legal hold needs stays until the hold is released.
    2. A file is gone when it is no longer on the disk: the collection is run and looked after.
    3. What the ledger keeps of the reasons goes as well; its chain stays valid.
    """

    _inherit = "sqms.clearance"

    @api.model
    def _erase_domain(self):
        days = self.env["res.company"]._sqms_days()
        due = Domain.OR(
            Domain("company_id", "in", company_ids) & Domain("erase_on", "<=", day) for day, company_ids in days.items()
        )
        return Domain("erased_at", "=", False) & due

    @api.model
    def _cron_erase(self):
        """Batch by batch, each a transaction; then make sure that the files have left the disk."""
        after = 0
        while True:
            last, done, names = self._erase_batch(after)
            if not last:
                return
            after = last
            goes_on = self.env["ir.cron"]._commit_progress(done)
            if names:
                self.env["ir.attachment"]._gc_file_store()
                self._files_left(names)
            if not goes_on:
                return

    @api.model
    def _erase_batch(self, after=0, limit=BATCH):
        """:return: last id looked at, how many were erased, the names of their files in the store"""
        self.env["sqms.legal.hold"].sudo()._pass_gate()
        due = self.sudo().search(self._erase_domain() & Domain("id", ">", after), order="id", limit=limit)
        due = due.try_lock_for_update() if due else due
        if not due:
            return 0, 0, []
        free = due - due._held()
        return max(due.ids), len(free), free._erase_papers()

    def _held(self):
        """Those that a legal hold needs, itself or with the person's contact."""
        holds = self.env["sqms.legal.hold"].sudo()
        contacts = {clearance.id: clearance.employee_id.work_contact_id.id for clearance in self}
        held_people = holds._holds_of("res.partner", [id_ for id_ in contacts.values() if id_])
        held = holds._holds_of(self._name, self.ids)
        return self.filtered(lambda clearance: clearance.id in held or contacts[clearance.id] in held_people)

    def _erase_papers(self):
        """Erase papers and notes of these clearances, a few statements for all of them.

        :return: the names of the files in the store
        """
        free = self.sudo() - self.sudo()._held()
        if not free:
            return []
        self.env.flush_all()
        papers = self.env["sqms.clearance.paper"].sudo().search([("clearance_id", "in", free.ids)])
        files = self.env["ir.attachment"].sudo().search(
            [("res_model", "=", papers._name), ("res_id", "in", papers.ids), ("res_field", "!=", False)]
        )  # fmt: skip
        names = [name for name in files.mapped("store_fname") if name]
        files.unlink()
        cr = self.env.cr
        cr.execute(SQL("DELETE FROM sqms_clearance_paper WHERE id = ANY(%s)", papers.ids))
        columns = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in RAW)
        cr.execute(
            SQL(
                "UPDATE sqms_clearance SET %s, consent_reason = NULL, erased_at = now() AT TIME ZONE 'UTC'"
                " WHERE id = ANY(%s)",
                columns, free.ids,
            )
        )  # fmt: skip
        self.env.invalidate_all(flush=False)
        self.env["sqms.ledger.value"].sudo()._erase(
            free, names=["consent_reason"], reason=self.env._("Time of keeping over")
        )
        free._ledger_log("papers_erased", new={"papers": len(papers)})
        return names

    @api.model
    def _files_left(self, names):
        """Files that are still on the disk although nothing names them; an error in the log for each run."""
        attachments = self.env["ir.attachment"].sudo()
        self.env.cr.execute("SELECT store_fname FROM ir_attachment WHERE store_fname = ANY(%s)", [names])
        used = {name for (name,) in self.env.cr.fetchall()}
        left = [name for name in names if name not in used and os.path.exists(attachments._full_path(name))]
        if left:
            _logger.error("%s erased papers of clearances are still on the disk: %s", len(left), left[:5])
        return left

    def action_erase_now(self):
        """Officers do not wait for the night when a person has asked for it; never before the decision."""
        self.check_access("write")
        due = self.filtered(lambda clearance: clearance.erase_on and clearance.erase_on <= fields.Date.today())
        due._erase_papers()
        return True
