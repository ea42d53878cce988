from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_web import ZONE, WebCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestEligibilityTour(WebCase):
    def test_dispatcher_gives_out_the_work(self):
        self.env["sqms.eligibility.rule"].search([]).active = False
        users = {}
        for login, name, groups in (
            ("dispatcher", "Dispatcher", "maintenance.group_equipment_manager"),
            ("zhao", "Zhao Min", "sqms_base.group_sqms_officer"),
            ("wang", "Wang Li", "base.group_user"),
        ):
            users[login] = new_test_user(
                self.env, login=f"sqms_{login}", name=name, groups=groups, tz=ZONE, lang="en_US",
                company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
            )  # fmt: skip
            self.env["hr.employee"].create({"name": name, "user_id": users[login].id, "company_id": self.company.id})
        team = self.env["maintenance.team"].create({"name": "Boilers", "company_id": self.company.id})
        request = self.env["maintenance.request"].create(
            {"name": "Boiler leaks", "company_id": self.company.id, "maintenance_team_id": team.id, "user_id": False}
        )
        self.env["sqms.eligibility.rule"].create(
            {
                "name": "Officers only",
                "company_id": self.company.id,
                "model_id": self.env["ir.model"]._get_id("maintenance.request"),
                "domain": f"[('maintenance_team_id', '=', {team.id})]",
                "requirement_ids": [
                    Command.create({"kind": "group", "group_id": self.env.ref("sqms_base.group_sqms_officer").id})
                ],
            }
        )
        with mute_logger("odoo.http"):
            self.start_tour(f"/odoo/maintenance-requests/{request.id}", "sqms_eligibility", login="sqms_dispatcher")
        self.env.invalidate_all()
        self.assertEqual(request.user_id, users["zhao"])
