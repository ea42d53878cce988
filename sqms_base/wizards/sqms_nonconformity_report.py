from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.sqms_nonconformity import GRADES


class SqmsNonconformityReport(models.TransientModel):
    """Raise a nonconformity from the records that a person has before him."""

    _name = "sqms.nonconformity.report"
    _inherit = ["sqms.staff.mixin"]
    _description = "Create Nonconformity"

    res_model = fields.Char(readonly=True)
    res_ids = fields.Json(readonly=True)
    source_words = fields.Char(string="Raised From", compute="_compute_source_words")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    name = fields.Char(string="What Happened", required=True)
    description = fields.Text()
    kind = fields.Selection(
        [("nonconformity", "Nonconformity"), ("exception", "Exception")], required=True, default="nonconformity"
    )
    grade = fields.Selection(GRADES, required=True, default="minor")
    place = fields.Char(string="Where")
    process_id = fields.Many2one("sqms.process", domain="[('company_id', '=', company_id)]")
    found_at = fields.Datetime(required=True, default=lambda self: fields.Datetime.now())

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        records = self._records(self.env.context.get("active_model"), self.env.context.get("active_ids"))
        if records:
            found = self.env["sqms.nonconformity"]._values_from(records)
            found.update(res_model=records._name, res_ids=records.ids)
            values.update({name: value for name, value in found.items() if name in self._fields and name != "res_id"})
        return values

    @api.model
    def _records(self, name, ids):
        model = self.env.get(name) if isinstance(name, str) else None
        if model is None or not isinstance(ids, list) or not all(type(id_) is int for id_ in ids):
            return None
        return model.with_context(active_test=False).browse(dict.fromkeys(ids))

    @api.depends("res_model", "res_ids")
    def _compute_source_words(self):
        for wizard in self:
            records = wizard._records(wizard.res_model, wizard.res_ids)
            first = records[:1].display_name if records else False
            if records and len(records) > 1:
                first = self.env._("%(record)s and %(number)s more", record=first, number=len(records) - 1)
            wizard.source_words = first

    def action_create(self):
        """Create it, and open it."""
        self.ensure_one()
        records = self._records(self.res_model, self.res_ids)
        if not records:
            raise UserError(self.env._("There is no record to raise it from."))
        names = ("name", "description", "kind", "grade", "place", "found_at")
        nonconformity = self.env["sqms.nonconformity"].create_from(
            records, process_id=self.process_id.id, **{name: self[name] for name in names}
        )
        return {**nonconformity._get_records_action(), "target": "current"}
