from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import sqms_certificate_import_run
from .import_case import ImportCase


@tagged("post_install", "-at_install")
class TestCertificateImport(ImportCase):
    """What becomes of each row, and that nothing else is entered than what the table said."""

    # -- the honest way ------------------------------------------------------------------

    def test_look_first_then_enter_the_good_rows(self):
        old = self._create_certificate(valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
        rows = [
            self._row(number="T-77"),
            self._row(valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31)),
            self._row(skill="Licences power", valid_to=None),
            self._row(badge="nobody"),
        ]
        run = self._checked(rows)
        said = [(line.row, line.state, line.reason or "") for line in run.line_ids.sorted("row")]
        self.assertEqual([state for _row, state, _reason in said], ["renews", "known", "new", "error"])
        self.assertIn("2025-12-31", said[0][2])
        self.assertIn("badge nobody", said[3][2])
        self.assertEqual([row for row, _state, _reason in said], [2, 3, 4, 5])
        self.assertEqual(self._held(), old, "nothing is entered by looking")
        self.assertEqual((run.new_count, run.renews_count, run.known_count, run.error_count), (1, 1, 1, 1))
        run.action_import()
        self.assertEqual((run.state, run.done_count, run.error_count, run.progress), ("done", 2, 1, 100))
        renewal = self._held() - old
        gas = renewal.filtered(lambda row: row.skill_id == self.gas)
        self.assertEqual(old.renewed_by_id, gas)
        self.assertEqual((gas.external_number, gas.issuer, gas.valid_to), ("T-77", "Bureau", date(2026, 12, 31)))
        self.assertTrue(gas.number and gas.verification_token)
        self.assertEqual((gas.issued_by, gas.skill_level_id), (self.hr.name, self.basic))
        self.assertFalse((renewal - gas).valid_to)
        self.assertFalse(run.sudo().file, "the sheet itself is not kept")
        entry = run.sudo().sqms_history().filtered(lambda row: row.event == "imported")
        self.assertIn(run.digest, str(entry.sudo().read()))
        self.assertEqual(run.action_show_certificates()["domain"], [("id", "in", run.line_ids.certificate_id.ids)])

    def test_the_same_sheet_twice_adds_none(self):
        rows = [self._row(), self._row(valid_from=date(2027, 1, 1), valid_to=date(2027, 12, 31))]
        content = self._workbook(rows)
        self._checked(rows, content=content).action_import()
        held = self._held()
        self.assertEqual(len(held), 2)
        self.assertEqual(held[0].renewed_by_id, held[1], "renewals within one sheet are linked")
        run = self._checked(rows, content=content)
        self.assertEqual(run.line_ids.mapped("state"), ["known", "known"])
        self.assertIn("This very sheet was entered", run.notice)
        with self.assertRaisesRegex(UserError, "No row"):
            run.action_import()
        self.assertEqual(self._held(), held)

    def test_twins_within_a_sheet_and_what_was_entered_meanwhile(self):
        run = self._checked([self._row(), self._row(email="WANG.LI@example.com")])
        self.assertEqual(run.line_ids.sorted("row").mapped("state"), ["new", "known"])
        self.assertIn("row 2", run.line_ids.sorted("row")[1].reason)
        self._create_certificate(valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
        run.action_import()
        self.assertEqual((run.done_count, run.known_count, len(self._held())), (0, 2, 1))

    def test_a_revoked_one_is_not_brought_back(self):
        certificate = self._create_certificate(valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
        certificate._revoke("Forged")
        self.assertEqual([state for state, _reason in self._said([self._row()])], ["error"])

    def test_in_pieces_by_the_job_one_refused_row_does_not_hold_up_the_others(self):
        rows = [self._row(valid_from=date(2000 + n, 1, 1), valid_to=date(2000 + n, 12, 31)) for n in range(5)]
        run = self._checked(rows)
        with patch.object(sqms_certificate_import_run, "AT_ONCE", 2):
            run.action_import()
        self.assertEqual((run.state, run.done_count, run.progress), ("running", 0, 0))
        create = self.registry["hr.employee.skill"].create

        def refuse(records, vals_list):
            if any(vals["valid_from"] == date(2002, 1, 1) for vals in vals_list):
                raise UserError("Not this year")  # pylint: disable=translation-required
            return create(records, vals_list)

        cron = self.env.ref("sqms_training.ir_cron_certificate_import")
        with patch.object(self.registry["hr.employee.skill"], "create", refuse), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((run.state, run.done_count, run.error_count), ("done", 4, 1))
        self.assertEqual(run.line_ids.filtered(lambda line: line.state == "error").reason, "Not this year")
        self.assertEqual(set(self._held().mapped("issued_by")), {self.hr.name}, "in the name of who asked for it")

    def test_who_may_no_longer_stops_it(self):
        rows = [self._row()]
        for change in (
            lambda: self.hr.write({"group_ids": [(6, 0, self.env.ref("base.group_user").ids)]}),
            lambda: self.hr.write({"active": False}),
        ):
            run = self._checked(rows)
            with patch.object(sqms_certificate_import_run, "AT_ONCE", 0):
                run.action_import()
            groups = self.hr.group_ids
            change()
            run.sudo()._import_piece()
            self.assertEqual((run.sudo().state, len(self._held())), ("stopped", 0))
            self.hr.write({"active": True, "group_ids": [(6, 0, groups.ids)]})

    # -- whose ------------------------------------------------------------------------------------

    def test_people_are_never_guessed(self):
        namesake = self._create_employee("Zhang San")
        gone = self._create_employee("Gone Away", barcode="B9")
        gone.active = False
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["hr.employee"].create({"name": "Far Off", "company_id": elsewhere.id, "barcode": "B8"})
        self.other.barcode = "B1"
        said = self._said(
            [
                self._row(badge=None, name="wang  LI"),
                self._row(badge=None, name="Zhang San"),
                self._row(badge="B1", name="Zhang San", skill="Licences power"),
                self._row(badge="B0007", name="Zhang San"),
                self._row(badge="B0007", email="nobody@example.com"),
                self._row(badge=None, name="Wang"),
                self._row(badge="B9"),
                self._row(badge="B8"),
                self._row(badge=None),
                self._row(badge=7),
            ]
        )
        self.assertEqual([state for state, _reason in said], ["new", "error", "new"] + ["error"] * 7)
        for (_state, reason), words in zip(
            said,
            ["", "several people", "", "two people", "work e-mail nobody", "name Wang", "has left", "badge B8",
             "names nobody", "badge 7"],
            strict=True,
        ):  # fmt: skip
            self.assertIn(words, reason)
        self.assertTrue(namesake)

    def test_identification_number_is_for_hr_alone_and_is_not_kept(self):
        self.employee.identification_id = "11010119900307001X"
        header = ["身份证号", "证书", "发证日期"]
        rows = [["11010119900307001X", "Licences gas", "2026-01-01"], ["1", "Licences gas", "2026-01-01"]]
        run = self._checked(rows, header=header)
        lines = run.line_ids.sorted("row")
        self.assertEqual(lines.mapped("state"), ["new", "error"])
        self.assertEqual(lines[0].employee_id, self.employee)
        self.assertNotIn("11010119900307001", str(lines.sudo().read()))
        run = self._checked(rows, header=header, user=self.officer)
        self.assertEqual(run.line_ids.mapped("state"), ["error", "error"])
        self.assertIn("Only HR", run.notice)

    # -- which ----------------------------------------------------------------------------------

    def test_skills_and_levels_by_type_and_name(self):
        twin = self.env["hr.skill.type"].create(
            {
                "name": "Permits",
                "is_certification": True,
                "skill_ids": [(0, 0, {"name": "Licences gas"})],
                "skill_level_ids": [(0, 0, {"name": "Held", "level_progress": 100})],
            }
        )
        said = self._said(
            [
                self._row(),
                self._row(type_="permits"),
                self._row(type_="Licences", level="full"),
                self._row(type_="Licences", level="Middling"),
                self._row(skill="Tongues gas"),
                self._row(skill="gas"),
                self._row(skill=None),
            ]
        )
        self.assertEqual([state for state, _reason in said], ["error", "new", "new"] + ["error"] * 4)
        for (_state, reason), words in zip(
            said, ["several types", "", "", "no level", "no certificate", "no certificate", "names no"], strict=True
        ):
            self.assertIn(words, reason)
        self.assertTrue(twin)

    def test_names_in_chinese_are_found(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.gas.with_context(lang="zh_CN").name = "燃气作业"
        self.full.with_context(lang="zh_CN").name = "高级"
        header = ["工号", "姓名", "证书名称", "等级", "证书编号", "发证机关", "有效期起", "有效期至", "备注"]
        run = self._checked(
            [["B0007", "Wang Li", "燃气作业", "高级", "京-1", "应急管理局", "2026年1月1日", "20291231", "x"]],
            header=header,
        )
        line = run.line_ids
        self.assertEqual((line.state, line.skill_id, line.skill_level_id), ("new", self.gas, self.full))
        self.assertEqual((line.valid_from, line.valid_to), (date(2026, 1, 1), date(2029, 12, 31)))
        self.assertEqual(run.ignored, "备注")

    def test_days(self):
        said = self._said(
            [
                self._row(valid_from=datetime(2001, 1, 1, 8), valid_to=37256),
                self._row(valid_from="2002-01-01", valid_to="2002/12/31"),
                self._row(valid_from="01/02/2003"),
                self._row(valid_from="soon"),
                self._row(valid_from=None),
                self._row(valid_from=date(2027, 1, 1)),
                self._row(valid_from=4),
            ]
        )
        self.assertEqual([state for state, _reason in said], ["new", "renews"] + ["error"] * 5)
        self.assertIn("which number is the month", said[2][1])
        self.assertIn("first day is missing", said[4][1])
        self.assertIn("ends before", said[5][1])
        run = self._checked([self._row(valid_from="01/02/2003")], date_order="dmy")
        self.assertEqual(run.line_ids.valid_from, date(2003, 2, 1))
        run.date_order = "mdy"
        self.assertEqual((run.state, len(run.line_ids)), ("draft", 0), "another way to read it is another sheet")

    def test_number_of_the_authority_belongs_to_one_person(self):
        self._create_certificate(valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31), external_number="T 1")
        self.other.barcode = "B1"
        said = self._said(
            [
                self._row(number="t 1"),
                self._row(badge="B1", number="T 1"),
                self._row(badge="B1", number="T 2"),
                self._row(number="T 2", skill="Licences power"),
            ]
        )
        self.assertEqual([state for state, _reason in said], ["renews", "error", "new", "error"])
        self.assertIn("belongs to somebody else", said[1][1])

    # -- who may -------------------------------------------------------------------------------------

    def test_roles(self):
        content = self._workbook([self._row()])
        for user in (self.user, self.certifier):
            with self.assertRaises(AccessError):
                self._import([], user=user, content=content)
        run = self._checked([self._row()])
        self.assertTrue(run.with_user(self.certifier).line_ids.read(["state"]))
        for user in (self.user, self.certifier):
            for attempted in (
                lambda own: own.action_check(),
                lambda own: own.action_import(),
                lambda own: own.write({"name": "x.csv"}),
                lambda own: own.unlink(),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempted(run.with_user(user))
        with self.assertRaises(AccessError):
            run.with_user(self.user).read(["name"])

    def test_nothing_is_said_by_hand(self):
        run = self._checked([self._row(badge="B1")])
        imports, lines = self.env["sqms.certificate.import"], self.env["sqms.certificate.import.line"]
        for user in (self.hr, self.officer):
            own, rows = run.with_user(user), run.with_user(user).line_ids
            for attempted in (
                lambda own, rows, user: own.write({"state": "done"}),
                lambda own, rows, user: own.write({"digest": "x"}),
                lambda own, rows, user: own.write({"line_ids": [(0, 0, {"state": "new"})]}),
                lambda own, rows, user: own.write({"requested_by_id": self.env.ref("base.user_admin").id}),
                lambda own, rows, user: rows.write({"state": "new", "employee_id": self.employee.id}),
                lambda own, rows, user: rows.unlink(),
                lambda own, rows, user: lines.with_user(user).create({"import_id": run.id, "state": "new"}),
                lambda own, rows, user: imports.with_user(user).create(
                    {"company_id": self.company.id, "state": "checked"}
                ),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempted(own, rows, user)
            made = imports.with_user(user).with_context(
                default_state="checked", default_requested_by_id=1, default_digest="x",
                default_line_ids=[(0, 0, {"state": "new", "employee_id": self.employee.id})],
            ).create({"company_id": self.company.id})  # fmt: skip
            self.assertEqual(
                (made.state, made.requested_by_id, made.digest, len(made.line_ids)), ("draft", user, False, 0)
            )

    def test_what_was_entered_stays(self):
        run = self._checked([self._row()])
        run.action_import()
        for attempted in (
            lambda: run.write({"name": "other.xlsx"}),
            lambda: run.action_check(),
            lambda: run.action_import(),
            lambda: run.unlink(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempted()

    def test_other_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        run = self._import([self._row()])
        stranger = self._create_user("t_stranger", "hr.group_hr_user")
        stranger.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        self.assertFalse(self.env["sqms.certificate.import"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self._import([self._row()], user=stranger)
        self.hr.company_ids |= elsewhere
        with self.assertRaises(AccessError):
            run.with_context(allowed_company_ids=elsewhere.ids).action_check()

    # -- external number ---------------------------------------------------------------------------------

    def test_external_number_is_read_by_hr_and_its_holder_and_stays(self):
        certificate = self._create_certificate(external_number="T-1")
        self.assertEqual(certificate.with_user(self.user).own_external_number, "T-1")
        self.assertFalse(certificate.with_user(self.colleague).own_external_number)
        for user in (self.user, self.colleague):
            with self.assertRaises(AccessError):
                certificate.with_user(user).read(["external_number"])
        with self.assertRaises(UserError):
            certificate.with_user(self.hr).external_number = "T-2"

    # -- cost --------------------------------------------------------------------------------------------

    def test_twice_the_rows_same_number_of_queries(self):
        people = self.env["hr.employee"].create(
            [{"name": f"P {n}", "barcode": f"Q{n}", "company_id": self.company.id} for n in range(80)]
        )
        self.assertEqual(len(people), 80)
        looked, entered = [], []
        for first, last in ((0, 20), (20, 60)):
            rows = [self._row(badge=f"Q{n}") for n in range(first, last)]
            run = self._import(rows)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            run.action_check()
            self.env.flush_all()
            looked.append(self.cr.sql_log_count - before)
            before = self.cr.sql_log_count
            run.action_import()
            self.env.flush_all()
            entered.append(self.cr.sql_log_count - before)
            self.assertEqual(run.done_count, last - first)
        self.assertLessEqual(looked[1], looked[0] + 2)
        self.assertLessEqual(entered[1] - entered[0], 20 * 2.5, "at most 2.5 queries for each further row")
