from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context


class SqmsNonconformityCreateFrom(models.Model):
    """A nonconformity out of any record, or out of several."""

    _inherit = "sqms.nonconformity"

    @api.private
    def create_from(self, record, **values):
        """Raise a nonconformity from a record: source, process and company filled from it.

        Several records of one model become one nonconformity with several sources. A record's class may have
        `_nonconformity_values()` that says more of it: `{"name", "process_id", "grade", ...}`; `values` go before.

        :param record: one record or several, of any model, of one company, which the person may read
        :return: the nonconformity, found now by the person at hand
        :raise AccessError: he may not read one of them
        :raise UserError: no record, or records of several companies
        """
        if not record:
            raise UserError(self.env._("There is no record to raise it from."))
        found = self._values_from(record)
        further = [(0, 0, {"res_model": other._name, "res_id": other.id}) for other in record[1:]]
        if further:
            found["source_ids"] = further
        company = self.env["res.company"].browse(values.get("company_id") or found["company_id"])
        if "company_id" in found and found["company_id"] != company.id and self._source_company(record):
            raise UserError(self.env._("%(record)s belongs to another company.", record=record[:1].display_name))
        # Defaults of the screen that it is raised from are of another model.
        clean = self.with_env(self.env(context=clean_context(self.env.context))).with_company(company)
        return clean.create({**found, **values})

    @api.model
    def _values_from(self, records):
        """What the records say of the nonconformity that is raised from them."""
        if records._transient or records._abstract:
            raise UserError(self.env._("There are no records of this kind."))
        if len(records.exists()) != len(records):
            raise UserError(self.env._("The record it was raised from does not exist."))
        if records.with_env(self.env)._filtered_access("read") != records:
            raise AccessError(self.env._("You have no access to the record it was raised from."))
        companies = self.env["res.company"].union(*(self._source_company(record) for record in records))
        if len(companies) > 1:
            raise UserError(self.env._("The records belong to several companies: one nonconformity for each."))
        company = companies or self.env.company
        if not self.env.su and company not in self.env.companies:
            raise AccessError(self.env._("%(record)s belongs to another company.", record=records[0].display_name))
        first = records[0]
        values = {
            "name": first.display_name,
            "company_id": company.id,
            "process_id": self._process_of(records),
            "res_model": first._name,
            "res_id": first.id,
        }
        if hasattr(first, "_nonconformity_values"):
            values.update(first._nonconformity_values())
        return values

    @api.model
    def _process_of(self, records):
        """The process that all of them name, if they name one and the same."""
        field = records._fields.get("process_id")
        if not field or field.comodel_name != "sqms.process":
            return False
        processes = records.sudo().process_id
        return processes.id if len(processes) == 1 else False
