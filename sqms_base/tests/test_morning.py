from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..lib.workflow_pass import workflow_import
from .common import NOON, DocumentCase, sign_step
from .fake_models import FakeModelLoader


class MorningCase(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loader = FakeModelLoader(cls.env, cls.__module__)
        cls.loader.backup_registry()
        from .fake_morning import FakePaper

        cls.loader.update_registry([FakePaper])
        cls.addClassCleanup(cls.loader.restore_registry)
        model = cls.env["ir.model"]._get("sqms.fake.paper")
        cls.env["ir.model.access"].create(
            {"name": "paper", "model_id": model.id, "group_id": cls.env.ref("base.group_user").id, "perm_read": True}
        )
        cls.env["ir.rule"].create(
            {"name": "paper", "model_id": model.id, "domain_force": "[('company_id', 'in', company_ids)]"}
        )

    @classmethod
    def _morning(cls, user, **context):
        cls.env.flush_all()
        cls.env.invalidate_all()
        context = {"lang": "en_US", "tz": user.tz, "allowed_company_ids": user.company_ids.ids, **context}
        return cls.env["sqms.morning"].with_user(user).with_context(**context).get_morning()

    def _section(self, user, key, **context):
        """A section as its reader sees it; nothing when it is not on the page."""
        sections = self._morning(user, **context)["sections"]
        return next((section for section in sections if section["key"] == key), None)

    def _titles(self, user, key):
        section = self._section(user, key)
        return [item["title"] for item in section["items"]] if section else []

    @classmethod
    def _create_paper(cls, name="Paper", company=None, state="open", **values):
        paper = cls.env["sqms.fake.paper"].create({"name": name, "company_id": (company or cls.company).id, **values})
        if state == "open":
            with workflow_import(paper, "As it was on paper"):
                paper.state = "open"
        return paper

    @classmethod
    def _plan(cls, record, user, day=date(2026, 11, 25), summary="Look at it"):
        return record.sudo().activity_schedule("mail.mail_activity_data_todo", day, summary=summary, user_id=user.id)

    @classmethod
    def _create_quiet(cls):
        """A document in force that nobody is asked to read."""
        return cls._create_in_force(document=cls._create_document("House rules", audience="nobody")).document_id

    @classmethod
    def _ask_to_read(cls, title, days):
        """An edition that `plain` has to read within so many days."""
        cls.company.sqms_acknowledge_days = days
        return cls._create_in_force(
            document=cls._create_document(title, employee_ids=cls.employee.ids, audience="chosen")
        )


@tagged("post_install", "-at_install")
class TestMorning(MorningCase):
    """What each person finds in the morning."""

    # -- what comes first --------------------------------------------------------

    def test_nothing_waits_for_somebody_new(self):
        page = self._morning(self._create_user("new", "base.group_user"))
        self.assertEqual((page["waiting"], page["today"], page["start_here"]), (0, 0, False))
        self.assertEqual(page["sections"], [])
        self.assertIn("sqms_base.sqms_document_action", [offer["action"]["xmlid"] for offer in page["offers"]])
        self.assertEqual(page["greeting"], f"Good afternoon, {page['user']['name']}")

    def test_the_only_thing_goes_to_the_top(self):
        edition = self._ask_to_read("Refunds", 3)
        page = self._morning(self.plain)
        self.assertEqual(page["start_here"]["title"], edition.display_name)
        self.assertEqual(page["start_here"]["headline"], f"Read {edition.display_name}")
        self.assertEqual((page["start_here"]["due"], page["start_here"]["date_only"]), ("2026-11-26", True))
        self.assertEqual((page["waiting"], page["today"], page["offers"]), (1, 0, []))
        self.assertIsNone(self._section(self.plain, "to_read"))

    def test_the_most_urgent_of_all_sections_comes_first(self):
        self._ask_to_read("Later", 9)
        self._ask_to_read("Sooner", 4)
        document = self._create_quiet()
        self._plan(document, self.plain, date(2026, 11, 26))
        page = self._morning(self.plain)
        self.assertEqual(page["start_here"]["title"], "Look at it")
        self._ask_to_read("Soonest", 1)
        page = self._morning(self.plain)
        self.assertIn("Soonest", page["start_here"]["title"])
        section = self._section(self.plain, "to_read")
        self.assertEqual((section["count"], section["left"], section["taken"]), (3, 2, True))
        self.assertIn("Sooner", section["items"][0]["title"])
        self.assertEqual([item["title"] for item in self._section(self.plain, "actions")["items"]], ["Look at it"])

    def test_what_is_late_comes_before_what_is_due(self):
        self._ask_to_read("Due tomorrow", 8)
        self._ask_to_read("Late since yesterday", 6)
        self._ask_to_read("Late since long", 2)
        with freeze_time("2026-11-30 04:00:00"):
            page = self._morning(self.plain)
            self.assertIn("Late since long", page["start_here"]["title"])
            self.assertEqual((page["waiting"], page["today"]), (3, 2))

    def test_what_has_no_date_comes_last(self):
        manager = self.manager
        self._create_paper("Undated")
        self._create_paper("Dated", date_wanted=date(2027, 1, 1))
        self.assertEqual(self._morning(manager)["start_here"]["title"], "Dated")
        self.assertEqual(self._titles(manager, "to_sign"), ["Undated"])

    def test_five_rows_of_many_and_the_right_number(self):
        for number in range(8):
            self._ask_to_read(f"Rule {number}", number + 1)
        section = self._section(self.plain, "to_read")
        self.assertEqual((section["count"], section["left"], len(section["items"])), (8, 7, 5))
        dues = [item["due"] for item in section["items"]]
        self.assertEqual(dues, sorted(dues))
        action = self.env["ir.actions.act_window"]._for_xml_id(section["more"]["xmlid"])
        self.assertEqual(action["res_model"], "sqms.acknowledgement")
        with freeze_time("2026-11-26 04:00:00"):
            self.assertEqual(self._morning(self.plain)["today"], 3)

    # -- days have borders -------------------------------------------------------

    def test_a_day_ends_at_midnight_of_the_reader(self):
        self._ask_to_read("Refunds", 1)  # until 24 November
        for moment, zone, today in [
            ("2026-11-23 15:59:59", "Asia/Shanghai", 0),
            ("2026-11-23 16:00:00", "Asia/Shanghai", 1),
            ("2026-11-24 15:59:59", "Asia/Shanghai", 1),
            ("2026-11-24 16:00:00", "Asia/Shanghai", 1),
            ("2026-11-24 04:59:59", "America/New_York", 0),
            ("2026-11-24 05:00:00", "America/New_York", 1),
            ("2026-11-23 23:59:59", False, 0),
            ("2026-11-24 00:00:00", False, 1),
        ]:
            self.plain.tz = zone
            with freeze_time(moment), self.subTest(moment=moment, zone=zone):
                self.assertEqual(self._morning(self.plain)["today"], today)

    def test_the_day_on_which_clocks_change(self):
        self.plain.tz = "Europe/Lisbon"
        document = self._create_quiet()
        self._plan(document, self.plain, date(2027, 3, 28))
        self._plan(document, self.plain, date(2027, 10, 31))
        for moment, today in [
            ("2027-03-27 23:59:59", 0),
            ("2027-03-28 00:00:00", 1),
            ("2027-10-30 22:59:59", 1),
            ("2027-10-30 23:00:00", 2),
            ("2027-10-31 23:59:59", 2),
        ]:
            with freeze_time(moment), self.subTest(moment=moment):
                self.assertEqual(self._morning(self.plain)["today"], today)

    def test_counted_by_the_database_as_by_hand(self):
        """More than fit on the page are counted in SQL: the same borders."""
        document = self._create_quiet()
        for _number in range(7):
            self._plan(document, self.plain, date(2026, 11, 24))
        for moment, today in [("2026-11-23 15:59:59", 0), ("2026-11-23 16:00:00", 7)]:
            with freeze_time(moment):
                self.assertEqual(self._morning(self.plain)["today"], today)

    # -- to read -------------------------------------------------------------------

    def test_what_is_read_or_out_of_force_does_not_wait(self):
        edition = self._ask_to_read("Refunds", 3)
        reading = edition.acknowledgement_ids.filtered(lambda row: row.employee_id == self.employee)
        reading.with_user(self.plain).action_transition("acknowledge")
        self.assertEqual(self._morning(self.plain)["waiting"], 0)
        gone = self._ask_to_read("Old rules", 3)
        self.assertEqual(self._morning(self.plain)["waiting"], 1)
        with freeze_time("2026-11-23 05:00:00"):
            gone.with_user(self.manager).withdrawal_reason = "Nobody needs it"
            gone.with_user(self.manager).action_transition("withdraw")
            self.assertEqual(self._morning(self.plain)["waiting"], 0)

    def test_archived_employee_has_nothing_to_read(self):
        self._ask_to_read("Refunds", 3)
        self.employee.active = False
        self.assertEqual(self._morning(self.plain)["waiting"], 0)

    def test_officer_reads_only_his_own(self):
        self._ask_to_read("Refunds", 3)
        self.assertIsNone(self._section(self.officer, "to_read"))
        self.assertEqual(self._morning(self.officer)["waiting"], 0)

    # -- to sign -------------------------------------------------------------------

    def test_review_then_approval(self):
        draft = self._create_draft(reviewer_id=self.top.id, approver_id=self.manager.id)
        draft.with_user(self.officer).date_effective = date(2026, 12, 1)
        self._submit(draft)
        start = self._morning(self.top)["start_here"]
        self.assertEqual((start["title"], start["due"]), (draft.display_name, "2026-12-01"))
        self.assertIn("for review", start["subtitle"])
        self.assertEqual(self._morning(self.manager)["waiting"], 0)
        sign_step(draft, "confirm_review", self.top)
        self.assertEqual(self._morning(self.top)["waiting"], 0)
        self.assertIn("for approval", self._morning(self.manager)["start_here"]["subtitle"])
        self.assertEqual(self._morning(self.second_manager)["waiting"], 0)
        sign_step(draft, "approve", self.manager)
        self.assertEqual(self._morning(self.manager)["waiting"], 0)

    def test_asked_of_nobody_by_name_it_waits_for_the_role(self):
        self._submit(self._create_draft())
        policy = self._create_draft(self._create_document("Policy", document_type="policy"))
        self._submit(policy)
        self.assertEqual(self._morning(self.manager)["waiting"], 1)
        self.assertEqual(self._morning(self.top)["waiting"], 2)
        for user in (self.officer, self.plain, self.certifier, self.hr):
            self.assertEqual(self._morning(user)["waiting"], 0, user.login)

    def test_nobody_is_asked_to_approve_his_own_words(self):
        self._submit(self._create_draft(author=self.manager, document=self._create_document(author=self.manager)))
        self.assertEqual(self._morning(self.manager)["waiting"], 0)
        self.assertEqual(self._morning(self.second_manager)["waiting"], 1)

    def test_the_request_to_decide_is_not_an_action_as_well(self):
        draft = self._create_draft(approver_id=self.manager.id)
        self._submit(draft)
        self.assertEqual(draft.activity_ids.user_id, self.manager)
        page = self._morning(self.manager)
        self.assertEqual((page["waiting"], page["start_here"]["key"]), (1, f"sqms.document.version,{draft.id}"))

    def test_any_model_with_a_signed_step(self):
        paper = self._create_paper("Contract", date_wanted=date(2026, 11, 24))
        self._create_paper("Still a draft", state="draft")
        mine = self._create_paper("My own")
        self.env.cr.execute("UPDATE sqms_fake_paper SET create_uid = %s WHERE id = %s", (self.manager.id, mine.id))
        page = self._morning(self.manager)
        self.assertEqual((page["waiting"], page["start_here"]["title"]), (1, "Contract"))
        self.assertEqual(page["start_here"]["subtitle"], "Fake Paper · Open")
        self.assertEqual(page["start_here"]["action"], {"res_model": "sqms.fake.paper", "res_id": paper.id})
        self.assertEqual(self._morning(self.officer)["waiting"], 0)

    # -- my actions ------------------------------------------------------------------

    def test_actions_are_those_of_the_quality_system(self):
        document = self._create_quiet()
        self._plan(document, self.plain, summary="Explain it to the desk")
        self._plan(document, self.officer, summary="Somebody else's")
        self._plan(self.env["res.partner"].create({"name": "Customer"}), self.plain, summary="Call back")
        page = self._morning(self.plain)
        self.assertEqual((page["waiting"], page["start_here"]["title"]), (1, "Explain it to the desk"))
        self.assertEqual(page["start_here"]["action"], {"res_model": "sqms.document", "res_id": document.id})
        self.env["mail.activity"].search([("summary", "=", "Explain it to the desk")]).action_done()
        self.assertEqual(self._morning(self.plain)["waiting"], 0)

    def test_the_list_of_actions_agrees_with_the_page(self):
        document = self._create_quiet()
        for number in range(7):
            self._plan(document, self.plain, summary=f"Step {number}")
        partner = self.env["res.partner"].create({"name": "Customer"})
        other = self._plan(partner, self.plain, summary="Call back")
        section = self._section(self.plain, "actions")
        action = self.env["ir.actions.act_window"]._for_xml_id(section["more"]["xmlid"])
        activities = self.env["mail.activity"].with_user(self.plain)
        found = activities.search([("user_id", "=", self.plain.id), ("is_quality_action", "=", True)])
        self.assertEqual((action["res_model"], len(found), section["count"]), ("mail.activity", 7, 7))
        self.assertEqual(set(found.mapped("is_quality_action")), {True})
        self.assertFalse(other.with_user(self.plain).is_quality_action)
        self.assertIn(other, activities.search([("user_id", "=", self.plain.id), ("is_quality_action", "!=", True)]))

    def test_actions_on_what_is_archived_or_closed_to_the_reader(self):
        paper = self._create_paper("Shelved")
        self._plan(paper, self.plain)
        self.assertEqual(self._morning(self.plain)["waiting"], 1)
        paper.active = False
        self.assertEqual(self._morning(self.plain)["waiting"], 0)
        draft = self._create_draft(self._create_document("Not in force"))
        self._plan(draft, self.plain)
        self.assertEqual(self._morning(self.plain)["waiting"], 0)

    # -- roles -----------------------------------------------------------------------

    def test_officer_sees_what_waits_for_others(self):
        draft = self._create_draft(approver_id=self.manager.id)
        self._submit(draft)
        self._ask_to_read("Refunds", 1)
        with freeze_time("2026-11-25 04:00:00"):
            page = self._morning(self.officer)
            self.assertEqual((page["waiting"], page["start_here"]), (0, False))
            review = self._section(self.officer, "in_review")
            self.assertEqual([item["title"] for item in review["items"]], [draft.display_name])
            self.assertIn(self.manager.name, review["items"][0]["subtitle"])
            late = self._section(self.officer, "late_readings")
            self.assertEqual((late["count"], late["items"][0]["badge"]["text"]), (1, "1 people late"))
            self.assertIsNotNone(self._section(self.top, "late_readings"))
            for user in (self.plain, self.hr, self.certifier):
                self.assertIsNone(self._section(user, "late_readings"), user.login)
                self.assertIsNone(self._section(user, "in_review"), user.login)
        self.assertIsNone(self._section(self.officer, "late_readings"), "nobody is late yet")
        self.assertEqual(self._titles(self.manager, "in_review"), [], "it waits for himself")

    def test_late_readings_are_counted_by_person(self):
        self.company.sqms_acknowledge_days = 1
        for title in ("One", "Two"):
            self._create_in_force(document=self._create_document(title))
        with freeze_time("2026-11-25 04:00:00"):
            late = self._section(self.officer, "late_readings")
            people = self.env["hr.employee"].search_count([("company_id", "=", self.company.id)])
            self.assertEqual((late["count"], len(late["items"])), (2 * people, 2))
            self.employee.active = False
            self.assertEqual(self._section(self.officer, "late_readings")["count"], 2 * people - 2)

    def test_top_and_certifier_see_what_is_new(self):
        edition = self._create_in_force()
        for user in (self.top, self.certifier):
            self.assertEqual(self._titles(user, "news"), [edition.display_name], user.login)
        self.assertIsNone(self._section(self.manager, "news"))
        with freeze_time("2026-12-24 04:00:00"):
            self.assertIsNone(self._section(self.certifier, "news"))

    def test_other_people_are_refused(self):
        self.portal.tz = "UTC"
        for user in (self.portal, self.public):
            with self.assertRaises(AccessError):
                self._morning(user)

    def test_another_company_is_not_seen(self):
        self._ask_to_read("Refunds", 1)
        self._create_paper("Ours")
        document = self._create_quiet()
        self._submit(self._create_draft())
        stranger = self._create_user("stranger", "sqms_base.group_sqms_manager", self.other_company)
        self._plan(document, stranger, summary="From the other side")
        theirs = self._create_paper("Theirs", self.other_company)
        with freeze_time("2026-11-27 04:00:00"):
            page = self._morning(stranger)
            self.assertEqual((page["waiting"], page["start_here"]["title"]), (1, theirs.name))
            self.assertEqual(page["sections"], [])
            # Of both companies, he sees the one that is ticked.
            stranger.company_ids |= self.company
            both = self._morning(stranger)["waiting"]
            ours = self._morning(stranger, allowed_company_ids=self.company.ids)["waiting"]
            self.assertEqual(both, ours + 1)
            self.assertNotIn("Theirs", str(self._morning(stranger, allowed_company_ids=self.company.ids)))

    def test_the_client_chooses_no_company_of_others(self):
        self._create_paper("Theirs", self.other_company)
        with self.assertRaises(AccessError):
            self._morning(self.manager, allowed_company_ids=self.other_company.ids)

    # -- the line below the name -----------------------------------------------------

    def test_place_and_working_hours(self):
        site = self.env["hr.work.location"].create(
            {
                "name": "Lisbon Riverside",
                "company_id": self.company.id,
                "address_id": self.company.partner_id.id,
                "location_type": "office",
            }
        )
        self.employee.work_location_id = site
        facts = self._morning(self.plain)["facts"]
        self.assertEqual(facts[0], "Monday, November 23, 2026")
        self.assertEqual(facts[1:3], ["Lisbon Riverside", "Desk North"])
        self.assertRegex(facts[3], r"^working until 5:00\WPM$")
        for moment, words in [
            ("2026-11-23 09:00:00", None),  # his day is over
            ("2026-11-22 04:00:00", "no working hours today"),  # Sunday
        ]:
            with freeze_time(moment):
                last = self._morning(self.plain)["facts"][-1]
                self.assertEqual(last, words or "Desk North")
        self.company.resource_calendar_id.schedule_type = "flexible"
        self.assertEqual(self._morning(self.plain)["facts"][-1], "Desk North")

    def test_somebody_without_an_employee_card(self):
        self.assertFalse(self.officer.employee_id)
        self.assertEqual(self._morning(self.officer)["facts"], ["Monday, November 23, 2026"])

    def test_greeting_of_the_hour(self):
        for hour, word in [(0, "morning"), (4, "afternoon"), (11, "evening"), (18, "evening"), (20, "morning")]:
            with freeze_time(datetime(2026, 11, 24, hour)):
                self.assertTrue(self._morning(self.plain)["greeting"].startswith(f"Good {word}"), hour)

    # -- the cost --------------------------------------------------------------------

    def test_twice_as_much_costs_the_same(self):
        user = self.manager
        user.group_ids |= self.env.ref("sqms_base.group_sqms_top")
        employee = self._create_employee("Manager", user_id=user.id, department_id=self.desk.id)
        for name, number in (("once", 8), ("twice", 16)):
            with self.subTest(name):
                before = self._morning(user)["waiting"]
                self._fill(employee, number)
                self.assertEqual(self._morning(user)["waiting"], before + 4 * number)
        # Warm caches, then the same page with 24 of each kind and with 48.
        counts = []
        for number in (0, 24):
            self._fill(employee, number)
            with freeze_time("2026-12-12 04:00:00"):
                self._morning(user)
                self.env.invalidate_all()
                start = self.env.cr.sql_log_count
                page = self._morning(user)
                counts.append(self.env.cr.sql_log_count - start)
                self.assertGreater(page["waiting"], 90)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 130)

    def _fill(self, employee, number):
        """So many readings, editions and papers to sign, actions; late and not."""
        for index in range(number):
            document = self._create_document(f"Rule {index}", audience="chosen", employee_ids=employee.ids)
            self.company.sqms_acknowledge_days = 1 + index
            self._approve(self._create_draft(document), approver=self.second_manager)
            self._plan(document, employee.user_id, date(2026, 11, 20 + index % 10))
            self._submit(self._create_draft(self._create_document(f"Draft {index}")))
            self._create_paper(f"Paper {index}")


@tagged("post_install", "-at_install")
class TestMorningSources(MorningCase):
    """What an addon builds its section with."""

    def test_a_moment_is_due_to_the_second(self):
        mornings = self.env["sqms.morning"].with_context(tz="Asia/Shanghai")
        item = mornings._morning_item(self.company, "Reply", None, due=datetime(2026, 11, 23, 9, 0))
        self.assertEqual((item["due"], item["date_only"]), ("2026-11-23T09:00:00Z", False))
        self.assertEqual(item["at"], datetime(2026, 11, 23, 9, 0))
        item = mornings._morning_item(self.company, "Read", None, due=date(2026, 11, 23))
        self.assertEqual((item["due"], item["date_only"]), ("2026-11-23", True))
        self.assertEqual(item["at"], datetime(2026, 11, 23, 16, 0))

    def test_a_closed_model_is_passed_over(self):
        self.env["ir.model.access"].search([("model_id.model", "=", "sqms.fake.paper")]).unlink()
        self._create_paper("Secret")
        self.assertEqual(self._morning(self.manager)["waiting"], 0)

    def test_a_field_with_moments_counts_today_by_the_instant(self):
        source = (
            self.env["sqms.morning"]
            .with_context(tz="Asia/Shanghai")
            ._morning_source("sqms.document.version", [], list, due="effective_from")
        )
        self.assertEqual(list(source.today), [("effective_from", "<", datetime(2026, 11, 23, 16, 0))])
        self.assertEqual(NOON, datetime(2026, 11, 23, 4, 0))

    def test_every_person_may_ask_and_the_request_writes_nothing(self):
        morning = self.env["sqms.morning"]
        self.assertTrue(morning.get_morning._readonly)
        user = new_test_user(self.env, "sqms_bare", groups="base.group_user")
        self.assertEqual(self._morning(user)["waiting"], 0)
