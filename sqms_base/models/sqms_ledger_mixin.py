from odoo import api, models
from odoo.tools import SQL

from ..lib.hash_chain import digest_of
from ..lib.ledger_pending import Pending


class SqmsLedgerMixin(models.AbstractModel):
    """Who changed what, and when, told by the ledger.

    1. Every change of a field named in `_ledger_fields` becomes part of an entry, whatever path it takes
       through the ORM: form, list, import, computation, translation. No context key switches that off.
    2. What one person does to one record in one transaction is one entry, its net effect. A savepoint and an
       event (a step of the workflow, a signature) end an entry and begin the next.
    3. Values of fields named in `_ledger_personal_fields`, and of those that some roles may not read, never stand in
       the signed text: a salted digest does.
    4. Long texts and files are named by digest and length.

    Not seen: raw SQL and cascades of the database. So a model never lists a one2many (its lines have this
    mixin and log themselves), nor a many2many that is computed or has a field on the other side.
    """

    _name = "sqms.ledger.mixin"
    _description = "Ledger"

    _ledger_fields = ()
    _ledger_personal_fields = ()

    # -- what others call ----------------------------------------------------

    def _ledger_log(self, event, old=None, new=None, reason=None, state=None):
        """One entry of its own on each of these records; what was changed before it gets its own entry first.

        :param event: what happened, a short technical word ("transition", "signed", "override", "backdated")
        :param old, new: `{record id: {name: value}}` or one dict for all records
        :param reason: text, or nothing
        :param state: the workflow state that the records have reached by it
        """
        self._ledger_close()
        self._ledger_append(event, old, new, reason=reason, state=state)

    def sqms_history(self):
        """The ledger entries of the record, newest first, as far as the user may read them."""
        self.ensure_one()
        self.check_access("read")
        self._ledger_close()
        return self.env["sqms.ledger.entry"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], order="seq desc"
        )

    @api.model
    def _ledger_is_found_by_name(self):
        """Whether records of the model can be searched by what they are called; a name that is only computed cannot."""
        names = [name.partition(".")[0] for name in self._rec_names_search or [self._rec_name] if name]
        return bool(names) and all(self._fields[name].store or self._fields[name].search for name in names)

    @api.model
    def _ledger_may_read_deleted(self):
        """Whether the user may read what the ledger tells of records of this model that are gone.

        Their rules can no longer be asked. A model with confidential records narrows this.
        """
        return self.env.user.has_group("sqms_base.group_sqms_manager") or self.env.user.has_group(
            "sqms_base.group_sqms_certifier"
        )

    # -- capture -------------------------------------------------------------

    def _create(self, data_list):
        records = super()._create(data_list)
        if self._ledger_fields:
            Pending.of(self.env).created(self._name, records._ids, self.env)
        return records

    def write(self, vals):
        if self._ledger_fields:
            self._ledger_touch(self._ledger_relations(vals))
        return super().write(vals)

    def _write_multi(self, vals_list):
        if self._ledger_fields and self:
            written = {name for vals in vals_list for name in vals}
            names = [name for name in self._ledger_columns() if name in written]
            if names:
                # The row is not updated yet: whatever reads it now sees what was.
                self._ledger_capture(names)
        return super()._write_multi(vals_list)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        if field_name in self._ledger_columns():
            self._ledger_touch()
            self._ledger_capture([field_name])
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def unlink(self):
        if not self._ledger_fields or not self:
            return super().unlink()
        self._ledger_touch()
        self._ledger_capture(self._ledger_names())
        companies = self._ledger_companies()
        result = super().unlink()
        Pending.of(self.env).deleted(self._name, self._ids, companies)
        return result

    def _ledger_touch(self, relations=()):
        """Note who is at work, and what the many2many fields hold before he changes them."""
        pending = Pending.of(self.env)
        others = pending.of_others(self._name, self._ids, self.env.uid)
        if others:
            self.browse(others)._ledger_close()
        pending.touched(self._name, self._ids, self.env)
        if relations:
            self._ledger_capture(relations)

    def _ledger_capture(self, names):
        """Remember what these fields hold in the database, unless that is remembered already."""
        pending = Pending.of(self.env)
        ids = pending.unknown(self._name, self._ids, names)
        if ids:
            for id_, row in self._ledger_read(ids, names).items():
                pending.capture(self._name, id_, row["image"], self.env)

    # -- reading the database ------------------------------------------------

    def _ledger_names(self):
        return [*self._ledger_columns(), *self._ledger_relations()]

    def _ledger_salted(self):
        """The fields whose values stand in the signed text as salted digests: the personal ones, and those that some
        roles may not read. Without the salt, who knows the rest of a text could find the value by trying.
        """
        closed = {name for name in self._ledger_fields if self._fields[name].groups}
        return set(self._ledger_personal_fields), closed

    def _ledger_columns(self):
        return [name for name in self._ledger_fields if self._fields[name].column_type]

    def _ledger_relations(self, among=None):
        return [
            name
            for name in self._ledger_fields
            if self._fields[name].type == "many2many" and (among is None or name in among)
        ]

    @api.model
    def _ledger_read(self, ids, names, heads=False):
        """`{id: {image, company, head}}` as it stands in the database: what the fields hold, the company, and if
        asked for the head of the chain.
        """
        columns = [name for name in names if self._fields[name].column_type]
        source = SQL.identifier(self._table)
        wanted = [SQL("%s.id", source), self._ledger_company_sql()]
        wanted += [SQL("%s.%s", source, SQL.identifier(name)) for name in columns]
        joined = SQL()
        if heads:
            head_sql, joined = self.env["sqms.ledger.entry"]._head_sql(self._name, wanted[0])
            wanted.insert(2, head_sql)
        self.env.cr.execute(
            SQL("SELECT %s FROM %s %s WHERE %s IN %s", SQL(", ").join(wanted), source, joined, wanted[0], tuple(ids))
        )
        long = {name for name in columns if self._fields[name].type in ("html", "binary", "image")}
        rows = {}
        for id_, company_id, *values in self.env.cr.fetchall():
            head, values = (values[:3], values[3:]) if heads else (None, values)
            image = dict(zip(columns, values, strict=True))
            for name in long:
                image[name] = self._ledger_shorten(image[name])
            rows[id_] = {"image": image, "company": company_id, "head": head}
        for name in names:
            if name not in columns:
                self._ledger_read_relation(name, rows)
        return rows

    def _ledger_read_relation(self, name, rows):
        field = self._fields[name]
        for row in rows.values():
            row["image"][name] = []
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "SELECT %(mine)s, array_agg(%(other)s ORDER BY %(other)s) FROM %(table)s WHERE %(mine)s IN %(ids)s"
                " GROUP BY %(mine)s",
                mine=SQL.identifier(field.column1),
                other=SQL.identifier(field.column2),
                table=SQL.identifier(field.relation),
                ids=tuple(rows),
            )
        )
        for id_, linked in self.env.cr.fetchall():
            rows[id_]["image"][name] = linked

    @api.model
    def _ledger_shorten(self, value):
        if isinstance(value, dict):
            return {lang: self._ledger_shorten(text) for lang, text in value.items()}
        return digest_of(value if isinstance(value, str) else bytes(value)) if value else None

    @api.model
    def _ledger_company_sql(self):
        field = self._fields.get("company_id")
        if field and field.column_type and field.store:
            return SQL.identifier(self._table, "company_id")
        return SQL("NULL::integer")

    def _ledger_companies(self):
        """`{record id: company id}`; a record without a company belongs to all of them."""
        if not self:
            return {}
        self.env.cr.execute(
            SQL(
                "SELECT id, %s FROM %s WHERE id IN %s",
                self._ledger_company_sql(),
                SQL.identifier(self._table),
                tuple(self._ids),
            )
        )
        return dict(self.env.cr.fetchall())

    # -- writing the ledger --------------------------------------------------

    def _ledger_close(self):
        """Write down what is pending on these records, so that what comes next is an entry of its own."""
        real = self.browse(id_ for id_ in self._ids if id_)
        if real and self._ledger_fields:
            real.flush_recordset()
            entries = Pending.of(self.env).take(self._name, real._ids)
            if entries:
                self.env["sqms.ledger.entry"]._append(real._ledger_compare(entries))

    def _ledger_append(self, event, old=None, new=None, reason=None, state=None, step=None):
        """As `_ledger_log`, but what is pending becomes part of the same entry."""
        if not self:
            return
        changes, companies = {}, None
        if self._ledger_fields:
            self.flush_recordset()
            taken = Pending.of(self.env).take(self._name, self._ids)
            if taken:
                changes = {row["id"]: row for row in self._ledger_compare(taken)}
                companies = {id_: row["company"] for id_, row in changes.items()}
        if not companies or len(companies) < len(self):
            companies = self._ledger_companies()
        rows = []
        for id_ in self._ids:
            change = changes.get(id_, {})
            if change and (change["event"] != "write" or change["user"] != self.env.uid):
                rows.append(change)
                change = {}
            rows.append(
                {
                    "model": self._name,
                    "id": id_,
                    "company": companies.get(id_),
                    "head": change.get("head"),
                    "user": self.env.uid,
                    "su": self.env.su or change.get("su", False),
                    "event": event,
                    "old": {**(change.get("old") or {}), **self._ledger_own(old, id_)},
                    "new": {**(change.get("new") or {}), **self._ledger_own(new, id_)},
                    "reason": reason,
                    "state": state[id_] if isinstance(state, dict) else state,
                    "step": step,
                }
            )
        self.env["sqms.ledger.entry"]._append(rows)

    @api.model
    def _ledger_own(self, values, id_):
        if values and all(isinstance(key, int) for key in values):
            values = values.get(id_)
        return values or {}

    @api.model
    def _ledger_compare(self, taken):
        """What has really changed since the images were taken: no noise from equal values, right after savepoints.

        :param taken: `{id: Change}`
        :return: rows for `sqms.ledger.entry`, at most one per record
        """
        names = {name for change in taken.values() for name in change.image}
        if any(change.is_created for change in taken.values()):
            names.update(self._ledger_names())
        present = self._ledger_read(taken, [name for name in self._ledger_names() if name in names], heads=True)
        rows = []
        for id_, change in sorted(taken.items()):
            row = {"model": self._name, "id": id_, "user": change.user, "su": change.su}
            if id_ not in present:
                if not change.is_created and change.image:
                    rows.append({**row, "event": "delete", "company": change.company, "old": change.image})
                continue
            image = present[id_]["image"]
            row.update(company=present[id_]["company"], head=present[id_]["head"])
            if change.is_created:
                rows.append({**row, "event": "create", "new": image})
                continue
            changed = [name for name, value in change.image.items() if image[name] != value]
            if changed:
                rows.append(
                    {
                        **row,
                        "event": "write",
                        "old": {name: change.image[name] for name in changed},
                        "new": {name: image[name] for name in changed},
                    }
                )
        return rows
