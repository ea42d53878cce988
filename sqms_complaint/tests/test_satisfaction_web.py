import json
import re
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_public import PublicCase
from .common_satisfaction import SatisfactionCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestSatisfactionWeb(SatisfactionCase, PublicCase):
    """The page of the survey, and what machines send it."""

    def setUp(self):
        super().setUp()
        self.complaint = self._closed()
        self.answer = self._invite(self.complaint)
        self.place = self.answer.sudo().user_input_id

    def _call(self, path, token=None, answer=None, **params):
        url = f"/survey/{path}/{token or self.survey.access_token}/{answer or self.place.access_token}"
        response = self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        self.assertEqual(response.status_code, 200)
        body = response.json()
        self.assertNotIn("error", body, "no request breaks the server")
        return body["result"][1]

    def _submit(self, **marks):
        return self._call("submit", **{str(self._question(metric).id): value for metric, value in marks.items()})

    def _begin(self):
        self._call("begin")

    def test_customer_answers_without_login_and_once(self):
        page = self.url_open(self.answer._get_survey_url().removeprefix(self.base_url()))
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.survey.title, page.text)
        self._begin()
        done = self._submit(csat="4", nps="0", ces="7", comment="Quick and friendly")
        self.assertNotIn("error", done)
        self.env.invalidate_all()
        self.assertEqual((self.answer.state, self.answer.csat, self.answer.nps, self.answer.ces), ("answered", 4, 0, 7))
        self.assertEqual(self.answer.comment, "Quick and friendly")
        self.assertEqual(self._submit(csat="5")["error"], "unauthorized")
        self.env.invalidate_all()
        self.assertEqual(self.answer.csat, 4)
        retry = self.url_open(f"/survey/retry/{self.survey.access_token}/{self.place.access_token}")
        self.assertNotIn("survey/start", retry.url)
        self.assertEqual(self.env["survey.user_input"].search_count([("partner_id", "=", self.customer.id)]), 1)

    def test_the_page_of_a_closed_case_leads_to_the_survey_until_it_is_answered(self):
        complaint, code = self._sent(anonymous="1")
        complaint.write({"team_id": self.team.id, "user_id": self.agent.id, "complaint_told_by": "page"})
        self._move(complaint, "closed")
        proof = self._proof(self._look_up(complaint.number, code))
        self.assertFalse(self._page(self._act(proof, "none")).find_class("o_sqms_survey"), "nobody was asked yet")
        answer = self._invite(complaint)
        (button,) = self._page(self._act(proof, "none")).find_class("o_sqms_survey")
        self.assertEqual(button.get("href"), answer._get_survey_url())
        self.assertFalse(answer.sudo().user_input_id.partner_id or answer.sudo().user_input_id.email)
        self.answer, self.place = answer, answer.sudo().user_input_id
        self._begin()
        self._submit(csat="5", nps="9", ces="6", comment="")
        self.env.invalidate_all()
        self.assertEqual((answer.state, answer.csat, answer.nps), ("answered", 5, 9))
        self.assertFalse(self._page(self._act(proof, "none")).find_class("o_sqms_survey"))

    @mute_logger("odoo.http")
    def test_hostile_marks_are_refused_and_change_nothing(self):
        self._begin()
        wrong = [
            {"csat": "6"}, {"csat": "0"}, {"csat": 0}, {"csat": "-1"}, {"csat": 4.5}, {"csat": ["4"]}, {"csat": [4, 5]},
            {"csat": {"comment": "x"}}, {"csat": [{"comment": 1}]}, {"csat": True}, {"csat": "4\u0664"},
            {"csat": "9" * 5000}, {"csat": 10**30}, {"csat": "4", "nps": "11"}, {"csat": "4", "nps": [9]},
            {"csat": "4", "ces": "0"}, {"csat": "4", "ces": "8"}, {"csat": "4", "comment": ["x"]},
            {"csat": "4", "comment": "x\x00y"}, {"csat": "4", "comment": "\ud800"},
            {"csat": "4", "comment": "x" * 5000},
            {"csat": "4", "comment": {"comment": {"a": 1}}}, {}, {"csat": None}, {"csat": ""}, {"nps": "5"},
        ]  # fmt: skip
        for marks in wrong:
            result = self._submit(**marks)
            self.assertEqual(result.get("error"), "validation", marks)
            self.env.invalidate_all()
            self.assertEqual((self.answer.state, self.place.state), ("invited", "in_progress"), marks)
        self.assertNotIn("error", self._submit(csat="1"))
        self.env.invalidate_all()
        self.assertEqual((self.answer.csat, self.answer.nps_group), (1, False))

    def test_other_tokens_and_late_answers(self):
        self.assertIn("error", self._call("submit", answer="0" * 36, csat="5"))
        self.assertIn("error", self._call("submit", token="0" * 36))
        self._begin()
        self.place.write({"deadline": fields.Datetime.now() - timedelta(minutes=1)})
        self.env.flush_all()
        self.assertEqual(self._submit(csat="5")["error"], "answer_deadline")
        self.env.invalidate_all()
        self.assertEqual(self.answer.state, "invited")
        self.assertEqual(self.url_open(f"/survey/start/{self.survey.access_token}").status_code, 200)
        self.assertEqual(self.survey.user_input_ids.filtered(lambda answer: not answer.test_entry), self.place)

    def test_our_own_people_do_not_answer_for_the_customer(self):
        self.authenticate(self.agent.login, self.agent.login)
        self._call("begin")
        result = self._submit(csat="5")
        self.assertEqual(result["error"], "answer_wrong_user")
        self.env.invalidate_all()
        self.assertEqual(self.answer.state, "invited")

    def test_who_wants_no_more_says_so_and_a_link_alone_changes_nothing(self):
        path = f"/satisfaction/stop/{self.place.access_token}"
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.env.invalidate_all()
        self.assertFalse(self.customer.satisfaction_opt_out)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        self.assertEqual(self.url_open(path, data={"csrf_token": token}).status_code, 200)
        self.env.invalidate_all()
        self.assertTrue(self.customer.satisfaction_opt_out)
        self.customer.satisfaction_opt_out = False  # another record of the same person
        other = self._invite(self._closed(partner_id=False, partner_email="wang.li@example.com"))
        self.assertEqual(other.skip_reason, "opt_out")
        for wrong in ("x", "0" * 36, "%00", "%ff" * 9, "a" * 5000):
            self.assertIn(self.url_open(f"/satisfaction/stop/{wrong}").status_code, (400, 404))

    def test_page_is_chinese_for_chinese_customers(self):
        chinese = self.env["res.partner"].create({"name": "王丽", "email": "wang@example.com", "lang": "zh_CN"})
        answer = self._invite(self._closed(partner_id=chinese.id))
        page = self.url_open(answer._get_survey_url().removeprefix(self.base_url()))
        self.assertIn("/zh_CN/", page.url)
