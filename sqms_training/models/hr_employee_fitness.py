from odoo import fields, models
from odoo.tools import format_date

from ..lib.competence import FULFILLED
from .sqms_appraisal import FITS
from .sqms_appraisal_hands import HR_GROUPS
from .sqms_fact_provider_presence import ATTENDANCE

CERTIFIER = "sqms_base.group_sqms_certifier"
PRESENCE_DAYS = 90


class HrEmployeeFitness(models.Model):
    """Whether somebody is fit for his post today, one line for each thing that tells of it.

    1. HR and the manager see it; of clearances no more than yes or no and until when, of appraisals the result.
    2. Everything is read with all rights, once for all employees, and given out as words and figures.
    """

    _inherit = "hr.employee"

    fitness_rows = fields.Json(
        "Fitness for the Post", compute="_compute_fitness_rows", groups="hr.group_hr_user",
        export_string_translation=False,
    )  # fmt: skip

    def _compute_fitness_rows(self):
        rows = self._fitness()
        for employee in self:
            employee.fitness_rows = rows.get(employee._origin.id, [])

    def _fitness_seen(self):
        """Those of the employees whose fitness the user may see: never his own."""
        user = self.env.user
        others = self.sudo().filtered(lambda employee: employee.user_id != user)
        if user.has_groups(HR_GROUPS) and not user.has_group(CERTIFIER):
            return others.filtered(lambda employee: employee.company_id in user.company_ids)
        return others.filtered(lambda employee: user and employee.parent_id.user_id == user)

    def _fitness(self):
        """`{employee id: [{key, label, text, tone}]}` of those whose fitness the user may see."""
        people = self._origin._fitness_seen()
        if not people:
            return {}
        found = {id_: [] for id_ in people.ids}
        for part in (
            people._fitness_requirements,
            people._fitness_certificates,
            people._fitness_clearance,
            people._fitness_appraisal,
            people._fitness_training,
            people._fitness_presence,
        ):
            for id_, row in part().items():
                found[id_].append(row)
        return found

    def _fitness_row(self, key, label, text, tone="success"):
        return {"key": key, "label": label, "text": text, "tone": tone}

    def _fitness_requirements(self):
        needed, met = {}, {}
        for row in self.env["sqms.competence"]._standings(self):
            id_ = row["employee_id"]
            needed[id_] = needed.get(id_, 0) + 1
            met[id_] = met.get(id_, 0) + (row["standing"] in FULFILLED)
        label = self.env._("Requirements of the job")
        return {
            id_: self._fitness_row(
                "requirements",
                label,
                self.env._("%(met)s of %(all)s met", met=met[id_], all=count),
                "success" if met[id_] == count else "danger",
            )
            for id_, count in needed.items()
        }

    def _fitness_certificates(self):
        counts = {id_: {} for id_ in self.ids}
        certificates = self.env["hr.employee.skill"].sudo()
        for employee, state, count in certificates._read_group(
            [("employee_id", "in", self.ids), ("is_certification", "=", True), ("is_covered", "=", False)],
            ["employee_id", "certificate_state"],
            ["__count"],
        ):
            counts[employee.id][state] = count
        label = self.env._("Certificates")
        rows = {}
        for id_, states in counts.items():
            over = states.get("expired", 0) + states.get("revoked", 0)
            words = [
                self.env._("%s in force", states.get("valid", 0) + states.get("expiring", 0)),
                *([self.env._("%s end soon", states["expiring"])] if states.get("expiring") else []),
                *([self.env._("%s ended", over)] if over else []),
            ]
            if states:
                tone = "danger" if over else "warning" if states.get("expiring") else "success"
                rows[id_] = self._fitness_row("certificates", label, ", ".join(words), tone)
        return rows

    def _fitness_clearance(self):
        """Yes or no and until when: neither verdict nor reason."""
        label = self.env._("Clearance")
        rows = {}
        for id_, (status, until) in self._clearance_of().items():
            if status == "not_cleared":
                rows[id_] = self._fitness_row("clearance", label, self.env._("no"), "danger")
            else:
                text = self.env._("yes, until %s", format_date(self.env, until)) if until else self.env._("yes")
                rows[id_] = self._fitness_row("clearance", label, text)
        return rows

    def _fitness_appraisal(self):
        label = self.env._("Last appraisal")
        words = dict(self.env["sqms.appraisal"]._fields["fit"]._description_selection(self.env))
        tones = dict(zip([key for key, _word in FITS], ("success", "warning", "danger"), strict=True))
        rows = {}
        for appraisal in (
            self.env["sqms.appraisal"]
            .sudo()
            .search([("employee_id", "in", self.ids), ("state", "=", "confirmed")], order="date_to, confirmed_at, id")
        ):
            text = self.env._(
                "%(day)s: %(fit)s", day=format_date(self.env, appraisal.date_to), fit=words[appraisal.fit]
            )
            rows[appraisal.employee_id.id] = self._fitness_row("appraisal", label, text, tones[appraisal.fit])
        return rows

    def _fitness_training(self):
        label = self.env._("Training")
        return {
            employee.id: self._fitness_row("training", label, self.env._("%s courses under way", count), "info")
            for employee, count in self.env["sqms.training.enrolment"]
            .sudo()
            ._read_group(
                [("employee_id", "in", self.ids), ("state", "in", ("enrolled", "running"))],
                ["employee_id"],
                ["__count"],
            )
        }

    def _fitness_presence(self):
        if ATTENDANCE not in self.env:
            return {}
        today = fields.Date.context_today(self)
        facts = {id_: [] for id_ in self.ids}
        self.env["sqms.fact.provider"]._sqms_add_presence(
            facts, self, fields.Date.add(today, days=-PRESENCE_DAYS), fields.Date.add(today, days=-1)
        )
        label = self.env._("Attendance of the last %s days", PRESENCE_DAYS)
        rows = {}
        for id_, own in facts.items():
            by_code = {fact["code"]: fact for fact in own}
            if "hours_worked" in by_code:
                absent = by_code.get("days_absent")
                text = self.env._("%.0f %% of the hours", by_code["hours_worked"]["value"])
                if absent:
                    text = self.env._("%(hours)s, absent on %(days).0f %% of the days",
                                      hours=text, days=absent["value"])  # fmt: skip
                rows[id_] = self._fitness_row("presence", label, text, "warning" if absent else "success")
        return rows
