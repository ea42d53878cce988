from odoo import models
from odoo.fields import Domain


class SqmsEligibilityRequirementCompetence(models.Model):
    """Can what is asked for: one skill, or all that the person's job requires."""

    _inherit = "sqms.eligibility.requirement"

    def _describe_competence(self):
        if not self.skill_id:
            return self.env._("meets all that the job requires")
        words = {"skill": self.skill_id.name, "level": self.skill_level_id.name or ""}
        if self.skill_level_id:
            return self.env._("has “%(skill)s” at “%(level)s” or higher", **words)
        return self.env._("has “%(skill)s”", **words)

    def _provider_competence(self, records, employees, instant):
        single = self.filtered("skill_id")
        of_skill = single._provider_skill(employees, instant) if single else None
        lacking = self._lacking(employees, instant) if self - single else {}

        def answer(requirement, record, employee):
            if requirement.skill_id:
                return of_skill(requirement, record, employee)
            return lacking.get(employee.id)

        return answer

    def _lacking(self, employees, instant):
        """`{employee id: what the job requires and the person lacks}`; without a job nobody knows what it requires."""
        gaps = {}
        for day, companies in self._local_days(employees.sudo().company_id, instant).items():
            own = employees.sudo().filtered(lambda employee, companies=companies: employee.company_id in companies)
            for row in self.env["sqms.competence"].sudo()._gaps(employees=own, on=day):
                gaps.setdefault(row["employee_id"], set()).add(row["skill_id"])
        skills = self.env["hr.skill"].sudo().browse({skill for own in gaps.values() for skill in own})
        names = dict(zip(skills.ids, skills.mapped("name"), strict=True))
        words = {
            employee.id: self.env._("has no job position, so nothing says what is required")
            for employee in employees.sudo()
            if not employee.job_id
        }
        for employee_id, lacks in gaps.items():
            words[employee_id] = self.env._(
                "lacks what the job requires: %(skills)s", skills=", ".join(sorted(names[skill] for skill in lacks))
            )
        return words

    def _domain_competence(self, record, instant):
        if self.skill_id:
            return self._domain_skill(instant)
        people = self.env["hr.employee"].sudo()
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        domains = []
        for day, own in self._local_days(companies, instant).items():
            lacking = {
                row["employee_id"]
                for company in own
                for row in self.env["sqms.competence"].sudo()._gaps(company=company, on=day)
            }
            domains.append(Domain("company_id", "in", own.ids) & Domain("id", "not in", list(lacking)))
        return Domain("job_id", "!=", False) & Domain.OR(domains) if domains else Domain("id", "in", people.ids)
