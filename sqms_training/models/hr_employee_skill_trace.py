from odoo import api, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)

BADGES = {
    "valid": ("success", "fa-check"),
    "upcoming": ("info", "fa-calendar"),
    "expiring": ("warning", "fa-clock-o"),
    "expired": ("danger", "fa-exclamation"),
    "revoked": ("danger", "fa-ban"),
}


class HrEmployeeSkillTrace(models.Model):
    """A certificate in the story: its renewals, one after the other. Plain skills are no part of it."""

    _name = "hr.employee.skill"
    _inherit = ["hr.employee.skill", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["certificate"]
    _trace_icon = "fa-id-card-o"
    _trace_links = (TraceLink("renewed_by_id", label=_lt("renewed by"), kind="renewed"),)
    # Employees have forms of their own for their skills; the button stands on the certificate's.
    _trace_button = False

    @api.model
    def _trace_domain(self):
        return Domain("is_certification", "=", True)

    @api.model
    def _trace_kind(self):
        return self.env._("Certificate")

    def _trace_cards(self):
        return {
            certificate.id: {
                "number": certificate.own_number,
                "title": certificate.skill_id.display_name,
                "detail": self._trace_certificate_words(certificate),
                "date": certificate.valid_from,
                "badge": self._trace_certificate_badge(certificate),
            }
            for certificate in self
        }

    def _trace_certificate_words(self, certificate):
        until = self._trace_day(certificate.valid_to)
        return " · ".join(filter(None, (certificate.employee_id.name, until and self.env._("valid until %s", until))))

    def _trace_certificate_badge(self, certificate):
        if not certificate.certificate_state:
            return False
        tone, icon = BADGES[certificate.certificate_state]
        return {"text": certificate.certificate_label, "tone": tone, "icon": icon}
