"""Many complaints at once, for tests and benchmarks: copies of one row with a number, a day and words of their own."""

from odoo.tools import SQL
from odoo.tools.sql import table_columns

WORDS = ("late", "charge", "window", "cleaner", "repair", "invoice", "refund", "noise", "leak", "promise")


def fill_complaints(env, complaint, count, days=3650):
    """Copies of a complaint, spread over so many days before now; customers, orders and words differ.

    The guards of the database are off for the rest of the transaction: whoever calls this rolls back.
    """
    env.flush_all()
    env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
    env.cr.execute("ALTER TABLE helpdesk_ticket DISABLE TRIGGER USER")
    own = {
        "number": "'X/' || (SELECT COALESCE(MAX(id), 0) FROM helpdesk_ticket) || '/' || n",
        "name": "(%(words)s::text[])[1 + n %% 10] || ' ' || (%(words)s::text[])[1 + (n / 10) %% 10] || ' ' || "
        "(%(words)s::text[])[1 + (n / 100) %% 10] || ' S' || (900000 + n)",
        "complaint_received_at": "now() AT TIME ZONE 'UTC' - n / %(count)s::float * %(days)s * interval '1 day'",
        "commercial_partner_id": "NULL",
        "partner_id": "NULL",
        "partner_email": "'c' || n || '@example.com'",
        "complaint_email_key": "'c' || n || '@example.com'",
        "complaint_phone_key": "lpad(n::text, 9, '7')",
        "complaint_reference_key": "'s' || (900000 + n)",
        "clock_nearest_id": "NULL",
        "complaint_access_digest": "NULL",
        "complaint_form_key": "NULL",
        "access_token": "NULL",
    }
    names = [name for name in table_columns(env.cr, "helpdesk_ticket") if name != "id"]
    values = SQL(", ").join(
        SQL(own[name], words=list(WORDS), days=days, count=count)
        if name in own and "%(" in own[name]
        else SQL(own[name].replace("%%", "%").replace("%", "%%"))
        if name in own
        else SQL.identifier("t", name)
        for name in names
    )
    env.cr.execute(
        SQL(
            "INSERT INTO helpdesk_ticket (%s)"
            " SELECT %s FROM helpdesk_ticket t, generate_series(1, %s) AS n WHERE t.id = %s",
            SQL(", ").join(map(SQL.identifier, names)),
            values,
            count,
            complaint.id,
        )
    )
    env.cr.execute("ANALYZE helpdesk_ticket")
    env.invalidate_all()
