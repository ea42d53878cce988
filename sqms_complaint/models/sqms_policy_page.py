from odoo import models


class SqmsPolicyPage(models.AbstractModel):
    """From the policy to the form: who reads what is promised finds where to complain."""

    _inherit = "sqms.policy.page"

    def _policy_links(self, company):
        links = super()._policy_links(company)
        # The form belongs to the company of pages without login, whatever address the policy was asked under.
        if company and company == self.env.company and company.complaint_public_form:
            links.append(
                {
                    "title": self.env._("Did we not keep it?"),
                    "text": self.env._(
                        "A complaint is free. You get a number at once and our decision with the reasons."
                    ),
                    "label": self.env._("Make a complaint"),
                    "url": "/complaint",
                }
            )
        return links
