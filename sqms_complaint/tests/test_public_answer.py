from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_public import PublicCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestPublicAnswer(PublicCase):
    """What the customer answers to the decision: he accepts, objects, takes the complaint back."""

    def test_customer_accepts(self):
        complaint, proof = self._communicated()
        response = self._act(proof, "accept")
        self.assertEqual(complaint.complaint_customer_answer, "accepted")
        self.assertEqual(complaint.complaint_state, "communicated")
        self.assertEqual(complaint.complaint_turn, "ours")
        self.assertFalse(self._page(response).find_class("o_sqms_accept"))
        self.assertEqual(complaint.activity_ids.user_id, self.agent)
        again = self._act(proof, "object", text="No, wait")
        self.assertEqual(complaint.complaint_customer_answer, "accepted")
        self.assertIn("answered already", self._text(again))

    def test_customer_objects_and_somebody_else_looks_again(self):
        complaint, proof = self._communicated()
        self.assertIn("why you object", self._text(self._act(proof, "object", text="  ")))
        self.assertEqual(complaint.complaint_level, "1")
        response = self._act(proof, "object", text="The amount is wrong")
        self.assertIn("The amount is wrong", self._text(response))
        self.assertRecordValues(
            complaint,
            [
                {
                    "complaint_state": "investigating",
                    "complaint_level": "2",
                    "complaint_objection": "The amount is wrong",
                    "complaint_turn": "ours",
                }
            ],
        )
        self.assertNotEqual(complaint.user_id, self.agent)
        public = complaint._complaint_public_messages()
        self.assertIn("The amount is wrong", public[-1:].body)
        self.assertFalse(public[-1:].author_id)
        page = self._text(response)
        self.assertIn("You objected", page)
        self.assertIn("a second look", page)
        self.assertNotIn("We send the second payment back", page, "The first answer no longer stands")

    def test_customer_objects_after_closure(self):
        complaint, proof = self._communicated()
        self._move(complaint, "closed")
        self._act(proof, "object", text="The money never came")
        self.assertEqual((complaint.complaint_state, complaint.complaint_level), ("investigating", "2"))
        self.assertIn("The money never came", complaint._complaint_public_messages()[-1:].body)

    def test_second_objection_is_answered_with_the_bodies_outside(self):
        body = self.env["sqms.dispute.body"].create({"name": "Consumer hotline", "phone": "12315"})
        complaint, proof = self._communicated()
        self._act(proof, "object", text="Once")
        complaint.user_id = self.officer
        complaint.complaint_body_ids = body
        self._move(complaint, "communicated")
        page = self._page(self._act(proof, "none"))
        self.assertFalse(page.find_class("o_sqms_object"))
        self.assertIn("12315", page.find_class("o_sqms_last_word")[0].text_content())
        again = self._text(self._act(proof, "object", text="Twice"))
        self.assertIn("Consumer hotline 12315", again)
        self.assertEqual(complaint.complaint_state, "communicated")
        self.assertNotIn("Twice", "".join(complaint._complaint_public_messages().mapped("body")))
        self._act(proof, "accept")
        self.assertEqual(complaint.complaint_customer_answer, "accepted")

    def test_only_bodies_that_the_company_offers_are_named(self):
        Body = self.env["sqms.dispute.body"]
        Body.create({"name": "Not for customers", "is_offered": False, "sequence": 0})
        sector = next(key for key, _name in Body._fields["sector"].selection if key not in self.company._sqms_sectors())
        Body.create({"name": "Of another sector", "sector": sector, "sequence": 0})
        complaint, _code = self._sent()
        named = complaint._complaint_bodies()
        self.assertTrue(named)
        self.assertFalse(named.filtered(lambda body: body.name in ("Not for customers", "Of another sector")))

    def test_deadlines_speak_the_language_of_the_page(self):
        complaint, code = self._sent()
        complaint.complaint_lang = "en_US"
        page = self._page(self._look_up(complaint.number, code, path="/zh_CN/complaint/status"))
        deadlines = page.find_class("o_sqms_deadline")
        self.assertTrue(deadlines)
        for deadline in deadlines:
            self.assertRegex(deadline.findtext(".//strong"), "[\u4e00-\u9fff]")

    def test_customer_takes_the_complaint_back(self):
        complaint, code = self._sent()
        proof = self._proof(self._look_up(complaint.number, code))
        self.assertIn("tick the box", self._text(self._act(proof, "withdraw", text="Solved")))
        self.assertEqual(complaint.complaint_state, "acknowledged")
        response = self._act(proof, "withdraw", text="It is solved", sure="1")
        self.assertEqual(complaint.complaint_state, "withdrawn")
        self.assertIn("It is solved", complaint.complaint_withdrawal)
        self.assertIn("Withdrawn by you", self._text(response))
        self.assertFalse(self._page(response).find_class("o_sqms_withdraw"))
        again = self._act(proof, "withdraw", text="x", sure="1")
        self.assertIn("closed already", self._text(again))

    def test_decision_says_what_why_and_where_to_go(self):
        complaint, code = self._sent()
        complaint.team_id, complaint.user_id = self.team, self.agent
        self._move(complaint, "investigating")
        body = self.env["sqms.dispute.body"].create({"name": "Consumer hotline", "phone": "12315"})
        remedy = self.env["sqms.complaint.remedy"].create(
            {"ticket_id": complaint.id, "name": "Money", "kind": "refund", "amount": 86.0}
        )
        self.env["sqms.complaint.remedy"].create({"ticket_id": complaint.id, "name": "No", "kind": "apology"})
        complaint.complaint_amount = 86
        remedy.with_user(self.officer).action_transition("approve")
        complaint.write(
            {
                "complaint_decision": "partly",
                "complaint_outcome": "monetary",
                "complaint_answer": "<p>We send the second payment back.</p>",
                "complaint_reason": "<p>The till sent it twice.</p>",
                "complaint_further": "<p>A second look is free.</p>",
                "complaint_body_ids": body.ids,
            }
        )
        self._create_finding(complaint)
        complaint.action_transition("decide")
        hidden = self._text(self._look_up(complaint.number, code))
        for words in ("payment back", "sent it twice", "second look is free", "86.00"):
            self.assertNotIn(words, hidden, "Before it was told")
        complaint.action_transition("communicate")
        response = self._look_up(complaint.number, code)
        page, text = self._page(response), self._text(response)
        verdict = page.find_class("o_sqms_verdict")[0].text_content()
        self.assertIn("You are right in part. We refund", verdict)
        self.assertIn("86.00", verdict)
        self.assertNotIn("apologise", verdict, "What was not approved is not promised")
        for words in ("sent it twice", "second look is free", "Consumer hotline", "12315"):
            self.assertIn(words, text)
        self.assertTrue(page.xpath("//a[@href='tel:12315']"))

    def test_page_says_until_when_an_answer_is_awaited(self):
        complaint, proof = self._communicated()
        now = fields.Datetime.now()
        for ago, words in ((0, "14 days left"), (13, "1 day left"), (14, "until today"), (15, "You had until")):
            complaint.invalidate_recordset()
            self.env.cr.execute(
                "UPDATE helpdesk_ticket SET complaint_communicated_at = %s WHERE id = %s",
                [now - timedelta(days=ago), complaint.id],
            )
            turn = self._page(self._act(proof, "none")).find_class("o_sqms_turn")[0].text_content()
            self.assertIn(words, turn)
            self.assertIn("the decision stands", turn)
        self.company.complaint_answer_days = 0
        turn = self._page(self._act(proof, "none")).find_class("o_sqms_turn")[0].text_content()
        self.assertNotIn("until", turn)

    def test_answer_before_the_decision_is_refused(self):
        complaint, code = self._sent()
        proof = self._proof(self._look_up(complaint.number, code))
        for action in ("accept", "object"):
            self._act(proof, action, text="x")
        self.assertFalse(complaint.complaint_customer_answer)
        self.assertFalse(complaint._complaint_public_messages())
