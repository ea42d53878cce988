from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestMorning(AuditCase):
    """Audits and findings on the start page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-11-23 04:00:00"))

    def _page(self, person):
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"lang": "en_US", "tz": "UTC", "allowed_company_ids": person.user_id.company_ids.ids}
        return self.env["sqms.morning"].with_user(person.user_id).with_context(**context).get_morning()

    def _titles(self, person, key):
        page = self._page(person)
        return [item["title"] for section in page["sections"] if section["key"] == key for item in section["items"]]

    def test_the_auditor_sees_his_audits_by_their_end(self):
        late = self._create_audit(name="Late", date_start=date(2026, 11, 2), date_end=date(2026, 11, 20))
        soon = self._create_audit("in_progress", name="Soon", date_end=date(2026, 11, 23))
        written = self._create_audit("report", name="Written")
        self._create_audit("closed", name="Closed")
        self._create_audit("cancelled", name="Cancelled")
        page = self._page(self.lead)
        self.assertEqual((page["waiting"], page["today"]), (3, 2))
        self.assertEqual((page["start_here"]["title"], page["start_here"]["due"]), (late.display_name, "2026-11-20"))
        self.assertEqual(self._titles(self.lead, "audits"), [soon.display_name, written.display_name])
        for person in (self.auditee, self.head, self.employee, self.certifier, self.second):
            self.assertEqual(self._titles(person, "audits"), [], person.name)

    def test_a_member_of_the_team_has_it_too(self):
        self._create_audit(team_ids=[(0, 0, {"role": "auditor", "employee_id": self.second.id})])
        self.assertEqual(self._page(self.second)["waiting"], 1)

    def test_findings_wait_for_the_audited_then_for_the_auditor(self):
        audit = self._create_audit("report")
        finding = audit.finding_ids
        for person in (self.auditee, self.head):
            start = self._page(person)["start_here"]
            self.assertEqual((start["key"], start["button"]), (f"sqms.audit.finding,{finding.id}", "Answer"))
        self.assertEqual(self._titles(self.lead, "findings"), [])
        self._respond(finding)
        self.assertEqual(self._page(self.auditee)["waiting"], 0)
        self.assertEqual(len(self._titles(self.lead, "findings") or [self._page(self.lead)["start_here"]]), 1)
        self.assertEqual(self._page(self.lead)["waiting"], 2, "the audit and the answer")
        self._as(self.lead, finding).action_transition("accept")
        self.assertEqual(self._page(self.lead)["waiting"], 1)
        for person in (self.employee, self.certifier, self.second):
            self.assertEqual(self._page(person)["waiting"], 0, person.name)

    def test_who_answered_himself_does_not_accept_it(self):
        audit = self._create_audit("report", audit_type="supplier", department_id=False, auditee_ids=False,
                                   partner_id=self.env["res.partner"].create({"name": "Supplier"}).id)  # fmt: skip
        self._respond(audit.finding_ids, self.lead)
        self.assertEqual(self._page(self.lead)["waiting"], 1, "the audit alone")

    def test_the_manager_sees_what_is_late_elsewhere(self):
        audit = self._create_audit(date_start=date(2026, 11, 2), date_end=date(2026, 11, 20))
        self._create_audit(date_end=date(2026, 11, 23))
        self.assertEqual(self._titles(self.manager, "late_audits"), [audit.display_name])
        self.assertEqual(self._page(self.manager)["waiting"], 0)
        self.assertEqual(self._titles(self.lead, "late_audits"), [])

    def test_the_links_list_what_was_counted(self):
        for number in range(7):
            self._create_audit("report", name=f"Audit {number}")
        for person, key, number in ((self.lead, "audits", 7), (self.auditee, "findings", 7)):
            section = next(part for part in self._page(person)["sections"] if part["key"] == key)
            action = self.env["ir.actions.act_window"]._for_xml_id(section["more"]["xmlid"])
            listed = self._as(person, self.env[action["res_model"]]).search(section["more"]["domain"])
            self.assertEqual((len(listed), section["count"]), (number, number))

    def test_another_company_is_not_seen(self):
        self._create_audit("report")
        self.lead.user_id.write({"company_ids": [(6, 0, self.other_company.ids)], "company_id": self.other_company.id})
        self.assertEqual(self._page(self.lead)["waiting"], 0)

    def test_twice_as_many_cost_the_same(self):
        counts = []
        for _round in range(3):
            for number in range(7):
                self._create_audit("report", name=f"Written {number}")
                self._create_audit(name=f"Planned {number}")
            row = []
            for person in (self.lead, self.auditee, self.manager):
                self._page(person)
                self.env.invalidate_all()
                start = self.env.cr.sql_log_count
                self._page(person)
                row.append(self.env.cr.sql_log_count - start)
            counts.append(row)
        self.assertEqual(counts[1], counts[2])
