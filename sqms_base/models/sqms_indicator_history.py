from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import formatLang

from .sqms_indicator import FORMULA_FIELDS


class SqmsIndicatorHistory(models.Model):
    """Definitions with their past and with somebody who answers for them.

    1. Each version of the formula leaves a row (`sqms.indicator.version`): who, when, what.
    2. Whoever defines an indicator answers for it until he names another owner. Without an owner it is not
       activated, and an active one does not lose its owner.
    3. Definitions that come with an addon have no owner of their own at first: the one whom the company named for
       them answers, or else its first quality manager.
    """

    _inherit = "sqms.indicator"

    owner_id = fields.Many2one(default=lambda self: not self.env.su and self.env.uid)
    version_ids = fields.One2many(
        "sqms.indicator.version", "indicator_id", string="Versions", readonly=True, copy=False
    )
    responsible_id = fields.Many2one(
        "res.users", string="Who Answers for It", compute="_compute_responsible_id",
        help="The owner; without one, whom the company named in the settings, or its first quality manager.",
    )  # fmt: skip

    @api.depends("owner_id")
    @api.depends_context("company")
    def _compute_responsible_id(self):
        fallback = self.env.company.sudo()._sqms_indicator_owner()
        for indicator in self:
            indicator.responsible_id = indicator.owner_id or fallback

    # -- owner ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = vals.get("company_id", self.env.company.id)
            if "owner_id" not in vals and company and company not in self.env.user.company_ids.ids:
                vals["owner_id"] = False
        indicators = super().create(vals_list)
        if not self.env.su:
            indicators._refuse_without_owner()
        indicators._note_version()
        return indicators

    def write(self, vals):
        versions = {indicator.id: indicator.version for indicator in self}
        activated = self.filtered(lambda indicator: not indicator.active) if vals.get("active") else self.browse()
        owned = self.filtered("owner_id") if "owner_id" in vals else self.browse()
        result = super().write(vals)
        (activated | owned)._refuse_without_owner()
        self.filtered(lambda indicator: indicator.version != versions[indicator.id])._note_version()
        return result

    def _refuse_without_owner(self):
        for indicator in self:
            if indicator.active and not (indicator.sudo().owner_id and indicator.frequency):
                raise ValidationError(
                    self.env._("%(indicator)s needs an owner and a frequency before it is active: who answers for the "
                               "figures, and how often are they looked at?", indicator=indicator.display_name)
                )  # fmt: skip

    # -- versions --------------------------------------------------------------------

    def _note_version(self):
        now = fields.Datetime.now()
        self.env["sqms.indicator.version"].sudo().create(
            [
                {
                    "indicator_id": indicator.id,
                    "version": indicator.version,
                    "in_force_from": now,
                    "user_id": self.env.uid,
                    **{name: indicator[name] for name in FORMULA_FIELDS},
                }
                for indicator in self
            ]
        )

    @api.model
    def _note_missing_versions(self):
        """Definitions from before there was a history get a row of what they are now."""
        indicators = self.sudo().with_context(active_test=False).search([("version", ">", 0)])
        known = self.env["sqms.indicator.version"]._of(indicators)
        indicators.filtered(lambda indicator: (indicator.id, indicator.version) not in known)._note_version()

    def _formula_of(self, version):
        """The formula of an earlier version, checked as that of today.

        :raise UserError: nothing is known of that version, or it can no longer be counted
        """
        self.ensure_one()
        if version == self.version:
            return self._formula()
        row = self.env["sqms.indicator.version"]._of(self).get((self.id, version))
        if not row:
            raise UserError(
                self.env._("How version %(version)s of %(indicator)s was defined is not on record.",
                           version=version, indicator=self.display_name)
            )  # fmt: skip
        past = self.new({name: row[name] for name in FORMULA_FIELDS}, origin=self)
        return past._formula()

    # -- words -----------------------------------------------------------------------

    def _format(self, value, with_unit=False):
        """A figure of this indicator in words; “–” when there is none."""
        if value is False or value is None:
            return "–"
        unit = {"percent": " %", "per_thousand": " ‰", "hours": " h"}.get(self.unit, "") if with_unit else ""
        return formatLang(self.env, value, digits=self.decimals) + unit
