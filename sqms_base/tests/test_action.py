from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .action_common import TODAY, ActionCase
from .common import sign_step

LOCKED = "can no longer be changed"


@tagged("post_install", "-at_install")
class TestAction(ActionCase):
    """The life of an action, and every way round it."""

    # -- its life -------------------------------------------------------------------

    def test_from_planned_to_effective(self):
        action = self._create_lasting(nonconformity_id=self.nonconformity.id, cause_ids=[(4, self.cause.id)])
        self.assertTrue(action.number.startswith("A/2026/"))
        mine = action.with_user(self.doer)
        mine.action_transition("start")
        self.assertEqual((action.state, action.date_due_first), ("started", date(2026, 11, 28)))
        self._refused(UserError, "needs evidence", lambda: mine.action_transition("finish"))
        mine.evidence = "40 of 40 trials"
        mine.action_transition("finish")
        self.assertEqual((action.done_by_id, action.is_on_time), (self.doer, True))
        self.assertEqual(action.date_check, date(2026, 12, 23))
        self.assertEqual(action.verification_words, "waiting: someone else")
        sign_step(action, "verify", self.manager)
        self.assertEqual((action.state, action.verified_by_id), ("verified", self.manager))
        self.assertEqual(action.verification_words, f"{self.manager.name}, Nov 23")
        judge = action.with_user(self.manager)
        judge.effect_result = "None in 30 days"
        self._refused(UserError, "check is due on", lambda: judge.action_transition("effective"))
        with freeze_time(datetime(2026, 12, 22, 16, 0)):  # it is the 23rd in Shanghai
            judge.action_transition("effective")
        self.assertEqual((action.state, action.checked_by_id), ("effective", self.manager))

    def test_what_lasts_starts_with_a_criterion_alone(self):
        bare = self._create_action(kind="corrective")
        self._refused(UserError, "how its effect will be judged", lambda: bare.action_transition("start"))
        bare.write({"criterion_kind": "text", "criterion_text": "  "})
        self._refused(UserError, "how its effect will be judged", lambda: bare.action_transition("start"))
        bare.write({"criterion_kind": "indicator", "indicator_id": self.indicator.id})
        self.assertEqual(bare.effect_direction, "lower")
        self._refused(UserError, "change at least", lambda: bare.action_transition("start"))
        bare.write({"baseline_value": 2.4, "min_effect": 2.3})
        self.assertEqual(bare.criterion_label, "DC Double charges: at most 0.1 ‰ (was 2.4 ‰)")
        bare.action_transition("start")
        for name, value in {"min_effect": 0.1, "baseline_value": 9, "criterion_text": "x", "check_days": 1,
                            "criterion_kind": "text", "effect_direction": "higher", "date_due": TODAY,
                            "kind": "correction", "name": "Other"}.items():  # fmt: skip
            for user in (self.officer, self.manager, self.env.user):
                self._refused(AccessError, LOCKED, lambda u=user, n=name, v=value: bare.with_user(u).write({n: v}))
        self._refused(
            UserError,
            "before it starts|fill in",
            lambda: self._create_action(date_due=False).action_transition("start"),
        )

    def test_the_figure_decides_and_nobody_else(self):
        action = self._verify(self._create_measured())
        judge = action.with_user(self.second_officer)
        with freeze_time(datetime(2026, 12, 24)):
            self._refused(UserError, "number of cases", lambda: judge.action_transition("effective"))
            judge.write({"effect_value": 0.2, "effect_n": 9000, "effect_result": "Good enough, I say"})
            self._refused(UserError, "falls short", lambda: judge.action_transition("effective"))
            self._refused(UserError, "falls short", lambda: judge.sudo().action_transition("effective"))
            judge.effect_value = 0.1
            judge.action_transition("effective")
        self.assertEqual((action.state, action.effect_n), ("effective", 9000))

    def test_what_did_not_help_stays_and_is_followed(self):
        action = self._verify(self._create_measured(nonconformity_id=self.nonconformity.id))
        judge = action.with_user(self.manager)
        self._refused(UserError, "What the Check Found", lambda: judge.action_transition("ineffective"))
        judge.write({"effect_value": 2.0, "effect_n": 100, "effect_result": "Three more already"})
        judge.action_transition("ineffective")
        self.assertEqual(action.state, "ineffective")
        following = self.env["sqms.action"].browse(action.with_user(self.officer).action_follow_up()["res_id"])
        self.assertEqual((following.previous_id, following.state), (action, "planned"))
        self.assertEqual(following.nonconformity_id, self.nonconformity)
        self.assertEqual(following.cycle, self.nonconformity.cycle)
        again = action.with_user(self.officer).action_follow_up()["res_id"]
        self.assertEqual(again, following.id, "one is made, not two")
        self._refused(AccessError, LOCKED, lambda: action.with_user(self.officer).write({"effect_result": "It helped"}))

    # -- who verifies ---------------------------------------------------------------

    def test_nobody_judges_what_he_worked_on(self):
        """The owner, an owner before, who reported it done, who wrote evidence or exchanged a file."""
        action = self._create_action(owner_id=self.officer.id)
        action.action_transition("start")
        action.with_user(self.manager).owner_id = self.second_officer
        note = self.env["ir.attachment"].with_user(self.second_officer).create({"name": "a.txt", "raw": b"seen"})
        action.with_user(self.second_officer).evidence_file_ids = [Command.link(note.id)]
        action.evidence_file_ids.with_user(self.second_manager).raw = b"seen twice"
        action.with_user(self.manager).action_transition("finish")
        self.assertLessEqual(self.officer | self.second_officer | self.second_manager | self.manager, action.doer_ids)
        for user in (self.officer, self.second_officer, self.second_manager, self.manager):
            self._refused(UserError, "somebody else|another person", lambda u=user: sign_step(action, "verify", u))
            self._refused(
                UserError, "worked on it|fill in", lambda u=user: action.with_user(u).action_transition("send_back")
            )
            self.assertNotIn("verify", [step["name"] for step in action.with_user(user).transitions()])
        self._refused(ValidationError, "worked on", lambda: action.write({"verifier_id": self.officer.id}))
        third = self._create_user("manager3", "sqms_base.group_sqms_manager")
        sign_step(action, "verify", third)
        self.assertEqual(action.signature_ids.filtered("is_valid").user_id, third)

    def test_a_plain_colleague_verifies_only_if_asked(self):
        action = self._do(self._create_action())
        for user in (self.plain, self.top, self.certifier, self.portal, self.stranger):
            self._refused((AccessError, UserError), "", lambda u=user: sign_step(action, "verify", u))
        asked = self._do(self._create_action(verifier_id=self.plain.id))
        self._refused(AccessError, "not yours", lambda: asked.with_user(self.plain).write({"cancel_reason": "x"}))
        asked.with_user(self.plain).remarks = "No stamp"
        asked.with_user(self.plain).action_transition("send_back")
        self.assertEqual((asked.state, asked.done_at, asked.is_on_time), ("started", False, False))
        self._do(asked)
        sign_step(asked, "verify", self.plain)
        self.assertEqual(asked.state, "verified")

    def test_verification_is_signed_and_never_by_the_system(self):
        action = self._do(self._create_action())
        self.assertEqual(action.with_user(self.manager).action_transition("verify")["tag"], "sqms_sign")
        action.with_user(self.manager).sudo().action_transition("verify")
        self.assertEqual(action.state, "done")

    def test_it_is_cancelled_and_reopened_with_a_reason_by_an_officer(self):
        action = self._create_action(owner_id=self.officer.id)
        action.cancel_reason = "Not needed"
        self._refused(UserError, "you worked on it", lambda: action.action_transition("cancel"))
        self._refused(AccessError, "", lambda: action.with_user(self.doer).action_transition("cancel"))
        other = self._create_action()
        self._refused(UserError, "Cancelled", lambda: other.action_transition("cancel"))
        action.with_user(self.manager).action_transition("cancel")
        self.assertEqual((action.state, bool(action.activity_ids)), ("cancelled", False))
        done = self._verify(other)
        self._refused(AccessError, "role", lambda: done.with_user(self.doer).action_transition("reopen"))
        done.with_user(self.officer).reopen_reason = "Seen again"
        done.with_user(self.officer).action_transition("reopen")
        self.assertEqual((done.state, done.verified_by_id, done.done_at), ("started", self.manager.browse(), False))
        self._refused(UserError, "somebody else|another person", lambda: sign_step(self._do(done), "verify", self.doer))

    # -- ways round ---------------------------------------------------------------------

    def test_no_other_way_to_a_state_or_a_managed_field(self):
        action = self._create_action(nonconformity_id=self.nonconformity.id)
        model = self.env["sqms.action"].with_user(self.officer)
        for values in ({"state": "verified"}, {"verified_by_id": self.manager.id}, {"done_at": "2026-11-01"},
                       {"date_due_first": "2026-11-01"}, {"doer_ids": [(5,)]}, {"date_check": "2026-11-01"},
                       {"cycle": 9}, {"nonconformity_id": False}, {"risk_id": False}, {"previous_id": action.id},
                       {"number": "A/1"}, {"mailed_on": TODAY}):  # fmt: skip
            self._refused(UserError, "", lambda v=values: action.write(v))
            self._refused(UserError, "", lambda v=values: action.with_user(self.manager).sudo().write(v))
        for name, value in {"state": "verified", "verified_at": "2026-11-01", "checked_by_id": self.manager.id,
                            "doer_ids": [(4, self.manager.id)]}.items():  # fmt: skip
            hostile = model.with_context(**{f"default_{name}": value})
            self._refused(UserError, "", lambda m=hostile: m.create({"name": "x", "company_id": self.company.id}))
            self._refused(UserError, "", lambda n=name, v=value: model.create({"name": "x", n: v}))
        loaded = model.load(["name", "state"], [["x", "Verified"]])
        self.assertTrue(loaded["messages"])
        made = model.with_context(default_cycle=7).create({"name": "x", "cycle": 5, "company_id": self.company.id})
        self.assertEqual(made.cycle, 1)
        for commands in ([(5,)], [(3, action.id)], [(6, 0, [])], [(5,), (6, 0, [])]):
            self._refused(
                UserError, "", lambda c=commands: self.nonconformity.with_user(self.officer).write({"action_ids": c})
            )

    def test_a_server_action_or_a_copy_does_not_help(self):
        action = self._verify(self._create_lasting())
        server = self.env["ir.actions.server"].create(
            {
                "name": "Cheat", "state": "code", "model_id": self.env["ir.model"]._get_id("sqms.action"),
                "code": f"env['sqms.action'].sudo().browse({action.id}).write({{'state': 'effective'}})",
            }
        )  # fmt: skip
        with mute_logger("odoo.addons.base.models.ir_actions"):
            self._refused(UserError, "", server.run)
        copy = action.copy()
        self.assertEqual(
            (copy.state, copy.evidence, copy.doer_ids.ids, copy.verified_at, copy.date_check, copy.signature_ids.ids),
            ("planned", False, [], False, False, []),
        )
        self.assertEqual(copy.criterion_text, "No repeat")
        self._refused(AccessError, "kept", action.with_user(self.manager).unlink)

    def test_one_origin_and_causes_of_its_own_nonconformity(self):
        risk = self.env["sqms.risk"].create({"name": "Risk", "company_id": self.company.id})
        self._refused(
            Exception, "one_origin|answers one thing",
            lambda: mute_logger("odoo.sql_db")(self._create_action)(
                nonconformity_id=self.nonconformity.id, risk_id=risk.id
            ),
        )  # fmt: skip
        other = self._create_nonconformity("Other")
        self._refused(
            ValidationError, "causes of its own",
            lambda: self._create_action(nonconformity_id=other.id, cause_ids=[(4, self.cause.id)]),
        )  # fmt: skip
        self.abroad = self.env["hr.department"].create({"name": "Abroad", "company_id": self.other_company.id})
        abroad = self.env["sqms.nonconformity"].create({"name": "Abroad", "company_id": self.other_company.id})
        self._refused(UserError, "", lambda: self._create_action(nonconformity_id=abroad.id))
        self._refused(
            (ValidationError, UserError), "", lambda: self._create_action(res_model="res.partner", res_id=99999999)
        )
        self._refused((ValidationError, UserError), "", lambda: self._create_action(res_model="no.model", res_id=1))
        self._refused(
            (ValidationError, UserError), "another company",
            lambda: self._create_action(res_model="hr.department", res_id=self.abroad.id),
        )  # fmt: skip
        free = self._create_action(res_model="res.partner", res_id=self.doer.partner_id.id)
        self.assertEqual((free.cycle, free.origin_label), (1, "Contact"))

    # -- evidence -------------------------------------------------------------------

    def test_evidence_stays_from_the_day_it_is_done(self):
        action = self._create_action()
        mine = action.with_user(self.doer)
        mine.action_transition("start")
        files = self.env["ir.attachment"].with_user(self.doer)
        hostile = files.create({"name": "x.svg", "raw": b"<svg xmlns='http://www.w3.org/2000/svg'/>"})
        self._refused(UserError, "", lambda: mine.write({"evidence_file_ids": [(4, hostile.id)]}))
        note = files.create({"name": "note.txt", "raw": b"seen"})
        mine.evidence_file_ids = [Command.link(note.id)]
        self.assertEqual((note.res_model, note.res_id, action.evidence_words), ("sqms.action", action.id, "1 file"))
        foreign = self.env["ir.attachment"].create(
            {"name": "b.txt", "raw": b"b", "res_model": "res.partner", "res_id": self.doer.partner_id.id}
        )
        action.with_user(self.officer).evidence_file_ids = [Command.link(foreign.id)]
        self.assertNotIn(foreign, action.evidence_file_ids, "a copy is kept")
        self.assertEqual(len(action.evidence_file_ids), 2)
        self._refused(AccessError, "never made public", lambda: note.sudo().write({"public": True}))
        mine.action_transition("finish")
        for user in (self.doer, self.officer, self.manager):
            for values in ({"raw": b"better"}, {"name": "other.txt"}, {"res_id": 0}, {"res_model": "res.partner"}):
                self._refused(AccessError, "", lambda u=user, v=values: note.with_user(u).write(v))
            self._refused(AccessError, "", lambda u=user: note.with_user(u).unlink())
            self._refused(
                AccessError, "", lambda u=user: action.with_user(u).write({"evidence_file_ids": [(3, note.id)]})
            )
            self._refused(AccessError, "", lambda u=user: action.with_user(u).write({"evidence": "better"}))
        self._refused(AccessError, "", lambda: note.sudo().unlink())
        self._refused(AccessError, "", lambda: action.update_field_translations("evidence", {"en_US": "x"}) or 1 / 0)

    # -- roles ---------------------------------------------------------------------------

    def test_roles(self):
        action = self._create_action(nonconformity_id=self.nonconformity.id)
        self.assertEqual(action.with_user(self.doer).read(["name"])[0]["name"], "Set the terminals back")
        for user in (self.plain, self.portal, self.public, self.stranger, self.hr):
            self.assertFalse(action.with_user(user).has_access("read"), user.login)
        for user in (self.top, self.certifier, self.officer, self.manager):
            self.assertTrue(action.with_user(user).has_access("read"), user.login)
        for user in (self.top, self.certifier, self.plain, self.portal):
            self.assertFalse(action.with_user(user).has_access("write"), user.login)
            self.assertFalse(self.env["sqms.action"].with_user(user).has_access("create"), user.login)
        mine = action.with_user(self.doer)
        self.assertFalse(mine.has_access("unlink") or mine.has_access("create"))
        for name, value in {"name": "x", "date_due": "2027-01-01", "owner_id": self.plain.id, "kind": "containment",
                            "verifier_id": self.plain.id, "version_ids": [(5,)], "cancel_reason": "x",
                            "criterion_text": "x", "effect_result": "x", "remarks": "x"}.items():  # fmt: skip
            self._refused(AccessError, "not yours", lambda n=name, v=value: mine.write({n: v}))
        mine.evidence = "Begun"
        self.assertEqual(mine.origin_label, self.nonconformity.number)

    def test_who_worked_on_it_does_not_write_what_the_check_found(self):
        action = self._verify(self._create_lasting(owner_id=self.officer.id))
        for name in ("effect_value", "effect_n", "effect_result"):
            self._refused(AccessError, "not yours", lambda n=name: action.write({n: "1" if n[-1] == "t" else 1}))
        action.with_user(self.second_officer).effect_result = "None"
        self._refused(UserError, "you worked on it", lambda: action.action_transition("ineffective"))

    def test_another_owner_is_told_to_both_and_stays_noted(self):
        action = self._create_action()
        action.action_transition("start")
        before = self.env["mail.notification"].search([])
        action.owner_id = self.plain
        told = (self.env["mail.notification"].search([]) - before).res_partner_id
        self.assertEqual(told, (self.doer | self.plain).partner_id)
        self.assertEqual(action.activity_ids.user_id, self.plain)
        self.assertLessEqual(self.doer | self.plain, action.doer_ids)
