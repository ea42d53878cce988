from odoo import models


class SqmsPolicyPageFeedback(models.AbstractModel):
    """From the policy to the page where everybody can say what he thinks of it."""

    _inherit = "sqms.policy.page"

    def _policy_links(self, company):
        links = super()._policy_links(company)
        # The page belongs to the company of pages without login, whatever address the policy was asked under.
        if company and company == self.env.company and company.sqms_feedback_page:
            links.append(
                {
                    "title": self.env._("An idea, praise, a concern?"),
                    "text": self.env._("Tell us in two minutes, with your name or without. We answer."),
                    "label": self.env._("Tell Us"),
                    "url": "/quality/feedback",
                }
            )
        return links
