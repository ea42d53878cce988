from odoo.tests import tagged

from .common import CertificateCase


@tagged("post_install", "-at_install")
class TestCertificateTrace(CertificateCase):
    """Certificates in the story: renewal after renewal."""

    def setUp(self):
        super().setUp()
        self.old = self._create_certificate(-300, 20)
        new = self.old.with_user(self.hr)._renew(
            {"skill_level_id": self.basic.id, "valid_from": self.old.valid_to, "valid_to": False}
        )
        self.new = self.env["hr.employee.skill"].browse(new.id)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_renewals_hang_together(self):
        for record in (self.old, self.new):
            graph = record.with_user(self.hr).trace()
            self.assertEqual({node["res_id"] for node in graph["nodes"]}, {self.old.id, self.new.id})
            (line,) = graph["edges"]
            self.assertEqual((line["source"], line["kind"]), (f"hr.employee.skill,{self.old.id}", "renewed"))

    def test_card_says_whose_and_until_when(self):
        node = self.old.with_user(self.hr).trace()["nodes"][0]
        self.assertEqual((node["kind"], node["number"]), ("Certificate", self.old.number))
        self.assertIn("Wang Li", node["detail"])
        self.assertEqual(node["badge"]["tone"], "warning")

    def test_colleague_learns_no_number_and_no_renewal(self):
        graph = self.old.with_user(self.colleague).trace()
        self.assertEqual(len(graph["nodes"]), 1)
        self.assertEqual(graph["nodes"][0]["number"], "")
        self.assertNotIn(self.old.number, str(graph))

    def test_certifier_and_officer_see_the_chain(self):
        for user in (self.certifier, self.officer):
            self.assertEqual(len(self.old.with_user(user).trace()["nodes"]), 2, user.login)

    def test_plain_skill_is_no_part_of_it(self):
        skill = self._create_skill()
        self.assertFalse(skill.filtered_domain(skill._trace_domain()))

    def test_other_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("t_stranger", "hr.group_hr_user")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.old.with_user(stranger).has_access("read"))

    def test_button_is_on_the_form_of_certificates_alone(self):
        skills = self.env["hr.employee.skill"].with_user(self.hr)
        view = self.env.ref("sqms_training.hr_employee_skill_view_form_certificate")
        self.assertEqual(skills.get_view(view.id, "form")["arch"].count('name="action_trace"'), 1)
        self.assertNotIn("action_trace", skills.get_view(view_type="form")["arch"])
