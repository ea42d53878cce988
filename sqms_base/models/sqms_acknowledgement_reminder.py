from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..lib.local_time import local_day
from ..lib.workflow_pass import workflow_fields


class SqmsAcknowledgementReminder(models.Model):
    """Mails to those who have something left to read, made apart from asking them.

    1. One mail per person and day, with everything he has to read, in his language.
    2. The day is marked in the transaction that makes the mail: a run that was broken off neither loses nor
       doubles one. Sending is left to the mail queue.
    3. Who is asked gets it the same day, unless he had one already; from then on one a day until he has read.
    4. A company that sends no daily mails can still have one sent by the button “Remind”.
    """

    _inherit = "sqms.acknowledgement"

    reminded_on = fields.Date(string="Last Reminder", readonly=True, copy=False)
    is_mail_wanted = fields.Boolean(string="Mail Asked For", readonly=True, copy=False)

    _mailed_idx = models.Index("(company_id, reminded_on, employee_id) WHERE reminded_on IS NOT NULL")
    _wanted_idx = models.Index("(company_id) WHERE is_mail_wanted IS TRUE")

    @api.model
    def _mail_soon(self):
        self.env.ref("sqms_base.ir_cron_reading_reminder").sudo()._trigger()

    @api.model
    def _cron_remind(self, batch=1000):
        for (company,) in self._read_group([("state", "=", "open")], ["company_id"], order="company_id"):
            today = local_day(fields.Datetime.now(), company._sqms_tz())
            while readings := self._next_to_remind(company, today, batch):
                people = readings._remind(today)
                if not self.env["ir.cron"]._commit_progress(people):
                    return

    @api.model
    def _next_to_remind(self, company, today, batch):
        """All readings of the next so many people who have not had their mail today."""
        domain = self._to_remind_domain(company, today)
        # By login, not by employee: one person may be several employees.
        users = self._read_group(domain, ["employee_id.user_id"], limit=batch, order="employee_id.user_id")
        users = self.env["res.users"].union(*(user for (user,) in users))
        return self.search(domain & Domain("employee_id.user_id", "in", users.ids)) if users else self.browse()

    @api.model
    def _to_remind_domain(self, company, today):
        mailed = self._search(Domain("company_id", "=", company.id) & Domain("reminded_on", ">=", today))
        had_one = (
            self.env["hr.employee"]
            .with_context(active_test=False)
            ._search([("id", "in", mailed.subselect("employee_id")), ("user_id", "!=", False)])
        )
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "open")
            & Domain("is_in_force", "=", True)
            & Domain("employee_id.active", "=", True)
            & Domain("employee_id.user_id.active", "=", True)
            & Domain("employee_id.user_id", "not in", had_one.subselect("user_id"))
        )
        return domain if company.sqms_remind_readers else domain & Domain("is_mail_wanted", "=", True)

    def _remind(self, today):
        by_person = defaultdict(self.browse)
        for reading in self:
            by_person[reading.employee_id.user_id] |= reading
        self.env["mail.mail"].create([readings._prepare_reminder_values(user) for user, readings in by_person.items()])
        with workflow_fields(self, "reminded_on", "is_mail_wanted"):
            self.write({"reminded_on": today, "is_mail_wanted": False})
        return len(by_person)

    def _prepare_reminder_values(self, user):
        readings = self.with_context(lang=user.lang)
        company = self[0].company_id
        return {
            "subject": readings.env._("%(count)s to read and confirm", count=len(self)),
            "body_html": readings.env["ir.qweb"]._render(
                "sqms_base.reading_reminder",
                {"user": user, "company": company, "readings": readings, "base_url": self[0].get_base_url()},
                lang=user.lang,
            ),
            "email_from": company.email_formatted or user.company_id.partner_id.email_formatted,
            "recipient_ids": [fields.Command.link(user.partner_id.id)],
            "auto_delete": True,
        }
