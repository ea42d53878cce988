from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [
    ("all", "Everybody"),
    ("department", "Department"),
    ("job", "Job"),
    ("category", "Tag"),
    ("employee", "Person"),
]
# kind -> the field that says which one
TARGETS = {"department": "department_id", "job": "job_id", "category": "category_id", "employee": "employee_id"}


class SqmsAudience(models.Model):
    """A target group: everybody of a company, a department with all below it, a job, a tag, one person.

    1. There is one group for each definition, shared by all documents that name it.
    2. Its members are the employees of the company who are there today. They are kept up to date when people
       join, move and leave, when departments, jobs and tags change, and once a day in any case.
    3. A person without a login is a member like any other; the login of a member is noted for the read rule.
    """

    _name = "sqms.audience"
    _description = "Target Group"
    _order = "kind, id"
    _log_access = False
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True, index="btree_not_null", ondelete="cascade")
    job_id = fields.Many2one("hr.job", readonly=True, index="btree_not_null", ondelete="cascade")
    category_id = fields.Many2one(
        "hr.employee.category", string="Tag", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    employee_id = fields.Many2one("hr.employee", readonly=True, index="btree_not_null", ondelete="cascade")
    member_ids = fields.One2many("sqms.audience.member", "audience_id", string="Members")

    _definition_unique = models.UniqueIndex(
        "(company_id, kind, COALESCE(department_id, job_id, category_id, employee_id, 0))",
        "There is one group for each definition.",
    )
    _one_target = models.Constraint(
        """CHECK(num_nonnulls(department_id, job_id, category_id, employee_id) = (kind <> 'all')::int
             AND (kind <> 'department' OR department_id IS NOT NULL) AND (kind <> 'job' OR job_id IS NOT NULL)
             AND (kind <> 'category' OR category_id IS NOT NULL)
             AND (kind <> 'employee' OR employee_id IS NOT NULL))""",
        "A group is defined by what its kind says.",
    )

    @api.depends("kind", "department_id", "job_id", "category_id", "employee_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for audience in self:
            target = audience.sudo()[TARGETS[audience.kind]].display_name if audience.kind in TARGETS else ""
            audience.display_name = f"{kinds.get(audience.kind)}: {target}" if target else kinds.get(audience.kind)

    @api.model
    def _of(self, definitions):
        """The groups of these definitions; those that are not there yet are made, with their members.

        :param definitions: set of `(company id, kind, id of what the kind names, or 0)`
        :return: `{definition: id}`
        """
        known = self._known(definitions)
        missing = sorted(definitions - known.keys())
        if missing:
            self.env.cr.execute(
                SQL(
                    """INSERT INTO sqms_audience (company_id, kind, department_id, job_id, category_id, employee_id)
                       VALUES %s ON CONFLICT DO NOTHING""",
                    SQL(", ").join(
                        SQL(
                            "(%s, %s, %s)",
                            company_id,
                            kind,
                            SQL(", ").join(SQL("%s", target if kind == name else None) for name in TARGETS),
                        )
                        for company_id, kind, target in missing
                    ),
                )
            )
            found = self._known(set(missing))
            self._sync(audience_ids=sorted(found.values()))
            known.update(found)
        return known

    def _known(self, definitions):
        if not definitions:
            return {}
        self.env.cr.execute(
            SQL(
                """SELECT id, company_id, kind, COALESCE(department_id, job_id, category_id, employee_id, 0)
                     FROM sqms_audience
                    WHERE (company_id, kind, COALESCE(department_id, job_id, category_id, employee_id, 0)) IN %s""",
                tuple(definitions),
            )
        )
        return {tuple(definition): id_ for id_, *definition in self.env.cr.fetchall()}

    # -- members -------------------------------------------------------------------

    @api.model
    def _sync(self, audience_ids=None, employee_ids=None, kind=None):
        """Bring the members up to date: one statement for those who left, one for those who joined.

        :param audience_ids: of these groups only
        :param employee_ids: these people only
        :param kind: groups of this kind only
        :return: ids of the employees who joined or left a group
        """
        self.env.flush_all()
        audiences = [SQL("TRUE")]
        if audience_ids is not None:
            audiences.append(SQL("audience.id = ANY(%s)", list(audience_ids)))
        if kind:
            audiences.append(SQL("audience.kind = %s", kind))
        people = SQL("TRUE") if employee_ids is None else SQL("employee.id = ANY(%s)", list(employee_ids))
        scope = {"wanted": self._wanted_query(SQL(" AND ").join(audiences), people)}
        left = self.env.execute_query(
            SQL(
                """
                WITH wanted AS (%(wanted)s)
                DELETE FROM sqms_audience_member member
                 USING sqms_audience audience, hr_employee employee
                 WHERE audience.id = member.audience_id
                   AND employee.id = member.employee_id
                   AND %(audiences)s
                   AND %(people)s
                   AND NOT EXISTS (SELECT FROM wanted
                                    WHERE wanted.audience_id = member.audience_id
                                      AND wanted.employee_id = member.employee_id)
             RETURNING member.employee_id
                """,
                audiences=SQL(" AND ").join(audiences),
                people=people,
                **scope,
            )
        )
        joined = self.env.execute_query(
            SQL(
                """
                WITH wanted AS (%(wanted)s)
                INSERT INTO sqms_audience_member (audience_id, employee_id, user_id)
                SELECT wanted.audience_id, wanted.employee_id, wanted.user_id
                  FROM wanted
             LEFT JOIN sqms_audience_member member
                    ON member.audience_id = wanted.audience_id
                   AND member.employee_id = wanted.employee_id
                 WHERE member.id IS NULL OR member.user_id IS DISTINCT FROM wanted.user_id
              ORDER BY wanted.audience_id, wanted.employee_id
           ON CONFLICT (audience_id, employee_id) DO UPDATE SET user_id = EXCLUDED.user_id
             RETURNING employee_id
                """,
                **scope,
            )
        )
        changed = {id_ for (id_,) in (*left, *joined)}
        if changed:
            self.env["sqms.audience.member"].invalidate_model(flush=False)
            self.invalidate_model(["member_ids"], flush=False)
            self.env["sqms.document"].invalidate_model(["is_for_me"], flush=False)
        return changed

    def _wanted_query(self, audiences, people):
        """Who belongs where today: audience, employee, user."""
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT audience.id AS audience_id, employee.id AS employee_id, employee.user_id"
                "  FROM sqms_audience audience %s"
                " WHERE audience.kind = %s AND employee.active AND employee.company_id = audience.company_id"
                "   AND %s AND %s",
                joins,
                kind,
                audiences,
                people,
            )  # fmt: skip
            for kind, joins in (
                ("all", SQL("JOIN hr_employee employee ON employee.company_id = audience.company_id")),
                (
                    "department",
                    SQL(
                        "JOIN hr_department top ON top.id = audience.department_id"
                        " JOIN hr_department below ON below.parent_path LIKE top.parent_path || '%%'"
                        " JOIN hr_version present ON present.department_id = below.id"
                        " JOIN hr_employee employee ON employee.current_version_id = present.id"
                    ),
                ),
                (
                    "job",
                    SQL(
                        "JOIN hr_version present ON present.job_id = audience.job_id"
                        " JOIN hr_employee employee ON employee.current_version_id = present.id"
                    ),
                ),
                (
                    "category",
                    SQL(
                        "JOIN employee_category_rel tagged ON tagged.category_id = audience.category_id"
                        " JOIN hr_employee employee ON employee.id = tagged.employee_id"
                    ),
                ),
                ("employee", SQL("JOIN hr_employee employee ON employee.id = audience.employee_id")),
            )
        )

    @api.model
    def _people_changed(self, employee_ids=None, kind=None):
        """People joined, moved or left: members at once, and what is asked of them follows."""
        if employee_ids is not None and not employee_ids:
            return
        changed = self.sudo()._sync(employee_ids=employee_ids, kind=kind)
        if changed:
            self.env["sqms.acknowledgement"].sudo()._follow(employee_ids=sorted(changed))
