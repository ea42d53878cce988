import ast
import re
from datetime import datetime
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

FAMILIES = [
    ("satisfaction", "Customer Satisfaction"),
    ("staff", "Staff Service Level"),
    ("efficiency", "Service Efficiency"),
    ("exception", "Exception Handling"),
    ("complaint", "Complaints"),
    ("improvement", "Improvement"),
    ("audit", "Audit"),
    ("training", "Training"),
    ("document", "Documents"),
    ("equipment", "Equipment"),
]
# What a ratio is multiplied with.
FACTORS = {"number": 1, "percent": 100, "per_thousand": 1000}
FORMULA_FIELDS = ("source", "domain", "kind", "numerator_domain", "unit")

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


class Formula(NamedTuple):
    """The formula of an indicator as the engine takes it: names that the source declared, checked domains."""

    model: str
    date_field: str
    company_field: str
    dimensions: tuple
    domain: Domain
    numerator: Domain


class SqmsIndicator(models.Model):
    """What is measured, as data.

    1. A formula is composed of what a source declares: model, date, fields to filter by. Nobody types a
       path, Python or SQL; what is not declared is refused when the formula is saved and when it is counted.
    2. Values are constants. A formula with “today” in it would give a past month another figure every day.
    3. Whoever defines an indicator may read what it counts.
    4. Each change of the formula makes a new version of the definition; the system counts the versions.
    5. An indicator without company is counted for each company apart, on that company's records alone.
    """

    _name = "sqms.indicator"
    _description = "Indicator"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin", "mail.thread"]
    _order = "code, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    # identification
    code = fields.Char(required=True, index=True, tracking=True)
    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(string="What It Tells", translate=True)
    family = fields.Selection(FAMILIES, required=True, default="efficiency", tracking=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
        help="Left empty, the definition holds for every company; each company has its own figures.",
    )
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], check_company=True, index="btree_not_null", tracking=True,
        help="Answers for the figures, and for what is done about them.",
    )  # fmt: skip
    active = fields.Boolean(default=True)

    # formula
    source = fields.Selection("_selection_source", string="Counted By", required=True, tracking=True)
    model = fields.Char(string="Counted Records", compute="_compute_model", store=True, precompute=True)
    date_field = fields.Char(string="Counted Date", compute="_compute_model", store=True, precompute=True)
    domain = fields.Char(
        string="Counted If", required=True, default="[]", tracking=True,
        help="For a ratio: what counts below the line.",
    )  # fmt: skip
    kind = fields.Selection([("count", "Count"), ("ratio", "Ratio")], required=True, default="count", tracking=True)
    numerator_domain = fields.Char(
        string="Of These, Fulfilled If", required=True, default="[]", tracking=True,
        help="What counts above the line of a ratio, among the records that count below it.",
    )  # fmt: skip
    filter_help = fields.Char(string="Conditions", compute="_compute_filter_help")
    version = fields.Integer(readonly=True, default=1, copy=False, tracking=True)

    # how it is read
    unit = fields.Selection(
        [("number", "Number"), ("percent", "%"), ("per_thousand", "‰")], required=True, default="number", tracking=True
    )
    decimals = fields.Integer(default=0)
    direction = fields.Selection(
        [("higher", "Higher Is Better"), ("lower", "Lower Is Better"), ("neutral", "For Information")],
        string="Better", required=True, default="higher", tracking=True,
    )  # fmt: skip
    frequency = fields.Selection([("month", "Monthly")], required=True, default="month")

    _code_uniq = models.UniqueIndex("(COALESCE(company_id, 0), lower(code))", "This code is already taken.")
    _decimals_range = models.Constraint("CHECK(decimals BETWEEN 0 AND 6)", "Show between 0 and 6 decimals.")
    _count_unit = models.Constraint("CHECK(kind = 'ratio' OR unit = 'number')", "A count has no %: choose a number.")

    _ledger_fields = (
        "code", "name", "description", "family", "company_id", "owner_id", "active", "source", "domain", "kind",
        "numerator_domain", "version", "unit", "decimals", "direction", "frequency",
    )  # fmt: skip

    # -- what may be measured ------------------------------------------------

    @api.model
    def _get_indicator_sources(self):
        """What indicators may be made of. An addon adds its own models to the result of `super()`.

        :return: `{model: {"dates", "filters", "dimensions", "company", "archived"}}`

            - dates: stored date and datetime fields by which records are counted
            - filters: fields, and paths over many2one fields, that conditions may name; no free text, nothing
              that some users must not see
            - dimensions: many2one, selection or boolean fields, or paths to them, to break figures down by
            - company: the field, or path, of the company a record belongs to. Required: what belongs to no
              company is counted for none
            - archived: whether archived records count (no, if left out)
        """
        return {
            "maintenance.request": {
                "dates": ("request_date", "close_date"),
                "filters": (
                    "maintenance_type", "stage_id", "stage_id.done", "priority", "kanban_state", "archive",
                    "maintenance_team_id", "category_id", "equipment_id", "duration",
                ),
                "dimensions": ("maintenance_type", "stage_id", "maintenance_team_id", "category_id"),
                "company": "company_id",
            },
            "sqms.acknowledgement": {
                "dates": ("create_date", "acknowledged_at", "date_due"),
                "filters": ("state", "department_id", "document_id", "document_id.document_type", "employee_id.active"),
                "dimensions": ("department_id", "document_id"),
                "company": "company_id",
            },
        }  # fmt: skip

    @api.model
    def _selection_source(self):
        return [
            (f"{model}:{date}", f"{self.env['ir.model'].sudo()._get(model).name} · {self._label_of(model, date)}")
            for model, source in self._get_indicator_sources().items()
            for date in source["dates"]
        ]

    @api.model
    def _label_of(self, model, path):
        """The words of a field, or of a path: “Stage › Done”."""
        labels, comodel = [], self.env[model]
        for name in path.split("."):
            field = comodel._fields[name]
            labels.append(field._description_string(self.env))
            comodel = self.env[field.comodel_name] if field.relational else None
        return " › ".join(labels)

    # -- computes --------------------------------------------------------------

    @api.depends("source")
    def _compute_model(self):
        for indicator in self:
            indicator.model, _colon, indicator.date_field = (indicator.source or "").partition(":")

    @api.depends("source")
    @api.depends_context("lang")
    def _compute_filter_help(self):
        sources = self._get_indicator_sources()
        for indicator in self:
            filters = sources.get(indicator.model, {}).get("filters", ())
            indicator.filter_help = ", ".join(self._label_of(indicator.model, path) for path in filters)

    @api.depends("code", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for indicator in self:
            indicator.display_name = " ".join(filter(None, (indicator.code, indicator.name)))

    @api.onchange("kind")
    def _onchange_kind(self):
        self.unit, self.decimals = ("percent", 1) if self.kind == "ratio" else ("number", 0)

    @api.onchange("source")
    def _onchange_source(self):
        # Conditions on another model would not hold.
        if self._origin.model != self.model:
            self.domain = self.numerator_domain = "[]"

    # -- versions ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, "version": 1} for vals in vals_list])

    def write(self, vals):
        vals = {key: value for key, value in vals.items() if key != "version"}
        before = {indicator.id: indicator._formula_key() for indicator in self}
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # also where it has come to
        changed = self.filtered(lambda indicator: indicator._formula_key() != before[indicator.id])
        for version, indicators in changed.grouped("version").items():
            super(SqmsIndicator, indicators).write({"version": version + 1})
        return result

    def _formula_key(self):
        return tuple(self[name] for name in FORMULA_FIELDS)

    def copy_data(self, default=None):
        default = default or {}
        rows = super().copy_data(default)
        if "code" not in default:
            for indicator, values in zip(self, rows, strict=True):
                values["code"] = self.env._("%(code)s (copy)", code=indicator.code)
        return rows

    # -- the formula, checked ----------------------------------------------------

    @api.constrains("source", "domain", "numerator_domain", "kind")
    def _check_formula(self):
        # Constraints run as superuser; what counts is what the author may see.
        for indicator in self.sudo(False):
            indicator._try_formula(indicator._formula())

    def _formula(self):
        """The formula in the engine's terms, checked condition by condition against the declared source.

        :raise ValidationError: with what is wrong, in words
        """
        self.ensure_one()
        source = self._get_indicator_sources().get(self.model)
        if not source or self.date_field not in source["dates"]:
            raise ValidationError(self.env._("%s: these records cannot be counted here.", self.display_name))
        model = self.env[self.model]
        domain = self._parse(model, source, self.domain)
        if model._active_name and not source.get("archived"):
            domain &= Domain(model._active_name, "=", True)
        numerator = self._parse(model, source, self.numerator_domain) if self.kind == "ratio" else Domain.TRUE
        return Formula(self.model, self.date_field, source["company"], tuple(source["dimensions"]), domain, numerator)

    def _try_formula(self, formula):
        """Whoever saves a formula may read what it counts, and the database understands it."""
        model = self.env[formula.model]
        try:
            model.check_access("read")
            with self.env.cr.savepoint():
                for domain in (formula.domain, formula.domain & formula.numerator):
                    model.sudo().with_context(active_test=False).search(domain, limit=1)
        except AccessError as error:
            raise ValidationError(
                self.env._("%(indicator)s: you have no access to “%(records)s”.",
                           indicator=self.display_name, records=self.env["ir.model"].sudo()._get(formula.model).name)
            ) from error  # fmt: skip
        except (ValueError, TypeError, UserError, psycopg2.Error) as error:
            raise ValidationError(
                self.env._("%s: the database does not understand these conditions.", self.display_name)
            ) from error

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
        label = self._label_of(self.model, path)
        if operator not in OPERATORS[field.type]:
            self._refuse(self.env._("“%(field)s” cannot be compared by “%(operator)s”", field=label, operator=operator))
        is_list = isinstance(value, (list, tuple))
        values = value if is_list else [value]
        fits = operator == "child_of" or is_list == (operator in ("in", "not in"))
        if not fits or len(values) > MAX_VALUES:
            self._refuse(self.env._("“%s” is compared with too many values, or with too few", label))
        for item in values:
            if not _is_value_of(field, item, self.env):
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

    def _refuse(self, reason):
        raise ValidationError(self.env._("%(indicator)s: %(reason)s.", indicator=self.display_name, reason=reason))


def _is_value_of(field, value, env):
    """Whether a constant is of the type of a field; `False` stands for “not set”."""
    if value is False:
        return True
    if field.type in ("date", "datetime"):
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
