"""Two complaints with 5,000 messages are merged and the merge is undone, beside the bare UPDATEs of the same rows; and
what is typed is compared with 1,000,000 complaints.

Everything at the end of a request is on; figures are per merge.
"""

from datetime import timedelta

from _measure import ratio, timed, user_env

from odoo import fields
from odoo.tools import SQL

from odoo.addons.sqms_complaint.tests.complaint_many import fill_complaints

MESSAGES = 5_000
COMPLAINTS = 1_000_000
TIMES = 20


def run(env):
    me = user_env(env)
    customer = me["res.partner"].create({"name": "Wang Li", "email": "wang.li@example.com"})
    now = fields.Datetime.now()
    values = {"name": "Double charge on order S00123", "description": "<p>Twice.</p>", "is_complaint": True,
              "partner_id": customer.id}  # fmt: skip
    first, later, small_first, small_later = me["helpdesk.ticket"].create(
        [{**values, "complaint_received_at": now - timedelta(hours=hours)} for hours in (5, 4, 3, 2)]
    )
    me["mail.message"].sudo().create(
        [
            {"model": "helpdesk.ticket", "res_id": ticket.id, "message_type": "comment", "body": "<p>Words.</p>"}
            for ticket, number in ((first, MESSAGES), (later, MESSAGES), (small_later, 10))
            for _number in range(number)
        ]
    )

    def merge_and_undo(source, target):
        source._merge_into(target, "the same case")
        me.cr.flush()
        source._merge_undo("it is not")

    def bare():
        for one, other in ((later, first), (first, later)):
            me.cr.execute(
                SQL(
                    "UPDATE mail_message SET res_id = %s WHERE model = 'helpdesk.ticket' AND res_id = %s",
                    other.id,
                    one.id,
                )
            )

    merge_and_undo(small_later, small_first)  # warm
    result = {
        "merge and undo, 10 messages": timed(me, lambda: merge_and_undo(small_later, small_first), 1),
        "merge and undo, 5,000 messages": timed(me, lambda: merge_and_undo(later, first), 1),
        "two UPDATEs of them": timed(me, bare, 1),
    }
    many = result["merge and undo, 5,000 messages"]
    result["ratio to the bare UPDATEs"] = ratio(many, result["two UPDATEs of them"])
    result["more queries for more messages"] = many["queries"] - result["merge and undo, 10 messages"]["queries"]

    typed = {"partner_id": customer.id, "name": "Double charge on order S00123", "partner_email": customer.email,
             "complaint_phone": "13812345678", "complaint_service": "Window cleaning"}  # fmt: skip
    strange = {"name": "late charge window S900017", "complaint_service": ""}
    chinese = {"name": "空调清洗后重复收费", "complaint_service": "空调清洗"}
    fill_complaints(env, small_first, COMPLAINTS)
    for name, values in (("customer and order", typed), ("words alone", strange), ("Chinese words", chinese)):
        result[f"compared with 1,000,000: {name}"] = timed(
            me, lambda values=values: [me["helpdesk.ticket"].duplicate_candidates(values) for _n in range(TIMES)], TIMES
        )
    env.cr.rollback()
    return result
