from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, LazyTranslate

_lt = LazyTranslate(__name__)


class MergeKind(NamedTuple):
    """One kind of thing that goes from a merged complaint to the one that is kept, and back when it is undone.

    :param name: a technical word, under which the merge remembers what it moved
    :param label: what people call it (a lazy translation)
    :param model: whose records they are
    :param field: the column that holds the complaint
    :param condition: SQL over the alias `k`: which of them move
    :param said: whether it is what the customer said and was told; it moves between complaints of one customer alone
    """

    name: str
    label: object
    model: str
    field: str
    condition: str = "TRUE"
    said: bool = False


class HelpdeskTicketMergeKinds(models.Model):
    """What moves when two complaints are merged.

    1. What was said and sent (messages and notes of people, mails, files, letters not sent yet), what is still to be
       done (activities) and what the customer is still to get (remedies not given yet) goes to the complaint that is
       kept. Who follows the one follows the other.
    2. What the system has noted of the merged complaint (its steps, its changes), its deadlines, what came of it
       (nonconformities, costs, disputes that are over, remedies refused or taken back) stays with it: that is its
       story, and the thread leads there.
    3. Between complaints of different customers nothing moves that one of them said or was told: neither of them
       reads the other's words, and no colleague outside hears of it.
    """

    _inherit = "helpdesk.ticket"

    @api.model
    def _complaint_merge_kinds(self):
        """An addon adds its own kinds to the result of `super()`; whatever no kind names stays."""
        return [
            MergeKind(
                name="messages",
                label=_lt("Messages"),
                model="mail.message",
                field="res_id",
                condition="k.model = 'helpdesk.ticket' AND k.message_type IN"
                " ('comment', 'email', 'email_outgoing', 'auto_comment', 'sms')",
                said=True,
            ),
            MergeKind(
                name="files",
                label=_lt("Files"),
                model="ir.attachment",
                field="res_id",
                condition="k.res_model = 'helpdesk.ticket' AND k.res_field IS NULL",
                said=True,
            ),
            MergeKind(
                name="letters",
                label=_lt("Letters Not Sent Yet"),
                model="mail.scheduled.message",
                field="res_id",
                condition="k.model = 'helpdesk.ticket'",
                said=True,
            ),
            MergeKind(
                name="remedies",
                label=_lt("Remedies"),
                model="sqms.complaint.remedy",
                field="ticket_id",
                condition="k.state NOT IN ('given', 'rejected', 'taken_back')",
                said=True,
            ),
            MergeKind(
                name="activities",
                label=_lt("Activities"),
                model="mail.activity",
                field="res_id",
                condition="k.res_model = 'helpdesk.ticket' AND k.active IS TRUE",
            ),
        ]

    def _complaint_merge_count(self, is_same_customer):
        """[(kind, how many of it would move)]; one question for all kinds."""
        self.ensure_one()
        kinds = [kind for kind in self._complaint_merge_kinds() if is_same_customer or not kind.said]
        self.env.flush_all()
        counts = SQL(", ").join(
            SQL(
                "(SELECT COUNT(*) FROM %s AS k WHERE k.%s = %s AND %s)",
                SQL.identifier(self.env[kind.model]._table),
                SQL.identifier(kind.field),
                self.id,
                SQL(kind.condition),
            )
            for kind in kinds
        )
        ((*numbers,),) = self.env.execute_query(SQL("SELECT %s", counts))
        return list(zip(kinds, numbers, strict=True))

    def _complaint_merge_move(self, target, is_same_customer):
        """Move what moves: one statement for each kind, however many there are of it.

        :return: `{name of the kind: ids}`
        """
        moved = {}
        for kind in self._complaint_merge_kinds():
            if kind.said and not is_same_customer:
                continue
            rows = self.env.execute_query(
                SQL(
                    "UPDATE %s AS k SET %s = %s WHERE k.%s = %s AND %s RETURNING k.id",
                    SQL.identifier(self.env[kind.model]._table),
                    SQL.identifier(kind.field),
                    target.id,
                    SQL.identifier(kind.field),
                    self.id,
                    SQL(kind.condition),
                )
            )
            if rows:
                moved[kind.name] = sorted(id_ for (id_,) in rows)
        return moved

    def _complaint_merge_move_back(self, chain, moved):
        """What was moved comes back, from wherever in the chain of later merges it is now."""
        for kind in self._complaint_merge_kinds():
            if moved.get(kind.name):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s AS k SET %s = %s WHERE k.%s = ANY(%s) AND k.id = ANY(%s)",
                        SQL.identifier(self.env[kind.model]._table),
                        SQL.identifier(kind.field),
                        self.id,
                        SQL.identifier(kind.field),
                        list(chain.ids),
                        moved[kind.name],
                    )
                )

    # -- who follows ------------------------------------------------------------------

    def _complaint_merge_followers(self, target, is_same_customer):
        """Who follows this complaint follows the other one too, with the same subtypes; people outside only if both
        are one customer's.

        :return: ids of the followers that were added
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH added AS (
                    INSERT INTO mail_followers (res_model, res_id, partner_id)
                    SELECT f.res_model, %(target)s, f.partner_id
                      FROM mail_followers AS f
                      JOIN res_partner AS p ON p.id = f.partner_id
                     WHERE f.res_model = 'helpdesk.ticket' AND f.res_id = %(source)s
                       AND (%(everybody)s OR p.partner_share IS NOT TRUE)
                    ON CONFLICT DO NOTHING
                    RETURNING id, partner_id
                ), subtypes AS (
                    INSERT INTO mail_followers_mail_message_subtype_rel (mail_followers_id, mail_message_subtype_id)
                    SELECT added.id, r.mail_message_subtype_id
                      FROM added
                      JOIN mail_followers AS f ON f.res_model = 'helpdesk.ticket' AND f.res_id = %(source)s
                                              AND f.partner_id = added.partner_id
                      JOIN mail_followers_mail_message_subtype_rel AS r ON r.mail_followers_id = f.id
                )
                SELECT id FROM added
                """,
                source=self.id,
                target=target.id,
                everybody=is_same_customer,
            )
        )
        return sorted(id_ for (id_,) in rows)
