from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from .hr_employee_skill import WRITER_GROUPS

OWN = "sqms_training.hr_employee_skill_action_own"
ALL = "sqms_training.hr_employee_skill_action_certificates"


class SqmsMorning(models.AbstractModel):
    """Certificates on the start page: everybody's own, and for HR those that nothing follows.

    Nobody renews his own certificate, so none of them counts as a thing that waits for him.
    """

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_certificates(), self._morning_to_renew()]

    def _morning_certificates(self):
        over = Domain("certificate_state", "in", ("expired", "revoked"))
        own = (
            Domain("is_certification", "=", True)
            & Domain("employee_id.user_id", "=", self.env.uid)
            & Domain("employee_id.active", "=", True)
            & (~over | Domain("is_covered", "=", False))
        )
        return self._morning_section(
            "certificates",
            [
                self._morning_source(
                    "hr.employee.skill", own, self._show_certificates, order="certificate_state, valid_to, id"
                )
            ],
            column="right",
            sequence=70,
            icon="fa-certificate",
            title=self.env._("My certificates"),
            more=self._morning_all(OWN, own),
            waits=False,
        )

    def _show_certificates(self, certificates):
        return [
            self._morning_item(
                row,
                row.skill_id.name,
                {"xmlid": OWN},
                due=row.revoked_on or (row.valid_to if row.certificate_state in ("expired", "expiring") else None),
                kind="expires",
                note=format_date(self.env, row.valid_to, date_format="medium") if row.valid_to else "",
                badge=self._certificate_badge(row),
            )
            for row in certificates
        ]

    def _certificate_badge(self, row):
        """In words; how many days are left to an end is told by the page itself."""
        look = {
            "revoked": ("danger", "fa-ban"),
            "upcoming": ("secondary", "fa-hourglass-start"),
            "valid": ("success", "fa-check"),
        }.get(row.certificate_state)
        return look and {"text": row.certificate_label, "tone": look[0], "icon": look[1]}

    def _morning_to_renew(self):
        if not self.env.user.has_groups(WRITER_GROUPS):
            return None
        ending = (
            Domain("certificate_state", "in", ("expired", "revoked", "expiring"))
            & Domain("is_covered", "=", False)
            & Domain("employee_id.active", "=", True)
            & Domain("employee_id.company_id", "in", self.env.companies.ids)
        )
        return self._morning_section(
            "certificates_to_renew",
            [self._morning_source("hr.employee.skill", ending, self._show_to_renew, order="valid_to, id")],
            sequence=65,
            icon="fa-certificate",
            title=self.env._("Certificates that nothing follows"),
            more={"xmlid": ALL},
            waits=False,
        )

    def _show_to_renew(self, certificates):
        return [
            self._morning_item(
                row,
                row.skill_id.name,
                {"xmlid": ALL},
                due=row.revoked_on or row.valid_to,
                kind="expires",
                subtitle=" · ".join(filter(None, (row.employee_id.name, row.department_id.name))),
                icon="fa-user-o",
                avatar=self.env["hr.employee.public"].browse(row.employee_id.id),
                badge=self._certificate_badge(row),
            )
            for row in certificates
        ]
