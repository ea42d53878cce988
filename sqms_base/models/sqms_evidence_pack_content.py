from typing import NamedTuple

from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ..lib.evidence import path_of
from ..lib.evidence_pack import Pack, clean_name, link_to, table

RECORDS_AT_MOST = 500  # of one rule
FILES_AT_MOST = 5000
BYTES_AT_MOST = 100_000_000
PLAIN_TYPES = ("boolean", "char", "date", "datetime", "float", "integer", "many2one", "monetary", "selection")


class Part(NamedTuple):
    """What one rule brings: the records that may be read, how many there are and how many are hidden."""

    rule: object
    verdict: dict
    records: object
    readable: int
    hidden: int


class Content:
    """Everything that goes into a pack, read and counted, its files not yet opened."""

    def __init__(self, collector, pack, rows, parts, files):
        self.collector, self.pack, self.rows, self.parts, self.attachments = collector, pack, rows, parts, files

    @property
    def files(self):
        return len(self.attachments)

    @property
    def bytes(self):
        return sum(self.attachments.mapped("file_size"))

    def save(self, file):
        """:return: `(digest, number of files, number of things left out)`"""
        return self.collector._write(self, file)


class SqmsEvidencePackContent(models.AbstractModel):
    """What goes into a pack, read with the rights of the person it is for.

    1. Of every clause: its colour, reason and owner, the records behind it as a table, and their files.
    2. Records he may not read are counted, not named. Files in fields he may not read stay out.
    3. What is more than a pack can hold is left out, with a sentence in the index.
    """

    _name = "sqms.evidence.pack.content"
    _description = "Content of an Evidence Pack"

    # -- what there is -----------------------------------------------------------------

    def _collect(self, pack):
        standard = self.env["sqms.standard"].browse(pack.standard_id.id)
        clauses = self.env["sqms.clause"].search(Domain("standard_id", "=", standard.id), order="number_key, id")
        status, decided = clauses._evidence(clauses, self.env.company, are_all=True)
        if pack.clause_id:
            parents = {clause.id: clause.parent_id.id for clause in clauses}
            clauses = clauses.filtered(lambda clause: pack.clause_id.id in path_of(clause.id, parents))
        parts = self._collect_parts(clauses, status)
        return Content(self, pack, self._rows(clauses, status, decided), parts, self._attachments(parts))

    def _rows(self, clauses, status, decided):
        rows = []
        for clause in clauses:
            if clause.id in status:
                owner = decided[clause.id].owner_id.name if clause.id in decided else False
                rows.append({"clause": clause, "status": status[clause.id], "owner": owner or False})
        return rows

    def _collect_parts(self, clauses, status):
        """`{(rule id, clause id or 0): Part}`; a rule that looks at the same records for several clauses once."""
        parts, screen = {}, self.env["sqms.clause.map"]
        for clause in clauses:
            row = status.get(clause.id)
            for verdict in row["verdicts"] if row else ():
                rule = self.env["sqms.evidence.rule"].sudo().browse(verdict["rule"])
                key = self._key(rule, clause)
                if key not in parts and verdict["total"]:
                    records = screen._evidence_records(rule, clause, limit=RECORDS_AT_MOST)
                    readable = len(records)
                    if readable == RECORDS_AT_MOST:
                        readable = screen._evidence_records(rule, clause, count=True)
                    parts[key] = Part(rule, verdict, records, readable, max(verdict["total"] - readable, 0))
        return parts

    def _key(self, rule, clause):
        return rule.id, clause.id if rule.is_linked else 0

    def _attachments(self, parts):
        """The files of the records, as far as he may read them."""
        ids, found = {}, self.env["ir.attachment"]
        for part in parts.values():
            ids.setdefault(part.rule.model, set()).update(part.records.ids)
        for model, wanted in ids.items():
            found |= self.env["ir.attachment"].search(
                Domain("res_model", "=", model)
                & Domain("res_id", "in", sorted(wanted))
                & Domain("res_field", "=", False)
                & Domain("type", "=", "binary"),
                order="res_model, res_id, id",
            )
            found -= self._closed_files(model, wanted)
        return found

    def _closed_files(self, model, ids):
        """Files that stand in a field of the record he may not read."""
        files = self.env["ir.attachment"]
        records = self.env[model].browse(ids)
        for field in records._fields.values():
            holds_files = field.type == "many2many" and field.comodel_name == files._name and field.store
            if holds_files and not records._has_field_access(field, "read"):
                files |= records.sudo()[field.name].sudo(False)
        return files

    # -- putting it together -------------------------------------------------------------

    def _write(self, content, file):
        pack, left_out = Pack(), []
        tables = {key: self._write_part(pack, part) for key, part in content.parts.items()}
        files, missing = self._write_files(pack, content.attachments)
        hidden = sum(part.hidden for part in content.parts.values())
        cut = sum(part.readable - len(part.records) for part in content.parts.values())
        if hidden:
            left_out.append(self.env._("%s records that you may not read", hidden))
        if cut:
            left_out.append(
                self.env._("%(count)s records: of one kind a pack holds %(most)s", count=cut, most=RECORDS_AT_MOST)
            )
        if missing:
            left_out.append(self.env._("%s files: the pack would have become too large", missing))
        index = self._index(content, tables, files, left_out)
        digest = pack.save(file, index)
        return digest, len(pack.entries) + 2, hidden + cut + missing

    def _write_part(self, pack, part):
        """The records of a rule as a table, and what a model has to show of them."""
        columns = self._columns(part)
        rows = [[self._word(record, name) for name in columns] for record in part.records]
        header = [part.records._fields[name]._description_string(self.env) for name in columns]
        table_path = pack.add("records", f"{part.rule.id:04}-{part.rule.name}.csv", table(header, rows))
        pages = {}
        if hasattr(part.records, "_evidence_pages"):
            for record, (name, page) in part.records._evidence_pages().items():
                pages[record] = pack.add("pages", name, page)
        return {"table": table_path, "pages": pages}

    def _columns(self, part):
        source = part.rule._get_evidence_sources()[part.rule.model]
        names = ["display_name", *filter(None, [part.rule.date_field]), *source["filters"]]
        model = part.records
        return [
            name
            for name in dict.fromkeys(names)
            if name in model._fields
            and model._fields[name].type in PLAIN_TYPES
            and model._has_field_access(model._fields[name], "read")
            and self._can_read(model, name)
        ]

    def _can_read(self, records, name):
        try:
            records.mapped(name)
            # One by one: `mapped` cannot join what is empty with words.
            for record in records:
                self._word(record, name)
        except AccessError:
            return False
        return True

    def _word(self, record, name):
        """A value in words, without a path to anything."""
        field, value = record._fields[name], record[name]
        if field.type == "many2one":
            return value.display_name or ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value or "")
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        return "" if value is False else value

    def _write_files(self, pack, attachments):
        """`({(model, id): [(name, path)]}, number of files that found no room)`."""
        written, missing = {}, 0
        for number, attachment in enumerate(attachments):
            if number >= FILES_AT_MOST or pack.size + attachment.file_size > BYTES_AT_MOST:
                missing += 1
                continue
            name = f"{attachment.res_id}-{clean_name(attachment.name)}"
            path = pack.add(f"files/{attachment.res_model}", name, attachment.raw or b"")
            written.setdefault((attachment.res_model, attachment.res_id), []).append((attachment.name, path))
        return written, missing

    def _index(self, content, tables, files, left_out):
        user, company = self.env.user, self.env.company
        zone = user.tz or company._sqms_tz()
        values = {
            "title": content.pack.with_env(self.env).sudo().display_name,
            "standard": content.pack.standard_id.with_env(self.env).name,
            "company": company.name,
            "user": user.name,
            "language": (self.env.lang or "en_US").replace("_", "-"),
            "as_of": f"{format_datetime(self.env, content.pack.as_of, tz=zone)} ({zone})",
            "left_out": left_out,
            "rows": [self._index_row(row, content, tables, files) for row in content.rows],
        }
        page = self.env["ir.qweb"]._render("sqms_base.evidence_pack_index", values)
        return b"<!DOCTYPE html>\n" + str(page).strip().encode()

    def _index_row(self, row, content, tables, files):
        clause, status = row["clause"], row["status"]
        parts = []
        for verdict in status["verdicts"]:
            rule = self.env["sqms.evidence.rule"].sudo().browse(verdict["rule"])
            key = self._key(rule, clause)
            part = content.parts.get(key)
            parts.append(
                {
                    "name": rule.name,
                    "state": verdict["state"],
                    "reason": verdict["reason"],
                    "hidden": part.hidden if part else 0,
                    "table": part and link_to(tables[key]["table"]),
                    "records": [
                        self._index_record(record, part, tables[key]["pages"], files) for record in part.records
                    ]
                    if part
                    else [],
                }
            )
        return {
            "number": clause.number,
            "name": clause.name,
            "heading": status["is_heading"],
            "state": status["state"],
            "reason": status["reason"],
            "owner": row["owner"],
            "parts": parts,
        }

    def _index_record(self, record, part, pages, files):
        date_field = part.rule.date_field
        day = record[date_field] if date_field and self._can_read(record, date_field) else False
        links = [(name, link_to(path)) for name, path in files.get((record._name, record.id), ())]
        return {
            "name": record.display_name,
            "day": self._day(day),
            "page": record.id in pages and link_to(pages[record.id]),
            "links": links,
        }

    def _day(self, value):
        if not value:
            return ""
        return format_datetime(self.env, value) if hasattr(value, "hour") else format_date(self.env, value)
