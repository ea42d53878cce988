import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..lib.validity import state_on
from .common import CertificateCase

STATES = ("valid", "expiring", "expired", "revoked", "upcoming")


@tagged("post_install", "-at_install")
class TestCertificateState(CertificateCase):
    """Python, search, order and group must agree on every day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dice = random.Random(20261123)
        rows = []
        for number in range(120):
            first = dice.randint(-400, 120)
            last = dice.choice([None, first, *(dice.randint(first, first + 500) for _ in range(4))])
            rows.append(cls._values(first, last, issuer=f"row {number}"))
        cls.rows = cls.env["hr.employee.skill"].create(rows + cls._border_rows())
        cls.skill = cls._create_skill()
        for row in dice.sample(list(cls.rows), 25):
            revoked_on = cls.today + timedelta(days=dice.randint(-60, 0))
            cls.env.cr.execute(SQL("UPDATE hr_employee_skill SET revoked_on = %s WHERE id = %s", revoked_on, row.id))
        cls.env.invalidate_all()

    @classmethod
    def _border_rows(cls):
        """Every day around each border."""
        borders = [(-500, last) for last in (-2, -1, 0, 1, 2, 88, 89, 90, 91, 92)]
        borders += [(first, 600) for first in (-2, -1, 0, 1, 2)]
        return [cls._values(first, last, skill_id=cls.power.id, skill_level_id=cls.full.id) for first, last in borders]

    def _brute_force(self, row, day, named):
        revoked = row.revoked_on and (not named or row.revoked_on <= day)
        return state_on(day, row.valid_from, row.valid_to, revoked)

    def _assert_agree(self, rows, day, named):
        expected = {row.id: self._brute_force(row, day, named) for row in rows}
        self.assertEqual({row.id: row.certificate_state for row in rows}, expected)
        everything = [("id", "in", (rows + self.skill).ids)]
        for state in STATES:
            ids = {id_ for id_, found in expected.items() if found == state}
            self.assertEqual(set(rows.search([*everything, ("certificate_state", "=", state)]).ids), ids, state)
            others = set(expected) - ids
            found = rows.search([*everything, ("certificate_state", "!=", state), ("is_certification", "=", True)])
            self.assertEqual(set(found.ids), others, state)
        self.assertEqual(rows.search([*everything, ("certificate_state", "=", False)]), self.skill)
        groups = dict(rows._read_group([("id", "in", rows.ids)], ["certificate_state"], ["id:array_agg"]))
        grouped = {id_: state for state, ids in groups.items() for id_ in ids}
        self.assertEqual(grouped, expected)

    def test_all_paths_agree_today(self):
        self._assert_agree(self.rows, self.today, False)

    def test_all_paths_agree_as_of_any_day(self):
        for offset in (-401, -100, -61, -30, -1, 0, 1, 29, 30, 31, 89, 90, 91, 200):
            day = self.today + timedelta(days=offset)
            with self.subTest(offset):
                self._assert_agree(self.rows.with_context(as_of=day), day, True)
                self._assert_agree(self.rows.with_context(as_of=str(day)), day, True)

    def test_the_cache_keeps_days_apart(self):
        row = self._create_certificate(0, 10)
        self.assertEqual(row.certificate_state, "expiring")
        self.assertEqual(row.with_context(as_of=self.today + timedelta(days=11)).certificate_state, "expired")
        self.assertEqual(row.with_context(as_of=self.today - timedelta(days=1)).certificate_state, "upcoming")
        self.assertEqual(row.certificate_state, "expiring")

    def test_the_day_is_that_of_the_reader(self):
        """At 17:00 UTC it is tomorrow in Shanghai and today in Paris."""
        row = self._create_certificate(skill_id=self.power.id, valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))
        with freeze_time("2026-06-30 17:00:00"):
            for tz, state in (("Asia/Shanghai", "expired"), ("Europe/Paris", "expiring"), ("UTC", "expiring")):
                here = row.with_context(tz=tz)
                self.assertEqual(here.certificate_state, state, tz)
                self.assertEqual(here.search([("id", "=", row.id), ("certificate_state", "=", state)]), row, tz)

    def test_before_the_revocation_it_was_valid(self):
        with freeze_time("2026-03-10 23:30:00"):  # the 11th in Shanghai
            row = self._create_certificate(
                skill_id=self.power.id, valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1)
            )
            row._revoke("found out")
            self.assertEqual(row.certificate_state, "revoked")
        self.assertEqual(row.revoked_on, date(2026, 3, 11))
        for day, state in (
            (date(2026, 3, 10), "valid"),
            (date(2026, 3, 11), "revoked"),
            (date(2026, 12, 1), "revoked"),
        ):
            self.assertEqual(row.with_context(as_of=day).certificate_state, state, day)

    def test_a_grouped_read_sees_what_was_written_a_moment_ago(self):
        row = self._create_certificate(0, 300, skill_id=self.power.id)
        rows = self.env["hr.employee.skill"]
        self.assertEqual(rows._read_group([("id", "=", row.id)], ["certificate_state"]), [("valid",)])
        row._revoke("now")
        self.assertEqual(rows._read_group([("id", "=", row.id)], ["certificate_state"]), [("revoked",)])

    def test_what_needs_a_hand_stands_on_top(self):
        rows = self.rows.search([("id", "in", self.rows.ids)], order="certificate_state, valid_to")
        order = ["expired", "revoked", "expiring", "upcoming", "valid"]
        ranks = [order.index(row.certificate_state) for row in rows]
        self.assertEqual(ranks, sorted(ranks))
        back = self.rows.search([("id", "in", self.rows.ids)], order="certificate_state desc")
        self.assertEqual(back[0].certificate_state, "valid")

    def test_lists_group_filter_and_count_by_it(self):
        rows = self.env["hr.employee.skill"].with_user(self.hr)
        description = rows.fields_get(["certificate_state", "department_id"])
        for name in ("certificate_state", "department_id"):
            self.assertTrue(
                description[name]["sortable"] and description[name]["groupable"] and description[name]["searchable"]
            )
        panel = rows.search_panel_select_multi_range(
            "certificate_state", enable_counters=True, search_domain=[("id", "in", self.rows.ids)]
        )
        counted = {value["id"]: value["__count"] for value in panel["values"]}
        expected = {}
        for row in self.rows:
            expected[row.certificate_state] = expected.get(row.certificate_state, 0) + 1
        self.assertEqual({state: count for state, count in counted.items() if count}, expected)
        groups = rows.web_read_group([("id", "in", self.rows.ids)], ["department_id", "certificate_state"], ["__count"])
        self.assertTrue(groups["groups"])

    def test_words(self):
        cases = ((0, "Expires today"), (7, "Expires in 7 d"), (-3, "Expired 3 d ago"), (300, "Valid"), (None, "Valid"))
        for last, words in cases:
            self.assertEqual(self._create_certificate(-777, last, skill_id=self.power.id).certificate_label, words)

    def test_a_skill_has_no_certificate_state(self):
        self.assertFalse(self.skill.certificate_state or self.skill.certificate_label or self.skill.certificate_days)

    def test_nonsense_days_are_refused_in_words(self):
        for nonsense in ("yesterday", "2026-13-40", 7, ["2026-01-01"], {"a": 1}):
            with self.subTest(nonsense), self.assertRaises(UserError):
                self.rows[0].with_context(as_of=nonsense).search([("certificate_state", "=", "valid")])

    def test_nonsense_values_find_nothing(self):
        rows = self.env["hr.employee.skill"]
        self.assertFalse(rows.search([("certificate_state", "=", "splendid")]))
        self.assertFalse(rows.search([("certificate_state", "in", [])]))

    def test_reading_states_costs_the_same_for_any_number(self):
        def queries(rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows.with_user(self.hr).web_search_read(
                [("id", "in", rows.ids)],
                {
                    "employee_id": {},
                    "number": {},
                    "certificate_state": {},
                    "certificate_label": {},
                    "has_proof": {},
                    "is_covered": {},
                },
                order="certificate_state, valid_to",
            )
            return self.cr.sql_log_count - before

        queries(self.rows[:1])
        self.assertEqual(queries(self.rows[:5]), queries(self.rows))


@tagged("post_install", "-at_install")
class TestCertificateCovered(CertificateCase):
    def _covered(self, row):
        found = bool(row.search([("id", "=", row.id), ("is_covered", "=", True)]))
        self.assertEqual(row.is_covered, found)
        self.assertNotEqual(found, bool(row.search([("id", "=", row.id), ("is_covered", "=", False)])))
        return found

    def test_the_day_after_covers_a_gap_does_not(self):
        for start, covered in ((39, True), (41, True), (42, False)):
            with self.subTest(start), self.cr.savepoint() as savepoint:
                row = self._create_certificate(-300, 40)
                self._create_certificate(start, 400)
                self.assertEqual(self._covered(row), covered)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_an_expired_one_is_covered_by_one_that_runs_today(self):
        row = self._create_certificate(-500, -100)
        self.assertFalse(self._covered(row))
        running = self._create_certificate(-10, 300)
        self.assertTrue(self._covered(row))
        running._revoke("wrong")
        self.assertFalse(self._covered(row))

    def test_lower_level_other_skill_other_person_do_not_cover(self):
        row = self._create_certificate(-300, 40, skill_level_id=self.full.id)
        self._create_certificate(41, 400)
        self._create_certificate(41, 400, skill_level_id=self.full.id, skill_id=self.power.id)
        self._create_certificate(41, 400, skill_level_id=self.full.id, employee_id=self.other.id)
        self.assertFalse(self._covered(row))
        self._create_certificate(41, None, skill_level_id=self.full.id)
        self.assertTrue(self._covered(row))

    def test_a_higher_level_covers(self):
        row = self._create_certificate(-300, 40)
        self._create_certificate(-5, 400, skill_level_id=self.full.id)
        self.assertTrue(self._covered(row))

    def test_a_revoked_one_is_covered_by_its_correction(self):
        row = self._create_certificate(-300, 40)
        row._revoke("typo")
        self.assertFalse(self._covered(row))
        self._create_certificate(-300, 40)
        self.assertTrue(self._covered(row))

    def test_covered_agrees_with_brute_force(self):
        dice = random.Random(7)
        rows = self.env["hr.employee.skill"]
        for _number in range(60):
            first = dice.randint(-200, 100)
            values = self._values(
                first,
                dice.choice([None, dice.randint(first, first + 250), dice.randint(first, first + 250)]),
                skill_id=dice.choice([self.gas, self.power]).id,
                skill_level_id=dice.choice([self.basic, self.full]).id,
            )
            if not rows.filtered_domain(
                [(name, "=", value) for name, value in values.items() if name != "skill_type_id"]
            ):
                rows |= rows.create(values)
        rows[::7]._revoke("every seventh")
        expected = rows.filtered(lambda row: any(self._covers(other, row) for other in rows - row))
        self.assertTrue(expected and rows - expected)
        self.assertEqual(rows.search([("id", "in", rows.ids), ("is_covered", "=", True)]), expected.sorted())
        self.assertEqual(rows.filtered("is_covered"), expected)

    def _covers(self, other, row):
        if other.skill_id != row.skill_id or other.revoked_on:
            return False
        if other.skill_level_id.level_progress < row.skill_level_id.level_progress:
            return False
        if row.revoked_on:
            return not other.valid_to or other.valid_to >= self.today
        if not row.valid_to:
            return False
        in_time = other.valid_from <= max(row.valid_to + timedelta(days=1), self.today)
        return in_time and (not other.valid_to or other.valid_to > row.valid_to)
