from odoo import models
from odoo.fields import Domain


class SqmsEligibilityRequirementClearance(models.Model):
    """Is cleared for a sensitive post, on that day: yes or no, never why not."""

    _inherit = "sqms.eligibility.requirement"

    def _describe_clearance(self):
        return self.env._("is cleared for “%(post)s”", post=self.position_rule_id.sudo().name or "")

    def _provider_clearance(self, records, employees, instant):
        cleared = set()
        for day, companies in self._local_days(employees.sudo().company_id, instant).items():
            own = employees.sudo().filtered(lambda employee, companies=companies: employee.company_id in companies)
            cleared |= self.env["sqms.clearance"].sudo()._cleared(own, self.sudo().position_rule_id, day)
        names = {requirement.id: requirement.sudo().position_rule_id.name for requirement in self}

        def answer(requirement, record, employee):
            if (employee.id, requirement.sudo().position_rule_id.id) in cleared:
                return None
            return self.env._("is not cleared for “%(post)s”", post=names[requirement.id])

        return answer

    def _domain_clearance(self, record, instant):
        if not self.sudo().position_rule_id:
            return Domain.FALSE
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        days = self._local_days(companies, instant)
        domains = []
        for day, own in days.items():
            cleared = self.env["sqms.clearance"].sudo()._cleared_domain(self.sudo().position_rule_id, day)
            domains.append(cleared & Domain("company_id", "in", own.ids) if len(days) > 1 else cleared)
        return Domain.OR(domains)
