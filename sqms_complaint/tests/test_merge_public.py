from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_public import PublicCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestMergePublic(PublicCase):
    """What the customer of a merged complaint sees, by code, by login and by the link of a mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._create_user("sqms_stranger", "base.group_portal")
        now = fields.Datetime.now()
        cls.first, cls.later = (
            cls._create_complaint(
                name=name,
                partner_id=cls.portal.partner_id.id,
                complaint_lang="en_US",
                complaint_received_at=now - timedelta(hours=hours),
            )
            for name, hours in (("The first story", 5), ("The second story", 1))
        )

    def _is_open(self, response):
        return bool(self._page(response).find_class("o_sqms_case"))

    def test_code_and_word_of_the_merged_one_show_the_one_that_is_kept(self):
        code = self.later._complaint_issue_code()
        self.first._complaint_set_word("lake side")
        self.later._complaint_set_word("river bank")
        self.later.with_user(self.officer)._merge_into(self.first.with_user(self.officer), "same")
        for word in ("lake side", ""):
            self.assertFalse(self._is_open(self._look_up(self.later.number, code, word)))
        page = self._look_up(self.later.number, code, "river bank")
        self.assertTrue(self._is_open(page))
        self.assertIn(self.first.number, self._text(page))
        self.assertIn(f"Your complaint {self.later.number} is about the same matter", self._text(page))
        self._act(self._proof(page), "message", text="Both of them, please")
        self.assertIn("Both of them, please", " ".join(self.first._complaint_public_messages().mapped("body")))
        self.assertFalse(self._is_open(self._look_up(self.first.number, code, "lake side")))
        self.later.with_user(self.officer)._merge_undo("two cases")
        page = self._look_up(self.later.number, code, "river bank")
        self.assertIn("The second story", page.text)
        self.assertNotIn("Both of them, please", page.text)

    def test_customers_that_differ_keep_pages_of_their_own(self):
        other = self._create_complaint(partner_id=self.stranger.partner_id.id, name="The story of another")
        code = other._complaint_issue_code()
        other._merge_into(self.first, "one broken machine")
        page = self._look_up(other.number, code, "")
        self.assertTrue(self._is_open(page))
        self.assertNotIn("The first story", page.text)
        self.assertNotIn(self.first.number, page.text)
        self.authenticate("sqms_stranger", "sqms_stranger")
        self.assertIn("The story of another", self.url_open(f"/my/complaints/{other.id}").text)
        refused = self.url_open(f"/my/complaints/{self.first.id}", allow_redirects=False)
        self.assertTrue(refused.headers["Location"].endswith("/my"))

    def test_login_and_link_lead_to_the_one_that_is_kept(self):
        token = self.later._portal_ensure_token()
        self.later._merge_into(self.first, "same")
        path = f"/my/complaints/{self.later.id}"
        by_link = self.url_open(path, params={"access_token": token})
        self.assertIn("The first story", by_link.text)
        for refused in ("nonsense", ""):
            response = self.url_open(path, params={"access_token": refused}, allow_redirects=False)
            self.assertTrue(response.headers["Location"].endswith("/my"))
        self.authenticate("sqms_stranger", "sqms_stranger")
        self.assertTrue(self.url_open(path, allow_redirects=False).headers["Location"].endswith("/my"))
        self.authenticate("sqms_portal", "sqms_portal")
        self.assertTrue(self.url_open(path).url.endswith(f"/my/complaints/{self.first.id}"))
        self._post(path, {"action": "message", "text": "Written on the old page"})
        self.assertIn("Written on the old page", " ".join(self.first._complaint_public_messages().mapped("body")))
        self.assertEqual(self.url_open(f"/my/complaints/{2**40}", allow_redirects=False).status_code, 303)
