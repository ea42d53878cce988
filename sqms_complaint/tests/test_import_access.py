import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models import sqms_import_run
from .common_import import GOOD, ImportCase

MODELS = (
    "sqms.import.profile",
    "sqms.import.profile.line",
    "sqms.import.profile.value",
    "sqms.import.run",
    "sqms.import.batch",
    "sqms.import.error",
)


@tagged("post_install", "-at_install", "sqms_alone")
class TestImportRoles(ImportCase):
    def test_only_officers_see_or_make_imports(self):
        self._import(self._csv(GOOD, ("31/02/2024", *GOOD[1:])))
        for user in (self.agent_own, self.agent, self.agent_all, self.manager, self.employee, self.portal, self.public):
            for model in MODELS:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([]).mapped("display_name")
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._create_run(self._csv(GOOD), user=user, profile_id=False)

    def test_nobody_else_takes_the_steps_of_an_officer(self):
        run = self._create_run(self._csv(GOOD))
        for user in (self.agent_all, self.manager, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                run.with_user(user).action_transition("check")

    def test_officer_works_without_other_rights(self):
        run = self._import(self._csv((GOOD[0], "New kind", "x", "New channel", "", "")))
        self.assertEqual((run.state, run.user_id), ("done", self.officer))
        self.assertEqual(self._complaints(run).create_uid, self.officer)

    def test_what_the_import_keeps_is_for_officers(self):
        complaint = self._complaints(self._import(self._csv(GOOD)))
        for name in ("complaint_import_data", "complaint_import_key", "complaint_import_run_id"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                complaint.with_user(self.agent_all).read([name])

    def test_somebody_who_lost_the_right_meanwhile_imports_nothing(self):
        self.patch(sqms_import_run, "IMPORT_AT_ONCE", 0)
        run = self._check(self._csv(GOOD))
        run.action_transition("start")
        self.officer.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        with self.enter_registry_test_mode():
            self.env.ref("sqms_complaint.ir_cron_import_run").method_direct_trigger()
        run = run.sudo()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done_count), ("failed", 0))
        self.assertTrue(run.refusal)
        self.assertFalse(self._complaints(run))

    def test_an_inactive_person_imports_nothing(self):
        self.patch(sqms_import_run, "IMPORT_AT_ONCE", 0)
        run = self._check(self._csv(GOOD))
        run.action_transition("start")
        self.officer.active = False
        with self.enter_registry_test_mode():
            self.env.ref("sqms_complaint.ir_cron_import_run").method_direct_trigger()
        run = run.sudo()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done_count), ("failed", 0))


@tagged("post_install", "-at_install", "sqms_alone")
class TestImportCompanies(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other Home Services"})
        cls.other_officer = new_test_user(
            cls.env,
            login="sqms_other_officer",
            groups="sqms_complaint.group_complaint_officer",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )

    def test_each_company_imports_for_itself(self):
        row = (GOOD[0], "Noise", "x", "Pigeon", "", "")
        ours = self._import(self._csv(row))
        theirs = self._import(self._csv(row), user=self.other_officer)
        self.assertEqual((theirs.created_count, theirs.skipped_count), (1, 0))
        self.assertEqual(self._complaints(theirs).company_id, self.other)
        self.assertEqual(self._complaints(ours).company_id, self.company)
        for name in ("complaint_category_id", "channel_id"):
            self.assertNotEqual(self._complaints(ours)[name], self._complaints(theirs)[name])

    def test_imports_and_profiles_of_another_company_are_not_seen(self):
        run = self._import(self._csv(GOOD, ("31/02/2024", *GOOD[1:])))
        own = self._create_profile(company_id=self.company.id)
        for record in (run, run.batch_ids, run.error_ids, own, own.line_ids):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.other_officer).read(["display_name"])
        self.assertFalse(self.env["sqms.import.run"].with_user(self.other_officer).search([("id", "=", run.id)]))

    def test_profile_of_another_company_is_refused(self):
        own = self._create_profile(company_id=self.company.id)
        with self.assertRaises(UserError):
            self._create_run(self._csv(GOOD), user=self.other_officer, profile_id=own.id)

    def test_import_stays_in_its_company_whatever_is_ticked(self):
        both = new_test_user(
            self.env,
            login="sqms_both",
            groups="sqms_complaint.group_complaint_officer",
            company_id=self.company.id,
            company_ids=[Command.set((self.company | self.other).ids)],
        )
        run = self._create_run(self._csv(GOOD), user=both)
        run = run.with_context(allowed_company_ids=[self.other.id, self.company.id])
        run.action_transition("check")
        run.action_transition("start")
        self.assertEqual(self._complaints(run).company_id, self.company)
        self.assertFalse(run.with_context(allowed_company_ids=[self.other.id]).search([("id", "=", run.id)]))


@tagged("post_install", "-at_install", "sqms_alone")
class TestImportHostile(ImportCase):
    def test_no_profile_leads_outside_the_list(self):
        for target in ("complaint_state", "user_id", "number", "company_id", "complaint_import_key", "stage_id"):
            with self.subTest(target=target), self.assertRaises(ValueError):
                self.profile.line_ids[:1].write({"target": target})

    def test_states_that_need_an_answer_do_not_arrive(self):
        for state in ("decided", "communicated", "implementing", "draft"):
            values = {"column": "Shop", "target": "state", "value_ids": [(0, 0, {"source": "x", "target": state})]}
            with self.subTest(state=state), self.assertRaises(ValidationError), self.cr.savepoint():
                self.profile.write({"line_ids": [(0, 0, values)]})
        self.profile.write({"line_ids": [(0, 0, {"column": "Shop", "target": "state"})]})
        run = self._check(self._csv((*GOOD[:5], "decided"), (*GOOD[:5], "closed")))
        self.assertEqual((run.bad_count, run.good_count), (1, 1))
        with self.assertRaises(ValueError):
            self.profile.default_state = "decided"

    def test_no_time_zone_of_ones_own(self):
        with self.assertRaises(ValidationError):
            self.profile.tz = "Qinghe/Home"

    def test_values_of_plain_columns_are_not_replaced(self):
        line = self.profile.line_ids.filtered(lambda line: line.target == "description")
        with self.assertRaises(ValidationError):
            line.value_ids = [(0, 0, {"source": "a", "target": "b"})]

    def test_a_value_list_belongs_to_its_target(self):
        line = self.profile.line_ids.filtered(lambda line: line.target == "channel")
        line.value_ids = [(0, 0, {"source": "Tel", "target": "Phone"})]
        with self.assertRaises(ValidationError):
            line.target = "outcome"

    def test_people_write_values_in_their_own_words(self):
        self.profile.line_ids = [(0, 0, {"column": "Shop", "target": "outcome"})]
        line = self.profile.line_ids.filtered(lambda line: line.target == "outcome").with_context(lang="en_US")
        line.value_ids = [
            (0, 0, {"source": "money", "label": "monetary RELIEF"}),
            (0, 0, {"source": "open", "label": ""}),
        ]
        self.assertEqual(line.value_ids.mapped("target"), ["monetary", False])
        line.value_ids.invalidate_recordset(["label"])
        self.assertEqual(line.value_ids[0].label, "Monetary relief")
        with self.assertRaisesRegex(ValidationError, "There are: Explained · Monetary relief"):
            line.value_ids = [(0, 0, {"source": "gift", "label": "A present"})]

    def test_a_target_is_reached_once(self):
        with self.assertRaises(ValidationError):
            self.profile.write({"line_ids": [(0, 0, {"column": "Shop", "target": "channel"})]})

    def test_a_value_is_listed_once(self):
        line = self.profile.line_ids.filtered(lambda line: line.target == "channel")
        with self.assertRaises(ValidationError):
            line.value_ids = [(0, 0, {"source": " TEL", "target": "a"}), (0, 0, {"source": "tel", "target": "b"})]

    def test_results_are_not_written_by_hand(self):
        run = self._check(self._csv(GOOD))
        for values in (
            {"row_count": 9},
            {"bad_count": 0},
            {"user_id": self.manager.id},
            {"findings": {}},
            {"digest": "x"},
            {"refusal": "x"},
            {"state": "done"},
            {"file": base64.b64encode(b"x")},
            {"profile_id": self._create_profile().id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError), self.cr.savepoint():
                run.write(values)
        for values in ({"state": "checked"}, {"user_id": self.manager.id}, {"good_count": 5}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._create_run(self._csv(GOOD), **values)
        for model in ("sqms.import.batch", "sqms.import.error"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.officer).create({"run_id": run.id})

    def test_steps_of_the_import_are_not_taken_by_people(self):
        run = self._check(self._csv(GOOD))
        for step in ("present", "refuse", "finish"):
            with self.subTest(step=step), self.assertRaises(AccessError):
                run.action_transition(step)
        self.assertEqual([step["name"] for step in run.transitions()], ["start", "change"])
        with self.assertRaises(UserError):
            self._create_run(self._csv(GOOD)).action_transition("start")

    def test_a_file_changed_behind_the_check_is_not_imported(self):
        run = self._check(self._csv(GOOD))
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", run._name), ("res_field", "=", "file"), ("res_id", "=", run.id)])
        )
        attachment.raw = self._csv(GOOD, (GOOD[0], "Billing", "slipped in", "", "", ""))
        with self.assertRaisesRegex(UserError, "changed after the check"):
            run.action_transition("start")

    def test_a_profile_changed_behind_the_check_is_not_used(self):
        run = self._check(self._csv(GOOD))
        self.profile.date_format = "mdy"
        with self.assertRaisesRegex(UserError, "changed after the check"):
            run.action_transition("start")
        run.action_transition("change")
        run.action_transition("check")
        run.action_transition("start")
        self.assertEqual(self._complaints(run).complaint_received_at.month, 3)

    def test_a_done_import_is_kept(self):
        run = self._import(self._csv(GOOD))
        with self.assertRaises(AccessError):
            run.unlink()
        with self.assertRaises(UserError):
            run.action_transition("start")

    def test_nobody_claims_that_a_complaint_was_imported(self):
        run = self._import(self._csv(GOOD))
        imported, own = self._complaints(run), self._create_complaint()
        claims = {
            "complaint_import_key": "row:x",
            "complaint_import_run_id": run.id,
            "complaint_import_line": 7,
            "complaint_import_data": {"a": "b"},
        }
        for name, value in claims.items():
            for attack in (
                lambda values: own.with_user(self.officer).write(values),
                lambda values: imported.with_user(self.officer).write(values),
                lambda values: self._create_complaint(**values),
                lambda values: (
                    self.env["helpdesk.ticket"]
                    .with_user(self.officer)
                    .with_context(**{f"default_{key}": item for key, item in values.items()})
                    .create(self._prepare_complaint_values())
                ),
            ):
                with self.subTest(name=name), self.assertRaises(AccessError), self.cr.savepoint():
                    attack({name: value})
        self.assertFalse(imported.copy().complaint_import_key)

    def test_complaints_hold_on_to_their_import(self):
        self.assertEqual(self.env["helpdesk.ticket"]._fields["complaint_import_run_id"].ondelete, "restrict")
