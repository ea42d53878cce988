import random
from datetime import timedelta

from freezegun.api import real_perf_counter

from odoo.fields import Command
from odoo.tests import tagged

from .evidence_case import TODAY, EvidenceCase

SEED = 20261123
MOST_QUERIES = 15


@tagged("post_install", "-at_install")
class TestClauseMap(EvidenceCase):
    """Coverage, and what it costs."""

    # -- coverage equals a hand count --------------------------------------------

    def test_coverage_equals_a_hand_count(self):
        dice, vans = random.Random(SEED), []
        for _round in range(3):
            standard = self._create_standard(f"Random {dice.random()}")
            clauses = self._grow(dice, standard)
            rules = self._draw_rules(dice, clauses)
            vans += [self._draw_van(dice) for _number in range(dice.randint(0, 12))]
            for clause in dice.sample(clauses, 5):
                self._decide(clause, applicability="excluded", exclusion_reason="Not done here")
            hand = self._count_by_hand(clauses, rules, vans)
            self.env.invalidate_all()
            board = self.map.get_map(standard.id)
            shown = next(row for row in board["standards"] if row["id"] == standard.id)
            self.assertEqual(shown["counts"], hand)
            applicable = hand["green"] + hand["amber"] + hand["red"]
            self.assertEqual(shown["applicable"], applicable)
            if applicable:
                exact = 100 * hand["green"] / applicable
                self.assertLess(abs(shown["percent"] - exact), 1)
                self.assertEqual(shown["percent"] == 100, hand["green"] == applicable)

    def _grow(self, dice, standard):
        clauses = []
        for number in range(40):
            parent = dice.choice(clauses) if clauses and dice.random() < 0.8 else None
            clauses.append(self._create_clause(str(number), parent, standard))
        return clauses

    def _draw_rules(self, dice, clauses):
        rules = []
        for _number in range(25):
            chosen = self.env["sqms.clause"].union(*dice.sample(clauses, dice.randint(1, 4)))
            freshness = dice.choice((0, 0, 30, 200))
            rules.append(
                self._create_rule(
                    chosen,
                    kind=dice.choice(("exists", "none", "ratio")),
                    minimum=dice.randint(1, 4),
                    freshness_days=freshness,
                    warn_days=dice.randint(0, freshness or 100),
                    amber_percent=dice.choice((20, 60)),
                    green_percent=dice.choice((60, 90, 100)),
                    numerator_domain='[("warranty_date", ">=", "today")]',
                    count_archived=dice.random() < 0.3,
                    company_id=dice.choice((False, False, self.company.id, self.other_company.id)),
                )
            )
        return rules

    def _draw_van(self, dice):
        return self._create_van(
            days=dice.randint(-5, 300),
            company=dice.choice((self.company, self.company, self.other_company)),
            active=dice.random() < 0.8,
            warranty_date=TODAY + timedelta(days=dice.randint(-50, 100)),
        )

    def _count_by_hand(self, clauses, rules, vans):
        """Clause by clause, rule by rule, van by van, as an auditor would with paper and pencil."""
        counts = dict.fromkeys(("green", "amber", "red", "excluded"), 0)
        for clause in clauses:
            own = [
                rule for rule in rules if clause in rule.clause_ids and rule.company_id.id in (False, self.company.id)
            ]
            if any(other.parent_id == clause for other in clauses) and not own:
                continue
            above, excluded = clause, False
            while above:
                excluded |= bool(
                    self.env["sqms.obligation"].search_count(
                        [
                            ("clause_id", "=", above.id),
                            ("company_id", "=", self.company.id),
                            ("applicability", "=", "excluded"),
                        ]
                    )
                )
                above = above.parent_id
            colours = [self._colour_by_hand(rule, vans) for rule in own] or ["red"]
            counts["excluded" if excluded else next(c for c in ("red", "amber", "green") if c in colours)] += 1
        return counts

    def _colour_by_hand(self, rule, vans):
        mine = [van for van in vans if van.company_id == self.company and (van.active or rule.count_archived)]
        past = [(TODAY - van.effective_date).days for van in mine if van.effective_date <= TODAY]
        young = [age for age in past if age <= rule.freshness_days] if rule.freshness_days else mine
        if len(young) < rule.minimum:
            return "red"
        late = [van for van in mine if van.warranty_date < TODAY]
        bad = {"exists": 0, "ratio": len(late), "none": len(mine) - len(late)}[rule.kind]
        share = 100 - 100 * bad / len(mine)
        if share < rule.amber_percent:
            return "red"
        if share < rule.green_percent or (rule.warn_days and past and min(past) > rule.warn_days):
            return "amber"
        return "green"

    # -- what it costs -------------------------------------------------------------

    def _fill(self, chapters, start=0):
        """So many chapters of ten clauses, each with a rule of its own and a linked one."""
        heads = self.env["sqms.clause"].create(
            [
                {"standard_id": self.standard.id, "number": f"{n}", "name": "Chapter"}
                for n in range(start, start + chapters)
            ]
        )
        clauses = self.env["sqms.clause"].create(
            [
                {"standard_id": self.standard.id, "parent_id": head.id, "number": f"{head.number}.{n}", "name": "Duty"}
                for head in heads
                for n in range(9)
            ]
        )
        self.Rule.create(
            [
                {
                    "name": f"Vans of {head.number}",
                    "company_id": False,
                    "source": "maintenance.equipment:effective_date",
                    "freshness_days": 30,
                    "clause_ids": [Command.set(under.ids)],
                }
                for head, under in clauses.grouped("parent_id").items()
            ]
            + [
                {
                    "name": "Documents",
                    "company_id": False,
                    "source": "sqms.document.version:effective_from",
                    "is_linked": True,
                    "clause_ids": [Command.set(clauses.ids)],
                }
            ]
        )
        self.env["sqms.obligation"].create(
            [
                {"clause_id": clause.id, "company_id": self.company.id, "owner_id": self.officer.id}
                for clause in clauses[::3]
            ]
        )

    def _open(self):
        self.env.flush_all()
        self.env.invalidate_all()
        asked, began = self.env.cr.sql_log_count, real_perf_counter()
        board = self.map.get_map(self.standard.id)
        return board, self.env.cr.sql_log_count - asked, real_perf_counter() - began

    def test_five_hundred_clauses_in_fifteen_queries(self):
        self._create_van()
        self._fill(50)
        self._open()  # caches of the registry
        board, queries, seconds = self._open()
        self.assertEqual(len(board["rows"]), 500)
        self.assertLessEqual(queries, MOST_QUERIES)
        self.assertLess(seconds, 3)  # under a second on a quiet machine; `setup/bench clause_map` measures
        self._fill(50, start=50)
        board, twice, _seconds = self._open()
        self.assertEqual(len(board["rows"]), 1000)
        self.assertEqual(twice, queries)
