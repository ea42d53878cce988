import re

from babel.dates import format_date, format_time, get_timezone_name

from odoo import models
from odoo.tools import babel_locale_parse

from ..lib.mask import masked_name

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# Round is good, square is not: the sign is told by its shape and word as well as by its colour.
SIGNS = {
    "valid": ("success", "fa-circle", "fa-check"),
    "expiring": ("warning", "fa-circle", "fa-clock-o"),
    "upcoming": ("info", "fa-square", "fa-hourglass-start"),
    "expired": ("danger", "fa-square", "fa-times"),
    "revoked": ("danger", "fa-square", "fa-ban"),
    "unknown": ("dark", "fa-square", "fa-question"),
}


class HrEmployeeSkill(models.Model):
    _inherit = "hr.employee.skill"

    def _certificate_page(self, token):
        """Everything that the public page shows, as plain text: no record reaches the template."""
        certificate = self.browse()
        if isinstance(token, str) and TOKEN.fullmatch(token):
            certificate = self.search([("verification_token", "=", token)], limit=1)
        company = certificate.certificate_company_id or self.env.company.sudo()
        locale = babel_locale_parse(self.env.lang)
        now = company._certificate_now()
        certificate = certificate.with_context(as_of=now.date())
        state = certificate.certificate_state or "unknown"
        theme, shape, sign = SIGNS[state]
        return {
            "state": state,
            "theme": theme,
            "shape": shape,
            "sign": sign,
            "title": certificate._page_word(state),
            "sentence": certificate._page_sentence(
                state, now.date(), lambda day: format_date(day, "medium", locale=locale)
            ),
            "facts": certificate._page_facts(lambda day: format_date(day, "medium", locale=locale)),
            "company_name": company.name,
            "company_phone": company.phone,
            "company_logo": not company.uses_default_logo
            and company.logo_web
            and f"data:image/png;base64,{company.logo_web.decode()}",
            "checked": self.env._(
                "Checked %(time)s, %(zone)s",
                time=f"{format_date(now, 'medium', locale=locale)} {format_time(now.time(), 'short', locale=locale)}",
                zone=get_timezone_name(now, locale=locale),
            ),
        }

    def _page_word(self, state):
        return {
            "valid": self.env._("VALID"),
            "expiring": self.env._("VALID, ENDS SOON"),
            "upcoming": self.env._("NOT YET VALID"),
            "expired": self.env._("EXPIRED"),
            "revoked": self.env._("REVOKED"),
            "unknown": self.env._("NO SUCH CERTIFICATE"),
        }[state]

    def _page_sentence(self, state, today, day):
        if state in ("valid", "expiring"):
            return self.env._("until %s", day(self.valid_to)) if self.valid_to else self.env._("without end")
        if state == "upcoming":
            return self.env._("from %s on", day(self.valid_from))
        if state == "expired":
            return self.env._(
                "on %(day)s, %(count)s days ago", day=day(self.valid_to), count=(today - self.valid_to).days
            )
        if state == "revoked":
            return self.env._("on %s", day(self.revoked_on))
        return self.env._("Check the code, or ask the company that is named on the certificate.")

    def _page_facts(self, day):
        """Five facts, and nothing else about anybody."""
        if not self:
            return []
        title = self.skill_id.name
        if len(self.skill_type_id.skill_level_ids) > 1:
            title = f"{title} · {self.skill_level_id.name}"
        return [
            (self.env._("Certificate"), title),
            (self.env._("Holder"), masked_name(self.employee_id.name)),
            (self.env._("Number"), self.number),
            (self.env._("Issued by"), self.issuer),
            (self.env._("Valid from"), day(self.valid_from)),
        ]
