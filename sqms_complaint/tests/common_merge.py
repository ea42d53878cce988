from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .common import ComplaintCase

# What an undone merge may leave behind: who touched the row last, and how much time has passed meanwhile.
TOUCHED = {"write_date", "write_uid", "remaining"}


class MergeCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.user_ids |= cls.manager
        cls.now = fields.Datetime.now()
        cls.policy = cls.env["sqms.clock.policy"].create(
            {
                "name": "Merge test",
                "code": "merge-test",
                "company_id": cls.company.id,
                "res_model": "helpdesk.ticket",
                "step_ids": [
                    (0, 0, {"name": "Answer", "code": "merge-answer", "unit": "hours", "target": 40 * 3600,
                            "start_states": "create", "stop_states": "decided"}),
                ],
            }
        )  # fmt: skip
        cls.policy.action_transition("verify")

    def _pair(self, **values):
        """Two complaints of one customer: the one that came first, and the later one."""
        first = self._create_complaint(complaint_received_at=self.now - timedelta(hours=5), **values)
        later = self._create_complaint(complaint_received_at=self.now - timedelta(hours=1), **values)
        return first, later

    def _merge(self, source, target, user=None, reason="the same"):
        return source.with_user(user or self.officer)._merge_into(target.with_user(user or self.officer), reason)

    def _image(self, tickets):
        """All that a merge may touch, as it stands in the database; what the system notes only grows."""
        self.env.flush_all()
        self.cr.precommit.run()
        self.env.flush_all()
        ids = tuple(tickets.ids)
        image = {}
        for name, query in {
            "row": SQL("SELECT id, to_jsonb(t) FROM helpdesk_ticket t WHERE id IN %s", ids),
            "messages": SQL(
                "SELECT id, to_jsonb(t) FROM mail_message t WHERE model = 'helpdesk.ticket' AND res_id IN %s", ids
            ),
            "files": SQL(
                "SELECT id, to_jsonb(t) FROM ir_attachment t WHERE res_model = 'helpdesk.ticket' AND res_id IN %s", ids
            ),
            "activities": SQL(
                "SELECT id, to_jsonb(t) FROM mail_activity t WHERE res_model = 'helpdesk.ticket' AND res_id IN %s", ids
            ),
            "followers": SQL(
                "SELECT f.id, jsonb_build_array(res_id, partner_id,"
                " (SELECT array_agg(mail_message_subtype_id ORDER BY 1)"
                " FROM mail_followers_mail_message_subtype_rel WHERE mail_followers_id = f.id))"
                " FROM mail_followers f WHERE res_model = 'helpdesk.ticket' AND res_id IN %s", ids
            ),
            "remedies": SQL("SELECT id, to_jsonb(t) FROM sqms_complaint_remedy t WHERE ticket_id IN %s", ids),
            "clocks": SQL(
                "SELECT id, to_jsonb(t) FROM sqms_clock t WHERE res_model = 'helpdesk.ticket' AND res_id IN %s", ids
            ),
            "notices": SQL(
                "SELECT n.id, jsonb_build_array(n.state, (SELECT array_agg(mail_activity_id ORDER BY 1)"
                " FROM mail_activity_sqms_clock_notice_rel WHERE sqms_clock_notice_id = n.id))"
                " FROM sqms_clock_notice n JOIN sqms_clock c ON c.id = n.clock_id WHERE c.res_id IN %s", ids
            ),
        }.items():  # fmt: skip
            image[name] = {
                id_: {key: value for key, value in row.items() if key not in TOUCHED} if isinstance(row, dict) else row
                for id_, row in self.env.execute_query(query)
            }
        return image

    def _assert_same(self, before, after, new_messages=True):
        for name, rows in before.items():
            if name == "messages" and new_messages:
                self.assertEqual(rows, {id_: row for id_, row in after[name].items() if id_ in rows}, name)
            else:
                self.assertEqual(rows, after[name], name)

    def _furnish(self, ticket, words):
        """Something of each kind that moves or stays."""
        ticket.message_post(body=f"{words}: customer", message_type="comment", subtype_xmlid="mail.mt_comment")
        ticket.message_post(body=f"{words}: note", message_type="comment", subtype_xmlid="mail.mt_note")
        ticket._message_log(body=f"{words}: system")
        self.env["ir.attachment"].create(
            {"name": f"{words}.txt", "raw": words.encode(), "res_model": "helpdesk.ticket", "res_id": ticket.id}
        )
        ticket.activity_schedule("mail.mail_activity_data_todo", summary=words, user_id=self.agent.id)
        return ticket
