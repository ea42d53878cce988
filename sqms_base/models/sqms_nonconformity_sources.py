from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SqmsNonconformitySources(models.Model):
    """Where it came from: any record that its reporter may read, of the same company."""

    _inherit = "sqms.nonconformity"

    source_words = fields.Char(string="Raised From", compute="_compute_source_words")
    source_count = fields.Integer(string="Number of Sources", compute="_compute_source_words")

    @api.depends("res_model", "res_id", "source_ids")
    @api.depends_context("uid", "lang")
    def _compute_source_words(self):
        """“C/2026/0417 and 2 more”, as far as the person may read them."""
        keys = {nc: nc._source_keys() for nc in self}
        names = self._source_names({key for own in keys.values() for key in own})
        for nc, own in keys.items():
            nc.source_count = len(own)
            first = next((names[key] for key in own if names.get(key)), "")
            if len(own) > 1 and first:
                nc.source_words = self.env._("%(record)s and %(number)s more", record=first, number=len(own) - 1)
            else:
                nc.source_words = first or (self.env._("a record that you may not read") if own else False)

    def _source_keys(self):
        """[(model, id)], the first one first."""
        first = [(self.res_model, self.res_id)] if self.res_model and self.res_id else []
        return [*first, *((row.res_model, row.res_id) for row in self.sudo().source_ids)]

    @api.model
    def _source_names(self, keys):
        """`{(model, id): name}` of those that the person may read; one query for each model."""
        by_model, names = {}, {}
        for name, id_ in keys:
            if name in self.env and not self.env[name]._abstract:
                by_model.setdefault(name, []).append(id_)
        for name, ids in by_model.items():
            records = self.env[name].with_context(active_test=False).search([("id", "in", ids)])
            names.update({(name, record.id): record.display_name for record in records})
        return names

    # -- what may be a source ----------------------------------------------------

    # Not a constraint: those are asked with all rights, and here the rights of who enters it count.

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_first_source()
        return records

    def write(self, vals):
        result = super().write(vals)
        if {"res_model", "res_id"}.intersection(vals):
            self._check_first_source()
        return result

    def _check_first_source(self):
        for nc in self.filtered(lambda nc: nc.res_model or nc.res_id):
            nc._check_source(nc.res_model, [nc.res_id])

    def _check_source(self, name, ids):
        """The records are there, the person may read them, and they are of the same company."""
        model = self.env.get(name)
        if model is None or model._abstract or model._transient:
            raise UserError(self.env._("There are no records of this kind."))
        records = model.with_context(active_test=False).browse(ids)
        if len(records.exists()) != len(set(ids)):
            raise UserError(self.env._("The record it was raised from does not exist."))
        # Who enters it must see it; what computes it goes on.
        if records._filtered_access("read") != records:
            raise AccessError(self.env._("You have no access to the record it was raised from."))
        company = self.sudo().company_id
        for record in records.sudo():
            if self._source_company(record) - company:
                raise UserError(self.env._("%(record)s belongs to another company.", record=record.display_name))

    @api.model
    def _source_company(self, record):
        field = record._fields.get("company_id")
        company = record.sudo().company_id if field and field.comodel_name == "res.company" else None
        return company or self.env["res.company"]

    # -- going there -------------------------------------------------------------

    def action_open_sources(self):
        """The record it was raised from, or the list of them."""
        self.ensure_one()
        keys = self._source_keys()
        if len(keys) == 1:
            return self._open_source(*keys[0])
        models_of = {name for name, _id in keys}
        if len(models_of) == 1:
            name = models_of.pop()
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Sources"),
                "res_model": name,
                "view_mode": "list,form",
                "views": [(False, "list"), (False, "form")],
                "domain": [("id", "in", [id_ for _name, id_ in keys])],
                "context": {"active_test": False, "create": False},
            }
        return {
            "type": "ir.actions.act_window",
            "res_model": "sqms.nonconformity.source",
            "view_mode": "list",
            "domain": [("nonconformity_id", "=", self.id)],
            "name": self.env._("Sources"),
        }

    def action_open_source(self):
        self.ensure_one()
        return self._open_source(self.res_model, self.res_id)

    def _open_source(self, name, id_):
        record = self.env[name].browse(id_).exists() if name in self.env else None
        if not record:
            raise UserError(self.env._("The record it was raised from does not exist."))
        record.check_access("read")
        return record._get_records_action()
