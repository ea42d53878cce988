from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_risk import RULES, RiskCase

TODAY = date(2026, 11, 23)


@tagged("post_install", "-at_install")
class TestRiskMorning(RiskCase):
    """What waits on the start page, where risks stand in the story, and what the matrix counts."""

    def _section(self, key, user):
        self.env.flush_all()
        sections = self.env["sqms.morning"].with_user(user).get_morning()
        found = [section for section in sections["sections"] if section["key"] == key]
        first = sections["start_here"] or {}
        return [item["title"] for section in found for item in section["items"]] + [first.get("title")]

    def test_my_reviews_renewals_and_what_i_approve(self):
        risk, other, later = self._create("Mine"), self._create("His", owner_id=self.manager.id), self._create("Later")
        for one, days in ((risk, 3), (other, 3), (later, 30)):
            self._rate(one, 3, 3, date_next_review=TODAY + timedelta(days))
        titles = self._section("risks", self.officer)
        self.assertIn("Mine", titles)
        self.assertFalse({"His", "Later"} & set(titles))
        mark = self._as("sqms.resource").create(
            {"name": "Mark", "kind": "ip", "ip_kind": "trademark", "rights_holder": "Us",
             "date_renewal": TODAY + timedelta(80), "owner_id": self.plain.id}
        )  # fmt: skip
        mark.action_transition("confirm")
        self.assertIn("Mark", self._section("renewals", self.plain))
        self.assertNotIn("Mark", self._section("renewals", self.officer))
        self.company.sqms_cost_limit = 10
        cost = self._as("sqms.quality.cost").create({"name": "Large", "category": "internal", "amount": 50})
        cost.action_transition("submit")
        self.assertIn("Large", self._section("quality_costs", self.manager))
        self.assertNotIn("Large", self._section("quality_costs", self.officer))
        for user in (self.certifier, self.hr, self.top):
            self.env["sqms.morning"].with_user(user).get_morning()

    def test_a_risk_stands_before_its_action(self):
        goal = self._create_goal()
        risk = self._create(goal_ids=goal.ids)
        self._rate(risk, 4, 4)
        action = self._action(risk)
        self.env.flush_all()
        graph = risk.trace()
        titles = {node["title"] for node in graph["nodes"]}
        self.assertIn(risk.name, str(titles))
        edges = {(edge["source"], edge["target"]) for edge in graph["edges"]}
        self.assertIn((f"sqms.risk,{risk.id}", f"sqms.action,{action.id}"), edges)
        self.assertIn((f"sqms.risk,{risk.id}", f"sqms.goal,{goal.id}"), edges)
        card = next(node for node in graph["nodes"] if node["root"])
        self.assertEqual((card["kind"], card["badge"]["text"]), ("Risk", "Extreme"))

    def test_the_matrix_counts_what_is_open(self):
        for likelihood, impact in ((4, 4), (4, 4), (1, 5)):
            self._rate(self._create(), likelihood, impact)
        moved = self._create(process_id=False)
        self._rate(moved, 5, 5)
        self._rate(moved, 1, 1)
        self._create("Not rated")
        self._rate(self._create(kind="opportunity"), 2, 2)
        self._rate(self._create(user=self.stranger, process_id=False), 3, 3, user=self.stranger)
        risks = self._as("sqms.risk", self.certifier)

        def counts(*args):
            cells = [cell for row in risks.get_matrix(*args)["rows"] for cell in row]
            return {(cell["likelihood"], cell["impact"]): cell["count"] for cell in cells if cell["count"]}

        self.assertEqual(counts(), {(4, 4): 2, (1, 5): 1, (1, 1): 1})
        self.assertEqual(counts("risk", "before"), {(4, 4): 2, (1, 5): 1, (5, 5): 1})
        self.assertEqual(counts("opportunity"), {(2, 2): 1})
        self.assertEqual(counts("risk", "after", self.process.id), {(4, 4): 2, (1, 5): 1})
        matrix = risks.get_matrix()
        self.assertEqual((matrix["total"], matrix["unrated"], len(matrix["rows"])), (4, 1, 5))
        self.assertEqual([process["id"] for process in matrix["processes"]], self.process.ids)
        self.assertEqual(
            {level["key"]: level["count"] for level in matrix["levels"]},
            {"low": 1, "medium": 1, "high": 0, "extreme": 2},
        )
        with self.assertRaises(AccessError), mute_logger(*RULES):
            self._as("sqms.risk", self.portal).get_matrix()
        self.assertFalse(self._as("sqms.risk", self.plain).get_matrix()["total"])
        self.env.flush_all()
        risks._matrix_counts(self.company, "risk", "after", None)
        with self.assertQueryCount(1):
            risks._matrix_counts(self.company, "risk", "after", None)
        picture = risks._matrix_svg(self.company, "risk")
        self.assertEqual(picture.count("<rect"), 25)
        self.assertIn(">2</text>", picture)
        self.assertIn("Almost certain", picture)
