"""Tickets and complaints, one by one as people make them and in a batch, beside the bare INSERT.

Mail tracking, followers and everything at the end of a request are on. Figures are per record. A complaint has its
five deadlines; “received” is one with deadlines, ledger and acknowledgement, as the public form makes it. Beside it, in
the same run, the helpdesk ticket of the peers with service levels and rating.
"""

from _measure import ratio, timed, user_env

PEERS = ("helpdesk_mgmt_sla", "helpdesk_mgmt_rating")
RECEIVED = "received, one by one"
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
    PublicTicket = Ticket.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)

    def one_by_one(values):
        for _number in range(ONE_BY_ONE):
            Ticket.create(dict(values))
            me.cr.flush()
            me.invalidate_all()

    def batch(values):
        Ticket.create([dict(values) for _number in range(BATCH)])

    def received():
        for _number in range(ONE_BY_ONE):
            PublicTicket.create(dict(on_page))._acknowledge_on_receipt()
            me.cr.flush()
            me.invalidate_all()

    on_page = {**complaint, "channel_id": env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web").id}
    one_by_one(ticket)  # warm
    received()
    _check_complete(Ticket.search([("is_complaint", "=", True), ("team_id", "=", team.id)], limit=1))
    result = {
        "ticket, one by one": timed(me, lambda: one_by_one(ticket), ONE_BY_ONE),
        "complaint, one by one": timed(me, lambda: one_by_one(complaint), ONE_BY_ONE),
        RECEIVED: timed(me, received, ONE_BY_ONE),
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


def _check_complete(complaint):
    """What is compared is a complaint with everything it has in use."""
    if len(complaint.clock_ids) < 5 or complaint.complaint_state != "acknowledged":
        raise ValueError("The complaint has no deadlines or is not acknowledged: nothing is compared.")
    if not complaint.env["sqms.complaint.notice"].sudo().search_count([("ticket_id", "=", complaint.id)]):
        raise ValueError("Nothing is sent to the customer: nothing is compared.")
    if not complaint.sudo().sqms_history():
        raise ValueError("The ledger has no entry: nothing is compared.")


def run_peer(env):
    """A ticket of the peers: one service level of its team, rated when it is closed."""
    me = user_env(env)
    team = me["helpdesk.ticket.team"].create({"name": "Benchmark", "use_sla": True})
    me["helpdesk.sla"].create({"name": "Solved in time", "team_ids": [(6, 0, team.ids)], "days": 2})
    partner = me["res.partner"].create({"name": "Wang Li", "email": "wang.li@example.com"})
    ticket = {"name": "Late delivery", "description": TEXT, "team_id": team.id, "partner_id": partner.id,
              "partner_name": partner.name, "partner_email": partner.email, "priority": "2"}  # fmt: skip
    Ticket = me["helpdesk.ticket"]

    def one_by_one():
        for _number in range(ONE_BY_ONE):
            Ticket.create(dict(ticket))
            me.cr.flush()
            me.invalidate_all()

    one_by_one()  # warm
    if not Ticket.search([("team_id", "=", team.id)], limit=1).ticket_sla_ids:
        raise ValueError("The tickets of the peers have no service level: nothing is compared.")
    result = {
        RECEIVED: timed(me, one_by_one, ONE_BY_ONE),
        "complaint, batch": timed(me, lambda: Ticket.create([dict(ticket) for _n in range(BATCH)]), BATCH),
    }
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
