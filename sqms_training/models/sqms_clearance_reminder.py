from odoo import api, fields, models
from odoo.tools import SQL

WINDOWS = (7, 30, 60)


class SqmsClearanceReminder(models.Model):
    """What officers and the person himself were told about clearances that end.

    1. Told when a clearance enters the last 60, 30 and 7 days: once for each window, the nearest one only.
    2. One that another clearance goes on from, that was ended, or whose holder has left is not told.
    3. Everything of a day is one message to each person. It says how many, and leads to the list: no names, no posts,
       no reasons stand in a mail.
    """

    _name = "sqms.clearance.reminder"
    _description = "Reminder of a Clearance"
    _order = "valid_to, id"

    clearance_id = fields.Many2one("sqms.clearance", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    valid_to = fields.Date(required=True)
    days = fields.Integer("Window")
    sent_at = fields.Datetime(export_string_translation=False)

    _window_uniq = models.UniqueIndex("(clearance_id, valid_to, days)")
    _unsent_idx = models.Index("(company_id) WHERE sent_at IS NULL")

    @api.model
    def _cron_remind(self):
        self.env.flush_all()
        for day, company_ids in self.env["res.company"]._sqms_days().items():
            self._note_windows(day, company_ids)
        self.invalidate_model()
        self._send()

    @api.model
    def _note_windows(self, day, company_ids):
        clearances = self.env["sqms.clearance"]
        ends = SQL("LEAST(c.valid_to, CASE WHEN c.lifted_on IS NULL THEN c.condition_until END)")
        window = SQL("CASE WHEN %(e)s <= %(day)s::date + 7 THEN 7 WHEN %(e)s <= %(day)s::date + 30 THEN 30 ELSE 60 END",
                     e=ends, day=day)  # fmt: skip
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO sqms_clearance_reminder
                       (clearance_id, company_id, valid_to, days, create_uid, write_uid, create_date, write_date)
                SELECT c.id, c.company_id, %(ends)s, %(window)s, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM sqms_clearance c
                  JOIN hr_employee e ON e.id = c.employee_id AND e.active
                 WHERE c.company_id = ANY(%(companies)s)
                   AND %(holds)s
                   AND %(ends)s <= %(day)s::date + %(first)s
                   AND NOT EXISTS (
                       SELECT 1 FROM sqms_clearance n
                        WHERE n.employee_id = c.employee_id AND n.rule_id = c.rule_id AND n.id != c.id
                          AND %(goes_on)s)
                   AND NOT EXISTS (
                       SELECT 1 FROM sqms_clearance_reminder t
                        WHERE t.clearance_id = c.id AND t.valid_to = %(ends)s AND t.days <= %(window)s)
                    ON CONFLICT DO NOTHING
                """,
                ends=ends,
                window=window,
                uid=self.env.uid,
                companies=list(company_ids),
                holds=clearances._holds_sql("c", day),
                goes_on=clearances._holds_sql("n", SQL("(%s + 1)", ends)),
                day=day,
                first=max(WINDOWS),
            )
        )

    @api.model
    def _send(self):
        unsent = self.search([("sent_at", "=", False)])
        if not unsent:
            return
        base = self.get_base_url()
        mails = [
            self._mail(user, count, f"{base}/odoo/sqms-clearances") for user, count in self._officers(unsent).items()
        ]
        mails += [
            self._mail(user, count, f"{base}/odoo/sqms-my-clearances", own=True)
            for user, count in self._holders(unsent).items()
        ]
        self.env["mail.mail"].sudo().create(mails)
        unsent.write({"sent_at": fields.Datetime.now()})

    @api.model
    def _officers(self, unsent):
        """`{user: how many}`; nobody is told of his own as an officer."""
        officers = self.env.ref("sqms_training.group_clearance").all_user_ids
        counts = {}
        for user in officers.filtered(lambda user: user.active and not user.share and user.email):
            theirs = unsent.filtered(
                lambda row, user=user: (
                    row.company_id in user.company_ids and row.clearance_id.employee_id.user_id != user
                )
            )
            if theirs:
                counts[user] = len(theirs)
        return counts

    @api.model
    def _holders(self, unsent):
        counts = {}
        for row in unsent:
            user = row.clearance_id.employee_id.user_id
            if user.active and user.email:
                counts[user] = counts.get(user, 0) + 1
        return counts

    @api.model
    def _mail(self, user, count, url, own=False):
        env = self.with_context(lang=user.lang).env
        subject = env._("Your clearance ends soon") if own else env._("Clearances that end soon: %s", count)
        text = (
            env._("A clearance of yours ends within 60 days. You will be asked again in time.")
            if own
            else env._("%s clearances end, and nothing follows them yet.", count)
        )
        return {
            "subject": subject,
            "body_html": env["ir.qweb"]._render(
                "sqms_training.clearance_digest", {"text": text, "url": url}, lang=env.lang
            ),
            "recipient_ids": [(4, user.partner_id.id)],
            "email_from": self.env.company.email_formatted or self.env.user.email_formatted,
            "auto_delete": True,
        }
