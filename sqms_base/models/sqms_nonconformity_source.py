from odoo import api, fields, models


class SqmsNonconformitySource(models.Model):
    """A further record that a nonconformity was raised from, besides the first one.

    1. Only a record that its reporter may read, of the same company, is a source, and once.
    2. Sources are closed with the nonconformity.
    """

    _name = "sqms.nonconformity.source"
    _description = "Source of a Nonconformity"
    _inherit = ["sqms.staff.mixin", "sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "nonconformity_id, id"
    _check_company_auto = True

    _workflow_parent = "nonconformity_id"
    _workflow_parent_lines = "source_ids"

    nonconformity_id = fields.Many2one("sqms.nonconformity", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="nonconformity_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    res_model = fields.Char(string="Kind of Source", required=True, index=True)
    res_id = fields.Many2oneReference(string="Source", model_field="res_model", required=True)
    record_name = fields.Char(string="Source Record", compute="_compute_record_name")

    _once = models.UniqueIndex("(nonconformity_id, res_model, res_id)", "This record is a source already.")
    _record_idx = models.Index("(res_model, res_id)")

    _ledger_fields = ("nonconformity_id", "res_model", "res_id")

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_record_name(self):
        names = self.env["sqms.nonconformity"]._source_names({(row.res_model, row.res_id) for row in self})
        for row in self:
            row.record_name = names.get((row.res_model, row.res_id), "")

    @api.depends("record_name")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.record_name

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_sources()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if {"res_model", "res_id", "nonconformity_id"}.intersection(vals):
            self._check_sources()
        return result

    def _check_sources(self):
        for nc, rows in self.grouped("nonconformity_id").items():
            for name, of_model in rows.grouped("res_model").items():
                nc._check_source(name, of_model.mapped("res_id"))

    def action_open_record(self):
        self.ensure_one()
        return self.nonconformity_id._open_source(self.res_model, self.res_id)
