from odoo import fields, models
from odoo.exceptions import UserError


class SqmsNumberMixin(models.AbstractModel):
    """A number such as AUD/2026/0001, counted per company and year.

    1. The system gives it; what a client, an import or a default proposes is replaced.
    2. It never changes, and no two records of a company share one.
    3. A batch draws all its numbers in one query.
    """

    _name = "sqms.number.mixin"
    _description = "Number per company and year"

    _number_prefix = ""

    number = fields.Char(readonly=True, copy=False, index="trigram")

    _number_uniq = models.UniqueIndex("(company_id, number)", "This number is already taken in the company.")

    def _create(self, data_list):
        # Defaults from the context and from ir.default are merged below `create`.
        series = {}
        for data in data_list:
            series.setdefault(self._number_series(data["stored"]), []).append(data["stored"])
        today = fields.Date.context_today(self)
        for (prefix, company_id), rows in series.items():
            company = self.env["res.company"].browse(company_id or self.env.company.id)
            numbers = self.env["ir.sequence"]._draw_series(f"{self._name}.{prefix}", prefix, company, today, len(rows))
            for row, number in zip(rows, numbers, strict=True):
                row["number"] = number
        return super()._create(data_list)

    def _number_series(self, values):
        """(prefix, company id) of the series that a record with these values takes its number from."""
        return self._number_prefix, values.get("company_id")

    def write(self, vals):
        if "number" in vals and any(record.number != vals["number"] for record in self):
            raise UserError(self.env._("%(record)s keeps its number.", record=self[:1].display_name))
        return super().write(vals)

    def _write_multi(self, vals_list):
        # The last gate before the UPDATE, for what does not come through `write`.
        for record, vals in zip(self, vals_list, strict=True):
            if "number" in vals:
                raise UserError(self.env._("%(record)s keeps its number.", record=record.display_name))
        return super()._write_multi(vals_list)
