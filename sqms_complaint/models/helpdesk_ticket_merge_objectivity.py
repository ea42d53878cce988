from odoo import models


class HelpdeskTicketMergeObjectivity(models.Model):
    """No merge forgets whom a complaint is about: the one that is kept names these people first."""

    _inherit = "helpdesk.ticket"

    def _merge_refusals(self, target, reason=None):
        refusals = super()._merge_refusals(target, reason)
        source, kept = (ticket.sudo().with_context(active_test=False) for ticket in (self, target))
        if source.complaint_person_ids - kept.complaint_person_ids:
            refusals.append(
                self.env._(
                    "%(merged)s is about people of the company that %(kept)s does not name: an officer names them "
                    "there first.",
                    merged=source.number,
                    kept=kept.number,
                )
            )
        return refusals
