import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..lib import likeness
from .common import ComplaintCase
from .complaint_many import fill_complaints


@tagged("post_install", "-at_install", "sqms_alone")
class TestDuplicateCandidates(ComplaintCase):
    """What a complaint may be a duplicate of, and who is told."""

    def _candidates(self, user, **values):
        return self.env["helpdesk.ticket"].with_user(user).duplicate_candidates(values)

    def _ids(self, user, **values):
        return [row["id"] for row in self._candidates(user, **values)]

    def test_same_customer_same_order_same_words_come_first(self):
        same = self._create_complaint(complaint_service="Cleaning, order S00777")
        other = self._create_complaint(name="The cleaner came late", complaint_service="Window cleaning")
        found = self._candidates(
            self.agent, partner_id=self.customer.id, name="Double charge on order S00777", complaint_service=""
        )
        self.assertEqual([row["id"] for row in found], [same.id, other.id])
        first = found[0]
        self.assertEqual([reason["kind"] for reason in first["reasons"]], ["person", "reference", "words"])
        self.assertEqual(first["score"], sum(reason["points"] for reason in first["reasons"]))
        self.assertEqual(first["number"], same.number)
        self.assertEqual(found[1]["score"], 40, "the same person alone")

    def test_by_email_telephone_and_firm(self):
        firm = self.env["res.partner"].create({"name": "Office Ltd", "is_company": True})
        one, two = self.env["res.partner"].create([{"name": n, "parent_id": firm.id} for n in ("Ann", "Bo")])
        values = {"name": "Nobody came", "complaint_service": ""}
        by_mail = self._create_complaint(**values, partner_id=False, partner_email="Zhou@Example.com")
        by_phone = self._create_complaint(**values, partner_id=False, complaint_phone="+86 139-8765-4321")
        by_firm = self._create_complaint(**values, partner_id=one.id)
        typed = {"name": "x"}
        self.assertEqual(self._ids(self.agent, partner_email=" zhou@example.com", **typed), [by_mail.id])
        self.assertEqual(self._ids(self.agent, complaint_phone="13987654321", **typed), [by_phone.id])
        (row,) = self._candidates(self.agent, partner_id=two.id, **typed)
        self.assertEqual((row["id"], row["score"], row["reasons"][0]["kind"]), (by_firm.id, 30, "company"))

    def test_similar_words_chinese_too(self):
        chinese = self._create_complaint(partner_id=False, name="空调清洗后重复收费")
        english = self._create_complaint(partner_id=False, name="Technician broke the kitchen window")
        self.assertEqual(self._ids(self.agent, name="空调清洗重复收费"), [chinese.id])
        self.assertEqual(self._ids(self.agent, name="Technician broke kitchen windows"), [english.id])
        self.assertEqual(self._ids(self.agent, name="空调"), [], "a word in common is no likeness")

    def test_within_the_days_of_the_company_before_and_after(self):
        now = fields.Datetime.now()
        old = self._create_complaint(complaint_received_at=now - timedelta(days=31))
        near = self._create_complaint(complaint_received_at=now - timedelta(days=29))
        self.assertEqual(self._ids(self.agent, partner_id=self.customer.id), [near.id])
        self.assertEqual([row["id"] for row in old._duplicate_candidates()], [near.id], "also what came later")
        self.company.complaint_duplicate_days = 40
        self.assertEqual(set(self._ids(self.agent, partner_id=self.customer.id)), {near.id, old.id})

    def test_anonymous_ones_are_never_compared_by_person(self):
        values = {"name": "Secret", "partner_id": False, "partner_email": "hidden@example.com"}
        hidden = self._create_complaint(**values, complaint_is_anonymous=True)
        self.assertFalse(hidden.complaint_email_key or hidden.complaint_phone_key)
        self.assertEqual(self._ids(self.agent, partner_email="hidden@example.com", name="x"), [])
        known = self._create_complaint(**{**values, "name": "Something quite different"})
        self.assertEqual(hidden._duplicate_candidates(), [])
        self.assertEqual(
            self._ids(self.agent, partner_email="hidden@example.com", name="x", complaint_is_anonymous=True), []
        )
        known.complaint_is_anonymous = True
        self.assertFalse(known.complaint_email_key)
        had = self._create_complaint(complaint_is_anonymous=True, name="had a contact")
        self.assertNotIn(had.id, self._ids(self.agent, partner_id=self.customer.id, name="x"))

    def test_nobody_is_shown_what_he_may_not_read(self):
        secret = self._create_complaint(complaint_is_confidential=True, user_id=self.officer.id)
        other_team = self._create_complaint(team_id=self.other_team.id, user_id=False)
        asked = {"partner_id": self.customer.id, "name": "Double charge on order S00123"}
        self.assertEqual(self._ids(self.agent, **asked), [])
        self.assertEqual(self._ids(self.agent_all, **asked), [other_team.id])
        self.assertEqual(set(self._ids(self.officer, **asked)), {secret.id, other_team.id})
        with self.assertRaises(AccessError):
            self._candidates(self.agent, id=secret.id)
        self.assertEqual(self._ids(self.employee, **asked), [])
        for outside in (self.portal, self.public):
            with self.assertRaises(AccessError):
                self._candidates(outside, **asked)

    def test_other_companies_are_not_looked_at(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        team = self.env["helpdesk.ticket.team"].create({"name": "There", "company_id": company.id})
        there = self._create_complaint(team_id=team.id, user_id=False)
        self.assertEqual(there.company_id, company)
        asked = {"partner_id": self.customer.id, "name": "Double charge on order S00123"}
        self.assertEqual(self._ids(self.officer, **asked), [])
        self.assertEqual(self._ids(self.officer, **asked, company_id=company.id), [])
        self.assertEqual(self._ids(self.officer, **asked, team_id=team.id), [])
        here = self._create_complaint()
        self.assertEqual(here._duplicate_candidates(), [])

    def test_whatever_a_client_sends_is_answered(self):
        for values in (
            None, [], "x", {}, {"partner_id": "1; DROP"}, {"partner_id": -1}, {"partner_id": 2**40}, {"id": "x"},
            {"name": ["x"], "complaint_received_at": "never"}, {"partner_id": [10**6, "x"], "team_id": 10**6},
            {"name": "\x00%_\\", "complaint_phone": 7, "partner_email": {"a": 1}}, {"company_id": 10**6}, {"id": 10**6},
        ):  # fmt: skip
            self.assertIsInstance(self.env["helpdesk.ticket"].with_user(self.agent).duplicate_candidates(values), list)

    def test_told_apart_once_and_for_all(self):
        one, two = self._create_complaints(2)
        self.assertEqual([row["id"] for row in one._duplicate_candidates()], [two.id])
        one.with_user(self.agent).action_tell_apart(two.id)
        two.with_user(self.agent).action_tell_apart(one.id)
        self.assertEqual(one._duplicate_candidates() + two._duplicate_candidates(), [])
        pair = self.env["sqms.complaint.distinct"].search([("ticket_id", "=", one.id)])
        self.assertEqual((len(pair), pair.user_id), (1, self.agent))
        with self.assertRaises(AccessError):
            one.with_user(self.employee).action_tell_apart(two.id)
        with self.assertRaises(AccessError):
            self.env["sqms.complaint.distinct"].with_user(self.agent).create({"ticket_id": one.id, "other_id": two.id})
        two.complaint_is_confidential = True
        self.assertFalse(self.env["sqms.complaint.distinct"].with_user(self.certifier).search([]))

    def test_keys_are_filled_in_by_the_system(self):
        complaint = self._create_complaint(complaint_service="Cleaning S00456")
        self.assertEqual(
            (complaint.complaint_email_key, complaint.complaint_reference_key, complaint.complaint_product_key),
            ("wang.li@example.com", "s00456", "cleaning"),
        )
        ticket = self._create_ticket(name="Order S00456", partner_email="a@example.com")
        self.assertFalse(ticket.complaint_email_key or ticket.complaint_reference_key)
        ticket.action_register_complaint()
        self.assertEqual(ticket.complaint_reference_key, "s00456")

    def test_likeness_of_latin_words_is_that_of_postgresql(self):
        if not self.env.registry.has_trigram:
            self.skipTest("pg_trgm is not installed")
        chance = random.Random(7)
        words = ["double", "charge", "order", "late", "S123", "cleaner", "the", "a", "windows"]
        for _turn in range(100):
            one, other = (" ".join(chance.choices(words, k=chance.randint(1, 5))) for _both in range(2))
            ((theirs,),) = self.env.execute_query(SQL("SELECT similarity(%s, %s)", one, other))
            self.assertAlmostEqual(likeness.likeness(likeness.pieces(one), likeness.pieces(other)), theirs, 5)

    def test_a_few_questions_however_many_there_are(self):
        def ask():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._candidates(
                self.agent, partner_id=self.customer.id, name="Double charge on order S00123", partner_email="a@b.cn"
            )
            return self.cr.sql_log_count - before

        self._create_complaints(3)
        ask()
        few = ask()
        self._create_complaints(40)
        ask()  # what is known of users and rules is looked up anew
        self.assertEqual(ask(), few)

    def test_each_way_is_read_from_its_index(self):
        """Among many complaints each branch is read from its own index, and the table is never read through."""
        complaint = self._create_complaint(complaint_phone="13812345678")
        fill_complaints(self.env, complaint, 5000, days=60)
        query = complaint.with_user(self.agent)._duplicate_query(complaint._duplicate_asked(None))
        plan = "\n".join(row for (row,) in self.env.execute_query(SQL("EXPLAIN %s", query)))
        for index in (
            "_commercial_partner_id_index", "complaint_email_idx", "complaint_phone_idx", "complaint_reference_idx",
            "complaint_register_idx",
        ):  # fmt: skip
            self.assertIn(index, plan)
        self.assertNotIn("Seq Scan on helpdesk_ticket", plan)
        same = self._create_complaint()
        self.assertEqual(complaint._duplicate_candidates()[0]["id"], same.id)
