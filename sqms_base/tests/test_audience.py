import random
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOON, DocumentCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestAudience(DocumentCase):
    """Target groups follow the people, and what is asked of the people follows the groups."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.env["hr.job"].create({"name": "Clerk", "company_id": cls.company.id})
        cls.tag = cls.env["hr.employee.category"].create({"name": "Cash"})
        cls.hr_employees = cls.env["hr.employee"].with_user(cls.hr)

    def _chosen(self, **choice):
        values = {name: [Command.set(records.ids)] for name, records in choice.items()}
        return self._create_document(audience="chosen", **values)

    def _in_force(self, **choice):
        return self._approve(self._create_draft(self._chosen(**choice)))

    def _states(self, version):
        self.env.invalidate_all()
        return {row.employee_id: row.state for row in version.sudo().acknowledgement_ids}

    # -- one group for each definition ------------------------------------------------

    def test_documents_share_groups(self):
        first, second = (
            self._chosen(department_ids=self.desk),
            self._chosen(department_ids=self.desk, job_ids=self.clerk),
        )
        shared = first.sudo().audience_ids
        self.assertEqual(len(shared), 1)
        self.assertIn(shared, second.sudo().audience_ids)
        self.assertEqual(shared.display_name, "Department: Desk")
        self.assertEqual(shared.member_ids.employee_id, self.employee)
        self.assertEqual((first.member_count, second.member_count), (1, 1))
        opened = second.action_open_members()
        found = self.env["sqms.audience.member"].with_user(self.officer).search(opened["domain"])
        self.assertEqual(found.employee_id, self.employee)
        first.with_user(self.officer).audience = "nobody"
        self.assertFalse(first.sudo().audience_ids)
        self.assertEqual(second.copy().sudo().audience_ids, second.sudo().audience_ids)

    def test_nobody_writes_groups_or_members(self):
        group = self._chosen(department_ids=self.desk).sudo().audience_ids
        for user in (self.plain, self.officer, self.manager, self.hr, self.top, self.certifier):
            for record in (group, group.member_ids):
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(record.with_user(user).has_access(operation), (user.login, record))
        for user in (self.plain, self.hr):
            with self.assertRaises(AccessError):
                self.env["sqms.audience.member"].with_user(user).search([])
        self.assertTrue(group.with_user(self.certifier).member_ids.employee_id)

    # -- people join, move and leave -----------------------------------------------------

    def test_newcomer_is_asked_with_his_own_date(self):
        version = self._in_force(department_ids=self.desk)
        with freeze_time(NOON + timedelta(days=3)):
            newcomer = self.hr_employees.create(
                {"name": "New", "company_id": self.company.id, "department_id": self.desk_north.id}
            )
            self.env.invalidate_all()
            reading = version.sudo().acknowledgement_ids.filtered(lambda row: row.employee_id.id == newcomer.id)
            self.assertEqual((reading.state, reading.date_due), ("open", date(2026, 12, 10)))

    def test_mover_leaves_and_comes_back(self):
        version = self._in_force(department_ids=self.desk)
        mover = self.employee.with_user(self.hr)
        mover.department_id = self.workshop
        self.assertEqual(self._states(version), {self.employee: "left"})
        self.assertEqual(version.with_user(self.officer).read_label, "0 of 0")
        self.assertFalse(version.with_user(self.officer).coverage_ids)
        with self.assertRaises(UserError), self.cr.savepoint():
            version.acknowledgement_ids.with_user(self.plain).action_transition("acknowledge")
        with freeze_time(NOON + timedelta(days=5)):
            mover.department_id = self.desk_north
            self.assertEqual(self._states(version), {self.employee: "open"})
            self.assertEqual(version.sudo().acknowledgement_ids.date_due, date(2026, 12, 12))
            self.assertEqual(version.with_user(self.officer).read_label, "0 of 1")
        steps = [entry.state for entry in version.sudo().acknowledgement_ids.sqms_history() if entry.sudo().state]
        self.assertEqual(steps, ["open", "left"])

    def test_who_has_read_stays_read(self):
        version = self._in_force(department_ids=self.desk)
        version.acknowledgement_ids.with_user(self.plain).action_transition("acknowledge")
        self.employee.with_user(self.hr).department_id = self.workshop
        self.employee.with_user(self.hr).department_id = self.desk
        self.assertEqual(self._states(version), {self.employee: "done"})

    def test_every_way_in_and_out(self):
        person = self.hr_employees.browse(self._create_employee("Person").id)
        sudo = self.employee.browse(person.id)
        by = {
            "department": self._in_force(department_ids=self.desk),
            "job": self._in_force(job_ids=self.clerk),
            "tag": self._in_force(category_ids=self.tag),
            "person": self._in_force(employee_ids=sudo),
        }

        def asked(name):
            return self._states(by[name]).get(sudo) == "open"

        self.assertEqual([asked(name) for name in by], [False, False, False, True])
        person.department_id = self.desk
        self.assertTrue(asked("department"))
        person.write({"job_id": self.clerk.id, "category_ids": [Command.link(self.tag.id)]})
        self.assertTrue(asked("job") and asked("tag"))
        self.tag.with_user(self.hr).employee_ids = [Command.clear()]
        self.assertFalse(asked("tag"))
        self.tag.with_user(self.hr).write({"employee_ids": [Command.link(person.id)]})
        self.assertTrue(asked("tag"))
        person.action_archive()
        self.assertEqual([asked(name) for name in by], [False] * 4)
        person.action_unarchive()
        self.assertEqual([asked(name) for name in by], [True] * 4)
        sudo.company_id = self.other_company
        self.assertEqual([asked(name) for name in by], [False] * 4)

    def test_department_tree_moves(self):
        version = self._in_force(department_ids=self.desk)
        self.workshop.with_user(self.hr).parent_id = self.desk
        self.assertEqual(self._states(version), {self.employee: "open", self.colleague: "open"})
        self.desk_north.with_user(self.hr).parent_id = False
        self.assertEqual(self._states(version), {self.employee: "left", self.colleague: "open"})

    def test_move_entered_ahead_counts_from_the_day_the_job_runs(self):
        version = self._in_force(department_ids=self.desk)
        with freeze_time(NOON + timedelta(days=1)):
            self.colleague.create_version({"date_version": date(2026, 11, 30), "department_id": self.desk.id})
            self.assertNotIn(self.colleague, self._states(version))
        with freeze_time(NOON + timedelta(days=8)):
            self.env["hr.employee"]._cron_update_current_version_id()
            self.assertEqual(self._states(version)[self.colleague], "open")

    def test_several_employees_of_one_person_each_count_in_their_company(self):
        self.plain.company_ids |= self.other_company
        abroad = self._create_employee("Plain abroad", company_id=self.other_company.id, user_id=self.plain.id)
        here = self._create_in_force()
        self.assertNotIn(abroad, self._states(here))
        document = self._create_document(author=self.env.user, company_id=self.other_company.id)
        there = self._create_draft(document, author=self.env.user).sudo()
        there._take_over(self.manager.id, NOON - timedelta(hours=2), NOON - timedelta(hours=1))
        self.assertEqual(self._states(there), {abroad: "open"})
        mine = self.env["sqms.acknowledgement"].with_user(self.plain)
        both = mine.with_context(allowed_company_ids=(self.company | self.other_company).ids)
        domain = [("version_id", "in", (here | there).ids)]
        self.assertEqual(both.search(domain).employee_id, self.employee | abroad)
        here_alone = mine.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(here_alone.search(domain).employee_id, self.employee)

    def test_narrower_audience_closes_what_is_open(self):
        version = self._create_in_force()
        version.document_id.with_user(self.officer).write(
            {"audience": "chosen", "department_ids": [Command.set(self.desk.ids)]}
        )
        self.assertEqual(self._states(version), {self.employee: "open", self.colleague: "left"})
        version.document_id.with_user(self.officer).audience = "nobody"
        self.assertEqual(set(self._states(version).values()), {"left"})

    def test_new_edition_closes_what_was_not_read(self):
        first = self._create_in_force()
        first.acknowledgement_ids.filtered(lambda row: row.employee_id == self.employee).with_user(
            self.plain
        ).action_transition("acknowledge")
        action = first.document_id.with_user(self.officer).action_new_edition()
        with freeze_time(NOON + timedelta(hours=1)):
            second = self._approve(self.env["sqms.document.version"].browse(action["res_id"]))
            self.assertEqual(self._states(first), {self.employee: "done", self.colleague: "lapsed"})
            self.assertEqual(self._states(second), {self.employee: "open", self.colleague: "open"})
            self.assertEqual(first.with_user(self.officer).read_label, "1 of 2")
            self.env["sqms.acknowledgement"]._ask(1000, first)
            self.assertEqual(len(self._states(first)), 2)

    def test_withdrawn_edition_is_closed_by_the_job(self):
        version = self._create_in_force()
        with freeze_time(NOON + timedelta(hours=1)):
            version.with_user(self.manager).withdrawal_reason = "Ended"
            version.with_user(self.manager).action_transition("withdraw")
            with self.enter_registry_test_mode():
                self.env.ref("sqms_base.ir_cron_acknowledgement").method_direct_trigger()
            self.assertEqual(set(self._states(version).values()), {"lapsed"})

    def test_coverage_counts_people_without_login(self):
        version = self._create_in_force()
        self.assertFalse(self.colleague.user_id)
        self.assertEqual(version.with_user(self.officer).read_label, "0 of 2")

    # -- what it costs --------------------------------------------------------------------

    def test_hr_edits_cost_the_same_with_twice_the_documents(self):
        people = [self._create_employee(f"P{n}", department_id=self.workshop.id) for n in range(4)]
        costs = []
        for person in people:
            self._in_force(department_ids=self.desk)
            if person != people[0]:
                self._in_force(department_ids=self.desk)
            self.env.flush_all()
            self.env.invalidate_all()
            person.department_id.name  # noqa: B018  what the edit itself would fetch
            before = self.cr.sql_log_count
            person.with_user(self.hr).department_id = self.desk
            self.env.flush_all()
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2], costs)
        self.assertEqual(costs[2], costs[3], costs)

    def test_edits_that_move_nobody_ask_nothing(self):
        self._in_force(department_ids=self.desk)
        person = self.employee.with_user(self.hr)
        with patch.object(self.registry["sqms.audience"], "_sync") as sync:
            person.write({"work_phone": "1", "job_title": "Clerk"})
            self.desk.with_user(self.hr).name = "Front desk"
        sync.assert_not_called()

    def test_many_people_at_once_go_on_in_the_background(self):
        version = self._in_force(department_ids=self.desk)
        crowd = self.env["hr.employee"].create([{"name": f"C{n}", "company_id": self.company.id} for n in range(6)])
        name = "odoo.addons.sqms_base.models.sqms_acknowledgement_asking.READERS_AT_ONCE"
        triggers = self.env["ir.cron.trigger"].search([])
        with patch(name, 4):
            crowd.department_id = self.desk
        self.assertEqual(len(self._states(version)), 1)
        cron = self.env.ref("sqms_base.ir_cron_acknowledgement")
        self.assertIn(cron, (self.env["ir.cron.trigger"].search([]) - triggers).cron_id)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(len(self._states(version)), 7)

    # -- a twin that counts by hand -----------------------------------------------------------

    def _twin(self, document):
        """Whom the document is for, found by going from person to person."""
        chosen = set()
        for person in self.env["hr.employee"].search([("company_id", "=", document.company_id.id)]):
            above, department = set(), person.current_version_id.department_id
            while department:
                above.add(department)
                department = department.parent_id
            if (
                document.audience == "all"
                or document.audience == "chosen"
                and (
                    above & set(document.department_ids)
                    or person.current_version_id.job_id in document.job_ids
                    or person.category_ids & document.category_ids
                    or person in document.employee_ids
                )
            ):
                chosen.add(person.id)
        return chosen

    def test_members_and_readings_match_a_twin_over_random_changes(self):
        dice = random.Random(20261123)
        company = {"company_id": self.company.id}
        departments = self.desk | self.desk_north | self.workshop
        departments |= departments.create([{"name": f"D{n}", **company} for n in range(3)])
        jobs = self.clerk | self.clerk.create({"name": "Cook", **company})
        tags = self.tag | self.tag.create({"name": "Gas"})
        people = self.env["hr.employee"].create([{"name": f"P{n}", **company} for n in range(12)])
        documents = self.env["sqms.document"]
        for _number in range(8):
            some = {
                "department_ids": [Command.set(dice.sample(departments.ids, dice.choice((0, 1, 2))))],
                "job_ids": [Command.set(dice.sample(jobs.ids, dice.choice((0, 0, 1))))],
                "category_ids": [Command.set(dice.sample(tags.ids, dice.choice((0, 0, 1))))],
                "employee_ids": [Command.set(dice.sample(people.ids, dice.choice((0, 1, 2))))],
            }
            document = self._create_document(audience=dice.choice(("chosen", "chosen", "all")), **some)
            documents |= document
            version = self._create_draft(document).sudo()
            version._take_over(self.manager.id, NOON - timedelta(hours=2), NOON - timedelta(hours=1))
        versions = {document: document.sudo().current_version_id for document in documents}
        moves = (
            lambda: dice.choice(people).write({"department_id": dice.choice([False, *departments.ids])}),
            lambda: dice.choice(people).write({"job_id": dice.choice([False, *jobs.ids])}),
            lambda: dice.choice(people).write(
                {"category_ids": [Command.set(dice.sample(tags.ids, dice.choice((0, 1))))]}
            ),
            lambda: dice.choice(tags).write({"employee_ids": [Command.set(dice.sample(people.ids, 3))]}),
            lambda: dice.choice(people).write({"active": dice.choice((True, False))}),
            lambda: self._move_department(dice, departments),
            lambda: dice.choice(documents).write({"department_ids": [Command.set(dice.sample(departments.ids, 1))]}),
            lambda: self.env["hr.employee"].create(
                {"name": "N", **company, "department_id": dice.choice(departments).id}
            ),
        )
        for _step in range(60):
            dice.choice(moves)()
            self.env.invalidate_all()
            for document in documents:
                expected = self._twin(document)
                self.assertEqual(set(document.sudo().audience_ids.member_ids.employee_id.ids), expected)
                asked = versions[document].sudo().acknowledgement_ids
                self.assertEqual(set(asked.filtered(lambda row: row.state == "open").employee_id.ids), expected)
                self.assertLessEqual(set(asked.mapped("state")), {"open", "left"})

    def _move_department(self, dice, departments):
        moved, parent = dice.choice(departments), dice.choice([departments.browse(), *departments])
        if f"/{moved.id}/" not in f"/{parent.parent_path or ''}":
            moved.parent_id = parent
