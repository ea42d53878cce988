"""What the database says of records right now, for manifests: plain SQL, one question per kind of thing.

Not by the ORM: its cache knows nothing of what was changed behind its back.
"""

import hashlib
from collections import defaultdict

from odoo.tools import SQL

from . import manifest as manifests

NUMBERS = ("integer", "float", "monetary")


def database_image(records, names, lines=None, thorough=False):
    """`{record id: {name: canonical value}}` of the existing ones among the records.

    :param names: columns, many2many, one2many, binary fields kept as files
    :param lines: `{one2many name: names of the fields of a line}`
    :param thorough: read the bytes of files and add their SHA-256
    """
    fields = {name: records._fields[name] for name in names}
    columns = [name for name, field in fields.items() if field.store and field.column_type]
    image = _columns(records, columns)
    for name, field in fields.items():
        if name in columns:
            continue
        if field.type == "binary" and field.store:
            found = _binary(records, name, thorough)
        elif field.type == "many2many" and field.store and field.comodel_name == "ir.attachment":
            found = _files(records, field, thorough)
        elif field.type == "many2many" and field.store:
            found = _links(records, field)
        elif field.type == "one2many" and (lines or {}).get(name):
            found = _lines(records, field, lines[name], thorough)
        else:
            raise TypeError(f"{field} cannot be read straight from the database")
        for id_, values in image.items():
            values[name] = found.get(id_, [])
    return image


def _columns(records, names):
    if not records.ids:
        return {}
    records.flush_model(names)
    rows = records.env.execute_query(
        SQL(
            "SELECT id%s FROM %s WHERE id IN %s",
            SQL("").join(SQL(", %s", SQL.identifier(name)) for name in names),
            SQL.identifier(records._table),
            tuple(records.ids),
        )
    )
    return {
        row[0]: {name: _plain(records._fields[name], v) for name, v in zip(names, row[1:], strict=True)} for row in rows
    }


def _plain(field, value):
    """A column as JSON; what the ORM does not tell apart (nothing and zero, nothing and empty) is alike here."""
    if field.type == "boolean":
        return bool(value)
    if field.type == "integer":
        return value or 0
    if field.type in NUMBERS:
        return float(value or 0)
    if field.type == "date":
        return value.isoformat() if value else None
    if field.type == "datetime":
        return value.isoformat(timespec="microseconds") + "Z" if value else None
    if isinstance(value, dict) and (field.translate or field.company_dependent):
        return {str(key): _plain_text(text) for key, text in value.items()}
    if isinstance(value, (dict, list)):
        return manifests.abridged(manifests.canonical(value))
    return _plain_text(value)


def _plain_text(value):
    return manifests.abridged(value) if isinstance(value, str) and value else value or None


def _links(records, field):
    rows = records.env.execute_query(
        SQL(
            "SELECT %s, %s FROM %s WHERE %s IN %s ORDER BY 1, 2",
            SQL.identifier(field.column1),
            SQL.identifier(field.column2),
            SQL.identifier(field.relation),
            SQL.identifier(field.column1),
            tuple(records.ids),
        )
    )
    found = defaultdict(list)
    for id_, other in rows:
        found[id_].append(other)
    return found


def _files(records, field, thorough):
    return _file_rows(
        records,
        SQL(
            "SELECT link.%s, file.id, file.name, file.file_size, file.checksum, file.url"
            " FROM %s link JOIN ir_attachment file ON file.id = link.%s WHERE link.%s IN %s",
            SQL.identifier(field.column1),
            SQL.identifier(field.relation),
            SQL.identifier(field.column2),
            SQL.identifier(field.column1),
            tuple(records.ids),
        ),
        thorough,
    )


def _binary(records, name, thorough):
    return _file_rows(
        records,
        SQL(
            "SELECT res_id, id, name, file_size, checksum, url FROM ir_attachment"
            " WHERE res_model = %s AND res_field = %s AND res_id IN %s",
            records._name,
            name,
            tuple(records.ids),
        ),
        thorough,
    )


def _file_rows(records, query, thorough):
    attachments = records.env["ir.attachment"].sudo()
    attachments.flush_model()
    rows = records.env.execute_query(query)
    sha256 = {}
    if thorough:
        for file in attachments.browse({row[1] for row in rows}):
            sha256[file.id] = {"sha256": hashlib.sha256(file.raw or b"").hexdigest()}
    found = defaultdict(list)
    for id_, file_id, name, size, checksum, url in rows:
        found[id_].append(
            {"name": name, "size": size or 0, "sha1": checksum, "url": url or None, **sha256.get(file_id, {})}
        )
    for files in found.values():
        files.sort(key=lambda file: (file["name"] or "", file["sha1"] or "", file["url"] or ""))
    return found


def _lines(records, field, names, thorough):
    lines = records.env[field.comodel_name].sudo()
    lines.flush_model([field.inverse_name])
    rows = records.env.execute_query(
        SQL(
            "SELECT %s, id FROM %s WHERE %s IN %s ORDER BY 1, 2",
            SQL.identifier(field.inverse_name),
            SQL.identifier(lines._table),
            SQL.identifier(field.inverse_name),
            tuple(records.ids),
        )
    )
    image = database_image(lines.browse([row[1] for row in rows]), names, thorough=thorough)
    found = defaultdict(list)
    for id_, line_id in rows:
        found[id_].append({"id": line_id, **image[line_id]})
    return found
