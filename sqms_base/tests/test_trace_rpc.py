import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .trace_case import TraceCase


@tagged("post_install", "-at_install")
class TestTraceRpc(TraceCase, HttpCase):
    """What a client can send, over the wire."""

    def setUp(self):
        super().setUp()
        self.story = self._story()
        self.env.flush_all()

    def _call(self, method, args, login="sqms_trace_clerk", model="sqms.fake.complaint", **kwargs):
        self.authenticate(login, login)
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        with mute_logger("odoo.http", "odoo.service.model", "odoo.addons.base.models.ir_rule"):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                headers={"Content-Type": "application/json"},
            ).json()
        return answer.get("result"), answer.get("error", {}).get("data", {})

    def _assert_told(self, error, words):
        """A sentence for people, no stumble of the program."""
        self.assertIn(error["name"], ("odoo.exceptions.UserError", "odoo.exceptions.AccessError"))
        self.assertIn(words, error["message"])

    def test_trace_travels(self):
        ids = self.story["complaint"].ids
        graph, error = self._call("trace", [ids])
        self.assertFalse(error)
        self.assertEqual(len(graph["nodes"]), 6)
        drawing, _error = self._call("trace_svg", [ids])
        self.assertIn("Charged twice", drawing)

    def test_depth_of_a_client(self):
        ids = self.story["complaint"].ids
        for depth in ("2", [1], {"a": 1}, -1, 1000, 1.5, True):
            for method in ("trace", "trace_screen", "trace_svg"):
                _result, error = self._call(method, [ids, depth])
                self._assert_told(error, "whole number of links")

    def test_context_of_a_client(self):
        ids = self.story["complaint"].ids
        for name, wrong, words in (
            ("lang", {"a": 1}, "in the context"),
            ("lang", "xx_XX", "language"),
            ("tz", [1], "in the context"),
            ("allowed_company_ids", "all", "in the context"),
            ("allowed_company_ids", [[1]], "in the context"),
            ("allowed_company_ids", self.other_company.ids, "companies"),
        ):
            _result, error = self._call("trace", [ids], context={name: wrong})
            self._assert_told(error, words)
        graph, error = self._call("trace", [ids], context={"active_test": True, "default_title": [1], "su": True})
        self.assertEqual((len(graph["nodes"]), error), (6, {}))

    def test_number_of_records(self):
        other = self._make("complaint", "B")
        for ids in ([], [self.story["complaint"].id, other.id]):
            _result, error = self._call("trace", [ids])
            self._assert_told(error, "starts from one record")

    def test_the_inside_is_not_reached(self):
        ids = self.story["complaint"].ids
        for method in ("_trace_graph", "_trace_walk", "_trace_clean", "_trace_cards", "_trace_readable"):
            result, error = self._call(method, [ids])
            self.assertIsNone(result)
            self.assertTrue(error)

    def test_hidden_record_stays_hidden(self):
        self._forbid(self.story["nc"])
        self.env.flush_all()
        for method in ("trace", "trace_screen", "trace_svg"):
            result, _error = self._call(method, [self.story["complaint"].ids])
            self.assertNotIn("Card retried", json.dumps(result))
            _result, error = self._call(method, [self.story["nc"].ids], model="sqms.fake.nc")
            self.assertEqual(error["name"], "odoo.exceptions.AccessError")
