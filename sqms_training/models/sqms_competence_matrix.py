from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.competence import FULFILLED, STANDINGS

PIECE = 100  # people that the screen may ask for in one call
SHOWN = ("gaps", "expiring", "booked")


class SqmsCompetenceMatrix(models.AbstractModel):
    """The matrix: people in rows, requirements in columns, what each cell says.

    1. The frame comes once: the columns, who stands in which row, how many of each. One grouped read.
    2. The cells come by pieces of some people each, as arrays in the order of the columns.
    3. What stands behind a cell comes when somebody asks for it.
    4. Whoever asks sees the people he may see (`_people_domain`), whatever ids he names.
    """

    _inherit = "sqms.competence"

    @api.readonly
    @api.model
    def get_matrix(self, filters=None):
        """Columns, people and counts for what is chosen on the left."""
        filters = self._matrix_filters(filters)
        matrix = self.with_context(as_of=filters["on"])
        people, skills = matrix._matrix_counts(filters)
        columns = matrix._matrix_columns(
            {key: row for key, row in skills.items() if not filters["types"] or row["type"] in filters["types"]}
        )
        day, _named = matrix._competence_day()
        shown = {"gaps": 0, "expiring": 0, "booked": 0}
        for flags in people.values():
            for name in SHOWN:
                shown[name] += bool(flags[name])
        everybody = matrix._matrix_people(filters)
        ids = [id_ for id_ in everybody if id_ in people]
        if filters["show"]:
            ids = [id_ for id_ in ids if any(people[id_][name] for name in filters["show"])]
        return {
            "on": day,
            "is_today": not filters["on"],
            "columns": columns,
            "people": ids,
            "without": len(everybody) - len(people),
            "gaps": sum(column["needed"] - column["met"] for column in columns),
            "shown": shown,
            "departments": matrix._matrix_departments(filters),
            "jobs": matrix._matrix_jobs(filters),
            "types": matrix._matrix_types(skills),
            "standings": STANDINGS,
            "can_plan": matrix._can_plan(),
            "is_own": not matrix._sees_several(),
        }

    @api.readonly
    @api.model
    def get_rows(self, employee_ids, skill_ids, on=None):
        """The cells of some people: `[standing, needed, held, last day, booked, first day]`, nothing where
        nothing is needed."""
        self._check_ids(employee_ids, PIECE)
        self._check_ids(skill_ids)
        on = self._matrix_filters({"on": on})["on"]
        people = self._matrix_employees(Domain("id", "in", employee_ids))
        cells = self.with_context(as_of=on)._matrix_cells(people._as_query(ordered=False), skill_ids)
        names = {person.id: person for person in people}
        blank = [None] * len(skill_ids)
        return [
            {
                "id": id_,
                "name": names[id_].name,
                "job": names[id_].job_title or names[id_].job_id.name or "",
                "cells": cells.get(id_, blank),
            }
            for id_ in employee_ids
            if id_ in names
        ]

    # -- reads --------------------------------------------------------------------

    def _matrix_employees(self, domain):
        """Those of the domain whom the user may see, in the order of the matrix; with all rights."""
        return self.env["hr.employee"].sudo().search(domain & self._people_domain(), order="name, id")

    def _matrix_query(self, filters, without=()):
        """The people of the filters, as a query; facets leave out their own filter."""
        domain = self._people_domain()
        if filters["department"] and "department_id" not in without:
            domain &= Domain("department_id", "child_of", filters["department"])
        if filters["job"] and "job_id" not in without:
            domain &= Domain("job_id", "=", filters["job"])
        if filters["search"]:
            domain &= Domain("name", "ilike", filters["search"]) | Domain("job_title", "ilike", filters["search"])
        return self.env["hr.employee"].sudo()._search(domain, order="name, id")

    def _matrix_people(self, filters):
        return list(self._matrix_query(filters))

    def _matrix_facet(self, filters, name):
        """How many people of the other filters there are in each department, or in each job."""
        domain = Domain("id", "in", self._matrix_query(filters, without=(name,)))
        groups = self.env["hr.employee"].sudo()._read_group(domain, [name], ["__count"])
        return {record: count for record, count in groups if record}

    def _matrix_jobs(self, filters):
        found = self._matrix_facet(filters, "job_id").items()
        return sorted(
            ({"id": job.id, "name": job.name, "count": count, "depth": 0} for job, count in found),
            key=lambda row: row["name"],
        )

    def _matrix_departments(self, filters):
        """Departments as a tree; who works below one counts in it, as the filter has it."""
        total = {}
        for department, count in self._matrix_facet(filters, "department_id").items():
            for id_ in map(int, department.parent_path.split("/")[:-1]):
                total[id_] = total.get(id_, 0) + count
        departments = self.env["hr.department"].sudo().browse(total)
        return [
            {
                "id": department.id,
                "name": department.name,
                "count": total[department.id],
                "depth": department.parent_path.count("/") - 1,
            }
            for department in departments.sorted(lambda department: (department.complete_name or "", department.id))
        ]

    def _matrix_counts(self, filters):
        """One grouped read: for each person whether something is missing, ends soon or is booked; for each
        requirement how many need it and how many have it, among those that are shown."""
        standings = SQL(
            "SELECT standing.*, %s AS booked FROM (%s) AS standing",
            self._booked_sql(),
            self._standings_sql(self._matrix_query(filters)),
        )
        rows = self.env.execute_query_dict(
            SQL(
                """WITH standing AS MATERIALIZED (%(standings)s),
                        person AS (
                            SELECT employee_id,
                                   bool_or(standing NOT IN %(fulfilled)s) AS gaps,
                                   bool_or(standing = 'expiring') AS expiring,
                                   bool_or(booked) AS booked
                              FROM standing
                             WHERE %(types)s
                             GROUP BY employee_id
                        )
                   SELECT employee_id, NULL::integer AS skill_id, NULL::integer AS type, 0 AS needed, 0 AS met,
                          NULL::integer AS low, NULL::integer AS high, gaps, expiring, booked
                     FROM person
                UNION ALL
                   SELECT NULL, skill_id, min(skill_type_id), count(*),
                          count(*) FILTER (WHERE standing IN %(fulfilled)s),
                          min(needed_progress), max(needed_progress), FALSE, FALSE, FALSE
                     FROM standing
                    WHERE employee_id IN (SELECT employee_id FROM person WHERE %(shown)s)
                    GROUP BY skill_id""",
                standings=standings,
                fulfilled=FULFILLED,
                types=SQL("skill_type_id IN %s", filters["types"]) if filters["types"] else SQL("TRUE"),
                shown=SQL(" OR ").join(SQL.identifier(name) for name in filters["show"])
                if filters["show"]
                else SQL("TRUE"),
            )
        )
        people = {row["employee_id"]: row for row in rows if row["employee_id"]}
        return people, {row["skill_id"]: row for row in rows if row["skill_id"]}

    def _matrix_cells(self, people, skill_ids):
        """`{employee id: cells}` in the order of the skills, by one statement."""
        place = {skill_id: number for number, skill_id in enumerate(skill_ids)}
        code = {standing: number for number, standing in enumerate(STANDINGS)}
        cells = {}
        for employee, skill, standing, *values in self.env.execute_query(
            SQL(
                """SELECT employee_id, skill_id, standing, needed_progress, held_progress, valid_to, %s, valid_from
                     FROM (%s) AS standing""",
                self._booked_sql(),
                self._standings_sql(people),
            )
        ):
            if skill in place:
                row = cells.setdefault(employee, [None] * len(skill_ids))
                row[place[skill]] = [code[standing], *values]
        return cells

    def _matrix_columns(self, skills):
        """The requirements in their order; the level is named where all need the same one."""
        records = self.env["hr.skill"].sudo().browse(skills)
        columns = []
        for skill in records.sorted(self._column_order):
            row = skills[skill.id]
            levels = skill.skill_type_id.skill_level_ids
            same = row["low"] == row["high"] and len(levels) > 1
            level = (
                levels.filtered(lambda level, row=row: level.level_progress == row["low"])[:1] if same else levels[:0]
            )
            columns.append(
                {
                    "id": skill.id,
                    "name": skill.name,
                    "detail": level.name or skill.skill_type_id.name,
                    "is_certification": skill.skill_type_id.is_certification,
                    "needed": row["needed"],
                    "met": row["met"],
                }
            )
        return columns

    def _column_order(self, skill):
        """Certificates first: they are what may stop somebody from working."""
        kind = skill.skill_type_id
        return not kind.is_certification, kind.sequence, kind.id, skill.sequence, skill.name

    def _matrix_types(self, skills):
        types = self.env["hr.skill.type"].sudo().browse({row["type"] for row in skills.values()})
        count = {}
        for row in skills.values():
            count[row["type"]] = count.get(row["type"], 0) + 1
        return [{"id": type_.id, "name": type_.name, "count": count[type_.id]} for type_ in types.sorted()]

    def _booked_sql(self):
        """Whether the person of a row `standing` is on the way to the skill at present: enrolled, or in a course."""
        enrolment, course = (self.env[f"sqms.training.{name}"]._fields for name in ("enrolment", "course"))
        return SQL(
            """EXISTS (
                SELECT 1
                  FROM sqms_training_enrolment AS enrolment
                  JOIN sqms_training_course AS course ON course.id = enrolment.course_id
                 WHERE enrolment.employee_id = standing.employee_id
                   AND COALESCE(enrolment.skill_id, course.skill_id) = standing.skill_id
                   AND enrolment.state IN ('enrolled', 'running')
            )""",
            to_flush=[
                course["skill_id"],
                *(enrolment[name] for name in ("course_id", "employee_id", "skill_id", "state")),
            ],
        )

    # -- what may be asked --------------------------------------------------------

    def _can_plan(self):
        return self.env.user.has_groups("hr.group_hr_user,sqms_training.group_training_officer")

    def _sees_several(self):
        """Plain employees have a matrix of one row: their own."""
        if self._sees_everybody():
            return True
        own = self.env["hr.employee"].sudo().search([("user_id", "=", self.env.uid)])
        return bool(
            self.env["hr.employee"]
            .sudo()
            .search_count(self._people_domain() & Domain("id", "not in", own.ids), limit=1)
        )

    @api.model
    def _matrix_filters(self, filters):
        """What the browser sent, or a refusal."""
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("The competence matrix is for people of the house."))
        filters = dict(filters or {})
        on = filters.pop("on", None) or None
        if on:
            on = self.env["hr.employee.skill"].with_context(as_of=on)._certificate_day()[0]
        result = {"on": on, "department": False, "job": False, "types": (), "show": (), "search": ""}
        for name in ("department", "job"):
            value = filters.pop(name, False) or False
            self._check_ids([value] if value else [])
            result[name] = value
        types = filters.pop("types", None) or []
        self._check_ids(types)
        result["types"] = tuple(types)
        show = filters.pop("show", None) or []
        result["show"] = tuple(name for name in SHOWN if name in show)
        search = filters.pop("search", "") or ""
        if filters or not isinstance(search, str):
            raise UserError(self.env._("The competence matrix knows no such filter."))
        result["search"] = search.strip()
        return result

    def _check_ids(self, ids, limit=None):
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("The competence matrix is for people of the house."))
        if not isinstance(ids, (list, tuple)) or any(type(id_) is not int or not 0 < id_ < 2**31 for id_ in ids):
            raise UserError(self.env._("The competence matrix is asked for people and skills by their numbers."))
        if limit and len(ids) > limit:
            raise UserError(self.env._("The competence matrix is read by pieces of %s people.", limit))
