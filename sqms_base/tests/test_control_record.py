import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import sign_step
from .control_common import PIXEL, ControlCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestControlRecord(ControlCase):
    # -- what a check takes along --------------------------------------------------------

    def test_same_plan_twice_asks_the_same_of_the_same_edition(self):
        plan = self._create_plan()
        one, two = self._start(plan).sudo(), self._start(plan, self.officer).sudo()
        facts = ["point_id", "texts", "kind", "lower", "upper", "unit", "good_answer", "sequence"]
        self.assertEqual(
            [{**row, "id": 0} for row in self._rows(one).read(facts)],
            [{**row, "id": 0} for row in self._rows(two).read(facts)],
        )
        edition = self.document.current_version_id
        self.assertTrue(edition)
        self.assertEqual((one.document_version_id, one.version, one.process_id), (edition, 1, self.process))
        self.assertEqual(one.document_version_id, two.document_version_id)

    def test_a_check_keeps_what_was_asked_when_the_plan_changes(self):
        plan = self._create_plan()
        plan.sudo().point_ids.with_context(lang="en_US")
        record = self._make(plan, "yes", "2.5", "right:0")
        officer = plan.with_user(self.officer)
        officer.action_transition("look")
        officer.write({"finding": "x", "decision": "y"})
        officer.action_transition("decide")
        officer.action_transition("renew")
        officer.point_ids[1].write({"name": "Pressure at rest", "upper": 2.0})
        sign_step(plan, "approve", self.manager)
        row = self._rows(record)[1]
        self.assertEqual((row.name, row.upper, row.verdict), ("Gas pressure", 2.5, "conform"))
        self.assertEqual((record.version, plan.version), (1, 2))
        new = self._make(plan, "yes", "2.5", "right:0")
        self.assertEqual((self._rows(new)[1].verdict, new.version), ("out", 2))

    def test_what_was_asked_is_read_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        plan = self._create_plan(in_force=False)
        colour = plan.point_ids[2]
        colour.with_user(self.officer).update_field_translations("name", {"zh_CN": "火焰"})
        colour.with_user(self.officer).update_field_translations("choices_wrong", {"zh_CN": "黄色\n无火焰"})
        sign_step(plan, "approve", self.manager)
        record = self._fill(self._start(plan), "yes", "2", "wrong:1")
        row = self._rows(record)[2].with_context(lang="zh_CN")
        self.assertEqual((row.name, row.value_label), ("火焰", "无火焰"))
        self.assertEqual(row.with_context(lang="en_US").value_label, "None")

    # -- answers ---------------------------------------------------------------------------

    def test_answers_are_judged_and_kept_as_they_are_given(self):
        record = self._start(self._create_plan())
        valve, pressure, flame = self._rows(record)
        for given, kept, judged in (
            ("1,5", "1.5", "conform"), ("2.5 kPa", "2.5", "conform"), ("２．５１", "2.51", "out"), (" ", False, False),
            ("-1", "-1", "out"),
        ):  # fmt: skip
            record.answer(pressure.id, {"value": given})
            self.assertEqual((pressure.value, pressure.verdict), (kept, judged), given)
        for given, words in (
            ("nan", "is no number"), ("inf", "is no number"), ("about 2", "is no number"), ("2 bar", "in kPa"),
            ("1,234", "read in two ways"),
        ):  # fmt: skip
            self._refused(ValidationError, words, lambda g=given: record.answer(pressure.id, {"value": g}))
        self._refused(ValidationError, "choices", lambda: record.answer(valve.id, {"value": "maybe"}))
        self._refused(ValidationError, "choices", lambda: record.answer(flame.id, {"value": "right:1"}))
        answer = record.answer(flame.id, {"value": "wrong:0", "note": "Soot"})
        self.assertEqual(
            (answer["row"]["verdict"], answer["row"]["note"], flame.answered_by_id), ("out", "Soot", self.plain)
        )
        self.assertEqual(record.answer(flame.id, {"value": "wrong:0"})["row"], answer["row"], "twice is once")

    def test_nobody_else_fills_it_in(self):
        record = self._start(self._create_plan())
        row = self._rows(record)[0]
        for user in (self.colleague_user, self.certifier, self.top, self.stranger, self.portal):
            for attempt in (
                lambda u=user: record.with_user(u).answer(row.id, {"value": "yes"}),
                lambda u=user: record.with_user(u).action_finish(),
                lambda u=user: record.with_user(u).add_photo(row.id, "a.png", PIXEL),
                lambda u=user: row.with_user(u).write({"value": "yes"}),
                lambda u=user: record.with_user(u).action_transition("finish"),
            ):
                self._refused(AccessError, "", attempt)
        for attempt in (
            lambda: row.with_user(self.plain).write({"value": "yes"}),
            lambda: record.with_user(self.plain).action_transition("finish"),
            lambda: record.with_user(self.plain).write({"note": "x"}),
            lambda: self.env["sqms.control.record"].with_user(self.plain).create({"plan_id": record.sudo().plan_id.id}),
            lambda: (
                self.env["sqms.control.record"].with_user(self.officer).create({"plan_id": record.sudo().plan_id.id})
            ),
            lambda: self.env["sqms.control.result"].with_user(self.manager).create({"record_id": record.id}),
            lambda: row.with_user(self.manager).unlink(),
            lambda: self._start(record.sudo().plan_id, self.certifier),
        ):
            self._refused(AccessError, "", attempt)
        other = self._start(self._create_plan())
        self._refused(UserError, "does not belong", lambda: record.answer(self._rows(other)[0].id, {"value": "yes"}))
        for values in (
            {"verdict": "conform"},
            {"upper": 100},
            {"texts": {}},
            {"record_id": other.id},
            {"is_counted": True},
        ):
            self._refused(UserError, "", lambda v=values: row.with_user(self.officer).write(v))
            self._refused(UserError, "", lambda v=values: row.sudo().write(v))
        for values in (
            {"version": 3},
            {"nonconformity_id": False, "result": "conform"},
            {"done_by_id": self.officer.id},
        ):
            self._refused(
                UserError, "filled in by the system", lambda v=values: record.with_user(self.officer).write(v)
            )

    def test_job_and_group_are_asked(self):
        job = self.env["hr.job"].create({"name": "Fitter", "company_id": self.company.id})
        self.colleague.job_id = job
        plan = self._create_plan(
            [
                self._point("By job", responsible="job", job_id=job.id, frequency="days"),
                self._point(
                    "By group", responsible="group", frequency="days",
                    group_id=self.env.ref("sqms_base.group_sqms_officer").id,
                ),
                self._point("By name", responsible="employee", employee_id=self.employee.id, frequency="days"),
            ],
            owner_id=self.manager.id,
        )  # fmt: skip
        records = self.env["sqms.control.record"].sudo()._open_due(plan.point_ids.sudo())
        self.assertEqual(len(records), 3)
        self.env.flush_all()
        self.env.registry.clear_cache()
        for user, label in ((self.colleague_user, "Fitter"), (self.plain, "Plain")):
            mine = (
                self.env["sqms.control.record"]
                .with_user(user)
                .search([("is_mine", "=", True), ("plan_id", "=", plan.id)])
            )
            self.assertEqual(mine.mapped("asked_label"), [label])
            self.assertEqual(mine._filtered_access("read"), mine)
            self.assertTrue(mine._may_fill())
        self.assertEqual(
            self.env["sqms.control.record"].with_user(self.officer).search_count(
                [("is_mine", "=", True), ("plan_id", "=", plan.id)]
            ), 1,
        )  # fmt: skip

    # -- done ------------------------------------------------------------------------------

    def test_done_needs_every_answer_and_every_photo_and_is_closed(self):
        plan = self._create_plan([self._point(photo_required=True), self._pressure()])
        record = self._start(plan)
        valve, pressure = self._rows(record)
        self._refused(UserError, "nothing is answered", record.action_finish)
        record.answer(valve.id, {"value": "yes"})
        self._refused(UserError, "“Gas pressure” is not answered", record.action_finish)
        record.answer(pressure.id, {"value": "2"})
        self._refused(UserError, "needs a photo", record.action_finish)
        self._refused(UserError, "is not taken", lambda: record.add_photo(
            valve.id, "page.html", base64.b64encode(b"<html><script>1</script></html>").decode()))  # fmt: skip
        self._refused(UserError, "take a photo", lambda: record.add_photo(
            valve.id, "a.txt", base64.b64encode(b"words").decode()))  # fmt: skip
        first = record.add_photo(valve.id, "a.png", PIXEL, "one")
        again = record.add_photo(valve.id, "a.png", PIXEL, "one")
        self.assertEqual(len(first["row"]["photos"]), 1)
        self.assertEqual(first["row"]["photos"], again["row"]["photos"], "sent twice it is kept once")
        record.action_finish()
        done = record.sudo()
        self.assertEqual(
            (done.state, done.result, done.done_by_id, done.conformity), ("done", "conform", self.plain, 100)
        )
        photo = valve.photo_ids
        for attempt in (
            lambda: record.answer(valve.id, {"value": "no"}),
            lambda: record.add_photo(valve.id, "b.png", PIXEL),
            record.action_finish,
            lambda: record.describe({"note": "x"}),
        ):
            self._refused(UserError, "nothing can be changed", attempt)
        for attempt in (
            lambda: valve.sudo().write({"value": "no"}),
            lambda: photo.sudo().unlink(),
            lambda: photo.sudo().write({"raw": b"x"}),
            lambda: photo.sudo().write({"public": True}),
            lambda: self.env["ir.attachment"].sudo().create(
                {"name": "c.png", "datas": PIXEL, "res_model": valve._name, "res_id": valve.id}),
            lambda: done.write({"note": "x"}),
            lambda: done.with_user(self.manager).unlink(),
            lambda: valve.sudo().unlink(),
        ):  # fmt: skip
            self._refused(AccessError, "", attempt)
        self._refused(UserError, "", lambda: done.write({"state": "open"}))
        self.assertEqual(next(entry.event for entry in done.sqms_history()), "transition")

    def test_samples_are_rows_of_their_own(self):
        record = self._start(self._create_plan([self._point(sample_size=3)]))
        rows = self._rows(record)
        self.assertEqual(rows.mapped("sample_no"), [1, 2, 3])
        self._fill(record, "yes", "no", "yes")
        record.action_finish()
        self.assertEqual((record.sudo().checked_count, record.sudo().out_count), (3, 1))

    # -- out of limit ------------------------------------------------------------------------

    def test_out_of_limit_makes_one_nonconformity(self):
        record = self._make(self._create_plan(), "no", "3", "right:0")
        found = record.nonconformity_id
        self.assertEqual((found.res_model, found.res_id), (record._name, record.id))
        self.assertEqual((found.process_id, found.company_id, found.grade), (self.process, self.company, "major"))
        self.assertIn("Is the valve closed? and Gas pressure", found.name)
        record._make_nonconformity()
        record._on_finish()
        self.assertEqual(
            self.env["sqms.nonconformity"].search_count([("res_model", "=", record._name), ("res_id", "=", record.id)]),
            1,
        )
        graph = record.with_user(self.officer).trace()
        edges = {(edge["source"], edge["target"]) for edge in graph["edges"]}
        self.assertIn((f"{record._name},{record.id}", f"{found._name},{found.id}"), edges)
        self.assertIn((f"sqms.control.plan,{record.plan_id.id}", f"{record._name},{record.id}"), edges)
        self.assertFalse(self._make(self._create_plan()).nonconformity_id)

    def test_a_point_that_stops_the_service_does_so_at_once(self):
        plan = self._create_plan([self._point("Smell of gas?", good_answer="no", is_stop=True, grade="critical",
                                              reaction="Everybody out."), self._pressure()])  # fmt: skip
        record = self._start(plan)
        answer = record.answer(self._rows(record)[0].id, {"value": "yes"})
        self.assertEqual(
            (answer["stopped"], answer["row"]["reaction"], answer["missing"]), (True, "Everybody out.", "")
        )
        found = record.sudo().nonconformity_id
        self.assertEqual((found.grade, found.state), ("critical", "found"))
        record.answer(self._rows(record)[0].id, {"value": "yes"})
        record.answer(self._rows(record)[1].id, {"value": "9"})
        record.action_finish()
        self.assertEqual(record.sudo().nonconformity_id, found)
        self.assertIn("Gas pressure: 9 kPa", "".join(found.message_ids.mapped("body")))

    def test_a_refused_nonconformity_leaves_the_check_open(self):
        record = self._fill(self._start(self._create_plan()), "no", "2", "right:0")
        with patch.object(self.registry["sqms.nonconformity"], "create_from", side_effect=UserError("not now")):
            self._refused(UserError, "not now", record.action_finish)
        self.assertEqual((record.sudo().state, record.sudo().nonconformity_id.id), ("open", False))

    # -- what was wrong in a check --------------------------------------------------------------

    def test_correction_takes_the_place_of_what_was_wrong(self):
        plan = self._create_plan()
        wrong = self._make(plan, "yes", "21", "right:0")
        self._refused(AccessError, "", lambda: wrong.with_user(self.colleague_user).action_correct("no"))
        self._refused(UserError, "what was wrong", lambda: wrong.with_user(self.plain).action_correct("  "))
        action = wrong.with_user(self.plain).action_correct("The comma was forgotten")
        self._refused(UserError, "being corrected", lambda: wrong.with_user(self.plain).action_correct("again"))
        right = self.env["sqms.control.record"].with_user(self.plain).browse(action["params"]["record"])
        self._fill(right, "yes", "2.1", "right:0")
        self.assertEqual(plan.out_count, 1)
        right.action_finish()
        self.env.invalidate_all()
        self.assertEqual((wrong.is_superseded, right.sudo().corrects_id, plan.out_count), (True, wrong, 0))
        self.assertEqual(plan.record_count, 1)
        self.assertEqual(set(wrong.result_ids.mapped("is_counted")), {False})
        self.assertEqual(set(right.sudo().result_ids.mapped("is_counted")), {True})
        self.assertEqual((wrong.result, self._rows(wrong)[1].value), ("out", "21"), "the old one stays as it is")
        self.assertIn("The comma was forgotten", wrong.message_ids[0].body)

    def test_sheet_says_everything_the_screen_shows(self):
        record = self._start(self._create_plan())
        sheet = record.get_sheet()
        self.assertTrue(sheet["editable"])
        self.assertEqual([row["limit"] for row in sheet["rows"]], ["Yes", "1.5 to 2.5 kPa", "Blue"])
        self.assertEqual([choice["value"] for choice in sheet["rows"][2]["choices"]], ["right:0", "wrong:0", "wrong:1"])
        self.assertFalse(record.with_user(self.certifier).get_sheet()["editable"])
        self._refused(AccessError, "", lambda: record.with_user(self.colleague_user).get_sheet())
        counts = []
        for number in (1, 20):
            own = self._start(self._create_plan([self._point(f"P{index}") for index in range(number)]))
            own.get_sheet()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            own.get_sheet()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)
