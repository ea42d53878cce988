from odoo import models
from odoo.tools import format_date

YEARS = 2


class SqmsManual(models.AbstractModel):
    """The audits of this year and the last, for those who see how well the system is kept."""

    _inherit = "sqms.manual"

    def _manual_sections(self):
        return [
            *super()._manual_sections(),
            self._manual_section("audits", 86, self.env._("Audits"), "sqms_audit.manual_audits", self._manual_audits),
        ]

    def _manual_audits(self, manual):
        if not manual["is_full"]:
            return None
        first = manual["instant"].date().replace(year=manual["instant"].year - YEARS + 1, month=1, day=1)
        audits = self.env["sqms.audit"].search(
            [("company_id", "=", manual["company"].id), ("date_start", ">=", first), ("state", "!=", "cancelled")]
        )
        states = dict(audits._fields["state"]._description_selection(self.env))
        return {
            "rows": [
                {
                    "number": audit.number,
                    "name": audit.name,
                    "date": format_date(self.env, audit.date_start, date_format="medium"),
                    "lead": audit.lead_id.name,
                    "state": states[audit.state],
                }
                for audit in audits.sudo()
            ]
        }
