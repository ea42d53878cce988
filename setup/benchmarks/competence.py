"""The competence matrix: 1,000 people x 40 requirements, and 20,000 people with 80,000 certificates.

One job of 1,000 people requires 40 skills, nineteen others of 1,000 people each require ten. The frame comes once, the
cells by pieces of 60 people; beside them stands the same reading as hr_skills offers it, one grouped read of the ORM.
"""

from _measure import ratio, timed
from acknowledgements import _copy

PEOPLE, JOBS, WIDE, USUAL, HELD = 20_000, 20, 40, 10, 4
PIECE = 60


def run(env):
    wide, skills = _fill(env)
    competence = env["sqms.competence"]
    filters = {"job": wide.id}
    people = env["hr.employee"].search([("job_id", "=", wide.id)])
    frame = competence.get_matrix(filters)
    columns = [column["id"] for column in frame["columns"]]
    pieces = [frame["people"][start : start + PIECE] for start in range(0, len(frame["people"]), PIECE)]
    result = {
        "people": env["hr.employee"].search_count([("name", "=like", "Bench %")]),
        "certificates": env["hr.employee.skill"].search_count([]),
        "matrix": f"{len(frame['people'])} x {len(columns)}",
        "frame of 1,000 x 40": timed(env, lambda: competence.get_matrix(filters), 1),
        "piece of 60 x 40": timed(env, lambda: competence.get_rows(pieces[7], columns), 1, passes=9),
        "all cells of 1,000 x 40 in one read": timed(env, lambda: competence._standings(people), 1),
        "workbook of 1,000 x 40": timed(env, lambda: competence._workbook(filters).close(), 1),
        "levels held by 1,000, as the ORM groups them": timed(env, lambda: _grouped(env, people), 1),
        "gaps of 20,000": timed(env, lambda: competence._gaps(company=env.company), 1),
        "frame of 20,000": timed(env, lambda: competence.get_matrix(), 1),
        "as of a day a year ago, 1,000 x 40": timed(env, lambda: competence._standings(people, on="2025-11-01"), 1),
        "succession of one post": timed(env, lambda: competence.get_succession(wide.id), 1),
        "gaps of one person, from the list": timed(env, lambda: _one(env, people[500]), 1, passes=9),
    }
    result["one read to the ORM's grouping"] = ratio(
        result["all cells of 1,000 x 40 in one read"], result["levels held by 1,000, as the ORM groups them"]
    )
    env.cr.rollback()
    return result


def _grouped(env, people):
    env["hr.employee.skill"]._read_group(
        [("employee_id", "in", people.ids)], ["employee_id", "skill_id"], ["level_progress:max"]
    )


def _one(env, person):
    env["sqms.competence.standing"].search_read([("employee_id", "=", person.id)], ["skill_id", "standing", "gap"])


def _fill(env):
    """People and certificates by SQL; jobs, skills and requirements as everybody makes them."""
    company = env.company
    kind = env["hr.skill.type"].create(
        {
            "name": "Bench",
            "is_certification": True,
            "skill_ids": [(0, 0, {"name": f"S{n:02}"}) for n in range(WIDE)],
            "skill_level_ids": [
                (0, 0, {"name": name, "level_progress": part, "default_level": part == 50})
                for name, part in (("Low", 50), ("High", 100))
            ],
        }
    )
    jobs = env["hr.job"].create([{"name": f"Bench {n}", "company_id": company.id} for n in range(JOBS)])
    levels = kind.skill_level_ids.sorted("level_progress")
    for number, job in enumerate(jobs):
        env["hr.job.skill"].create(
            [
                {"job_id": job.id, "skill_type_id": kind.id, "skill_id": skill.id, "valid_from": "2020-01-01",
                 "skill_level_id": levels[place % 2].id}
                for place, skill in enumerate(kind.skill_ids[: WIDE if not number else USUAL])
            ]
        )  # fmt: skip
    template = env["hr.employee"].create({"name": "Template", "company_id": company.id, "date_version": "2020-01-01"})
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO resource_resource (name, active, company_id, resource_type, tz, time_efficiency, calendar_id)
        SELECT 'Bench ' || i, true, %s, 'user', 'UTC', 100, NULL FROM generate_series(1, %s) i""",
        [company.id, PEOPLE],
    )
    _copy(env, "hr_employee", template.id, """
        SELECT resource.id AS resource_id, resource.name, NULL::integer AS user_id, NULL::integer AS work_contact_id,
               NULL::integer AS current_version_id
          FROM resource_resource resource WHERE resource.name LIKE 'Bench %%'""")  # fmt: skip
    _copy(env, "hr_version", template.current_version_id.id, """
        SELECT employee.id AS employee_id, (%(jobs)s)[1 + employee.id %% 20] AS job_id
          FROM hr_employee employee WHERE employee.name LIKE 'Bench %%'""", jobs=jobs.ids)  # fmt: skip
    env.cr.execute("""
        UPDATE hr_employee SET current_version_id = present.id
          FROM hr_version present WHERE present.employee_id = hr_employee.id AND hr_employee.name LIKE 'Bench %%'""")
    env.cr.execute(
        """
        INSERT INTO hr_employee_skill (employee_id, skill_type_id, skill_id, skill_level_id, valid_from, valid_to)
        SELECT employee.id, %(kind)s, (%(skills)s)[1 + (employee.id * 7 + n * 3) %% %(wide)s],
               (%(levels)s)[1 + (employee.id + n) %% 2], date '2025-01-01' + (employee.id %% 300),
               date '2025-01-01' + (employee.id %% 300) + 300 + (n * 131 + employee.id) %% 900
          FROM hr_employee employee CROSS JOIN generate_series(1, %(held)s) n
         WHERE employee.name LIKE 'Bench %%'""",
        {"kind": kind.id, "skills": kind.skill_ids.ids, "levels": levels.ids, "wide": WIDE, "held": HELD},
    )
    env.cr.execute("ANALYZE hr_employee; ANALYZE hr_version; ANALYZE hr_employee_skill; ANALYZE hr_job_skill")
    env.invalidate_all()
    return jobs[0], kind.skill_ids
