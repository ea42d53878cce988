"""100,000 nonconformities and 300,000 actions: list, kanban, form, search and My Morning against their time at ten.

Of the 100,000 nineteen in twenty are closed; the employee has to do with twenty. The same questions as the web
client's, with the fields of the real views and a page of the same length; with ten records and with all of them in
the same run, as a quality officer, as a manager and as a plain employee.
"""

import statistics
import time

from _measure import ratio
from documents import _person, _specification
from lxml import etree

from odoo.addons.sqms_base.tests.nonconformity_many import fill

PAGE, CARDS = 80, 40  # what the web client asks for unless the view says otherwise: lines, and cards of a group
SMALL, LARGE, ACTIONS = 10, 100_000, 3
CLOSED = 0.95  # as in a register of years
TURNS = 25  # the best of so many: at ten records a list takes a few milliseconds
GROUPS = ["state"]
OPEN = {
    "sqms.nonconformity": ("found", "contained", "cause", "action", "verified", "effective"),
    "sqms.action": ("planned", "started"),
}
BARS = {
    "sqms.nonconformity": {"field": "grade", "colors": {"minor": "info", "major": "warning", "critical": "danger"}},
}


def run(env):
    people = {
        "officer": _person(env, "officer", "sqms_base.group_sqms_officer"),
        "manager": _person(env, "manager", "sqms_base.group_sqms_manager"),
        "employee": _person(env, "employee", "base.group_user"),
    }
    nonconformity = _seed(env, people)
    _fill(env, nonconformity, SMALL - 1, 0, people)
    at_ten = _measure_all(env, people, nonconformity)
    _fill(env, nonconformity, LARGE - SMALL, int((LARGE - SMALL) * CLOSED), people)
    at_many = _measure_all(env, people, nonconformity)
    result = {
        "nonconformities": env["sqms.nonconformity"].search_count([]),
        "actions": env["sqms.action"].search_count([]),
    }
    for name, large in at_many.items():
        small = at_ten[name]
        result[name] = {
            "ten": small["ms"], "many": large["ms"], "ratio": ratio(large, small),
            "queries": [small["queries"], large["queries"]],
        }  # fmt: skip
    return result


def _seed(env, people):
    """One with a cause and an action, made as everybody makes them; all else are its copies."""
    process = env["sqms.process"].create({"code": "B1", "name": "Bench"})
    nonconformity = env["sqms.nonconformity"].create(
        {"name": "Charged twice", "process_id": process.id, "owner_id": people["officer"].id, "description": "x" * 400}
    )
    env["sqms.cause"].create({"nonconformity_id": nonconformity.id, "name": "No rule", "category": "method"})
    env["sqms.action"].create(
        {"nonconformity_id": nonconformity.id, "name": "Make a rule", "kind": "corrective",
         "owner_id": people["officer"].id, "date_due": "2027-01-01"}
    )  # fmt: skip
    # Copies come in without steps; all of it is rolled back in the end.
    env.flush_all()
    env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("sqms_nonconformity", "sqms_action"):
        env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return nonconformity


def _fill(env, nonconformity, count, closed, people):
    """Copies: the open ones in all open states, then older ones, closed with their actions proven effective.

    The copied one changes, not its copies: the tables hold no more dead rows than a register that is looked after.
    """
    cr = env.cr
    opened = count - closed
    for number, state in enumerate(OPEN["sqms.nonconformity"]):
        share = opened // len(OPEN["sqms.nonconformity"]) + (number < opened % len(OPEN["sqms.nonconformity"]))
        _copy(env, nonconformity, share, state, ("planned", "started", "done")[number // 2], f"{number} min")
    _copy(env, nonconformity, closed, "closed", "effective", "200 days")
    _let_be(env, nonconformity, "found", "planned", "0 min")
    _involve(env, nonconformity, people["employee"])
    # What autovacuum does before anybody searches.
    cr.execute(
        """
        SELECT gin_clean_pending_list(pg_index.indexrelid)
          FROM pg_index
          JOIN pg_class ON pg_class.oid = pg_index.indexrelid
          JOIN pg_am ON pg_am.oid = pg_class.relam
         WHERE pg_index.indrelid IN ('sqms_nonconformity'::regclass, 'sqms_action'::regclass)
           AND pg_am.amname = 'gin'
        """
    )
    cr.execute("ANALYZE")
    env.invalidate_all()


def _copy(env, nonconformity, count, state, action_state, ago):
    if count:
        _let_be(env, nonconformity, state, action_state, ago)
        fill(env, nonconformity, count, ACTIONS)


def _let_be(env, nonconformity, state, action_state, ago):
    env.flush_all()
    env.cr.execute(
        "UPDATE sqms_nonconformity SET state = %s, found_at = create_date - %s::interval WHERE id = %s",
        [state, ago, nonconformity.id],
    )
    env.cr.execute("UPDATE sqms_action SET state = %s WHERE id = %s", [action_state, nonconformity.action_ids[:1].id])
    env.invalidate_all()


def _involve(env, nonconformity, user):
    """Of all that there are, evenly, the employee has reported ten, and owns one of the actions of ten."""
    cr = env.cr
    cr.execute(
        """
        WITH chosen AS (
            SELECT id, row_number() OVER (ORDER BY n) %% 2 AS reports FROM (
                SELECT id, row_number() OVER (ORDER BY found_at DESC, id) AS n, count(*) OVER () AS total
                  FROM sqms_nonconformity
                 WHERE id <> %(copied)s
            ) AS numbered
             WHERE n %% greatest(1, total / 20) = 0
             LIMIT 20
        ), reported AS (
            UPDATE sqms_nonconformity SET author_id = %(user)s WHERE id IN (SELECT id FROM chosen WHERE reports = 1)
        )
        UPDATE sqms_action SET owner_id = %(user)s
         WHERE id IN (
               SELECT min(id)
                 FROM sqms_action
                WHERE nonconformity_id IN (SELECT id FROM chosen WHERE reports = 0)
                GROUP BY nonconformity_id
         )
        """,
        {"user": user.id, "copied": nonconformity.id},
    )
    env.invalidate_all()
    records = env["sqms.nonconformity"].search([])
    for part in range(0, len(records), 10_000):
        records[part : part + 10_000]._compute_involved_ids()


def _measure_all(env, people, nonconformity):
    result = {}
    for who, user in people.items():
        me = env(user=user.id, su=False, context={"lang": "en_US", "tz": "UTC"})
        for model in ("sqms.nonconformity", "sqms.action"):
            views = me[model].get_views([(False, "list"), (False, "kanban"), (False, "form")])
            lines, cards, form = (_specification(me, views, model, kind) for kind in ("list", "kanban", "form"))
            records = me[model]
            record = records.search([], limit=1)
            is_open = [("state", "in", OPEN[model])]

            page, column = (
                int(etree.fromstring(views["views"][kind]["arch"]).get("limit", usual))
                for kind, usual in (("list", PAGE), ("kanban", CARDS))
            )

            def read(domain, limit=page, records=records, lines=lines):
                return records.web_search_read(domain, lines, limit=limit, count_limit=10001)

            def kanban(records=records, cards=cards, is_open=is_open, column=column):
                # As the web client asks: its groups with their first cards, and the bar above each.
                records.web_read_group(
                    is_open, GROUPS, ["__count"], auto_unfold=True, unfold_read_specification=cards,
                    unfold_read_default_limit=column,
                )  # fmt: skip
                if records._name in BARS:
                    records.read_progress_bar(is_open, "state", BARS[records._name])

            works = {
                # As the menu opens it, all there are, and as many lines as there are at ten records.
                "list of the open": lambda read=read, d=is_open: read(d),
                "ten lines of the open": lambda read=read, d=is_open: read(d, 10),
                "list": lambda read=read: read([]),
                "ten lines": lambda read=read: read([], 10),
                "kanban": kanban,
                "search": lambda read=read, n=record.number: read([("number", "ilike", n)]),
                "form": lambda me=me, r=record, s=form: r.with_env(me).web_read(s),
            }  # fmt: skip
            for name, work in works.items():
                result[f"{who}, {model}, {name}"] = _best(me, work)
        result[f"{who}, My Morning"] = _best(me, lambda me=me: me["sqms.morning"].get_morning())
    return result


def _best(env, work):
    """Of many passes, each begun as a new request: other work on the machine only makes them longer."""
    walls, queries = [], []
    for _turn in range(TURNS):
        env.invalidate_all()
        asked, start = env.cr.sql_log_count, time.perf_counter()
        work()
        walls.append(time.perf_counter() - start)
        queries.append(env.cr.sql_log_count - asked)
    return {"ms": round(min(walls) * 1000, 2), "queries": statistics.median(queries)}
