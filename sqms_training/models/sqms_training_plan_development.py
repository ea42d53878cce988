from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields


class SqmsTrainingPlanDevelopment(models.Model):
    """The individual development plan, as an appraisal or another process asks for it.

    1. There is one plan in preparation for each person: what is asked for goes there. An approved one is left as it
       was approved, and what comes later makes the next.
    2. The same need is not written down twice.
    """

    _inherit = "sqms.training.plan"

    @api.model
    def _development_plan(self, employee, needs, reason):
        """Make or extend the individual plan of the employee that is being drafted.

        :param needs: dicts with one or more of `skill_id`, `needed_level_id`, `course_id`, `text`, and, where it comes
            from a record, `source` (of the lines), `source_model`, `source_id`; `due_on` if there is a date
        :param reason: why, in words; stands in the objective of the plan and in its chatter
        :return: the plan
        """
        employee = employee.sudo()
        employee.ensure_one()
        # Two appraisals at once: the second finds the plan of the first.
        self.env.cr.execute(SQL("SELECT id FROM hr_employee WHERE id = %s FOR NO KEY UPDATE", employee.id))
        plans = self.sudo()
        plan = plans.search(
            [("kind", "=", "individual"), ("employee_id", "=", employee.id), ("state", "=", "draft")], limit=1
        )
        if not plan:
            plan = plans.create(plans._development_values(employee, reason))
        elif reason:
            plan.message_post(body=reason)
        # Whoever asks for it has written in it, however the plan was made: another person approves it.
        plan.sudo(False)._note_writer(self.env.user)
        known = {line._need_key() for line in plan.line_ids}
        values = []
        for need in needs:
            line = plan._need_values(need)
            key = self.env["sqms.training.plan.line"]._key_of(
                employee.id, line.get("skill_id"), line.get("course_id"), line.get("name")
            )
            if key not in known:
                known.add(key)
                values.append(line)
        with workflow_fields(plan, "line_ids"):
            plan.line_ids.create(values)
        return plan.sudo(self.env.su)

    def _development_values(self, employee, reason):
        today = employee.company_id._sqms_today()
        return {
            "name": self.env._("Development plan of %s", employee.name),
            "kind": "individual",
            "employee_id": employee.id,
            "company_id": employee.company_id.id,
            "year": today.year,
            "date_from": today,
            "date_to": fields.Date.add(today, years=1, days=-1),
            "objective": reason,
            "responsible_id": employee.parent_id.user_id.id or self.env.uid,
            "author_id": self.env.uid,
        }

    def _note_writer(self, user):
        plan = self.sudo()
        if user not in plan._writers():
            with workflow_fields(plan, "contributor_ids"):
                plan.write({"contributor_ids": [(4, user.id)]})

    def _need_values(self, need):
        plan = self.sudo()
        skill = self.env["hr.skill"].sudo().browse(need.get("skill_id") or False)
        level = self.env["hr.skill.level"].sudo().browse(need.get("needed_level_id") or False)
        course = need.get("course_id")
        if skill and not course:
            course = plan._course_chooser({skill.id})(skill.id, level.level_progress if level else 0)
        return {
            "plan_id": plan.id,
            "employee_id": plan.employee_id.id,
            "skill_id": skill.id,
            "needed_level_id": level.id,
            "course_id": course or False,
            "name": need.get("text") or False,
            "source": need.get("source") or "appraisal",
            "source_model": need.get("source_model") or False,
            "source_id": need.get("source_id") or False,
            "due_on": need.get("due_on") or plan.date_to,
        }
