import re
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..lib.evidence import Measure
from ..lib.local_time import local_midnight

KINDS = [
    ("exists", "Something Is There"),
    ("none", "Nothing of It Is Wrong"),
    ("ratio", "Enough of It Is Right"),
]
# What a sentence of a rule may be filled with.
WORDS = ("total", "right", "wrong", "age", "limit")
WORD = re.compile(r"\{([^{}]*)\}")


class Plan(NamedTuple):
    """A rule as the engine takes it: names that the source declared, checked domains.

    :param link: path from the record to its clauses, for rules that look at linked records only
    :param fresh: the records that are young enough, among those of the domain
    :param dated: the records whose date has come
    """

    model: str
    company: str
    link: str | None
    date_field: str | None
    domain: Domain
    marked: Domain
    fresh: Domain
    dated: Domain


class SqmsEvidenceRule(models.Model):
    """What proves that a clause is lived, as data.

    1. A rule is composed of what a source declares: model, date, fields to filter by. Nobody types a path,
       Python or SQL; what is not declared is refused when the rule is saved and when it is asked.
    2. It is asked whenever somebody looks; nothing of the answer is stored.
    3. It counts the records of one company, all of them, whoever looks; the list behind the count shows
       what the looker may read. Archived records count only if the rule says so.
    4. A rule holds for all its clauses. All rules of a clause hold together: the worst one counts.
    5. A rule without company is asked of each company apart.
    """

    _name = "sqms.evidence.rule"
    _description = "Evidence Rule"
    _inherit = ["sqms.filter.mixin", "sqms.keep.mixin", "sqms.ledger.mixin", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True
    _filter_relative = True

    name = fields.Char(
        string="Evidence", required=True, translate=True, tracking=True, help="What it is: “Policies in force”."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", default=lambda self: self.env.company, ondelete="cascade",
        help="Left empty, the rule holds in all companies; each is asked for its own records.",
    )  # fmt: skip
    clause_ids = fields.Many2many(
        "sqms.clause", "sqms_evidence_rule_clause_rel", "rule_id", "clause_id",
        string="Clauses", check_company=True, ondelete="cascade",
    )  # fmt: skip

    # what is looked at
    source = fields.Selection("_selection_source", string="Looks at", required=True, tracking=True)
    model = fields.Char(
        compute="_compute_model", store=True, precompute=True, index=True, export_string_translation=False
    )
    date_field = fields.Char(compute="_compute_model", store=True, precompute=True, export_string_translation=False)
    domain = fields.Char(string="Records", required=True, default="[]", tracking=True)
    is_linked = fields.Boolean(
        string="Linked to the Clause", tracking=True,
        help="Only the records that name the clause count, for each clause its own.",
    )  # fmt: skip
    count_archived = fields.Boolean(
        string="Archived Ones Too", tracking=True, help="Otherwise what is archived no longer proves anything."
    )
    filter_help = fields.Char(string="Conditions", compute="_compute_filter_help")

    # what is asked of it
    kind = fields.Selection(KINDS, string="Asks That", required=True, default="exists", tracking=True)
    numerator_domain = fields.Char(
        string="Of These", required=True, default="[]", tracking=True,
        help="Among the records: those that are wrong where nothing may be wrong, those that are right where "
        "enough must be right.",
    )  # fmt: skip
    minimum = fields.Integer(
        string="At Least", required=True, default=1, tracking=True,
        help="So many records there must be; with a limit of age, so many young ones. "
        "Zero where having none is fine as well: no complaint, no open one.",
    )  # fmt: skip
    freshness_days = fields.Integer(
        string="Red After (Days)", default=0, tracking=True, help="The newest one must not be older. Zero: no limit."
    )
    warn_days = fields.Integer(
        string="Amber After (Days)", default=0, tracking=True, help="From then on it is time for the next one."
    )
    green_percent = fields.Float(
        string="Green From (%)", default=100.0, tracking=True, help="So many of them must be right."
    )
    amber_percent = fields.Float(string="Red Below (%)", default=100.0, tracking=True, help="In between it is amber.")

    # how it is told
    words_fine = fields.Char(
        string="Sentence When Fine", translate=True,
        help="“{total} documents, no review late”. It may hold {total}, {right}, {wrong}, {age} and {limit}.",
    )  # fmt: skip
    words_wrong = fields.Char(
        string="Sentence When Not", translate=True, help="“{wrong} of {total} certificates expired”."
    )
    action_label = fields.Char(
        string="Button", translate=True, help="What leads on when it is not green: “Remind”, “Plan training”."
    )

    _minimum_range = models.Constraint("CHECK(minimum >= 0)", "At least none: the number cannot be negative.")
    _exists_minimum = models.Constraint(
        "CHECK(kind != 'exists' OR minimum > 0)", "Where something must be there, at least one must be."
    )
    _days_range = models.Constraint(
        "CHECK(freshness_days BETWEEN 0 AND 36500 AND warn_days BETWEEN 0 AND 36500 "
        "AND (freshness_days = 0 OR warn_days <= freshness_days))",
        "The warning comes before the limit, and both are days.",
    )
    _percent_range = models.Constraint(
        "CHECK(amber_percent BETWEEN 0 AND 100 AND green_percent BETWEEN amber_percent AND 100)",
        "Percentages lie between 0 and 100, and green lies above red.",
    )

    _ledger_fields = (
        "name", "active", "company_id", "clause_ids", "source", "domain", "is_linked", "count_archived", "kind",
        "numerator_domain", "minimum", "freshness_days", "warn_days", "green_percent", "amber_percent",
        "words_fine", "words_wrong", "action_label",
    )  # fmt: skip

    # -- what may be looked at -----------------------------------------------------

    @api.model
    def _get_evidence_sources(self):
        """What evidence may be made of. An addon adds its own models to the result of `super()`.

        :return: `{model: {"dates", "filters", "company", "clauses", "archived"}}`

            - dates: stored date and datetime fields that tell how old a record is
            - filters: fields, and paths over many2one fields, that conditions may name; no free text, nothing
              that some users must not see
            - company: the field, or path, of the company a record belongs to. What belongs to no company is
              evidence for none
            - clauses: path to the clauses that a record names, if it does
            - archived: whether a rule may count archived records
        """
        return {}

    @api.model
    def _selection_source(self):
        options = []
        for model, source in self._get_evidence_sources().items():
            label = self.env["ir.model"].sudo()._get(model).name
            options.append((f"{model}:", label))
            options += [(f"{model}:{date}", f"{label} · {self._label_of(model, date)}") for date in source["dates"]]
        return options

    # -- computes ------------------------------------------------------------------

    @api.depends("source")
    def _compute_model(self):
        for rule in self:
            rule.model, _colon, date_field = (rule.source or "").partition(":")
            rule.date_field = date_field or False

    @api.depends("source")
    @api.depends_context("lang")
    def _compute_filter_help(self):
        sources = self._get_evidence_sources()
        for rule in self:
            filters = sources.get(rule.model, {}).get("filters", ())
            rule.filter_help = ", ".join(self._label_of(rule.model, path) for path in filters)

    @api.onchange("source")
    def _onchange_source(self):
        # Conditions on another model would not hold.
        if self._origin.model != self.model:
            self.domain = self.numerator_domain = "[]"
            self.is_linked = False

    # -- the rule, checked -----------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # also where it has come to
        return result

    @api.constrains("source", "domain", "numerator_domain", "kind", "is_linked", "count_archived", "freshness_days")
    def _check_rule(self):
        # Constraints run as superuser; what counts is what the author may see.
        for rule in self.sudo(False):
            if rule.freshness_days and not rule.date_field:
                rule._refuse(self.env._("an age needs a date: choose one with the records"))
            plan = rule._plan(rule.company_id or rule.env.company)
            rule._try_domains(rule.env[plan.model], (plan.domain, plan.domain & plan.marked))

    @api.constrains("words_fine", "words_wrong")
    def _check_words(self):
        for rule in self:
            for text in filter(None, (rule.words_fine, rule.words_wrong)):
                strange = [word for word in WORD.findall(text) if word not in WORDS]
                if strange:
                    rule._refuse(self.env._("a sentence cannot tell “%s”", strange[0]))

    def _measure(self):
        self.ensure_one()
        return Measure(
            self.kind, self.minimum, self.freshness_days, self.warn_days, self.green_percent, self.amber_percent
        )

    def _plan(self, company, today=None):
        """The rule in the engine's terms, checked condition by condition against the declared source.

        :raise ValidationError: with what is wrong, in words
        """
        self.ensure_one()
        source = self._get_evidence_sources().get(self.model)
        if not source or (self.date_field and self.date_field not in source["dates"]):
            raise ValidationError(self.env._("%s: these records cannot be evidence.", self.display_name))
        if self.is_linked and not source.get("clauses"):
            self._refuse(self.env._("these records name no clause"))
        if self.count_archived and not source.get("archived"):
            self._refuse(self.env._("archived ones are no evidence here"))
        model = self.env[self.model]
        domain = self._parse(model, source, self.domain)
        if model._active_name and not self.count_archived:
            domain &= Domain(model._active_name, "=", True)
        marked = Domain.FALSE if self.kind == "exists" else self._parse(model, source, self.numerator_domain)
        fresh = dated = Domain.TRUE
        if self.date_field:
            first, end = self._edges(model, company, today or self._today(company))
            dated = Domain(self.date_field, "<", end)
            fresh = dated & Domain(self.date_field, ">=", first)
        return Plan(
            self.model, source["company"], source["clauses"] if self.is_linked else None, self.date_field or None,
            domain, marked, fresh, dated,
        )  # fmt: skip

    def _edges(self, model, company, today):
        """The first fresh day and the day after today; as instants where the date is one."""
        days = today - timedelta(days=self.freshness_days), today + timedelta(days=1)
        if model._fields[self.date_field].type == "date":
            return days
        return tuple(local_midnight(day, company._sqms_tz()) for day in days)
