from datetime import date, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL, format_date, split_every

# A mail that nobody reads to the end helps nobody; the list in the system is complete.
ROWS_IN_MAIL = 100
PEOPLE_AT_ONCE = 500


class SqmsCertificateNotice(models.Model):
    """Who is told about a certificate that ends, or is missing: the holder, his manager, HR.

    1. Each person gets one digest a day, in his own language, whatever he is: holder, manager, HR or all three.
    2. One who has no user is told at his work e-mail; one who has no e-mail at all is not told.
    3. The message and its note are made together: a run that breaks off is taken up by the next one, and nobody is
       told twice.
    4. HR alone hears of certificates that are missing.
    """

    _name = "sqms.certificate.notice"
    _description = "Notice about a Certificate"
    _order = "id"

    reminder_id = fields.Many2one("sqms.certificate.reminder", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Person", required=True, index=True, ondelete="cascade")
    role = fields.Selection([("holder", "Holder"), ("manager", "Manager"), ("hr", "HR")], required=True, readonly=True)
    company_id = fields.Many2one(related="reminder_id.company_id", store=True, index=True)
    sent_at = fields.Datetime(export_string_translation=False)

    _person_uniq = models.UniqueIndex("(reminder_id, partner_id)")
    _unsent_idx = models.Index("(partner_id) WHERE sent_at IS NULL")

    # -- whom it concerns ---------------------------------------------------------------

    @api.model
    def _address(self, reminders):
        """Notes for everybody whom these reminders concern; what is noted already stays."""
        readers = self._readers(reminders.company_id)
        self.env.cr.execute(
            SQL(
                """
                WITH clerk (company_id, partner_id) AS (
                    SELECT * FROM unnest(%(companies)s::int[], %(partners)s::int[])
                ),
                told AS (
                    SELECT reminder.id AS reminder_id, reminder.company_id, 1 AS rank, 'holder' AS role,
                           COALESCE(account.partner_id, employee.work_contact_id) AS partner_id
                      FROM sqms_certificate_reminder AS reminder
                      JOIN hr_employee AS employee ON employee.id = reminder.employee_id
                 LEFT JOIN res_users AS account ON account.id = employee.user_id AND account.active
                     WHERE reminder.id = ANY(%(reminders)s) AND reminder.certificate_id IS NOT NULL
                     UNION ALL
                    SELECT reminder.id, reminder.company_id, 2, 'manager',
                           COALESCE(account.partner_id, manager.work_contact_id)
                      FROM sqms_certificate_reminder AS reminder
                      JOIN hr_employee AS employee ON employee.id = reminder.employee_id
                      JOIN hr_employee AS manager ON manager.id = employee.parent_id AND manager.active
                 LEFT JOIN res_users AS account ON account.id = manager.user_id AND account.active
                     WHERE reminder.id = ANY(%(reminders)s) AND reminder.certificate_id IS NOT NULL
                     UNION ALL
                    SELECT reminder.id, reminder.company_id, 3, 'hr', clerk.partner_id
                      FROM sqms_certificate_reminder AS reminder
                      JOIN clerk ON clerk.company_id = reminder.company_id
                     WHERE reminder.id = ANY(%(reminders)s)
                )
                INSERT INTO sqms_certificate_notice
                       (reminder_id, company_id, partner_id, role, create_uid, write_uid, create_date, write_date)
                SELECT DISTINCT ON (told.reminder_id, told.partner_id)
                       told.reminder_id, told.company_id, told.partner_id, told.role,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM told
                  JOIN res_partner AS partner ON partner.id = told.partner_id
                 WHERE partner.active AND partner.email LIKE '%%@%%'
                 ORDER BY told.reminder_id, told.partner_id, told.rank
                    ON CONFLICT DO NOTHING
                """,
                reminders=reminders.ids,
                companies=[company.id for company, _partner in readers],
                partners=[partner.id for _company, partner in readers],
                uid=self.env.uid,
            )
        )
        self.invalidate_model()
        reminders.invalidate_recordset(["notice_ids"])

    @api.model
    def _readers(self, companies):
        """[(company, partner)]: training officers, or HR where there is none."""
        officers = self.env.ref("sqms_training.group_training_officer").all_user_ids
        clerks = self.env.ref("hr.group_hr_user").all_user_ids
        readers = []
        for users in (officers, clerks):
            people = users.filtered(lambda user: user.active and not user.share and user.id != self.env.uid)
            found = [(company, user.partner_id) for user in people for company in user.company_ids & companies]
            companies -= self.env["res.company"].union(*(company for company, _partner in found))
            readers += found
        return readers

    # -- the message ----------------------------------------------------------------------

    @api.model
    def _send(self):
        """One digest for each person who waits for one and had none today."""
        waiting = dict(self._read_group([("sent_at", "=", False)], ["partner_id"], ["id:recordset"]))
        today = self._told_today(self.env["res.partner"].union(*waiting))
        for partners in split_every(PEOPLE_AT_ONCE, [partner for partner in waiting if partner not in today]):
            notices = self.union(*(waiting[partner] for partner in partners)).try_lock_for_update()
            mails = [
                own.with_context(lang=partner.lang or self.env.lang)._prepare_digest_values(partner)
                for partner, own in notices.grouped("partner_id").items()
            ]
            self.env["mail.mail"].create(mails)
            notices._mark_told()
            if self.env.context.get("ir_cron_progress_id") and not self.env["ir.cron"]._commit_progress(len(notices)):
                break

    @api.model
    def _told_today(self, partners):
        """Who had his digest already on this day, as the calendar stands where he is."""
        now = fields.Datetime.now()
        told = self._read_group(
            [("partner_id", "in", partners.ids), ("sent_at", ">", now - timedelta(days=1))],
            ["partner_id"],
            ["sent_at:max"],
        )

        def day(moment, partner):
            zone = pytz.timezone(partner.tz or self.env.company._certificate_timezone().zone)
            return pytz.utc.localize(moment).astimezone(zone).date()

        return {partner for partner, sent_at in told if day(sent_at, partner) == day(now, partner)}

    def _mark_told(self):
        self.write({"sent_at": fields.Datetime.now()})
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE sqms_certificate_reminder AS reminder
                   SET sent_at = %(now)s
                 WHERE reminder.id = ANY(%(ids)s)
                   AND reminder.sent_at IS NULL
                   AND NOT EXISTS (
                       SELECT 1
                         FROM sqms_certificate_notice AS notice
                        WHERE notice.reminder_id = reminder.id AND notice.sent_at IS NULL)
                """,
                now=fields.Datetime.now(),
                ids=self.reminder_id.ids,
            )
        )
        self.reminder_id.invalidate_recordset(["sent_at"])

    def _prepare_digest_values(self, partner):
        sections = self._digest_sections()
        return {
            "subject": self._digest_subject(sections),
            "body_html": self.env["ir.qweb"]._render(
                "sqms_training.certificate_digest",
                {
                    "sections": [
                        {
                            "title": section["title"],
                            "lines": section["lines"],
                            "more": section["count"] > ROWS_IN_MAIL
                            and self.env._("%s more stand in the list.", section["count"] - ROWS_IN_MAIL),
                            "note": section["note"],
                            # Who cannot log in has nothing to open.
                            "url": section["path"] and partner.user_ids and self[:1].get_base_url() + section["path"],
                        }
                        for section in sections.values()
                        if section["lines"]
                    ]
                },
                lang=self.env.lang,
            ),
            "recipient_ids": [(4, partner.id)],
            "email_from": self.env.company.email_formatted or self.env.user.email_formatted,
            "reply_to": self.env.company.email_formatted or self.env.user.email_formatted,
            "auto_delete": True,
        }

    def _digest_subject(self, sections):
        counts = {name: section["count"] for name, section in sections.items()}
        if counts["hr"] or counts["missing"]:
            return self.env._(
                "Certificates: %(ending)s ending, %(missing)s missing",
                ending=counts["holder"] + counts["manager"] + counts["hr"],
                missing=counts["missing"],
            )
        if counts["manager"]:
            return self.env._("Certificates of your people: %s ending", counts["manager"] + counts["holder"])
        return self.env._("Your certificates: %s ending", counts["holder"])

    def _digest_sections(self):
        """What one person reads: his own, his people's, and for HR everybody's; each certificate once."""
        sections = {
            "holder": {
                "title": self.env._("Your certificates that end, and nothing follows them yet:"),
                "note": self.env._("Please settle the renewal with your manager or HR."),
                "path": "/odoo/sqms-my-certificates",
            },
            "manager": {
                "title": self.env._("Certificates of your people that end, and nothing follows them yet:"),
                "note": self.env._("After that day they may not do the work that requires the certificate."),
                "path": "",
            },
            "hr": {
                "title": self.env._("These certificates end, and nothing follows them yet:"),
                "note": "",
                "path": "/odoo/sqms-certificates",
            },
            "missing": {
                "title": self.env._("Required by the job, but missing or not valid:"),
                "note": "",
                "path": "/odoo/sqms-certificates",
            },
        }
        rows = {name: {} for name in sections}
        for notice in self.sorted(lambda notice: (notice.reminder_id.valid_to or date.max, notice.id)):
            rows[notice._section()][notice.reminder_id.certificate_id or notice.reminder_id] = notice
        for name, section in sections.items():
            section["count"] = len(rows[name])
            section["lines"] = [notice._digest_line() for notice in list(rows[name].values())[:ROWS_IN_MAIL]]
        return sections

    def _section(self):
        return self.role if self.reminder_id.certificate_id else "missing"

    def _digest_line(self):
        reminder = self.reminder_id
        line = [] if self.role == "holder" else [reminder.employee_id.name]
        line.append(reminder.skill_id.name)
        if reminder.certificate_id:
            left = (reminder.valid_to - reminder.company_id._certificate_today()).days
            line += [format_date(self.env, reminder.valid_to), self._digest_words(left)]
        return line

    def _digest_words(self, left):
        if left > 1:
            return self.env._("in %s days", left)
        if left == 1:
            return self.env._("tomorrow")
        if left == 0:
            return self.env._("today is the last day")
        return self.env._("ended")
