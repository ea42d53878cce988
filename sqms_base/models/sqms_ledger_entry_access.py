from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.ir_attachment import condition_values

# Of the context, which comes from the client, these alone have a say in what a person may read.
CONTEXT_KEPT = ("lang", "tz", "uid", "allowed_company_ids")


class SqmsLedgerEntryAccess(models.Model):
    """Who reads an entry: whoever may read its record, and at least one of the fields that it tells of.

    1. Whatever reads entries (search, read, grouping, export, RPC with any context) goes through `_search` or
       `_check_access`, and both ask the record's own rights and rules.
    2. Records that are gone can no longer be asked: quality managers and certifiers read what is left of them.
    3. The signed text is closed to everybody: it tells all fields at once. `changes` tells those one may read.
    """

    _inherit = "sqms.ledger.entry"

    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        domain = Domain(domain)
        if not (self.env.su or bypass_access):
            domain &= self._readable_domain(condition_values(self, "res_model", domain))
        return super()._search(domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation != "read" or not any(self._ids) or (result and result[0] == self):
            return result
        remaining = self - result[0] if result else self
        names = set(remaining.sudo().mapped("res_model"))
        allowed = self.browse(self._search([("id", "in", remaining.ids), ("res_model", "in", list(names))]))
        forbidden = self - allowed
        if not forbidden:
            return None
        forbidden.invalidate_recordset()
        return forbidden, lambda: self.env["ir.rule"]._make_access_error(operation, forbidden)

    def __contains__(self, item):
        # Whoever asks whether there is a company, to word a refusal for instance, takes it for a record.
        return item != "company_id" and super().__contains__(item)

    def _ledger_models(self):
        """The models that have a ledger, in this database."""
        return [
            name for name, model in self.env.registry.items() if not model._abstract and hasattr(model, "_ledger_log")
        ]

    def _readable_domain(self, names=None):
        """What of the ledger the user may read, of these models or of all."""
        known = self._ledger_models()
        context = {key: value for key, value in self.env.context.items() if key in CONTEXT_KEPT}
        parts = []
        for name in known if names is None else [name for name in known if name in names]:
            model = self.env[name].with_context(context, active_test=False)
            if model.has_access("read"):
                parts.append(Domain("res_model", "=", name) & self._readable_of_model(model))
        return Domain.OR(parts)

    def _readable_of_model(self, model):
        query = model._search(Domain.TRUE)
        readable = Domain.FALSE if query.is_empty() else Domain("res_id", "in", query)
        if model._ledger_may_read_deleted():
            table = model._table
            readable |= Domain.custom(
                to_sql=lambda entries, alias, query: SQL(
                    "NOT EXISTS (SELECT FROM %s AS here WHERE here.id = %s)",
                    SQL.identifier(table),
                    SQL.identifier(alias, "res_id"),
                )
            )
        closed = self._closed_fields(model._name)
        if closed:
            readable &= Domain.custom(
                to_sql=lambda entries, alias, query: SQL(
                    "(%(names)s IS NULL OR NOT string_to_array(%(names)s, ',') <@ %(closed)s)",
                    names=SQL.identifier(alias, "names"),
                    closed=sorted(closed),
                )
            )
        return readable

    def _closed_fields(self, name):
        """The fields of a model that the user may not read."""
        if name not in self.env:
            return set()
        model = self.env[name]
        return {field.name for field in model._fields.values() if not model._has_field_access(field, "read")}

    # -- search by field ---------------------------------------------------------

    def _fields_called(self, operator, value):
        """`{model: [field]}` of the logged fields that the user may read and that bear this name."""
        found = defaultdict(list)
        words = [
            str(word).lower() for word in (value if isinstance(value, list | tuple | set | frozenset) else [value])
        ]
        for name in self._ledger_models():
            model = self.env[name]
            if not model.has_access("read"):
                continue
            closed = self._closed_fields(name)
            for field_name in {*model._ledger_fields, *model._fields} - closed:
                label = model._fields[field_name]._description_string(self.env).lower()
                if operator == "in":
                    hit = field_name in words or label in words
                else:
                    hit = any(word in label or word in field_name for word in words)
                if hit:
                    found[name].append(field_name)
        return found
