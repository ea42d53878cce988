import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.sqms_trace_mixin import MAX_NODES, TRACE_DEPTH
from .trace_case import TraceCase


@tagged("post_install", "-at_install")
class TestTrace(TraceCase):
    """The graph around a record."""

    def test_story_is_found_from_each_of_its_records(self):
        story = self._story()
        plan = story.pop("plan")
        for record in story.values():
            graph = self._trace(record)
            self.assertEqual(self._titles(graph), {one.title for one in story.values()})
            self.assertEqual([node["title"] for node in graph["nodes"] if node["root"]], [record.title])
            self.assertFalse(graph["truncated"])
            self.assertNotIn(plan._name, json.dumps(graph))

    def test_lines_lead_from_cause_to_effect_whoever_holds_the_link(self):
        graph = self._trace(self._story()["cause"])
        self.assertEqual(
            self._lines(graph),
            {
                ("Charged twice", "Card retried"),
                ("Card retried", "No check"),
                ("No check", "Check step"),
                ("Check step", "Refunds"),
                ("Refunds", "Adjusted +0.6"),
            },
        )

    def test_node_tells_what_its_card_needs(self):
        story = self._story()
        graph = self._trace(story["complaint"])
        self.assertEqual(set(graph), {"nodes", "edges", "gates", "truncated"})
        first = graph["nodes"][0]
        self.assertEqual(
            first,
            {
                "id": f"sqms.fake.complaint,{story['complaint'].id}",
                "model": "sqms.fake.complaint",
                "res_id": story["complaint"].id,
                "kind": "Complaint",
                "icon": "fa-comment",
                "lane": "happened",
                "rank": 10,
                "number": "C/2026/0107",
                "title": "Charged twice",
                "detail": first["detail"],
                "date": "2026-02-12",
                "badge": False,
                "restricted": False,
                "root": True,
            },
        )
        raised = next(edge for edge in graph["edges"] if edge["source"] == first["id"])
        self.assertEqual((raised["label"], raised["kind"]), ("raised", "leads"))
        json.dumps(graph)

    def test_depth_counts_links(self):
        story = self._story()
        self.assertEqual(self._titles(self._trace(story["cause"], 0)), {"No check"})
        self.assertTrue(self._trace(story["cause"], 0)["truncated"])
        near = self._trace(story["cause"], 1)
        self.assertEqual(self._titles(near), {"No check", "Card retried", "Check step"})
        self.assertTrue(near["truncated"])
        self.assertFalse(self._trace(story["cause"], 5)["truncated"])

    def test_depth_is_a_number_of_links(self):
        complaint = self._make("complaint", "A")
        for wrong in (-1, 51, 10**9, 1.5, "2", "all", True, [], {"a": 1}, (1,), b"1"):
            with self.assertRaisesRegex(UserError, "whole number of links from 0 to 50"):
                self._trace(complaint, wrong)
            with self.assertRaises(UserError):
                complaint.trace_screen(wrong)
            with self.assertRaises(UserError):
                complaint.trace_svg(wrong)
        self.assertEqual(self._titles(self._trace(complaint, False)), {"A"})

    def test_context_of_a_client_decides_nothing(self):
        story = self._story()
        story["nc"].active = False
        calm = self._trace(story["complaint"])
        hostile = story["complaint"].with_user(self.clerk).with_context(
            active_test=True, default_title="x", bin_size=True, prefetch_fields=False, uid=1, su=True,
            trace_depth=1, company_ids=self.other_company.ids,
        )  # fmt: skip
        self.assertEqual(hostile.trace(), calm)
        for name, wrong in (
            ("lang", ["en_US"]), ("lang", 5), ("tz", {"a": 1}), ("allowed_company_ids", 7),
            ("allowed_company_ids", "all"), ("allowed_company_ids", [[1]]), ("allowed_company_ids", [True]),
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, f"“{name}” in the context"):
                story["complaint"].with_user(self.clerk).with_context(**{name: wrong}).trace()
        with self.assertRaises(AccessError):
            story["complaint"].with_user(self.clerk).with_context(allowed_company_ids=self.other_company.ids).trace()

    def test_trace_starts_from_one_record(self):
        one, other = self._make("complaint", "A"), self._make("complaint", "B")
        for records in (one | other, one.browse()):
            with self.assertRaisesRegex(UserError, "starts from one record"):
                records.with_user(self.clerk).trace()

    def test_circles_are_walked_once(self):
        a, b, c = (self._make("complaint", name) for name in "ABC")
        a.repeats_ids, b.repeats_ids, c.repeats_ids = b, c, a | c
        graph = self._trace(a)
        self.assertEqual(sorted(node["title"] for node in graph["nodes"]), ["A", "B", "C"])
        self.assertEqual(self._lines(graph), {("A", "B"), ("B", "C"), ("C", "A")})
        self.assertIn("<svg", a.trace_svg())

    def test_link_that_leads_nowhere_is_no_link(self):
        nc = self._make("nc", "N", res_model="sqms.fake.complaint", res_id=10**8)
        self.assertEqual(self._titles(self._trace(nc)), {"N"})
        for name in ("no.such.model", "res.users", "sqms.trace.mixin", "sqms.fake.trace.step", "base"):
            nc.write({"res_model": name, "res_id": self.clerk.id})
            self.assertEqual(self._titles(self._trace(nc)), {"N"})

    def test_more_than_the_most_is_cut_off_and_said(self):
        hub = self._make("complaint", "Hub")
        others = self.env["sqms.fake.complaint"].create([{"title": f"R{n}"} for n in range(MAX_NODES + 5)])
        hub.repeats_ids = others
        graph = self._trace(hub)
        self.assertEqual(len(graph["nodes"]), MAX_NODES)
        self.assertTrue(graph["truncated"])
        ids = {node["id"] for node in graph["nodes"]}
        self.assertTrue(all(edge["source"] in ids and edge["target"] in ids for edge in graph["edges"]))

    def test_long_way_ends_and_says_so(self):
        first = last = self._make("training", "T0")
        for number in range(1, TRACE_DEPTH + 4):
            last.next_id = self._make("training", f"T{number}")
            last = last.next_id
        graph = self._trace(first)
        self.assertEqual(len(graph["nodes"]), TRACE_DEPTH + 1)
        self.assertTrue(graph["truncated"])
        self.assertEqual(len(self._trace(first, 50)["nodes"]), TRACE_DEPTH + 4)

    # -- speed --------------------------------------------------------------------

    def _fan(self, size):
        """A nonconformity with so many causes, and as many actions, plans and trainings behind them."""
        nc = self._make("nc", "Fan")
        causes = self.env["sqms.fake.cause"].create([{"title": f"c{n}", "nc_id": nc.id} for n in range(size)])
        actions = self.env["sqms.fake.action"].create([{"title": f"a{c.id}", "cause_id": c.id} for c in causes])
        plans = self.env["sqms.fake.plan"].create([{"action_id": action.id} for action in actions])
        self.env["sqms.fake.training"].create(
            [{"title": f"t{p.id}", "plan_id": p.id, "holds_id": nc.id, "missing": 1} for p in plans]
        )
        return nc

    def _queries(self, record, method="trace"):
        self.env.flush_all()
        self.env.invalidate_all()
        record = record.with_user(self.clerk)
        getattr(record, method)()  # what the registry and the rules remember
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        getattr(record, method)()
        return self.env.cr.sql_log_count - before

    def test_twice_the_records_same_number_of_queries(self):
        few, many = self._fan(60), self._fan(120)
        self.assertEqual(self._queries(few), self._queries(many))
        self.assertEqual(self._queries(few, "trace_screen"), self._queries(many, "trace_screen"))
        self.assertEqual(self._queries(few, "trace_svg"), self._queries(many, "trace_svg"))

    def test_counts_of_a_list_cost_the_same_for_one_as_for_many(self):
        for size in (1, 30):
            ncs = self.env["sqms.fake.nc"].create([{"title": str(n)} for n in range(size)])
            self.env["sqms.fake.cause"].create([{"nc_id": nc.id} for nc in ncs for _n in range(3)])
            self.env.flush_all()
            self.env.invalidate_all()
            ncs = ncs.with_user(self.clerk)
            before = self.env.cr.sql_log_count
            self.assertEqual(set(ncs.mapped("trace_count")), {3})
            spent = self.env.cr.sql_log_count - before
            if size == 1:
                alone = spent
        self.assertLessEqual(spent, alone)

    def test_button_counts_what_hangs_on_a_record_for_its_reader(self):
        story = self._story()
        self.assertEqual(story["cause"].with_user(self.clerk).trace_count, 2)
        self.assertEqual(self.env["sqms.fake.cause"].new().trace_count, 0)
