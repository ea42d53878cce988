import random
from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import BaseCase, tagged

from ..lib import lean
from ..lib.sharing import equal_percents, share_out
from .common import sign_step
from .improvement_common import AFTER, SAVING, ImprovementCase
from .test_morning import MorningCase


@tagged("post_install", "-at_install")
class TestLean(BaseCase):
    """The arithmetic against a twin that counts minute by minute, coin by coin."""

    def test_efficiency_against_a_twin(self):
        rng = random.Random(10018)
        for _attempt in range(300):
            minutes = [rng.random() < 0.3 for _minute in range(rng.randint(0, 400))]
            value, lead = sum(minutes), len(minutes)
            expected = 100 * value / lead if lead else None
            self.assertEqual(lean.cycle_efficiency(value, lead), expected)
        self.assertEqual(lean.cycle_efficiency(30, 240), 12.5)

    def test_pooled_efficiency_is_that_of_all_goes_one_after_the_other(self):
        rng = random.Random(9001)
        for _attempt in range(200):
            processes = []
            goes = []
            for _process in range(rng.randint(0, 5)):
                lead = rng.randint(0, 60)
                value, times = rng.randint(0, lead), rng.randint(0, 9)
                processes.append((value, lead, times))
                goes += [(value, lead)] * (times or 1)
            value, lead = sum(v for v, _l in goes), sum(lead for _v, lead in goes)
            self.assertEqual(lean.pooled_efficiency(processes), 100 * value / lead if lead else None)

    def test_saving_against_a_twin(self):
        """Twelve months, each go paid by the minute."""
        rng = random.Random(1053)
        for _attempt in range(200):
            before, after = rng.randint(0, 300), rng.randint(0, 300)
            times, cost = rng.randint(0, 30), rng.randint(0, 200) / 100
            other, one_off = rng.randint(0, 5000), rng.randint(0, 5000)
            paid = -one_off
            for _month in range(12):
                for _go in range(times):
                    paid += before * cost - after * cost
            paid += other
            self.assertAlmostEqual(lean.saving(before, after, times, cost, other, one_off), paid, places=4)

    def test_shares_add_up_and_nobody_gets_more_than_one_piece_too_much(self):
        rng = random.Random(10003)
        for _attempt in range(500):
            weights = [rng.randint(0, 10000) / 100 for _person in range(rng.randint(1, 8))]
            total = rng.randint(0, 1000)
            if not sum(weights):
                continue
            parts = share_out(total, weights)
            self.assertEqual(sum(parts), total)
            for part, weight in zip(parts, weights, strict=True):
                self.assertLess(abs(part - total * weight / sum(weights)), 1)
        for number in range(1, 40):
            self.assertAlmostEqual(sum(equal_percents(number)), 100, places=9)


@tagged("post_install", "-at_install")
class TestSavingsBoard(ImprovementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, moment, waste in (
            # Midnight in Shanghai is four in the afternoon in UTC: the first of these is September, the second October.
            ("September", datetime(2026, 9, 30, 15, 59), "waiting"),
            ("October", datetime(2026, 9, 30, 16, 0), "motion"),
            ("November", datetime(2026, 11, 20, 4, 0), "motion"),
        ):
            with freeze_time(moment):
                cls._verified(name=name, waste_type=waste)
        cls.waiting = cls._implemented(name="Not verified")
        cls.rejected = cls._propose("No")
        cls.rejected.with_user(cls.officer).reject_reason = "x"
        cls.rejected.with_user(cls.officer).action_transition("reject")
        cls._propose("Open")
        cls._propose("Theirs", user=cls.stranger)

    def _board(self, user=None, period="twelve"):
        self.env.flush_all()
        return self._as("sqms.improvement", user or self.top).savings_board(period)

    def test_figures_of_the_board(self):
        board = self._board()
        self.assertEqual(board["verified"], {"amount": 3 * SAVING, "n": 3})
        months = {row["month"]: (row["amount"], row["n"]) for row in board["months"]}
        self.assertEqual(len(months), 12)
        self.assertEqual(
            {month: row for month, row in months.items() if row[1]},
            {"2026-09-01": (SAVING, 1), "2026-10-01": (SAVING, 1), "2026-11-01": (SAVING, 1)},
        )
        self.assertEqual(
            [(row["waste"], row["amount"], row["n"]) for row in board["wastes"]],
            [("motion", 2 * SAVING, 2), ("waiting", SAVING, 1)],
        )
        self.assertEqual((board["pce"]["before"], board["pce"]["n"]), (12.5, 3))
        self.assertAlmostEqual(board["pce"]["after"], 100 * 30 / 180)
        self.assertEqual((board["adoption"]["adopted"], board["adoption"]["decided"]), (4, 5))
        self.assertEqual(board["adoption"]["percent"], 80)
        self.assertEqual((board["open"]["n"], board["under_way"]["n"]), (1, 1))
        self.assertEqual(board["under_way"]["expected"], self.waiting.saving_expected)
        self.assertEqual(sum(row["amount"] for row in board["types"]), board["verified"]["amount"])
        # What a click opens is what was counted.
        ideas = self._as("sqms.improvement", self.top)
        for name, number in (("verified", 3), ("decided", 5), ("open", 1), ("under_way", 1)):
            self.assertEqual(ideas.search_count(board["domains"][name]), number, name)
        for month, (_amount, number) in months.items():
            self.assertEqual(ideas.search_count(board["month_domains"][month]), number, month)
        self.assertEqual(self._board(period="last_year")["verified"], {"amount": 0, "n": 0})
        self.assertIsNone(self._board(period="last_year")["pce"]["before"])
        self.assertIsNone(self._board(period="last_year")["adoption"]["percent"])
        self.assertEqual(self._board(period="year")["verified"]["n"], 3)

    def test_for_whom_the_board_is(self):
        for user in (self.officer, self.manager, self.top, self.certifier):
            self.assertEqual(self._board(user)["verified"]["n"], 3, user.login)
        self.assertEqual(self._board(self.stranger)["verified"]["n"], 0)
        for user in (self.plain, self.head, self.portal):
            with self.assertRaises(AccessError):
                self._board(user)

    def test_a_part_of_a_month(self):
        figures = self._as("sqms.improvement")._savings(self.company, date(2026, 10, 1), date(2026, 11, 19))
        self.assertEqual(figures["verified"], {"amount": SAVING, "n": 1})
        self.assertEqual([row["n"] for row in figures["months"]], [1, 0])
        self.assertEqual(figures["currency"], self.company.currency_id.name)

    def test_twice_as_much_costs_the_same(self):
        counts = []
        for number in range(2):
            self.env.invalidate_all()
            self._board()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._board()
            counts.append(self.env.cr.sql_log_count - start)
            for index in range(8):
                self._verified(name=f"More {number} {index}")
        self.assertEqual(counts[0], counts[1])

    def test_lists_and_cards_cost_the_same_for_twice_as_much(self):
        names = ["name", "waits_for", "pce_label", "saving_verified", "reward_count", "workflow_steps"]
        self._rule()
        counts = []
        for number in (4, 8):
            for index in range(number):
                self._adopted(name=f"Row {number} {index}")
            ideas = self._as("sqms.improvement", self.officer).search([("state", "=", "adopted")], limit=number)
            self.env.flush_all()
            ideas.read(names[:-1])
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            ideas.read(names[:-1])
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])

    def test_indicators(self):
        codes = {
            indicator.code: indicator
            for indicator in self.env["sqms.indicator"].search([("code", "in", ("I-01", "I-02", "I-03"))])
        }
        own = Domain("company_id", "=", self.company.id)
        ideas = self.env["sqms.improvement"]
        formula = codes["I-02"]._formula()
        decided = formula.domain & own & Domain("decided_at", "!=", False)
        self.assertEqual(ideas.search_count(decided & formula.numerator), 4)
        self.assertEqual(ideas.search_count(decided), 5)
        formula = codes["I-03"]._formula()
        self.assertEqual((formula.quantity, formula.kind), ("saving_verified", "sum"))
        total = ideas._read_group(formula.domain & own, [], ["saving_verified:sum", "__count"])[0]
        self.assertEqual(total, (3 * SAVING, 3))
        self.assertEqual(codes["I-01"]._formula().kind, "count")


@tagged("post_install", "-at_install")
class TestMorningProposal(ImprovementCase):
    """The box on the start page, and what waits for those who decide."""

    _morning = classmethod(MorningCase._morning.__func__)

    def _section(self, user, key):
        return next((s for s in self._morning(user)["sections"] if s["key"] == key), None)

    def test_everybody_finds_the_line_and_his_own_ideas(self):
        self.assertEqual(
            self._morning(self.plain)["proposal"],
            {"items": [], "count": 0, "points": 0, "more": {"xmlid": "sqms_base.sqms_improvement_action_mine"}},
        )
        self._rule(points=20)
        idea = self._verified(name="Number tags")
        reward = self._approve_reward(self._rewards(idea))
        reward.with_user(self.officer).action_transition("give")
        self._propose("Second")
        with freeze_time("2026-11-23 05:00:00"):
            rejected = self._propose("Third")
            rejected.with_user(self.officer).reject_reason = "Too dear.\nReally."
            rejected.with_user(self.officer).action_transition("reject")
        self._propose("Somebody else's", user=self.mate)
        box = self._morning(self.plain)["proposal"]
        self.assertEqual((box["count"], box["points"], len(box["items"])), (3, 20, 3))
        rows = {item["title"]: item for item in box["items"]}
        self.assertEqual(rows["Number tags"]["subtitle"], f"{idea.number} · saves 60 min each time · 20 points")
        self.assertEqual(rows["Number tags"]["badge"]["text"], "Saving Verified")
        self.assertEqual(rows["Third"]["subtitle"], f"{rejected.number} · Too dear.")
        self.assertEqual(box["items"][0]["title"], "Third", "what moved last comes first")
        self.assertFalse(self._morning(self.certifier)["proposal"])
        for user in (self.hr, self.top, self.officer):
            self.assertEqual(self._morning(user)["proposal"]["count"], 0)

    def test_what_waits_for_whom(self):
        of_process = self._propose("Of the process", process_id=self.process.id)
        nobodys = self._propose("Of no process")
        own = self._propose("My own", user=self.head, process_id=self.process.id)
        titles = lambda user: [i["title"] for i in (self._section(user, "ideas") or {"items": []})["items"]]  # noqa: E731
        start = self._morning(self.head)["start_here"]
        self.assertEqual(start["title"], of_process.name)
        self.assertEqual(titles(self.head), [], "it went to the top, and his own is not his to decide")
        self.assertEqual(self._morning(self.officer)["start_here"]["title"], nobodys.name)
        self.assertFalse(self._section(self.plain, "ideas"))
        of_process.with_user(self.head).action_transition("assess")
        of_process.with_user(self.head).write({"owner_id": self.mate.id, "date_planned": "2026-11-24"})
        of_process.with_user(self.head).action_transition("adopt")
        start = self._morning(self.mate)["start_here"]
        self.assertEqual((start["title"], start["due"]), (of_process.name, "2026-11-24"))
        self.assertEqual(own.waits_for, "a quality officer")

    def test_signatures_that_are_asked_for(self):
        idea = self._implemented(name="To verify")
        waiting = lambda user: [i["title"] for i in self._all_to_sign(user)]  # noqa: E731
        for user, asked in ((self.second_officer, True), (self.top, True), (self.mate, False), (self.plain, False),
                            (self.head, False), (self.certifier, False)):  # fmt: skip
            self.assertEqual(idea.display_name in waiting(user), asked, user.login)
        self._rule(points=20, condition="verified")
        sign_step(idea, "verify", self.second_officer)
        reward = self._rewards(idea)
        self.assertIn(reward.display_name, waiting(self.top))
        self.assertNotIn(reward.display_name, waiting(self.officer))
        self.assertEqual(AFTER["after_lead_minutes"], 180)

    def _all_to_sign(self, user):
        page = self._morning(user)
        rows = [item for section in page["sections"] if section["key"] == "to_sign" for item in section["items"]]
        return [*rows, *([page["start_here"]] if page["start_here"] else [])]

    def test_ten_times_as_many_ideas_cost_the_same(self):
        counts = []
        for number in (3, 30):
            for index in range(number):
                self._propose(f"Idea {number} {index}")
            self._morning(self.plain)
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._morning(self.plain)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
