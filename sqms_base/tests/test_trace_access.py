import json

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .trace_case import TraceCase

HOSTILE = """<script>alert(1)</script>"'&]]><!--\u202e\x07 {{7*7}} ${x} <b onclick="x">投诉"""


@tagged("post_install", "-at_install")
class TestTraceAccess(TraceCase):
    """What a person may not read is there and says nothing."""

    def _everything(self, record, user=None):
        """Whatever gets out of the server about this trace, as one text."""
        self.env.flush_all()
        self.env.invalidate_all()
        record = record.with_user(user or self.clerk)
        return "\n".join(
            (
                json.dumps(record.trace(), default=str),
                json.dumps(record.trace_screen(), default=str),
                record.trace_svg(),
            )
        )

    def test_restricted_node_says_that_it_is_there_and_nothing_else(self):
        story = self._story()
        self._forbid(story["nc"])
        graph = self._trace(story["complaint"])
        self.assertEqual(len(graph["nodes"]), 2)
        hidden = graph["nodes"][1]
        self.assertEqual(
            hidden,
            {
                "id": "restricted,1", "model": False, "res_id": False, "kind": "Restricted", "icon": "fa-lock",
                "lane": "happened", "rank": 10, "number": "", "title": "", "detail": "", "date": False,
                "badge": False, "restricted": True, "root": False,
            },
        )  # fmt: skip
        self.assertEqual(
            graph["edges"], [{"source": graph["nodes"][0]["id"], "target": "restricted,1", "label": "", "kind": ""}]
        )
        text = self._everything(story["complaint"])
        for secret in ("Card retried", "NC/2026/0031", "2026-02-20", "sqms.fake.nc", "Nonconformity", "raised"):
            self.assertNotIn(secret, text)
        self.assertIn("Restricted", text)

    def test_way_does_not_lead_on_through_what_is_restricted(self):
        story = self._story()
        self._forbid(story["cause"])
        titles = self._titles(self._trace(story["complaint"]))
        self.assertEqual(titles, {"Charged twice", "Card retried", ""})
        self.assertEqual(self._titles(self._trace(story["training"])), {"Refunds", "Check step", "Adjusted +0.6", ""})

    def test_numbers_of_restricted_records_are_those_of_the_answer(self):
        nc = self._make("nc", "N")
        causes = self.env["sqms.fake.cause"].create([{"title": "hidden", "nc_id": nc.id} for _n in range(3)])
        self._forbid(causes)
        graph = self._trace(nc)
        self.assertEqual([node["id"] for node in graph["nodes"][1:]], ["restricted,1", "restricted,2", "restricted,3"])
        self.assertNotIn("hidden", self._everything(nc))

    def test_trace_of_what_one_may_not_read_is_refused(self):
        story = self._story()
        self._forbid(story["nc"])
        record = story["nc"].with_user(self.clerk)
        for method in ("trace", "trace_screen", "trace_svg", "action_trace"):
            with self.assertRaises(AccessError):
                getattr(record, method)()

    def test_model_without_access_is_restricted(self):
        story = self._story()
        self.env["ir.model.access"].search([("model_id.model", "=", "sqms.fake.nc")]).unlink()
        self.assertEqual([node["restricted"] for node in self._trace(story["complaint"])["nodes"]], [False, True])

    def test_field_that_one_may_not_read_leads_nowhere(self):
        nc, secret = self._make("nc", "N"), self._make("complaint", "Secret")
        nc.secret_id = secret
        self.assertEqual(self._titles(self._trace(nc)), {"N"})
        self.assertEqual(self._titles(self._trace(secret)), {"Secret"})
        self.assertEqual(self._titles(self._trace(secret, user=self.env.ref("base.user_admin"))), {"N", "Secret"})

    def test_step_on_the_way_that_one_may_not_read_leads_nowhere(self):
        story = self._story()
        self._forbid(story["plan"])
        self.assertNotIn("Refunds", self._titles(self._trace(story["action"])))
        self.assertEqual(self._titles(self._trace(story["training"])), {"Refunds", "Adjusted +0.6"})

    # -- companies ------------------------------------------------------------------

    def test_other_company_is_restricted(self):
        story = self._story()
        (story["nc"] | story["nc"]).company_id = self.other_company
        text = self._everything(story["complaint"])
        self.assertNotIn("Card retried", text)
        self.assertNotIn("Elsewhere", text)
        self.assertEqual(self._titles(self._trace(story["complaint"])), {"Charged twice", ""})

    def test_company_that_is_not_chosen_at_the_moment_is_restricted(self):
        story = self._story()
        story["nc"].company_id = self.other_company
        self.clerk.company_ids |= self.other_company
        complaint = story["complaint"].with_user(self.clerk)
        here = complaint.with_context(allowed_company_ids=self.company.ids).trace()
        both = complaint.with_context(allowed_company_ids=(self.company | self.other_company).ids).trace()
        self.assertEqual(self._titles(here), {"Charged twice", ""})
        self.assertIn("Card retried", self._titles(both))

    # -- gates ------------------------------------------------------------------------

    def _held_story(self):
        story = self._story()
        story["training"].write(
            {"holds_id": story["nc"].id, "missing": 5, "user_id": self.clerk.id, "date_due": "2026-11-30"}
        )
        return story

    def test_gate_names_what_holds_closure(self):
        story = self._held_story()
        (gate,) = self._trace(story["complaint"])["gates"]
        self.assertEqual(
            gate,
            {
                "source": f"sqms.fake.training,{story['training'].id}",
                "target": f"sqms.fake.nc,{story['nc'].id}",
                "text": "Holds closure of Card retried: 5 untrained.",
                "label": "5 untrained",
                "open": True,
                "responsible": {"id": self.clerk.id, "name": self.clerk.name},
                "due": "2026-11-30",
                "action": False,
            },
        )

    def test_gate_to_what_one_may_not_read_keeps_its_words(self):
        story = self._held_story()
        self._forbid(story["nc"])
        graph = self._trace(story["training"])
        (gate,) = graph["gates"]
        # The way to the nonconformity leads through the cause: it is in the picture, without a name.
        self.assertEqual(gate["text"], "Held by something that you may not read.")
        self.assertEqual((gate["responsible"], gate["due"], gate["open"]), (False, False, True))
        self.assertIn(gate["target"], {node["id"] for node in graph["nodes"] if node["restricted"]})
        self.assertNotIn("Card retried", self._everything(story["training"]))

    def test_gate_to_what_is_not_in_the_picture_keeps_its_words_too(self):
        story = self._held_story()
        other = self._make("nc", "Somewhere else")
        story["training"].holds_id = other
        (gate,) = self._trace(story["complaint"])["gates"]
        self.assertFalse(gate["target"])
        self.assertIn("Somewhere else", gate["text"])
        self._forbid(other)
        self.assertNotIn("Somewhere else", self._everything(story["complaint"]))

    def test_gate_of_what_one_may_not_read_is_not_told(self):
        story = self._held_story()
        self._forbid(story["training"])
        self.assertEqual(self._trace(story["complaint"])["gates"], [])
        self.assertNotIn("untrained", self._everything(story["complaint"]))

    # -- text ----------------------------------------------------------------------------

    def test_hostile_text_stays_text_in_the_drawing(self):
        from lxml import etree

        story = self._held_story()
        for record in story.values():
            if "title" in record._fields:
                record.write({"title": HOSTILE, "number": HOSTILE})
        text = story["complaint"].with_user(self.clerk).trace_svg()
        tree = etree.fromstring(text.encode())
        tags = {etree.QName(element).localname for element in tree.iter(etree.Element)}
        self.assertLessEqual(tags, {"svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "g"})
        names = {name for element in tree.iter(etree.Element) for name in element.attrib}
        self.assertFalse([name for name in names if name.startswith("on") or "href" in name])
        self.assertFalse(list(tree.iter(etree.Comment)))
        self.assertIn("<script>", "".join(tree.itertext()))
        self.assertNotIn("\x07", text)
        self.assertNotIn("\u202e", text)

    # -- roles ---------------------------------------------------------------------------

    def test_every_role_sees_its_own_part_of_a_document(self):
        company = self.company
        roles = {
            "officer": "sqms_base.group_sqms_officer",
            "manager": "sqms_base.group_sqms_manager",
            "top": "sqms_base.group_sqms_top",
            "certifier": "sqms_base.group_sqms_certifier",
            "plain": "base.group_user",
        }
        users = {
            name: new_test_user(
                self.env, f"sqms_trace_{name}", groups, company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for name, groups in roles.items()
        }  # fmt: skip
        document = self.env["sqms.document"].with_user(users["officer"]).create({"name": "Refunds"})
        draft = self.env["sqms.document.version"].with_user(users["officer"]).create({"document_id": document.id})
        for name in ("officer", "manager", "top", "certifier"):
            graph = self._trace(document, user=users[name])
            self.assertEqual([node["restricted"] for node in graph["nodes"]], [False, False], name)
        # A draft is not for everybody, nor is a document without an edition in force.
        for record in (document, draft):
            with self.assertRaises(AccessError):
                self._trace(record, user=users["plain"])
        for user in (
            new_test_user(self.env, "sqms_trace_portal", "base.group_portal"),
            self.env.ref("base.public_user"),
        ):
            with self.assertRaises(AccessError):
                self._trace(document, user=user)
