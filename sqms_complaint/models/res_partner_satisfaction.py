from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

QUALITY = "sqms_base.group_sqms_officer,sqms_base.group_sqms_top,sqms_base.group_sqms_certifier"
READERS = (
    "helpdesk_mgmt.group_helpdesk_user_own,sqms_base.group_sqms_officer,sqms_base.group_sqms_top,"
    "sqms_base.group_sqms_certifier"
)


COMPLAINTS = (("is_complaint", "=", True), ("complaint_state", "!=", "merged"))
ANSWERS = (("csat", "!=", False),)


class ResPartnerSatisfaction(models.Model):
    """A customer at one glance: what he complained of and how satisfied he was, his contacts included."""

    _inherit = "res.partner"

    satisfaction_opt_out = fields.Boolean(string="No Surveys", help="This customer is not asked how satisfied he is.")
    sqms_complaint_count = fields.Integer(string="Complaints", compute="_compute_sqms_complaint_count", groups=READERS)
    sqms_satisfaction_count = fields.Integer(
        string="Answers on Satisfaction", compute="_compute_sqms_satisfaction", groups=READERS
    )
    sqms_satisfaction_label = fields.Char(
        string="Satisfaction", compute="_compute_sqms_satisfaction", groups=READERS,
        help="The mean mark from 1 to 5, and of how many answers.",
    )  # fmt: skip
    sqms_commitment_count = fields.Integer(
        string="Broken Promises", compute="_compute_sqms_commitment_count", groups=QUALITY
    )

    def _compute_sqms_complaint_count(self):
        totals = self._sqms_counts("helpdesk.ticket", COMPLAINTS)
        for partner in self:
            partner.sqms_complaint_count = totals.get(partner._origin.id, 0)

    @api.depends_context("lang")
    def _compute_sqms_satisfaction(self):
        totals = self._sqms_sums("sqms.satisfaction.answer", ANSWERS, ("__count", "csat:sum"))
        for partner in self:
            count, marks = totals.get(partner._origin.id, (0, 0))
            partner.sqms_satisfaction_count = count
            partner.sqms_satisfaction_label = (
                self.env._(
                    "%(mean)s/5 (n = %(count)s)", mean=formatLang(self.env, marks / count, digits=1), count=count
                )
                if count
                else "–"
            )

    def _compute_sqms_commitment_count(self):
        """Promises broken on complaints of the customer; one query for each of tickets, promises and names."""
        below = self.with_context(active_test=False).search_fetch([("id", "child_of", self.ids)], ["parent_id"])
        tickets = (
            self.env["helpdesk.ticket"]
            .with_context(active_test=False)
            .search_fetch([("partner_id", "in", below.ids), *COMPLAINTS], ["partner_id"])
        )
        broken = dict(
            self.env["sqms.commitment.breach"]._read_group(self._breach_domain(tickets), ["res_id"], ["__count"])
        )
        totals = dict.fromkeys(self._origin.ids, 0)
        for ticket in tickets.filtered(lambda ticket: ticket.id in broken):
            partner = ticket.partner_id
            while partner:
                if partner.id in totals:
                    totals[partner.id] += broken[ticket.id]
                partner = partner.parent_id
        for partner in self:
            partner.sqms_commitment_count = totals.get(partner._origin.id, 0)

    @api.model
    def _breach_domain(self, tickets):
        return Domain("res_model", "=", "helpdesk.ticket") & Domain("res_id", "in", tickets.ids)

    # -- buttons -------------------------------------------------------------------

    def action_open_sqms_complaints(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.helpdesk_ticket_action_complaint"),
            "views": [(False, "list"), (False, "form")],
            "domain": [*COMPLAINTS, ("partner_id", "child_of", self.id)],
            "context": {"default_is_complaint": True, "default_partner_id": self.id},
        }

    def action_open_sqms_satisfaction(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.sqms_satisfaction_answer_action"),
            "domain": [*ANSWERS, ("partner_id", "child_of", self.id)],
            "context": {},
        }

    def action_open_sqms_commitments(self):
        self.ensure_one()
        tickets = (
            self.env["helpdesk.ticket"]
            .with_context(active_test=False)
            .search([("partner_id", "child_of", self.id), *COMPLAINTS])
        )
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_commitment_breach_action"),
            "domain": list(self._breach_domain(tickets)),
            "context": {},
        }
