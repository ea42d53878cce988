from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import date_utils


@tagged("post_install", "-at_install", "sqms_tour")
class TestTour(HttpCase):
    def test_officer_computes_and_sees_the_chart(self):
        company = self.env["res.company"].create({"name": "Qinghe"})
        user = new_test_user(
            self.env,
            "kpi_tour",
            groups="sqms_kpi.group_kpi_officer,maintenance.group_equipment_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.env["sqms.indicator"].search([]).active = False
        indicator = self.env["sqms.indicator"].with_user(user).create(
            {"code": "TOUR-1", "name": "Requests by month", "source": "maintenance.request:request_date"}
        )  # fmt: skip
        team = self.env["maintenance.team"].create({"name": "Upkeep", "company_id": False})
        today = fields.Date.context_today(user)
        self.env["maintenance.request"].create(
            [
                {
                    "name": "Leak",
                    "company_id": company.id,
                    "maintenance_team_id": team.id,
                    "request_date": date_utils.subtract(today, months=ago),
                }
                for ago in (1, 1, 2, 3)
            ]
        )
        self.start_tour("/odoo/sqms-indicators", "sqms_kpi_indicators", login="kpi_tour")
        indicator.invalidate_recordset()
        self.assertEqual(indicator.measure_count, 4)
        self.assertEqual(indicator.with_company(company).latest_label, "2")
