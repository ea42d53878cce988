from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DocumentCase


@tagged("post_install", "-at_install")
class TestTraceDocument(DocumentCase):
    """Documents, editions and indicators in the story."""

    def _chain(self):
        """A document whose second edition is in force."""
        with freeze_time("2026-11-10 04:00:00"):
            first = self._approve(self._create_draft(), date(2026, 11, 10))
        second = self._approve(self._create_draft(first.document_id, "<p>Refund at once.</p>"))
        second.document_id._bring_labels_up_to_date()
        self.env.flush_all()
        self.env.invalidate_all()
        return first.document_id, first, second

    def test_editions_hang_on_their_document_and_replace_each_other(self):
        document, first, second = self._chain()
        graph = first.with_user(self.officer).trace()
        ids = {record: f"{record._name},{record.id}" for record in (document, first, second)}
        self.assertEqual({node["id"] for node in graph["nodes"]}, set(ids.values()))
        lines = {(edge["source"], edge["target"], edge["kind"]) for edge in graph["edges"]}
        self.assertEqual(
            lines,
            {
                (ids[document], ids[first], "edition"),
                (ids[document], ids[second], "edition"),
                (ids[first], ids[second], "replaces"),
            },
        )

    def test_edition_before_is_found_both_ways_and_over_gaps(self):
        document, first, second = self._chain()
        draft = self._create_draft(document)
        draft.with_user(self.officer).unlink()
        third = self._create_draft(document)
        other = self._create_draft()
        versions = self.env["sqms.document.version"]
        self.assertEqual((third.replaces_id, second.replaces_id), (second, first))
        self.assertFalse(first.replaces_id or other.replaces_id)
        self.assertEqual(versions.search([("replaces_id", "in", (first | second).ids)]), third | second)
        own = [("document_id", "in", (document | other.document_id).ids)]
        self.assertEqual(versions.search([("replaces_id", "=", False), *own]), other | first)
        self.assertEqual(versions.search([("replaces_id", "!=", False), *own]), third | second)

    def test_card_says_number_edition_and_state(self):
        document, first, second = self._chain()
        cards = {node["id"]: node for node in second.with_user(self.officer).trace()["nodes"]}
        card = cards[f"{second._name},{second.id}"]
        self.assertEqual(card["number"], f"{document.number} edition 2")
        self.assertEqual((card["title"], card["date"]), ("Refund procedure", "2026-11-23"))
        self.assertEqual(card["badge"]["tone"], "success")
        self.assertEqual(cards[f"{first._name},{first.id}"]["badge"]["text"], "Superseded")
        whole = cards[f"{document._name},{document.id}"]
        self.assertEqual((whole["kind"], whole["badge"]["text"]), ("Procedure", "Edition 2"))

    def test_edition_is_held_until_everybody_has_read_it(self):
        document, _first, second = self._chain()
        (gate,) = second.with_user(self.officer).trace()["gates"]
        self.assertEqual((gate["label"], gate["open"]), ("2 of 2 have not read it", True))
        self.assertEqual(gate["target"], f"{document._name},{document.id}")
        self.assertEqual(gate["responsible"], {"id": self.officer.id, "name": self.officer.name})
        self.assertTrue(gate["due"])
        second.sudo().acknowledgement_ids._take_over("2026-11-23 03:00:00")
        self.env.invalidate_all()
        (gate,) = second.with_user(self.officer).trace()["gates"]
        self.assertEqual((gate["label"], gate["open"], gate["due"]), ("read by all 2", False, False))

    def test_who_does_not_see_the_readings_is_told_no_gate(self):
        _document, _first, second = self._chain()
        for user, gates in ((self.manager, 1), (self.top, 1), (self.certifier, 1), (self.plain, 0)):
            graph = second.with_user(user).trace()
            self.assertEqual(len(graph["gates"]), gates, user.login)

    def test_employee_sees_what_is_in_force_and_that_there_was_something_before(self):
        document, first, second = self._chain()
        graph = document.with_user(self.plain).trace()
        self.assertEqual([node["restricted"] for node in graph["nodes"]], [False, True, False])
        self.assertNotIn(f"{first._name},{first.id}", str(graph))
        self.assertNotIn("replace", str(graph))
        with self.assertRaises(AccessError):
            second.with_user(self.plain).read(["replaces_id"])
        screen = second.with_user(self.plain).trace_screen()
        self.assertEqual(screen["summary"], "0 days since " + f"{document.number} edition 2 of Nov 23.")

    def test_indicator_stands_where_it_shows_whether_it_helped(self):
        indicator = self.env["sqms.indicator"].create(
            {"code": "T-9", "name": "Requests", "source": "maintenance.request:request_date",
             "company_id": self.company.id}
        )  # fmt: skip
        (node,) = indicator.with_user(self.officer).trace()["nodes"]
        self.assertEqual((node["number"], node["lane"], node["rank"]), ("T-9", "helped", 80))

    def test_every_form_with_a_trace_has_the_button_once(self):
        for name in ("sqms.document", "sqms.document.version", "sqms.indicator"):
            arch = self.env[name].with_user(self.manager).get_view(view_type="form")["arch"]
            self.assertEqual(arch.count('name="action_trace"'), 1, name)
        action = self._create_in_force().with_user(self.officer).action_trace()
        self.assertEqual((action["tag"], action["type"]), ("sqms_trace", "ir.actions.client"))

    def test_screen_speaks_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        document = self._chain()[0].with_user(self.officer).with_context(lang="zh_CN")
        screen = document.trace_screen()
        self.assertEqual(screen["lanes"]["changed"]["heading"], "我们改了什么")
        self.assertIn("未读", screen["gates"][0]["label"])
