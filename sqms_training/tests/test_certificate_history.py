import random
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CertificateCase
from .training_case import TrainingCase


@tagged("post_install", "-at_install")
class TestCertificateHistory(CertificateCase):
    """Any day that has passed answers the same, whatever happens today; people and companies come and go."""

    def _answers(self, days=range(-420, 0, 7)):
        """State and cover of every certificate of the company, on every seventh day of the past."""
        rows = self.env["hr.employee.skill"].with_context(active_test=False)
        found = {}
        for offset in days:
            there = rows.with_context(as_of=self.today + timedelta(days=offset)).search(
                [("id", "in", self.known.ids)], order="id"
            )
            covered = there.search([("id", "in", there.ids), ("is_covered", "=", True)])
            grouped = there._read_group([("id", "in", there.ids)], ["certificate_window"], ["id:array_agg"])
            found[offset] = (
                [(row.id, row.certificate_state) for row in there],
                sorted(covered.ids),
                [(row.id, row.is_covered) for row in there],
                sorted((str(window), sorted(ids)) for window, ids in grouped),
            )
        return found

    def test_past_days_answer_the_same_after_renewal_revocation_and_leaving(self):
        dice = random.Random(3)
        self.known = self.env["hr.employee.skill"]
        with freeze_time(fields.Datetime.now() - timedelta(days=430)):
            for number in range(24):
                first = dice.randint(-500, 0)
                self.known += self._create_certificate(
                    first, first + dice.randint(30, 500), skill_id=dice.choice([self.gas, self.power]).id,
                    employee_id=dice.choice([self.employee, self.other]).id, issuer=f"Office {number}",
                )  # fmt: skip
        before = self._answers()
        self.assertTrue(any(covered for _states, covered, _flags, _windows in before.values()))
        for row in self.known[:16]:
            if row.certificate_state == "valid":
                row._revoke("today")
            else:
                valid_from, valid_to = row._next_validity()
                row._renew({"valid_from": valid_from, "valid_to": valid_to})
        self.other.action_archive()
        self.employee.department_id = self.env["hr.department"].create({"name": "Elsewhere"})
        self.env.flush_all()
        self.assertEqual(self._answers(), before)

    def test_windows_agree_with_the_days_on_every_path(self):
        rows = self.env["hr.employee.skill"]
        for last in (-1, 0, 6, 7, 8, 29, 30, 31, 59, 60, 61, 89, 90, 91, None):
            rows += self._create_certificate(-300, last)
        rows += self._create_certificate(5, 20)
        rows += self._create_certificate(-299, 7)
        rows[-1]._revoke("gone")

        def twin(row):
            if row.revoked_on:
                return "revoked"
            if row.valid_from > self.today:
                return "upcoming"
            left = (row.valid_to - self.today).days if row.valid_to else 999
            return "expired" if left < 0 else next((str(d) for d in (7, 30, 60, 90) if left <= d), "valid")

        expected = {row.id: twin(row) for row in rows}
        self.assertEqual(set(expected.values()), set(dict(rows._fields["certificate_window"].selection)))
        self.assertEqual({row.id: row.certificate_window for row in rows}, expected)
        domain = [("id", "in", rows.ids)]
        for window in set(expected.values()):
            found = rows.search([*domain, ("certificate_window", "=", window)])
            self.assertEqual(set(found.ids), {key for key, value in expected.items() if value == window}, window)
        groups = rows._read_group(domain, ["certificate_window"], ["id:array_agg"])
        self.assertEqual({id_: window for window, ids in groups for id_ in ids}, expected)
        panel = rows.with_user(self.hr).search_panel_select_multi_range(
            "certificate_window", enable_counters=True, search_domain=domain
        )
        counts = {value["id"]: value["__count"] for value in panel["values"] if value["__count"]}
        self.assertEqual(counts, {window: list(expected.values()).count(window) for window in counts})
        self.assertEqual(sum(counts.values()), len(rows))
        order = list(dict(rows._fields["certificate_window"].selection))
        self.assertEqual(list(counts), [window for window in order if window in counts], "the most urgent first")
        self.assertFalse(self._create_skill().certificate_window)

    # -- people and companies -------------------------------------------------------------

    def test_a_copied_employee_has_no_certificates(self):
        self._create_certificate()
        # hr itself copies nobody on the day on which he was created: what would be copied is asked.
        (copied,) = self.employee.copy_data()
        lists = {"employee_skill_ids", "current_employee_skill_ids", "certification_ids"}
        self.assertFalse(lists & {name for name, value in copied.items() if value})
        self.assertNotIn(self.employee.certification_ids.number, str(copied))

    def test_one_person_in_two_companies_sees_both_and_each_register_has_its_own(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.env.user.company_ids |= second
        self.user.company_ids |= second
        there = self._create_employee("Wang Li", self.user, company_id=second.id)
        here, beyond = self._create_certificate(), self._create_certificate(employee_id=there.id)
        self.assertEqual(here.number, beyond.number, "each company counts for itself")
        own = [("is_certification", "=", True), ("employee_id.user_id", "=", self.user.id)]
        mine = self.env["hr.employee.skill"].with_user(self.user).with_context(
            allowed_company_ids=(self.company | second).ids
        )  # fmt: skip
        self.assertEqual(mine.search(own), here | beyond)
        register = self.env["hr.employee.skill"].with_user(self.hr)
        self.assertEqual(register.search([("id", "in", (here | beyond).ids)]), here)
        pages = [row.sudo()._certificate_page(row.sudo().verification_token) for row in (here, beyond)]
        self.assertEqual([page["company_name"] for page in pages], [self.company.name, "Second"])

    def test_when_a_company_is_taken_over_its_certificates_stay_what_they_were(self):
        old = self.env["res.company"].create({"name": "Old House"})
        self.env.user.company_ids |= old
        person = self._create_employee("Old Hand", company_id=old.id)
        first, mine = self._create_certificate(employee_id=person.id), self._create_certificate()
        self.assertEqual(first.number, mine.number)
        person.company_id = self.company
        old.active = False
        self.env.flush_all()
        row = first.with_user(self.hr)
        self.assertEqual((row.number, row.issuer, row.certificate_company_id.sudo()), (mine.number, "Old House", old))
        page = first.sudo()._certificate_page(first.sudo().verification_token)
        self.assertEqual((page["state"], page["company_name"]), ("expiring", "Old House"))
        new = self.env["hr.employee.skill"].browse(
            row._renew(dict(zip(("valid_from", "valid_to"), row._next_validity(), strict=True))).id
        )
        self.assertEqual(new.certificate_company_id, self.company)
        self.assertNotEqual(new.number, mine.number)
        self.assertEqual(new.chain_ids, first + new)

    def test_the_certificates_of_one_who_left_stay(self):
        row = self._create_certificate(-300, 300)
        self.employee.action_archive()
        self.assertEqual(self.env["hr.employee.skill"].with_user(self.hr).search([("id", "=", row.id)]), row)
        row.with_user(self.hr)._revoke("after he left")
        page = row.sudo()._certificate_page(row.sudo().verification_token)
        self.assertEqual(page["state"], "revoked")
        with self.assertRaises(UserError):
            self.employee.unlink()


@tagged("post_install", "-at_install")
class TestCertificateTraining(TrainingCase):
    """What leads to the next certificate."""

    def test_the_register_says_the_next_step(self):
        row = self._create_certificate(-300, 20).with_user(self.hr)
        self.assertEqual((row.next_step, row.has_next_step), ("No session yet", False))
        enrolment = self._enrol()
        row.invalidate_recordset()
        self.assertEqual((row.next_step, row.has_next_step), ("Enrolled, no date yet", True))
        session = self._create_session(days=10).with_user(self.officer)
        session.action_transition("open")
        enrolment.session_id = session
        row.invalidate_recordset()
        self.assertRegex(row.next_step, r"^Session \d")
        row._renew({"valid_from": row.valid_to + timedelta(days=1), "valid_to": False})
        row.invalidate_recordset()
        self.assertEqual((row.next_step, row.has_next_step), ("Renewed", True))
        endless = self._create_certificate(-300, None, employee_id=self.other.id).with_user(self.hr)
        self.assertEqual((endless.next_step, endless.has_next_step), (False, True))
        with self.assertRaises(AccessError):
            row.with_user(self.user).read(["next_step"])

    def test_selected_ones_are_enrolled_in_the_course_that_renews_them(self):
        rows = self._create_certificate(-300, 20) + self._create_certificate(-300, 20, employee_id=self.other.id)
        action = rows.with_user(self.officer).action_plan_training()
        enrolments = self.env["sqms.training.enrolment"].search(action["domain"])
        self.assertEqual(enrolments.employee_id, self.employee | self.other)
        again = rows.with_user(self.officer).action_plan_training()
        self.assertEqual(self.env["sqms.training.enrolment"].search(again["domain"]), enrolments)
        power = self._create_certificate(-300, 20, skill_id=self.power.id)
        with self.assertRaisesRegex(UserError, "No course grants Licences power"):
            (rows + power).with_user(self.officer).action_plan_training()
        for user in (self.user, self.certifier):
            with self.assertRaises(AccessError):
                rows.with_user(user).action_plan_training()

    def test_the_course_names_months_and_grace_before_the_type(self):
        self.certification.write({"validity_months": 60, "grace_days": 1})
        row = self._create_certificate(-300, -20)
        self.assertEqual(row._renewal_terms(), (12, 30))
        start, end = row._next_validity()
        self.assertEqual(start, row.valid_to + timedelta(days=1))
        self.assertEqual(end, fields.Date.add(start, years=1, days=-1))
        power = self._create_certificate(-300, -20, skill_id=self.power.id)
        self.assertEqual(power._renewal_terms(), (60, 1))

    def test_a_candidate_s_last_exam_grants_though_he_issues_nothing_himself(self):
        """The enrolment is the ground: whoever passes is granted, at whosever keyboard."""
        _session, enrolment = self._running()
        enrolment.part_ids.write({"result": "passed"})
        rows = self.env["hr.employee.skill"].with_user(self.user).sudo()
        with self.assertRaises(AccessError):
            rows.create(self._values(0, 10))
        certificate = enrolment._grant()
        self.assertTrue(certificate.sudo().number)

    def test_twice_the_rows_cost_the_same_queries(self):
        rows = self.env["hr.employee.skill"]
        for number in range(8):
            person = self._create_employee(f"Pupil {number}")
            rows += self._create_certificate(-300, 20, employee_id=person.id)
        self._enrol(rows.employee_id)

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.with_user(self.hr).web_search_read(
                [("id", "in", some.ids)],
                {"employee_id": {"fields": {"display_name": {}}}, "next_step": {}, "certificate_window": {}},
                order="certificate_window, valid_to",
            )
            return self.cr.sql_log_count - before

        queries(rows[:1])
        self.assertEqual(queries(rows[:4]), queries(rows))
