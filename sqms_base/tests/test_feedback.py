import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .feedback_common import FeedbackCase

SAID = {"kind": "idea", "text": "Print the invoice at once."}


@tagged("post_install", "-at_install")
class TestFeedback(FeedbackCase):
    # -- who speaks ----------------------------------------------------------------

    def test_colleague_speaks_under_his_own_name_whatever_he_sends(self):
        hostile = {
            "staff_id": self.colleague.id, "partner_id": self.colleague.partner_id.id, "source": "customer",
            "email": "x@example.com", "channel": "page", "owner_id": self.colleague.id, "answer": "Yes",
            "person_name": "Somebody",
        }  # fmt: skip
        Feedback = self.env["sqms.feedback"].with_user(self.staff)
        by_values = Feedback.create({**SAID, **hostile})
        by_context = Feedback.with_context(**{f"default_{name}": value for name, value in hostile.items()}).create(SAID)
        for feedback in by_values | by_context:
            self.assertRecordValues(
                feedback.sudo(),
                [
                    {
                        "staff_id": self.staff.id, "partner_id": False, "source": "staff", "email": False,
                        "channel": "internal", "owner_id": False, "answer": False, "person_name": False,
                        "name": "Print the invoice at once", "state": "received", "lang": "en_US",
                        "received_on": self.company._sqms_today(),
                        "date_due": fields.Date.add(self.company._sqms_today(), days=10),
                    }
                ],
            )  # fmt: skip

    def test_nothing_made_in_a_session_says_it_is_anonymous(self):
        for user in (self.staff, self.officer, self.manager):
            Feedback = self.env["sqms.feedback"].with_user(user)
            with self.assertRaisesRegex(AccessError, "sign out"):
                Feedback.create({**SAID, "is_anonymous": True})
            with self.assertRaisesRegex(AccessError, "sign out"):
                Feedback.with_context(default_is_anonymous=True).create(SAID)
            fields_, row = ["kind", "text", "is_anonymous"], ["idea", "x", "1"]
            result = Feedback.load(fields_, [row])
            self.assertFalse(result["ids"], user.login)
        told = self._told()
        with self.assertRaises(UserError):
            told.with_user(self.manager).write({"is_anonymous": True})

    def test_anonymous_has_no_name_by_any_path(self):
        feedback = self._anonymous(person_name="Wang", email="wang@example.com", partner_id=self.staff.partner_id.id)
        self.assertFalse(feedback.person_name or feedback.email or feedback.partner_id or feedback.staff_id)
        for name, value in (
            ("partner_id", self.staff.partner_id.id), ("person_name", "Wang"), ("email", "wang@example.com"),
        ):  # fmt: skip
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                feedback.with_user(self.manager).write({name: value})
                feedback.flush_recordset()

    def test_words_stay_as_they_were_said(self):
        feedback = self._told()
        for user in (self.staff, self.officer, self.manager):
            for values in ({"text": "Something else"}, {"staff_id": user.id}, {"received_on": "2020-01-01"}):
                with self.assertRaises(UserError):
                    feedback.with_user(user).write(values)
        with self.assertRaises(UserError):
            feedback.with_user(self.officer).copy()

    def test_state_moves_by_its_steps_alone(self):
        feedback = self._told()
        for user in (self.staff, self.officer, self.manager, self.top, self.certifier):
            for state in ("answered", "converted", "closed"):
                with self.assertRaises(UserError):
                    feedback.with_user(user).write({"state": state})
        mine = feedback.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Answer"):
            mine.action_transition("answer")
        with self.assertRaises(UserError):
            mine.action_transition("convert")
        with self.assertRaises(AccessError):
            feedback.with_user(self.staff).action_transition("answer")

    # -- answering -----------------------------------------------------------------

    def test_answer_is_on_time_until_its_day_and_reaches_who_gave_a_way(self):
        feedback = self._told()
        mine = feedback.with_user(self.officer)
        mine.answer = "We try it in March."
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        mine.action_transition("answer")
        self.assertEqual((mine.state, mine.answered_on), ("answered", self.company._sqms_today()))
        self.assertTrue(mine.is_on_time)
        told = self.env["mail.message"].search([("id", ">", before), ("message_type", "=", "user_notification")])
        self.assertEqual(told.notified_partner_ids, self.staff.partner_id)
        self.assertEqual(feedback.with_user(self.staff).answer, "We try it in March.")
        with self.assertRaises(AccessError):
            mine.answer = "Something else"
        late = self._told()
        self.env.cr.execute("UPDATE sqms_feedback SET date_due = '2020-01-01' WHERE id = %s", [late.id])
        late.invalidate_recordset()
        late = late.with_user(self.officer)
        late.answer = "At last."
        late.action_transition("answer")
        self.assertFalse(late.is_on_time)

    def test_answer_goes_by_mail_in_the_language_of_the_person(self):
        feedback = (
            self.env["sqms.feedback"]
            .with_user(self.public)
            .sudo()
            ._receive(
                {"kind": "idea", "text": "x", "person_name": "Wang", "email": "wang@example.com", "lang": "zh_CN"},
                [],
                "q" * 32,
            )
        )
        mine = feedback.with_user(self.officer)
        mine.answer = "谢谢 <b>您</b>"
        mine.action_transition("answer")
        mail = self.env["mail.mail"].search([("email_to", "=", "wang@example.com")])
        self.assertEqual(len(mail), 1)
        self.assertIn("&lt;b&gt;", mail.body_html)
        self.assertIn("auto-replied", mail.headers)
        anonymous = self._anonymous().with_user(self.officer)
        count = self.env["mail.mail"].search_count([])
        anonymous.answer = "Yes"
        anonymous.action_transition("answer")
        self.assertEqual(self.env["mail.mail"].search_count([]), count)

    def test_nothing_is_closed_without_an_answer(self):
        feedback = self._told().with_user(self.officer)
        feedback.action_convert("improvement")
        self.assertEqual(feedback.state, "converted")
        with self.assertRaisesRegex(UserError, "no answer"):
            feedback.action_transition("close")
        feedback.answer = "It is being tried."
        feedback.action_transition("tell")
        self.assertEqual((feedback.state, bool(feedback.answered_on)), ("converted", True))
        with self.assertRaisesRegex(UserError, "answered already"):
            feedback.action_transition("tell")
        feedback.action_transition("close")
        with self.assertRaises(AccessError):
            feedback.kind = "praise"
        with self.assertRaises(AccessError):
            feedback.action_transition("reopen")
        feedback.with_user(self.manager).action_transition("reopen")
        self.assertEqual(feedback.state, "answered")

    # -- about a person --------------------------------------------------------------

    def test_nobody_handles_what_is_said_about_him(self):
        feedback = self._anonymous(kind="concern")
        feedback.about_employee_id = self.officer.employee_id
        with self.assertRaises(AccessError):
            feedback.with_user(self.officer).read(["text"])
        self.assertFalse(self.env["sqms.feedback"].with_user(self.officer).search([("id", "=", feedback.id)]))
        with self.assertRaisesRegex(ValidationError, "about its owner"):
            feedback.with_user(self.manager).owner_id = self.officer
        feedback.with_user(self.manager).read(["text"])
        praise = self._anonymous(kind="praise", seed="p" * 32)
        praise.about_employee_id = self.officer.employee_id
        mine = praise.with_user(self.officer)
        mine.answer = "Thank you"
        with self.assertRaisesRegex(UserError, "about you"):
            mine.action_transition("answer")
        with self.assertRaisesRegex(UserError, "about you"):
            mine.action_share_praise()

    def test_confidential_is_read_by_managers_alone(self):
        feedback = self._told(kind="concern", is_confidential=True)
        Feedback = self.env["sqms.feedback"]
        found = {
            user.login: bool(Feedback.with_user(user).search([("id", "=", feedback.id)]))
            for user in (self.officer, self.manager, self.top, self.certifier, self.staff, self.colleague)
        }
        self.assertEqual(
            {login for login, is_found in found.items() if is_found}, {"feedback_manager", "feedback_staff"}
        )
        with self.assertRaisesRegex(ValidationError, "quality manager"):
            feedback.with_user(self.manager).owner_id = self.officer
        with self.assertRaisesRegex(UserError, "confidential"):
            feedback.with_user(self.manager).action_convert("nonconformity")
        raised = self.env["sqms.nonconformity"].with_user(self.manager).create_from(feedback.with_user(self.manager))
        self.assertNotIn("invoice", f"{raised.name} {raised.description}")

    def test_praise_is_passed_on_once_without_who_said_it(self):
        feedback = self._told(kind="praise", text="He was quick and friendly.")
        mine = feedback.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "whom it is about"):
            mine.action_share_praise()
        mine.about_employee_id = self.colleague.employee_id
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        mine.action_share_praise()
        message = self.env["mail.message"].search([("id", ">", before), ("message_type", "=", "user_notification")])
        self.assertEqual(message.notified_partner_ids, self.colleague.employee_id.work_contact_id)
        self.assertIn("quick and friendly", message.body)
        self.assertNotIn(self.staff.name, f"{message.body} {message.subject} {message.author_id.name}")
        self.assertTrue(mine.shared_on)
        with self.assertRaisesRegex(UserError, "already"):
            mine.action_share_praise()
        with self.assertRaises(AccessError):
            feedback.with_user(self.staff).action_share_praise()

    # -- who reads -------------------------------------------------------------------

    def test_each_role_reads_what_is_his(self):
        told, anonymous = self._told(), self._anonymous()
        both = told | anonymous
        Feedback = self.env["sqms.feedback"]
        for user, sees in (
            (self.staff, told), (self.colleague, Feedback), (self.officer, both), (self.manager, both),
            (self.top, both), (self.certifier, both),
        ):  # fmt: skip
            self.assertEqual(Feedback.with_user(user).search([("id", "in", both.ids)]), sees, user.login)
        for user in (self.staff, self.top, self.certifier):
            with self.assertRaises(AccessError):
                told.with_user(user).write({"kind": "concern"})
            with self.assertRaises(AccessError):
                told.with_user(user).unlink()

    def test_certifier_and_top_never_learn_who_said_it(self):
        told = self._told()
        told.message_post(body="Called her back", author_id=self.staff.partner_id.id)
        mine = told.with_user(self.officer)
        mine.answer = "Yes."
        mine.action_transition("answer")
        for user in (self.certifier, self.top):
            theirs = told.with_user(user)
            names = theirs.fields_get()
            for name in ("staff_id", "partner_id", "person_name", "email", "create_uid", "write_uid", "message_ids"):
                self.assertNotIn(name, names)
                with self.assertRaises(AccessError):
                    theirs.read([name])
                with self.assertRaises(AccessError):
                    theirs.search([(name, "!=", False)])
            self.assertNotIn(self.staff.name, str(theirs.read()))
            entries = theirs.sqms_history()
            self.assertTrue(entries)
            self.assertNotIn(self.staff.id, entries.mapped("user_id"))
            messages = self.env["mail.message"].with_user(user)
            self.assertFalse(messages.search([("model", "=", "sqms.feedback"), ("res_id", "=", told.id)]))
            self.assertNotIn(self.staff.name, str(theirs.trace()))

    def test_followers_tell_nobody_who_said_it(self):
        told = self._told()
        told.message_post(body="I forgot to say when.")
        told.message_subscribe(self.staff.partner_id.ids)
        self.assertNotIn(self.staff.partner_id, told.sudo().message_partner_ids)
        told.sudo().message_subscribe(self.officer.partner_id.ids)
        self.assertIn(self.officer.partner_id, told.sudo().message_partner_ids)
        for user in (self.top, self.certifier):
            theirs = told.with_user(user)
            with self.assertRaises(AccessError):
                theirs.search([("message_partner_ids", "in", self.staff.partner_id.ids)])
        secret = self._told(is_confidential=True)
        with self.assertRaises(AccessError):
            secret.with_user(self.officer).message_get_followers()

    def test_companies_stay_apart(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._anonymous(company_id=other.id, seed="c" * 32)
        for user in (self.officer, self.manager, self.top, self.certifier):
            self.assertFalse(self.env["sqms.feedback"].with_user(user).search([("id", "=", foreign.id)]))
        with self.assertRaises(UserError):
            self.env["sqms.feedback"].with_user(self.staff).create({**SAID, "company_id": other.id})
        with self.assertRaises(UserError):
            foreign.with_user(self.manager).sudo().company_id = self.company

    def test_portal_and_public_reach_nothing(self):
        portal = self._person("portal", "", group_ids=[(6, 0, self.env.ref("base.group_portal").ids)])
        feedback = self._anonymous()
        for user in (portal, self.public):
            Feedback = self.env["sqms.feedback"].with_user(user)
            for call in (
                lambda feedback_=Feedback: feedback_.search([]),
                lambda feedback_=Feedback: feedback_.create(SAID),
                lambda feedback_=Feedback: feedback_.browse(feedback.id).read(["text"]),
                lambda feedback_=Feedback: feedback_.browse(feedback.id).action_convert("improvement"),
            ):
                with self.assertRaises(AccessError):
                    call()

    # -- taking further ---------------------------------------------------------------

    def test_becomes_an_improvement_or_a_nonconformity_once(self):
        for key, field in (("improvement", "improvement_id"), ("nonconformity", "nonconformity_id")):
            feedback = self._anonymous(kind="idea", text=f"Words of {key}.", seed=key[:1] * 32).with_user(self.officer)
            action = feedback.action_convert(key)
            record = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(feedback[field], record)
            self.assertEqual(feedback.state, "converted")
            self.assertIn(f"Words of {key}", f"{record.name}")
            self.assertIn(f"Words of {key}.", str(record.read()))
            self.assertNotIn(self.public, record.message_follower_ids.partner_id.user_ids)
            self.assertEqual(record.with_user(self.officer).feedback_ids, feedback)
            for attempt in ("improvement", "nonconformity"):
                with self.assertRaisesRegex(UserError, "cannot be taken further"):
                    feedback.action_convert(attempt)
            edges = record.with_user(self.officer).trace()["edges"]
            ends = {f"sqms.feedback,{feedback.id}", f"{record._name},{record.id}"}
            self.assertEqual(len([edge for edge in edges if {edge["source"], edge["target"]} == ends]), 1)
            notes = (record.message_ids | feedback.message_ids).filtered(lambda note: "Made of" in (note.body or ""))
            self.assertEqual(notes.author_id, self.env.ref("base.partner_root"))

    def test_idea_of_a_colleague_stays_his(self):
        told = self._told().with_user(self.officer)
        told.action_convert("improvement")
        self.assertEqual(told.improvement_id.author_id, self.staff)
        nameless = self._anonymous(kind="idea").with_user(self.officer)
        nameless.action_convert("improvement")
        self.assertEqual(nameless.improvement_id.author_id, self.env.ref("base.user_root"))

    def test_links_are_written_by_the_step_alone(self):
        feedback = self._told().with_user(self.manager)
        improvement = self.env["sqms.improvement"].with_user(self.manager).create({"name": "Other"})
        with self.assertRaises(UserError):
            feedback.improvement_id = improvement
        with self.assertRaises(UserError):
            feedback.with_user(self.manager).create({**SAID, "improvement_id": improvement.id, "channel": "office"})
        with self.assertRaises(UserError):
            feedback.action_convert("_unlink")
        with self.assertRaises(UserError):
            feedback.with_user(self.staff).action_convert("improvement")

    # -- around it ---------------------------------------------------------------------

    def test_count_on_the_partner_equals_the_search_children_included(self):
        partner = self.env["res.partner"].create({"name": "Customer", "is_company": True})
        child = self.env["res.partner"].create({"name": "Contact", "parent_id": partner.id})
        for contact in (partner, child, child):
            self.env["sqms.feedback"].with_user(self.officer).create(
                {**SAID, "channel": "office", "partner_id": contact.id}
            )
        mine = partner.with_user(self.officer)
        action = mine.action_open_sqms_feedback()
        self.assertEqual(mine.sqms_feedback_count, 3)
        self.assertEqual(
            self.env["sqms.feedback"].with_user(self.officer).search_count(action["domain"]), mine.sqms_feedback_count
        )
        self.assertEqual(child.with_user(self.officer).sqms_feedback_count, 2)

    def test_officer_finds_it_in_the_morning_until_it_is_answered(self):
        feedback = self._anonymous()

        def rows(user):
            page = self.env["sqms.morning"].with_user(user).get_morning()
            start = [page["start_here"]] if page["start_here"] else []
            items = [item for section in page["sections"] for item in section["items"]]
            return [item["key"] for item in start + items]

        self.env["sqms.feedback"].search([("id", "!=", feedback.id)]).write({"owner_id": self.manager.id})
        key = f"sqms.feedback,{feedback.id}"
        self.assertIn(key, rows(self.officer))
        self.assertNotIn(key, rows(self.staff))
        mine = feedback.with_user(self.officer)
        mine.answer = "Yes."
        mine.action_transition("answer")
        self.assertNotIn(key, rows(self.officer))

    def test_mail_becomes_feedback_whatever_is_in_it(self):
        Feedback = self.env["sqms.feedback"]
        for number, (sender, subject, body) in enumerate(
            (
                ("Wang Li <Wang.Li@Example.com>", "The till", "<p>It is <b>wrong</b></p>"),
                ("", "", ""),
                ("x" * 400, "s\x00ubject" * 60, "b\x00ody"),
            )
        ):
            feedback = Feedback.message_new(
                {
                    "email_from": sender,
                    "subject": subject,
                    "body": body,
                    "message_id": f"<{number}@x>",
                    "to": "",
                    "cc": "",
                }
            )
            self.assertEqual((feedback.channel, feedback.is_anonymous, feedback.state), ("mail", False, "received"))
            self.assertTrue(feedback.text and feedback.name)
        first = Feedback.search([("email", "=", "wang.li@example.com")])
        self.assertEqual((first.person_name, first.name), ("Wang Li", "The till"))
        self.assertIn("wrong", first.text)

    def test_form_of_colleagues_and_form_of_officers(self):
        with Form(
            self.env["sqms.feedback"].with_user(self.staff).with_context(default_channel="internal"),
            "sqms_base.sqms_feedback_view_form_mine",
        ) as form:
            form.kind = "concern"
            form.text = "The ladder is loose."
        self.assertEqual(form.record.staff_id, self.staff)
        with Form(self.env["sqms.feedback"].with_user(self.officer)) as form:
            form.text = "She praised the technician."
            form.kind = "praise"
            form.person_name = "Mrs Li"
        self.assertRecordValues(form.record, [{"channel": "office", "staff_id": False, "person_name": "Mrs Li"}])

    def test_twice_as_many_take_the_same_number_of_queries(self):
        for number in range(20):
            self._anonymous(seed=f"{number:032}")

        def count(limit):
            self.env.invalidate_all()
            pieces = self.env["sqms.feedback"].with_user(self.officer).search([], limit=limit)
            start = self.env.cr.sql_log_count
            pieces.read(["name", "kind", "process_id", "owner_id", "state", "date_due", "is_on_time"])
            pieces._trace_cards()
            return self.env.cr.sql_log_count - start

        count(5)
        self.assertEqual(count(10), count(20))
