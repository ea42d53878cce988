import ast
import re
from datetime import datetime

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

SAME = ("=", "!=", "in", "not in")
ORDER = ("<", "<=", ">", ">=")
OPERATORS = {
    "boolean": SAME,
    "char": SAME,
    "date": SAME + ORDER,
    "datetime": SAME + ORDER,
    "float": SAME + ORDER,
    "integer": SAME + ORDER,
    "many2many": ("in", "not in"),
    "many2one": (*SAME, "child_of"),
    "monetary": SAME + ORDER,
    "selection": SAME,
}
VALUE_TYPES = {"boolean": bool, "char": str, "float": (int, float), "monetary": (int, float)}
MAX_CONDITIONS, MAX_VALUES, MAX_TEXT = 20, 500, 10_000
DAY = re.compile(r"\d{4}-\d\d-\d\d")
INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")  # in UTC: a day would depend on a time zone
RELATIVE = re.compile(r"(today|now)( [+-]\d{1,4}[dwmy]){0,2}")  # what Odoo's domains know as dates relative to now


class SqmsFilterMixin(models.AbstractModel):
    """Conditions that people write down, made of what a source declares.

    1. A condition names a field of the declared vocabulary, a comparison that fits its type and a constant.
    2. The text is read as constants and never evaluated: no path that was not declared, no Python, no SQL.
    3. What the author may not see he cannot filter by.
    """

    _name = "sqms.filter.mixin"
    _description = "Declared Conditions"

    # Whether a date may be given relative to the day of asking: "today -30d".
    _filter_relative = False

    @api.model
    def _label_of(self, model, path):
        """The words of a field, or of a path: “Stage › Done”."""
        labels, comodel = [], self.env[model]
        for name in path.split("."):
            field = comodel._fields[name]
            labels.append(field._description_string(self.env))
            comodel = self.env[field.comodel_name] if field.relational else None
        return " › ".join(labels)

    def _parse(self, model, source, text):
        """A stored filter as a Domain. It is read as constants, never evaluated."""
        try:
            conditions = ast.literal_eval(text) if len(text or "") <= MAX_TEXT else None
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            conditions = None
        if not isinstance(conditions, list):
            self._refuse(self.env._("a condition is made of constants, not of code"))
        leaves = [leaf for leaf in conditions if not (isinstance(leaf, str) and leaf in ("&", "|", "!"))]
        if len(leaves) > MAX_CONDITIONS:
            self._refuse(self.env._("more than %s conditions", MAX_CONDITIONS))
        for leaf in leaves:
            if not isinstance(leaf, (tuple, list)) or len(leaf) != 3:
                self._refuse(self.env._("a condition has a field, a comparison and a value"))
            self._check_condition(model, source, *leaf)
        try:
            return Domain(conditions)
        except (ValueError, TypeError):
            return self._refuse(self.env._("these conditions do not fit together"))

    def _check_condition(self, model, source, path, operator, value):
        if not isinstance(path, str) or path not in source["filters"]:
            self._refuse(self.env._("it cannot be filtered by “%s”", path))
        field = self._field_of(model, path)
        label = self._label_of(model._name, path)
        if operator not in OPERATORS[field.type]:
            self._refuse(self.env._("“%(field)s” cannot be compared by “%(operator)s”", field=label, operator=operator))
        is_list = isinstance(value, (list, tuple))
        values = value if is_list else [value]
        fits = operator == "child_of" or is_list == (operator in ("in", "not in"))
        if not fits or len(values) > MAX_VALUES:
            self._refuse(self.env._("“%s” is compared with too many values, or with too few", label))
        for item in values:
            if not _is_value_of(field, item, self.env, self._filter_relative):
                self._refuse(self.env._("“%(value)s” is no value of “%(field)s”", value=item, field=label))

    def _field_of(self, model, path):
        """The field at the end of a path, if the user at hand may read the way there."""
        field = None
        for name in path.split("."):
            model = self.env[field.comodel_name] if field else model
            field = model._fields[name]
            if not model._has_field_access(field, "read"):
                self._refuse(self.env._("you may not see “%s”", field._description_string(self.env)))
        return field

    def _try_domains(self, model, domains):
        """Whoever saves conditions may read what they count, and the database understands them."""
        try:
            model.check_access("read")
            with self.env.cr.savepoint():
                for domain in domains:
                    model.sudo().with_context(active_test=False).search(domain, limit=1)
        except AccessError as error:
            raise ValidationError(
                self.env._("%(indicator)s: you have no access to “%(records)s”.",
                           indicator=self.display_name, records=self.env["ir.model"].sudo()._get(model._name).name)
            ) from error  # fmt: skip
        except (ValueError, TypeError, UserError, psycopg2.Error) as error:
            raise ValidationError(
                self.env._("%s: the database does not understand these conditions.", self.display_name)
            ) from error

    def _refuse(self, reason):
        raise ValidationError(self.env._("%(indicator)s: %(reason)s.", indicator=self.display_name, reason=reason))


def _is_value_of(field, value, env, relative):
    """Whether a constant is of the type of a field; `False` stands for “not set”."""
    if value is False:
        return True
    if field.type in ("date", "datetime"):
        if relative and isinstance(value, str) and RELATIVE.fullmatch(value):
            return True
        pattern = DAY if field.type == "date" else INSTANT
        return isinstance(value, str) and bool(pattern.fullmatch(value)) and _is_iso(value)
    if field.type == "selection":
        return isinstance(value, str) and value in field.get_values(env)
    types = VALUE_TYPES.get(field.type, int)
    return isinstance(value, types) and (field.type == "boolean" or not isinstance(value, bool))


def _is_iso(text):
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
