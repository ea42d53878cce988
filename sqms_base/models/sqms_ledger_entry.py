from odoo import api, fields, models
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ..lib import hash_chain
from ..lib.ledger_pending import KEY

INSERT_AT_ONCE = 1000


class SqmsLedgerEntry(models.Model):
    """One entry of the ledger: the next link of the chain of one record.

    1. Entries are added by the ledger itself and never changed or removed: the ORM and the database refuse.
    2. What counts is `text`, which states its own record and position; `hash` is of the hash before and of
       it. The columns are there to be searched and agree with the text.
    3. The database adds an entry only where it is the true next link.
    4. Whoever may not read a record, or a field of it, reads nothing of it here.

    Whoever owns the table can switch the database's guard off. The anchors that were sent outside show it.
    """

    _name = "sqms.ledger.entry"
    _inherit = ["sqms.ledger.closed.mixin"]
    _description = "Ledger Entry"
    _order = "id desc"
    _log_access = False

    # what the entry is about
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Integer(string="Record", required=True, readonly=True, aggregator=None)
    seq = fields.Integer(string="Position", required=True, readonly=True, aggregator=None)
    # Integers, not links: whatever becomes of user and company, the entry stays as it is.
    user_id = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Integer(string="Company Number", readonly=True, aggregator=None)
    as_superuser = fields.Boolean(string="By the System", readonly=True)
    date = fields.Datetime(string="When", required=True, readonly=True)
    event = fields.Char(required=True, readonly=True)
    state = fields.Char(string="State Reached", readonly=True, groups=NO_ACCESS)
    names = fields.Char(string="Fields", readonly=True, groups=NO_ACCESS)

    # the chain
    text = fields.Text(string="Signed Text", required=True, readonly=True, groups=NO_ACCESS)
    prev_hash = fields.Char(string="Hash Before", required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _chain_unique = models.UniqueIndex("(res_model, res_id, seq)")
    _date_idx = models.Index("USING brin (date)")
    _user_idx = models.Index("(user_id, id)")

    def init(self):
        # One statement trigger for whatever changes a row that is there, one that looks at what has come.
        self.env.cr.execute(
            """
            ALTER TABLE sqms_ledger_entry ADD COLUMN IF NOT EXISTS xact xid8 DEFAULT pg_current_xact_id();

            CREATE OR REPLACE FUNCTION sqms_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'The ledger is only added to: % of % is refused.', TG_OP, TG_TABLE_NAME
                    USING ERRCODE = 'insufficient_privilege';
            END $$;

            CREATE OR REPLACE FUNCTION sqms_ledger_check() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE wrong record;
            BEGIN
                SELECT added.res_model, added.res_id, added.seq INTO wrong
                FROM added
                LEFT JOIN sqms_ledger_entry before
                       ON before.res_model = added.res_model
                      AND before.res_id = added.res_id
                      AND before.seq = added.seq - 1
                CROSS JOIN LATERAL (SELECT added.text::jsonb AS said) signed
                WHERE added.prev_hash IS DISTINCT FROM
                        CASE WHEN added.seq = 1 THEN repeat('0', 64) ELSE before.hash END
                   OR added.hash IS DISTINCT FROM
                        encode(sha256(convert_to(added.prev_hash || E'\\n' || added.text, 'UTF8')), 'hex')
                   OR (said->>'model', (said->>'id')::bigint, (said->>'seq')::bigint)
                        IS DISTINCT FROM (added.res_model, added.res_id, added.seq)
                LIMIT 1;
                IF FOUND THEN
                    RAISE EXCEPTION 'Entry % of %,% is not the next link of its chain.',
                        wrong.seq, wrong.res_model, wrong.res_id
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NULL;
            END $$;

            DROP TRIGGER IF EXISTS sqms_ledger_refuse ON sqms_ledger_entry;
            CREATE TRIGGER sqms_ledger_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON sqms_ledger_entry
                FOR EACH STATEMENT EXECUTE FUNCTION sqms_ledger_refuse();
            ALTER TABLE sqms_ledger_entry ENABLE ALWAYS TRIGGER sqms_ledger_refuse;

            DROP TRIGGER IF EXISTS sqms_ledger_check ON sqms_ledger_entry;
            CREATE TRIGGER sqms_ledger_check AFTER INSERT ON sqms_ledger_entry
                REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION sqms_ledger_check();
            ALTER TABLE sqms_ledger_entry ENABLE ALWAYS TRIGGER sqms_ledger_check;
            """
        )

    # -- what the mixin calls ----------------------------------------------------

    @api.model
    def _finish(self):
        """Before the commit: write down what the transaction has changed."""
        # An earlier hook, such as the tracking of the chatter, may have left new values.
        self.env.flush_all()
        pending = self.env.cr.precommit.data.get(KEY)
        rows = []
        for name in pending.models() if pending else ():
            taken = pending.take(name)
            if name in self.env:
                rows += self.env[name].sudo()._ledger_compare(taken)
        # Whoever comes later begins anew, with a hook of his own.
        self.env.cr.precommit.data.pop(KEY, None)
        self._append(rows)

    @api.model
    def _finish_now(self):
        """Write down what is pending on all records, in the middle of a transaction."""
        self.env.flush_all()
        if self.env.cr.precommit.data.get(KEY):
            self._finish()

    @api.model
    def _append(self, rows):
        """Add the next link to the chains of some records.

        :param rows: dicts with model, id, user, su, company, event and, where there is something to say, old,
            new (`{field: value}`), reason, state, step
        """
        by_model = {}
        for row in rows:
            by_model.setdefault(row["model"], []).append(row)
        # Sorted, whoever works on the same records at the same time waits and does not lock up.
        for name in sorted(by_model):
            self._append_to_model(name, sorted(by_model[name], key=lambda row: row["id"]))

    def _append_to_model(self, name, rows):
        heads, now = self._heads(name, rows)
        personal, closed = self.env[name]._ledger_salted() if name in self.env else (set(), set())
        links, values = [], []
        for row in rows:
            seq, previous = heads[row["id"]]
            seq += 1
            text = self._prepare_text(row, seq, now, personal, closed, values)
            hash_ = hash_chain.link(previous, text)
            links.append(
                (
                    name, row["id"], seq, now, row["user"], row["company"] or None, row["event"],
                    row.get("state") or None, self._prepare_names(row), bool(row["su"]), text, previous, hash_,
                )
            )  # fmt: skip
            heads[row["id"]] = (seq, hash_)
        self._insert(links)
        self.env["sqms.ledger.value"]._insert(values)

    @api.model
    def _head_sql(self, name, record_id):
        """Position and hash of the last entry of a record, and the instant of this transaction (UTC), for a query.

        :return: columns, and the join that they come from
        """
        columns = SQL("COALESCE(head.seq, 0), COALESCE(head.hash, %s), now() AT TIME ZONE 'UTC'", hash_chain.GENESIS)
        join = SQL(
            "LEFT JOIN LATERAL (SELECT seq, hash FROM sqms_ledger_entry WHERE res_model = %s AND res_id = %s"
            " ORDER BY seq DESC LIMIT 1) head ON TRUE",
            name,
            record_id,
        )
        return columns, join

    @api.model
    def _heads(self, name, rows):
        """`{record id: (position, hash)}` of the last entries, asked for where the rows do not bring them."""
        heads, now = {}, None
        for row in rows:
            if row.get("head") and row["id"] not in heads:
                seq, hash_, now = row["head"]
                heads[row["id"]] = (seq, hash_)
        missing = sorted({row["id"] for row in rows} - heads.keys())
        if missing:
            columns, join = self._head_sql(name, SQL("record.id"))
            self.env.cr.execute(SQL("SELECT record.id, %s FROM unnest(%s) AS record(id) %s", columns, missing, join))
            for id_, *head, instant in self.env.cr.fetchall():
                heads[id_], now = tuple(head), instant
        return heads, now

    @api.model
    def _prepare_text(self, row, seq, now, personal, closed, values):
        """The signed text of an entry; what is not for everybody goes to `values` and leaves a salted digest behind.

        :param personal: fields whose values must be erasable
        :param closed: fields that some roles may not read; that they are empty is told to nobody else either
        """
        said = {
            "v": 1, "model": row["model"], "id": row["id"], "seq": seq, "at": now, "user": row["user"],
            "su": bool(row["su"]), "company": row["company"] or None, "event": row["event"],
        }  # fmt: skip
        for side in ("old", "new"):
            if row.get(side):
                said[side] = dict(row[side])
                for name in (personal | closed).intersection(row[side]):
                    if name in closed or row[side][name] not in (None, False):
                        said[side][name] = self._set_aside(row, seq, name, side, row[side][name], values)
        # Whatever people type may name somebody.
        if row.get("reason"):
            said["reason"] = self._set_aside(row, seq, "reason", "note", str(row["reason"]), values)
        for key in ("state", "step", "erased", "because"):
            if row.get(key):
                said[key] = row[key]
        return hash_chain.canonical(said)

    def _set_aside(self, row, seq, name, side, value, values):
        text, salt = hash_chain.canonical(value), hash_chain.new_salt()
        values.append((row["model"], row["id"], seq, name, side, salt, text))
        return hash_chain.salted(salt, text)

    def _prepare_names(self, row):
        names = {*(row.get("old") or ()), *(row.get("new") or ())}
        return ",".join(sorted(names)) or None

    @api.model
    def _state_since(self, model, record_ids):
        """`{record id: since when it is in its present state}`; records whose state was never entered are not in it."""
        self.flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (res_id) res_id,
                           date
                      FROM sqms_ledger_entry
                     WHERE res_model = %s AND res_id IN %s AND state IS NOT NULL
                     ORDER BY res_id, seq DESC
                    """,
                    model,
                    tuple(record_ids) or (0,),
                )
            )
        )

    @api.model
    def _insert(self, links):
        """Add the rows, or nothing at all.

        Where somebody else has added the same link meanwhile, PostgreSQL reports a serialization failure and
        the request is run again. A link that this transaction itself has added is passed over without a
        word, hence the count.
        """
        for start in range(0, len(links), INSERT_AT_ONCE):
            some = links[start : start + INSERT_AT_ONCE]
            self.env.cr.execute(
                SQL(
                    "INSERT INTO sqms_ledger_entry (res_model, res_id, seq, date, user_id, company_id, event, state,"
                    " names, as_superuser, text, prev_hash, hash) VALUES %s ON CONFLICT DO NOTHING",
                    SQL(", ").join(some),
                ),
                log_exceptions=False,
            )
            if self.env.cr.rowcount != len(some):
                raise RuntimeError("The ledger has lost count of its own entries in this transaction")
