from odoo import api, fields, models
from odoo.tools import SQL, format_datetime


class SqmsLedgerHead(models.Model):
    """Where each chain ended when the last anchor was made: what the next anchor is compared with.

    Only a note for the system itself. What counts stands in the anchors that were sent outside.
    """

    _name = "sqms.ledger.head"
    _inherit = ["sqms.ledger.closed.mixin"]
    _description = "Anchored End of a Chain"
    _log_access = False

    res_model = fields.Char(required=True, readonly=True, export_string_translation=False)
    res_id = fields.Integer(required=True, readonly=True, export_string_translation=False)
    seq = fields.Integer(required=True, readonly=True, export_string_translation=False)
    hash = fields.Char(required=True, readonly=True, export_string_translation=False)
    anchor_id = fields.Integer(required=True, readonly=True, export_string_translation=False)

    _chain_unique = models.UniqueIndex("(res_model, res_id)")

    @api.model
    def _numbers_of(self, entries):
        """`{entry id: number of the last anchor that covers it}` for entries of one model."""
        if not entries:
            return {}
        self.env.cr.execute(
            SQL(
                "SELECT res_id, seq, anchor.number FROM sqms_ledger_head head"
                " JOIN sqms_ledger_anchor anchor ON anchor.id = head.anchor_id"
                " WHERE res_model = %s AND res_id IN %s",
                entries[0].res_model,
                tuple(set(entries.mapped("res_id"))),
            )
        )
        known = {id_: (seq, number) for id_, seq, number in self.env.cr.fetchall()}
        return {
            entry.id: known[entry.res_id][1]
            for entry in entries
            if entry.res_id in known and entry.seq <= known[entry.res_id][0]
        }

    @api.model
    def _anchor_of(self, record):
        """How far the chain of a record is anchored, for the screen: dict, or nothing."""
        self.env.cr.execute(
            SQL(
                "SELECT head.seq, anchor.number, anchor.date FROM sqms_ledger_head head"
                " JOIN sqms_ledger_anchor anchor ON anchor.id = head.anchor_id WHERE res_model = %s AND res_id = %s",
                record._name,
                record.id,
            )
        )
        row = self.env.cr.fetchone()
        return row and {"position": row[0], "number": row[1], "when": format_datetime(self.env, row[2])}

    @api.model
    def _move_to(self, anchor_id):
        """Bring the notes up to where the chains end now, for a new anchor.

        :return: sorted list of [model, record id, position, hash] of the chains that have moved since the last one
        """
        self.env.cr.execute(
            """
            INSERT INTO sqms_ledger_head (res_model, res_id, seq, hash, anchor_id)
            SELECT entry.res_model, entry.res_id, entry.seq, entry.hash, %s
            FROM (SELECT res_model, res_id, max(seq) AS seq FROM sqms_ledger_entry GROUP BY res_model, res_id) ends
            JOIN sqms_ledger_entry entry USING (res_model, res_id, seq)
            LEFT JOIN sqms_ledger_head head USING (res_model, res_id)
            WHERE (head.seq, head.hash) IS DISTINCT FROM (entry.seq, entry.hash)
            ORDER BY entry.res_model, entry.res_id
            ON CONFLICT (res_model, res_id) DO UPDATE
                SET seq = EXCLUDED.seq, hash = EXCLUDED.hash, anchor_id = EXCLUDED.anchor_id
            RETURNING res_model, res_id, seq, hash
            """,
            [anchor_id],
            log_exceptions=False,
        )
        return sorted(map(list, self.env.cr.fetchall()))

    @api.model
    def _digests(self):
        """The ends of all chains as they are now: `{model: digest}`, number of chains, number of entries."""
        self.env.cr.execute(
            """
            SELECT entry.res_model, count(*), sum(entry.seq),
                   encode(sha256(convert_to(string_agg(
                       entry.res_id || ' ' || entry.seq || ' ' || entry.hash || E'\\n', '' ORDER BY entry.res_id
                   ), 'UTF8')), 'hex')
            FROM (SELECT res_model, res_id, max(seq) AS seq FROM sqms_ledger_entry GROUP BY res_model, res_id) ends
            JOIN sqms_ledger_entry entry USING (res_model, res_id, seq)
            GROUP BY entry.res_model
            """
        )
        rows = self.env.cr.fetchall()
        return (
            {model: digest for model, *_rest, digest in rows},
            sum(row[1] for row in rows),
            sum(row[2] for row in rows),
        )
