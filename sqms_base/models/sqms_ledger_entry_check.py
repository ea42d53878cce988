import json

from odoo import api, models
from odoo.tools import SQL

from ..lib import hash_chain

RECORDS_AT_ONCE = 1000


class SqmsLedgerEntryCheck(models.Model):
    """The system checks its own ledger: a first look, no proof.

    Whoever can change the tables can change this too. The proof is `lib/verify_ledger.py` outside, with the
    anchors that were sent outside.
    """

    _inherit = "sqms.ledger.entry"

    @api.model
    def _check_ledger(self):
        """The first trouble of each chain.

        :return: list of (model, record id, position, kind, field or nothing); kind is one of "edited", "removed",
            "cut_off", "rewritten" and, for the records themselves, "changed_outside" (a value in the database
            that the ledger knows nothing of), "gone" (no longer there, and nobody deleted it)
        """
        self._finish_now()
        troubles = {(row[0], row[1]): row for row in [*self._check_against_heads(), *self._check_links()]}
        for row in self._check_live_rows():
            troubles.setdefault((row[0], row[1]), row)
        return [troubles[key] for key in sorted(troubles)]

    def _check_links(self):
        self.env.cr.execute(
            """
            SELECT DISTINCT ON (res_model, res_id) res_model, res_id,
                   CASE WHEN seq <> before_seq + 1 THEN before_seq + 1 ELSE seq END,
                   CASE WHEN seq <> before_seq + 1 THEN 'removed' ELSE 'edited' END
            FROM (
                SELECT *, COALESCE(lag(seq) OVER chain, 0) AS before_seq,
                       COALESCE(lag(hash) OVER chain, repeat('0', 64)) AS before_hash
                FROM sqms_ledger_entry
                WINDOW chain AS (PARTITION BY res_model, res_id ORDER BY seq)
            ) linked
            WHERE seq <> before_seq + 1
               OR prev_hash <> before_hash
               OR hash <> encode(sha256(convert_to(prev_hash || E'\\n' || text, 'UTF8')), 'hex')
               OR (text::jsonb->>'model', (text::jsonb->>'id')::bigint, (text::jsonb->>'seq')::bigint,
                   (text::jsonb->>'user')::bigint, text::jsonb->>'event', (text::jsonb->>'company')::bigint,
                   text::jsonb->>'state', (text::jsonb->>'su')::boolean)
                  IS DISTINCT FROM (res_model, res_id, seq, user_id, event, company_id, state, as_superuser)
               OR text::jsonb->>'at' <> to_char(date, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            ORDER BY res_model, res_id, seq
            """
        )
        return [(*row, None) for row in self.env.cr.fetchall()]

    def _check_against_heads(self):
        """What the last anchors saw and is no longer so."""
        self.env.cr.execute(
            """
            SELECT head.res_model, head.res_id, head.seq,
                   CASE WHEN entry.id IS NULL THEN 'cut_off' ELSE 'rewritten' END
            FROM sqms_ledger_head head
            LEFT JOIN sqms_ledger_entry entry USING (res_model, res_id, seq)
            WHERE entry.hash IS DISTINCT FROM head.hash
            """
        )
        return [(*row, None) for row in self.env.cr.fetchall()]

    # -- the records themselves --------------------------------------------------

    def _check_live_rows(self):
        """What a record holds is what its chain told of it last: raw SQL and cascades are found this way.

        Records that an addon brings have their translations from its files, which Odoo loads past the ORM: of
        those, the source language alone counts.
        """
        troubles = []
        for name in self._ledger_models():
            model = self.env[name].sudo().with_context(active_test=False)
            names = model._ledger_names()
            last = 0
            while names:
                self.env.cr.execute(
                    SQL(
                        "SELECT DISTINCT res_id FROM sqms_ledger_entry WHERE res_model = %s AND res_id > %s"
                        " ORDER BY res_id LIMIT %s",
                        name, last, RECORDS_AT_ONCE,
                    )
                )  # fmt: skip
                ids = [id_ for (id_,) in self.env.cr.fetchall()]
                if not ids:
                    break
                last = ids[-1]
                troubles += self._compare_with_rows(model, ids, names)
        return troubles

    def _compare_with_rows(self, model, ids, names):
        told, position = self._told_last(model._name, ids, set(names))
        present = model._ledger_read(ids, names)
        erasable = self._salts(model._name, ids)
        brought = self._brought_by_addons(model._name, ids)
        for id_ in ids:
            if told[id_] is None:
                continue
            if id_ not in present:
                yield (model._name, id_, position[id_], "gone", None)
                continue
            for name, (seq, side, value) in sorted(told[id_].items()):
                live = json.loads(hash_chain.canonical(present[id_]["image"][name]))
                if id_ in brought and model._fields[name].translate and live and value:
                    live, value = live.get("en_US"), value.get("en_US")
                if isinstance(value, dict) and hash_chain.SALTED in value:
                    salt = erasable.get((id_, seq, name, side))
                    if salt is None:
                        continue
                    live = hash_chain.salted(salt, hash_chain.canonical(present[id_]["image"][name]))
                if live != value:
                    yield (model._name, id_, seq, "changed_outside", name)
                    break

    def _told_last(self, model_name, ids, names):
        """`{record id: {field: (position, side, value)}}` as the entries tell it; none for what was deleted."""
        self.env.cr.execute(
            SQL(
                "SELECT res_id, seq, event, text FROM sqms_ledger_entry WHERE res_model = %s AND res_id IN %s"
                " AND event IN ('create', 'write', 'transition', 'import', 'delete') ORDER BY res_id, seq",
                model_name,
                tuple(ids),
            )
        )
        told, position = {id_: {} for id_ in ids}, dict.fromkeys(ids, 0)
        for id_, seq, event, text in self.env.cr.fetchall():
            position[id_] = seq
            if event == "delete":
                told[id_] = None
                continue
            try:
                new = json.loads(text).get("new") or {}
            except ValueError:  # edited; the links tell
                continue
            told[id_] = told[id_] or {}
            told[id_].update({name: (seq, "new", value) for name, value in new.items() if name in names})
        return told, position

    def _salts(self, model_name, ids):
        self.env.cr.execute(
            SQL(
                "SELECT res_id, seq, name, side, salt FROM sqms_ledger_value"
                " WHERE res_model = %s AND res_id IN %s AND salt IS NOT NULL",
                model_name,
                tuple(ids),
            )
        )
        return {(id_, seq, name, side): salt for id_, seq, name, side, salt in self.env.cr.fetchall()}

    def _brought_by_addons(self, model_name, ids):
        data = (
            self.env["ir.model.data"]
            .sudo()
            .search_fetch([("model", "=", model_name), ("res_id", "in", ids)], ["res_id"])
        )
        return set(data.mapped("res_id"))
