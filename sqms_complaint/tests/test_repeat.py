import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.helpdesk_ticket_import import importing
from .common import ComplaintCase


class RepeatCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.other_category = cls.env["sqms.complaint.category"].create({"name": "Staff"})
        cls.stranger = cls.env["res.partner"].create({"name": "Zhao", "email": "zhao@example.com"})

    def _complaint(self, days_ago=0, **values):
        return self._create_complaint(
            **{
                "complaint_received_at": self.now - timedelta(days=days_ago),
                "complaint_category_id": self.category.id,
                "user_id": False,
                **values,
            }
        )

    def _row(self, complaint):
        return (complaint.complaint_is_repeat, complaint.complaint_repeat_number, complaint.complaint_repeat_of_id)


@tagged("post_install", "-at_install", "sqms_alone")
class TestRepeat(RepeatCase):
    """The same customer about the same category again (C-09)."""

    def test_second_and_third_within_ninety_days(self):
        none = self.env["helpdesk.ticket"]
        first, second, third = (self._complaint(days) for days in (89, 10, 0))
        self.assertEqual(self._row(first), (False, 0, none))
        self.assertEqual(self._row(second), (True, 2, first))
        self.assertEqual(self._row(third), (True, 3, second))
        self.assertEqual(third.complaint_repeat_words, "3rd about the same")
        self.assertEqual(set(third.action_open_repeats()["domain"][0][2]), {first.id, second.id, third.id})
        self.assertEqual(self._row(self._complaint(0, complaint_category_id=self.other_category.id))[0], False)
        self.assertEqual(self._row(self._complaint(0, partner_id=self.stranger.id))[0], False)
        self.assertEqual(self._row(self._complaint(0, complaint_category_id=False))[0], False)
        by_mail = self._complaint(0, partner_id=False, partner_email="Wang.Li@Example.com")
        self.assertEqual(self._row(by_mail)[1], 4)

    def test_on_the_ninetieth_day_and_after(self):
        first = self._complaint(90)
        self.assertEqual(self._row(self._complaint())[2], first)
        old = self._complaint(91, partner_id=self.stranger.id)
        self.assertFalse(self._row(self._complaint(partner_id=self.stranger.id))[2])
        self.company.complaint_repeat_days = 91
        self.assertEqual(self._row(self._complaint(partner_id=self.stranger.id))[1], 3)
        self.assertFalse(self._row(old)[0])

    def test_what_comes_to_light_later_counts_for_those_after_it(self):
        first = self._complaint(20, complaint_category_id=False)
        second = self._complaint(10)
        self.assertFalse(self._row(second)[0])
        first.complaint_category_id = self.category
        self.assertEqual(self._row(second), (True, 2, first))
        first.partner_id = self.stranger
        self.assertTrue(self._row(second)[0], "the address is still the same")
        first.partner_email = self.stranger.email
        self.assertFalse(self._row(second)[0])
        first.write({"partner_id": self.customer.id, "partner_email": self.customer.email})
        self.assertTrue(self._row(second)[0])
        first.unlink()
        self.assertFalse(self._row(second)[0])

    def test_registered_tickets_anonymous_and_merged_ones(self):
        ticket = self._create_ticket(complaint_category_id=self.category.id)
        ticket.action_register_complaint()
        later = self._complaint()
        earlier, later = (
            (ticket, later) if ticket.complaint_received_at <= later.complaint_received_at else (later, ticket)
        )
        self.assertEqual(self._row(later)[:2], (True, 2))
        anonymous = self._complaint(complaint_is_anonymous=True)
        self.assertFalse(self._row(anonymous)[0])
        third = self._complaint()
        self.assertEqual(self._row(third)[1], 3)
        later._merge_into(earlier, "same")
        self.assertEqual(self._row(later)[0], False)
        self.assertEqual(self._row(third)[1:], (2, earlier))
        later._merge_undo("no")
        self.assertEqual(self._row(later)[:2], (True, 2))
        self.assertEqual(self._row(third)[1], 3)

    def test_nobody_writes_it(self):
        complaint = self._complaint()
        for values in (
            {"complaint_is_repeat": True}, {"complaint_repeat_number": 5},
            {"complaint_repeat_of_id": complaint.id}, {"complaint_systemic_id": False},
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                complaint.with_user(self.officer).write(values)
        with self.assertRaises(AccessError):
            self._complaint(complaint_is_repeat=True)
        with self.assertRaises(AccessError):
            self.env["helpdesk.ticket"].with_context(default_complaint_repeat_number=2).create(
                self._prepare_complaint_values()
            )

    def test_as_a_slow_and_simple_count_says(self):
        """Complaints at random, changed at random; the column against a count by hand."""
        chance = random.Random(5)
        people, categories = (self.customer, self.stranger), (self.category, self.other_category)

        def values():
            person = chance.choice(people)
            return {
                "partner_id": person.id,
                "partner_email": person.email,
                "complaint_category_id": chance.choice(categories).id,
                "complaint_received_at": self.now - timedelta(days=chance.randint(0, 200)),
            }

        complaints = self.env["helpdesk.ticket"].create(
            [self._prepare_complaint_values(user_id=False, **values()) for _number in range(25)]
        )
        for _turn in range(10):
            chance.choice(complaints).write(values())
        for complaint in complaints:
            before = complaints.filtered(
                lambda other, one=complaint: (
                    other.partner_id == one.partner_id
                    and other.complaint_category_id == one.complaint_category_id
                    and (other.complaint_received_at, other.id) < (one.complaint_received_at, one.id)
                    and other.complaint_received_at >= one.complaint_received_at - timedelta(days=90)
                )
            ).sorted(lambda other: (other.complaint_received_at, other.id))
            self.assertEqual(self._row(complaint), (bool(before), len(before) + 1 if before else 0, before[-1:]))

    def test_costs_two_questions_however_many(self):
        def create(number, **values):
            vals_list = [self._prepare_complaint_values(user_id=False, **values) for _number in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["helpdesk.ticket"].create(vals_list)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        self.company.complaint_systemic_count = 1000
        given = {"complaint_category_id": self.category.id}
        create(1), create(1, **given)
        # one to look up the category, one to count repeats, one to see whether there are many
        self.assertLessEqual(create(1, **given) - create(1), 4)
        self.assertLessEqual(create(40, **given) - create(20, **given), create(40) - create(20))


@tagged("post_install", "-at_install", "sqms_alone")
class TestSystemic(RepeatCase):
    """Many complaints about the same raise one nonconformity."""

    def _raised(self):
        return self.env["sqms.nonconformity"].search([("complaint_group_key", "!=", False)], order="id")

    def _run(self):
        self.env["helpdesk.ticket"]._cron_raise_systemic()
        self.env.invalidate_all()

    def setUp(self):
        super().setUp()
        self.called_before = self._calls()

    def _calls(self):
        cron = self.env.ref("sqms_complaint.ir_cron_systemic")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def _pending(self):
        return self._calls() - self.called_before

    def _people(self, number):
        return self.env["res.partner"].create([{"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(number)])

    def test_the_third_raises_one_further_ones_join_it_until_it_is_closed(self):
        people, told = self._people(8), self._pending()
        complaints = [self._complaint(partner_id=person.id) for person in people[:2]]
        self.assertEqual(self._pending(), told)
        complaints.append(self._complaint(partner_id=people[2].id))
        self.assertEqual(self._pending(), told + 1, "the job is called")
        self._run()
        nonconformity = self._raised()
        self.assertEqual(len(nonconformity), 1)
        self.assertEqual(set(nonconformity._source_keys()), {("helpdesk.ticket", one.id) for one in complaints})
        self.assertIn("3 complaints about Billing", nonconformity.name)
        self.assertEqual(nonconformity.grade, "major")
        self.assertNotIn("Double charge", nonconformity.name)
        quality = self._create_user(
            "systemic_quality", "sqms_base.group_sqms_officer,helpdesk_mgmt.group_helpdesk_user"
        )
        self.assertEqual(complaints[0].with_user(quality).complaint_nonconformity_count, 1)
        edges = {(edge["source"], edge["target"]) for edge in complaints[1].with_user(quality).trace()["edges"]}
        self.assertIn((f"helpdesk.ticket,{complaints[1].id}", f"sqms.nonconformity,{nonconformity.id}"), edges)
        fourth = self._complaint(partner_id=people[3].id)
        self._run()
        self._run()
        self.assertEqual(self._raised(), nonconformity)
        self.assertEqual(fourth.complaint_systemic_id, nonconformity)
        self.assertEqual(nonconformity.source_count, 4)
        self.cr.execute("ALTER TABLE sqms_nonconformity DISABLE TRIGGER USER")
        self.cr.execute("UPDATE sqms_nonconformity SET state = 'closed' WHERE id = %s", [nonconformity.id])
        self.env.invalidate_all()
        for person in people[4:6]:
            self._complaint(partner_id=person.id)
        self._run()
        self.assertEqual(self._raised(), nonconformity, "three new ones, not one")
        self._complaint(partner_id=people[6].id)
        self._run()
        self.assertEqual(len(self._raised()), 2)

    def test_by_category_and_service_and_within_the_days(self):
        self._complaint(complaint_service="Window cleaning, order S00881")
        self._complaint(complaint_service="Window cleaning, order S00882")
        self._complaint(complaint_service="Moving")
        self._complaint()
        self._complaint(complaint_category_id=self.other_category.id)
        self._complaint(100, complaint_service="Window cleaning")
        self._run()
        self.assertFalse(self._raised())
        self.category.is_safety = True
        self._complaint(complaint_service="window cleaning: order S00883")
        self._run()
        nonconformity = self._raised()
        self.assertIn("window cleaning", nonconformity.name)
        self.assertEqual((nonconformity.source_count, nonconformity.grade), (3, "critical"))

    def test_import_merged_ones_and_the_setting(self):
        with importing():
            imported = [self._complaint() for _number in range(3)]
        self.assertFalse(self._pending())
        run = self.env["sqms.import.run"].search([], limit=1)
        if run:
            self.cr.execute(
                "UPDATE helpdesk_ticket SET complaint_import_run_id = %s WHERE id = ANY(%s)",
                [run.id, [one.id for one in imported]],
            )
        else:
            self.cr.execute("DELETE FROM helpdesk_ticket WHERE id = ANY(%s)", [[one.id for one in imported]])
        self.env.invalidate_all()
        first, second = self._complaint(1), self._complaint()
        second._merge_into(first, "same")
        self._complaint()
        self._run()
        self.assertFalse(self._raised())
        self.company.complaint_systemic_count = 0
        for _number in range(3):
            self._complaint()
        self._run()
        self.assertFalse(self._raised())
        self.company.complaint_systemic_count = 2
        self._run()
        self.assertEqual(len(self._raised()), 1)

    def test_each_company_its_own(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        team = self.env["helpdesk.ticket.team"].create({"name": "There", "company_id": company.id})
        for _number in range(2):
            self._complaint()
            self._complaint(team_id=team.id)
        self._run()
        self.assertFalse(self._raised())
        self._complaint(team_id=team.id)
        self._run()
        self.assertEqual(self._raised().company_id, company)

    def test_one_that_fails_does_not_hold_the_others(self):
        for category in (self.category, self.other_category):
            for _number in range(3):
                self._complaint(complaint_category_id=category.id)
        Nonconformity = type(self.env["sqms.nonconformity"])
        create_from = Nonconformity.create_from

        def fails(self, record, **values):
            if "Billing" in values["name"]:
                raise ValueError("broken")
            return create_from(self, record, **values)

        self.patch(Nonconformity, "create_from", fails)
        with self.assertLogs("odoo.addons.sqms_complaint.models.helpdesk_ticket_systemic", "ERROR"):
            self._run()
        self.assertEqual(len(self._raised()), 1)
        self.assertIn("Staff", self._raised().name)
