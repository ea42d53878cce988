from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import lean


class SqmsImprovementFigures(models.Model):
    """What it took before, what was expected, what it takes now, and what that saves.

    1. Minutes are those of one go. Value-added time is part of the lead time, so it is never more.
    2. The saving is that of the first twelve months by the rule of `lib/lean.py`: lead minutes saved each time x times
       per month x 12 x cost of a minute, with what else is saved in the year, less what it costs once.
    3. Expected and verified are two figures. `saving_verified` is filled in by the verification alone; whatever adds
       up savings adds up this one.
    """

    _inherit = "sqms.improvement"

    currency_id = fields.Many2one(related="company_id.currency_id")
    # before
    before_value_minutes = fields.Float(string="Value-Added Minutes Before", digits=(12, 2), aggregator=None)
    before_lead_minutes = fields.Float(
        string="Lead Minutes Before", digits=(12, 2), aggregator=None,
        help="From the start to the end of one go, waiting included.",
    )  # fmt: skip
    times_per_month = fields.Float(digits=(12, 2), aggregator=None, help="How often it is done in a month.")
    cost_per_minute = fields.Monetary(
        currency_field="currency_id", aggregator=None,
        help="What one minute of the lead time costs on average, waiting included. Zero: only what else is saved "
        "counts.",
    )  # fmt: skip
    # expected
    expected_value_minutes = fields.Float(string="Value-Added Minutes Expected", digits=(12, 2), aggregator=None)
    expected_lead_minutes = fields.Float(string="Lead Minutes Expected", digits=(12, 2), aggregator=None)
    expected_other_saving = fields.Monetary(
        string="Other Saving a Year Expected", currency_field="currency_id", aggregator=None
    )
    expected_one_off_cost = fields.Monetary(
        string="One-Off Cost Expected", currency_field="currency_id", aggregator=None
    )
    # after
    is_measured_after = fields.Boolean(
        string="Measured Afterwards",
        copy=False,
        help="The figures afterwards are complete; a second person may verify them.",
    )
    after_value_minutes = fields.Float(string="Value-Added Minutes After", digits=(12, 2), aggregator=None, copy=False)
    after_lead_minutes = fields.Float(string="Lead Minutes After", digits=(12, 2), aggregator=None, copy=False)
    other_saving = fields.Monetary(
        string="Other Saving a Year", currency_field="currency_id", aggregator=None, copy=False,
        help="Material, fees, compensations: what is saved in a year besides time.",
    )  # fmt: skip
    one_off_cost = fields.Monetary(string="One-Off Cost", currency_field="currency_id", aggregator=None, copy=False)
    # what follows
    pce_before = fields.Float(string="Process Cycle Efficiency Before (%)", compute="_compute_pce", aggregator=None)
    pce_after = fields.Float(string="Process Cycle Efficiency After (%)", compute="_compute_pce", aggregator=None)
    pce_label = fields.Char(string="Process Cycle Efficiency", compute="_compute_pce")
    pce_lines = fields.Json(compute="_compute_pce", export_string_translation=False)
    saving_expected = fields.Monetary(
        string="Expected Saving", currency_field="currency_id", compute="_compute_savings", store=True, aggregator=None,
        help="Of the first twelve months. It counts nowhere.",
    )  # fmt: skip
    saving_found = fields.Monetary(
        string="Saving by the Figures", currency_field="currency_id", compute="_compute_savings", store=True,
        aggregator=None, help="Of the first twelve months, by the figures measured afterwards. Not verified yet.",
    )  # fmt: skip
    # A plain number in the currency of the company: what indicators add up is no money field.
    saving_verified = fields.Float(
        string="Verified Saving", digits=(16, 2), readonly=True, copy=False,
        help="Of the first twelve months, in the currency of the company; zero until a second person has verified it.",
    )  # fmt: skip

    _minutes = models.Constraint(
        """CHECK(COALESCE(before_value_minutes, 0) BETWEEN 0 AND COALESCE(before_lead_minutes, 0)
             AND COALESCE(expected_value_minutes, 0) BETWEEN 0 AND COALESCE(expected_lead_minutes, 0)
             AND COALESCE(after_value_minutes, 0) BETWEEN 0 AND COALESCE(after_lead_minutes, 0))""",
        "Value-added time is part of the lead time: it cannot be more.",
    )
    _not_negative = models.Constraint(
        """CHECK(COALESCE(times_per_month, 0) >= 0 AND COALESCE(cost_per_minute, 0) >= 0
             AND COALESCE(expected_one_off_cost, 0) >= 0 AND COALESCE(one_off_cost, 0) >= 0)""",
        "How often it is done and what it costs is not negative.",
    )
    _counts_verified = models.Constraint(
        "CHECK(state = 'verified' OR COALESCE(saving_verified, 0) = 0)",
        "A saving counts only after a second person has verified it.",
    )

    @api.constrains(
        "before_value_minutes", "before_lead_minutes", "expected_value_minutes", "expected_lead_minutes",
        "after_value_minutes", "after_lead_minutes",
    )  # fmt: skip
    def _check_minutes(self):
        """The sentence for people; the database refuses the rest."""
        for record in self:
            for when in ("before", "expected", "after"):
                value, lead = record[f"{when}_value_minutes"], record[f"{when}_lead_minutes"]
                if value < 0 or lead < 0:
                    raise ValidationError(self.env._("%s: minutes are not negative.", record.display_name))
                if value > lead:
                    raise ValidationError(
                        self.env._(
                            "%(record)s: value-added time is part of the lead time. %(value)g of %(lead)g minutes "
                            "cannot be.",
                            record=record.display_name,
                            value=value,
                            lead=lead,
                        )
                    )

    def _efficiency(self, when):
        """Process cycle efficiency in percent, or `None`; figures that cannot be have none."""
        self.ensure_one()
        value, lead = self[f"{when}_value_minutes"], self[f"{when}_lead_minutes"]
        return lean.cycle_efficiency(value, lead) if 0 <= value <= lead else None

    @api.depends(
        "before_value_minutes", "before_lead_minutes", "expected_value_minutes", "expected_lead_minutes",
        "after_value_minutes", "after_lead_minutes", "is_measured_after",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_pce(self):
        words = {
            "before": self.env._("Before"),
            "expected": self.env._("Expected"),
            "after": self.env._("After"),
        }
        for record in self:
            shares = {when: record._efficiency(when) for when in words}
            if not record.is_measured_after:
                shares["after"] = None
            record.pce_before = shares["before"] or 0.0
            record.pce_after = shares["after"] or 0.0
            record.pce_lines = [
                {
                    "when": when,
                    "label": words[when],
                    "value": record[f"{when}_value_minutes"],
                    "lead": record[f"{when}_lead_minutes"],
                    "percent": share,
                }
                for when, share in shares.items()
                if share is not None
            ]
            then = shares["after"] if shares["after"] is not None else shares["expected"]
            record.pce_label = (
                self.env._("no lead time yet")
                if shares["before"] is None
                else self.env._("%(before).1f %%", before=shares["before"])
                if then is None
                else self.env._("%(before).1f %% → %(then).1f %%", before=shares["before"], then=then)
            )

    @api.depends(
        "before_lead_minutes", "times_per_month", "cost_per_minute", "expected_lead_minutes", "expected_other_saving",
        "expected_one_off_cost", "after_lead_minutes", "other_saving", "one_off_cost", "is_measured_after",
    )  # fmt: skip
    def _compute_savings(self):
        for record in self:
            # Without an expectation of the time nothing is expected of it.
            lead = record.expected_lead_minutes or record.before_lead_minutes
            record.saving_expected = lean.saving(
                record.before_lead_minutes, lead, record.times_per_month, record.cost_per_minute,
                record.expected_other_saving, record.expected_one_off_cost,
            )  # fmt: skip
            record.saving_found = record.is_measured_after and lean.saving(
                record.before_lead_minutes, record.after_lead_minutes, record.times_per_month, record.cost_per_minute,
                record.other_saving, record.one_off_cost,
            )  # fmt: skip

    def _minutes_words(self):
        """“saves 4 min each time”: what is measured, else what is expected; empty when neither is known."""
        self.ensure_one()
        lead = self.after_lead_minutes if self.is_measured_after else self.expected_lead_minutes
        minutes = self.before_lead_minutes - lead
        if not lead or minutes <= 0:
            return ""
        if self.state == "verified":
            return self.env._("saves %g min each time", minutes)
        return self.env._("is to save %g min each time", minutes)
