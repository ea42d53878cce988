"""A new edition for 20,000 people: asked in batches, beside the bare INSERT of the same rows in the same run.

Half of them have a login. People and members are made by SQL. Figures are for one batch of 1,000.
"""

from _measure import ratio, timed

PEOPLE = 20_000
BATCH = 1_000


def run(env):
    readings, version = env["sqms.acknowledgement"].sudo(), _fill(env)
    result = {"people": PEOPLE}
    before = env.cr.sql_log_count
    result["groups filled with 20,000 members"] = timed(env, lambda: _sync_all(env), 1, passes=1)
    env["sqms.audience"].sudo()._sync()
    result["groups looked through, nothing changes"] = timed(env, lambda: env["sqms.audience"].sudo()._sync(), 1)
    floor, mails = timed(env, lambda: _floor(env, version), 1), timed(env, lambda: _activities(env, version), 100, 1)
    result["bare INSERT of 1,000 rows"] = floor
    result["mail.activity, each"] = mails
    batches = []
    while True:
        one = _one(env, lambda: readings._ask(BATCH, version))
        if not one["asked"]:
            break
        batches.append(one)
    times = sorted(batch["ms"] for batch in batches)
    result["batch of 1,000 asked, with its ledger"] = {
        "ms": times[len(times) // 2], "first_ms": batches[0]["ms"], "last_ms": batches[-1]["ms"],
        "queries": sorted({batch["queries"] for batch in batches}), "batches": len(batches),
    }  # fmt: skip
    result["readings"] = readings.search_count([("version_id", "=", version.id)])
    result["mails for 1,000 people"] = timed(env, lambda: _remind(env), 1, passes=1)
    result["ratios"] = {
        "asking 1,000 to the bare INSERT": ratio(result["batch of 1,000 asked, with its ledger"], floor),
        "asking 1,000 to 1,000 activities": round(
            result["batch of 1,000 asked, with its ledger"]["ms"] / (mails["ms"] * BATCH), 3
        ),
        "last batch to first (at most 1.5)": round(batches[-1]["ms"] / batches[0]["ms"], 2),
    }
    result["queries in all"] = env.cr.sql_log_count - before
    env.cr.rollback()
    return result


def _one(env, work):
    """One batch with everything that the end of its transaction does."""
    import time

    env.cr.flush()
    env.invalidate_all()
    asked, queries, started = 0, env.cr.sql_log_count, time.perf_counter()
    asked = work()
    env.cr.flush()
    return {
        "asked": asked,
        "ms": round((time.perf_counter() - started) * 1000, 1),
        "queries": env.cr.sql_log_count - queries,
    }


def _fill(env):
    company = env["res.company"].create({"name": "Benchmark"})
    departments = env["hr.department"].create([{"name": f"D{n}", "company_id": company.id} for n in range(40)])
    template = env["hr.employee"].create({"name": "Template", "company_id": company.id})
    env.flush_all()
    # As many as there would be, without what makes a person slow to create: picture, contact, resource.
    env.cr.execute(
        """
        INSERT INTO resource_resource (name, active, company_id, resource_type, tz, time_efficiency, calendar_id)
        SELECT 'Bench ' || i, true, %(company)s, 'user', 'UTC', 100, NULL FROM generate_series(1, %(count)s) i""",
        {"company": company.id, "count": PEOPLE},
    )
    _copy(env, "hr_employee", template.id, """
        SELECT resource.id AS resource_id, resource.name, NULL::integer AS user_id, NULL::integer AS work_contact_id,
               NULL::integer AS current_version_id
          FROM resource_resource resource WHERE resource.name LIKE 'Bench %%'""")  # fmt: skip
    _copy(env, "hr_version", template.current_version_id.id, """
        SELECT employee.id AS employee_id, (%(departments)s)[1 + employee.id %% 40] AS department_id
          FROM hr_employee employee WHERE employee.name LIKE 'Bench %%'""",
          departments=departments.ids)  # fmt: skip
    env.cr.execute("""
        UPDATE hr_employee SET current_version_id = present.id
          FROM hr_version present WHERE present.employee_id = hr_employee.id AND hr_employee.name LIKE 'Bench %%'""")
    env.invalidate_all()
    document = env["sqms.document"].create(
        {"name": "Benchmark", "company_id": company.id, "audience": "chosen", "tz": "Asia/Shanghai",
         "department_ids": [(6, 0, departments.ids)]}
    )  # fmt: skip
    version = env["sqms.document.version"].create({"document_id": document.id, "content": "<p>Read me.</p>"})
    ask, type(env["sqms.acknowledgement"])._ask = type(env["sqms.acknowledgement"])._ask, lambda *args, **kwargs: 0
    try:
        version.sudo()._take_over(env.uid, "2026-01-01 00:00:00", "2026-01-02 00:00:00")
    finally:
        type(env["sqms.acknowledgement"])._ask = ask
    env.cr.flush()
    env.cr.execute("ANALYZE hr_employee; ANALYZE hr_version; ANALYZE sqms_audience_member; ANALYZE sqms_audience")
    env.invalidate_all()
    return version


def _copy(env, table, source, query, **values):
    """Rows like a given one, with some columns from a query."""
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    columns = [name for (name,) in env.cr.fetchall() if name != "id"]
    env.cr.execute(f"SELECT * FROM ({query}) q LIMIT 0", values or None)
    own = [column.name for column in env.cr.description]
    names = ", ".join(f'"{name}"' for name in columns)
    taken = ", ".join(f'q."{name}"' if name in own else f'model."{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {taken} FROM ({query}) q CROSS JOIN {table} model"
        f" WHERE model.id = {int(source)}",
        values or None,
    )


def _sync_all(env):
    env.cr.execute("DELETE FROM sqms_audience_member")
    env["sqms.audience"].sudo()._sync()


def _floor(env, version):
    """What no asking can do without: a thousand rows."""
    env.cr.execute(
        """
        INSERT INTO sqms_acknowledgement (version_id, document_id, company_id, employee_id, state, create_date)
        SELECT %(version)s, %(document)s, %(company)s, id, 'open', now() FROM hr_employee
         WHERE name LIKE 'Bench %%' LIMIT 1000""",
        {"version": version.id, "document": version.document_id.id, "company": version.company_id.id},
    )


def _activities(env, version):
    env["mail.activity"].create(
        [
            {"res_model_id": env["ir.model"]._get_id(version._name), "res_id": version.id, "user_id": env.uid,
             "summary": "Read"}
            for _number in range(100)
        ]
    )  # fmt: skip


def _remind(env):
    """A thousand people, each with a mail of his own."""
    users = env["res.users"].search([("share", "=", False)], limit=1)
    readings = env["sqms.acknowledgement"].search([("state", "=", "open")], limit=BATCH)
    env["mail.mail"].create([reading._prepare_reminder_values(users) for reading in readings])
