from odoo import api, models
from odoo.tools import SQL

from ..lib.competence import SUCCESSORS, readiness

SHOWN = 50  # people for each post: who is further away is no successor yet


class SqmsCompetenceSuccession(models.AbstractModel):
    """Who could take a post: people who meet all or nearly all that it requires, whether they hold it or not.

    1. Everybody whom the reader may see is looked at, by what he holds today, not by his job.
    2. Ranked by the share of the requirements that he meets; what is missing is named.
    3. Holders of the post are shown as such and are no successors.
    4. A key post with fewer than two successors who meet all is a risk.
    """

    _inherit = "sqms.competence"

    @api.readonly
    @api.model
    def get_succession(self, job_id=None):
        """The posts with their numbers, and the ranking of one of them."""
        self._check_ids([job_id] if job_id else [])
        jobs = self.env["hr.job"].search([("company_id", "in", [False, *self.env.companies.ids])])
        needs = self._job_needs(jobs)
        posts = [
            {"id": job.id, "name": job.name, "is_key": job.is_key_post, "required": len(needs[job.id])}
            for job in jobs.sorted(lambda job: (not job.is_key_post, job.name or "", job.id))
            if job.id in needs
        ]
        numbers = self._succession_numbers(jobs.browse([post["id"] for post in posts if post["is_key"]]))
        for post in posts:
            post.update(numbers.get(post["id"], {"holders": 0, "ready": 0, "nearly": 0}))
            post["is_risk"] = post["is_key"] and post["ready"] < SUCCESSORS
        known = {post["id"] for post in posts}
        chosen = job_id if job_id in known else posts[0]["id"] if posts else False
        return {
            "posts": posts,
            "job": chosen,
            "people": self._successors(jobs.browse(chosen), needs[chosen]) if chosen else [],
            "needed": SUCCESSORS,
        }

    def _job_needs(self, jobs):
        """`{job id: {skill id: level id}}` of today."""
        day, _named = self._competence_day()
        needs = {}
        for row in self.env.execute_query_dict(self._needs_sql(day, jobs)):
            needs.setdefault(row["job_id"], {})[row["skill_id"]] = row["needed_level_id"]
        return needs

    def _met_sql(self, jobs):
        """How many of the requirements of each post each person meets: one row for each who meets one or holds it."""
        day, named = self._competence_day()
        people = self.env["hr.employee"].sudo()._search(self._people_domain())
        revoked = SQL("held.revoked_on <= %s", day) if named else SQL("held.revoked_on IS NOT NULL")
        return SQL(
            """SELECT post.job_id AS job_id,
                      person.id AS employee_id,
                      person.name AS name,
                      version.job_id IS NOT DISTINCT FROM post.job_id AS is_holder,
                      version.job_id AS own_job_id,
                      post.required AS required,
                      COALESCE(met.skills, ARRAY[]::integer[]) AS skills
                 FROM (SELECT job_id, count(*) AS required FROM (%(needs)s) AS need GROUP BY job_id) AS post
                 JOIN hr_employee AS person ON person.id IN %(people)s
                 JOIN %(version)s
            LEFT JOIN (
                 SELECT need.job_id, held.employee_id, array_agg(DISTINCT need.skill_id) AS skills
                   FROM (%(needs)s) AS need
                   JOIN hr_employee_skill AS held ON held.skill_id = need.skill_id
                   JOIN hr_skill_level AS level ON level.id = held.skill_level_id
                                               AND level.level_progress >= need.needed_progress
                  WHERE COALESCE(%(revoked)s, FALSE) IS FALSE
                    AND COALESCE(held.valid_from <= %(day)s, TRUE)
                    AND COALESCE(held.valid_to >= %(day)s, TRUE)
                    AND held.employee_id IN %(people)s
                  GROUP BY need.job_id, held.employee_id
                 ) AS met ON met.job_id = post.job_id AND met.employee_id = person.id
                WHERE met.skills IS NOT NULL OR version.job_id = post.job_id""",
            needs=self._needs_sql(day, jobs),
            people=people.subselect(),
            version=self._version_sql(None),
            revoked=revoked,
            day=day,
            to_flush=self._competence_columns(),
        )

    def _succession_numbers(self, jobs):
        """Holders, and those ready and nearly ready to follow, of all key posts in one read."""
        if not jobs:
            return {}
        numbers = {job.id: {"holders": 0, "ready": 0, "nearly": 0} for job in jobs}
        query = SQL(
            """SELECT job_id, is_holder, required, COALESCE(array_length(skills, 1), 0) AS met, count(*) AS people
                 FROM (%s) AS met
                GROUP BY 1, 2, 3, 4""",
            self._met_sql(jobs),
        )
        for job, is_holder, required, met, people in self.env.execute_query(query):
            name = "holders" if is_holder else readiness(met, required)
            if name in numbers[job]:
                numbers[job][name] += people
        return numbers

    def _successors(self, job, needs):
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT * FROM (%s) AS met
                    ORDER BY COALESCE(array_length(skills, 1), 0) DESC, is_holder, name, employee_id
                    LIMIT %s""",
                self._met_sql(job),
                SHOWN,
            )
        )
        skills = {skill.id: skill.name for skill in self.env["hr.skill"].sudo().browse(needs)}
        own = {
            own.id: own.name for own in self.env["hr.job"].sudo().browse({row["own_job_id"] for row in rows} - {None})
        }
        return [
            {
                "id": row["employee_id"],
                "name": row["name"],
                "job": own.get(row["own_job_id"], ""),
                "is_holder": row["is_holder"],
                "met": len(row["skills"]),
                "required": row["required"],
                "readiness": readiness(len(row["skills"]), row["required"]),
                "missing": sorted(name for id_, name in skills.items() if id_ not in row["skills"]),
            }
            for row in rows
        ]
