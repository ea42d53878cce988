from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.validity import last_day, next_validity
from .hr_employee_skill import READER_GROUPS


class HrEmployeeSkillRenewal(models.Model):
    """The chain of a certificate: what it replaced, what replaced it, and how long the next one lasts."""

    _inherit = "hr.employee.skill"

    chain_ids = fields.Many2many(
        "hr.employee.skill",
        string="Renewals",
        compute="_compute_chain_ids",
        compute_sudo=True,
        groups=READER_GROUPS,
        help="All certificates of this chain of renewals and corrections, in the order of their validity.",
    )

    @api.depends("renewed_by_id", "renewal_of_ids")
    def _compute_chain_ids(self):
        chains = self._chains()
        for row in self:
            # A chain of one is no chain.
            row.chain_ids = chains[row.id] if len(chains.get(row.id, ())) > 1 else self.browse()

    def _chains(self):
        """{id: certificates of its chain, the first one first}; one statement for all."""
        self.flush_model(["renewed_by_id", "valid_from"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE chain (start, id) AS (
                    SELECT id, id FROM hr_employee_skill WHERE id = ANY(%(ids)s)
                     UNION
                    SELECT chain.start, link.id
                      FROM chain
                      JOIN hr_employee_skill AS row ON row.id = chain.id
                      JOIN hr_employee_skill AS link ON link.id = row.renewed_by_id OR link.renewed_by_id = row.id
                )
                SELECT chain.start, array_agg(member.id ORDER BY member.valid_from, member.id)
                  FROM chain
                  JOIN hr_employee_skill AS member ON member.id = chain.id
                 GROUP BY chain.start
                """,
                ids=self.ids,
            )
        )
        return {start: self.browse(ids) for start, ids in rows}

    def _renewal_terms(self):
        """(months of validity or 0, days of grace) for the next certificate; an addon may know better."""
        self.ensure_one()
        skill_type = self.skill_type_id
        return skill_type.validity_months, skill_type.grace_days

    def _next_validity(self):
        """Dates offered for the successor: a renewal goes on, a correction repeats."""
        self.ensure_one()
        if self.revoked_on:
            return self.valid_from, self.valid_to
        months, grace_days = self._renewal_terms()
        today = self.employee_id.sudo().company_id._certificate_today()
        return next_validity(self.valid_from, self.valid_to, today, grace_days, months, self._anchor_day())

    def _anchor_day(self):
        """The day of the month on which the unbroken chain began: a short month hides it, the longest shows it."""
        anchor = self.valid_from.day if self.valid_from else None
        current = self
        for earlier in reversed(self.sudo()._chains().get(self.id, self.browse())):
            if not (earlier.valid_to and current.valid_from and earlier.valid_from < current.valid_from):
                continue
            if earlier.valid_to + timedelta(days=1) != current.valid_from:
                break
            anchor, current = max(anchor, earlier.valid_from.day), earlier
        return anchor

    @api.onchange("skill_type_id", "valid_from")
    def _onchange_validity_months(self):
        """The last day is offered where the type says how long its certificates last."""
        months = self.skill_type_id.validity_months
        if self.is_certification and months and self.valid_from and not self.is_issued:
            self.valid_to = last_day(self.valid_from, months)
