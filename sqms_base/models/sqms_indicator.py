from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
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
FACTORS = {"number": 1, "hours": 1, "percent": 100, "per_thousand": 1000}
FORMULA_FIELDS = ("source", "domain", "kind", "quantity", "quantity_below", "numerator_domain", "unit")
# Kinds of figures that are made of a quantity of the records, not of their number alone.
QUANTITIES = ("sum", "mean", "median", "quotient")
# Kinds with something below the line: the number of the records, or of a second quantity.
SHARES = ("ratio", "mean", "quotient")


class Formula(NamedTuple):
    """The formula of an indicator as the engine takes it: names that the source declared, checked domains."""

    model: str
    date_field: str
    company_field: str
    dimensions: tuple
    domain: Domain
    numerator: Domain
    kind: str = "count"
    quantity: str = ""
    quantity_below: str = ""


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
    _inherit = ["sqms.filter.mixin", "sqms.keep.mixin", "sqms.ledger.mixin", "mail.thread"]
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
    kind = fields.Selection(
        [
            ("count", "Count"), ("ratio", "Ratio"), ("sum", "Sum"), ("mean", "Mean"), ("median", "Median"),
            ("quotient", "Quotient of Sums"),
        ],
        required=True, default="count", tracking=True,
    )  # fmt: skip
    quantity = fields.Selection(
        "_selection_quantity", string="Of What", tracking=True,
        help="What is added up, or in the middle for a median. Records that do not have it are left out, and those "
        "with zero where zero says nothing.",
    )  # fmt: skip
    quantity_below = fields.Selection(
        "_selection_quantity", string="Per", tracking=True,
        help="What is below the line of a quotient: complaints per order. The sums are divided, not each record.",
    )  # fmt: skip
    numerator_domain = fields.Char(
        string="Of These, Fulfilled If", required=True, default="[]", tracking=True,
        help="What counts above the line of a ratio, among the records that count below it.",
    )  # fmt: skip
    filter_help = fields.Char(string="Conditions", compute="_compute_filter_help")
    version = fields.Integer(readonly=True, default=1, copy=False, tracking=True)

    # how it is read
    unit = fields.Selection(
        [("number", "Number"), ("hours", "Hours"), ("percent", "%"), ("per_thousand", "‰")],
        required=True, default="number", tracking=True,
    )  # fmt: skip
    decimals = fields.Integer(default=0)
    direction = fields.Selection(
        [("higher", "Higher Is Better"), ("lower", "Lower Is Better"), ("neutral", "For Information")],
        string="Better", required=True, default="higher", tracking=True,
    )  # fmt: skip
    frequency = fields.Selection([("month", "Monthly")], required=True, default="month")

    _code_uniq = models.UniqueIndex("(COALESCE(company_id, 0), lower(code))", "This code is already taken.")
    _decimals_range = models.Constraint("CHECK(decimals BETWEEN 0 AND 6)", "Show between 0 and 6 decimals.")
    _count_unit = models.Constraint(
        "CHECK(kind IN ('ratio', 'quotient') OR unit = 'number' "
        "OR kind IN ('sum', 'mean', 'median') AND unit = 'hours')",
        "A count has no % and no hours: choose a number. A sum, a mean or a median is a number or hours.",
    )

    _ledger_fields = (
        "code", "name", "description", "family", "company_id", "owner_id", "active", "source", "domain", "kind",
        "quantity", "quantity_below", "numerator_domain", "version", "unit", "decimals", "direction", "frequency",
    )  # fmt: skip

    # -- what may be measured ------------------------------------------------

    @api.model
    def _get_indicator_sources(self):
        """What indicators may be made of. An addon adds its own models to the result of `super()`.

        :return: `{model: {"dates", "filters", "dimensions", "quantities", "company", "archived"}}`

            - dates: stored date and datetime fields by which records are counted
            - filters: fields, and paths over many2one fields, that conditions may name; no free text, nothing
              that some users must not see
            - dimensions: many2one, selection or boolean fields, or paths to them, to break figures down by
            - quantities: stored number fields, not money, of which a sum or a mean may be made (none, if left out)
            - present: `{quantity: condition}` for quantities of which zero is a value; the condition says that there is
              one. Of the others zero is what nobody has entered
            - company: the field, or path, of the company a record belongs to. Required: what belongs to no
              company is counted for none
            - archived: whether archived records count (no, if left out)
        """
        return {
            "maintenance.request": {
                "dates": ("request_date", "close_date", "schedule_date"),
                "filters": (
                    "maintenance_type", "stage_id", "stage_id.done", "priority", "kanban_state", "archive",
                    "maintenance_team_id", "category_id", "equipment_id", "duration", "sqms_is_on_time",
                ),
                "dimensions": ("maintenance_type", "stage_id", "maintenance_team_id", "category_id"),
                "quantities": ("duration",),
                "company": "company_id",
            },
            "sqms.acknowledgement": {
                "dates": ("create_date", "acknowledged_at", "date_due"),
                "filters": ("state", "department_id", "document_id", "document_id.document_type", "employee_id.active"),
                "dimensions": ("department_id", "document_id"),
                "company": "company_id",
            },
            "sqms.commitment.breach": {
                "dates": ("happened_at", "closed_at"),
                "filters": ("state", "remedy_kind", "commitment_id", "process_id"),
                "dimensions": ("commitment_id", "process_id", "remedy_kind"),
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

    # -- computes --------------------------------------------------------------

    @api.model
    def _selection_quantity(self):
        return [
            (f"{model}:{name}", f"{self.env['ir.model'].sudo()._get(model).name} · {self._label_of(model, name)}")
            for model, source in self._get_indicator_sources().items()
            for name in source.get("quantities", ())
        ]

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
            self.quantity = self.quantity_below = False

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

    @api.constrains("source", "domain", "numerator_domain", "kind", "quantity", "quantity_below")
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
        quantity = self._checked_quantity(source, self.quantity) if self.kind in QUANTITIES else ""
        below = self._checked_quantity(source, self.quantity_below) if self.kind == "quotient" else ""
        if quantity and not below:
            # The ORM writes zero for what nobody has entered.
            domain &= Domain(*source.get("present", {}).get(quantity, (quantity, "!=", False)))
        return Formula(
            self.model, self.date_field, source["company"], tuple(source["dimensions"]), domain, numerator, self.kind,
            quantity, below,
        )  # fmt: skip

    def _checked_quantity(self, source, chosen):
        """The number field that the source declared for sums and means."""
        model, _colon, name = (chosen or "").partition(":")
        if model != self.model or name not in source.get("quantities", ()):
            raise ValidationError(
                self.env._("%s: please choose what is added up, of the records that are counted.", self.display_name)
            )
        return name

    def _try_formula(self, formula):
        self._try_domains(self.env[formula.model], (formula.domain, formula.domain & formula.numerator))
