from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.forbidden_questions import forbidden_by

KINDS = [
    ("offences", "Record of Offences"),
    ("health", "Health Certificate"),
    ("license", "Licence or Qualification"),
    ("driving", "Driving Record"),
    ("ban", "Occupational Ban"),
    ("background", "Security Background"),
    ("credit", "Credit Report"),
    ("other", "Other"),
]
# Sensitive personal information (PIPL 28): health, offences, finances.
SENSITIVE = ("offences", "health", "driving", "ban", "background", "credit")


class SqmsPositionCheck(models.Model):
    """One thing that is checked before somebody may hold a sensitive post.

    1. What the law forbids to ask is refused by the name of that law.
    2. It rests on a row of the negative list that allows a check. Without one it can be written down, but nothing
       can be requested under it.
    """

    _name = "sqms.position.check"
    _description = "Check of a Sensitive Post"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "rule_id, sequence, id"
    _check_company_auto = True

    rule_id = fields.Many2one("sqms.position.rule", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index="btree_not_null", ondelete="restrict")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="What Is Checked", required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="offences")
    item_id = fields.Many2one(
        "sqms.negative.item", string="Legal Basis", index="btree_not_null", ondelete="restrict", check_company=True,
        domain="[('use', '=', 'basis')]",
    )  # fmt: skip
    basis = fields.Text(related="item_id.duty", string="What the Law Says")
    verification_state = fields.Selection(related="item_id.verification_state")
    is_sensitive = fields.Boolean(
        string="Sensitive", compute="_compute_is_sensitive", store=True, readonly=False, precompute=True,
        help="Health, offences, finances: asked for with a separate consent and after an impact assessment.",
    )  # fmt: skip
    provided_by = fields.Selection(
        [("person", "The Person"), ("authority", "An Authority, Asked by Us"), ("doctor", "A Health Institution")],
        required=True, default="person",
    )  # fmt: skip
    kept = fields.Char(
        string="What Is Kept", translate=True, default=lambda self: self.env._("Verdict, number and dates"),
        help="After the time of keeping.",
    )  # fmt: skip
    active = fields.Boolean(default=True)

    _ledger_fields = ("rule_id", "name", "kind", "item_id", "is_sensitive", "provided_by", "kept", "active")
    _privacy_fields = {"name": "keep", "kept": "keep"}

    @api.depends("kind")
    def _compute_is_sensitive(self):
        for check in self:
            check.is_sensitive = check.kind in SENSITIVE

    @api.constrains("kind", "is_sensitive")
    def _check_sensitive(self):
        for check in self:
            if check.kind in SENSITIVE and not check.is_sensitive:
                raise ValidationError(
                    self.env._("“%s” is sensitive personal information; that is not a matter of choice.", check.name)
                )

    @api.constrains("item_id")
    def _check_basis(self):
        for check in self:
            if check.item_id and check.item_id.use != "basis":
                raise ValidationError(
                    self.env._(
                        "%(code)s does not allow a check: it is no legal basis for “%(check)s”.",
                        code=check.item_id.code,
                        check=check.name,
                    )
                )

    @api.constrains("name", "kept")
    def _check_forbidden(self):
        self._refuse_forbidden(["name", "kept"])

    def _refuse_forbidden(self, names):
        words = self.env["sqms.negative.item"]._forbidden_words()
        for check in self.sudo():
            texts = [check.with_context(lang=lang)[name] for lang, _label in self._langs() for name in names]
            code = forbidden_by("\n".join(text for text in texts if text), words)
            if code:
                raise ValidationError(
                    self.env._("“%(check)s” cannot be asked: %(code)s forbids it.", check=check.name, code=code)
                )

    @api.model
    def _langs(self):
        return self.env["res.lang"].get_installed()

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if field_name in ("name", "kept"):
            self._refuse_forbidden([field_name])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.env["sqms.clearance.paper"].sudo().search_count([("check_id", "in", self.ids)], limit=1):
            raise ValidationError(self.env._("Papers hang on this check. Archive it instead."))
