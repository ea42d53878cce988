import random
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from .nonconformity_common import NonconformityCase

DAY = timedelta(days=1)


@tagged("post_install", "-at_install", "sqms_alone")
class TestNonconformityRecurrence(NonconformityCase):
    """Found again: by the same kind of root cause in the same process, within the twelve months before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sqms.nonconformity"].search([]).invalidate_recordset()

    def _add(self, found_at, kinds=None, **values):
        nc = self._create_nc(found_at=found_at, **values)
        for kind in self.kind if kinds is None else kinds:
            self._create_cause(nc, type_id=kind.id, name=kind.name)
        return nc

    def test_third_in_twelve_months(self):
        first = self._add(datetime(2026, 3, 1))
        self.assertEqual((first.recurrence_count, first.recurrence_words), (0, False))
        second = self._add(datetime(2026, 5, 1))
        third = self._add(datetime(2026, 7, 1))
        self.assertEqual([nc.recurrence_count for nc in (first, second, third)], [0, 1, 2])
        self.assertEqual((third.recurrence_words, third.recurrence_total), ("3rd in 12 months", 3))
        self.assertEqual(self.env["sqms.nonconformity"].browse(third.action_recurrences()["domain"][0][2]),
                         first | second | third)  # fmt: skip
        # What comes in later but happened before is counted where it belongs.
        self._add(datetime(2026, 4, 1))
        self.assertEqual([nc.recurrence_count for nc in (first, second, third)], [0, 2, 3])
        # A kind that is taken back, a process that was wrong, a date that was wrong.
        first.cause_ids.type_id = self.other_kind
        self.assertEqual([nc.recurrence_count for nc in (second, third)], [1, 2])
        second.process_id = self.other_process
        self.assertEqual([nc.recurrence_count for nc in (second, third)], [0, 1])
        third.found_at = datetime(2026, 3, 15)
        self.assertEqual(third.recurrence_count, 0)
        third.cause_ids.unlink()
        self.assertEqual(third.recurrence_count, 0)

    def test_the_edges_of_twelve_months(self):
        for later, edge in (
            (datetime(2026, 11, 20, 10), datetime(2025, 11, 20, 10)),
            (datetime(2024, 2, 29, 8), datetime(2023, 2, 28, 8)),
            (datetime(2025, 2, 28, 8), datetime(2024, 2, 28, 8)),
        ):
            for earlier, count in ((edge, 1), (edge - timedelta(seconds=1), 0)):
                with self.subTest(later=later, earlier=earlier), self.cr.savepoint() as savepoint:
                    self._add(earlier)
                    self.assertEqual(self._add(later).recurrence_count, count)
                    savepoint.rollback()

    def test_dismissed_and_other_companies_do_not_count(self):
        wrong = self._add(datetime(2026, 3, 1))
        again = self._add(datetime(2026, 5, 1))
        self.assertEqual(again.recurrence_count, 1)
        wrong.with_user(self.manager).dismiss_reason = "None"
        wrong.with_user(self.manager).action_transition("dismiss")
        again.invalidate_recordset()
        self.assertEqual((again.recurrence_count, wrong.recurrence_count), (0, 0))
        wrong.with_user(self.manager).reopen_reason = "One after all"
        wrong.with_user(self.manager).action_transition("reconsider")
        again.invalidate_recordset()
        self.assertEqual(again.recurrence_count, 1)
        process = self.env["sqms.process"].create({"code": "X", "name": "X", "company_id": self.other_company.id})
        other = self.env["sqms.nonconformity"].create(
            {"name": "x", "company_id": self.other_company.id, "process_id": process.id, "found_at": "2026-06-01"}
        )
        self.env["sqms.cause"].create(
            {"nonconformity_id": other.id, "name": "x", "verdict": "root", "evidence": "x", "type_id": self.kind.id}
        )
        self.assertEqual(other.recurrence_count, 0)

    def test_possibly_again_before_the_cause_is_known(self):
        partner = self.officer.partner_id
        first = self._create_nc(user=self.officer, res_model="res.partner", res_id=partner.id,
                                found_at=datetime(2026, 9, 1))  # fmt: skip
        second = self._create_nc(user=self.officer, res_model="res.partner", res_id=partner.id)
        other = self._create_nc(user=self.officer, process_id=self.other_process.id, res_model="res.partner",
                                res_id=partner.id)  # fmt: skip
        self.assertEqual([nc.possibly_count for nc in first | second | other], [0, 1, 0])
        self.assertEqual(second.recurrence_words, "possibly again: 1 like it")
        suspect = self._create_nc()
        self.assertEqual(suspect.possibly_count, 0)
        for nc in (first, suspect):
            self._create_cause(nc, verdict="open", type_id=False, category="machine")
        suspect.invalidate_recordset()
        self.assertEqual(suspect.possibly_count, 1)
        suspect.cause_ids.write({"verdict": "root", "type_id": self.kind.id})
        suspect.invalidate_recordset()
        self.assertEqual(suspect.recurrence_words, False, "its cause is known, and new")

    def test_like_a_brute_force_twin_over_random_registers(self):
        """Created, changed, dismissed and re-timed at random: each count is what counting one by one gives."""
        dice = random.Random(49)
        kinds = self.kind | self.other_kind
        instants = [
            datetime(2023, 2, 28), datetime(2024, 2, 28), datetime(2024, 2, 29), datetime(2025, 2, 28),
            datetime(2025, 3, 1), datetime(2026, 2, 28), datetime(2024, 2, 29, 0, 0, 1),
            datetime(2023, 2, 27, 23, 59, 59),
            *(datetime(2023, 1, 1) + DAY * dice.randrange(1400) for _number in range(12)),
        ]  # fmt: skip
        ncs = self.env["sqms.nonconformity"]
        for _number in range(26):
            ncs |= self._add(
                dice.choice(instants),
                kinds=dice.choice([kinds, self.kind, self.other_kind, kinds.browse()]),
                process_id=dice.choice([self.process, self.other_process]).id,
            )
        self._assert_like_twin(ncs)
        for _round in range(14):
            nc = dice.choice(ncs)
            change = 4 if nc.state == "dismissed" else dice.randrange(5)
            if change == 0:
                nc.found_at = dice.choice(instants)
            elif change == 1:
                nc.process_id = dice.choice([self.process, self.other_process, self.process.browse()])
            elif change == 2 and nc.cause_ids:
                nc.cause_ids[0].type_id = dice.choice([*kinds, kinds.browse()])
            elif change == 3 and nc.cause_ids:
                nc.cause_ids[0].verdict = dice.choice(["open", "root"])
            elif change == 4:
                boss = nc.with_user(self.manager)
                if nc.state == "found":
                    boss.dismiss_reason = "None"
                    boss.action_transition("dismiss")
                else:
                    boss.reopen_reason = "One after all"
                    boss.action_transition("reconsider")
            self._assert_like_twin(ncs)
        self.assertTrue(any(ncs.mapped("recurrence_count")))

    def _assert_like_twin(self, ncs):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = [
            {
                "id": nc.id,
                "process": nc.process_id.id,
                "found": nc.found_at,
                "counts": nc.state != "dismissed" and nc.process_id,
                "kinds": {cause.type_id.id for cause in nc.cause_ids if cause.verdict == "root" and cause.type_id},
            }
            for nc in ncs
        ]
        for row in rows:
            expected = sum(
                bool(
                    row["counts"] and other["counts"]
                    and other["process"] == row["process"]
                    and row["kinds"] & other["kinds"]
                    and row["found"] - relativedelta(months=12) <= other["found"]
                    and (other["found"], other["id"]) < (row["found"], row["id"])
                )
                for other in rows
            )  # fmt: skip
            self.assertEqual(ncs.browse(row["id"]).recurrence_count, expected, row)
