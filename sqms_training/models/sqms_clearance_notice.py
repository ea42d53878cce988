from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sqms_base.lib.hash_chain import digest_of


class SqmsClearanceNotice(models.Model):
    """What people are told before they are checked: who asks what, why, on which basis, how long it is kept.

    A version that somebody was shown stays as it is; another text is another version.
    """

    _name = "sqms.clearance.notice"
    _description = "Notice to People Who Are Checked"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "rule_id, version desc, id desc"
    _check_company_auto = True

    rule_id = fields.Many2one("sqms.position.rule", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index="btree_not_null", ondelete="restrict")
    version = fields.Integer(readonly=True, copy=False, aggregator=None)
    body = fields.Text(string="Text", required=True, translate=True)
    clearance_ids = fields.One2many("sqms.clearance", "notice_id")

    _version_unique = models.UniqueIndex("(rule_id, version)", "This version of the notice exists already.")

    _ledger_fields = ("rule_id", "version", "body")
    _privacy_fields = {"body": "keep"}

    @api.depends("version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = self.env._("Version %s", notice.version)

    @api.model_create_multi
    def create(self, vals_list):
        rules = [vals.get("rule_id") or self.env.context.get("default_rule_id") for vals in vals_list]
        last = dict(
            self.sudo()._read_group([("rule_id", "in", [id_ for id_ in rules if id_])], ["rule_id"], ["version:max"])
        )
        last = {rule.id: version for rule, version in last.items()}
        for vals, rule_id in zip(vals_list, rules, strict=True):
            last[rule_id] = vals["version"] = last.get(rule_id, 0) + 1
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_shown()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        # A further language may be added; what somebody has read is not changed.
        if any(self.sudo().with_context(lang=lang).body_is_own(lang) for lang in translations):
            self._refuse_shown()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    @api.private
    def body_is_own(self, lang):
        """Whether one of these has a text of its own in this language."""
        self.env.cr.execute(
            "SELECT 1 FROM sqms_clearance_notice WHERE id = ANY(%s) AND body ? %s LIMIT 1", [self.ids, lang]
        )
        return bool(self.env.cr.fetchone())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shown(self):
        self._refuse_shown()

    def _refuse_shown(self):
        if self.ids and self.env["sqms.clearance"].sudo().search_count([("notice_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("People were shown this notice; it stays as it is. Add another version."))

    def _digest(self):
        """The digest of the text in the language of the reader: what exactly was shown."""
        self.ensure_one()
        return digest_of(self.body or "")
