from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.sqms_base.lib import public_code

from .common import ComplaintCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintIntake(ComplaintCase):
    """A complaint taken down by an agent, while the customer speaks."""

    def _prepare_intake(self, **values):
        return {
            "kind": "phone",
            "caller": "Wang Li",
            "partner_id": self.customer.id,
            "complaint_phone": "138 0013 6620",
            "name": "Boiler is cold again",
            "description": "It was repaired on Monday.\n<b>Cold</b> since this morning.",
            "danger": "no",
            "team_id": self.team.id,
            "complaint_lang": "en_US",
            **values,
        }

    def _register(self, user=None, **values):
        intake = self.env["sqms.complaint.intake"].with_user(user or self.agent).create(self._prepare_intake(**values))
        told = intake.action_register()["params"]
        self.assertFalse(intake.exists())
        return self.env["helpdesk.ticket"].browse(told["id"]), told

    def test_a_call_counts_as_acknowledged_at_once(self):
        complaint, told = self._register()
        self.assertEqual(complaint.complaint_state, "acknowledged")
        passed = complaint.complaint_acknowledged_at - complaint.complaint_received_at
        self.assertLess(abs(passed), timedelta(minutes=1))
        self.assertTrue(told["is_acknowledged"])
        self.assertEqual(complaint.user_id, self.agent)
        self.assertEqual(complaint.channel_id, self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone"))
        self.assertEqual(complaint.partner_email, "wang.li@example.com")
        self.assertIn("&lt;b&gt;Cold&lt;/b&gt;", complaint.description)

    def test_number_and_code_that_are_read_aloud_open_the_case(self):
        complaint, told = self._register()
        code = "".join(group["text"] for group in told["groups"])
        pepper = self.env["helpdesk.ticket"]._complaint_pepper()
        digest = public_code.access_digest(pepper, told["number"], code)
        self.assertEqual(complaint.sudo().complaint_access_digest, digest)
        spoken = {char: word for group in told["groups"] for char, word in group["letters"] if word}
        self.assertTrue(all(word.startswith(char) for char, word in spoken.items()), spoken)
        self.env.flush_all()
        self.cr.execute("SELECT to_jsonb(t)::text FROM helpdesk_ticket t WHERE id = %s", [complaint.id])
        self.assertNotIn(code, self.cr.fetchone()[0], "the code is kept nowhere")
        self.assertNotIn(code, str(complaint.message_ids.mapped("body")))

    def test_letters_and_authorities_wait_for_their_acknowledgement(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        complaint, told = self._register(
            kind="regulator",
            received_at=yesterday,
            complaint_regulator_ref="沪市监诉 2026-118",
            complaint_regulator_date=yesterday.date(),
        )
        self.assertEqual((complaint.complaint_state, told["is_acknowledged"]), ("received", False))
        self.assertEqual(complaint.complaint_received_at, yesterday)
        self.assertEqual(complaint.complaint_regulator_ref, "沪市监诉 2026-118")
        self.assertEqual(complaint.complaint_regulator_date, yesterday.date())
        self.assertEqual(complaint.channel_id, self.env.ref("sqms_complaint.helpdesk_ticket_channel_regulator"))
        for kind, state in (("shop", "acknowledged"), ("letter", "received"), ("social", "received")):
            other, _told = self._register(kind=kind)
            self.assertEqual(other.complaint_state, state, kind)

    def test_danger_is_asked_and_never_assumed(self):
        self.assertFalse(self.env["sqms.complaint.intake"].default_get(["danger"]).get("danger"))
        self.assertTrue(self.env["sqms.complaint.intake"]._fields["danger"].required)
        self.assertTrue(self._register(danger="yes")[0].complaint_is_safety)
        gas = self.env["sqms.complaint.category"].create({"name": "Gas", "is_safety": True})
        self.assertTrue(self._register(danger="no", category_id=gas.id)[0].complaint_is_safety)
        self.assertFalse(self._register()[0].complaint_is_safety)

    def test_an_anonymous_caller_leaves_no_name(self):
        complaint, told = self._register(is_anonymous=True, caller="Wang Li", partner_email="wang.li@example.com")
        self.assertTrue(complaint.complaint_is_anonymous)
        self.assertFalse(complaint.partner_id or complaint.partner_name or complaint.partner_email)
        self.assertFalse(complaint.complaint_phone)
        self.assertTrue(told["groups"])
        self.assertFalse(told["letter"])

    def test_somebody_unknown_gets_a_name_and_no_contact_record(self):
        partners = self.env["res.partner"].search_count([])
        complaint, _told = self._register(partner_id=False, caller="Xu Fang", partner_email="Xu.Fang@Example.com")
        self.assertEqual((complaint.partner_name, complaint.partner_email), ("Xu Fang", "xu.fang@example.com"))
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_what_is_missing_is_said(self):
        for values in (
            {"partner_id": False, "caller": False},
            {"partner_email": "not an address"},
            {"is_anonymous": True, "kind": "regulator"},
        ):
            with self.assertRaises(ValidationError):
                self._register(**values)

    # -- who calls -------------------------------------------------------------------------------

    def _find(self, text, user=None):
        found = self.env["sqms.complaint.intake"].with_user(user or self.agent).find_callers(text)
        return [caller["id"] for caller in found]

    def test_a_caller_is_found_by_number_name_and_address(self):
        self.customer.phone = "+86 138 0013 6620"
        for text in ("13800136620", "138 0013", "138-0013-6620", "+86 138 0013 6620", "0013 6620"):
            self.assertIn(self.customer.id, self._find(text), text)
        for text in ("Wang", "wang.li@exa"):
            self.assertIn(self.customer.id, self._find(text), text)
        self.assertNotIn(self.customer.id, self._find("13900136620"))
        for text in ("", "W", None, 7, "%", "%%%%%%"):
            self.assertNotIn(self.customer.id, self._find(text), text)

    def test_the_open_cases_of_the_caller_come_along(self):
        open_case = self._create_complaint()
        self._move(self._create_complaint(name="Long over"), "closed")
        found = self.env["sqms.complaint.intake"].with_user(self.agent).find_callers("Wang Li")
        [caller] = [caller for caller in found if caller["id"] == self.customer.id]
        self.assertEqual([case["number"] for case in caller["open"]], [open_case.number])

    def test_only_agents_take_calls(self):
        for user in (self.employee, self.certifier, self.portal, self.public):
            Intake = self.env["sqms.complaint.intake"].with_user(user)
            with self.assertRaises(AccessError):
                Intake.find_callers("Wang")
            with self.assertRaises(AccessError):
                Intake.same_case(self._create_complaint().id, {"description": "x"})
            with self.assertRaises(AccessError):
                Intake.create(self._prepare_intake())

    # -- the same case ---------------------------------------------------------------------------

    def test_words_about_a_known_case_go_there_and_make_no_second_one(self):
        case = self._create_complaint()
        case.complaint_turn = "third"
        before = self.env["helpdesk.ticket"].search_count([])
        Intake = self.env["sqms.complaint.intake"].with_user(self.agent)
        action = Intake.same_case(case.id, {"description": "Cold again.", "partner_id": self.customer.id})
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), before)
        said = case.message_ids.filtered(lambda message: message.complaint_audience == "customer")
        self.assertIn("Cold again.", said.body)
        self.assertEqual(said.author_id, self.customer)
        self.assertEqual(case.complaint_turn, "ours")
        self.assertEqual((action["params"]["number"], action["params"]["groups"]), (case.number, []))

    def test_nobody_speaks_in_the_name_of_another(self):
        case = self._create_complaint()
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        Intake = self.env["sqms.complaint.intake"].with_user(self.agent)
        Intake.same_case(case.id, {"description": "I am his neighbour.", "partner_id": stranger.id})
        said = case.message_ids.filtered(lambda message: message.complaint_audience == "customer")
        self.assertFalse(said.author_id)

    def test_words_do_not_go_to_cases_of_others_to_tickets_or_nowhere(self):
        foreign = self._create_complaint(team_id=self.other_team.id, user_id=False)
        Intake = self.env["sqms.complaint.intake"].with_user(self.agent)
        with self.assertRaises(AccessError):
            Intake.same_case(foreign.id, {"description": "x"})
        with self.assertRaises(UserError):
            Intake.same_case(self._create_ticket().id, {"description": "x"})
        for words in ("", "  ", None, 7):
            with self.assertRaises(UserError):
                Intake.same_case(self._create_complaint().id, {"description": words})

    # -- the word --------------------------------------------------------------------------------

    def test_the_word_is_given_once_in_the_call_and_by_who_took_it(self):
        complaint, _told = self._register()
        with self.assertRaises(AccessError):
            complaint.with_user(self.officer).action_set_word("plum")
        mine = complaint.with_user(self.agent)
        with self.assertRaises(UserError):
            mine.action_set_word("  ")
        mine.action_set_word("plum")
        self.assertTrue(complaint.sudo().complaint_word_hash)
        with self.assertRaises(AccessError):
            mine.action_set_word("another")
        later = self._register()[0]
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)), self.assertRaises(AccessError):
            later.with_user(self.agent).action_set_word("plum")
