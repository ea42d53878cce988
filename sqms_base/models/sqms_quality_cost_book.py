from odoo import api, models
from odoo.exceptions import UserError

from ..lib.workflow_pass import workflow_fields
from .sqms_quality_cost import BOOKED
from .sqms_quality_cost_type import CATEGORIES


class SqmsQualityCostBook(models.Model):
    """What other parts of the system book, how it is taken back, and what it comes to."""

    _inherit = "sqms.quality.cost"

    @api.model
    def _record_cost(self, record, category, amount, **values):
        """The cost of a record (a compensation, a re-visit), booked once for each record, category and `name`.

        What stands there already is left as it is and returned; to change it, take it back first.

        :param record: what it was spent on; gives company, process and nonconformity where it has them
        :param category: "prevention", "appraisal", "internal" or "external"
        :param amount: money in `values["currency_id"]`, or in the currency of the company
        :param values: further values (`name`, `date`, `type_id`, `currency_id`, `process_id`...)
        :return: the cost
        :raise UserError: it is booked already with another amount
        """
        record.ensure_one()
        costs = self.sudo()
        values = {**costs._values_of(record.sudo()), **values, "category": category, "amount": amount}
        company = self.env["res.company"].sudo().browse(values["company_id"])
        values.setdefault("currency_id", company.currency_id.id)
        values.setdefault("date", company._sqms_today())
        known = costs.search(
            [
                *self._domain_booked_for(record),
                ("category", "=", category),
                ("name", "=", values["name"]),
            ]
        )
        if known:
            same = known.currency_id.id == values["currency_id"] and not known.currency_id.compare_amounts(
                known.amount, amount
            )
            if not same:
                raise UserError(
                    self.env._("“%(name)s” of %(record)s is booked with another amount. Please take it back first.",
                               name=known.name, record=record.display_name)
                )  # fmt: skip
            return known.sudo(self.env.su)
        cost = costs.create({**values, "res_model": record._name, "res_id": record.id})
        cost.action_transition("book")
        return cost.sudo(self.env.su)

    @api.model
    def _values_of(self, record):
        """Name, company, process and nonconformity of a record, as far as it has them."""
        values = {"name": record.display_name, "company_id": self.env.company.id}
        links = {"company_id": "res.company", "process_id": "sqms.process", "nonconformity_id": "sqms.nonconformity"}
        for name, model in links.items():
            field = record._fields.get(name)
            if field and field.type == "many2one" and field.comodel_name == model and record[name]:
                values[name] = record[name].id
        if record._name == "sqms.nonconformity":
            values["nonconformity_id"] = record.id
        return values

    @api.model
    def _domain_booked_for(self, record):
        """What a record has booked and not taken back."""
        return [
            ("res_model", "=", record._name),
            ("res_id", "in", record.ids),
            ("is_automatic", "=", True),
            ("reversal_of_id", "=", False),
            ("state", "=", "posted"),
        ]

    @api.model
    def _take_back_cost(self, records, reason, category=None, name=None):
        """Take back what records have booked by `_record_cost`; what was taken back stays so.

        :param reason: why, in words
        :return: the rows that take it back
        """
        domain = self._domain_booked_for(records)
        domain += [("category", "=", category)] if category else []
        domain += [("name", "=", name)] if name else []
        costs = self.sudo().search(domain)
        costs.reversal_reason = reason
        costs.action_transition("withdraw")
        return self.sudo().search([("reversal_of_id", "in", costs.ids)]).sudo(self.env.su)

    def _book_reversals(self):
        """A row for each of these that takes it back, today, at the rate of then."""
        names = ("name", "type_id", "category", "currency_id", "company_id", "process_id", "nonconformity_id",
                 "res_model", "res_id")  # fmt: skip
        costs = self.sudo()
        rows = costs.create(
            [
                {
                    **{
                        name: value.id if isinstance(value, models.BaseModel) else value
                        for name in names
                        for value in [cost[name]]
                    },
                    "amount": abs(cost.amount),
                    "date": max(cost.company_id._sqms_today(), cost.date),
                    "note": cost.reversal_reason,
                }
                for cost in costs
            ]
        )
        for row, cost in zip(rows, costs, strict=True):
            with workflow_fields(row, "reversal_of_id", "amount"):
                row.write({"reversal_of_id": cost.id, "amount": -cost.amount})
        rows.action_transition("book")

    # -- what it comes to --------------------------------------------------------

    @api.model
    def _totals(self, company, date_from, date_to):
        """What was booked in a period, in the currency of the company.

        :param date_from, date_to: first and last day
        :return: `{category: amount}`, all four categories; what was taken back is balanced on the day it was
        """
        found = self._read_group(
            [
                ("company_id", "=", company.id),
                ("date", ">=", date_from),
                ("date", "<=", date_to),
                ("state", "in", BOOKED),
            ],
            ["category"],
            ["amount_company:sum"],
        )
        totals = dict(found)
        return {name: company.currency_id.round(totals.get(name, 0.0)) for name, _label in CATEGORIES}
