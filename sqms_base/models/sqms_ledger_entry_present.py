import json
from collections import defaultdict
from textwrap import shorten

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_datetime

from ..lib.hash_chain import SALTED

ERASED = object()
FIELDS_SHOWN = 4


class SqmsLedgerEntryPresent(models.Model):
    """How an entry is told to people: in their language, with the names of today, and no more than they may read."""

    _inherit = "sqms.ledger.entry"

    person = fields.Char(string="Who", compute="_compute_person", search="_search_person")
    event_label = fields.Char(string="What Happened", compute="_compute_event_label")
    model_label = fields.Char(string="Kind of Record", compute="_compute_record", search="_search_model_label")
    record_name = fields.Char(compute="_compute_record", search="_search_record_name")
    changes = fields.Json(string="Before and After", compute="_compute_changes")
    summary = fields.Char(string="Changes", compute="_compute_changes", search="_search_summary")
    anchor_number = fields.Integer(string="Anchored In", compute="_compute_anchor_number", aggregator=None)

    @api.depends("res_model", "res_id", "seq")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = self.env._(
                "%(record)s, position %(position)s", record=entry.record_name, position=entry.seq
            )

    @api.depends("user_id")
    def _compute_person(self):
        # Archived or of another company: who did it is part of the history.
        users = self.env["res.users"].sudo().with_context(active_test=False)
        names = {user.id: user.name for user in users.browse(set(self.mapped("user_id"))).exists()}
        for entry in self:
            entry.person = names.get(entry.user_id) or self.env._("User %(number)s, deleted", number=entry.user_id)

    def _search_person(self, operator, value):
        if operator not in ("in", "ilike"):
            return NotImplemented
        users = self.env["res.users"].sudo().with_context(active_test=False)
        names = [("name", operator, value)] if operator == "ilike" else [("name", "in", list(value))]
        return Domain("user_id", "in", users.search(Domain(names) | Domain("login", operator, value)).ids)

    def _event_labels(self):
        """What people call the events; an addon adds its own to the result of `super()`."""
        return {
            "create": self.env._("Created"),
            "write": self.env._("Changed"),
            "delete": self.env._("Deleted"),
            "transition": self.env._("Step taken"),
            "import": self.env._("Taken over"),
            "signed": self.env._("Signed"),
            "override": self.env._("Exception granted"),
            "backdated": self.env._("Backdated"),
            "erased": self.env._("Personal values erased"),
        }

    @api.depends("event", "res_model")
    @api.depends_context("lang")
    def _compute_event_label(self):
        labels = self._event_labels()
        for entry in self:
            label = labels.get(entry.event, entry.event)
            if entry.event == "transition" and entry.res_model in self.env:
                step = json.loads(entry.sudo().text).get("step")
                for known in getattr(self.env[entry.res_model], "_workflow", ()):
                    if known.name == step:
                        label = self.env._(known.label)
            entry.event_label = label

    @api.depends("res_model", "res_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_record(self):
        by_model = defaultdict(set)
        for entry in self:
            by_model[entry.res_model].add(entry.res_id)
        names = {name: self._names_of(name, ids) for name, ids in by_model.items()}
        for entry in self:
            known = entry.res_model in self.env
            entry.model_label = self.env["ir.model"]._get(entry.res_model).name if known else entry.res_model
            entry.record_name = names[entry.res_model].get(entry.res_id) or self.env._(
                "number %(number)s, deleted", number=entry.res_id
            )

    def _names_of(self, model_name, ids):
        """`{id: name}` of the records that the user may read."""
        if model_name not in self.env:
            return {}
        records = self.env[model_name].with_context(active_test=False)
        if not records.has_access("read"):
            return {}
        return {record.id: record.display_name for record in records.search([("id", "in", list(ids))])}

    def _search_model_label(self, operator, value):
        if operator not in ("in", "ilike"):
            return NotImplemented
        found = self.env["ir.model"].sudo().search([("model", "in", self._ledger_models()), ("name", operator, value)])
        return Domain("res_model", "in", found.mapped("model"))

    def _search_record_name(self, operator, value):
        if operator not in ("in", "ilike"):
            return NotImplemented
        parts = []
        for name in self._ledger_models():
            records = self.env[name].with_context(active_test=False)
            if records.has_access("read") and records._ledger_is_found_by_name():
                found = records._search([("display_name", operator, value)])
                parts.append(Domain("res_model", "=", name) & Domain("res_id", "in", found))
        return Domain.OR(parts)

    def _search_summary(self, operator, value):
        """Find the entries that tell of a field, by its label or its technical name."""
        if operator not in ("in", "ilike"):
            return NotImplemented
        return Domain.OR(
            Domain("res_model", "=", name)
            & Domain.custom(
                to_sql=lambda entries, alias, query, names=names: SQL(
                    "string_to_array(%s, ',') && %s", SQL.identifier(alias, "names"), names
                )
            )
            for name, names in self._fields_called(operator, value).items()
        )

    @api.depends("res_model", "res_id", "seq")
    def _compute_anchor_number(self):
        heads = self.env["sqms.ledger.head"].sudo()
        for name in set(self.mapped("res_model")):
            mine = self.filtered(lambda entry, name=name: entry.res_model == name)
            numbers = heads._numbers_of(mine)
            for entry in mine:
                entry.anchor_number = numbers.get(entry.id, 0)

    # -- old and new -------------------------------------------------------------

    @api.depends("res_model", "res_id", "seq")
    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_changes(self):
        self.check_access("read")
        said = {entry.id: json.loads(entry.text) for entry in self.sudo()}
        values = self.env["sqms.ledger.value"].sudo()._values_of(self.sudo())
        closed = {name: self._closed_fields(name) for name in set(self.mapped("res_model"))}
        names = self._linked_names(said.values(), closed)
        for entry in self:
            model = self.env.get(entry.res_model)
            own, aside = said[entry.id], values.get((entry.res_model, entry.res_id, entry.seq), {})
            old, new = own.get("old") or {}, own.get("new") or {}
            rows = []
            for name in sorted({*old, *new} - closed[entry.res_model], key=self._field_order(model)):
                before = self._opened(old.get(name), aside.get((name, "old")))
                after = self._opened(new.get(name), aside.get((name, "new")))
                if before is None and after is None:
                    continue
                field = model._fields.get(name) if model is not None else None
                before, after = self._only_languages_that_differ(field, before, after)
                rows.append(
                    {
                        "name": name,
                        "label": field._description_string(self.env) if field else name,
                        "old": self._told(field, before, names),
                        "new": self._told(field, after, names),
                    }
                )
            rows += self._further_rows(own, aside, model, closed[entry.res_model])
            entry.changes = rows
            entry.summary = self._summary(rows)

    def _further_rows(self, own, aside, model, closed):
        """What an entry tells beside old and new: the reason, or what was erased and why."""
        told = []
        if own.get("reason"):
            reason = self._opened(own["reason"], aside.get(("reason", "note")))
            told.append((self.env._("Reason"), self._told(None, reason, {})))
        if own.get("because"):
            told.append((self.env._("Reason"), own["because"]))
        labels = [
            model._fields[name]._description_string(self.env) if model is not None and name in model._fields else name
            for name in sorted(own.get("erased") or ())
            if name not in closed
        ]
        if labels:
            told.append((self.env._("Erased"), ", ".join(labels)))
        return [{"name": "", "label": label, "old": "", "new": words} for label, words in told]

    def _summary(self, rows):
        """One line for the list: what became of one field, or which fields."""
        if len(rows) == 1 and rows[0]["name"]:
            return self.env._("%(field)s: %(old)s → %(new)s", field=rows[0]["label"], **self._short_values(rows[0]))
        words = ", ".join(row["label"] for row in rows[:FIELDS_SHOWN])
        if len(rows) > FIELDS_SHOWN:
            return self.env._("%(fields)s and %(count)s more", fields=words, count=len(rows) - FIELDS_SHOWN)
        return words

    def _short_values(self, row):
        return {side: shorten(str(row[side]), 60, placeholder="…") or "–" for side in ("old", "new")}

    def _field_order(self, model):
        order = {name: place for place, name in enumerate(model._ledger_fields)} if model is not None else {}
        return lambda name: (order.get(name, len(order)), name)

    def _opened(self, value, aside):
        """The value that a salted digest stands for, as long as it is there."""
        if isinstance(value, dict) and SALTED in value:
            return json.loads(aside) if aside else ERASED
        return value

    def _only_languages_that_differ(self, field, before, after):
        if not (field and field.translate):
            return before, after
        before, after = (side if isinstance(side, dict) else {} for side in (before, after))
        changed = [lang for lang in {**before, **after} if before.get(lang) != after.get(lang)]
        return tuple({lang: side[lang] for lang in changed if lang in side} or None for side in (before, after))

    def _linked_names(self, texts, closed):
        """`{model: {id: name}}` of all records that these entries name, as far as the user may read them."""
        linked = defaultdict(set)
        for said in texts:
            model = self.env.get(said["model"])
            for name, value in [*(said.get("old") or {}).items(), *(said.get("new") or {}).items()]:
                field = model._fields.get(name) if model is not None else None
                if field is not None and field.relational and name not in closed[said["model"]]:
                    ids = value if isinstance(value, list) else [value]
                    linked[field.comodel_name].update(id_ for id_ in ids if isinstance(id_, int) and id_)
        return {name: self._names_of(name, ids) for name, ids in linked.items()}

    def _told(self, field, value, names):
        """A value as people read it."""
        if value is ERASED:
            return self.env._("erased")
        if value is None or value is False and (field is None or field.type != "boolean") or value == []:
            return ""
        if isinstance(value, dict) and "sha256" in value:
            return self.env._(
                "%(length)s characters, digest %(digest)s", length=value["length"], digest=value["sha256"][:12]
            )
        if isinstance(value, dict) and field is not None and field.translate:
            told = {lang: self._told(None, text, names) for lang, text in value.items()}
            if len(told) == 1 and (self.env.lang or "en_US") in (*told, "en_US"):
                return next(iter(told.values()))
            return " · ".join(f"{lang}: {text}" for lang, text in sorted(told.items()))
        if isinstance(value, dict) and value and all(isinstance(text, str) for text in value.values()):
            return " · ".join(f"{key}: {text}" for key, text in sorted(value.items()))
        return self._told_by_type(field, value, names)

    def _told_by_type(self, field, value, names):
        kind = field.type if field is not None else ""
        if kind in ("many2one", "many2many") and isinstance(value, int | list):
            known = names.get(field.comodel_name, {})
            ids = value if isinstance(value, list) else [value]
            return ", ".join(known.get(id_) or self.env._("number %(number)s", number=id_) for id_ in ids)
        if kind == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if kind == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if kind == "date" and isinstance(value, str):
            return format_date(self.env, value[:10])
        if kind == "datetime" and isinstance(value, str):
            return format_datetime(self.env, value[:19].replace("T", " "))
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if isinstance(value, float) and value == int(value):
            return str(int(value))
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    # -- for the tab -------------------------------------------------------------

    def _rows_for_screen(self):
        return [
            {
                "id": entry.id,
                "position": entry.seq,
                "when": format_datetime(self.env, entry.date),
                "who": entry.person,
                "as_superuser": entry.as_superuser,
                "event": entry.event,
                "what": entry.event_label,
                "changes": entry.changes,
                "anchor": entry.anchor_number,
                "hash": entry.hash,
            }
            for entry in self
        ]

    def action_open_record(self):
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id) if self.res_model in self.env else None
        if record is None or not record.exists():
            raise UserError(self.env._("This record is gone; what is left of it stands here."))
        record.check_access("read")
        return record._get_records_action()
