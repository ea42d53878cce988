from datetime import timedelta

from odoo.tests import tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestAuditFacts(AuditCase):
    def test_audits_led_and_findings_settled_on_time(self):
        audit = self._create_audit("closed")
        today = self.company._sqms_today()
        people = self.lead | self.auditee | self.employee
        found = self.env["sqms.fact.provider"].sudo()._sqms_employee_facts(people, today - timedelta(days=1), today)
        facts = {id_: {fact["code"]: (fact["value"], fact["n"]) for fact in own} for id_, own in found.items()}
        self.assertEqual(facts[self.lead.id]["audits_led"], (1, 1))
        self.assertEqual(facts[self.auditee.id]["findings_on_time"], (100, len(audit.finding_ids)))
        self.assertFalse({"audits_led", "findings_on_time"} & set(facts[self.employee.id]))
        for fact in found[self.auditee.id]:
            if fact["code"] == "findings_on_time":
                model, domain = fact["source"]
                self.assertEqual(self.env[model].sudo().search(domain), audit.sudo().finding_ids)
