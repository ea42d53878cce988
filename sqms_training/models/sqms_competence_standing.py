from odoo import fields, models
from odoo.tools import SQL

from ..lib.competence import SOON_DAYS


class SqmsCompetenceStanding(models.Model):
    """Each requirement of each person as a line of a list: what is asked, what is there, what is missing.

    1. Nothing is stored: the lines are today's, or those of the day in the context key `as_of`.
    2. Everybody has the lines of the people whom he may see, by any path: the list is made for the reader.
    """

    _name = "sqms.competence.standing"
    _description = "Requirement of a Person"
    _auto = False
    _rec_name = "skill_id"
    _order = "employee_id, skill_type_id, skill_id"

    employee_id = fields.Many2one("hr.employee", readonly=True)
    public_employee_id = fields.Many2one("hr.employee.public", "Colleague", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    job_id = fields.Many2one("hr.job", "Job Position", readonly=True)
    skill_type_id = fields.Many2one("hr.skill.type", "Kind", readonly=True)
    skill_id = fields.Many2one("hr.skill", "Requirement", readonly=True)
    needed_level_id = fields.Many2one("hr.skill.level", "Required Level", readonly=True)
    held_level_id = fields.Many2one("hr.skill.level", "Level Held", readonly=True)
    needed_progress = fields.Integer("Required (%)", readonly=True, aggregator=None)
    held_progress = fields.Integer("Held (%)", readonly=True, aggregator=None)
    gap = fields.Integer(readonly=True, aggregator="avg", help="Points of progress that are missing, of 100.")
    standing = fields.Selection(
        [
            ("missing", "Missing"),
            ("revoked", "Revoked"),
            ("expired", "Expired"),
            ("upcoming", "Not yet valid"),
            ("lower", "Level too low"),
            ("expiring", "Expires soon"),
            ("valid", "In force"),
        ],
        readonly=True,
        help=f"Expires soon: within {SOON_DAYS} days.",
    )
    is_met = fields.Boolean("Met", readonly=True)
    valid_to = fields.Date("Until", readonly=True)

    @property
    def _table_query(self):
        competence = self.env["sqms.competence"]
        people = self.env["hr.employee"].sudo()._search(competence._people_domain())
        # No window: conditions on the person and the skill go down into the statement.
        return SQL(
            """SELECT standing.employee_id::bigint * 1000000 + standing.skill_id AS id,
                      standing.employee_id AS public_employee_id,
                      standing.*,
                      GREATEST(0, standing.needed_progress - standing.held_progress) AS gap,
                      standing.standing IN ('valid', 'expiring') AS is_met
                 FROM (%s) AS standing""",
            competence._standings_sql(people),
        )
