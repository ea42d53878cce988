from odoo import fields, models


class SqmsManual(models.AbstractModel):
    """How customers complain, as it is set up, and how many do."""

    _inherit = "sqms.manual"

    def _manual_sections(self):
        return [
            *super()._manual_sections(),
            self._manual_section(
                "complaints", 84, self.env._("Complaints"), "sqms_complaint.manual_complaints", self._manual_complaints
            ),
        ]

    def _manual_complaints(self, manual):
        company = manual["company"]
        tickets = self.env["helpdesk.ticket"].sudo()
        mine = [("is_complaint", "=", True), ("company_id", "=", company.id)]
        year = fields.Date.today().replace(month=1, day=1)
        return {
            "ways": [
                words
                for words in (
                    company.complaint_public_form and self.env._("on the web page /complaint, without an account"),
                    company.phone and self.env._("by phone: %s", company.phone),
                    company.email and self.env._("by email: %s", company.email),
                )
                if words
            ],
            "days": max(0, company.complaint_promise_days),
            "outside": company.complaint_outside_body,
            "counts": manual["is_full"]
            and {
                "year": tickets.search_count([*mine, ("complaint_received_at", ">=", year)]),
                "open": tickets.search_count([*mine, ("complaint_state", "not in", ("closed", "withdrawn"))]),
            },
        }
