from dateutil.relativedelta import relativedelta

from odoo import models


class SqmsManual(models.AbstractModel):
    """The newest final figure of each indicator, for those who see how well the system is kept."""

    _inherit = "sqms.manual"

    def _manual_sections(self):
        return [
            *super()._manual_sections(),
            self._manual_section("figures", 62, self.env._("Figures"), "sqms_kpi.manual_figures", self._manual_figures),
        ]

    def _manual_figures(self, manual):
        if not manual["is_full"]:
            return None
        measures = self.env["sqms.measure"].search(
            [
                ("company_id", "=", manual["company"].id),
                ("is_final", "=", True),
                ("period", ">=", manual["instant"].date() - relativedelta(years=1)),
            ],
            order="period, id",
        )
        newest = {measure.indicator_id: measure for measure in measures}
        return {
            "rows": [
                {
                    "code": indicator.code,
                    "name": indicator.name,
                    "owner": indicator.owner_id.name,
                    "month": measure.month,
                    "value": measure.value_label,
                }
                for indicator, measure in sorted(newest.items(), key=lambda item: item[0].sudo().code)
                for indicator in [indicator.sudo()]
            ]
        }
