from odoo.tests import tagged

from .common_public import PublicCase


@tagged("post_install", "-at_install")
class TestPolicyPage(PublicCase):
    """From the public policy to the complaint form, and the way to complain in the quality manual."""

    def test_policy_leads_to_the_form_while_it_is_open(self):
        self.assertIn('href="/complaint"', self.url_open("/quality/policy").text)
        self.company.complaint_public_form = False
        self.env.flush_all()
        self.assertNotIn('href="/complaint"', self.url_open("/quality/policy").text)

    def test_form_of_another_company_is_not_offered(self):
        other = self.env["res.company"].create({"name": "Other House"})
        page = self.env["sqms.policy.page"]
        self.assertEqual(page._policy_links(other), [])
        self.assertEqual(page._policy_links(self.env["res.company"]), [])

    def test_manual_tells_how_to_complain_and_figures_only_to_those_who_see_them(self):
        def chapter():
            sections = self.env["sqms.manual"].with_company(self.company)._manual_sections()
            return next(section for section in sections if section["key"] == "complaints")["prepare"]

        self.company.complaint_public_form = True
        manual = {"company": self.company, "is_full": True}
        values = chapter()(manual)
        self.assertTrue(any("/complaint" in way for way in values["ways"]))
        self.assertGreaterEqual(values["counts"]["year"], 0)
        self.assertFalse(chapter()({**manual, "is_full": False})["counts"])
