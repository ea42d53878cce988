from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import tagged

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from .appraisal_case import PASSWORD, WORDS, AppraisalCase


@tagged("post_install", "-at_install")
class TestAppraisal(AppraisalCase):
    def _refused(self, words, change, error=UserError):
        with self.assertRaises(error) as refusal, self.cr.savepoint():
            change()
        self.assertIn(words, str(refusal.exception))

    def test_the_way_through(self):  # noqa: PLR0915
        appraisal = self._create_appraisal(start=False)
        self.assertEqual((appraisal.manager_id, appraisal.calibrator_id), (self.lead, self.director))
        self.assertEqual(appraisal.number[:4], "APR/")
        appraisal.action_transition("start")
        self.assertEqual(appraisal.line_ids.mapped("weight"), [50, 30, 20])
        self.assertEqual(appraisal.step_due_on, fields.Date.add(self.company._sqms_today(), days=10))
        worker, lead, director = (appraisal.with_user(user) for user in (self.worker, self.lead, self.director))
        self._refused("has no score yet", lambda: worker.action_transition("submit_self"))
        self._say(worker, "self", (5, 4, 3))
        line = worker.line_ids.sorted("sequence")[0]
        line.self_note = "Every day"
        line.self_score = 4
        self.assertEqual((line.self_score, line.self_note), (4, "Every day"))
        line.write({"self_score": 5})
        self.env.invalidate_all()
        self.assertEqual((line.self_score, line.self_note, worker.self_words), (5, "Every day", WORDS["self"]))
        worker.action_transition("submit_self")
        self._say(lead, "manager", (3, 4, 3))
        self._refused("say why", lambda: lead.action_transition("submit_manager"))
        self._say(lead, "manager", (3, 4, 3), {0: "Two reworks in May"})
        lead.action_transition("submit_manager")
        self._say(director, "calibrated", (3, 4, 3))
        # Two steps below what he says of himself.
        self._refused("say why", lambda: director.action_transition("release"))
        self._say(director, "calibrated", (3, 4, 3), {0: "The reworks were not his alone"}, words=" ")
        self._refused("in words", lambda: director.action_transition("release"))
        self._say(director, "calibrated", (3, 4, 3), {0: "The reworks were not his alone"})
        self._refused("whether the employee is fit", lambda: director.action_transition("release"))
        director.calibrated_fit = "fit"
        director.action_transition("release")
        self._refused("is heard first", lambda: director.action_sign_step("confirm", PASSWORD))
        worker.write({"employee_verdict": "disagree", "employee_comment": "The parts were missing."})
        self.assertEqual(appraisal.heard_by_id, self.worker)
        director.write({"return_reason": "The parts were missing indeed"})
        director.action_transition("reconsider")
        self._say(director, "calibrated", (4, 4, 3), {0: "The parts were missing"}, fit="fit")
        director.action_transition("release")
        self.assertFalse(appraisal.heard_at)
        worker.write({"employee_verdict": "agree"})
        self.assertEqual(director.action_transition("confirm")["tag"], "sqms_sign")
        with self.assertRaises(AccessDenied), self.cr.savepoint():
            director.action_sign_step("confirm", "wrong")
        director.action_sign_step("confirm", PASSWORD)
        self.assertEqual((appraisal.state, appraisal.score, appraisal.fit), ("confirmed", 3.8, "fit"))
        self.assertEqual(appraisal.score_percent, 70)
        self.assertEqual(appraisal.line_ids.sorted("sequence").mapped("score"), [4, 4, 3])
        self.assertEqual(appraisal.confirmed_by_id, self.director)
        self.assertTrue(appraisal.signature_ids.is_valid)
        self.assertIn("no system has decided", appraisal.signature_ids.statement)
        for change in (
            lambda: self._say(director, "calibrated", (5, 5, 5)),
            lambda: worker.write({"employee_comment": "No"}),
            lambda: appraisal.with_user(self.hr).write({"date_to": "2026-07-01"}),
            lambda: appraisal.with_user(self.hr).unlink(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()

    def test_what_is_signed_shows_when_it_is_changed_underneath(self):
        appraisal = self._bring_to("confirmed")
        self.assertTrue(appraisal.signature_ids.is_valid)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE sqms_appraisal_rating SET score = 1 WHERE appraisal_id = %s AND kind = 'calibrated'"
            " AND line_id IS NOT NULL",
            [appraisal.id],
        )
        self.env.invalidate_all()
        self.assertFalse(appraisal.signature_ids.is_valid)

    def test_nobody_appraises_calibrates_or_confirms_himself_or_for_another(self):
        appraisal = self._create_appraisal()
        # The appraised is in HR as well: in his own appraisal he is the employee and nothing else.
        self.worker.group_ids |= self.env.ref("hr.group_hr_user") | self.env.ref("sqms_training.group_training_officer")
        own = appraisal.with_user(self.worker)
        for values in ({"manager_id": self.mate.id}, {"calibrator_id": False}, {"skip_reason": "No"}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                own.write(values)
        self._bring_to("manager", appraisal)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._say(own, "manager", (5, 5, 5))
        self._bring_to("calibration", appraisal)
        for change in (
            lambda: self._say(own, "calibrated", (5, 5, 5), fit="fit"),
            lambda: own.action_transition("release"),
            lambda: self._say(appraisal.with_user(self.lead), "calibrated", (5, 5, 5)),
            lambda: self._say(appraisal.with_user(self.hr), "calibrated", (5, 5, 5)),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
        self._bring_to("hearing", appraisal)
        own.write({"employee_verdict": "agree"})
        for user in (self.worker, self.lead):
            with self.assertRaises(UserError), self.cr.savepoint():
                appraisal.with_user(user).action_sign_step("confirm", PASSWORD)
        # Another in HR may.
        appraisal.with_user(self.hr).action_sign_step("confirm", PASSWORD)
        self.assertEqual(appraisal.state, "confirmed")

    def test_no_path_writes_the_view_of_another(self):
        appraisal = self._create_appraisal()
        ratings = self.env["sqms.appraisal.rating"]
        line = appraisal.line_ids[0]
        mine = {"appraisal_id": appraisal.id, "line_id": line.id, "score": 5}
        attempts = [
            (user, kind)
            for user in (self.worker, self.lead, self.director, self.hr, self.officer, self.mate, self.certifier)
            for kind in ("self", "manager", "calibrated")
            if (user, kind) != (self.worker, "self")
        ]
        for user, kind in attempts:
            with self.assertRaises(AccessError), self.cr.savepoint():
                ratings.with_user(user).create({**mine, "kind": kind})
            with self.assertRaises(AccessError), self.cr.savepoint():
                # A server action with all rights is the person who set it off.
                ratings.with_user(user).sudo().create({**mine, "kind": kind})
            with self.assertRaises(AccessError), self.cr.savepoint():
                ratings.with_user(user).with_context(default_kind=kind).create(dict(mine))
        rating = ratings.with_user(self.worker).create({**mine, "kind": "self"})
        for values in ({"kind": "manager"}, {"line_id": appraisal.line_ids[1].id}, {"total": 5.0}, {"band": "5"}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                rating.write(values)
        for change in (
            lambda: rating.unlink(),
            lambda: rating.sudo().unlink(),
            lambda: line.with_user(self.worker).write({"weight": 100}),
            lambda: line.with_user(self.worker).write({"score": 5}),
            lambda: line.with_user(self.hr).write({"minimum": 1}),
            lambda: line.sudo().with_user(self.hr).unlink(),
            lambda: appraisal.with_user(self.hr).write({"state": "confirmed"}),
            lambda: appraisal.with_user(self.hr).write({"score": 5}),
            lambda: appraisal.with_user(self.hr).write({"employee_verdict": "agree"}),
            lambda: appraisal.with_user(self.worker).write({"employee_verdict": "agree"}),
            lambda: appraisal.with_user(self.worker).action_transition("submit_manager"),
            lambda: appraisal.with_user(self.hr).sudo().action_transition("submit_self"),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
        self._say(appraisal.with_user(self.worker), "self", (1, 2, 3))
        imported = ratings.with_user(self.lead).load(
            ["appraisal_id/.id", "line_id/.id", "kind", "score"], [[str(appraisal.id), str(line.id), "manager", "5"]]
        )
        self.assertFalse(imported["ids"])
        with self.assertRaises(UserError), self.cr.savepoint():
            self._say(appraisal.with_user(self.worker), "self", (6, 2, 3))

    def test_who_reads_what_and_when(self):
        appraisal = self._create_appraisal()
        everybody = (self.worker, self.lead, self.director, self.hr, self.officer)
        others = (self.mate, self.certifier, self.foreign_hr)
        seen = {
            "self": {self.worker: {"self"}, self.lead: set(), self.director: set(), self.hr: set()},
            "manager": {self.worker: {"self"}, self.lead: {"self", "manager"}, self.director: {"self"},
                        self.hr: {"self"}},
            "calibration": {self.worker: {"self"}, self.lead: {"self", "manager"},
                            self.director: {"self", "manager", "calibrated"}, self.hr: {"self", "manager"}},
            "hearing": dict.fromkeys(everybody, {"self", "manager", "calibrated"}),
            "confirmed": dict.fromkeys(everybody, {"self", "manager", "calibrated"}),
        }  # fmt: skip
        scores = {"self": (4, 4, 4), "manager": (4, 3, 4), "calibrated": (4, 4, 4)}
        turn = {"self": self.worker, "manager": self.lead, "calibration": self.director}
        for state, readers in seen.items():
            self._bring_to(state, appraisal)
            if state in turn:
                kind = "calibrated" if state == "calibration" else state
                fit = "fit" if kind == "calibrated" else None
                self._say(appraisal.with_user(turn[state]), kind, scores[kind], fit=fit)
            for user, kinds in readers.items():
                with self.subTest(state=state, user=user.login):
                    self._sees(appraisal, user, kinds)
            for user in others:
                with self.subTest(state=state, user=user.login):
                    self._sees_nothing(appraisal, user)

    def _sees(self, appraisal, user, kinds):
        """By form, list, search, grouping, export, ledger: the same."""
        self.env.invalidate_all()
        own = appraisal.with_user(user)
        said = {
            kind
            for kind in ("self", "manager", "calibrated")
            if any(own.line_ids.mapped(f"{kind}_score")) or own[f"{kind}_words"] or own[f"{kind}_total"]
        }
        self.assertEqual(said, kinds)
        ratings = self.env["sqms.appraisal.rating"].with_user(user)
        mine = [("appraisal_id", "=", appraisal.id)]
        self.assertEqual(set(ratings.search(mine).mapped("kind")), kinds)
        self.assertEqual({kind for kind, _n in ratings._read_group(mine, ["kind"], ["__count"])}, kinds)
        self.assertEqual({row[0] for row in ratings.search(mine).export_data(["kind"])["datas"]} - {False}, {
            dict(ratings._fields["kind"]._description_selection(ratings.env))[kind] for kind in kinds})  # fmt: skip
        all_ids = appraisal.sudo().rating_ids
        entries = self.env["sqms.ledger.entry"].with_user(user).search([("res_model", "=", ratings._name)])
        readable = ratings.search(mine)
        self.assertFalse(set(entries.mapped("res_id")) & set((all_ids - readable.sudo()).ids))
        for rating in all_ids - readable.sudo():
            with self.assertRaises(AccessError):
                rating.with_user(user).read(["score"])
        found = self.env["sqms.appraisal"].with_user(user).search([("rating_ids.score", ">", 0)])
        self.assertEqual(appraisal in found, bool(kinds))
        if "calibrated" not in kinds:
            for words in (WORDS["calibrated"], WORDS["manager"] if "manager" not in kinds else WORDS["calibrated"]):
                self.assertNotIn(words, str(own.read()))
                self.assertNotIn(words, str(own.sqms_history().mapped("changes")))
                self.assertFalse(own.search([("rating_ids.note", "ilike", words)]))

    def _sees_nothing(self, appraisal, user):
        self.env.invalidate_all()
        own = appraisal.with_user(user)
        for name in ("sqms.appraisal", "sqms.appraisal.line", "sqms.appraisal.rating", "sqms.appraisal.fact"):
            records = self.env[name].with_user(user)
            path = [("id", "=", appraisal.id)] if name == "sqms.appraisal" else [("appraisal_id", "=", appraisal.id)]
            self.assertFalse(records.search(path))
            self.assertFalse(records._read_group(path, [], ["__count"])[0][0])
            self.assertFalse(
                self.env["sqms.ledger.entry"]
                .with_user(user)
                .search([("res_model", "=", name), ("res_id", "in", self.env[name].sudo().search(path).ids)])
            )
        for call in (
            lambda: own.read(["state"]),
            lambda: own.write({"cancel_reason": "x"}),
            lambda: own.action_transition("cancel"),
            lambda: own.sqms_history(),
            lambda: own.fact_ids.with_user(user).read(["value"]),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                call()

    def test_line_manager_reads_confirmed_ones_of_his_people(self):
        new_lead = self._create_user("newlead", "base.group_user", self.company)
        appraisal = self._bring_to("hearing")
        self.person.parent_id = self._create_employee("New", new_lead)
        self.assertFalse(self.env["sqms.appraisal"].with_user(new_lead).search([("id", "=", appraisal.id)]))
        appraisal.with_user(self.worker).write({"employee_verdict": "agree"})
        appraisal.with_user(self.director).action_sign_step("confirm", PASSWORD)
        self.env.invalidate_all()
        self.assertEqual(appraisal.with_user(new_lead).score, 4)
        self.assertTrue(appraisal.with_user(new_lead).line_ids[0].manager_score)

    def test_delegate_speaks_in_the_place_of_the_manager(self):
        appraisal = self._create_appraisal()
        self._bring_to("manager", appraisal)
        appraisal.with_user(self.lead).delegate_id = self.mate
        with self.assertRaises(UserError), self.cr.savepoint():
            appraisal.with_user(self.lead).delegate_id = self.worker
        own = appraisal.with_user(self.mate)
        self._say(own, "manager", (4, 4, 4))
        own.action_transition("submit_manager")
        self.assertEqual(appraisal.state, "calibration")

    def test_without_login_hr_notes_what_he_says(self):
        self.person.user_id = False
        appraisal = self._create_appraisal(start=False)
        office = appraisal.with_user(self.hr)
        self._refused("start with the manager", lambda: office.action_transition("start"))
        self._refused("fill in", lambda: office.action_transition("start_with_manager"))
        office.skip_reason = "Has no login"
        office.action_transition("start_with_manager")
        lead, director = appraisal.with_user(self.lead), appraisal.with_user(self.director)
        self._say(lead, "manager", (4, 4, 4))
        lead.action_transition("submit_manager")
        self._say(director, "calibrated", (4, 4, 4), fit="fit")
        director.action_transition("release")
        with self.assertRaises(AccessError), self.cr.savepoint():
            lead.write({"employee_verdict": "agree"})
        office.write({"employee_verdict": "agree", "employee_comment": "Told on the phone"})
        self.assertEqual(appraisal.heard_by_id, self.hr)
        director.action_sign_step("confirm", PASSWORD)
        self.assertEqual(appraisal.score, 4)

    def test_who_does_not_answer_in_time_is_confirmed_all_the_same(self):
        appraisal = self._bring_to("hearing")
        director = appraisal.with_user(self.director)
        self._refused("heard first", lambda: director.action_sign_step("confirm", PASSWORD))
        with workflow_fields(appraisal.sudo(), "step_due_on"):
            appraisal.sudo().step_due_on = self.company._sqms_today() - timedelta(days=1)
        director.action_sign_step("confirm", PASSWORD)
        self.assertEqual((appraisal.state, appraisal.employee_verdict), ("confirmed", False))

    def test_below_the_threshold_nobody_is_simply_fit(self):
        appraisal = self._create_appraisal()
        low = {"self": (3, 3, 3), "manager": (3, 2, 2), "calibrated": (3, 2, 2)}
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self._bring_to("hearing", appraisal, low)
        self.assertIn("2.50 is below 3.00", str(refusal.exception))
        must = {"self": (2, 5, 5), "manager": (1, 5, 5), "calibrated": (1, 5, 5)}
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self._bring_to("hearing", appraisal, must)
        self.assertIn("“Criterion 1” is below its minimum", str(refusal.exception))
        self._bring_to("confirmed", appraisal, low, fit="development")
        self.assertEqual((appraisal.fit, appraisal.score), ("development", 2.5))
        self.assertEqual(appraisal.plan_id.employee_id, self.person)
        lines = appraisal.plan_id.line_ids
        self.assertEqual(len(lines), 2)
        self.assertEqual(set(lines.mapped("source_id")), {appraisal.id})
