from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..lib import lead_days


class SqmsResourceRenewal(models.Model):
    """Intellectual property: its owner is told in time that a right ends.

    1. So many days ahead as the company has laid down (90, and again 30), each of them once for each date; the
       database keeps a second notice out. What became due together is told together.
    2. Nobody is told of what he may not read; whoever becomes the owner later is told then.
    """

    _name = "sqms.resource"
    _inherit = ["sqms.resource", "sqms.reminder.mixin"]

    _reminder_activity_type = "sqms_base.mail_activity_type_renewal"

    notice_ids = fields.One2many("sqms.resource.notice", "resource_id", string="Notices", readonly=True, copy=False)
    is_renewal_due = fields.Boolean(
        string="Renewal Due", compute="_compute_is_renewal_due", search="_search_is_renewal_due"
    )

    @api.depends("kind", "state", "date_renewal", "company_id")
    def _compute_is_renewal_due(self):
        for resource in self:
            company = resource.sudo().company_id
            resource.is_renewal_due = bool(
                resource.kind == "ip"
                and resource.state == "confirmed"
                and resource.date_renewal
                and resource.date_renewal <= company._sqms_today() + self._longest_lead(company)
            )

    @api.model
    def _longest_lead(self, company):
        return timedelta(days=lead_days.parse(company.sudo().sqms_renewal_days)[0])

    @api.model
    def _domain_renewal_due(self):
        """Rights that end within the longest time ahead of their company."""
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        ends = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date_renewal", "<=", company._sqms_today() + self._longest_lead(company))
            for company in companies
        )
        return ends & Domain("kind", "=", "ip") & Domain("state", "=", "confirmed")

    def _search_is_renewal_due(self, operator, value):
        if operator != "in" or len(set(value)) != 1:
            return NotImplemented
        return self._domain_renewal_due() if True in value else ~self._domain_renewal_due()

    @api.model
    def _cron_renewals(self):
        """Daily: the notices that are due."""
        ending = self.sudo().search(self._domain_renewal_due())
        told = defaultdict(set)
        for notice in self.env["sqms.resource.notice"].sudo().search([("resource_id", "in", ending.ids)]):
            told[notice.resource_id.id, notice.date_renewal].add(notice.days)
        due = {}
        for resource in ending:
            left = (resource.date_renewal - resource.company_id._sqms_today()).days
            ahead = lead_days.parse(resource.company_id.sqms_renewal_days)
            steps = lead_days.due(left, ahead, told[resource.id, resource.date_renewal])
            if steps:
                due[resource.id] = steps
        waiting = self.sudo().browse(due)
        reached = waiting._remind_owners(
            {resource.id: resource.date_renewal for resource in waiting}, lambda env: env._("Renew this right in time")
        )
        self.env["sqms.resource.notice"].sudo().create(
            [
                {
                    "resource_id": resource.id,
                    "user_id": resource.owner_id.id,
                    "date_renewal": resource.date_renewal,
                    "days": step,
                }
                for resource in reached.sudo()
                for step in due[resource.id]
            ]
        )

    def write(self, vals):
        result = super().write(vals)
        if "date_renewal" in vals:
            self._open_reminders().filtered(
                lambda reminder: str(reminder.date_deadline) != str(vals["date_renewal"])
            ).unlink()
        return result

    def _on_close(self):
        self._open_reminders().unlink()
