from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.workflow_pass import workflow_fields


class SqmsActionReminder(models.Model):
    """Mails to the owners of actions in progress, before they are due and after.

    1. The company says on which days: so many days before, so many days after. Of what was missed while the system
       stood still the last one is told, once.
    2. One mail per person and day, with all his actions, in his language.
    3. The day is marked in the transaction that makes the mail: a run that was broken off neither loses nor doubles
       one. Sending is left to the mail queue.
    4. What was started today is not reminded of today: its owner has just been told.
    """

    _inherit = "sqms.action"

    reminded_on = fields.Date(string="Last Reminder", readonly=True, copy=False)
    mailed_on = fields.Date(string="Last Mail", readonly=True, copy=False)

    _mailed_idx = models.Index("(mailed_on, owner_id) WHERE mailed_on IS NOT NULL")
    _started_due_idx = models.Index("(company_id, date_due) WHERE state = 'started'")

    @api.model
    def _cron_remind(self, batch=1000):
        """Daily, as often as one likes: a second run of the day finds nothing."""
        for company in self.env["res.company"].search([("active", "in", (True, False))]):
            offsets = company._sqms_action_offsets()
            today = company._sqms_today()
            while offsets and (people := self._people_to_remind(company, offsets, today, batch)):
                self._actions_to_remind(company, offsets, today, people)._remind(company, today)
                if not self.env["ir.cron"]._commit_progress(len(people)):
                    return

    @api.model
    def _remind_query(self, company, offsets, today):
        """The actions of which a day of the ladder has come since their owner was last told of them."""
        return SQL(
            """
              FROM sqms_action action
              JOIN res_users owner ON owner.id = action.owner_id AND owner.active AND NOT owner.share
             WHERE action.company_id = %(company)s
               AND action.state = 'started'
               AND action.date_due <= %(today)s - %(first)s
               AND EXISTS (
                   SELECT FROM unnest(%(offsets)s) AS step
                    WHERE action.date_due + step <= %(today)s
                      AND action.date_due + step > COALESCE(action.reminded_on, '-infinity')
               )
               AND NOT EXISTS (
                   SELECT FROM sqms_action told
                    WHERE told.owner_id = action.owner_id AND told.mailed_on >= %(today)s
               )
            """,
            company=company.id, today=today, first=min(offsets), offsets=list(offsets),
        )  # fmt: skip

    @api.model
    def _people_to_remind(self, company, offsets, today, batch):
        self.env.flush_all()
        query = self._remind_query(company, offsets, today)
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT action.owner_id %s ORDER BY action.owner_id LIMIT %s", query, batch)
        )
        return [row[0] for row in rows]

    @api.model
    def _actions_to_remind(self, company, offsets, today, people):
        query = self._remind_query(company, offsets, today)
        rows = self.env.execute_query(
            SQL("SELECT action.id %s AND action.owner_id = ANY(%s) ORDER BY action.date_due, action.id", query, people)
        )
        return self.browse(row[0] for row in rows)

    def _remind(self, company, today):
        by_owner = defaultdict(self.browse)
        for action in self:
            by_owner[action.owner_id] |= action
        self.env["mail.mail"].create(
            [actions._prepare_reminder_values(owner, company) for owner, actions in by_owner.items()]
        )
        with workflow_fields(self, "reminded_on", "mailed_on"):
            self.write({"reminded_on": today, "mailed_on": today})

    def _prepare_reminder_values(self, owner, company):
        actions = self.with_context(lang=owner.lang, tz=owner.tz)
        late = len(actions.filtered("is_late"))
        subject = (
            actions.env._("%(count)s actions, %(late)s of them late", count=len(self), late=late)
            if late
            else actions.env._("%s actions are due soon", len(self))
        )
        return {
            "subject": subject,
            "body_html": actions.env["ir.qweb"]._render(
                "sqms_base.action_reminder",
                {"user": owner, "company": company, "actions": actions, "base_url": self[0].get_base_url()},
                lang=owner.lang,
            ),
            "email_from": company.email_formatted or owner.company_id.partner_id.email_formatted,
            "recipient_ids": [fields.Command.link(owner.partner_id.id)],
            "auto_delete": True,
        }
