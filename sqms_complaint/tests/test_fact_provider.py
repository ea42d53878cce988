from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_satisfaction import SatisfactionCase


@tagged("post_install", "-at_install")
class TestComplaintFacts(SatisfactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.handler, cls.mate = cls.env["hr.employee"].create(
            [
                {"name": "Handler", "user_id": cls.agent.id, "company_id": cls.company.id},
                {"name": "Mate", "user_id": cls.agent_own.id, "company_id": cls.company.id},
            ]
        )
        cls.today = cls.company._sqms_today()

    def _facts(self, employees):
        start = self.today - timedelta(days=30)
        found = self.env["sqms.fact.provider"].sudo()._sqms_employee_facts(employees, start, self.today)
        return {id_: {fact["code"]: fact for fact in own} for id_, own in found.items()}

    def _figures(self, employee):
        return {code: (fact["value"], fact["n"]) for code, fact in self._facts(employee)[employee.id].items()}

    def test_handled_about_upheld(self):
        closed = self._closed(3)
        self._closed(1, user_id=self.agent_own.id)
        about = self._create_complaints(2, complaint_person_ids=[(6, 0, self.handler.ids)], user_id=self.agent_all.id)
        self._end(about[0], complaint_decision="partly")
        self._merged(closed[0], complaint_person_ids=[(6, 0, self.handler.ids)], user_id=self.agent_all.id)
        self._create_ticket()
        figures = self._figures(self.handler)
        self.assertEqual(figures["complaints_handled"], (3, 3))
        self.assertEqual(figures["complaints_about"], (2, 2))
        self.assertEqual(figures["complaints_upheld"], (1, 1))
        # That there was none is worth saying of complaints about somebody.
        self.assertEqual(self._figures(self.mate)["complaints_about"], (0, 0))
        model, domain = self._facts(self.handler)[self.handler.id]["complaints_about"]["source"]
        self.assertEqual(self.env[model].search(domain), about)

    def test_decided_on_time_of_those_that_were_due(self):
        complaints = self._create_complaints(4)
        self.env.flush_all()
        for complaint, on_time, late in zip(complaints, (1, 1, 0, 0), (0, 0, 1, 0), strict=True):
            self.cr.execute(
                "UPDATE helpdesk_ticket SET complaint_decision_due_at = %s, complaint_decision_on_time = %s,"
                " complaint_decision_late = %s WHERE id = %s",
                [fields.Datetime.now(), bool(on_time), bool(late), complaint.id],
            )
        self.env.invalidate_all()
        value, n = self._figures(self.handler)["complaints_on_time"]
        self.assertEqual((round(value, 1), n), (66.7, 3))

    def test_satisfaction_is_the_mean_of_the_answers(self):
        self._closed(3)
        self._ask_all()
        answers = self.answers.sudo().search([("user_id", "=", self.agent.id)], order="id DESC", limit=3)
        self.assertEqual(len(answers), 3)
        self.env.flush_all()
        for answer, mark in zip(answers, (5, 3, None), strict=True):
            self.cr.execute(
                "UPDATE sqms_satisfaction_answer SET csat = %s, answered_at = %s, state = 'answered' WHERE id = %s",
                [mark, fields.Datetime.now(), answer.id],
            )
        self.env.invalidate_all()
        self.assertEqual(self._figures(self.handler)["satisfaction"], (4, 2))
        self.assertNotIn("satisfaction", self._figures(self.mate))

    def test_same_queries_for_twice_as_many(self):
        people = self.env["hr.employee"].create(
            [
                {"name": f"Fact {n}", "company_id": self.company.id,
                 "user_id": self._create_user(f"fact_{n}", "base.group_user").id}
                for n in range(6)
            ]
        )  # fmt: skip
        self._create_complaints(3, user_id=people[0].user_id.id, complaint_person_ids=[(6, 0, people[1:].ids)])
        counts = []
        for some in (people[:2], people[:2], people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._facts(some)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)
