"""One person erased over 100,000 linked rows, beside the bare UPDATEs of the same rows in the same run.

The rows are made by SQL: messages of the person on two hundred complaints, and answers to surveys. Looking up is
measured by itself.
"""

from _measure import ratio, timed

from odoo.tools import SQL

MESSAGES = 80_000
ANSWERS = 20_000
COMPLAINTS = 200
WORDS = " I paid twice and want the second payment back, please call me." * 3
PATTERN = "bench liwang|li@bench.example.com|13800138000"


def run(env):
    env = env(user=1, su=True)
    person = env["res.partner"].create(
        {"name": "Bench Liwang", "email": "li@bench.example.com", "phone": "138 0013 8000"}
    )
    tickets = _fill(env, person)
    request = env["sqms.erasure"].create({"partner_ids": person.ids, "identity_check": "Bench"})
    work = {
        "look up": lambda: request._look_up(),
        "erase": lambda: (request._mark(), env["sqms.privacy"]._replace(False, request.number)),
        "bare UPDATEs": lambda: _bare(env, tickets, person),
    }
    result = {"linked rows": MESSAGES + ANSWERS + COMPLAINTS}
    request._look_up()
    for name, do in work.items():
        result[name] = timed(env, do, 1)
    result["ratios"] = {"erase to bare UPDATEs": ratio(result["erase"], result["bare UPDATEs"])}
    env.cr.rollback()
    return result


def _fill(env, person):
    team = env["helpdesk.ticket.team"].create({"name": "Benchmark"})
    tickets = env["helpdesk.ticket"].with_context(tracking_disable=True).create(
        [
            {"name": "Late", "description": f"<p>{WORDS}</p>", "team_id": team.id, "partner_id": person.id,
             "partner_name": person.name, "partner_email": person.email}
            for _number in range(COMPLAINTS)
        ]
    )  # fmt: skip
    survey = env["survey.survey"].create({"title": "Benchmark"})
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO mail_message (model, res_id, author_id, email_from, body, message_type, date, create_date)
        SELECT 'helpdesk.ticket', %s + n %% %s, %s, 'Li <li@bench.example.com>',
               '<p>Bench Liwang, 138-0013-8000:' || %s || n || '</p>', 'comment', now(), now()
          FROM generate_series(1, %s) n
        """,
        [tickets[0].id, COMPLAINTS, person.id, WORDS, MESSAGES],
    )
    env.cr.execute(
        """
        INSERT INTO survey_user_input (survey_id, partner_id, email, nickname, access_token, state)
        SELECT %s, %s, 'li@bench.example.com', 'Bench Liwang', md5(n::text), 'done' FROM generate_series(1, %s) n
        """,
        [survey.id, person.id, ANSWERS],
    )
    env.cr.execute("ANALYZE mail_message, survey_user_input, helpdesk_ticket")
    return tickets


def _bare(env, tickets, person):
    """The least that could be done: each row once, cleaned of the same words, without asking whose it is."""
    clean = SQL("regexp_replace(body, %s, '[…]', 'gi')", PATTERN)
    for statement in (
        SQL("UPDATE mail_message SET body = %s, email_from = NULL WHERE model = 'helpdesk.ticket' AND res_id = ANY(%s)",
            clean, tickets.ids),
        SQL("UPDATE survey_user_input SET email = NULL, nickname = 'Erased person' WHERE partner_id = %s", person.id),
        SQL("UPDATE helpdesk_ticket SET partner_name = 'Erased person', partner_email = NULL,"
            " description = regexp_replace(description, %s, '[…]', 'gi') WHERE id = ANY(%s)", PATTERN, tickets.ids),
    ):  # fmt: skip
        env.cr.execute(statement)
