from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..lib.competence import FULFILLED, gap


class SqmsCompetenceCell(models.AbstractModel):
    """What stands behind a cell of the matrix, and what can be done about it."""

    _inherit = "sqms.competence"

    @api.readonly
    @api.model
    def get_cell(self, employee_id, skill_id, on=None):
        self._check_ids([employee_id, skill_id])
        filters = self._matrix_filters({"on": on})
        competence = self.with_context(as_of=filters["on"])
        person = self._matrix_employees(Domain("id", "=", employee_id))
        if not person:
            raise AccessError(self.env._("You see your own row, and those of the people whom you lead."))
        query = SQL(
            "SELECT standing.*, %s AS booked FROM (%s) AS standing WHERE skill_id = %s",
            competence._booked_sql(),
            competence._standings_sql(person),
            skill_id,
        )
        rows = self.env.execute_query_dict(query)
        return competence._prepare_cell(person, rows[0]) if rows else False

    def _prepare_cell(self, person, row):
        skill = self.env["hr.skill"].sudo().browse(row["skill_id"])
        levels = self.env["hr.skill.level"].sudo().browse
        # As the person who asks: numbers are for HR and for the holder.
        certificate = self.env["hr.employee.skill"].browse(row["certificate_id"] or ())
        missing = row["standing"] not in FULFILLED
        return {
            "person": person.name,
            "skill": skill.name,
            "type": skill.skill_type_id.name,
            "standing": row["standing"],
            "booked": row["booked"],
            "needed": self._level_words(levels(row["needed_level_id"])),
            "held": self._level_words(levels(row["held_level_id"])) if row["held_level_id"] else False,
            "gap": gap(row["needed_progress"], row["held_progress"]),
            "valid_from": row["valid_from"] and format_date(self.env, row["valid_from"]),
            "valid_to": row["valid_to"] and format_date(self.env, row["valid_to"]),
            "number": row["is_certification"] and certificate.own_number or False,
            "certificate_id": row["is_certification"] and certificate.own_number and certificate.id,
            "can_renew": self._can_renew(certificate, row),
            "can_plan": self._can_plan() and not row["booked"] and (missing or row["standing"] == "expiring"),
            "eligible": self._eligible_for(skill, missing),
        }

    def _level_words(self, level):
        if len(level.skill_type_id.skill_level_ids) > 1:
            return self.env._("%(level)s (%(progress)s %%)", level=level.name, progress=level.level_progress)
        return level.name or ""

    def _can_renew(self, certificate, row):
        """Renewed is what ends soon or has ended, once, by those who issue, and today only."""
        return bool(
            certificate
            and row["is_certification"]
            and row["standing"] in ("expiring", "expired")
            and self._can_plan()
            and not self.env.context.get("as_of")
            and not certificate.sudo().renewed_by_id
            and certificate.sudo().number
        )

    def _eligible_for(self, skill, missing):
        """The rules of eligibility that ask for the skill, by name."""
        requirement = self.env["sqms.eligibility.requirement"].sudo()
        if "skill_id" not in requirement._fields:
            return []
        found = requirement.search([("skill_id", "=", skill.id)]).rule_id
        found = found.filtered(lambda rule: not rule.company_id or rule.company_id in self.env.companies)
        return found.sorted("name").mapped("name")

    @api.model
    def renew(self, employee_id, skill_id):
        """The dialog of renewal for what stands in a cell."""
        cell = self.get_cell(employee_id, skill_id)
        return self.env["hr.employee.skill"].browse(cell["certificate_id"]).action_renew()

    @api.model
    def _words_of_standing(self, standing, row, day):
        """What a cell says, in words: for sheets and lists, where there is no sign."""
        valid_to = row["valid_to"]
        if standing == "valid":
            until = valid_to and self.env._("valid until %s", format_date(self.env, valid_to))
            return until or self.env._("valid")
        if standing == "expiring":
            return self.env._("expires in %s d", (valid_to - day).days)
        if standing == "expired":
            return self.env._("expired %s d ago", (day - valid_to).days)
        if standing == "upcoming":
            return self.env._("from %s on", format_date(self.env, row["valid_from"]))
        if standing == "lower":
            return self.env._("%(held)s of %(needed)s", held=row["held_progress"], needed=row["needed_progress"])
        return {"missing": self.env._("missing"), "revoked": self.env._("revoked")}[standing]
