from urllib.parse import urlsplit

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..lib.manual_text import lower_headings


class SqmsPolicyPage(models.AbstractModel):
    """What a company tells everybody: its published policies in force, its promises, and where to turn.

    1. Shown is what a manager has published and what the clock says is in force, nothing else of it than title, text,
       number, edition, date and approver.
    2. A page shows one company: the one whose web address was asked for, else the one that pages without login belong
       to. When an address belongs to several companies, it shows none.
    """

    _name = "sqms.policy.page"
    _description = "Public Page of the Quality Policy"

    @api.model
    def _policy_company(self, host):
        """The company whose page stands at this host name, or none."""
        wanted = (host or "").rsplit(":", 1)[0].lower()
        companies = self.env["res.company"].sudo().search(Domain("website", "!=", False))
        named = companies.filtered(lambda company: _host_of(company.website) == wanted)
        if len(named) > 1:
            return self.env["res.company"]
        return named or self.env.company.sudo()

    @api.model
    def _policy_values(self, company):
        """What the page shows of a company."""
        editions = self.env["sqms.document.version"].sudo()
        editions = editions._published(company) if company else editions
        return {
            "editions": [self._policy_edition(edition) for edition in editions],
            "promises": self._policy_promises(company),
            "links": self._policy_links(company),
        }

    def _policy_edition(self, edition):
        return {
            "title": edition.title,
            "text": Markup(lower_headings(edition.content, 3)),
            "facts": self.env._(
                "%(number)s, edition %(edition)s, in force since %(date)s, approved by %(approver)s",
                number=edition.number,
                edition=edition.edition,
                date=format_date(self.env, edition.date_effective, date_format="long"),
                approver=edition.approver_name,
            ),
        }

    @api.model
    def _policy_promises(self, company):
        """`[{promise, limits, remedy}]` of the promises that are published and in force."""
        promises = self.env["sqms.commitment"].sudo()
        promises = promises._published(company) if company else promises
        return [{name: promise[name] for name in ("promise", "limits", "remedy")} for promise in promises]

    @api.model
    def _policy_links(self, company):
        """`[{title, text, label, url}]`: where a customer can turn. An addon adds to the result of `super()`."""
        return []


def _host_of(website):
    """`www.example.com` of `https://www.example.com:8069/path`; nothing of what is no address.

    >>> _host_of("https://Qinghe.example.com/en"), _host_of("qinghe.example.com"), _host_of("http://[")
    ('qinghe.example.com', 'qinghe.example.com', None)
    """
    try:
        return urlsplit(website if "//" in website else f"//{website}").hostname
    except ValueError:
        return None
