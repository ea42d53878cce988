from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..lib.workflow_pass import workflow_import
from .common import NOON, sign_step
from .improvement_common import AFTER, BEFORE, SAVING, ImprovementCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestImprovement(ImprovementCase):
    # -- from the idea to the saving -------------------------------------------------

    def test_the_way_of_a_kaizen(self):
        idea = self._propose(process_id=self.process.id, **BEFORE)
        self.assertEqual((idea.state, idea.author_id, idea.pce_before), ("proposed", self.plain, 12.5))
        self.assertEqual((idea.saving_expected, idea.saving_found, idea.saving_verified), (4800, 0, 0))
        self.assertEqual(idea.waits_for, self.head.name)
        for user in (self.plain, self.mate):
            for step in ("assess", "reject", "adopt"):
                self._refused(UserError, "", lambda s=step, u=user: idea.with_user(u).action_transition(s))
        head = idea.with_user(self.head)
        head.action_transition("assess")
        self._refused(UserError, "Carried Out By", lambda: head.action_transition("adopt"))
        head.owner_id = self.mate
        head.action_transition("adopt")
        self.assertEqual((idea.decision, idea.decided_at, idea.waits_for), ("adopted", NOON, self.mate.name))
        for user in (self.head, self.officer, self.manager, self.top, self.env.ref("base.user_root")):
            for name in ("name", "before_lead_minutes", "times_per_month", "expected_lead_minutes", "process_id"):
                self._refused(AccessError, "", lambda u=user, n=name: idea.with_user(u).write({n: False}))
        mate = idea.with_user(self.mate)
        mate.write(AFTER)
        mate.action_transition("implement")
        self.assertEqual((idea.pce_after, idea.saving_found, idea.saving_verified), (100 * 30 / 180, SAVING, 0))
        self.assertIn("12.5 %", idea.pce_label)
        sign_step(idea, "verify", self.officer)
        self.assertEqual(
            (idea.state, idea.saving_verified, idea.verifier_id, idea.verified_at),
            ("verified", SAVING, self.officer, NOON),
        )
        self.assertTrue(idea.signature_ids.is_valid)

    def test_a_saving_counts_only_after_a_second_person_has_verified_it(self):
        idea = self._implemented()
        board = self._as("sqms.improvement")

        def counted():
            self.env.flush_all()
            figures = board._savings(self.company, date(2026, 11, 1), date(2026, 11, 30))
            listed = board._read_group([], [], ["saving_verified:sum"])[0][0]
            return idea.saving_verified, figures["verified"]["amount"], listed

        self.assertEqual(counted(), (0, 0, 0))
        for user in (self.officer, self.manager, self.top, self.env.ref("base.user_root")):
            record = idea.with_user(user)
            for values in ({"saving_verified": SAVING}, {"state": "verified"}, {"verifier_id": user.id},
                           {"state": "verified", "saving_verified": SAVING}):  # fmt: skip
                self._refused(UserError, "", lambda r=record, v=values: r.write(v))
            self._refused(UserError, "", lambda r=record: r.create({"name": "x", "saving_verified": 5}))
            self._refused(
                UserError,
                "",
                lambda r=record: r.with_context(default_saving_verified=5, default_state="verified").create(
                    {"name": "x"}
                ),
            )
        self.assertFalse(board.load(["name", "state"], [["Loaded", "verified"]])["ids"])
        self.assertFalse(board.load(["name", "saving_verified"], [["Loaded", "500"]])["ids"])
        with mute_logger("odoo.sql_db"):
            self._refused(
                psycopg2.errors.CheckViolation,
                "",
                lambda: self.cr.execute("UPDATE sqms_improvement SET saving_verified = 5 WHERE id = %s", idea.ids),
            )
        # Neither whose idea it is, nor who carried it out, nor who entered figures, whatever their role.
        officers = self.env.ref("sqms_base.group_sqms_officer")
        (self.plain | self.mate | self.hr).group_ids |= officers
        for user, words in ((self.plain, "own idea"), (self.mate, "carried it out|wrote it")):
            self.assertNotIn("verify", [step["name"] for step in idea.with_user(user).transitions()])
            self._refused(UserError, words, lambda u=user: sign_step(idea, "verify", u))
        idea.with_user(self.hr).other_saving = 999
        idea.with_user(self.hr).other_saving = 1000
        self.assertIn(self.hr, idea.contributor_ids)
        self._refused(UserError, "entered figures|wrote it", lambda: sign_step(idea, "verify", self.hr))
        for user in (self.head, self.certifier):
            with mute_logger(*RULES):
                self._refused(AccessError, "", lambda u=user: sign_step(idea, "verify", u))
        # The superuser is given the dialog of the signature like everybody else, and nothing has moved.
        with self.cr.savepoint():
            answer = idea.with_user(self.second_officer).sudo().action_transition("verify")
        self.assertEqual((answer["tag"], idea.state), ("sqms_sign", "implemented"))
        self.assertEqual(counted(), (0, 0, 0))
        sign_step(idea, "verify", self.second_officer)
        self.assertEqual(counted(), (SAVING, SAVING, SAVING))
        for user in (self.officer, self.manager, self.top):
            for values in ({"other_saving": 5}, {"after_lead_minutes": 30}, {"is_measured_after": False}):
                self._refused(AccessError, "", lambda u=user, v=values: idea.with_user(u).write(v))
        manager = idea.with_user(self.manager)
        self._refused(UserError, "Why It Is Opened", lambda: manager.action_transition("reopen"))
        manager.reopen_reason = "Counted wrongly"
        manager.action_transition("reopen")
        self.assertEqual(counted(), (0, 0, 0))
        self.assertFalse(idea.verifier_id or idea.verified_at)

    def test_figures_afterwards_come_first(self):
        idea = self._adopted()
        mate = idea.with_user(self.mate)
        mate.action_transition("implement")
        self._refused(UserError, "figures afterwards", lambda: sign_step(idea, "verify", self.second_officer))
        mate.write({**AFTER, "is_measured_after": False})
        self.assertEqual((idea.saving_found, idea.pce_after), (0, 0))
        self._refused(UserError, "figures afterwards", lambda: sign_step(idea, "verify", self.second_officer))
        mate.is_measured_after = True
        sign_step(idea, "verify", self.top)
        empty = self._propose("No figures at all")
        judged = empty.with_user(self.officer)
        judged.action_transition("assess")
        judged.owner_id = self.mate
        judged.action_transition("adopt")
        empty.with_user(self.mate).is_measured_after = True
        empty.with_user(self.mate).action_transition("implement")
        self._refused(UserError, "no figures", lambda: sign_step(empty, "verify", self.second_officer))

    # -- figures -------------------------------------------------------------------

    def test_value_added_time_is_part_of_the_lead_time(self):
        idea = self._propose(**BEFORE)
        for when in ("before", "expected", "after"):
            value, lead = f"{when}_value_minutes", f"{when}_lead_minutes"
            for values in ({value: 241, lead: 240}, {value: -1, lead: 240}, {value: 5, lead: 0}):
                self._refused(ValidationError, "minutes", lambda v=values: idea.write(v))
        with mute_logger("odoo.sql_db"):
            for words in ("after_value_minutes = 5", "times_per_month = -1"):
                self._refused(
                    psycopg2.errors.CheckViolation,
                    "",
                    lambda w=words: self.cr.execute(f"UPDATE sqms_improvement SET {w} WHERE id = {idea.id}"),
                )
        idea.write({"before_value_minutes": 0, "before_lead_minutes": 0})
        self.assertEqual((idea.pce_before, idea.pce_label), (0, "no lead time yet"))
        self.assertNotIn("before", [line["when"] for line in idea.pce_lines])

    def test_the_form_follows_what_is_entered(self):
        with Form(self._as("sqms.improvement", self.plain)) as form:
            form.name = "Fewer forms"
            form.before_lead_minutes = 240
            form.before_value_minutes = 30
            self.assertEqual(form.pce_lines[0]["percent"], 12.5)
            form.before_value_minutes = 300  # not yet corrected: no figure, and no error while typing
            self.assertFalse([line for line in form.pce_lines or [] if line["when"] == "before"])
            form.before_value_minutes = 30

    # -- a controlled change -------------------------------------------------------

    def _change(self, **values):
        return self._propose(
            **{
                "name": "Routes by district",
                "improvement_type": "redesign",
                "process_id": self.process.id,
                "impact": "Teams change their district.",
                "indicator_id": self.in_time.id,
                "is_new_process_version": True,
                "owner_id": self.mate.id,
                **BEFORE,
                **values,
            }
        )

    def test_a_change_of_a_process_is_authorised_before_it_begins(self):
        with workflow_import(self.process, "As on paper"):
            self.process.write(
                {"state": "in_force", "version": 3, "purpose": "Repair what is broken", "outputs": "Heat"}
            )
        for kind in ("redesign", "reengineering", "upgrade"):
            idea = self._change(improvement_type=kind, name=kind)
            idea.with_user(self.officer).action_transition("assess")
            for user in (self.officer, self.head):
                self._refused(UserError, "authorised with a signature",
                              lambda i=idea, u=user: i.with_user(u).action_transition("adopt"))  # fmt: skip
        for missing, words in (
            ({"impact": False}, "Impact Assessment"),
            ({"indicator_id": False}, "Evaluated By"),
            ({"process_id": False}, "Process"),
            ({"owner_id": False}, "Carried Out By"),
            ({"is_new_process_version": False}, "what it brings"),
        ):
            lacking = self._change(**missing)
            lacking.with_user(self.officer).action_transition("assess")
            self._refused(UserError, words, lambda i=lacking: sign_step(i, "authorise", self.manager))
        with mute_logger(*RULES):
            self._refused(AccessError, "", lambda: sign_step(idea, "authorise", self.plain))
        answer = idea.with_user(self.manager).action_transition("authorise")
        self.assertEqual((answer["tag"], idea.state), ("sqms_sign", "assessed"))
        sign_step(idea, "authorise", self.head)
        self.assertEqual((idea.state, idea.authoriser_id, idea.authorised_at), ("adopted", self.head, NOON))
        self.assertEqual(idea.signature_ids.meaning, "approver")
        self.assertEqual(idea.process_version_before, 3)
        self.assertIn("Repair what is broken", idea.process_before)
        # Carried out by actions that are verified, and in force with a new version.
        mate = idea.with_user(self.mate)
        mate.write(AFTER)
        self.assertTrue(idea.signature_ids.is_valid, "what was authorised has not changed")
        self._refused(UserError, "version 4 of P1 Repair is not in force", lambda: mate.action_transition("implement"))
        with workflow_import(self.process, "Revised"):
            self.process.write({"version": 4, "purpose": "Repair at once"})
        self._refused(UserError, "actions that are verified", lambda: mate.action_transition("implement"))
        action = self.env["sqms.action"].create(
            {"name": "Draw the districts", "improvement_id": idea.id, "company_id": self.company.id,
             "kind": "correction", "owner_id": self.mate.id}
        )  # fmt: skip
        self._refused(UserError, "done and verified first", lambda: mate.action_transition("implement"))
        gates = [gate for gate in idea.with_user(self.officer).trace()["gates"] if gate["open"]]
        self.assertEqual(len(gates), 1)
        with workflow_import(action, "Verified on paper"):
            action.state = "verified"
        mate.action_transition("implement")
        self.assertEqual((idea.process_version_before, idea.process_version_after), (3, 4))
        self.assertIn("Repair what is broken", idea.process_before, "the old version stays on file")
        with workflow_import(action, "Reopened"):
            action.state = "started"
        self._refused(UserError, "done and verified first", lambda: sign_step(idea, "verify", self.second_officer))

    def test_editions_that_it_brings_are_in_force_and_the_old_ones_stay(self):
        with workflow_import(self.process, "As on paper"):
            self.process.write({"state": "in_force", "version": 1})
        old = self._create_in_force()
        new = self._create_draft(old.document_id, "<p>Refund at once.</p>")
        idea = self._change(is_new_process_version=False)
        idea.with_user(self.officer).version_ids = new
        idea.with_user(self.officer).action_transition("assess")
        sign_step(idea, "authorise", self.manager)
        action = self.env["sqms.action"].create(
            {"name": "Write it", "improvement_id": idea.id, "company_id": self.company.id, "owner_id": self.mate.id}
        )
        with workflow_import(action, "Verified on paper"):
            action.state = "verified"
        mate = idea.with_user(self.mate)
        self._refused(UserError, "is not in force yet", lambda: mate.action_transition("implement"))
        self._approve(new, date(2026, 11, 24))
        self._refused(UserError, "is not in force yet", lambda: mate.action_transition("implement"))
        with freeze_time("2026-11-23 16:00:00"):  # midnight in Shanghai
            self.env.invalidate_all()
            mate.action_transition("implement")
            self.assertEqual((idea.state, new.is_in_force, old.is_in_force), ("implemented", True, False))
        self.assertIn("Refund within one working day", old.content)

    # -- what becomes of an idea -----------------------------------------------------

    def test_a_rejected_idea_tells_why_and_is_proposed_again(self):
        idea = self._propose(process_id=self.process.id)
        head = idea.with_user(self.head)
        self._refused(UserError, "Why Not", lambda: head.action_transition("reject"))
        head.reject_reason = "The cabinet is replaced in March."
        head.action_transition("reject")
        mine = idea.with_user(self.plain)
        self.assertEqual((mine.state, mine.reject_reason), ("rejected", "The cabinet is replaced in March."))
        self.assertIn("The cabinet is replaced", mine.message_ids[0].body)
        self.assertIn(self.plain.partner_id, idea.message_ids[0].partner_ids)
        self._refused(AccessError, "", lambda: mine.write({"name": "Something else"}))
        self._refused(UserError, "What Is Different", lambda: mine.action_transition("propose_again"))
        with mute_logger(*RULES):
            self._refused(AccessError, "", lambda: idea.with_user(self.mate).action_transition("propose_again"))
        mine.new_reason = "The new cabinet has no numbers either."
        mine.action_transition("propose_again")
        self.assertEqual((idea.state, idea.decision, idea.author_id), ("proposed", False, self.plain))
        head.action_transition("assess")
        self.assertEqual(idea.state, "assessed")

    def test_nobody_judges_his_own_idea_by_any_door(self):
        team = self._propose(team_ids=[Command.link(self.officer.id)], process_id=self.process.id)
        own = self._propose(user=self.head, process_id=self.process.id)
        officer = self._propose(user=self.officer)
        for idea, user in ((team, self.officer), (own, self.head), (officer, self.officer)):
            for step in ("assess", "reject"):
                idea.sudo().reject_reason = "x"
                self._refused(UserError, "own idea", lambda i=idea, u=user, s=step: i.with_user(u).action_transition(s))
            self.assertFalse({"assess", "reject"} & {step["name"] for step in idea.with_user(user).transitions()})
            self._refused(UserError, "", lambda i=idea, u=user: i.with_user(u).write({"author_id": self.plain.id}))
        # Another author is not entered, neither by form, import nor default.
        for attempt in (
            lambda: self._propose(user=self.officer, author_id=self.plain.id),
            lambda: self._as("sqms.improvement").with_context(default_author_id=self.plain.id).create({"name": "x"}),
        ):
            self.assertEqual(attempt().author_id, self.officer)

    def test_who_carried_it_out_for_a_while_is_no_second_person(self):
        idea = self._adopted()
        self.mate.group_ids |= self.env.ref("sqms_base.group_sqms_officer")
        idea.with_user(self.officer).owner_id = self.hr
        self.assertEqual(idea.contributor_ids, self.mate)
        idea.with_user(self.officer).write(AFTER)
        idea.with_user(self.officer).action_transition("implement")
        self._refused(UserError, "", lambda: sign_step(idea, "verify", self.mate))
        self._refused(UserError, "", lambda: idea.with_user(self.officer).write({"owner_id": False}))
        sign_step(idea, "verify", self.second_officer)

    def test_nobody_makes_the_idea_of_another_disappear(self):
        idea = self._propose()
        for user in (self.officer, self.manager):
            self._refused(AccessError, "Do Not Adopt", lambda u=user: idea.with_user(u).unlink())
        own = self._propose(user=self.officer)
        own.unlink()
        self.assertFalse(own.exists())

    # -- who sees what -----------------------------------------------------------------

    def test_who_reads_and_writes(self):
        mine = self._propose("Mine", process_id=self.process.id)
        other = self._propose("Other", user=self.hr)
        adopted = self._adopted(user=self.hr, name="Adopted")
        elsewhere = self._propose("Elsewhere", user=self.stranger)
        everything = mine | other | adopted
        ideas = self.env["sqms.improvement"]
        for user, seen in (
            (self.plain, mine | adopted),
            (self.mate, adopted),
            (self.head, mine | adopted),
            (self.hr, other | adopted),
            (self.officer, everything),
            (self.manager, everything),
            (self.top, everything),
            (self.certifier, everything),
            (self.stranger, elsewhere),
        ):
            found = ideas.with_user(user).search([("id", "in", (everything | elsewhere).ids)])
            self.assertEqual(found, seen.sorted("id", reverse=True), user.login)
        with mute_logger(*RULES):
            for user, idea in (
                (self.plain, other), (self.plain, adopted), (self.mate, mine), (self.hr, mine), (self.hr, adopted),
                (self.certifier, mine), (self.stranger, mine),
            ):  # fmt: skip
                self._refused(
                    AccessError, "", lambda u=user, i=idea: i.with_user(u).write({"date_planned": "2026-12-01"})
                )
                self._refused(AccessError, "", lambda u=user, i=idea: i.with_user(u).unlink())
            for user in (self.portal, self.public):
                self._refused(AccessError, "", lambda u=user: ideas.with_user(u).search([]))
                self._refused(AccessError, "", lambda u=user: ideas.with_user(u).propose("Mine"))
            for attempt in (lambda: ideas.with_user(self.certifier).propose("Mine"),
                            lambda: ideas.with_user(self.certifier).create({"name": "Mine"})):  # fmt: skip
                self._refused(AccessError, "", attempt)
            self._refused(
                AccessError,
                "",
                lambda: ideas.with_user(self.plain).create({"name": "x", "company_id": self.other_company.id}),
            )
        mine.with_user(self.plain).name = "Mine, better"
        mine.with_user(self.officer).action_transition("assess")
        with mute_logger(*RULES):
            self._refused(AccessError, "", lambda: mine.with_user(self.plain).write({"name": "Later"}))
        self._refused(UserError, "", lambda: mine.with_user(self.officer).write({"company_id": self.other_company.id}))

    # -- one line is enough ------------------------------------------------------------

    def test_propose_in_one_call(self):
        ideas = self.env["sqms.improvement"].with_user(self.plain)
        done = ideas.propose("  Number tags for the\n key cabinet ")
        idea = ideas.browse(done["id"])
        self.assertEqual(
            (idea.name, idea.number, idea.author_id), ("Number tags for the key cabinet", done["number"], self.plain)
        )
        self.assertIn(done["number"], done["message"])
        for nothing in ("", "   ", None, False, 7, ["x"]):
            self._refused(UserError, "few words", lambda n=nothing: ideas.propose(n))
        long = "One form instead of three " * 20
        idea = ideas.browse(ideas.propose(long)["id"])
        self.assertLessEqual(len(idea.name), 121)
        self.assertTrue(idea.name.endswith("…"))
        self.assertEqual(idea.proposal, long.strip())
        chinese = ideas.browse(ideas.propose("收银台用一张表代替三张表" * 20)["id"])
        self.assertEqual(len(chinese.name), 121)
        hostile = ideas.with_context(default_state="verified", default_saving_verified=9, default_author_id=self.top.id)
        idea = ideas.browse(hostile.propose("Hostile")["id"])
        self.assertEqual((idea.state, idea.saving_verified, idea.author_id), ("proposed", 0, self.plain))
