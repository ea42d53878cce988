from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .sqms_certificate_reminder import LATE_DAYS

# Every so many days all people are looked at; in between those alone for whom something may have changed.
FULL_DAYS = 7


class SqmsCertificateGap(models.Model):
    """Certificates that a job requires and its holder does not have.

    1. A missing certificate is told to HR once, and again only if it was there in between.
    2. Expired, revoked and not yet valid ones are missing, and so is one of too low a level.
    3. A gap that opens because a certificate ended was told with that end.
    4. The daily look is at people whose certificates ended or were written, whose job or post was written or begins,
       whose job's requirements were, and at those who have a gap; once a week it is at all.
    """

    _inherit = "sqms.certificate.reminder"

    @api.model
    def _note_gaps(self, companies, today):
        whole = companies.filtered(
            lambda company: (
                not company.certificate_gaps_full_on
                or not timedelta(0) <= today - company.certificate_gaps_full_on < timedelta(days=FULL_DAYS)
            )
        )
        self.env.cr.execute(
            SQL(
                """
                WITH gap AS MATERIALIZED (%(gaps)s),
                looked AS (
                    UPDATE res_company
                       SET certificate_gaps_on = %(today)s,
                           certificate_gaps_full_on = CASE WHEN id = ANY(%(whole)s) THEN %(today)s
                                                           ELSE certificate_gaps_full_on END
                     WHERE id = ANY(%(companies)s) AND certificate_gaps_on IS DISTINCT FROM %(today)s),
                closed AS (
                    DELETE FROM sqms_certificate_reminder AS told
                     WHERE told.company_id = ANY(%(companies)s)
                       AND told.certificate_id IS NULL
                       AND NOT EXISTS (
                           SELECT 1
                             FROM gap
                            WHERE gap.employee_id = told.employee_id
                              AND gap.skill_id = told.skill_id))
                INSERT INTO sqms_certificate_reminder
                       (employee_id, company_id, skill_id, days, sent_at,
                        create_uid, write_uid, create_date, write_date)
                SELECT DISTINCT gap.employee_id, gap.company_id, gap.skill_id, 0,
                       (SELECT max(told.sent_at)
                          FROM sqms_certificate_reminder AS told
                         WHERE told.employee_id = gap.employee_id
                           AND told.skill_id = gap.skill_id
                           AND told.certificate_id IS NOT NULL
                           AND told.valid_to BETWEEN %(late)s AND %(today)s),
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM gap
                 WHERE NOT EXISTS (
                       SELECT 1
                         FROM sqms_certificate_reminder AS told
                        WHERE told.employee_id = gap.employee_id
                          AND told.skill_id = gap.skill_id
                          AND told.certificate_id IS NULL)
                    ON CONFLICT DO NOTHING
                """,
                companies=companies.ids,
                whole=whole.ids,
                today=today,
                late=today - timedelta(days=LATE_DAYS),
                uid=self.env.uid,
                gaps=self._gaps_query(companies, today, self._looked_at(companies - whole, whole, today)),
            )
        )
        companies.invalidate_recordset(["certificate_gaps_on", "certificate_gaps_full_on"])

    @api.model
    def _looked_at(self, partly, whole, today):
        """Whom today's look is at, as a condition on `employee`."""
        if not partly:
            return SQL("TRUE")
        # A day more than needed: a transaction bears the time of its beginning, not that of its commit.
        since = min(partly.mapped("certificate_gaps_on")) - timedelta(days=1)
        touched = self._touched_query(since, today)
        return SQL("(employee.company_id = ANY(%s) OR %s)", whole.ids, touched) if whole else touched

    @api.model
    def _gaps_query(self, companies, today, touched):
        """Employees and the certificates that their job requires today and that they do not hold at that level."""
        return SQL(
            """
            WITH person AS MATERIALIZED (
                SELECT employee.id, employee.company_id, version.job_id
                  FROM hr_employee AS employee
                  JOIN hr_version AS version ON version.id = employee.current_version_id
                 WHERE employee.active AND employee.company_id = ANY(%(companies)s) AND %(touched)s
            )
            SELECT person.id AS employee_id, person.company_id, required.skill_id
              FROM person
              JOIN hr_job_skill AS required ON required.job_id = person.job_id
              JOIN hr_skill_type AS type ON type.id = required.skill_type_id AND type.is_certification AND type.active
              JOIN hr_skill_level AS required_level ON required_level.id = required.skill_level_id
             WHERE (required.valid_from IS NULL OR required.valid_from <= %(today)s)
               AND (required.valid_to IS NULL OR required.valid_to >= %(today)s)
               AND NOT EXISTS (
                   SELECT 1
                     FROM hr_employee_skill AS held
                     JOIN hr_skill_level AS held_level ON held_level.id = held.skill_level_id
                    WHERE held.employee_id = person.id
                      AND held.skill_id = required.skill_id
                      AND held.revoked_on IS NULL
                      AND (held.valid_from IS NULL OR held.valid_from <= %(today)s)
                      AND (held.valid_to IS NULL OR held.valid_to >= %(today)s)
                      AND held_level.level_progress >= required_level.level_progress)
            """,
            companies=companies.ids,
            today=today,
            touched=touched,
        )

    @api.model
    def _touched_query(self, since, today):
        """People for whom a gap may have opened or closed since that day, as a condition on `employee`.

        As arrays, which PostgreSQL fills first: a join it would put last, having looked at everybody.
        """
        return SQL(
            """
            employee.id = ANY(ARRAY(
                SELECT employee_id FROM sqms_certificate_reminder WHERE certificate_id IS NULL
                 UNION ALL
                SELECT employee_id FROM hr_employee_skill WHERE write_date >= %(since)s
                 UNION ALL
                SELECT employee_id FROM hr_employee_skill WHERE valid_to >= %(since)s AND valid_to < %(today)s
                 UNION ALL
                SELECT id FROM hr_employee WHERE write_date >= %(since)s
                 UNION ALL
                SELECT employee_id
                  FROM hr_version
                 WHERE write_date >= %(since)s
                    OR date_version BETWEEN %(since)s AND %(today)s
                    OR job_id = ANY(ARRAY(
                       SELECT rule.job_id
                         FROM hr_job_skill AS rule
                         JOIN hr_skill_type AS kind ON kind.id = rule.skill_type_id
                         JOIN hr_skill_level AS level ON level.skill_type_id = kind.id
                        WHERE rule.write_date >= %(since)s
                           OR rule.valid_from BETWEEN %(since)s AND %(today)s
                           OR kind.write_date >= %(since)s
                           OR level.write_date >= %(since)s))
            ))
            """,
            since=since,
            today=today,
        )
