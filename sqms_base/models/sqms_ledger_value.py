from odoo import api, fields, models
from odoo.tools import SQL


class SqmsLedgerValue(models.Model):
    """Personal values that the ledger knows of, beside the signed text and not in it.

    The text holds a digest of salt and value. Both can be erased: the chain stays valid, and without the salt
    nobody can find out, by trying, what the digest stood for. Read by the ledger alone.
    """

    _name = "sqms.ledger.value"
    _inherit = ["sqms.ledger.closed.mixin"]
    _description = "Personal Value in the Ledger"
    _log_access = False

    res_model = fields.Char(required=True, readonly=True, export_string_translation=False)
    res_id = fields.Integer(required=True, readonly=True, export_string_translation=False)
    seq = fields.Integer(required=True, readonly=True, export_string_translation=False)
    name = fields.Char(required=True, readonly=True, export_string_translation=False)
    side = fields.Char(required=True, readonly=True, export_string_translation=False)  # old, new, note
    salt = fields.Char(readonly=True, export_string_translation=False)
    value = fields.Text(readonly=True, export_string_translation=False)
    erased_at = fields.Datetime(readonly=True, export_string_translation=False)

    _entry_unique = models.UniqueIndex("(res_model, res_id, seq, name, side)")

    @api.model
    def _values_of(self, entries):
        """`{(model, record id, position): {(field, side): value as JSON, or None once erased}}`"""
        found = {}
        keys = [(entry.res_model, entry.res_id, entry.seq) for entry in entries]
        if keys:
            self.env.cr.execute(
                SQL(
                    "SELECT res_model, res_id, seq, name, side, value FROM sqms_ledger_value"
                    " WHERE (res_model, res_id, seq) IN %s",
                    tuple(keys),
                )
            )
            for model, id_, seq, name, side, value in self.env.cr.fetchall():
                found.setdefault((model, id_, seq), {})[name, side] = value
        return found

    @api.model
    def _insert(self, values):
        """:param values: list of (model, record id, position, name, side, salt, value)"""
        if values:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO sqms_ledger_value (res_model, res_id, seq, name, side, salt, value) VALUES %s",
                    SQL(", ").join(values),
                )
            )

    # -- erasing a person ------------------------------------------------------------

    @api.model
    def _erase(self, records=None, values=(), names=None, reason=None):
        """Erase personal values from the ledger; each record concerned is told of it, by an entry of its own.

        The signed texts stay as they are, and every chain valid. PostgreSQL keeps the old rows on its disk until
        it vacuums the table, and backups keep them until they are thrown away.

        :param records: erase what the ledger keeps of these records (deleted ones by `browse`)
        :param values: erase these values wherever they stand in the ledger, within longer texts too ("Wang Li")
        :param names: of the fields, and "reason"; if left out, the personal fields and the reasons of the records, and
            whatever field a value stands in
        :param reason: why, without naming the person: it stays
        :return: how many values were erased
        """
        where = []
        if records:
            # What merely is not for everybody is no personal value, unless it is named.
            own = tuple(names or {*records._ledger_personal_fields, "reason"})
            where.append(
                SQL("(res_model = %s AND res_id IN %s AND name IN %s)", records._name, tuple(records._ids), own)
            )
        wanted = [str(value) for value in values if str(value).strip()]
        if wanted:
            # Compared as text: as JSON, quotes and backslashes look different.
            where.append(
                SQL(
                    "EXISTS (SELECT FROM unnest(%s) AS sought(word) WHERE position(lower(word) IN"
                    " lower(COALESCE(value::jsonb #>> '{}', ''))) > 0)",
                    wanted,
                )
            )
        if not where:
            return 0
        self.env["sqms.ledger.entry"].sudo()._finish_now()
        limit = SQL("AND name IN %s", tuple(names)) if names else SQL()
        self.env.cr.execute(
            SQL(
                "UPDATE sqms_ledger_value SET value = NULL, salt = NULL, erased_at = now() AT TIME ZONE 'UTC'"
                " WHERE value IS NOT NULL AND (%s) %s RETURNING res_model, res_id, seq, name",
                SQL(" OR ").join(where),
                limit,
            )
        )
        erased = self.env.cr.fetchall()
        self.invalidate_model()
        self._log_erasure(erased, reason)
        return len(erased)

    @api.model
    def _erase_found(self, catalog):
        """Erase what the ledger keeps of a person, from the rows that `sqms.privacy` has marked.

        Of the person's own records the personal fields and all reasons go; elsewhere the values in which he is named.

        :return: [(model, record id, position, field)] of what was erased; the caller tells the records
        """
        self.env["sqms.ledger.entry"].sudo()._finish_now()
        personal = [
            (name, field)
            for name, declared in catalog.items()
            for field in {*declared, *getattr(self.env[name], "_ledger_personal_fields", ())}
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE sqms_ledger_value v SET value = NULL, salt = NULL, erased_at = now() AT TIME ZONE 'UTC'
                  FROM sqms_ledger_value o
             LEFT JOIN sqms_privacy_row r ON r.model = o.res_model AND r.id = o.res_id
             LEFT JOIN sqms_privacy_root p ON p.root = r.root
                 WHERE o.id = v.id AND v.value IS NOT NULL
                   AND ((r.own AND (v.name = 'reason' OR (v.res_model, v.name) IN %s))
                        OR v.value ~* p.pattern
                        OR v.value ~* (SELECT everywhere FROM sqms_privacy_root WHERE NOT cut))
             RETURNING v.res_model, v.res_id, v.seq, v.name
                """,
                tuple(personal),
            )
        )
        erased = self.env.cr.fetchall()
        self.invalidate_model()
        return erased

    def _log_erasure(self, erased, reason):
        """One entry on each record: which fields, at which positions. The values are nowhere in it."""
        by_record = {}
        for model, id_, seq, name in erased:
            by_record.setdefault((model, id_), {}).setdefault(name, set()).add(seq)
        rows = []
        for (model, id_), positions in sorted(by_record.items()):
            company = None
            if model in self.env:
                company = self.env[model].browse(id_)._ledger_companies().get(id_)
            rows.append(
                {
                    "model": model, "id": id_, "user": self.env.uid, "su": self.env.su, "event": "erased",
                    "company": company, "erased": {name: sorted(seqs) for name, seqs in positions.items()},
                    "because": reason,
                }
            )  # fmt: skip
        self.env["sqms.ledger.entry"]._append(rows)
