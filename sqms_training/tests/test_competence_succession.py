from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .test_competence_matrix import MatrixCase


@tagged("post_install", "-at_install")
class TestCompetenceStanding(MatrixCase):
    """Gaps by person and by job, and who could take a post."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standing = cls.env["sqms.competence.standing"]

    def _lines(self, user, domain=()):
        rows = self.standing.with_user(user).search(list(domain))
        return {(row.employee_id.id, row.skill_id.id): (row.standing, row.gap) for row in rows}

    def test_lines_are_those_of_the_statement(self):
        expected = {
            (row["employee_id"], row["skill_id"]): row["standing"]
            for row in self.env["sqms.competence"]._standings(company=self.company)
        }
        lines = self._lines(self.hr)
        self.assertEqual({key: standing for key, (standing, _gap) in lines.items()}, expected)
        self.assertEqual(lines[self.employee.id, self.tongue.id], ("lower", 50))
        self.assertEqual(set(self._lines(self.hr, [("is_met", "=", False)])), {
            (self.employee.id, self.tongue.id), (self.other.id, self.tongue.id),
        })  # fmt: skip
        groups = self.standing.with_user(self.hr)._read_group([], ["skill_id", "is_met"], ["__count"])
        self.assertIn((self.tongue, False, 2), groups)

    def test_each_reader_has_his_own(self):
        self.assertEqual({key[0] for key in self._lines(self.user)}, {self.employee.id})
        self.assertEqual({key[0] for key in self._lines(self.boss_user)}, {self.employee.id})
        self.assertEqual({key[0] for key in self._lines(self.certifier)}, {self.employee.id, self.other.id})
        others = self.standing.with_user(self.hr).search([("employee_id", "=", self.other.id)])
        self.env.invalidate_all()
        self.assertEqual(others.with_user(self.user).read(["gap"]), [], "there is no such line for him")
        for call in ("write", "unlink", "create"):
            with self.subTest(call=call), self.assertRaises(AccessError):
                getattr(others.with_user(self.hr), call)(*([{"gap": 1}] if call != "unlink" else []))

    def test_on_the_form_of_a_person(self):
        person = self.env["hr.employee"].with_user(self.hr).browse(self.employee.id)
        self.assertEqual(len(person.standing_ids), 2)
        public = self.env["hr.employee.public"].with_user(self.user)
        self.assertEqual(len(public.browse(self.employee.id).standing_ids), 2)
        self.assertFalse(public.browse(self.other.id).standing_ids)
        # A field of ours does not take the others away from plain users.
        self.assertEqual(self.env["hr.employee"].with_user(self.user).browse(self.other.id).name, "Zhang San")
        with Form(person) as form:
            form.work_phone = "1"

    def test_on_the_form_of_a_job(self):
        job = self.fitter.with_user(self.hr)
        rows = {row.skill_id: row for row in job.requirement_ids}
        self.assertEqual((rows[self.gas].holder_count, rows[self.gas].met_count), (1, 1))
        self.assertEqual(rows[self.tongue].missing_names, "Wang Li")
        with Form(job) as form:
            form.is_key_post = True
        self.assertEqual(job.action_open_standings()["domain"], [("job_id", "=", self.fitter.id)])

    # -- succession -----------------------------------------------------------------

    def _succession(self, user=None, job=None):
        return self.env["sqms.competence"].with_user(user or self.hr).get_succession((job or self.fitter).id)

    def test_ranked_by_the_share_met(self):
        third = self._create_employee("Li Na", job_id=self.clerk.id)
        self._create_certificate(-100, 300, employee_id=third.id)
        self._create_skill(third, skill_id=self.tongue.id, skill_level_id=self.fluent.id)
        people = {row["id"]: row for row in self._succession()["people"]}
        self.assertEqual(list(people), [third.id, self.employee.id])
        self.assertEqual((people[third.id]["readiness"], people[third.id]["missing"]), ("ready", []))
        self.assertEqual(people[self.employee.id]["missing"], ["Tongues gas"])
        self.assertTrue(people[self.employee.id]["is_holder"])
        self.env["hr.employee.skill"].search([("employee_id", "=", third.id), ("skill_id", "=", self.gas.id)])._revoke(
            "x"
        )
        people = {row["id"]: row for row in self._succession()["people"]}
        self.assertEqual((people[third.id]["readiness"], people[third.id]["missing"]), ("nearly", ["Licences gas"]))

    def test_key_post_without_two_successors_is_a_risk(self):
        self.fitter.is_key_post = True
        names = ("Li Na", "Li Wei")

        def post():
            return next(post for post in self._succession()["posts"] if post["id"] == self.fitter.id)

        for count, name in enumerate(names):
            self.assertEqual((post()["is_risk"], post()["ready"]), (True, count))
            person = self._create_employee(name, job_id=self.clerk.id)
            self._create_certificate(-100, 300, employee_id=person.id)
            self._create_skill(person, skill_id=self.tongue.id, skill_level_id=self.fluent.id)
        self.assertEqual((post()["is_risk"], post()["ready"], post()["holders"]), (False, 2, 1))

    def test_nobody_learns_more_of_others_than_the_matrix_tells(self):
        self.assertEqual({row["id"] for row in self._succession(self.user)["people"]}, {self.employee.id})
        with self.assertRaises(AccessError):
            self.env["sqms.competence"].with_user(self.env.ref("base.public_user")).get_succession()

    def test_twice_the_posts_the_same_number_of_queries(self):
        def asked(count):
            for n in range(count):
                self._create_job(f"Post {n}", [(self.gas, self.basic)], is_key_post=True)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._succession()
            return self.env.cr.sql_log_count - before

        asked(1)
        self.assertEqual(asked(3), asked(6))
