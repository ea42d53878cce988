from odoo.tests import tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestTrace(AuditCase):
    """Audits and findings in the story."""

    def setUp(self):
        super().setUp()
        self.audit = self._create_audit("in_progress")
        self._answer_all(self.audit)
        self.audit.action_transition("report")
        self.finding = self.audit.finding_ids

    def _trace(self, record, person):
        self.env.flush_all()
        self.env.invalidate_all()
        return self._as(person, record).trace()

    def test_findings_hang_on_their_audit(self):
        graph = self._trace(self.finding, self.lead)
        self.assertEqual([node["number"] for node in graph["nodes"]], [self.finding.number, self.audit.number])
        (line,) = graph["edges"]
        self.assertEqual(line["source"], f"sqms.audit,{self.audit.id}")
        self.assertEqual(line["target"], f"sqms.audit.finding,{self.finding.id}")
        self.assertEqual({node["lane"] for node in graph["nodes"]}, {"happened"})
        self.assertIn("Minor nonconformity", graph["nodes"][0]["detail"])

    def test_finding_holds_its_audit_until_the_answer_is_accepted(self):
        (gate,) = self._trace(self.audit, self.lead)["gates"]
        self.assertEqual((gate["open"], gate["label"]), (True, "To answer"))
        self.assertEqual(gate["responsible"]["id"], self.auditee.user_id.id)
        self._respond(self.finding)
        (gate,) = self._trace(self.audit, self.lead)["gates"]
        self.assertEqual((gate["open"], gate["responsible"]["id"]), (True, self.lead.user_id.id))
        self.assertTrue(gate["due"])
        self._as(self.lead, self.finding).action_transition("accept")
        (gate,) = self._trace(self.audit, self.lead)["gates"]
        self.assertFalse(gate["open"])
        self.audit.conclusion = "As promised."
        self.audit.action_transition("close")
        self.assertFalse(self._trace(self.audit, self.lead)["gates"])

    def test_every_role_sees_what_it_may_read(self):
        for person in (self.lead, self.second, self.manager, self.auditee, self.certifier):
            graph = self._trace(self.audit, person)
            for node in graph["nodes"]:
                model, id_ = (
                    ("sqms.audit.finding", self.finding.id) if not node["root"] else ("sqms.audit", self.audit.id)
                )
                may = (
                    self.env[model].with_user(person.user_id).with_company(self.company).browse(id_).has_access("read")
                )
                self.assertEqual(node["restricted"], not may, person.name)

    def test_forms_have_the_button(self):
        for name in ("sqms.audit", "sqms.audit.finding"):
            arch = self.env[name].with_user(self.lead.user_id).get_view(view_type="form")["arch"]
            self.assertEqual(arch.count('name="action_trace"'), 1, name)
