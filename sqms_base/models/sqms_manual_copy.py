import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib import pdf_layers
from .sqms_keep_mixin import heed_guards

FREEZERS = ("sqms_base.group_sqms_manager", "sqms_base.group_sqms_top")


class SqmsManualCopy(models.Model):
    """A manual as it was at one moment, kept with the edition that was in force then.

    1. A quality manager or top management freezes the manual, in one language; it is printed from the records at that
       moment, with all chapters.
    2. Nobody changes, replaces or removes a frozen copy. Its digest stands in the ledger: who compares them sees
       whether the file is still the one that was frozen.
    """

    _name = "sqms.manual.copy"
    _description = "Frozen Manual"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "as_of desc, id desc"
    _check_company_auto = True

    version_id = fields.Many2one(
        "sqms.document.version", string="Edition", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    as_of = fields.Datetime(required=True, readonly=True)
    lang = fields.Selection("_selection_lang", string="Language", required=True, readonly=True)
    frozen_by_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    file = fields.Binary(string="PDF", attachment=True, required=True, readonly=True)
    file_name = fields.Char(required=True, readonly=True)
    page_count = fields.Integer(string="Pages", readonly=True, aggregator=None)
    digest = fields.Char(required=True, readonly=True)
    is_intact = fields.Boolean(
        string="Unchanged", compute="_compute_is_intact", help="The file still has the digest it was frozen with."
    )

    _ledger_fields = ("version_id", "as_of", "lang", "frozen_by_id", "file_name", "page_count", "digest")

    @api.model
    def _selection_lang(self):
        return [(code, name) for code, name in self.env["res.lang"].with_context(active_test=False).get_installed()]

    @api.depends("version_id", "as_of")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for copy in self:
            copy.display_name = self.env._(
                "%(edition)s as of %(day)s",
                edition=copy.version_id.display_name,
                day=fields.Datetime.context_timestamp(copy, copy.as_of).date(),
            )

    @api.depends("digest")
    def _compute_is_intact(self):
        for copy in self.with_context(bin_size=False):
            copy.is_intact = copy.digest == digest_of(base64.b64decode(copy.file or b""))

    # -- kept as they are -----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A frozen manual is made by the button on the manual, never by hand."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A frozen manual stays as it is. Freeze the manual anew instead."))

    def unlink(self):
        return super(SqmsManualCopy, heed_guards(self)).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A frozen manual is kept: it shows what was in force at its time."))

    # -- freezing ---------------------------------------------------------------------

    @api.model
    def _freeze(self):
        """Keep the manual of the company at hand as it is now, in the language at hand."""
        if not any(self.env.user.has_group(group) for group in FREEZERS):
            raise AccessError(self.env._("A quality manager or top management freezes the manual."))
        content, _pages, manual = self.env["sqms.manual"]._manual_pdf()
        if not manual["in_force"]:
            raise UserError(
                self.env._("Only an approved manual in force can be frozen. Please approve an edition first.")
            )
        return self.sudo().create(
            {
                "version_id": manual["edition"].id,
                "as_of": manual["instant"],
                "lang": self.env.lang or "en_US",
                "frozen_by_id": self.env.uid,
                "file": base64.b64encode(content),
                "file_name": self.env["sqms.manual"]._manual_file_name(manual),
                "page_count": pdf_layers.page_count(content),
                "digest": digest_of(content),
            }
        )


def digest_of(content):
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
