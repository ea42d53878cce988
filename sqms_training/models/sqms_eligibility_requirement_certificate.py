from datetime import date

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from ..lib.holding import VALID, best_holding


class SqmsEligibilityRequirementCertificate(models.Model):
    """Has it, on that day: certificates and competences, asked of the whole set at once."""

    _inherit = "sqms.eligibility.requirement"

    # -- holds a certificate --------------------------------------------------------

    def _describe_certificate(self):
        words = {"skill": self.skill_id.name or "", "level": self.skill_level_id.name or ""}
        if self.skill_level_id:
            return self.env._("holds the certificate “%(skill)s” at “%(level)s” or higher", **words)
        return self.env._("holds the certificate “%(skill)s”", **words)

    def _provider_certificate(self, records, employees, instant):
        return self._provider_skill(employees, instant)

    def _provider_skill(self, employees, instant):
        """One query for all skills of all the people; the answer is picked from what they hold."""
        held = self._holdings(employees, instant)
        days = {
            company.id: day
            for day, companies in self._local_days(employees.sudo().company_id, instant).items()
            for company in companies
        }

        def answer(requirement, record, employee):
            day = days.get(employee.sudo().company_id.id)
            rows = held.get((employee.id, requirement.skill_id.id), ())
            state, row = best_holding(rows, requirement._needed_progress(), day)
            return None if state == VALID else requirement._words_missing(state, row)

        return answer

    def _needed_progress(self):
        return self.skill_level_id.level_progress if self.skill_level_id else 0

    def _holdings(self, employees, instant):
        """`{(employee id, skill id): [holding]}` of what the people hold of these skills, ended ones included."""
        rows = self.env["hr.employee.skill"].sudo().with_context(active_test=False)
        # What was registered after the instant is known all the same: its dates say since when it holds.
        found = rows.search_fetch(
            [("employee_id", "in", employees.ids), ("skill_id", "in", self.skill_id.ids)],
            ["employee_id", "skill_id", "skill_level_id", "skill_type_id", "valid_from", "valid_to", "revoked_at",
             "revoked_on", "number"],
            order="id",
        )  # fmt: skip
        held = {}
        for row in found:
            revoked = row.revoked_on if row.revoked_at and row.revoked_at <= instant else None
            held.setdefault((row.employee_id.id, row.skill_id.id), []).append(
                {
                    "progress": row.skill_level_id.level_progress,
                    "level": row.skill_level_id.name,
                    "valid_from": row.valid_from or date.min,
                    "valid_to": row.valid_to or date.max,
                    "revoked_on": revoked,
                    "is_issued": bool(row.number) or not row.skill_type_id.is_certification,
                }
            )
        return held

    def _words_missing(self, state, row):
        """What is missing, without its subject."""
        words = {"skill": self.skill_id.name, "level": self.skill_level_id.name or ""}
        if row:
            words |= {
                "held": row["level"],
                "first": format_date(self.env, row["valid_from"]) if row["valid_from"] != date.min else "",
                "last": format_date(self.env, row["valid_to"]) if row["valid_to"] != date.max else "",
                "revoked": format_date(self.env, row["revoked_on"]) if row["revoked_on"] else "",
            }
        if state == "expired":
            return self.env._("certificate “%(skill)s” expired on %(last)s", **words)
        if state == "upcoming":
            return self.env._("certificate “%(skill)s” is not valid before %(first)s", **words)
        if state == "revoked":
            return self.env._("certificate “%(skill)s” was revoked on %(revoked)s", **words)
        if state == "lower":
            return self.env._("holds “%(skill)s” at “%(held)s”, needed is “%(level)s”", **words)
        if state == "unissued":
            return self.env._("certificate “%(skill)s” has no number: HR has not issued it", **words)
        return self.env._("does not hold “%(skill)s”", **words)

    def _domain_certificate(self, record, instant):
        return self._domain_skill(instant)

    def _domain_skill(self, instant):
        if not self.skill_id:
            return Domain.FALSE
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        days = self._local_days(companies, instant)
        domains = []
        for day, own in days.items():
            holders = self.env["hr.employee.skill"].sudo()._search(self._held_domain(day, instant))
            holds = Domain("id", "in", holders.subselect("employee_id"))
            domains.append(holds & Domain("company_id", "in", own.ids) if len(days) > 1 else holds)
        return Domain.OR(domains)

    def _held_domain(self, day, instant):
        domain = (
            Domain("skill_id", "=", self.skill_id.id)
            & (Domain("valid_from", "=", False) | Domain("valid_from", "<=", day))
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day))
            & (Domain("revoked_at", "=", False) | Domain("revoked_at", ">", instant))
            & (Domain("number", "!=", False) | Domain("skill_type_id.is_certification", "=", False))
        )
        if self.skill_level_id:
            domain &= Domain("skill_level_id.level_progress", ">=", self._needed_progress())
        return domain
