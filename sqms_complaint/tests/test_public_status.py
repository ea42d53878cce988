import time
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_base.models.sqms_public_throttle import SqmsPublicThrottle

from .common_public import PublicCase
from .test_public_lib import photo


@tagged("post_install", "-at_install", "sqms_alone")
class TestPublicStatus(PublicCase):
    def _is_open(self, response):
        return bool(self._page(response).find_class("o_sqms_case"))

    # -- coming in -------------------------------------------------------------

    def test_number_and_code_open_the_case(self):
        complaint, code = self._sent()
        response = self._look_up(complaint.number, code)
        self.assertTrue(self._is_open(response))
        self.assertIn(complaint.number, self._text(response))
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertTrue(self._is_open(self._look_up(complaint.number.lower(), f" {code.lower().replace('-', ' ')} ")))

    def test_whole_code_is_in_no_page_after_that(self):
        complaint, code = self._sent()
        response = self._look_up(complaint.number, code)
        self.assertNotIn(code, response.text)
        self.assertNotIn(code.replace("-", ""), response.text)
        self.assertIn(f"{code[:4]}-****", self._text(response))

    def test_word_is_asked_if_one_was_chosen(self):
        complaint, code = self._sent(word="Plum blossom 26")
        self.assertFalse(self._is_open(self._look_up(complaint.number, code, "")))
        self.assertFalse(self._is_open(self._look_up(complaint.number, code, "plum blossom 27")))
        self.assertTrue(self._is_open(self._look_up(complaint.number, code, "plum  BLOSSOM 26")))

    def test_word_that_was_not_chosen_does_no_harm(self):
        complaint, code = self._sent()
        complaint._complaint_set_word("")
        self.assertTrue(self._is_open(self._look_up(complaint.number, code, "anything")))

    def test_word_is_tried_ten_times_and_the_right_one_is_refused_then(self):
        complaint, code = self._sent()
        limits = {**SqmsPublicThrottle._limits, "failure_word": (2, 900)}
        with patch.object(SqmsPublicThrottle, "_limits", limits):
            self.assertFalse(self._is_open(self._look_up(complaint.number, code, "peach")))
            self.assertFalse(self._is_open(self._look_up(complaint.number, code, "pear")))
            self.assertFalse(self._is_open(self._look_up(complaint.number, code)))
            # Whoever has not got the code cannot bring that about.
            other, other_code = self._sent()
            for _guess in range(4):
                self._look_up(other.number, "2222222222222222", "peach")
            self.assertTrue(self._is_open(self._look_up(other.number, other_code)))

    def test_every_wrong_attempt_gets_the_same_answer(self):
        complaint, code = self._sent(word="plum")
        other, other_code = self._sent()
        wrong = "2222-2222-2222-2222"
        answers = {
            self._text(self._look_up(number, attempt, word))
            for number, attempt, word in (
                (complaint.number, wrong, ""),
                ("C/1999/0001", wrong, ""),
                ("C/1999/0001", code, ""),
                (other.number, code, "plum"),
                (complaint.number, other_code, "plum"),
                (complaint.number, code, "peach"),
                ("", "", ""),
            )
        }
        self.assertEqual(len(answers), 1)

    def test_wrong_number_and_wrong_code_take_one_query_each(self):
        complaint, _code = self._sent()
        Ticket = self.env["helpdesk.ticket"].with_user(self.public)
        Ticket._complaint_find("C/1999/0001", "2222222222222222", "")
        for number in (complaint.number, "C/1999/0001"):
            self.env.invalidate_all()
            with self.assertQueryCount(1):
                Ticket._complaint_find(number, "3333333333333333", "")

    def test_code_in_the_address_opens_nothing(self):
        complaint, code = self._sent()
        response = self.url_open("/complaint/status", params={"number": complaint.number, "code": code})
        self.assertFalse(self._is_open(response))
        self.assertEqual(self._page(response).get_element_by_id("number").value, complaint.number)

    def test_new_code_closes_the_door_for_the_old_one(self):
        complaint, code = self._sent()
        proof = self._proof(self._look_up(complaint.number, code))
        new = complaint._complaint_issue_code()
        self.assertFalse(self._is_open(self._look_up(complaint.number, code)))
        self.assertFalse(self._is_open(self._act(proof, "none")))
        self.assertTrue(self._is_open(self._look_up(complaint.number, new)))

    # -- counting failures -----------------------------------------------------------

    def test_guessing_one_number_becomes_slow_but_never_locks_the_customer_out(self):
        complaint, code = self._sent()
        limits = {**SqmsPublicThrottle._limits, "failure_number": (2, 900)}
        with (
            patch.object(SqmsPublicThrottle, "_limits", limits),
            patch.object(SqmsPublicThrottle, "slow_down", autospec=True) as slow_down,
        ):
            for _attempt in range(2):
                self._look_up(complaint.number, "2222222222222222")
            self.assertFalse(slow_down.called)
            self.assertTrue(self._is_open(self._look_up(complaint.number, code)))
            self.assertTrue(slow_down.called)
            slow_down.reset_mock()
            self._look_up("C/1999/0001", "2222222222222222")
            self.assertFalse(slow_down.called)

    def test_success_is_not_counted(self):
        complaint, code = self._sent()
        limits = {**SqmsPublicThrottle._limits, "failure_address": (2, 900), "failure_all": (2, 60)}
        with (
            patch.object(SqmsPublicThrottle, "_limits", limits),
            patch.object(SqmsPublicThrottle, "address", lambda self: "203.0.113.7"),
        ):
            for _visit in range(4):
                self.assertTrue(self._is_open(self._look_up(complaint.number, code)))

    def test_address_that_fails_too_often_waits_and_the_right_code_opens_all_the_same(self):
        complaint, code = self._sent()
        limits = {**SqmsPublicThrottle._limits, "failure_address": (2, 900), "failure_all": (3, 60)}
        with (
            patch.object(SqmsPublicThrottle, "_limits", limits),
            patch.object(SqmsPublicThrottle, "address", lambda self: "203.0.113.7"),
        ):
            statuses = [self._look_up(f"C/1999/{number}", "2222").status_code for number in range(4)]
            self.assertTrue(self._is_open(self._look_up(complaint.number, code)), "A neighbour locks nobody out")
        self.assertEqual(statuses, [200, 200, 429, 429])

    def test_form_has_its_limits_too(self):
        limits = {**SqmsPublicThrottle._limits, "intake_address": (1, 3600)}
        with (
            patch.object(SqmsPublicThrottle, "_limits", limits),
            patch.object(SqmsPublicThrottle, "address", lambda self: "203.0.113.7"),
        ):
            self.assertEqual(self._send().status_code, 200)
            self.assertEqual(self._send().status_code, 429)

    # -- the proof ---------------------------------------------------------------

    def test_proof_runs_out_and_cannot_be_changed(self):
        complaint, _code = self._sent()
        other, _code = self._sent()
        find = self.env["helpdesk.ticket"]._complaint_from_proof
        proof = complaint._complaint_proof("7KQ2")
        self.assertEqual(find(proof), (complaint, "7KQ2"))
        number, expiry, hint, signature = proof.split(".")
        for forged in (
            f"{other.id}.{expiry}.{hint}.{signature}",
            f"{number}.{int(expiry) + 9999}.{hint}.{signature}",
            f"{number}.{expiry}.ABCD.{signature}",
            f"{number}.{expiry}.{hint}.{'0' * 64}",
            f"{number}.{expiry}.{hint}.",
            "....",
            "",
            "é.1.2.3",
            "9" * 60,
            f"{2**31}.{expiry}.{hint}.{signature}",
        ):
            self.assertFalse(find(forged)[0], forged)
        with patch.object(time, "time", return_value=time.time() + 31 * 60):
            self.assertFalse(find(proof)[0])

    def test_ticket_without_code_has_no_proof(self):
        ticket = self._create_complaint()
        self.assertFalse(self.env["helpdesk.ticket"]._complaint_from_proof(ticket._complaint_proof(""))[0])

    def test_expired_proof_asks_for_the_code_again(self):
        response = self._act("1.1.AAAA.00", "message", text="Hello")
        self.assertFalse(self._is_open(response))
        self.assertIn("enter number and code again", self._text(response))

    # -- what is seen ------------------------------------------------------------

    def test_internal_notes_and_their_files_are_never_seen(self):
        complaint, code = self._sent()
        secret = self.env["ir.attachment"].create(
            {
                "name": "internal.txt",
                "raw": b"the till was broken on purpose",
                "res_model": "helpdesk.ticket",
                "res_id": complaint.id,
            }
        )
        complaint.with_user(self.agent).message_post(
            body="Never tell the customer",
            subtype_xmlid="mail.mt_note",
            message_type="comment",
            attachment_ids=secret.ids,
        )
        loose = (
            self.env["ir.attachment"]
            .with_user(self.agent)
            .create(
                {
                    "name": "uploaded.txt",
                    "raw": b"memo of the agent",
                    "res_model": "helpdesk.ticket",
                    "res_id": complaint.id,
                }
            )
        )
        complaint.with_user(self.agent).message_post(
            body="Could you send a photo?", subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        response = self._look_up(complaint.number, code)
        text = self._text(response)
        self.assertIn("Could you send a photo?", text)
        for hidden in ("Never tell", "internal.txt", "uploaded.txt"):
            self.assertNotIn(hidden, response.text)
        for file in (secret, loose):
            answer = self._act(self._proof(response), "file", file=str(file.id))
            self.assertTrue(self._is_open(answer))
            self.assertNotIn("Content-Disposition", answer.headers)

    def test_decision_is_seen_once_it_was_communicated(self):
        complaint, code = self._sent(contact="email")
        complaint.team_id, complaint.user_id = self.team, self.agent
        self._move(complaint, "decided")
        hidden = self._look_up(complaint.number, code)
        self.assertNotIn("send the second payment back", hidden.text)
        self.assertFalse(self._page(hidden).find_class("o_sqms_accept"))
        self._move(complaint, "communicated")
        shown = self._look_up(complaint.number, code)
        text = self._text(shown)
        self.assertIn("You are right.", text)
        self.assertIn("send the second payment back", text)
        self.assertIn("Your turn", text)
        self.assertTrue(self._page(shown).find_class("o_sqms_accept"))

    def test_steps_follow_the_state(self):
        complaint, code = self._sent()
        complaint.team_id, complaint.user_id = self.team, self.agent
        for state, now in (("investigating", "Investigated"), ("communicated", "Decision sent to you")):
            self._move(complaint, state)
            page = self._page(self._look_up(complaint.number, code))
            current = page.xpath("//li[@aria-current='step']")
            self.assertEqual(len(current), 1)
            self.assertIn(now, current[0].text_content())
        self._move(complaint, "closed")
        page = self._page(self._look_up(complaint.number, code))
        self.assertFalse(page.xpath("//li[@aria-current='step']"))
        self.assertEqual(len(page.find_class("o_sqms_step_done")), 6)

    # -- what the customer does ------------------------------------------------------

    def test_message_of_an_anonymous_customer_has_no_author(self):
        complaint, code = self._sent(anonymous="1")
        proof = self._proof(self._look_up(complaint.number, code))
        response = self._act(proof, "message", text="It still <b>leaks</b>.")
        self.assertIn("It still <b>leaks</b>.", self._text(response))
        message = complaint.message_ids[0]
        self.assertFalse(message.author_id)
        self.assertFalse(message.is_internal)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertIn("anonymous", message.email_from)
        self.assertFalse(complaint.message_partner_ids)

    def test_page_sent_twice_writes_once(self):
        complaint, code = self._sent()
        response = self._look_up(complaint.number, code)
        once = self._page(response).xpath("//input[@name='once']/@value")[0]
        for _click in range(2):
            self._act(self._proof(response), "message", text="Only once", once=once)
        self.assertEqual(len(complaint.message_ids.filtered(lambda message: "Only once" in message.body)), 1)

    def test_customers_file_comes_back_clean_and_as_a_download(self):
        files = [("files", ("re/ceipt.jpg", photo(), "image/jpeg"))]
        complaint, code = self._sent(files=files)
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "helpdesk.ticket"), ("res_id", "=", complaint.id)]
        )
        self.assertEqual(attachment.mapped("name"), ["ceipt.jpg"])
        self.assertFalse(attachment.access_token)
        self.assertNotIn(b"Spyphone", attachment.raw)
        response = self._look_up(complaint.number, code)
        self.assertIn("ceipt.jpg", self._text(response))
        stream = self._act(self._proof(response), "file", file=str(attachment.id))
        self.assertEqual(stream.content, attachment.raw)
        self.assertTrue(stream.headers["Content-Disposition"].startswith("attachment"))
        self.assertIn("sandbox", stream.headers["Content-Security-Policy"])
        self.assertEqual(self.url_open(f"/web/content/{attachment.id}").status_code, 404)

    def test_files_of_an_anonymous_customer_lose_their_names(self):
        files = [("files", ("wang-li-passport.png.jpg", photo(), "image/jpeg"))]
        complaint, _code = self._sent(files=files, anonymous="1")
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "helpdesk.ticket"), ("res_id", "=", complaint.id)]
        )
        self.assertEqual(attachment.mapped("name"), ["attachment-1.jpg"])

    def test_bad_file_stops_the_form_with_a_sentence(self):
        before = self.env["helpdesk.ticket"].search_count([])
        response = self._send(files=[("files", ("a.html", b"<script>", "image/jpeg"))])
        self.assertIn("a.html", self._text(response))
        self.assertTrue(self._page(response).xpath("//*[@id='error_files']"))
        many = [("files", (f"{number}.txt", b"text", "text/plain")) for number in range(6)]
        self.assertIn("up to 5 files", self._text(self._send(files=many)))
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), before)

    def test_nobody_else_writes_the_customers_answer(self):
        complaint, _proof = self._communicated()
        for user in (self.agent, self.officer, self.manager):
            with self.assertRaises(AccessError):
                complaint.with_user(user).complaint_customer_answer = "accepted"
            with self.assertRaises(AccessError):
                self.env["helpdesk.ticket"].with_user(user).create(
                    self._prepare_complaint_values(complaint_customer_answer="accepted")
                )
            with self.assertRaises(AccessError):
                self.env["helpdesk.ticket"].with_user(user).with_context(
                    default_complaint_customer_answer="accepted"
                ).create(self._prepare_complaint_values())

    def test_nobody_reads_or_writes_what_opens_a_case(self):
        complaint, _code = self._sent(word="plum")
        names = ["complaint_access_digest", "complaint_word_hash", "complaint_form_key"]
        for user in (self.agent, self.officer, self.manager, self.env.ref("base.user_admin")):
            as_user = complaint.with_user(user)
            for name in names:
                with self.assertRaises(AccessError), mute_logger("odoo.models", "odoo.addons.base.models.ir_rule"):
                    as_user.read([name])
                with self.assertRaises(AccessError):
                    as_user.write({name: "0"})
                with self.assertRaises(AccessError):
                    as_user.search([(name, "!=", False)])
                with self.assertRaises(UserError):
                    as_user.export_data([name])
        for user in (self.agent, self.public, self.portal):
            with self.assertRaises(AccessError):
                self.env["ir.config_parameter"].with_user(user).get_param("sqms_complaint.access_pepper")
        copied = complaint.copy()
        self.assertFalse(copied.sudo().complaint_access_digest)
        self.assertFalse(copied.sudo().complaint_word_hash)
