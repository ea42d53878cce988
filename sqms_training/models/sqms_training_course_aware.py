from odoo import models


class SqmsTrainingCourseAware(models.Model):
    """Who knows what a course is about: who has passed it, exam included."""

    _inherit = "sqms.training.course"

    def _aware(self, employees):
        """Those of the employees who have passed this course; whoever failed its exam is not among them.

        A pass counts until the same person fails the course later: then he has shown that he no longer knows.

        :return: `hr.employee`; one query for all
        """
        self.ensure_one()
        groups = (
            self.env["sqms.training.enrolment"]
            .sudo()
            ._read_group(
                [
                    ("course_id", "=", self.id),
                    ("employee_id", "in", employees.ids),
                    ("state", "in", ("passed", "failed")),
                ],
                ["employee_id", "state"],
                ["id:max"],
            )
        )
        last = {}
        for employee, state, row in groups:
            last[employee.id] = max(last.get(employee.id, (0, "")), (row, state))
        return employees.filtered(lambda employee: last.get(employee.id, (0, ""))[1] == "passed")
