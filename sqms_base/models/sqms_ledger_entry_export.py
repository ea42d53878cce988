import gzip
import io
import json

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

ROWS_AT_ONCE = 5000


class SqmsLedgerEntryExport(models.Model):
    """The ledger as a file that `lib/verify_ledger.py` checks without this system.

    1. A manager exports; of a company, a record or a field that he may not read, no chain is in the file, and
       the file says that it is not complete.
    2. JSON lines, packed: a first line about the file, then the entries, sorted by record and position.
    3. Personal values are not in it: the signed texts hold their salted digests.
    """

    _inherit = "sqms.ledger.entry"

    def _check_may_export(self):
        if not self.env.su and not self.env.user.has_group("sqms_base.group_sqms_manager"):
            raise AccessError(self.env._("A quality manager exports the ledger."))

    @api.model
    def _export(self, file, record=None):
        """Write the packed export into a binary file, a few rows at a time.

        :param record: one record, or nothing for all that the user may read
        """
        self._check_may_export()
        if record is not None:
            record.ensure_one()
            record.check_access("read")
        self._finish_now()
        chains = self._exported_chains(record)
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=4, mtime=0) as packed:
            packed.write(self._line(self._prepare_header(chains, record)))
            for name in sorted(chains):
                for rows in self._exported_rows(name, chains[name]):
                    packed.write(b"".join(map(self._line, rows)))

    def _line(self, said):
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def _exported_chains(self, record):
        """`{model: condition on res_id}` of the chains that the user may read from end to end."""
        names = [record._name] if record is not None else self._known_models()
        own = SQL("AND res_id = %s", record.id) if record is not None else SQL()
        if self.env.su:
            return dict.fromkeys(names, own)
        chains = {}
        for name in names:
            # A signed text tells all fields at once.
            logged = set(getattr(self.env[name], "_ledger_fields", ())) if name in self.env else set()
            if name not in self.env or logged & self._closed_fields(name):
                continue
            readable = self._search([("res_model", "=", name)])
            if readable.is_empty():
                continue
            chains[name] = SQL(
                "%s AND res_id IN (SELECT res_id FROM sqms_ledger_entry WHERE res_model = %s"
                " GROUP BY res_id HAVING bool_and(id IN %s))",
                own, name, readable.subselect(),
            )  # fmt: skip
        return chains

    @api.model
    def _known_models(self):
        self.env.cr.execute(
            """
            WITH RECURSIVE known(name) AS (
                SELECT min(res_model) FROM sqms_ledger_entry
                UNION ALL
                SELECT (SELECT min(res_model) FROM sqms_ledger_entry WHERE res_model > known.name)
                FROM known WHERE known.name IS NOT NULL
            )
            SELECT name FROM known WHERE name IS NOT NULL
            """
        )
        return [name for (name,) in self.env.cr.fetchall()]

    def _prepare_header(self, chains, record):
        entries = 0
        for name, condition in chains.items():
            self.env.cr.execute(SQL("SELECT count(*) FROM sqms_ledger_entry WHERE res_model = %s %s", name, condition))
            entries += self.env.cr.fetchone()[0]
        self.env.cr.execute("SELECT count(*) FROM sqms_ledger_entry")
        [everything] = self.env.cr.fetchone()
        self.env.cr.execute("SELECT number, digest FROM sqms_ledger_anchor ORDER BY number")
        anchors = [list(row) for row in self.env.cr.fetchall()]
        return {
            "format": "sqms-ledger-export",
            "v": 1,
            "database": self.env["ir.config_parameter"].sudo().get_param("database.uuid"),
            "exported_at": self.env.cr.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "complete": record is None and entries == everything,
            "record": [record._name, record.id] if record is not None else None,
            "entries": entries,
            "anchors": anchors,
        }

    def _exported_rows(self, name, condition):
        """The entries of a model by record and position, some thousands at a time."""
        last = (0, 0)
        while True:
            self.env.cr.execute(
                SQL(
                    "SELECT res_id, seq, date, user_id, as_superuser, company_id, event, state, names, prev_hash, hash,"
                    " text FROM sqms_ledger_entry WHERE res_model = %s AND (res_id, seq) > %s %s"
                    " ORDER BY res_id, seq LIMIT %s",
                    name, last, condition, ROWS_AT_ONCE,
                )
            )  # fmt: skip
            rows = self.env.cr.fetchall()
            if not rows:
                return
            last = rows[-1][:2]
            yield [
                {
                    "model": name, "id": id_, "seq": seq, "at": date.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "user": user,
                    "su": su, "company": company, "event": event, "state": state, "names": names, "prev": previous,
                    "hash": hash_, "text": text,
                }
                for id_, seq, date, user, su, company, event, state, names, previous, hash_, text in rows
            ]  # fmt: skip

    @api.model
    def _keep_export(self):
        """The whole ledger as a file that only administrators read, before its tables go."""
        if not self.search_count([], limit=1):
            return self.env["ir.attachment"]
        file = io.BytesIO()
        self._export(file)
        return self.env["ir.attachment"].create(
            {
                "name": f"sqms-ledger-{self.env.cr.now():%Y-%m-%d-%H%M%S}.jsonl.gz",
                "description": self.env._("The ledger as it was when Service Quality was uninstalled."),
                "raw": file.getvalue(),
                "mimetype": "application/gzip",
            }
        )
