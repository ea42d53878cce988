from odoo import fields, models


class SqmsVerifiedMixin(models.AbstractModel):
    """Rows that were copied from elsewhere and count only after somebody has compared them with the source.

    1. A row arrives unverified. A manager verifies it by its step; who and when is recorded.
    2. A change of what was vouched for (`_vouched_fields`, translations as well) makes it unverified again, whoever
       changes it and by whatever path.
    """

    _name = "sqms.verified.mixin"
    _description = "Verified Against Its Source"
    _inherit = "sqms.workflow.mixin"

    _workflow_field = "verification_state"
    _workflow_initial = ("to_verify",)
    _workflow_managed = ("verified_by_id", "verified_at")
    _vouched_fields = ()

    verification_state = fields.Selection(
        [("to_verify", "To Be Verified"), ("verified", "Verified")],
        string="Verification", required=True, default="to_verify", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    verified_at = fields.Datetime(string="Verified On", readonly=True, copy=False)

    def _prepare_verify_values(self):
        values = {"verified_by_id": self.env.uid, "verified_at": fields.Datetime.now()}
        return dict.fromkeys(self.ids, values)

    def _prepare_doubt_values(self):
        return dict.fromkeys(self.ids, {"verified_by_id": False, "verified_at": False})

    def _prepare_changed_values(self):
        return self._prepare_doubt_values()

    def action_verify(self):
        """Several rows at once, from a list: those that are verified already stay as they are."""
        self.filtered(lambda row: row.verification_state == "to_verify").action_transition("verify")

    # -- what was vouched for ------------------------------------------------------

    def write(self, vals):
        names = [name for name in self._vouched_fields if name in vals]
        verified = self.filtered(lambda row: row.verification_state == "verified") if names else self.browse()
        before = verified._vouched(names)
        result = super().write(vals)
        if names or self._workflow_field in vals:
            # Which regimes have a sound basis is remembered.
            self.env.registry.clear_cache()
            # Once more when it is committed: in between another request may have asked.
            self.env.cr.postcommit.add(self.env.registry.clear_cache)
        after = verified._vouched(names)
        verified.filtered(lambda row: before[row.id] != after[row.id])._unverify()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if result and field_name in self._vouched_fields:
            self.filtered(lambda row: row.verification_state == "verified")._unverify()
        return result

    def _vouched(self, names):
        return {row.id: [row._fields[name].convert_to_read(row[name], row, False) for name in names] for row in self}

    def _unverify(self):
        """The system takes the step, in the name of who made the change."""
        if self:
            self.sudo().action_transition("changed")
