"""Many nonconformities with causes and actions, made by the database itself: no list looks at how rows came in."""

COPY = """
    INSERT INTO {table}
    SELECT (jsonb_populate_record(source, jsonb_build_object('id', nextval('{table}_id_seq'), {other}))).*
      FROM {table} AS source, {rows}
     WHERE source.id = %s {more}
"""


def fill(env, nonconformity, count, actions=1):
    """Copies of a nonconformity with its first cause, and of each copy so many actions.

    :return: the highest id before them
    """
    env.flush_all()
    cr = env.cr
    cr.execute("SELECT max(id) FROM sqms_nonconformity")
    (last,) = cr.fetchone()
    cr.execute(
        COPY.format(
            table="sqms_nonconformity",
            other="'number', 'NC/X/' || lpad((%s + n)::text, 7, '0'),"
            " 'found_at', source.found_at - n * interval '7 min'",
            rows="generate_series(1, %s) AS n",
            more="",
        ),
        [last, count, nonconformity.id],
    )
    for table, record, times in (
        ("sqms_cause", nonconformity.cause_ids[:1], 1),
        ("sqms_action", nonconformity.action_ids[:1], actions),
    ):
        if not record:
            continue
        number = ", 'number', 'A/X/' || lpad((other.id * 10 + n)::text, 9, '0')" if table == "sqms_action" else ""
        cr.execute(
            COPY.format(
                table=table,
                other=f"'nonconformity_id', other.id{number}",
                rows="sqms_nonconformity AS other, generate_series(1, %s) AS n",
                more="AND other.id > %s AND other.number LIKE 'NC/X/%%'",
            ),
            [times, record.id, last],
        )
    env.invalidate_all()
    return last
