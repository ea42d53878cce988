from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Days before the end at which a word is said; 0 is the last day itself.
RUNGS = (0, 7, 30, 60)
# A job that stood still over the last day still says so, but nobody hears of what ended long ago.
LATE_DAYS = 7
KEEP_DAYS = 400


class SqmsCertificateReminder(models.Model):
    """Which certificates were told to end, and which ones a job requires and nobody has.

    1. A certificate is told when it enters the last 60, 30 and 7 days and on its last day: once for each rung, and
       where the job comes late the nearest rung only.
    2. One that goes on in another certificate, that is revoked or whose holder has left is not told, whichever of the
       two rows was entered first, and not even if it became so between the note and the message.
    3. Another last day is another certificate: its rungs start anew.
    4. This table is the truth: what stands in it is not told again. To whom, stands in the notices.
    """

    _name = "sqms.certificate.reminder"
    _description = "Reminder of a Certificate"
    _order = "valid_to, id"
    _check_company_auto = True

    employee_id = fields.Many2one("hr.employee", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    skill_id = fields.Many2one("hr.skill", required=True, index=True, ondelete="cascade")
    certificate_id = fields.Many2one("hr.employee.skill", index="btree_not_null", ondelete="cascade")
    valid_to = fields.Date()
    days = fields.Integer("Window", help="Days before the end; 0 on the last day, and when the certificate is missing.")
    notice_ids = fields.One2many("sqms.certificate.notice", "reminder_id")
    sent_at = fields.Datetime(
        help="Empty until everybody whom it concerns has the message.", export_string_translation=False
    )

    _window_uniq = models.UniqueIndex("(certificate_id, valid_to, days) WHERE certificate_id IS NOT NULL")
    _gap_uniq = models.UniqueIndex("(employee_id, skill_id) WHERE certificate_id IS NULL")
    _unsent_idx = models.Index("(company_id, valid_to) WHERE sent_at IS NULL")
    _old_idx = models.Index("(valid_to) WHERE sent_at IS NOT NULL")

    @api.model
    def _cron_tell(self):
        """Note what is new today, then send one digest to each person whom it concerns."""
        self.env.flush_all()
        self._drop_settled()
        companies = self.env["res.company"].search([("active", "=", True)])
        for today, group in companies.grouped(lambda company: company._certificate_today()).items():
            self._note_windows(group, today)
            self._note_gaps(group, today)
        self.invalidate_model()
        unsent = self.search([("sent_at", "=", False)])
        if unsent:
            self.env["sqms.certificate.notice"]._address(unsent)
            self.env["sqms.certificate.notice"]._send()

    # -- what is new ----------------------------------------------------------------

    @api.model
    def _note_windows(self, companies, today):
        query = self.env["hr.employee.skill"].with_context(as_of=today, active_test=False)._search(
            self._open_domain()
            & Domain("certificate_state", "in", ("expiring", "expired"))
            & Domain("valid_to", "<=", today + timedelta(days=max(RUNGS)))
            & Domain("valid_to", ">=", today - timedelta(days=LATE_DAYS))
            & Domain("employee_id.company_id", "in", companies.ids)
        )  # fmt: skip
        rung = SQL("CASE %s END", SQL(" ").join(
            SQL("WHEN row.valid_to <= %s THEN %s", today + timedelta(days=days), days) for days in RUNGS
        ))  # fmt: skip
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO sqms_certificate_reminder
                       (employee_id, company_id, skill_id, certificate_id, valid_to, days,
                        create_uid, write_uid, create_date, write_date)
                SELECT row.employee_id, employee.company_id, row.skill_id, row.id, row.valid_to, %(rung)s,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM hr_employee_skill AS row
                  JOIN hr_employee AS employee ON employee.id = row.employee_id
                 WHERE row.id IN %(ending)s
                   AND NOT EXISTS (
                       SELECT 1
                         FROM sqms_certificate_reminder AS told
                        WHERE told.certificate_id = row.id
                          AND told.valid_to = row.valid_to
                          AND told.days <= %(rung)s)
                    ON CONFLICT DO NOTHING
                """,
                rung=rung,
                uid=self.env.uid,
                ending=query.subselect(),
            )
        )

    @api.model
    def _open_domain(self):
        """Certificates that run out in earnest."""
        return (
            Domain("is_covered", "=", False)
            & Domain("revoked_on", "=", False)
            & Domain("employee_id.active", "=", True)
        )

    # -- what is settled ----------------------------------------------------------------

    @api.model
    def _drop_settled(self):
        """What was noted and not yet told, because a run broke off, is forgotten if it was settled in the meantime."""
        unsent = self.search([("sent_at", "=", False), ("certificate_id", "!=", False)])
        if not unsent:
            return
        certificates = self.env["hr.employee.skill"].with_context(active_test=False)
        still_open = certificates.search(Domain("id", "in", unsent.certificate_id.ids) & self._open_domain())
        settled = unsent.filtered(lambda reminder: reminder.certificate_id not in still_open)
        settled.notice_ids.filtered(lambda notice: not notice.sent_at).unlink()
        told = settled.filtered("notice_ids")
        told.write({"sent_at": fields.Datetime.now()})
        (settled - told).unlink()
        self.env.flush_all()

    @api.autovacuum
    def _gc_reminders(self):
        """A rung of more than a year ago is never reached again."""
        border = fields.Date.today() - timedelta(days=KEEP_DAYS)
        self.search([("sent_at", "!=", False), ("valid_to", "<", border)], limit=10_000).unlink()
