"""1,000,000 tickets: what agents and customers open, against its time at a hundred tickets.

Half of the million are complaints, a tenth of these are open and run against their clocks, a third of the open is late;
2,000 customers have them. The hundred are a young help desk: complaints all, sixty of them open. The same questions as
the web client's, with the fields of the real views; list and board as the menu opens them. It fills a database of its
own, which is thrown away, so that PostgreSQL can clean up before it is asked, as it does at night.
"""

import json
import statistics
import time
from ast import literal_eval

from _measure import ratio
from documents import _specification
from lxml import etree

from odoo.fields import Domain
from odoo.sql_db import db_connect

OWN_DATABASE = True
PAGE, CARDS, TURNS = 80, 40, 15
CUSTOMERS = 2_000
OPEN = ("received", "acknowledged", "assessed", "investigating", "decided", "communicated", "implementing")
HUNDRED = {"open": 60, "closed": 40, "plain": 0}
MILLION = {"open": 50_000, "closed": 450_000, "plain": 500_000}
ACTION = "sqms_complaint.helpdesk_ticket_action_complaint"


def run(env):
    people = {
        "agent": _person(env, "bench_agent", "helpdesk_mgmt.group_helpdesk_user"),
        "officer": _person(env, "bench_officer", "sqms_complaint.group_complaint_officer"),
    }
    customer = _customer(env)
    seed = _seed(env, people["agent"], customer)
    _fill(env, seed, HUNDRED)
    _give(env, seed, customer, 10)
    small = _measure_all(env, people, customer, seed)
    more = {kind: MILLION[kind] - HUNDRED[kind] for kind in MILLION}
    _fill(env, seed, more)
    large = _measure_all(env, people, customer, seed)
    result = {"tickets": env["helpdesk.ticket"].with_context(active_test=False).search_count([]),
              "running clocks": env["sqms.clock"].search_count([("met_at", "=", False)])}  # fmt: skip
    for name, many in large.items():
        few = small[name]
        result[name] = {"hundred": few["ms"], "million": many["ms"], "ratio": ratio(many, few),
                        "queries": [few["queries"], many["queries"]]}  # fmt: skip
    return result


# -- the people and the rows -----------------------------------------------------------


def _person(env, login, group):
    user = env["res.users"].create({"name": login, "login": login, "group_ids": [(6, 0, [env.ref(group).id])]})
    env["hr.employee"].create({"name": login, "user_id": user.id, "company_id": env.company.id})
    return user


def _customer(env):
    partner = env["res.partner"].create({"name": "Bench customer", "email": "customer@example.com"})
    return env["res.users"].create(
        {
            "name": partner.name, "login": "bench_portal", "partner_id": partner.id,
            "group_ids": [(6, 0, [env.ref("base.group_portal").id])],
        }
    )  # fmt: skip


def _seed(env, agent, customer):
    """A complaint and a plain ticket made as everybody makes them, and the people that their copies are spread over."""
    team = env["helpdesk.ticket.team"].create({"name": "Bench", "user_ids": [(6, 0, agent.ids)]})
    category = env["sqms.complaint.category"].create({"name": "Bench"})
    env["res.partner"].create([{"name": f"Customer {n:04}", "email": f"c{n:04}@example.com"} for n in range(CUSTOMERS)])
    values = {"name": "Late delivery", "description": "<p>The parcel arrived late.</p>" * 12, "team_id": team.id,
              "user_id": agent.id, "partner_id": customer.partner_id.id}  # fmt: skip
    complaint, ticket = env["helpdesk.ticket"].create(
        [{**values, "is_complaint": True, "complaint_category_id": category.id}, {**values, "is_complaint": False}]
    )
    env.flush_all()
    env.cr.commit()
    _open_doors(env.cr, "helpdesk_ticket", "sqms_clock")
    return {"complaint": complaint, "ticket": ticket}


def _open_doors(cr, *tables):
    """Copies come in without steps, and two million times thirty foreign keys need not be looked up: nothing stays."""
    for table in tables:
        cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cr.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'", [table])
        for (name,) in cr.fetchall():
            cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cr.commit()


def _fill(env, seed, counts):
    """Copies of the two, spread over three years, the customers and the states."""
    env.flush_all()
    cr = env.cr
    _copy(env, seed["complaint"], counts["open"], "open")
    _copy(env, seed["complaint"], counts["closed"], "closed")
    _copy(env, seed["ticket"], counts["plain"], "plain")
    env.invalidate_all()
    cr.commit()
    with db_connect(cr.dbname).cursor() as other:
        other._cnx.autocommit = True
        for table in ("helpdesk_ticket", "sqms_clock", "sqms_clock_event"):
            other.execute(f"VACUUM (ANALYZE) {table}")


def _give(env, seed, customer, count):
    """So many of the complaints are this customer's, before and after a million have come."""
    partner = customer.partner_id.id
    env.cr.execute(
        "UPDATE helpdesk_ticket SET partner_id = %s, commercial_partner_id = %s"
        " WHERE id IN (SELECT id FROM helpdesk_ticket WHERE id > %s AND complaint_state IS NOT NULL LIMIT %s)",
        [partner, partner, seed["ticket"].id, count],
    )
    env.cr.commit()


def _copy(env, record, count, kind):
    cr = env.cr
    if not count:
        return
    cr.execute("SELECT max(id) FROM helpdesk_ticket")
    (last,) = cr.fetchone()
    closed = env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
    received = "(now() AT TIME ZONE 'UTC') - "
    received += "power(random(), 1.5) * interval '30 days'" if kind == "open" else "random() * interval '1095 days'"
    other = {
        "id": "nextval('helpdesk_ticket_id_seq')",
        "number": f"'{kind[0].upper()}X/' || lpad(({last} + n)::text, 8, '0')",
        "name": "'Late delivery ' || n",
        "partner_id": "customer.id", "commercial_partner_id": "customer.id", "partner_name": "customer.name",
        "partner_email": "customer.email",
        "priority": "(floor(random() * 4)::int)::text",
        "access_token": "NULL",
        "complaint_amount": "round((random() * 900)::numeric, 2)",
    }  # fmt: skip
    if kind != "plain":
        other["complaint_received_at"] = received
    if kind == "open":
        states = ", ".join(f"'{state}'" for state in OPEN)
        other["complaint_state"] = f"(ARRAY[{states}])[1 + n %% {len(OPEN)}]"
        other["clock_due_at"] = "(now() AT TIME ZONE 'UTC') + (random() * 30 - 10) * interval '1 day'"
    elif kind == "closed":
        moment = "(now() AT TIME ZONE 'UTC') - random() * interval '900 days'"
        other.update(complaint_state="'closed'", stage_id=str(closed.id), closed_date=moment,
                     complaint_closed_at=moment, clock_due_at="NULL", clock_nearest_id="NULL",
                     complaint_turn="NULL")  # fmt: skip
    columns = _columns(cr, "helpdesk_ticket")
    chosen = ", ".join(other.get(name, f'source."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cr.execute(
        f"""
        WITH people AS (
            SELECT id, name, email, row_number() OVER (ORDER BY id) - 1 AS i FROM res_partner
             WHERE name LIKE 'Customer %%'
        )
        INSERT INTO helpdesk_ticket ({names})
        SELECT {chosen}
          FROM generate_series(1, %s) n
          JOIN helpdesk_ticket source ON source.id = %s
          JOIN people customer ON customer.i = n %% {CUSTOMERS} * 7919 %% {CUSTOMERS}
        """,
        [count, record.id],
    )
    if kind == "open":
        _copy_clocks(env, record, last)


def _copy_clocks(env, record, last):
    """The clocks that run on the copied complaint, once for each copy; the first is the nearest."""
    cr = env.cr
    columns = [name for name in _columns(cr, "sqms_clock") if name not in ("id", "res_id", "due_at")]
    names, chosen = (", ".join(f'{prefix}"{name}"' for name in columns) for prefix in ("", "source."))
    cr.execute(
        f"""
        INSERT INTO sqms_clock (res_id, due_at, {names})
        SELECT ticket.id, ticket.clock_due_at + (source.id - nearest.id) * interval '2 days', {chosen}
          FROM helpdesk_ticket ticket
          JOIN sqms_clock source ON source.res_model = 'helpdesk.ticket' AND source.res_id = %(record)s
          JOIN (
               SELECT min(id) AS id FROM sqms_clock WHERE res_model = 'helpdesk.ticket' AND res_id = %(record)s
          ) nearest ON TRUE
         WHERE ticket.id > %(last)s AND ticket.complaint_state IS NOT NULL
        """,
        {"record": record.id, "last": last},
    )
    cr.execute(
        """
        UPDATE helpdesk_ticket ticket SET clock_nearest_id = clock.id
          FROM (SELECT min(id) AS id, res_id FROM sqms_clock WHERE res_model = 'helpdesk.ticket' GROUP BY res_id) clock
         WHERE clock.res_id = ticket.id AND ticket.id > %s
        """,
        [last],
    )


def _columns(cr, table):
    cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    return [name for (name,) in cr.fetchall()]


# -- what people open ------------------------------------------------------------------


def _measure_all(env, people, customer, seed):
    result = {}
    for who, user in people.items():
        me = env(user=user.id, su=False, context={"lang": "en_US", "tz": "UTC"})
        for name, work in _works(me, seed["complaint"]).items():
            result[f"{who}, {name}"] = _best(me, work)
    me = env(user=customer.id, su=False, context={"lang": "en_US", "tz": "UTC"})
    result["customer, portal list"] = _best(me, lambda: _portal(me))
    return result


def _works(me, complaint):
    tickets = me["helpdesk.ticket"]
    action = me["ir.actions.act_window"]._for_xml_id(ACTION)
    kinds = [view for view in action["views"] if view[1] in ("list", "kanban", "form")]
    views = tickets.get_views([*kinds, (action["search_view_id"] and action["search_view_id"][0], "search")])
    lines, cards, form = (_specification(me, views, "helpdesk.ticket", kind) for kind in ("list", "kanban", "form"))
    arch = {kind: etree.fromstring(views["views"][kind]["arch"]) for kind in ("list", "kanban")}
    page, column = int(arch["list"].get("limit", PAGE)), int(arch["kanban"].get("limit", CARDS))
    order, groups = arch["list"].get("default_order"), [arch["kanban"].get("default_group_by")]
    bar = arch["kanban"].find("progressbar")
    sums = _sums(tickets, bar)
    search = etree.fromstring(views["views"]["search"]["arch"])
    everything = literal_eval(action["domain"])

    def filtered(*names):
        chosen = [literal_eval(search.find(f".//filter[@name='{name}']").get("domain")) for name in names]
        return list(Domain.AND([everything, *chosen]))

    opened, late, late_here = filtered("my_team_open"), filtered("late"), filtered("my_team_open", "late")

    def read(domain, limit=page, order=order):
        return tickets.web_search_read(domain, lines, limit=limit, order=order, count_limit=10001)

    def board():
        tickets.web_read_group(
            opened, groups, sums,
            auto_unfold=True, unfold_read_specification=cards, unfold_read_default_limit=column,
            order=arch["kanban"].get("default_order"),
        )  # fmt: skip
        colors = {"field": bar.get("field"), "colors": json.loads(bar.get("colors"))}
        tickets.read_progress_bar(opened, groups[0], colors)

    return {
        "list of all": lambda: read(everything),
        "list of the open": lambda: read(opened),
        "twenty late ones": lambda: read(late, 20),  # of a hundred no more are late
        "twenty late ones of the team": lambda: read(late_here, 20),
        "by number": lambda: read([*everything, ("number", "=", complaint.number)]),
        "open board": board,
        "form": lambda: complaint.with_env(me).web_read(form),
    }


def _sums(tickets, bar):
    """What the web client asks of each column: how many, and the sum beside the bar; of money its currencies too."""
    name = bar.get("sum_field")
    if not name:
        return ["__count"]
    field = tickets._fields[name]
    sums = ["__count", f"{name}:{field.aggregator}"]
    if field.type == "monetary":
        sums += [f"{field.get_currency_field(tickets)}:array_agg_distinct", f"{name}:sum_currency"]
    return sums


def _portal(me):
    """What the page of a customer's complaints asks, as its controller does."""
    tickets = me["helpdesk.ticket"]
    domain = tickets._complaint_own_domain()
    tickets.search_count(domain)
    found = tickets.search(domain, order="complaint_received_at desc, id desc", limit=PAGE).sudo()
    return found.mapped("number"), found.mapped("name"), found.mapped("complaint_state")


def _best(env, work):
    """Of many passes, each begun as a new request: other work on the machine only makes them longer."""
    walls, queries = [], []
    work()
    for _turn in range(TURNS):
        env.invalidate_all()
        asked, start = env.cr.sql_log_count, time.perf_counter()
        work()
        walls.append(time.perf_counter() - start)
        queries.append(env.cr.sql_log_count - asked)
    return {"ms": round(min(walls) * 1000, 2), "queries": statistics.median(queries)}
