"""50,000 editions: list, search and form as an officer and as a plain employee, against their time at fifty.

The same questions as the web client's, with the fields of the real views and a page of the same length; at fifty and at
50,000 editions in the same run. Half of the editions are in force, the others were replaced by them.
"""

import statistics
import time

from _measure import ratio
from lxml import etree

PAGE = 25
SMALL, LARGE, TURNS = 25, 25_000, 15  # documents; each has two editions
# Lists of lines in a form are fetched as far as the client shows them.
LINES = 40
RARE, COMMON = "唯一", "客户"

COPY = """
    INSERT INTO {table}
    SELECT (jsonb_populate_record(source, jsonb_build_object('id', nextval('{table}_id_seq'), {other}))).*
      FROM {table} source, {rows} WHERE source.id = %s
"""


def run(env):
    people = {"officer": _person(env, "officer", "sqms_base.group_sqms_officer"),
              "employee": _person(env, "employee", "base.group_user")}  # fmt: skip
    old, new = _seed(env, people)
    _fill(env, old, new, SMALL - 1)
    at_fifty = _measure_all(env, people, new)
    _fill(env, old, new, LARGE - SMALL)
    at_many = _measure_all(env, people, new)
    result = {"editions": env["sqms.document.version"].search_count([])}
    for name, large in at_many.items():
        result[name] = {"fifty": at_fifty[name], "many": large, "ratio": ratio(large, at_fifty[name])}
    return result


def _person(env, login, group):
    user = env["res.users"].create(
        {"name": login, "login": f"bench_{login}", "group_ids": [(6, 0, [env.ref(group).id])]}
    )
    env["hr.employee"].create({"name": login, "user_id": user.id, "company_id": env.company.id})
    return user


def _seed(env, people):
    """One document with an old edition and one in force, made as everybody makes them; all else are its copies."""
    env["sqms.document.version"].search([]).mapped("state")
    document = env["sqms.document"].create({"name": "Refund 退款", "document_type": "procedure"})
    versions = env["sqms.document.version"]
    for number in (1, 2):
        version = versions.create(
            {"document_id": document.id, "content": f"<p>客户 投诉 {number}</p>" + "<p>Be polite.</p>" * 60}
        )
        version._take_over(env.ref("base.user_admin").id, f"2026-0{number}-01 00:00:00", f"2026-0{number}-02 00:00:00")
    env.flush_all()
    return document.version_ids.sorted("edition")


def _fill(env, old, new, count):
    """Copies in the database itself: the ORM would take an hour, and no list looks at how rows came in."""
    env.flush_all()
    document, cr = old.document_id, env.cr
    cr.execute("SELECT COALESCE(max(id), 0) FROM sqms_document")
    (last,) = cr.fetchone()
    cr.execute(
        COPY.format(
            table="sqms_document",
            other="'number', 'B' || lpad((%s + n)::text, 7, '0')",
            rows="generate_series(1, %s) n",
        ),
        [last, count, document.id],
    )
    for version in (old, new):
        cr.execute(
            COPY.format(table="sqms_document_version", other="'document_id', d.id", rows="sqms_document d")
            + " AND d.id > %s AND d.number LIKE 'B%%'",
            [version.id, last],
        )
        cr.execute("SELECT id FROM sqms_acknowledgement WHERE version_id = %s LIMIT 3", [version.id])
        for (reading,) in cr.fetchall():
            cr.execute(
                COPY.format(
                    table="sqms_acknowledgement", other="'document_id', v.document_id, 'version_id', v.id",
                    rows="sqms_document_version v",
                )
                + " AND v.document_id > %s AND v.edition = %s",
                [reading, last, version.edition],
            )  # fmt: skip
    cr.execute(
        """
        INSERT INTO sqms_document_text (document_id, version_id, words, grams)
        SELECT v.document_id, v.id, repeat(' 客户 投诉 ' || v.document_id || ' be polite ', 20),
               array_to_tsvector(ARRAY['客户', '户', '投诉', '诉', 'be', 'polite', v.document_id::text])
          FROM (SELECT document_id, id FROM sqms_document_version UNION ALL SELECT id, NULL FROM sqms_document) v
         WHERE v.document_id > %s
        """,
        [last],
    )
    cr.execute(
        """
        UPDATE sqms_document_text SET words = words || ' 唯一 ',
               grams = array_to_tsvector(ARRAY['唯一', '一']) || grams
         WHERE document_id = %s AND version_id IS NOT NULL
        """,
        [document.id],
    )
    # What autovacuum does before anybody searches.
    cr.execute("SELECT gin_clean_pending_list('sqms_document_text__grams_index')")
    cr.execute("ANALYZE")
    env.invalidate_all()


def _measure_all(env, people, edition):
    result = {}
    for who, user in people.items():
        me = env(user=user.id, su=False, context={"lang": "en_US", "tz": "UTC"})
        for model, record in (("sqms.document", edition.document_id), ("sqms.document.version", edition)):
            views = me[model].get_views([(False, "list"), (False, "form")])
            limit = int(etree.fromstring(views["views"]["list"]["arch"]).get("count_limit", 10000)) + 1
            lines, form = (_specification(me, views, model, kind) for kind in ("list", "form"))
            what = {
                "list": ([], lines),
                f"search “{RARE}”": ([("fulltext", "ilike", RARE)], lines),
                f"search “{COMMON}”": ([("fulltext", "ilike", COMMON)], lines),
            }
            for name, (domain, specification) in what.items():
                result[f"{who}, {model}, {name}"] = _median(
                    me, lambda me=me, d=domain, s=specification, m=model, c=limit: me[m].web_search_read(
                        d, s, limit=PAGE, count_limit=c
                    )
                )  # fmt: skip
            result[f"{who}, {model}, form"] = _median(me, lambda me=me, r=record, s=form: r.with_env(me).web_read(s))
    return result


def _median(env, work):
    """Best and median over passes, each begun as a new request; other work on the machine only makes them longer."""
    walls, queries = [], []
    for _turn in range(TURNS):
        env.invalidate_all()
        asked, start = env.cr.sql_log_count, time.perf_counter()
        work()
        walls.append(time.perf_counter() - start)
        queries.append(env.cr.sql_log_count - asked)
    return {
        "ms": round(min(walls) * 1000, 1),
        "median_ms": round(statistics.median(walls) * 1000, 1),
        "queries": statistics.median(queries),
    }


def _specification(env, views, model, kind):
    """The fields of a view as the web client asks for them."""
    return _fields(env, etree.fromstring(views["views"][kind]["arch"]), model)


def _fields(env, arch, model):
    found = {}
    for node in arch.iter("field"):
        if any(parent.tag == "field" for parent in node.iterancestors() if parent is not arch):
            continue
        field = env[model]._fields[node.get("name")]
        inner = node.find("list")
        if inner is None:
            inner = node.find("kanban")
        if field.type in ("one2many", "many2many"):
            within = _fields(env, inner, field.comodel_name) if inner is not None else {"display_name": {}}
            found[field.name] = {"fields": within, "limit": LINES}
        else:
            found[field.name] = {"fields": {"display_name": {}}} if field.type == "many2one" else {}
    return found
