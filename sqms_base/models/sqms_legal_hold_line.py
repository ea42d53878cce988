from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class SqmsLegalHoldLine(models.Model):
    """A record or a person that a legal hold covers."""

    _name = "sqms.legal.hold.line"
    _description = "Covered by a Legal Hold"
    _inherit = ["sqms.ledger.mixin"]
    _order = "id"

    hold_id = fields.Many2one("sqms.legal.hold", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="hold_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Person", index="btree_not_null", ondelete="restrict",
        help="Everything about this person is held.",
    )  # fmt: skip
    record_ref = fields.Reference(
        "_get_holdable", string="Record", compute="_compute_record_ref", inverse="_inverse_record_ref"
    )
    res_model = fields.Char(readonly=True, export_string_translation=False)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True, export_string_translation=False)

    _one_of_both = models.Constraint(
        "CHECK((partner_id IS NOT NULL) <> (COALESCE(res_id, 0) > 0))", "Please name a record or a person."
    )
    _record_idx = models.Index("(res_model, res_id)")

    _ledger_fields = ("hold_id", "partner_id", "res_model", "res_id")
    _ledger_personal_fields = ("partner_id",)
    _privacy_fields = {"partner_id": "keep", "res_model": "keep"}

    @api.model
    def _get_holdable(self):
        """Kinds of record that people choose from; addons add theirs."""
        names = sorted(name for name, model in self.env.registry.items() if getattr(model, "_retention", None))
        models = self.env["ir.model"].sudo()
        return [(name, models._get(name).name) for name in names]

    @api.depends("res_model", "res_id")
    def _compute_record_ref(self):
        for line in self:
            known = line.res_model in self.env and line.res_id
            line.record_ref = f"{line.res_model},{line.res_id}" if known else False

    def _inverse_record_ref(self):
        for line in self:
            record = line.record_ref
            line.update({"res_model": record._name if record else False, "res_id": record.id if record else 0})

    @api.depends("partner_id", "res_model", "res_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (line.record_ref or line.partner_id).sudo().display_name

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if any(line.hold_id.state == "released" for line in lines):
            raise AccessError(self.env._("A released hold covers nothing more."))
        lines.hold_id.filtered(lambda hold: hold.state == "active")._shut_gate()
        return lines

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self._refuse_change()

    def _refuse_change(self):
        for line in self:
            if line.hold_id.state != "draft":
                raise AccessError(
                    self.env._("What %s covers stays covered; it can be added to.", line.hold_id.display_name)
                )

    @api.constrains("res_model", "res_id", "partner_id")
    def _check_exists(self):
        for line in self:
            if line.res_model and not (
                line.res_model in self.env and self.env[line.res_model].browse(line.res_id).exists()
            ):
                raise ValidationError(self.env._("There is no such record."))
