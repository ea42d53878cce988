from odoo import fields, models
from odoo.tools import format_amount

from .sqms_complaint_remedy import IN_MONEY, PROMISED


class HelpdeskTicketRemedy(models.Model):
    """What the customer gets, the nonconformity that its cost belongs to, and what of it still has to be given."""

    _inherit = "helpdesk.ticket"

    remedy_ids = fields.One2many("sqms.complaint.remedy", "ticket_id", "Remedies", copy=False)

    def _remedy_nonconformity(self):
        """The nonconformity that was raised from this complaint, the first that still counts; or none."""
        self.ensure_one()
        return (
            self.env["sqms.nonconformity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("state", "!=", "dismissed"),
                    ("company_id", "=", self.company_id.id),
                ],
                order="id",
                limit=1,
            )
        )

    def _closing_obstacles(self):
        """What was promised is given, or taken off the promise with a reason, before a complaint is closed."""
        obstacles = super()._closing_obstacles()
        promised = self.env["sqms.complaint.remedy"].sudo()
        for remedy in promised.search([("ticket_id", "in", self.ids), ("state", "=", "approved")]):
            obstacles.setdefault(remedy.ticket_id.id, []).append(
                self.env._("%s is approved and not given yet", remedy.display_name)
            )
        return obstacles

    def _complaint_remedies_public(self):
        """What the customer has been promised or given, for letter and status page, in the language at hand.

        :return: `[{kind, name, amount, due, given, when, is_given}]`; amount and days as words, else empty
        """
        self.ensure_one()
        kinds = dict(self.env["sqms.complaint.remedy"]._fields["kind"]._description_selection(self.env))
        local = self.with_context(tz=self.company_id.sudo()._sqms_tz())
        told = []
        for remedy in self.sudo().remedy_ids.filtered(lambda remedy: remedy.state in PROMISED):
            due = self._letter_date(remedy.due_date)
            given = local._letter_day(remedy.given_at) if remedy.given_at else ""
            told.append(
                {
                    "kind": kinds[remedy.kind],
                    "name": remedy.name,
                    # What a repair costs us is none of the customer's business.
                    "amount": format_amount(self.env, remedy.amount, remedy.currency_id)
                    if remedy.kind in IN_MONEY
                    else "",
                    "due": due,
                    "given": given,
                    "when": self.env._("given on %s", given) if given else self.env._("by %s", due) if due else "",
                    "is_given": remedy.state == "given",
                }
            )
        return told
