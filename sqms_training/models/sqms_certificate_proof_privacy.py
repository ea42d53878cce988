from odoo import models

from odoo.addons.sqms_base.lib.privacy import KEEP, TEXT


class SqmsCertificateProofPrivacy(models.Model):
    """Names of files often name their holder."""

    _inherit = "sqms.certificate.proof"

    _privacy_fields = {"name": TEXT, "added_by": KEEP}
