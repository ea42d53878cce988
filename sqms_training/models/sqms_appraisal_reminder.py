from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from ..lib.due_ladder import OFFSETS, rung_reached
from .sqms_appraisal import OPEN

FORGOTTEN = 60  # so many days after its day nobody is reminded any more: it stands in the list


class SqmsAppraisalReminder(models.Model):
    """Reminders to those whose turn it is.

    1. Three days before the day, on it, one and two weeks after; what was missed is told once.
    2. One mail to a person and day, with all that he owes, in his language.
    3. The day is noted in the transaction that makes the mails: never twice.
    4. The mail names people and days, no score and no word of what was said.
    """

    _inherit = "sqms.appraisal"

    def _owing(self):
        """`{appraisal: users}` whose turn it is."""
        clerks = self.env.ref("sqms_training.group_training_officer").sudo().all_user_ids
        owing = {}
        for appraisal in self.sudo():
            hr = clerks.filtered(
                lambda user, appraisal=appraisal: (
                    user.active
                    and not user.share
                    and user._is_internal()
                    and appraisal.company_id in user.company_ids
                    and user.id != self.env.ref("base.user_root").id
                )
            )
            decides = appraisal.calibrator_id or hr - appraisal.user_id - appraisal.manager_id - appraisal.delegate_id
            owing[appraisal] = {
                "self": appraisal.user_id,
                "manager": appraisal.delegate_id or appraisal.manager_id,
                "calibration": decides,
                "hearing": decides if appraisal.heard_at else appraisal.user_id or hr,
            }.get(appraisal.state, hr.browse())
        return owing

    @api.model
    def _cron_remind(self):
        """Daily, as often as one likes: a second run of the day finds nothing."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            today = company._sqms_today()
            near = (
                Domain("company_id", "=", company.id)
                & Domain("state", "in", OPEN)
                & Domain("step_due_on", "<=", fields.Date.add(today, days=-min(OFFSETS)))
                & Domain("step_due_on", ">=", fields.Date.add(today, days=-FORGOTTEN))
            )
            told = self.search(near, order="step_due_on, id").filtered(
                lambda appraisal, today=today: rung_reached(appraisal.step_due_on, today, appraisal.reminded_on)
            )
            told._remind(company, today)

    def _remind(self, company, today):
        by_user = {}
        for appraisal, users in self._owing().items():
            for user in users.filtered(lambda user: user.active and user.partner_id.email):
                by_user.setdefault(user, self.browse())
                by_user[user] |= appraisal
        self.env["mail.mail"].sudo().create(
            [appraisals._prepare_reminder_values(user, company) for user, appraisals in by_user.items()]
        )
        if self:
            with workflow_fields(self, "reminded_on"):
                self.write({"reminded_on": today})

    def _prepare_reminder_values(self, user, company):
        env = self.with_context(lang=user.lang, tz=user.tz).env
        appraisals = self.with_env(env).sudo()
        rows = [
            (
                appraisal.employee_id.name if appraisal.user_id != user else env._("Your own"),
                appraisal._workflow_state_label(),
                format_date(env, appraisal.step_due_on),
                appraisal.is_late,
                f"{appraisal.get_base_url()}/odoo/sqms-appraisals/{appraisal.id}",
            )
            for appraisal in appraisals
        ]
        return {
            "subject": env._("Appraisals: %s wait for you", len(rows)),
            "body_html": env["ir.qweb"]._render(
                "sqms_training.appraisal_reminder", {"user": user, "rows": rows}, lang=user.lang
            ),
            "email_from": company.email_formatted or user.company_id.partner_id.email_formatted,
            "recipient_ids": [fields.Command.link(user.partner_id.id)],
            "auto_delete": True,
        }
