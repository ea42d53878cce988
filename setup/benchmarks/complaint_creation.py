"""Tickets and complaints, one by one as people make them and in a batch, beside the bare INSERT.

Mail tracking, followers and everything at the end of a request are on. Figures are per record.
"""

from _measure import ratio, timed, user_env

ONE_BY_ONE = 100
BATCH = 500
TEXT = "<p>The parcel arrived late and one part was missing.</p>" * 6


def run(env):
    me = user_env(env)
    team = me["helpdesk.ticket.team"].create({"name": "Benchmark"})
    partner = me["res.partner"].create({"name": "Wang Li", "email": "wang.li@example.com"})
    ticket = {"name": "Late delivery", "description": TEXT, "team_id": team.id, "partner_id": partner.id,
              "partner_name": partner.name, "partner_email": partner.email, "priority": "2"}  # fmt: skip
    complaint = {**ticket, "is_complaint": True}
    Ticket = me["helpdesk.ticket"]

    def one_by_one(values):
        for _number in range(ONE_BY_ONE):
            Ticket.create(dict(values))
            me.cr.flush()
            me.invalidate_all()

    def batch(values):
        Ticket.create([dict(values) for _number in range(BATCH)])

    one_by_one(ticket)  # warm
    result = {
        "ticket, one by one": timed(me, lambda: one_by_one(ticket), ONE_BY_ONE),
        "complaint, one by one": timed(me, lambda: one_by_one(complaint), ONE_BY_ONE),
        "ticket, batch": timed(me, lambda: batch(ticket), BATCH),
        "complaint, batch": timed(me, lambda: batch(complaint), BATCH),
        "INSERT each": timed(me, lambda: _insert_each(me, ticket), BATCH),
        "INSERT .. SELECT": timed(me, lambda: _insert_all(me, ticket), BATCH),
    }
    result["ratios"] = {
        "complaint to ticket, one by one": ratio(result["complaint, one by one"], result["ticket, one by one"]),
        "complaint to ticket, batch": ratio(result["complaint, batch"], result["ticket, batch"]),
        "complaint, one by one to batch": ratio(result["complaint, one by one"], result["complaint, batch"]),
        "complaint, batch to INSERT each": ratio(result["complaint, batch"], result["INSERT each"]),
    }
    result["more queries than a ticket, one by one"] = round(
        result["complaint, one by one"]["queries"] - result["ticket, one by one"]["queries"], 2
    )
    env.cr.rollback()
    return result


_COLUMNS = (
    "(number, name, description, stage_id, partner_id, company_id, team_id, sequence, priority, active, create_date)"
)


def _values(env, values):
    stage = env["helpdesk.ticket.stage"].search([], limit=1)
    return [values["name"], values["description"], stage.id, values["partner_id"], env.company.id, values["team_id"]]


def _insert_each(env, values):
    floor = _values(env, values)
    for number in range(BATCH):
        env.cr.execute(
            f"INSERT INTO helpdesk_ticket {_COLUMNS} "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, 10, '2', true, now()) RETURNING id",
            [f"ROW{number}", *floor],
        )


def _insert_all(env, values):
    env.cr.execute(
        f"""INSERT INTO helpdesk_ticket {_COLUMNS}
            SELECT 'RAW' || i, %s, %s, %s, %s, %s, %s, 10, '2', true, now() FROM generate_series(1, %s) i""",
        [*_values(env, values), BATCH],
    )
