from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install", "sqms_tour")
class TestTour(HttpCase):
    def test_day_of_an_auditor(self):
        company = self.env.ref("base.main_company")
        desk = self.env["hr.department"].create({"name": "Tour Desk", "company_id": company.id})
        auditor = new_test_user(self.env, login="tour_auditor", groups="sqms_audit.group_auditor", lang="en_US")
        auditee = new_test_user(self.env, login="tour_auditee", groups="base.group_user")
        self.env["hr.employee"].create(
            [
                {"name": "Tour Auditor", "user_id": auditor.id, "company_id": company.id},
                {"name": "Tour Auditee", "user_id": auditee.id, "company_id": company.id, "department_id": desk.id},
            ]
        )
        self.env["sqms.audit.template"].create(
            {
                "name": "Tour Counter",
                "line_ids": [
                    Command.create({"question": question})
                    for question in ("Are prices shown?", "Are complaints written down?")
                ],
            }
        )
        self.start_tour("/odoo/sqms-audits", "sqms_audit_day", login="tour_auditor")
        audit = self.env["sqms.audit"].search([("name", "=", "Counter of the north site")])
        self.assertEqual(audit.state, "report")
        self.assertEqual(audit.line_ids.mapped("answer"), ["minor", "conform"])
        self.assertEqual(audit.line_ids.answered_by_id, auditor)
        self.assertEqual(audit.finding_ids.statement, "Customers read prices that are no longer charged.")
        self.assertEqual(audit.finding_ids.grade, "minor")
