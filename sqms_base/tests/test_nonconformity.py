from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import NOON, sign_step
from .nonconformity_common import NonconformityCase

STATES = ("contained", "cause", "action", "verified", "effective", "closed", "dismissed")
SYSTEM = ("verified", "proven", "again", "unfounded", "unverified", "unproven")


@tagged("post_install", "-at_install")
class TestNonconformity(NonconformityCase):
    """The life of a nonconformity, and every way past it that is closed."""

    # -- the life ------------------------------------------------------------------

    def test_the_whole_life(self):
        nc = self._create_nc()
        self.assertEqual((nc.state, nc.author_id, nc.number[:8]), ("found", self.plain, "NC/2026/"))
        self._to_effective(nc)
        steps = [entry.state for entry in nc.sudo().sqms_history() if entry.event == "transition"]
        self.assertEqual(steps[::-1], ["contained", "cause", "action", "verified", "effective"])
        self.assertEqual(nc.waiting_for, "Waiting for: a manager to close it")
        self.assertEqual(nc.with_user(self.manager).action_transition("close")["tag"], "sqms_sign")
        self.assertEqual(nc.state, "effective")
        sign_step(nc, "close", self.manager)
        self.assertEqual((nc.state, nc.closed_by_id), ("closed", self.manager))
        self.assertTrue(nc.with_user(self.manager).signature_ids.is_valid)

    def test_the_state_follows_its_actions(self):
        nc = self._create_nc()
        self._to_action(nc)
        correction = self._create_action(nonconformity_id=nc.id)
        self._verify(correction, self.second_officer)
        self.assertEqual(nc.state, "action", "a correction alone lets nothing last")
        lasting = self._create_lasting(nonconformity_id=nc.id, check_days=0)
        self._verify(lasting, self.second_officer)
        self.assertEqual(nc.state, "verified")
        another = self._create_action("One more", nonconformity_id=nc.id)
        self.assertEqual(nc.state, "action", "a new action is not verified yet")
        another.cancel_reason = "Not needed"
        another.with_user(self.second_officer).action_transition("cancel")
        self.assertEqual(nc.state, "verified")
        self._judge(lasting)
        self.assertEqual(nc.state, "effective")
        nc.cause_ids.evidence = False
        self.assertEqual(nc.state, "cause", "a root cause without evidence is none")

    def test_ineffective_begins_a_new_cycle_at_the_cause(self):
        nc = self._create_nc()
        cause = self._to_action(nc)
        lasting = self._create_lasting(nonconformity_id=nc.id, check_days=0)
        nc.write({"similar_cases": "None", "system_changes": "None"})
        self._verify(lasting, self.second_officer)
        self._judge(lasting, "ineffective")
        self.assertEqual((nc.state, nc.cycle, lasting.state, lasting.cycle), ("cause", 2, "ineffective", 1))
        self._refused(UserError, "look for the root cause again", lambda: nc.action_transition("propose_cause"))
        self.assertEqual(cause.cycle, 1, "the story keeps what was found before")
        with self.assertRaises(UserError), self.cr.savepoint():
            cause.unlink()
        self._create_cause(nc, name="Nobody was told of edition 4", type_id=self.other_kind.id)
        nc.action_transition("propose_cause")
        self.assertEqual(nc.state, "action", "what was done in the first cycle proves nothing in the second")
        self.assertTrue(self._open_gates(nc))
        again = self._create_lasting("Tell everybody", nonconformity_id=nc.id, check_days=0)
        self.assertEqual(again.cycle, 2)
        self._verify(again, self.second_officer)
        self._judge(again)
        self.assertEqual((nc.state, self._open_gates(nc)), ("effective", []))
        sign_step(nc, "close", self.manager)
        self.assertEqual(nc.state, "closed")

    def test_reopened_it_is_a_new_cycle(self):
        nc, *_story = self._closed()
        boss = nc.with_user(self.manager)
        self._refused(UserError, "Why It Is Reopened", lambda: boss.action_transition("reopen"))
        boss.reopen_reason = "It happened again on Sunday"
        boss.action_transition("reopen")
        self.assertEqual((nc.state, nc.cycle, nc.closed_at, nc.reopen_reason), ("cause", 2, False, False))
        self.assertIn("on Sunday", nc.message_ids[0].body)
        self._refused(UserError, "root cause again", lambda: nc.action_transition("propose_cause"))
        self.assertFalse(boss.signature_ids.is_valid, "what was signed was another cycle")

    def test_dismissed_with_a_reason_by_another_manager(self):
        nc = self._create_nc(user=self.manager)
        boss = nc.with_user(self.manager)
        boss.dismiss_reason = "Agreed with the customer"
        self._refused(UserError, "you reported it", lambda: boss.action_transition("dismiss"))
        self._refused(AccessError, "not open to your role", lambda: nc.action_transition("dismiss"))
        nc.dismiss_reason = False
        other = nc.with_user(self.second_manager)
        self._refused(UserError, "Why It Is None", lambda: other.action_transition("dismiss"))
        other.dismiss_reason = "Agreed with the customer"
        action = self._create_action(nonconformity_id=nc.id)
        self._refused(UserError, "finished or cancelled first", lambda: other.action_transition("dismiss"))
        action.cancel_reason = "None"
        action.with_user(self.second_officer).action_transition("cancel")
        other.action_transition("dismiss")
        self.assertEqual((nc.state, nc.closed_by_id), ("dismissed", self.second_manager))
        self._refused(AccessError, "can no longer be changed", lambda: nc.write({"name": "x"}))
        other.reopen_reason = "The customer says otherwise"
        other.action_transition("reconsider")
        self.assertEqual(nc.state, "found")

    # -- gates ---------------------------------------------------------------------

    def _open_gates(self, nc):
        self.env.flush_all()
        self.env.invalidate_all()
        return [gate["text"] for gate in nc.with_user(self.manager)._closing_gates() if gate["open"]]

    def _assert_held(self, nc, words=None):
        """Closing is refused, and the message names every gate that is open."""
        self.env.invalidate_all()
        gates = self._open_gates(nc)
        self.assertTrue(gates)
        refusal = nc.with_user(self.manager)._check_close()[nc.id]
        for gate in gates:
            self.assertIn(gate.rstrip("."), refusal)
        if words:
            self.assertIn(words, refusal)
        state = nc.state
        with self.assertRaises(UserError), self.cr.savepoint():
            sign_step(nc, "close", self.manager)
        self.assertEqual(nc.state, state)

    def test_each_link_of_the_story_holds_closure_when_it_goes(self):
        nc = self._create_nc()
        cause, lasting, correction = self._to_effective(nc)
        self.assertEqual(self._open_gates(nc), [])

        def attempt(change, words):
            with self.cr.savepoint() as savepoint:
                change()
                self.env.flush_all()
                self._assert_held(nc, words)
                savepoint.rollback()
            self.env.invalidate_all()
            self.assertEqual((nc.state, self._open_gates(nc)), ("effective", []))

        attempt(lambda: nc.write({"containment": " "}), "What was done at once")
        attempt(lambda: nc.write({"contained_at": False}), "What was done at once")
        attempt(lambda: nc.write({"disposition": False}), "what becomes of the service")
        attempt(lambda: nc.write({"disposition": "concession"}), "authorised to let it through")
        attempt(lambda: nc.write({"similar_cases": False}), "Similar cases")
        attempt(lambda: nc.write({"system_changes": "\n"}), "what changes in risks")
        attempt(lambda: nc.write({"kind": "exception"}), "when the service was restored")
        attempt(lambda: cause.unlink(), "root cause")
        attempt(lambda: cause.write({"verdict": "open"}), "root cause")
        attempt(lambda: cause.write({"verdict": "ruled_out", "ruled_out_reason": "No"}), "root cause")
        attempt(lambda: cause.write({"evidence": False}), "root cause")
        attempt(lambda: cause.write({"type_id": False}), "root cause")
        attempt(lambda: self._create_action("More", nonconformity_id=nc.id), "is not done yet")
        attempt(lambda: self._create_cause(nc, name="Second", evidence=False), "root cause")

        def reopen(action):
            action.with_user(self.manager).reopen_reason = "The receipts are missing"
            action.with_user(self.manager).action_transition("reopen")

        attempt(lambda: reopen(correction), f"{correction.number} is not done yet")
        # What is proven is closed itself: it is neither deleted, moved, turned into something else nor undone.
        for values in (
            {"nonconformity_id": False}, {"kind": "correction"}, {"state": "planned"}, {"cycle": 7},
            {"nonconformity_id": self.nonconformity.id},
        ):  # fmt: skip
            for user in (self.officer, self.manager):
                with self.assertRaises(UserError), self.cr.savepoint():
                    lasting.with_user(user).write(values)
        for action in (lasting, correction):
            with self.assertRaises(UserError), self.cr.savepoint():
                action.with_user(self.manager).unlink()
        self.assertEqual(self._open_gates(nc), [])

    def test_an_edition_that_is_withdrawn_holds_closure_again(self):
        nc = self._create_nc()
        version = self._create_in_force()
        self._to_action(nc)
        nc.write({"similar_cases": "None", "system_changes": "P-014 edition 4"})
        lasting = self._create_lasting(nonconformity_id=nc.id, check_days=0, version_ids=[Command.link(version.id)])
        self._verify(lasting, self.second_officer)
        self._judge(lasting)
        self.assertEqual(nc.state, "effective")
        self._assert_held(nc, "2 of 2 have not read")
        with freeze_time(NOON + timedelta(days=1)):
            version.with_user(self.manager).withdrawal_reason = "No longer right"
            version.with_user(self.manager).action_transition("withdraw")
            self.assertEqual(version.state, "obsolete")
            self._assert_held(nc, "is not in force")

    def test_closed_its_story_is_closed(self):
        nc, cause, lasting, correction = self._closed()
        rows = nc.sudo().source_ids
        self.assertFalse(rows)
        for user in (self.officer, self.manager, self.env.ref("base.user_admin")):
            if user == self.env.ref("base.user_admin"):
                user.company_ids |= self.company
            env = self.env(user=user, context={**self.env.context, "allowed_company_ids": self.company.ids})
            attempts = (
                lambda env=env: env["sqms.nonconformity"].browse(nc.id).write({"name": "x"}),
                lambda env=env: env["sqms.nonconformity"].browse(nc.id).write({"owner_id": self.doer.id}),
                lambda env=env: env["sqms.nonconformity"].browse(nc.id).write({"state": "cause"}),
                lambda env=env: env["sqms.nonconformity"].browse(nc.id).write({"cause_ids": [Command.clear()]}),
                lambda env=env: env["sqms.nonconformity"].browse(nc.id).write({"action_ids": [Command.clear()]}),
                lambda env=env: env["sqms.nonconformity"].browse(nc.id).unlink(),
                lambda env=env: env["sqms.cause"].browse(cause.id).write({"verdict": "open"}),
                lambda env=env: env["sqms.cause"].browse(cause.id).write({"evidence": "other"}),
                lambda env=env: env["sqms.cause"].browse(cause.id).unlink(),
                lambda env=env: env["sqms.cause"].create({"nonconformity_id": nc.id, "name": "Late"}),
                lambda env=env: env["sqms.action"].create({"nonconformity_id": nc.id, "name": "Late"}),
                lambda env=env: env["sqms.action"].browse(lasting.id).write({"effect_result": "x"}),
                lambda env=env: env["sqms.action"].browse(lasting.id).write({"owner_id": env.uid}),
                lambda env=env: env["sqms.action"].browse(correction.id).unlink(),
                lambda env=env: env["sqms.action"].browse(correction.id).write({"nonconformity_id": False}),
                lambda env=env: env["sqms.action"].browse(correction.id).action_transition("reopen"),
                lambda env=env: env["sqms.nonconformity.source"].create(
                    {"nonconformity_id": nc.id, "res_model": "res.partner", "res_id": env.user.partner_id.id}
                ),
            )
            for attempt in attempts:
                with self.subTest(user=user.login), self.assertRaises(UserError), self.cr.savepoint():
                    attempt()
                    self.env.flush_all()
        self.assertEqual((nc.state, lasting.state, correction.state), ("closed", "effective", "verified"))
        for superuser in (nc.sudo(), nc.with_user(1)):
            with self.assertRaises(UserError), self.cr.savepoint():
                superuser.write({"state": "effective"})
            with self.assertRaises(UserError), self.cr.savepoint():
                superuser.action_ids.write({"name": "x"})

    # -- other ways -------------------------------------------------------------------

    def test_no_other_way_to_a_state(self):
        nc = self._create_nc()
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        for user in (self.plain, self.officer, self.manager, self.top, admin):
            mine = nc.with_user(user).with_context(allowed_company_ids=self.company.ids)
            for state in STATES:
                with self.subTest(user=user.login, state=state):
                    with self.assertRaises(UserError), self.cr.savepoint():
                        mine.write({"state": state})
                    with self.assertRaises(UserError), self.cr.savepoint():
                        mine.create({"name": "x", "state": state})
                    with self.assertRaises(UserError), self.cr.savepoint():
                        mine.with_context(default_state=state).create({"name": "x"})
                    with self.assertRaises(UserError), self.cr.savepoint():
                        mine.web_save({"state": state}, {})
            for step in SYSTEM:
                with self.assertRaises(UserError), self.cr.savepoint():
                    mine.action_transition(step)
            with self.assertRaises(UserError), self.cr.savepoint():
                mine.action_transition("close")
            result = mine.load(["name", "state"], [["Imported", "Closed"]])
            self.assertFalse(result["ids"])
        for name in ("closed_by_id", "closed_at", "authorised_by_id", "escalated_at", "past_owner_ids", "cycle"):
            with self.assertRaises(UserError), self.cr.savepoint():
                value = datetime(2026, 11, 1) if name.endswith("_at") else 5
                nc.write({name: [Command.set([])] if name == "past_owner_ids" else value})
        self.assertEqual(nc.state, "found")

    def test_server_action_automation_and_mail_lead_nowhere(self):
        nc = self._create_nc()
        action = self.env["ir.actions.server"].create(
            {
                "name": "close", "state": "object_write", "update_path": "state", "selection_value": False,
                "model_id": self.env["ir.model"]._get_id("sqms.nonconformity"), "value": "closed",
            }
        )  # fmt: skip
        action.write({"state": "code", "code": "record.write({'state': 'closed'})"})
        with self.assertRaises(UserError), self.cr.savepoint():
            action.with_context(active_model=nc._name, active_id=nc.id, active_ids=nc.ids).run()
        self.env["ir.default"].set("sqms.nonconformity", "state", "closed", user_id=True)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.env["sqms.nonconformity"].create({"name": "x", "company_id": self.company.id})
        self.env["ir.default"].discard_values("sqms.nonconformity", "state", ["closed"])
        made = self.env["sqms.nonconformity"].message_new(
            {"subject": "By mail", "from": "x@example.com", "body": "Closed", "email_from": "x@example.com"},
            {"company_id": self.company.id},
        ) if hasattr(self.env["sqms.nonconformity"], "message_new") else nc  # fmt: skip
        self.assertEqual(made.state, "found")

    def test_nobody_closes_what_he_had_a_part_in(self):
        nc = self._create_nc(user=self.second_manager, owner_id=self.officer.id)
        self._to_effective(nc)
        for user, words in ((self.second_manager, "you reported it"),):
            with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                sign_step(nc, "close", user)
        nc.owner_id = self.manager
        nc.owner_id = self.officer
        with self.assertRaisesRegex(UserError, "have owned it"), self.cr.savepoint():
            sign_step(nc, "close", self.manager)
        third = self._create_user("manager3", "sqms_base.group_sqms_manager")
        self.assertFalse([step for step in nc.with_user(self.manager).transitions() if step["name"] == "close"])
        with self.assertRaises(AccessError), self.cr.savepoint():
            sign_step(nc, "close", self.officer)
        with self.assertRaises(AccessDenied), self.cr.savepoint():
            nc.with_user(third).action_sign_step("close", "wrong password")
        sign_step(nc, "close", third)
        self.assertEqual(nc.state, "closed")

    def test_the_owner_of_an_action_does_not_close_it(self):
        nc = self._create_nc()
        self._to_action(nc)
        lasting = self._create_lasting(nonconformity_id=nc.id, check_days=0, owner_id=self.manager.id)
        nc.write({"similar_cases": "None", "system_changes": "None"})
        self._verify(lasting, self.second_officer)
        self._judge(lasting)
        with self.assertRaisesRegex(UserError, "own one of its actions"), self.cr.savepoint():
            sign_step(nc, "close", self.manager)
        sign_step(nc, "close", self.second_manager)
        self.assertEqual(nc.state, "closed")

    # -- times ----------------------------------------------------------------------

    def test_the_order_of_time(self):
        nc = self._create_nc(found_at=NOON - timedelta(hours=5))
        hour = timedelta(hours=1)
        for values, words in (
            ({"found_at": NOON + hour}, "“Found At” lies in the future"),
            ({"contained_at": NOON + hour}, "“Contained At” lies in the future"),
            ({"contained_at": NOON - 6 * hour}, "“Contained At” is not before “Found At”"),
            ({"resolved_at": NOON - 6 * hour}, "“Resolved At” is not before “Found At”"),
            ({"contained_at": NOON - hour, "resolved_at": NOON - 2 * hour}, "“Resolved At” is not before “Contained"),
            ({"found_at": NOON - hour, "contained_at": NOON - 2 * hour}, "“Contained At” is not before “Found At”"),
        ):
            with self.assertRaises(ValidationError) as caught, self.cr.savepoint():
                nc.write(values)
            self.assertIn(words, str(caught.exception))
            self.assertNotIn("\n", str(caught.exception))
        nc.write({"contained_at": NOON - timedelta(hours=1, minutes=40), "resolved_at": NOON})
        self.assertEqual((round(nc.contained_hours, 2), nc.resolved_hours), (3.33, 5.0))
        self.assertEqual(nc.contained_words, "after 3 h 20 min")
        self.assertEqual(nc.resolved_words, "after 5 h 0 min")
        self.assertTrue(nc.is_contained_on_time)
        nc.grade = "critical"
        self.assertEqual(nc.contain_due_at, nc.found_at + timedelta(hours=4))
        self.assertTrue(nc.is_contained_on_time)
        nc.contained_at = nc.found_at + timedelta(hours=4, seconds=1)
        self.assertFalse(nc.is_contained_on_time)

    def test_late_is_what_is_not_contained_in_time_or_has_an_overdue_action(self):
        late = self._create_nc("Late", found_at=NOON - timedelta(hours=73))
        fresh = self._create_nc("Fresh")
        behind = self._create_nc("Behind")
        self._to_cause(behind)
        self._create_action(nonconformity_id=behind.id, date_due="2026-11-22")
        found = self.env["sqms.nonconformity"].with_user(self.officer).search([("is_late", "=", True)])
        self.assertEqual(found & (late | fresh | behind), late | behind)
        self.assertEqual([nc.is_late for nc in late | fresh | behind], [True, False, True])

    # -- escalation, concession, cost ----------------------------------------------

    def test_escalated_to_a_manager_who_is_told(self):
        nc = self._create_nc(kind="exception")
        wizard = self.env["sqms.nonconformity.escalation"].with_user(self.plain)
        values = {"nonconformity_id": nc.id, "reason": "The provider does not answer"}
        for person, words in ((self.doer, "quality manager or to top"), (self.stranger, "does not work in this")):
            with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                wizard.create({**values, "manager_id": person.id}).action_escalate()
        wizard.create({**values, "manager_id": self.top.id}).action_escalate()
        self.assertEqual((nc.escalated_to_id, nc.escalated_at), (self.top, NOON))
        self.assertEqual(nc.activity_ids.user_id, self.top)
        self.assertIn("escalated", nc.sudo().sqms_history().mapped("event"))
        with self.assertRaises(AccessError), self.cr.savepoint():
            wizard.with_user(self.doer).create({**values, "manager_id": self.top.id}).action_escalate()

    def test_a_concession_is_authorised_by_another(self):
        nc = self._create_nc(owner_id=self.manager.id)
        nc.write({"disposition": "concession"})
        for user in (self.officer, self.manager):
            with self.assertRaises(AccessError), self.cr.savepoint():
                nc.with_user(user).action_authorise()
        nc.with_user(self.second_manager).action_authorise()
        self.assertEqual(nc.authorised_by_id, self.second_manager)
        nc.disposition = "as_is"
        self.assertFalse(nc.authorised_by_id, "what was authorised is something else now")

    def test_cost_in_the_currency_of_the_company(self):
        nc = self._create_nc()
        cost = self.env["sqms.quality.cost"]
        nc_cost = {"nonconformity_id": nc.id, "company_id": self.company.id, "currency_id": self.company.currency_id.id}
        cost._record_cost(nc.sudo(), "external", 86, name="Refund", **nc_cost)
        cost._record_cost(nc.sudo(), "internal", 14.5, name="Work", **nc_cost)
        nc.invalidate_recordset()
        self.assertEqual(nc.cost_total, 100.5)

    # -- who ----------------------------------------------------------------------------

    def test_each_role_reads_and_writes_what_is_its_own(self):
        nc = self._create_nc()
        foreign = self.env["sqms.nonconformity"].with_user(self.stranger).create({"name": "Elsewhere"})
        self.assertEqual(nc.author_id, self.plain)
        forged = self.env["sqms.nonconformity"].with_user(self.plain).with_context(default_author_id=self.top.id)
        self.assertEqual(forged.create({"name": "x", "author_id": self.top.id}).author_id, self.plain)
        with self.assertRaises(UserError), self.cr.savepoint():
            nc.with_user(self.plain).author_id = self.top
        readers = {self.plain: True, self.officer: True, self.top: True, self.certifier: True, self.doer: False,
                   self.stranger: False, self.portal: False, self.public: False, self.hr: False}  # fmt: skip
        for user, may in readers.items():
            self.assertEqual(nc.with_user(user).has_access("read"), may, user.login)
        for user in (self.certifier, self.top, self.doer, self.stranger, self.portal, self.public):
            self.assertFalse(nc.with_user(user).has_access("write"), user.login)
        for user in (self.plain, self.officer, self.manager):
            self.assertFalse(nc.with_user(user).has_access("unlink"), user.login)
            self.assertFalse(foreign.with_user(user).has_access("read"), user.login)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.env["sqms.nonconformity"].with_user(self.certifier).create({"name": "x"})
        mine = nc.with_user(self.plain)
        mine.description = "More of it"
        self._refused(UserError, "owner or a quality officer", lambda: (
            mine.write({"containment": "Done"}), mine.action_transition("contain")))  # fmt: skip
        self._to_cause(nc)
        self.assertFalse(mine.has_access("write"), "once it is contained its owner goes on")
        self._create_action(nonconformity_id=nc.id)
        self.env.invalidate_all()
        self.assertTrue(nc.with_user(self.doer).has_access("read"), "he has an action in it")
        self.assertFalse(nc.with_user(self.doer).has_access("write"))

    def test_a_plain_owner_works_on_it_and_cannot_close_it(self):
        nc = self._create_nc(owner_id=self.plain.id)
        mine = nc.with_user(self.plain)
        mine.write({"containment": "Set back", "disposition": "refund"})
        mine.action_transition("contain")
        mine.action_transition("analyse")
        self.assertEqual(nc.state, "cause")
        self._refused(UserError, "asked why yet", lambda: mine.action_transition("propose_cause"))
        with self.assertRaises(AccessError), self.cr.savepoint():
            sign_step(nc, "close", self.plain)

    def test_the_owner_of_the_process_owns_what_nobody_was_named_for(self):
        self.process.owner_id = self.manager
        nc = self._create_nc(owner_id=False)
        self.assertEqual((nc.owner_id, nc.past_owner_ids), (self.manager, self.manager))

    def test_closing_many_asks_no_more_queries_than_closing_few(self):
        def count(number):
            ncs = self.env["sqms.nonconformity"].create(
                [{"name": f"N{index}", "company_id": self.company.id} for index in range(number)]
            )
            self.env["sqms.cause"].create([{"nonconformity_id": nc.id, "name": "why"} for nc in ncs])
            self.env.flush_all()
            self.env.invalidate_all()
            with self._counted() as counter:
                ncs._closing_gates()
            return counter()

        count(1)
        self.assertEqual(count(4), count(8))

    def _counted(self):
        return _Counter(self.cr)


class _Counter:
    def __init__(self, cr):
        self.cr = cr

    def __enter__(self):
        start = self.cr.sql_log_count
        return lambda: self.cr.sql_log_count - start

    def __exit__(self, *_error):
        return False
