from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class SqmsIndicatorVersion(models.Model):
    """How an indicator was defined, version by version.

    1. The system writes a row with each version of the formula; nobody changes or removes one.
    2. A version is in force from its row on until that of the next one.
    3. A figure that was counted by an old version is explained by that version.
    """

    _name = "sqms.indicator.version"
    _description = "Version of an Indicator"
    _order = "indicator_id, version desc"
    _rec_name = "version"

    indicator_id = fields.Many2one("sqms.indicator", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="indicator_id.company_id")
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    in_force_from = fields.Datetime(required=True, readonly=True)
    in_force_to = fields.Datetime(string="In Force Until", compute="_compute_in_force_to")
    user_id = fields.Many2one("res.users", string="Defined By", readonly=True, ondelete="restrict")
    source = fields.Char(string="Counted By", readonly=True)
    source_label = fields.Char(string="Counted Records", compute="_compute_source_label")
    domain = fields.Char(string="Counted If", readonly=True)
    kind = fields.Char(readonly=True)
    kind_label = fields.Char(string="Kind of Figure", compute="_compute_source_label")
    quantity = fields.Char(string="Of What", readonly=True)
    quantity_below = fields.Char(string="Per", readonly=True)
    numerator_domain = fields.Char(string="Of These, Fulfilled If", readonly=True)
    unit = fields.Char(readonly=True)

    _version_unique = models.UniqueIndex("(indicator_id, version)", "Each version of a definition has one row.")

    def _compute_in_force_to(self):
        later = {}
        for row in self.search([("indicator_id", "in", self.indicator_id.ids)], order="version"):
            later[row.indicator_id.id, row.version - 1] = row.in_force_from
        for row in self:
            row.in_force_to = later.get((row.indicator_id.id, row.version), False)

    def _compute_source_label(self):
        indicators = self.env["sqms.indicator"]
        sources = dict(indicators._selection_source())
        kinds = dict(indicators._fields["kind"]._description_selection(self.env))
        for row in self:
            row.source_label = sources.get(row.source, row.source)
            row.kind_label = kinds.get(row.kind, row.kind)

    # pylint: disable=method-required-super

    def write(self, vals):
        self._refuse_change()

    def unlink(self):
        self._refuse_change()

    def copy(self, default=None):
        self._refuse_change()

    def _refuse_change(self):
        raise AccessError(self.env._("The history of a definition is written by the system and stays as it is."))

    def _of(self, indicators):
        """`{(indicator id, version): row}`"""
        rows = self.sudo().search(Domain("indicator_id", "in", indicators.ids))
        return {(row.indicator_id.id, row.version): row for row in rows}
