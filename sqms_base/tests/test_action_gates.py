from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .action_common import ActionCase
from .common import sign_step


@tagged("post_install", "-at_install", "sqms_alone")
class TestActionGates(ActionCase):
    """What an action holds up: the nonconformity that it answers, and the words that a manager reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nonconformity.write(
            {
                "owner_id": cls.officer.id, "containment": "Terminals back", "contained_at": "2026-11-23 04:00:00",
                "disposition": "refund", "similar_cases": "None", "system_changes": "None",
            }
        )  # fmt: skip
        cls.kind = cls.env["sqms.cause.type"].create(
            {"name": "No test", "category": "method", "company_id": cls.company.id}
        )
        cls.root = {"verdict": "root", "evidence": "Log of the terminal", "type_id": cls.kind.id}
        cls.second_cause.write({"verdict": "ruled_out", "ruled_out_reason": "It was in force"})
        cls.cause.write(cls.root)
        for step in ("contain", "analyse", "propose_cause"):
            cls.nonconformity.with_user(cls.officer).action_transition(step)

    def _texts(self, nonconformity=None, source=None):
        gates = (nonconformity or self.nonconformity).with_user(self.manager)._closing_gates()
        return [gate["text"] for gate in gates if gate["open"] and (not source or gate["source"]._name == source)]

    def test_the_sentence_says_who_is_to_do_what_until_when(self):
        action = self._create_lasting(nonconformity_id=self.nonconformity.id)
        number = action.number
        said = [self._texts(source="sqms.action")]
        self._do(action)
        said.append(self._texts(source="sqms.action"))
        self._verify(action)
        said.append(self._texts(source="sqms.action"))
        self.assertEqual(
            said,
            [
                [f"{number} is not done yet ({self.doer.name}, due 11/28/2026)."],
                [f"{number} waits to be verified by somebody other than {self.doer.name}."],
                [f"{number} is not yet proven to help: its check is due on 12/23/2026."],
            ],
        )
        self.assertEqual(self.nonconformity.state, "verified")
        gate = next(gate for gate in self.nonconformity._closing_gates() if gate["open"])
        self.assertEqual((gate["responsible"], gate["due"]), (self.manager, action.date_check))
        self.assertEqual(gate["source"].sudo().action_open_form()["res_id"], action.id)
        with freeze_time(datetime(2026, 12, 23, 4, 0)):
            action.with_user(self.manager).effect_result = "None in 30 days"
            action.with_user(self.manager).action_transition("effective")
        self.assertEqual((self.nonconformity.state, self._texts()), ("effective", []))

    def test_a_plain_user_never_closes_it_without_proof(self):
        """Every way to a verified, effective action that is open to its owner alone; the gates stay."""
        action = self._create_lasting(nonconformity_id=self.nonconformity.id)
        self._do(action)
        for step in ("effective", "ineffective", "reopen", "cancel", "send_back"):
            self._refused((AccessError, UserError), "", lambda s=step: action.with_user(self.doer).action_transition(s))
        self._refused((AccessError, UserError), "", lambda: sign_step(action, "verify", self.doer))
        self._refused((AccessError, UserError), "", lambda: action.with_user(self.doer).unlink())
        self.assertEqual((action.state, self.nonconformity.state), ("done", "action"))
        self.assertTrue(self._texts())

    def test_a_new_edition_is_in_force_and_read_before_it_closes(self):
        version = self._create_draft(author=self.second_officer)
        action = self._create_action(
            nonconformity_id=self.nonconformity.id, version_ids=[(4, version.id)], owner_id=self.second_officer.id
        )
        nc, other = self.nonconformity, self._create_nonconformity("Another")
        twice = self._create_action(nonconformity_id=nc.id, version_ids=[(4, version.id)])
        self.assertEqual((nc | other).mapped("version_count"), [1, 0], "each edition once")
        self.assertEqual(self.env["sqms.document.version"].search(nc.action_open_editions()["domain"]), version)
        # Who may not read the edition does not hear of it.
        self.assertEqual((nc.with_user(self.doer).version_count, version.with_user(self.doer).has_access("read")),
                         (0, False))  # fmt: skip
        twice.with_user(self.manager).cancel_reason = "Said twice"
        twice.with_user(self.manager).action_transition("cancel")
        self.assertEqual(nc.version_count, 1)
        words = {"edition": version.display_name, "number": action.number}
        self.assertEqual(
            self._texts(source="sqms.document.version"),
            ["{edition}, which {number} brings, is not in force.".format(**words)],
        )
        document = version.document_id
        document.with_user(self.second_officer).write(
            {"audience": "chosen", "department_ids": [(6, 0, (self.desk_north | self.workshop).ids)]}
        )
        self._approve(version, approver=self.manager)
        self.assertEqual(version.sudo().reader_count, 2)
        self.assertEqual(
            self._texts(source="sqms.document.version"),
            ["2 of 2 have not read {edition}, which {number} brings.".format(**words)],
        )
        self.env["sqms.acknowledgement"].sudo().search([("version_id", "=", version.id)])._take_over(
            "2026-11-23 05:00:00"
        )
        self.env.invalidate_all()
        self.assertEqual(self._texts(source="sqms.document.version"), [])
        # Who opens the action again, or takes the link away, does not get round it once it is done.
        self._verify(action)
        self._refused(AccessError, "", lambda: action.write({"version_ids": [(5,)]}))

    def test_a_manager_is_refused_with_the_names_and_the_reopened_action_holds_again(self):
        action = self._create_lasting(nonconformity_id=self.nonconformity.id, owner_id=self.second_officer.id)
        self._verify(action, self.manager)
        with freeze_time(datetime(2026, 12, 23, 4, 0)):
            action.with_user(self.manager).effect_result = "None in 30 days"
            action.with_user(self.manager).action_transition("effective")
            late = self._create_action("Refund", nonconformity_id=self.nonconformity.id)
            self.assertEqual(self.nonconformity.state, "action")
            self._refused(UserError, "", lambda: sign_step(self.nonconformity, "close", self.second_manager))
            late.with_user(self.manager).cancel_reason = "Paid already"
            late.with_user(self.manager).action_transition("cancel")
            self.assertEqual(self.nonconformity.state, "effective")
            again = self._verify(self._create_action("Refund", nonconformity_id=self.nonconformity.id))
            self.assertEqual(self.nonconformity.state, "effective")
            again.with_user(self.officer).reopen_reason = "One was forgotten"
            again.with_user(self.officer).action_transition("reopen")
            self.assertEqual(self.nonconformity.state, "action")
            self.assertIn(f"{again.number} is not done yet", self._texts()[0])
            sign_step(self._do(again, user=self.doer), "verify", self.manager)
            sign_step(self.nonconformity, "close", self.second_manager)
            self.assertEqual(self.nonconformity.state, "closed")
            # Nothing of a closed story begins again, and nothing is added.
            again.env.invalidate_all()
            self._refused(
                (AccessError, UserError), "",
                lambda: self._create_action(nonconformity_id=self.nonconformity.id),
            )  # fmt: skip
            self._refused(
                (AccessError, UserError), "", lambda: again.with_user(self.officer).write({"reopen_reason": "More"})
            )

    def test_what_did_not_help_begins_a_new_cycle(self):
        action = self._verify(self._create_lasting(nonconformity_id=self.nonconformity.id))
        action.with_user(self.manager).effect_result = "Three more"
        action.with_user(self.manager).action_transition("ineffective")
        self.assertEqual((self.nonconformity.cycle, self.nonconformity.state), (2, "cause"))
        following = self.env["sqms.action"].browse(action.with_user(self.officer).action_follow_up()["res_id"])
        self.assertEqual((following.cycle, following.previous_id), (2, action))
        self.env["sqms.cause"].create({**self.root, "nonconformity_id": self.nonconformity.id, "name": "No rule"})
        self.nonconformity.with_user(self.officer).action_transition("propose_cause")
        self.assertIn(following.number, " ".join(self._texts()))
        self.assertNotIn(f"{action.number} ", " ".join(self._texts(source="sqms.action")))

    def test_the_trace_leads_from_cause_to_edition(self):
        version = self._create_draft()
        action = self._create_lasting(
            nonconformity_id=self.nonconformity.id, cause_ids=[(4, self.cause.id)], version_ids=[(4, version.id)]
        )
        self._verify(action)
        graph = self.nonconformity.with_user(self.manager).trace()
        node = next(node for node in graph["nodes"] if node["res_id"] == action.id and node["model"] == "sqms.action")
        self.assertEqual(
            (node["number"], node["kind"], node["detail"], node["badge"]["text"], node["rank"]),
            (action.number, "Action", "done Nov 23", "Verified", 40),
        )
        ends = {(edge["source"].split(",")[0], edge["target"].split(",")[0]) for edge in graph["edges"]}
        self.assertIn(("sqms.nonconformity", "sqms.action"), ends)
        self.assertIn(("sqms.action", "sqms.document.version"), ends)
        self.assertTrue([gate for gate in graph["gates"] if gate["open"] and action.number in gate["text"]])

    def test_twice_the_story_the_same_number_of_queries(self):
        def story(number):
            found = self.nonconformity.browse()
            for place in range(number):
                nonconformity = self._create_nonconformity(f"Story {place}")
                version = self._create_draft(self._create_document(f"Document {place}"))
                for kind in ("correction", "containment"):
                    self._create_action(nonconformity_id=nonconformity.id, version_ids=[(4, version.id)], kind=kind)
                found |= nonconformity
            return found

        counts = []
        for records in (story(2), story(2), story(4)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(records._closing_gates())
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
