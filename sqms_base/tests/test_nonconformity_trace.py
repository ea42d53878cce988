import re
import time

from odoo.tests import tagged

from ..models.sqms_trace_mixin import MAX_NODES
from .nonconformity_common import NonconformityCase
from .nonconformity_many import fill
from .test_web import WebCase


class _Story:
    """A hub that many nonconformities were raised from, each with its cause and an action."""

    def _make_story(self, count):
        user = self.officer
        hub, first = (
            self.env["sqms.nonconformity"]
            .with_user(user)
            .create([{"name": name, "company_id": self.company.id} for name in ("Hub", "Charged twice")])
        )
        kind = self.env["sqms.cause.type"].search([], limit=1)
        self.env["sqms.cause"].with_user(user).create(
            {"nonconformity_id": first.id, "name": "No rule", "verdict": "root", "evidence": "x", "type_id": kind.id}
        )
        self.env["sqms.action"].with_user(user).create(
            {"nonconformity_id": first.id, "name": "Make a rule", "kind": "corrective", "company_id": self.company.id}
        )
        last = fill(self.env, first, count - 1) if count > 1 else first.id
        self.env.cr.execute(
            """
            INSERT INTO sqms_nonconformity_source (nonconformity_id, company_id, res_model, res_id)
            SELECT id, company_id, 'sqms.nonconformity', %s
              FROM sqms_nonconformity
             WHERE id > %s OR id = %s
            """,
            [hub.id, last, first.id],
        )
        self.env.cr.execute(
            """
            INSERT INTO sqms_action_sqms_cause_rel (sqms_action_id, sqms_cause_id)
            SELECT action.id, cause.id
              FROM sqms_action AS action
              JOIN sqms_cause AS cause ON cause.nonconformity_id = action.nonconformity_id
             WHERE action.nonconformity_id > %s OR action.nonconformity_id = %s
            """,
            [last, first.id],
        )
        self.env.cr.execute("ANALYZE")
        self.env.invalidate_all()
        return hub


@tagged("post_install", "-at_install")
class TestNonconformityTrace(NonconformityCase, _Story):
    """A neighbourhood of thousands, over the models of the register itself."""

    def _count(self, hub, method="trace"):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = getattr(hub.with_user(self.manager), method)()
        return self.env.cr.sql_log_count - before, result

    def _truth(self, hub):
        """Nodes and lines by brute force, read from the tables."""
        key = "{},{}".format
        nodes, edges = {key(hub._name, hub.id)}, set()
        self.env.cr.execute(
            "SELECT nonconformity_id FROM sqms_nonconformity_source WHERE res_model = %s AND res_id = %s",
            [hub._name, hub.id],
        )
        ids = [id_ for (id_,) in self.env.cr.fetchall()]
        for id_ in ids:
            nodes.add(key(hub._name, id_))
            edges.add((key(hub._name, hub.id), key(hub._name, id_)))
        for table, model in (("sqms_cause", "sqms.cause"), ("sqms_action", "sqms.action")):
            self.env.cr.execute(f"SELECT id, nonconformity_id FROM {table} WHERE nonconformity_id IN %s", [tuple(ids)])
            for id_, nc in self.env.cr.fetchall():
                nodes.add(key(model, id_))
                edges.add((key(hub._name, nc), key(model, id_)))
        self.env.cr.execute(
            """
            SELECT link.sqms_cause_id, link.sqms_action_id
              FROM sqms_action_sqms_cause_rel AS link
              JOIN sqms_action AS action ON action.id = link.sqms_action_id
             WHERE action.nonconformity_id IN %s
            """,
            [tuple(ids)],
        )
        edges |= {(key("sqms.cause", cause), key("sqms.action", action)) for cause, action in self.env.cr.fetchall()}
        return nodes, edges

    def test_five_thousand_records_cost_the_queries_of_sixty_and_are_all_there(self):
        story = self._make_story(20)
        self._count(story)  # rights and translations are asked for once
        few_queries, few = self._count(story)
        more_queries, more = self._count(self._make_story(300))
        self.assertEqual((len(few["nodes"]), len(more["nodes"])), (61, 901))
        self.assertEqual(few_queries, more_queries, "one query for each kind of record and level, however many")
        hub = self._make_story((MAX_NODES - 1) // 3)
        begun = time.process_time()
        many_queries, many = self._count(hub)
        taken = time.process_time() - begun
        self.assertEqual(len(many["nodes"]), 4999)
        # The ORM fetches fields of a thousand records at a time: two such batches of each of the three kinds here.
        self.assertLess(many_queries, 2 * few_queries)
        self.assertLess(taken, 20)
        self.assertFalse(many["truncated"])
        nodes, edges = self._truth(hub)
        self.assertEqual({node["id"] for node in many["nodes"]}, nodes)
        self.assertEqual({(edge["source"], edge["target"]) for edge in many["edges"]}, edges)
        self.assertEqual(len(many["edges"]), len(edges), "no line twice")
        svg = hub.with_user(self.manager).trace_svg()
        told = {node["number"] for node in many["nodes"] if "/X/" in node["number"]}
        self.assertEqual(set(re.findall(r"[A-Z]+/X/[0-9]+", svg)), told)
        self.assertEqual(len(told), 2 * 1665)
        screen = hub.with_user(self.manager).trace_screen()
        self.assertEqual({node["id"] for node in screen["nodes"]}, nodes)
        self.assertLess(len(screen["picture"]["nodes"]), 100)

    def test_queries_grow_with_kinds_and_levels_not_with_records(self):
        hub = self._make_story(4)
        self._count(hub)
        counts = []
        for depth in range(4):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            hub.with_user(self.manager).trace(depth)
            counts.append(self.env.cr.sql_log_count - before)
        kinds = len({way.holder for ways in hub.with_user(self.manager)._trace_ways().values() for way in ways})
        links = sum(len(ways) for ways in hub.with_user(self.manager)._trace_ways().values())
        self.assertLessEqual(counts[3], 3 * (links + 3 * kinds) + 40)


@tagged("post_install", "-at_install", "sqms_tour")
class TestNonconformityTour(WebCase, _Story):
    def test_the_trace_of_five_thousand_does_not_freeze_the_browser(self):
        hub = self._make_story(MAX_NODES // 3 + 10)
        self.start_tour(
            f"/odoo/sqms-trace?trace={hub._name},{hub.id}", "sqms_nonconformity_trace_many", login="sqms_manager",
            timeout=90,
        )  # fmt: skip
