from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sqms_base.lib.local_time import local_day

from ..lib.competence import FULFILLED
from ..lib.coverage import count_people, days_to_take

KINDS = [
    ("certificate", "Certificates in posts that need them"),
    ("competence", "Requirements of jobs"),
    ("clearance", "Clearances in sensitive posts"),
]


class SqmsTrainingCoverage(models.Model):
    """How many of those who need something have it: counted once a month, as it stood on its last day.

    1. Certificates: people all of whose mandatory certificates are valid, of the people whose job needs any.
    2. Competences: requirements that are met, of all that the jobs of the people make.
    3. Clearances: people who are cleared for their post, of those whose post is sensitive; never by department, where
       one could tell who it is.
    4. The month that runs is counted as of today. It and the three months before are counted anew each day, so that
       what was registered late counts; what is older stays as it was.
    5. People count from the first day on which their post is on record, up to the day they left.
    """

    _name = "sqms.training.coverage"
    _description = "Coverage of Certificates, Competences and Clearances"
    _order = "month desc, company_id, kind, department_id"
    _rec_name = "month"
    _check_company_auto = True

    month = fields.Date(required=True, readonly=True, help="The first day of the month.")
    day = fields.Date("As It Stood On", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    department_id = fields.Many2one(
        "hr.department", readonly=True, index="btree_not_null", ondelete="cascade", check_company=True
    )
    met = fields.Integer(readonly=True)
    needed = fields.Integer(readonly=True)
    share = fields.Float(compute="_compute_share", aggregator=None)

    _cell_uniq = models.UniqueIndex("(company_id, month, kind, COALESCE(department_id, 0))")
    _numbers = models.Constraint("CHECK(met BETWEEN 0 AND needed)", "No more are covered than need it.")

    @api.depends("met", "needed")
    def _compute_share(self):
        for row in self:
            row.share = row.met / row.needed if row.needed else 0

    # -- the daily job -------------------------------------------------------------

    @api.model
    def _cron_count(self):
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(companies.grouped(lambda company: company._sqms_tz())))
        for own in companies.grouped(lambda company: company._sqms_tz()).values():
            self._count(own)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _count(self, companies):
        """Count the months that are still open, of companies of one time zone."""
        today = local_day(fields.Datetime.now(), companies[:1]._sqms_tz())
        known = self.sudo().search_count([("company_id", "in", companies.ids)], limit=1)
        for month, day in days_to_take(today, is_first=not known):
            self._store(companies, month, day, self._cells(companies, day, today))

    @api.model
    def _store(self, companies, month, day, cells):
        """What is as it was is not written again; what nobody needs any more goes."""
        rows = self.sudo().search([("company_id", "in", companies.ids), ("month", "=", month)])
        known = {(row.company_id.id, row.kind, row.department_id.id or None): row for row in rows}
        for key, row in known.items():
            if key in cells:
                met, needed = cells[key]
                values = {
                    name: value
                    for name, value in (("met", met), ("needed", needed), ("day", day))
                    if row[name] != value
                }
                if values:
                    row.write(values)
        rows.browse([row.id for key, row in known.items() if key not in cells]).unlink()
        self.sudo().create(
            [
                {
                    "month": month, "day": day, "company_id": company, "kind": kind, "department_id": department,
                    "met": met, "needed": needed,
                }
                for (company, kind, department), (met, needed) in cells.items()
                if (company, kind, department) not in known
            ]
        )  # fmt: skip

    # -- for manual, review and readiness ----------------------------------------------

    @api.model
    def _latest(self, company, on=None):
        """`{kind: (met, needed, day)}` of a company, of the last month that was counted up to a day."""
        domain = Domain("company_id", "=", company.id) & (Domain("month", "<=", on) if on else Domain.TRUE)
        rows = self.sudo()._read_group(
            domain, ["kind", "month:day"], ["met:sum", "needed:sum", "day:max"], order="month:day DESC"
        )
        found = {}
        for kind, _month, met, needed, day in rows:
            found.setdefault(kind, (met, needed, day))
        return found

    # -- counting, one statement for each kind ---------------------------------------

    @api.model
    def _cells(self, companies, day, today):
        """`{(company id, kind, department id or None): (met, needed)}` as of the end of a day."""
        people = self._people(companies, day, today)
        return {**self._count_competences(people, day), **self._count_clearances(people, day)}

    def _people(self, companies, day, today):
        """Those who worked here on that day, as a query."""
        people = self.env["hr.employee"].sudo().with_context(active_test=False)
        here = Domain("active", "=", True)
        if day < today:
            here |= Domain("current_version_id.departure_date", ">", day)
        return people._search(
            Domain("company_id", "in", companies.ids) & Domain("version_ids.date_version", "<=", day) & here
        )

    def _count_competences(self, people, day):
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT standing.company_id,
                          standing.department_id,
                          standing.employee_id,
                          COUNT(*) AS needed,
                          COUNT(*) FILTER (WHERE standing.standing IN %(fulfilled)s) AS met,
                          COUNT(*) FILTER (WHERE standing.is_certification) AS certificates_needed,
                          COUNT(*) FILTER (WHERE standing.is_certification AND standing.standing IN %(fulfilled)s)
                              AS certificates_met
                     FROM (%(standings)s) AS standing
                 GROUP BY standing.company_id, standing.department_id, standing.employee_id""",
                standings=self.env["sqms.competence"].sudo()._standings_sql(people, on=day),
                fulfilled=FULFILLED,
            )
        )
        cells = {}
        for row in rows:
            key = row["company_id"], "competence", row["department_id"]
            met, needed = cells.get(key, (0, 0))
            cells[key] = met + row["met"], needed + row["needed"]
        return cells | count_people(
            ((row["company_id"], "certificate", row["department_id"]),
             row["certificates_met"] == row["certificates_needed"])
            for row in rows
            if row["certificates_needed"]
        )  # fmt: skip

    def _count_clearances(self, people, day):
        self.env.flush_all()
        rows = self.env.execute_query_dict(self._clearance_query(people, day))
        return count_people(((row["company_id"], "clearance", None), row["is_cleared"]) for row in rows)

    def _clearance_query(self, people, day):
        """Everybody whose post of that day is sensitive, and whether he is cleared for all that it asks for."""
        fields_ = self.env["sqms.position.rule"]._fields
        jobs, departments = fields_["job_ids"], fields_["department_ids"]
        return SQL(
            """SELECT post.company_id,
                      post.employee_id,
                      bool_and(EXISTS (
                          SELECT 1
                            FROM sqms_clearance AS clearance
                           WHERE clearance.employee_id = post.employee_id
                             AND clearance.rule_id = post.rule_id
                             AND %(holds)s
                      )) AS is_cleared
                 FROM (
                     SELECT person.company_id,
                            person.id AS employee_id,
                            rule.id AS rule_id
                       FROM hr_employee AS person
                       JOIN %(version)s
                       JOIN sqms_position_rule AS rule
                         ON rule.active IS TRUE
                        AND rule.create_date::date <= %(day)s
                        AND (rule.company_id IS NULL OR rule.company_id = person.company_id)
                      WHERE person.id IN %(people)s
                        AND (EXISTS (SELECT 1
                                       FROM %(job_rule)s AS link
                                      WHERE link.%(job_rule_id)s = rule.id
                                        AND link.%(job_id)s = version.job_id)
                             OR EXISTS (SELECT 1
                                          FROM %(department_rule)s AS link
                                          JOIN hr_department AS top ON top.id = link.%(department_id)s
                                          JOIN hr_department AS own ON own.id = version.department_id
                                         WHERE link.%(department_rule_id)s = rule.id
                                           AND own.parent_path LIKE top.parent_path || '%%'))
                 ) AS post
             GROUP BY post.company_id, post.employee_id""",
            holds=self.env["sqms.clearance"]._holds_sql("clearance", day),
            version=self.env["sqms.competence"].sudo()._version_sql(day),
            day=day,
            people=people.subselect(),
            job_rule=SQL.identifier(jobs.relation),
            job_rule_id=SQL.identifier(jobs.column1),
            job_id=SQL.identifier(jobs.column2),
            department_rule=SQL.identifier(departments.relation),
            department_rule_id=SQL.identifier(departments.column1),
            department_id=SQL.identifier(departments.column2),
        )
