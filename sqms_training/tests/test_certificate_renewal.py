import random
from datetime import date, timedelta

import psycopg2
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, Form, tagged
from odoo.tools import mute_logger

from ..lib.validity import last_day, next_validity, whole_months
from .common import CertificateCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestValidityChain(BaseCase):
    """Dates of renewals, held against a twin that always counts from the first day of the chain."""

    def test_a_chain_never_drifts_whenever_within_grace_it_is_renewed(self):
        dice = random.Random(20261123)
        for _turn in range(400):
            first = date(2020, 1, 1) + timedelta(days=dice.randint(0, 2000))
            months, grace = dice.choice([1, 2, 3, 6, 12, 18, 24, 36, 60]), dice.choice([0, 1, 14, 30, 90])
            named = dice.choice([0, months])
            valid_from, valid_to, anchor = first, last_day(first, months), first.day
            for turn in range(1, 25):
                today = valid_to + timedelta(days=dice.randint(-60, grace))
                valid_from, valid_to = next_validity(valid_from, valid_to, today, grace, named, anchor)
                self.assertEqual(valid_from, first + relativedelta(months=turn * months), (first, months, turn))
                self.assertEqual(valid_to + timedelta(days=1), first + relativedelta(months=(turn + 1) * months))

    def test_one_day_after_grace_the_chain_begins_anew_and_the_gap_stays(self):
        dice = random.Random(7)
        for _turn in range(300):
            first = date(2020, 1, 1) + timedelta(days=dice.randint(0, 2000))
            months, grace = dice.randint(1, 36), dice.choice([0, 1, 14, 90])
            end = last_day(first, months)
            late = end + timedelta(days=max(grace, 1) + dice.randint(1, 50))
            start, last = next_validity(first, end, late, grace, 0, first.day)
            self.assertEqual((start, last), (late, late + relativedelta(months=months) - timedelta(days=1)))

    def test_whole_months_are_those_of_the_calendar(self):
        dice = random.Random(11)
        for _turn in range(500):
            start = date(2023, 1, 1) + timedelta(days=dice.randint(0, 1500))
            end = start + timedelta(days=dice.randint(0, 1200))
            twin = [n for n in range(1, 60) if start + relativedelta(months=n) == end + timedelta(days=1)]
            self.assertEqual(whole_months(start, end), twin[0] if twin else 0, (start, end))

    def test_days_that_make_no_months_are_repeated_as_days(self):
        start, end = date(2026, 1, 1), date(2026, 1, 10)
        for _turn in range(10):
            start, end = next_validity(start, end, end)
            self.assertEqual((end - start).days, 9)
        self.assertEqual(start, date(2026, 1, 1) + timedelta(days=100))


@tagged("post_install", "-at_install")
class TestCertificateRenewal(CertificateCase):
    """Chains in the register."""

    def _renew_on(self, row, day, **values):
        """Renew as HR does: by the dates that the dialog offers."""
        with freeze_time(f"{day} 04:00:00"):
            wizard = self.env["sqms.certificate.renew"].with_user(self.hr)
            wizard = Form(wizard.with_context(**row.with_user(self.hr).action_renew()["context"]))
            for name, value in values.items():
                wizard[name] = value
            return self.env["hr.employee.skill"].browse(wizard.save().action_apply()["res_id"])

    def test_five_years_of_lateness_within_grace_do_not_move_the_dates(self):
        self.certification.write({"validity_months": 12, "grace_days": 30})
        row = first = self._create_certificate(valid_from=date(2024, 2, 29), valid_to=date(2025, 2, 27))
        for year, late in ((2025, 29), (2026, -40), (2027, 30), (2028, 0)):
            row = self._renew_on(row, row.valid_to + timedelta(days=late))
            self.assertEqual(row.valid_from, date(2024, 2, 29) + relativedelta(years=year - 2024))
        self.assertEqual((row.valid_from, row.valid_to), (date(2028, 2, 29), date(2029, 2, 27)))
        self.assertEqual(len(row.chain_ids), 5)
        self.assertEqual(row.chain_ids[0], first)
        self.assertEqual(row.chain_ids, first.chain_ids)
        starts = row.chain_ids.mapped("valid_from")
        self.assertEqual(starts, sorted(starts))

    def test_after_grace_the_gap_stays_visible(self):
        self.certification.write({"grace_days": 10})
        old = self._create_certificate(valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
        new = self._renew_on(old, date(2026, 1, 11))
        self.assertEqual((new.valid_from, new.valid_to), (date(2026, 1, 11), date(2027, 1, 10)))
        for day, state in ((date(2025, 12, 31), "expiring"), (date(2026, 1, 1), "expired")):
            self.assertEqual(old.with_context(as_of=day).certificate_state, state)
        self.assertEqual(new.with_context(as_of=date(2026, 1, 10)).certificate_state, "upcoming")

    def test_the_type_names_how_long_and_the_form_offers_it(self):
        self.certification.validity_months = 24
        old = self._create_certificate(valid_from=date(2025, 7, 1), valid_to=date(2025, 12, 31))
        new = self._renew_on(old, date(2025, 12, 1))
        self.assertEqual((new.valid_from, new.valid_to), (date(2026, 1, 1), date(2027, 12, 31)))
        form = Form(
            self.env["hr.employee.skill"].with_user(self.hr).with_context(certificate_skill=True),
            "sqms_training.hr_employee_skill_view_form_certificate",
        )
        form.employee_id, form.skill_type_id, form.skill_id = self.other, self.certification, self.gas
        form.valid_from = date(2026, 7, 1)
        self.assertEqual(form.valid_to, date(2028, 6, 30))
        form.valid_to = date(2027, 6, 30)
        self.assertEqual(form.save().valid_to, date(2027, 6, 30), "what HR types counts")

    def test_terms_are_sane(self):
        for values in ({"validity_months": -1}, {"grace_days": -1}, {"grace_days": 9999}):
            with (
                self.subTest(values),
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.certification.write(values)
                self.env.flush_all()

    def test_a_correction_is_part_of_the_chain_and_moves_nothing(self):
        old = self._create_certificate(valid_from=date(2025, 1, 31), valid_to=date(2025, 2, 27))
        old._revoke("Wrong issuer")
        right = self._renew_on(old, date(2025, 2, 1), issuer="Right office")
        self.assertEqual((right.valid_from, right.valid_to), (old.valid_from, old.valid_to))
        new = self._renew_on(right, date(2025, 2, 20))
        self.assertEqual((new.valid_from, new.valid_to), (date(2025, 2, 28), date(2025, 3, 30)))
        self.assertEqual(new.chain_ids, old + right + new)

    def test_a_chain_is_read_by_one_query_and_by_readers_alone(self):
        rows = self.env["hr.employee.skill"]
        for number in range(6):
            old = self._create_certificate(-400 + number, 20 + number)
            old._renew({"valid_from": old.valid_to + timedelta(days=1), "valid_to": old.valid_to + timedelta(days=300)})
            rows += old
        lonely = self._create_certificate(-300, 300, employee_id=self.other.id)
        self.assertFalse(lonely.chain_ids)

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.with_user(self.hr).mapped("chain_ids")
            return self.cr.sql_log_count - before

        queries(rows[:1])
        self.assertEqual(queries(rows[:3]), queries(rows))
        self.assertEqual(len(rows[0].with_user(self.certifier).chain_ids), 2)
        for user in (self.user, self.colleague):
            with self.assertRaises(AccessError):
                rows[0].with_user(user).read(["chain_ids"])

    def test_two_at_once_are_one(self):
        old = self._create_certificate()
        old._renew({"valid_from": self.today, "valid_to": False})
        with self.assertRaisesRegex(UserError, "already replaced"):
            old._renew({"valid_from": self.today + timedelta(days=1), "valid_to": False})
