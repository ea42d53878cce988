from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from ..lib.training_plan import best_course, due_day
from .sqms_training_plan import LIVE

BY_GAP = ("gap", "expiry")


class SqmsTrainingPlanGenerate(models.Model):
    """Lines from gaps: what jobs require and people cannot do today, or will not hold until the plan ends.

    1. One line for each person and skill. A second run adds none; what was dropped stays dropped.
    2. What another living plan already trains somebody for is not planned twice.
    3. A line whose gap has closed meanwhile is met, and open again when the gap is back. Lines by hand are left alone.
    4. The course is the cheapest that grants the level; where none does, the line says so by having none.
    5. However many people, the same number of questions to the database.
    """

    _inherit = "sqms.training.plan"

    def action_generate(self):
        """Fill these plans from the gaps as they are today."""
        self.check_access("write")
        counts = self._generate()
        return self._tell(
            self.env._("Lines added: %(added)s. Met meanwhile: %(met)s. Planned elsewhere: %(elsewhere)s.", **counts)
            if counts["added"] or counts["met"] or counts["elsewhere"]
            else self.env._("Nothing is missing that is not planned already.")
        )

    def action_refresh(self):
        """Mark what has been met meanwhile, without planning anything new."""
        self.check_access("write")
        if not self._is_planner():
            raise AccessError(self.env._("HR and training officers bring a plan up to date."))
        met = self._refresh()
        return self._tell(self.env._("Met meanwhile: %s.", met))

    def _tell(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message, "next": {"type": "ir.actions.act_window_close"}},
        }

    def _generate(self):
        """:return: `{"added", "met", "elsewhere"}`: how many lines"""
        counts = dict.fromkeys(("added", "met", "elsewhere"), 0)
        if not self:
            return counts
        closed = self.filtered(lambda plan: plan.state != "draft")
        if closed:
            raise UserError(
                self.env._(
                    "%(plan)s is “%(state)s”: lines are added to a draft. Revise it first.",
                    plan=closed[0].display_name,
                    state=closed[0]._workflow_state_label(),
                )
            )
        # Two people who press the button at once: the second sees what the first has added.
        self._workflow_lock_rows()
        self.invalidate_recordset(["line_ids"])
        for plan in self:
            gaps = plan._gaps_now()
            counts["met"] += plan._close_met(gaps)
            added, elsewhere = plan._add_gaps(gaps)
            counts["added"] += added
            counts["elsewhere"] += elsewhere
        return counts

    def _refresh(self):
        """Lines whose gap has closed are met; what the plan says stays.

        :return: how many
        """
        living = self.filtered(lambda plan: plan.state in ("draft", "approved"))
        return sum(plan._close_met(plan._gaps_now()) for plan in living)

    # -- the gaps ----------------------------------------------------------------

    def _people(self):
        """Whom the plan is about, as a query."""
        self.ensure_one()
        plan = self.sudo()
        domain = Domain("company_id", "=", plan.company_id.id) & Domain("active", "=", True)
        if plan.kind == "individual":
            domain &= Domain("id", "=", plan.employee_id.id)
        elif plan.department_id:
            domain &= Domain("department_id", "child_of", plan.department_id.id)
        return self.env["hr.employee"].sudo()._search(domain)

    def _gaps_now(self):
        """`{(employee id, skill id): gap}`: what is missing today, and what will have ended when the plan ends."""
        self.ensure_one()
        today = self.company_id._sqms_today()
        competence, people = self.env["sqms.competence"].sudo(), self._people()
        gaps = {
            (row["employee_id"], row["skill_id"]): {**row, "source": "gap"}
            for row in competence._gaps(people, self.company_id, today)
        }
        if self.date_to > today:
            for row in competence._gaps(people, self.company_id, self.date_to):
                # What a job will ask for on that day and nobody holds today is a gap of its own.
                source = "expiry" if row["state"] == "expired" else "gap"
                gaps.setdefault((row["employee_id"], row["skill_id"]), {**row, "source": source})
        return gaps

    def _close_met(self, gaps):
        """Lines that were planned for a gap that is no more."""
        lines = self.sudo().line_ids.filtered(
            lambda line: (
                line.source in BY_GAP
                and line.state in ("open", "scheduled", "failed")
                and (line.employee_id.id, line.skill_id.id) not in gaps
            )
        )
        again = self.sudo().line_ids.filtered(
            lambda line: line.met_on and (line.employee_id.id, line.skill_id.id) in gaps
        )
        with workflow_fields(self.sudo(), "line_ids"):
            if lines:
                lines.write({"met_on": self.company_id._sqms_today()})
            if again:
                again.write({"met_on": False})
        return len(lines)

    def _add_gaps(self, gaps):
        """:return: (how many lines were added, how many stand in another plan)"""
        own = {(line.employee_id.id, line.skill_id.id): line for line in self.sudo().line_ids}
        elsewhere = self._planned_elsewhere()
        new = {key: gap for key, gap in gaps.items() if key not in own and key not in elsewhere}
        choose = self._course_chooser({skill for _employee, skill in gaps})
        today = self.company_id._sqms_today()
        values = [
            {
                "plan_id": self.id,
                "employee_id": employee,
                "skill_id": skill,
                "needed_level_id": gap["needed_level_id"],
                "held_level_id": gap["held_level_id"],
                "job_id": gap["job_id"],
                "source": gap["source"],
                "course_id": choose(skill, gap["needed_progress"]),
                "due_on": due_day(gap["is_certification"], gap["valid_to"], today, self.date_to),
            }
            for (employee, skill), gap in new.items()
        ]
        with workflow_fields(self.sudo(), "line_ids"):
            self.env["sqms.training.plan.line"].sudo().create(values)
            self._raise_levels({key: line for key, line in own.items() if key in gaps}, gaps, choose)
        if new:
            # Whoever fills a plan has written in it, though the lines were made with all rights.
            self.sudo(False)._note_contributor()
        return len(new), len(gaps.keys() & elsewhere - own.keys())

    def _raise_levels(self, own, gaps, choose):
        """A job that asks for more than when the line was made: the line asks for it, too."""
        for key, line in own.items():
            gap = gaps[key]
            if line.source not in BY_GAP or line.state != "open" or line.needed_level_id.id == gap["needed_level_id"]:
                continue
            granted = line.course_id.skill_level_id.level_progress if line.course_id else 0
            line.write(
                {
                    "needed_level_id": gap["needed_level_id"],
                    "held_level_id": gap["held_level_id"],
                    **(
                        {"course_id": choose(line.skill_id.id, gap["needed_progress"])}
                        if granted < gap["needed_progress"]
                        else {}
                    ),
                }
            )

    def _planned_elsewhere(self):
        """(employee id, skill id) of what other living plans of the company train for."""
        rows = (
            self.env["sqms.training.plan.line"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("plan_id", "!=", self.id),
                    ("plan_id.state", "in", LIVE),
                    ("state", "in", ("open", "scheduled", "training", "failed")),
                    ("skill_id", "!=", False),
                ],
                ["employee_id", "skill_id"],
            )
        )
        return {(employee.id, skill.id) for employee, skill in rows}

    # -- which course ------------------------------------------------------------

    def _course_chooser(self, skill_ids):
        """A function (skill id, progress needed) -> id of the course of this company that closes the gap, or False."""
        courses = (
            self.env["sqms.training.course"]
            .sudo()
            .search_fetch(
                [("company_id", "=", self.company_id.id), ("skill_id", "in", list(skill_ids))],
                ["skill_id", "skill_level_id", "cost"],
            )
        )
        starts = dict(
            self.env["sqms.training.session"].sudo()._read_group(
                [
                    ("course_id", "in", courses.ids),
                    ("state", "in", ("planned", "open")),
                    ("date_start", ">=", fields.Datetime.now()),
                ],
                ["course_id"],
                ["date_start:min"],
            )
        )  # fmt: skip
        offers = {}
        for course in courses:
            start = starts.get(course)
            offers.setdefault(course.skill_id.id, []).append(
                (course.id, course.skill_level_id.level_progress, course.cost, start and start.date())
            )
        return lambda skill, needed: best_course(offers.get(skill, []), needed) or False

    # -- every day ---------------------------------------------------------------

    def _cron_refresh(self):
        """Certificates that came by another way close the lines that were planned for them."""
        plans = self.search([("state", "=", "approved")])
        self.env["ir.cron"]._commit_progress(remaining=len(plans))
        for plan in plans:
            plan._refresh()
            if not self.env["ir.cron"]._commit_progress(1):
                return
