from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..lib.competence import FULFILLED, SOON_DAYS, gap, gap_state

COLUMNS = {
    "hr.employee": ("active", "company_id", "current_version_id"),
    "hr.version": ("active", "date_version", "department_id", "employee_id", "job_id"),
    "hr.job.skill": ("job_id", "skill_id", "skill_level_id", "skill_type_id", "valid_from", "valid_to"),
    "hr.skill.level": ("level_progress",),
    "hr.skill.type": ("active", "is_certification"),
    "hr.employee.skill": ("employee_id", "revoked_on", "skill_id", "skill_level_id", "valid_from", "valid_to"),
}


class SqmsCompetence(models.AbstractModel):
    """What jobs require and what people can do, on a day: the one place where the two are laid side by side.

    1. A person must have what his job requires on that day; the job is the one of the version in force on that day.
    2. Rows of a requirement that ended or did not begin yet do not count; of several for one skill the highest does.
    3. A skill or certificate counts while it is in force: begun, not ended, not revoked. First and last day both count.
    4. Levels are compared by their progress, never by name. Expired counts as nothing held.
    5. Of several certificates for one skill the one counts that is in force, high enough, and ends last.
    """

    _name = "sqms.competence"
    _description = "Competence"

    # -- for the other parts of the suite -----------------------------------------

    @api.model
    def _gaps(self, employees=None, company=None, on=None):
        """Requirements that people do not meet, as plain rows, in one statement.

        `employees` is a recordset, a query or nothing (all active ones of the company, or of the companies at hand);
        `on` is a day, nothing is today. The caller has decided whom he may ask about: no record rule is applied here.
        Each row: employee_id, company_id, department_id, job_id, skill_type_id, skill_id, is_certification,
        needed_level_id, needed_progress, held_level_id, held_progress, gap, state (missing, expired, lower),
        standing (why it is missing), certificate_id (the nearest row, if any), valid_from, valid_to.
        """
        query = SQL(
            "SELECT * FROM (%s) AS standing WHERE standing.standing NOT IN %s",
            self._standings_sql(employees, company, on),
            FULFILLED,
        )
        rows = self.env.execute_query_dict(query)
        for row in rows:
            row["gap"] = gap(row["needed_progress"], row["held_progress"])
            row["state"] = gap_state(row["standing"])
        return rows

    @api.model
    def _standings(self, employees=None, company=None, on=None):
        """All requirements of the people, met or not, with what they hold; see `_gaps`."""
        return self.env.execute_query_dict(self._standings_sql(employees, company, on))

    # -- the statement ------------------------------------------------------------

    @api.model
    def _requirements_sql(self, employees=None, company=None, on=None):
        """Who must have what: employee_id, company_id, department_id, job_id, skill_type_id, skill_id,
        is_certification, needed_level_id, needed_progress; one row for each person and skill."""
        day, _named = self._competence_day(on)
        return SQL(
            """SELECT person.id AS employee_id,
                      person.company_id AS company_id,
                      version.department_id AS department_id,
                      need.*
                 FROM hr_employee AS person
                 JOIN %(version)s
                 JOIN (%(needs)s) AS need ON need.job_id = version.job_id
                WHERE %(who)s""",
            version=self._version_sql(on),
            needs=self._needs_sql(day),
            who=self._people_sql(employees, company),
            to_flush=self._competence_columns(),
        )

    @api.model
    def _needs_sql(self, day, jobs=None):
        """What jobs require on a day; of several rows for one skill the one with the highest level."""
        return SQL(
            """SELECT DISTINCT ON (job_skill.job_id, job_skill.skill_id)
                      job_skill.job_id AS job_id,
                      job_skill.skill_type_id AS skill_type_id,
                      job_skill.skill_id AS skill_id,
                      skill_type.is_certification IS TRUE AS is_certification,
                      job_skill.skill_level_id AS needed_level_id,
                      level.level_progress AS needed_progress
                 FROM hr_job_skill AS job_skill
                 JOIN hr_skill_type AS skill_type ON skill_type.id = job_skill.skill_type_id
                                                 AND skill_type.active IS TRUE
                 JOIN hr_skill_level AS level ON level.id = job_skill.skill_level_id
                WHERE (job_skill.valid_from IS NULL OR job_skill.valid_from <= %(day)s)
                  AND (job_skill.valid_to IS NULL OR job_skill.valid_to >= %(day)s)
                  AND %(jobs)s
             ORDER BY job_skill.job_id, job_skill.skill_id, level.level_progress DESC, job_skill.id""",
            day=day,
            jobs=SQL("job_skill.job_id IN %s", tuple(jobs.ids) or (0,)) if jobs is not None else SQL("TRUE"),
            to_flush=self._competence_columns(),
        )

    @api.model
    def _standings_sql(self, employees=None, company=None, on=None):
        """The requirements with what is held against each: see `_held_sql`."""
        return self._held_sql(self._requirements_sql(employees, company, on), on)

    @api.model
    def _held_sql(self, requirements, on=None):
        """What is held against each row of `requirements` (employee_id, skill_id, needed_progress and others).

        Added: certificate_id, held_level_id, held_progress, valid_from, valid_to, standing.
        """
        day, named = self._competence_day(on)
        revoked = SQL("held.revoked_on <= %s", day) if named else SQL("held.revoked_on IS NOT NULL")
        in_force = SQL(
            """(COALESCE(%s, FALSE) IS FALSE
                AND COALESCE(held.valid_from <= %s, TRUE)
                AND COALESCE(held.valid_to >= %s, TRUE))""",
            revoked,
            day,
            day,
        )
        return SQL(
            """SELECT DISTINCT ON (need.employee_id, need.skill_id)
                      need.*,
                      held.id AS certificate_id,
                      CASE WHEN held.id IS NOT NULL AND %(in_force)s THEN held.skill_level_id END AS held_level_id,
                      CASE WHEN held.id IS NOT NULL AND %(in_force)s THEN level.level_progress ELSE 0
                       END AS held_progress,
                      held.valid_from AS valid_from,
                      held.valid_to AS valid_to,
                      CASE WHEN held.id IS NULL THEN 'missing'
                           WHEN %(revoked)s THEN 'revoked'
                           WHEN held.valid_from > %(day)s THEN 'upcoming'
                           WHEN held.valid_to < %(day)s THEN 'expired'
                           WHEN level.level_progress < need.needed_progress THEN 'lower'
                           WHEN held.valid_to <= %(soon)s THEN 'expiring'
                           ELSE 'valid'
                       END AS standing
                 FROM (%(requirements)s) AS need
            LEFT JOIN hr_employee_skill AS held ON held.employee_id = need.employee_id
                                               AND held.skill_id = need.skill_id
            LEFT JOIN hr_skill_level AS level ON level.id = held.skill_level_id
             ORDER BY need.employee_id,
                      need.skill_id,
                      %(in_force)s DESC,
                      CASE WHEN %(in_force)s THEN LEAST(level.level_progress, need.needed_progress) END DESC NULLS LAST,
                      held.valid_to DESC NULLS FIRST,
                      held.id DESC""",
            requirements=requirements,
            revoked=revoked,
            in_force=in_force,
            day=day,
            soon=day + timedelta(days=SOON_DAYS),
            to_flush=self._competence_columns(),
        )

    def _version_sql(self, on):
        """The version of the person that is in force on the day; before the first one, the first one."""
        day, named = self._competence_day(on)
        if not named or day == fields.Date.context_today(self):
            return SQL("hr_version AS version ON version.id = person.current_version_id")
        return SQL(
            """LATERAL (
                 SELECT past.job_id, past.department_id
                   FROM hr_version AS past
                  WHERE past.employee_id = person.id AND past.active IS TRUE
               ORDER BY past.date_version <= %(day)s DESC,
                        CASE WHEN past.date_version <= %(day)s THEN past.date_version END DESC,
                        past.date_version
                  LIMIT 1
               ) AS version ON TRUE""",
            day=day,
        )

    def _people_sql(self, employees, company):
        if isinstance(employees, Query):
            return SQL("person.id IN %s", employees.subselect())
        if employees is not None:
            return SQL("person.id IN %s", tuple(employees.ids) or (0,))
        companies = company or self.env.companies
        return SQL("person.active IS TRUE AND person.company_id IN %s", tuple(companies.ids))

    # -- tools --------------------------------------------------------------------

    @api.model
    def _competence_day(self, on=None):
        """The day that is asked about, and whether it was named: see `hr.employee.skill`."""
        return self.env["hr.employee.skill"].with_context(as_of=on or self.env.context.get("as_of"))._certificate_day()

    def _competence_columns(self):
        """All columns that the statement reads: what waits in memory is written before."""
        return [self.env[model]._fields[name] for model, names in COLUMNS.items() for name in names]

    @api.model
    def _people_domain(self):
        """Whom the user may see: HR, training officers and certifiers all of the companies at hand, managers the
        people below them and of the departments they lead, everybody himself."""
        user = self.env.user
        companies = Domain("company_id", "in", self.env.companies.ids)
        if self._sees_everybody():
            return companies
        own = self.env["hr.employee"].sudo().search([("user_id", "=", user.id), *companies])
        departments = self.env["hr.department"].sudo().search([("manager_id", "in", own.ids)])
        who = Domain("id", "in", own.ids)
        if own:
            who |= Domain("id", "child_of", own.ids)
        if departments:
            who |= Domain("department_id", "child_of", departments.ids)
        return companies & who

    def _sees_everybody(self):
        return self.env.su or self.env.user.has_groups(
            "hr.group_hr_user,sqms_training.group_training_officer,sqms_base.group_sqms_certifier"
        )
