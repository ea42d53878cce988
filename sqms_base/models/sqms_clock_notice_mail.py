from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from ..lib.clock_pass import managing_clocks

MOST_LINES = 50


class SqmsClockNoticeMail(models.Model):
    """One mail to each person with all that was told of late, in his language; sending is left to the mail queue.

    The mails and the marks that they were written are one transaction: a run that was broken off neither loses nor
    doubles one. Nobody reads in it the name of a record that he may not read.
    """

    _inherit = "sqms.clock.notice"

    @api.model
    def _write_mails(self):
        rows = self.env.execute_query(SQL(
            "SELECT id FROM sqms_clock_notice WHERE to_mail IS TRUE ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
        ))  # fmt: skip
        if not rows:
            return
        notices = self.sudo().browse([row[0] for row in rows])
        by_person = defaultdict(self.sudo().browse)
        for notice in notices:
            for user in notice.user_ids:
                by_person[user] |= notice
        self.env["mail.mail"].sudo().create(
            [own._prepare_mail_values(user) for user, own in by_person.items() if user.active and user.partner_id.email]
        )
        with managing_clocks():
            notices.write({"to_mail": False})
            notices.flush_recordset()

    def _prepare_mail_values(self, user):
        reader = self.with_context(lang=user.lang or self.env.lang)
        company = user.company_id
        now = fields.Datetime.now()
        names = self._names_for(user)
        lines = [
            {
                "name": names.get(clock) or reader.env._("a record that you may not open"),
                "step": clock.step_id.name,
                "is_late": bool(clock.due_at and clock.due_at < now),
                "when": self._when(reader.env, clock.due_at, user.tz or clock.tz or "UTC", now),
                "url": f"/mail/view?model={clock.res_model}&res_id={clock.res_id}",
            }
            for clock in reader.clock_id.sorted("due_at")
        ]
        late = sum(line["is_late"] for line in lines)
        return {
            "subject": self._subject(reader.env, len(lines), late),
            "body_html": reader.env["ir.qweb"]._render(
                "sqms_base.clock_digest",
                {
                    "user": user,
                    "company": company,
                    "lines": lines[:MOST_LINES],
                    "more": reader.env._("and %(count)s more", count=len(lines) - MOST_LINES)
                    if len(lines) > MOST_LINES
                    else "",
                    "base_url": user.get_base_url(),
                },
                lang=user.lang,
            ),
            "email_from": company.email_formatted or company.partner_id.email_formatted,
            "recipient_ids": [fields.Command.link(user.partner_id.id)],
            "auto_delete": True,
        }

    @staticmethod
    def _when(env, due, zone, now):
        if not due:
            return env._("paused")
        moment = format_datetime(env, due, tz=zone, dt_format="short")
        return env._("was due %(moment)s", moment=moment) if due < now else env._("due %(moment)s", moment=moment)

    def _names_for(self, user):
        """`{clock: name of its record}` of those records that this person may read."""
        names = {}
        for model, clocks in self.clock_id.grouped("res_model").items():
            if model not in self.env:
                continue
            records = self.env[model].browse(set(clocks.mapped("res_id"))).exists()
            readable = records.with_user(user).with_context(lang=user.lang)._filtered_access("read")
            found = {record.id: record.display_name for record in readable}
            names.update({clock: found.get(clock.res_id) for clock in clocks})
        return names

    @staticmethod
    def _subject(env, count, late):
        if late:
            return env._("Deadlines: %(count)s need you, %(late)s late", count=count, late=late)
        return env._("Deadlines: %(count)s need you", count=count)
