"""50,000 employees with four certificates each: our daily pass beside hr_skills' own job, in the same run.

Both look at the same people. Nothing due: every certificate ends in 400 days. Due: a slice of the people holds one
that ends in twenty days, with a user and a manager each; hr_skills makes an activity of each, we one digest for each
person whom it concerns. Memory is what Python allocates at the same time (tracemalloc), measured in a pass of its own.
"""

import gc
import statistics
import time
import tracemalloc

EMPLOYEES, CERTIFICATES = 50_000, 4
DUE = 500
PASSES = 5


def run(env):
    env = env(context={"lang": "en_US", "tz": "UTC"})
    skill_type, job = _seed(env)
    ours, theirs = _ours(env), _theirs(env)
    result = {"employees": EMPLOYEES, "certificates": EMPLOYEES * CERTIFICATES}

    # The gaps and ends of other data are told before anything is measured.
    ours()
    result["nothing_due"] = {"ours": _measure(env, ours), "hr_skills": _measure(env, theirs, 1)}
    _compare(result["nothing_due"])

    _make_due(env, skill_type, job)
    result["due"] = {"hr_skills": _due(env, theirs, _activities), "ours": _due(env, ours, _reminders, keep=True)}
    _compare(result["due"], "ms_each", "queries_each")
    result["second_run"] = _due(env, ours, _reminders)
    result["holds"] = {
        "nothing due: at most 10 queries": result["nothing_due"]["ours"]["queries"] <= 10,
        "nothing due: at most 10 MB": result["nothing_due"]["ours"]["mb"] <= 10,
        "nothing due: at most 1/70 of the time of hr_skills": result["nothing_due"]["times"] >= 70,
        "due: at most 1.5 queries each": result["due"]["ours"]["queries_each"] <= 1.5,
        "due: at most 1/6 of the time of hr_skills": result["due"]["times"] >= 6,
        "a second run adds none": not result["second_run"]["items"] and not result["second_run"]["mails"],
    }
    return result


def _ours(env):
    return env["sqms.certificate.reminder"]._cron_tell


def _theirs(env):
    return env["hr.employee"]._add_certification_activity_to_employees


# -- what is measured -------------------------------------------------------------


def _measure(env, work, passes=PASSES):
    walls, queries = [], []
    for _pass in range(passes):
        wall, asked = _once(env, work)
        walls.append(wall)
        queries.append(asked)
    tracemalloc.start()
    env.invalidate_all()
    work()
    _size, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {
        "ms": round(statistics.median(walls) * 1000, 1),
        "queries": statistics.median(queries),
        "mb": round(peak / 1e6, 2),
        "passes": passes,
    }


def _once(env, work):
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    asked, start = env.cr.sql_log_count, time.perf_counter()
    work()
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - asked


def _due(env, work, count, keep=False):
    """Each item, its mails included, in time and queries; rolled back unless it is to stay."""
    savepoint = env.cr.savepoint()
    before, mails = count(env), env["mail.mail"].search_count([])
    wall, queries = _once(env, work)
    items = count(env) - before
    result = {
        "items": items,
        "mails": env["mail.mail"].search_count([]) - mails,
        "s": round(wall, 2),
        "ms_each": round(wall * 1000 / items, 3) if items else 0,
        "queries": queries,
        "queries_each": round(queries / items, 2) if items else 0,
    }
    savepoint.close(rollback=not keep)
    env.invalidate_all()
    return result


def _activities(env):
    return env["mail.activity"].search_count([("res_model", "=", "hr.employee")])


def _reminders(env):
    return env["sqms.certificate.reminder"].search_count([])


def _compare(pair, key="ms", *others):
    for name in (key, *others):
        if pair["ours"][name]:
            label = "times" if name == key else f"times_{name}"
            pair[label] = round(pair["hr_skills"][name] / pair["ours"][name], 1)


# -- what is there -----------------------------------------------------------------


def _seed(env):
    """By SQL, as nobody types 200,000 certificates; each row is what the ORM would have left."""
    skill_type = env["hr.skill.type"].create(
        {
            "name": "Bench certificates",
            "is_certification": True,
            "skill_ids": [(0, 0, {"name": f"Certificate {number}"}) for number in range(CERTIFICATES)],
            "skill_level_ids": [(0, 0, {"name": "Passed", "level_progress": 100, "default_level": True})],
        }
    )
    job = env["hr.job"].create({"name": "Bench operator", "user_id": env.ref("base.user_admin").id})
    env["hr.job.skill"].create(
        [
            {
                "job_id": job.id,
                "skill_type_id": skill_type.id,
                "skill_id": skill.id,
                "skill_level_id": skill_type.skill_level_ids.id,
                "valid_from": "2020-01-01",
            }
            for skill in skill_type.skill_ids
        ]
    )
    env.flush_all()
    cr, company = env.cr, env.company.id
    cr.execute(
        """
        INSERT INTO resource_resource (company_id, name, resource_type, tz, active, time_efficiency, create_date)
        SELECT %s, 'Bench employee ' || i, 'user', 'UTC', true, 100, now() FROM generate_series(1, %s) i
        """,
        [company, EMPLOYEES],
    )
    cr.execute(
        """
        INSERT INTO hr_employee (resource_id, company_id, name, active, create_date, write_date)
        SELECT id, company_id, name, true, now(), now() FROM resource_resource WHERE name LIKE 'Bench employee %'
        """
    )
    cr.execute(
        """
        INSERT INTO hr_version (employee_id, company_id, job_id, last_modified_uid, hr_responsible_id,
                                distance_home_work_unit, marital, employee_type, date_version,
                                last_modified_date, create_date, active)
        SELECT id, company_id, %s, 2, 2, 'kilometers', 'single', 'employee', '2024-01-01', now(), now(), true
          FROM hr_employee WHERE name LIKE 'Bench employee %%'
        """,
        [job.id],
    )
    cr.execute(
        """
        UPDATE hr_employee e SET current_version_id = v.id
          FROM hr_version v WHERE v.employee_id = e.id AND e.current_version_id IS NULL
        """
    )
    cr.execute(
        """
        INSERT INTO hr_employee_skill (employee_id, skill_type_id, skill_id, skill_level_id, valid_from, valid_to,
                                       number, certificate_company_id, create_date, write_date, create_uid, write_uid)
        SELECT e.id, %s, s.id, %s, current_date - 300, current_date + 400,
               'B' || e.id || '-' || s.id, e.company_id, now(), now(), 1, 1
          FROM hr_employee e CROSS JOIN unnest(%s) s(id)
         WHERE e.name LIKE 'Bench employee %%'
        """,
        [skill_type.id, skill_type.skill_level_ids.id, skill_type.skill_ids.ids],
    )
    # An ordinary morning: nobody was hired, promoted or certified since yesterday.
    for table in ("hr_employee", "hr_version", "hr_employee_skill", "hr_job_skill", "hr_skill_type", "hr_skill_level"):
        cr.execute(f"UPDATE {table} SET write_date = now() - interval '30 days'")
    # What autovacuum does before the morning.
    cr.execute("ANALYZE hr_employee, hr_version, hr_employee_skill, resource_resource")
    env.invalidate_all()
    return skill_type, job


def _make_due(env, skill_type, job):
    """A slice of the people with a user, a manager and one certificate that ends in twenty days."""
    cr = env.cr
    users = env["res.users"].with_context(no_reset_password=True).create(
        [
            {"name": f"Bench {number}", "login": f"bench_{number}", "email": f"bench_{number}@example.com"}
            for number in range(DUE)
        ]
    )  # fmt: skip
    env.flush_all()
    cr.execute(
        """
        WITH slice AS (
            SELECT id, row_number() OVER (ORDER BY id) AS n FROM hr_employee
             WHERE name LIKE 'Bench employee %%' ORDER BY id LIMIT %s),
        account AS (SELECT u.id, u.partner_id, u.n FROM (
            SELECT id, partner_id, row_number() OVER (ORDER BY id) AS n FROM res_users WHERE id = ANY(%s)) u)
        UPDATE hr_employee e
           SET user_id = account.id, work_contact_id = account.partner_id,
               parent_id = (SELECT id FROM slice boss WHERE boss.n = (slice.n - 1) / 20 * 20 + 1)
          FROM slice JOIN account ON account.n = slice.n
         WHERE e.id = slice.id
        """,
        [DUE, users.ids],
    )
    cr.execute(
        """
        UPDATE hr_employee_skill SET valid_to = current_date + 20
         WHERE skill_id = %s AND employee_id IN (SELECT id FROM hr_employee WHERE user_id = ANY(%s))
        """,
        [skill_type.skill_ids[:1].id, users.ids],
    )
    cr.execute("ANALYZE hr_employee, hr_employee_skill")
    env.invalidate_all()
