from odoo import api, models
from odoo.exceptions import UserError


class SqmsCertificateAnchorMixin(models.AbstractModel):
    """What certificates hang on: a person, a skill, its level, its type.

    1. It is not deleted while an issued certificate hangs on it: PostgreSQL would take the certificate along
       without asking anybody.
    2. What the certificate says by it stays as it was on the day of issue.
    """

    _name = "sqms.certificate.anchor.mixin"
    _inherit = "sqms.keep.mixin"
    _description = "What certificates hang on"

    _keep_addon = "sqms_training"
    _certificate_link = None  # the field of a certificate that points here
    _certificate_says = ()  # names of the fields that stay once a certificate was issued

    def write(self, vals):
        names = [name for name in self._certificate_says if name in vals]
        changed = self.filtered(
            lambda record: any(
                record._fields[name].convert_to_write(record[name], record) != vals[name] for name in names
            )
        )
        issued = changed._certificate_issued()
        if issued:
            raise UserError(self._certificate_stays(issued))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_certificates(self):
        issued = self._certificate_issued()
        if issued:
            raise UserError(
                self.env._(
                    "%(record)s cannot be deleted: certificate %(number)s of %(employee)s hangs on it. "
                    "Archive instead; certificates are kept.",
                    record=issued[self._certificate_link].display_name,
                    number=issued.number,
                    employee=issued.employee_id.name,
                )
            )

    def _certificate_issued(self):
        """One issued certificate that hangs on one of these records, or none."""
        rows = self.env["hr.employee.skill"].sudo().with_context(active_test=False)
        if not self:
            return rows
        return rows.search([(self._certificate_link, "in", self.ids), ("number", "!=", False)], limit=1)

    def _certificate_stays(self, issued):
        """Why one of `_certificate_says` is not changed, as a sentence."""
        raise NotImplementedError
