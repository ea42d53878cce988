from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import ormcache

from ..lib.local_time import local_day


class ResCompanyToday(models.Model):
    _inherit = "res.company"

    def _sqms_today(self):
        """The day it is now at the company."""
        self.ensure_one()
        return local_day(fields.Datetime.now(), self._sqms_tz())

    @api.model
    @ormcache()
    def _sqms_company_ids(self):
        """All companies; Odoo clears its caches when one is made or deleted."""
        return self.sudo().search([("active", "in", (True, False))]).ids

    @api.model
    def _sqms_days(self):
        """`{day: ids of the companies where it is that day now}`."""
        days = defaultdict(list)
        for company in self.sudo().browse(self._sqms_company_ids()):
            days[company._sqms_today()].append(company.id)
        return dict(days)
