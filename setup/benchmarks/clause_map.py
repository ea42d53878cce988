"""The clause map of 500 clauses with 100 evidence rules over 20,000 pieces of equipment, beside what must be done at
least: reading the clauses and one scan of the table, and beside asking rule by rule.

Made by SQL and in batches. Figures are for the whole map.
"""

from _measure import ratio, timed, user_env

CHAPTERS, RECORDS = 50, 20_000


def run(env):
    standard, rules = _fill(env)
    me = user_env(env)
    Map, Clause = me["sqms.clause.map"], me["sqms.clause"]
    mine = [("standard_id", "=", standard.id)]
    Map.get_map(standard.id)  # warm
    result = {
        "the map": timed(me, lambda: Map.get_map(standard.id), 1),
        "clauses read, table scanned once": timed(me, lambda: _floor(me, Clause, mine), 1),
        "rule by rule": timed(me, lambda: _one_by_one(me, rules), 1, passes=1),
    }
    _more(env, standard)
    result["the map, twice the clauses"] = timed(me, lambda: Map.get_map(standard.id), 1)
    result["ratios"] = {
        "the map to what must be done at least": ratio(result["the map"], result["clauses read, table scanned once"]),
        "rule by rule to the map": ratio(result["rule by rule"], result["the map"]),
        "twice the clauses": ratio(result["the map, twice the clauses"], result["the map"]),
    }
    result["queries of the map (at most 15)"] = result["the map"]["queries"]
    env.cr.rollback()
    return result


def _floor(env, clauses, domain):
    clauses.search_fetch(domain, ["number", "name", "parent_id"])
    env.cr.execute(
        "SELECT count(*), max(effective_date) FROM maintenance_equipment WHERE company_id = %s", [env.company.id]
    )


def _one_by_one(env, rules):
    for rule in rules.sudo():
        plan = rule._plan(env.company)
        records = env[plan.model].sudo()
        for domain in (plan.domain, plan.domain & plan.fresh, plan.domain & plan.marked):
            records.search_count(domain & records._check_company_domain(env.company))


def _fill(env):
    standard = env["sqms.standard"].create({"code": "Benchmark", "name": "Benchmark"})
    clauses = _more(env, standard)
    rules = env["sqms.evidence.rule"].create(
        [
            {
                "name": f"Equipment {number}",
                "company_id": False,
                "source": "maintenance.equipment:effective_date",
                "freshness_days": 30 + number,
                "kind": "none",
                "numerator_domain": '[("warranty_date", "<", "today")]',
                "clause_ids": [(6, 0, clauses[number * 4 : number * 4 + 4].ids)],
            }
            for number in range(100)
        ]
    )
    equipment = env["maintenance.equipment"].create({"name": "Van", "company_id": env.company.id})
    env.flush_all()
    env.cr.execute(
        """SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
            WHERE table_name = 'maintenance_equipment'
              AND column_name NOT IN ('id', 'effective_date', 'warranty_date')"""
    )
    same = env.cr.fetchone()[0]
    env.cr.execute(
        f"""INSERT INTO maintenance_equipment (effective_date, warranty_date, {same})
            SELECT current_date - (n %% 900), current_date + (n %% 500) - 20, {same}
              FROM maintenance_equipment e, generate_series(1, %s) n WHERE e.id = %s""",
        [RECORDS, equipment.id],
    )
    env.cr.execute("ANALYZE maintenance_equipment")
    return standard, rules


def _more(env, standard):
    start = env["sqms.clause"].search_count([("standard_id", "=", standard.id), ("parent_id", "=", False)])
    heads = env["sqms.clause"].create(
        [
            {"standard_id": standard.id, "number": str(number), "name": "Chapter"}
            for number in range(start + 1, start + CHAPTERS + 1)
        ]
    )
    return env["sqms.clause"].create(
        [
            {"standard_id": standard.id, "parent_id": head.id, "number": f"{head.number}.{number}", "name": "Duty"}
            for head in heads
            for number in range(9)
        ]
    )
