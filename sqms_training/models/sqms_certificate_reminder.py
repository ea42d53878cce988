from odoo import api, fields, models
from odoo.tools import SQL, format_date

WINDOWS = (7, 30, 60)
# A mail that nobody reads to the end helps nobody; the list in the system is complete.
ROWS_IN_MAIL = 100


class SqmsCertificateReminder(models.Model):
    """What HR was told about certificates that end, and about those that a job requires and nobody has.

    1. A certificate is told when it enters the last 60, 30 and 7 days: once for each window, the nearest one only.
    2. One that goes on in another certificate, that is revoked or whose holder has left is not told.
    3. Another last day is another certificate: its windows start anew.
    4. A missing certificate is told once, and again only if it was there in between.
    5. Everything of a day goes out as one message to each person in HR.
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
    days = fields.Integer("Window", help="Days before the end; 0 when the certificate is missing.")
    sent_at = fields.Datetime(export_string_translation=False)

    _window_uniq = models.UniqueIndex("(certificate_id, valid_to, days) WHERE certificate_id IS NOT NULL")
    _gap_uniq = models.UniqueIndex("(employee_id, skill_id) WHERE certificate_id IS NULL")
    _unsent_idx = models.Index("(company_id, valid_to) WHERE sent_at IS NULL")

    @api.model
    def _cron_tell_hr(self):
        """Note what is new today, company by company, then send one digest to each person in HR."""
        self.env.flush_all()
        for company in self.env["res.company"].search([("active", "=", True)]):
            today = company._certificate_today()
            self._note_windows(company, today)
            self._forget_closed_gaps(company, today)
            self._note_gaps(company, today)
        self.invalidate_model()
        self._send_digest()

    # -- what is new ----------------------------------------------------------------

    @api.model
    def _note_windows(self, company, today):
        ending = self.env["hr.employee.skill"].with_context(as_of=today, active_test=False)
        query = ending._search(
            [
                ("certificate_state", "=", "expiring"),
                ("valid_to", "<=", fields.Date.add(today, days=max(WINDOWS))),
                ("employee_id.active", "=", True),
                ("employee_id.company_id", "=", company.id),
                ("is_covered", "=", False),
            ]
        )
        window = SQL("CASE WHEN row.valid_to <= %s THEN 7 WHEN row.valid_to <= %s THEN 30 ELSE 60 END",
                     fields.Date.add(today, days=7), fields.Date.add(today, days=30))  # fmt: skip
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO sqms_certificate_reminder
                       (employee_id, company_id, skill_id, certificate_id, valid_to, days,
                        create_uid, write_uid, create_date, write_date)
                SELECT row.employee_id, %(company)s, row.skill_id, row.id, row.valid_to, %(window)s,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM hr_employee_skill AS row
                 WHERE row.id IN %(ending)s
                   AND NOT EXISTS (
                       SELECT 1
                         FROM sqms_certificate_reminder AS told
                        WHERE told.certificate_id = row.id
                          AND told.valid_to = row.valid_to
                          AND told.days <= %(window)s)
                    ON CONFLICT DO NOTHING
                """,
                company=company.id,
                window=window,
                uid=self.env.uid,
                ending=query.subselect(),
            )
        )

    @api.model
    def _note_gaps(self, company, today):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO sqms_certificate_reminder
                       (employee_id, company_id, skill_id, days, create_uid, write_uid, create_date, write_date)
                SELECT DISTINCT employee_id, %(company)s, skill_id, 0,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM (%(gaps)s) AS gap
                    ON CONFLICT DO NOTHING
                """,
                company=company.id,
                uid=self.env.uid,
                gaps=self._gaps_query(company, today),
            )
        )

    @api.model
    def _forget_closed_gaps(self, company, today):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM sqms_certificate_reminder AS told
                 WHERE told.company_id = %(company)s
                   AND told.certificate_id IS NULL
                   AND (told.employee_id, told.skill_id) NOT IN (SELECT employee_id, skill_id FROM (%(gaps)s) AS gap)
                """,
                company=company.id,
                gaps=self._gaps_query(company, today),
            )
        )

    @api.model
    def _gaps_query(self, company, today):
        """Employees and the certificates that their job requires today and that they do not hold at that level."""
        return SQL(
            """
            SELECT employee.id AS employee_id, required.skill_id
              FROM hr_employee AS employee
              JOIN hr_version AS version ON version.id = employee.current_version_id
              JOIN hr_job_skill AS required ON required.job_id = version.job_id
              JOIN hr_skill_type AS type ON type.id = required.skill_type_id AND type.is_certification AND type.active
              JOIN hr_skill_level AS required_level ON required_level.id = required.skill_level_id
             WHERE employee.active
               AND employee.company_id = %(company)s
               AND (required.valid_from IS NULL OR required.valid_from <= %(today)s)
               AND (required.valid_to IS NULL OR required.valid_to >= %(today)s)
               AND NOT EXISTS (
                   SELECT 1
                     FROM hr_employee_skill AS held
                     JOIN hr_skill_level AS held_level ON held_level.id = held.skill_level_id
                    WHERE held.employee_id = employee.id
                      AND held.skill_id = required.skill_id
                      AND held.revoked_on IS NULL
                      AND (held.valid_to IS NULL OR held.valid_to >= %(today)s)
                      AND held_level.level_progress >= required_level.level_progress)
            """,
            company=company.id,
            today=today,
        )

    # -- the message ------------------------------------------------------------------

    @api.model
    def _send_digest(self):
        unsent = self.search([("sent_at", "=", False)])
        if not unsent:
            return
        told = self.browse()
        mails = []
        for (lang, companies), users in self._readers(unsent.company_id).items():
            reminders = unsent.filtered(lambda reminder, companies=companies: reminder.company_id in companies)
            mails.append(reminders.with_context(lang=lang)._prepare_digest_values(users))
            told |= reminders
        self.env["mail.mail"].create(mails)
        told.write({"sent_at": fields.Datetime.now()})

    @api.model
    def _readers(self, companies):
        """{(language, companies): users}: training officers, or HR where there is none."""
        officers = self.env.ref("sqms_training.group_training_officer").all_user_ids
        clerks = self.env.ref("hr.group_hr_user").all_user_ids
        readers = {}
        for users in (officers, clerks):
            for user in users.filtered(lambda user: user.active and not user.share and user.id != self.env.uid):
                left = user.company_ids & companies
                if left:
                    readers.setdefault((user.lang, left), self.env["res.users"])
                    readers[user.lang, left] |= user
            companies -= self.env["res.company"].union(*(served for _lang, served in readers))
        return readers

    def _prepare_digest_values(self, users):
        ending = self.filtered("certificate_id")
        missing = self - ending
        more = max(len(ending) - ROWS_IN_MAIL, 0) + max(len(missing) - ROWS_IN_MAIL, 0)
        return {
            "subject": self.env._(
                "Certificates: %(ending)s ending, %(missing)s missing", ending=len(ending), missing=len(missing)
            ),
            "body_html": self.env["ir.qweb"]._render(
                "sqms_training.certificate_digest",
                {
                    "ending": [
                        (
                            format_date(self.env, row.valid_to),
                            row.employee_id.name,
                            row.skill_id.name,
                            self.env._("within %s days", row.days),
                        )
                        for row in ending[:ROWS_IN_MAIL]
                    ],
                    "missing": [(row.employee_id.name, row.skill_id.name) for row in missing[:ROWS_IN_MAIL]],
                    "more": more and self.env._("%s more stand in the list.", more),
                    "url": f"{self[:1].get_base_url()}/odoo/sqms-certificates",
                },
                lang=self.env.lang,
            ),
            "recipient_ids": [(4, partner.id) for partner in users.partner_id],
            "email_from": self.env.company.email_formatted or self.env.user.email_formatted,
            "auto_delete": True,
        }
