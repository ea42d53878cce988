import io
import json
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import Cursor
from odoo.tests import HttpCase, new_test_user, tagged

from ..lib.competence import STANDINGS
from .test_competence import CompetenceCase


class MatrixCase(CompetenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tongue = cls.language.skill_ids[0]
        cls.spoken, cls.fluent = cls.language.skill_level_ids.sorted("level_progress")
        cls.fitter = cls._create_job("Fitter", [(cls.gas, cls.basic), (cls.tongue, cls.fluent)])
        cls.clerk = cls._create_job("Clerk", [(cls.tongue, cls.spoken)])
        cls.yard, cls.desk = cls.env["hr.department"].create(
            [{"name": name, "company_id": cls.company.id} for name in ("Yard", "Desk")]
        )
        cls.boss_user = cls._create_user("t_boss", "base.group_user")
        cls.boss = cls._create_employee("Boss", cls.boss_user, department_id=cls.yard.id)
        cls.employee.write({"job_id": cls.fitter.id, "department_id": cls.yard.id, "parent_id": cls.boss.id})
        cls.other.write({"job_id": cls.clerk.id, "department_id": cls.desk.id})
        cls.certificate = cls._create_certificate(-300, 30)
        cls._create_skill(cls.employee, skill_id=cls.tongue.id, skill_level_id=cls.spoken.id)

    def _matrix(self, user=None, **filters):
        return self.env["sqms.competence"].with_user(user or self.hr).get_matrix(filters)

    def _cells(self, person, user=None, on=None):
        skills = [self.gas.id, self.tongue.id]
        rows = self.env["sqms.competence"].with_user(user or self.hr).get_rows([person.id], skills, on)
        return [cell and STANDINGS[cell[0]] for cell in rows[0]["cells"]] if rows else None


@tagged("post_install", "-at_install")
class TestCompetenceMatrix(MatrixCase):
    def test_frame(self):
        matrix = self._matrix()
        self.assertEqual(matrix["people"], (self.employee + self.other).sorted("name").ids)
        self.assertEqual(matrix["without"], 1, "nothing is required of the boss")
        columns = {column["id"]: column for column in matrix["columns"]}
        self.assertEqual(set(columns), {self.gas.id, self.tongue.id})
        self.assertEqual([columns[self.gas.id][name] for name in ("needed", "met", "detail")], [1, 1, "Basic"])
        # Two jobs need different levels: the type is named.
        self.assertEqual([columns[self.tongue.id][name] for name in ("needed", "met", "detail")], [2, 0, "Tongues"])
        self.assertEqual(matrix["shown"], {"gaps": 2, "expiring": 1, "booked": 0})
        self.assertEqual((matrix["gaps"], matrix["can_plan"], matrix["is_own"]), (2, True, False))
        self.assertEqual({row["id"]: row["count"] for row in matrix["departments"]}, {self.yard.id: 2, self.desk.id: 1})

    def test_cells(self):
        self.assertEqual(self._cells(self.employee), ["expiring", "lower"])
        self.assertEqual(self._cells(self.other), [None, "missing"])
        self.assertEqual(self._cells(self.boss), [None, None])
        ((row,),) = [self.env["sqms.competence"].with_user(self.hr).get_rows([self.employee.id], [self.tongue.id])]
        self.assertEqual((row["name"], row["job"]), ("Wang Li", "Fitter"))
        self.assertEqual(row["cells"][0][:5], [STANDINGS.index("lower"), 100, 50, None, False])

    def test_cells_as_of_a_day(self):
        self.assertEqual(self._cells(self.employee, on=str(self.today + timedelta(days=31))), ["expired", "lower"])
        self.assertEqual(self._cells(self.employee, on=str(self.today - timedelta(days=60))), ["valid", "upcoming"])
        self.assertEqual(self._matrix(on=str(self.today + timedelta(days=31)))["shown"]["gaps"], 2)

    def test_training_booked(self):
        course = self.env["sqms.training.course"].create(
            {
                "name": "Gas",
                "company_id": self.company.id,
                "skill_type_id": self.certification.id,
                "skill_id": self.gas.id,
                "skill_level_id": self.basic.id,
                "module_ids": [(0, 0, {"name": "All", "is_mandatory": True, "hours": 8})],
            }
        )
        course._enrol(self.employee)
        self.assertEqual(self._matrix()["shown"]["booked"], 1)
        self.assertEqual(self._matrix(show=["booked"])["people"], self.employee.ids)
        (row,) = (
            self.env["sqms.competence"].with_user(self.hr).get_rows([self.employee.id], [self.gas.id, self.tongue.id])
        )
        self.assertEqual([cell[4] for cell in row["cells"]], [True, False])
        self.assertTrue(self._cell(self.employee, self.gas)["booked"])

    def test_filters(self):
        self.assertEqual(self._matrix(department=self.desk.id)["people"], self.other.ids)
        self.assertEqual(self._matrix(job=self.fitter.id)["people"], self.employee.ids)
        self.assertEqual(self._matrix(search="wang")["people"], self.employee.ids)
        self.assertEqual(self._matrix(search="cler")["people"], self.other.ids)
        self.assertEqual(self._matrix(show=["expiring"])["people"], self.employee.ids)
        self.assertEqual(
            self._matrix(show=["gaps", "expiring"])["people"], (self.employee + self.other).sorted("name").ids
        )
        only = self._matrix(types=self.certification.ids)
        self.assertEqual([column["id"] for column in only["columns"]], self.gas.ids)
        self.assertEqual((only["gaps"], only["shown"]["gaps"]), (0, 0))
        self.assertEqual(len(only["types"]), 2, "the way back stays open")
        self.assertEqual(self._matrix(show=["gaps"], types=self.certification.ids)["people"], [])
        nobody = self._matrix(search="nobody")
        self.assertEqual((nobody["people"], nobody["columns"]), ([], []))

    def test_what_is_sent_is_checked(self):
        competence = self.env["sqms.competence"].with_user(self.hr)
        for filters in (
            {"department": "1; DROP"}, {"types": ["x"]}, {"types": {"a": 1}}, {"search": 7}, {"job": -1}, {"what": 1},
            {"on": "yesterday"}, {"department": True},
        ):  # fmt: skip
            with self.subTest(filters=filters), self.assertRaises(UserError):
                competence.get_matrix(filters)
        for ids in ("1", ["1"], [0], [2**40], list(range(1, 102)), None):
            with self.subTest(ids=ids), self.assertRaises(UserError):
                competence.get_rows(ids, [1])
        self.assertEqual(self._matrix(search="%' OR 1=1 --")["people"], [])

    # -- who sees whom -----------------------------------------------------------

    def test_everybody_sees_himself_and_nobody_else(self):
        matrix = self._matrix(self.user)
        self.assertEqual((matrix["people"], matrix["is_own"], matrix["can_plan"]), (self.employee.ids, True, False))
        self.assertEqual(self._cells(self.employee, self.user), ["expiring", "lower"])
        self.assertIsNone(self._cells(self.other, self.user))
        with self.assertRaises(AccessError):
            self._cell(self.other, self.tongue, self.user)
        self.assertEqual(self._cell(self.employee, self.gas, self.user)["number"], self.certificate.number)

    def test_managers_see_those_below_and_their_departments(self):
        self.assertEqual(set(self._matrix(self.boss_user)["people"]), set(self.employee.ids))
        self.assertIsNone(self._cells(self.other, self.boss_user))
        cell = self._cell(self.employee, self.gas, self.boss_user)
        self.assertFalse(cell["number"] or cell["can_plan"] or cell["can_renew"], "numbers are for HR and the holder")
        self.desk.manager_id = self.boss
        self.assertEqual(set(self._matrix(self.boss_user)["people"]), set((self.employee + self.other).ids))

    def test_hr_officers_and_certifiers_see_their_companies(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.env["hr.employee"].create({"name": "Stranger", "company_id": elsewhere.id})
        self.env.user.company_ids |= elsewhere
        for user in (self.hr, self.officer, self.certifier):
            self.assertEqual(len(self._matrix(user)["people"]), 2, user.login)
            self.assertIsNone(self._cells(stranger, user), user.login)
        self.assertFalse(self._matrix(self.certifier)["can_plan"])
        self.assertTrue(self._matrix(self.officer)["can_plan"])

    def test_portal_and_public_are_refused(self):
        portal = new_test_user(self.env, "t_portal", "base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            competence = self.env["sqms.competence"].with_user(user)
            for call in (
                lambda competence=competence: competence.get_matrix(),
                lambda competence=competence: competence.get_rows([self.employee.id], [self.gas.id]),
                lambda competence=competence: competence.get_cell(self.employee.id, self.gas.id),
            ):
                with self.assertRaises(AccessError):
                    call()

    # -- behind a cell ------------------------------------------------------------

    def _cell(self, person, skill, user=None, on=None):
        return self.env["sqms.competence"].with_user(user or self.hr).get_cell(person.id, skill.id, on)

    def test_behind_a_cell(self):
        cell = self._cell(self.employee, self.gas)
        self.assertEqual((cell["number"], cell["standing"], cell["gap"]), (self.certificate.number, "expiring", 0))
        self.assertEqual((cell["needed"], cell["held"]), ("Basic (50 %)", "Basic (50 %)"))
        self.assertTrue(cell["can_renew"] and cell["can_plan"])
        self.assertFalse(self._cell(self.employee, self.gas, on=str(self.today))["can_renew"], "renewed is today alone")
        lower = self._cell(self.employee, self.tongue)
        self.assertEqual((lower["gap"], lower["held"], lower["number"]), (50, "Basic (50 %)", False))
        self.assertFalse(self._cell(self.other, self.gas), "nothing is required")

    def test_renew_opens_the_dialog(self):
        action = self.env["sqms.competence"].with_user(self.hr).renew(self.employee.id, self.gas.id)
        self.assertEqual(action["res_model"], "sqms.certificate.renew")
        self.certificate.with_user(self.hr)._renew({"valid_from": self.today, "valid_to": self.today + timedelta(700)})
        self.assertEqual(self._cells(self.employee)[0], "valid")
        with self.assertRaises(AccessError):
            self.env["sqms.competence"].with_user(self.user).renew(self.employee.id, self.gas.id)

    # -- training for it -------------------------------------------------------------

    def test_a_cell_goes_into_the_development_plan(self):
        competence = self.env["sqms.competence"].with_user(self.officer)
        action = competence.plan_training(self.employee.id, self.tongue.id)
        plan = self.env["sqms.training.plan"].browse(action["res_id"])
        self.assertEqual((plan.kind, plan.employee_id), ("individual", self.employee))
        self.assertEqual((plan.line_ids.skill_id, plan.line_ids.needed_level_id), (self.tongue, self.fluent))
        self.assertEqual(competence.plan_training(self.employee.id, self.tongue.id)["res_id"], plan.id)
        self.assertEqual(len(plan.line_ids), 1, "asked twice, planned once")
        for user in (self.user, self.boss_user, self.certifier):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["sqms.competence"].with_user(user).plan_training(self.employee.id, self.tongue.id)

    def test_all_gaps_go_into_the_annual_plan(self):
        competence = self.env["sqms.competence"].with_user(self.officer)
        action = competence.plan_gaps({"department": self.yard.id})
        plan = self.env["sqms.training.plan"].browse(action["res_id"])
        self.assertEqual((plan.kind, plan.department_id, plan.company_id), ("annual", self.yard, self.company))
        self.assertIn((self.employee, self.tongue), [(line.employee_id, line.skill_id) for line in plan.line_ids])
        count = len(plan.line_ids)
        self.assertEqual(competence.plan_gaps({"department": self.yard.id})["res_id"], plan.id)
        self.assertEqual(len(plan.line_ids), count)
        self.assertNotEqual(competence.plan_gaps()["res_id"], plan.id, "the company has a plan of its own")
        for user in (self.user, self.boss_user, self.certifier):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["sqms.competence"].with_user(user).plan_gaps()

    # -- one read -------------------------------------------------------------------

    def test_twice_the_people_the_same_number_of_queries(self):
        def asked(count):
            self.env["hr.employee"].create(
                [{"name": f"P{n}", "company_id": self.company.id, "job_id": self.fitter.id} for n in range(count)]
            )
            competence = self.env["sqms.competence"].with_user(self.hr)
            statements = []
            execute = Cursor.execute

            def listen(cursor, query, *args, **kwargs):
                statements.append(getattr(query, "code", str(query)))
                return execute(cursor, query, *args, **kwargs)

            self.env.flush_all()
            self.env.invalidate_all()
            with patch.object(Cursor, "execute", listen):
                matrix = competence.get_matrix()
                frame = len(statements)
                reads = sum("FROM hr_employee_skill" in text or "JOIN hr_employee_skill" in text for text in statements)
                skills = [column["id"] for column in matrix["columns"]]
                competence.get_rows(matrix["people"], skills)
                pieces = [text for text in statements[frame:] if "hr_employee_skill" in text]
            self.assertEqual((reads, len(pieces)), (1, 1), "one grouped read for the frame, one for a piece")
            return frame, len(statements) - frame

        asked(1)  # what is cached for everybody
        self.assertEqual(asked(6), asked(6))


@tagged("post_install", "-at_install")
class TestCompetenceSheet(MatrixCase, HttpCase):
    """The workbook says what the screen says, and no text in it is run."""

    def _read(self, book):
        import openpyxl

        return openpyxl.load_workbook(io.BytesIO(book.read()))

    def _sheet(self, user, **filters):
        book = self.env["sqms.competence"].with_user(user)._workbook(filters)
        with book:
            return self._read(book).active

    def test_rows_say_what_the_screen_says(self):
        self.employee.name = '=HYPERLINK("x","y")'
        sheet = self._sheet(self.hr)
        rows = {row[0]: row for row in sheet.iter_rows(min_row=4, values_only=True)}
        matrix = self._matrix()
        names = [column["name"] for column in matrix["columns"]]
        self.assertEqual(list(next(sheet.iter_rows(min_row=2, max_row=2, values_only=True)))[3:], names)
        self.assertEqual(sheet.freeze_panes, "D4")
        line = rows['=HYPERLINK("x","y")']
        self.assertEqual(line[1:3], ("Yard", "Fitter"))
        self.assertEqual(line[3 + names.index("Licences gas")], "expires in 30 d")
        self.assertEqual(line[3 + names.index("Tongues gas")], "50 of 100")
        self.assertEqual(rows["Zhang San"][3 + names.index("Licences gas")], "–")
        self.assertEqual(rows["In force"][3 + names.index("Licences gas")], "1 of 1")
        cell = next(cell for row in sheet.iter_rows(min_row=4) for cell in row if str(cell.value).startswith("="))
        self.assertEqual(cell.data_type, "s", "text, no formula")

    def test_nobody_gets_more_than_he_sees(self):
        sheet = self._sheet(self.user)
        self.assertEqual([row[0] for row in sheet.iter_rows(min_row=4, values_only=True)], ["Wang Li", "In force"])

    def test_one_read_for_a_thousand(self):
        statements = []
        execute = Cursor.execute

        def listen(cursor, query, *args, **kwargs):
            statements.append(getattr(query, "code", str(query)))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", listen):
            self._sheet(self.hr)
        self.assertEqual(sum("hr_employee_skill" in text for text in statements), 2, "the frame and the cells")

    def test_download(self):
        self.authenticate("t_hr", "t_hr")
        filters = json.dumps({"search": "wang"})
        answer = self.url_open(f"/sqms_training/competence.xlsx?filters={filters}")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.content[:2], b"PK")
        for wrong in ('{"department":"x"}', "[]", "{", '{"what":1}'):
            self.assertEqual(self.url_open(f"/sqms_training/competence.xlsx?filters={wrong}").status_code, 400, wrong)
