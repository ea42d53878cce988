from odoo import api, fields, models
from odoo.tools import is_html_empty

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from .helpdesk_ticket_dispute import COUNTED


class SqmsComplaintDisputeSteps(models.Model):
    """What each step asks for and brings about, and what the complaint is told of it."""

    _inherit = "sqms.complaint.dispute"

    # -- steps -----------------------------------------------------------------------

    def _check_answer(self):
        return {
            dispute.id: self.env._("there is neither an answer nor a paper")
            for dispute in self
            if is_html_empty(dispute.answer) and not dispute.answer_file_ids
        }

    def _prepare_answer_values(self):
        return dict.fromkeys(self.ids, {"answered_by_id": self.env.uid})

    def _check_settle(self):
        """Both have agreed to a mediation, and money is named where there was a claim for it and it was granted."""
        reasons = {}
        for dispute in self:
            consents = {dispute.company_consent, dispute.customer_consent}
            if dispute.outcome == "settled" and dispute.body_id.method == "mediation" and consents != {"given"}:
                reasons[dispute.id] = self.env._("a mediation is settled when both sides have agreed to it")
            elif dispute.outcome in ("decided_company", "withdrawn") and dispute.amount_awarded:
                reasons[dispute.id] = self.env._("nothing is awarded when it is decided for us or withdrawn")
            elif dispute.amount_awarded and not dispute.implement_due:
                reasons[dispute.id] = self.env._("please say until when the amount is to be paid")
        return reasons

    def _check_close(self):
        return {
            dispute.id: self.env._("please say when what was agreed or decided was carried out")
            for dispute in self
            if dispute._has_to_be_carried_out() and not dispute.implemented_on
        }

    def _has_to_be_carried_out(self):
        return self.outcome in ("settled", "decided_customer", "decided_partly")

    def _prepare_close_values(self):
        now, values = fields.Datetime.now(), {}
        for dispute in self:
            end = dispute.resolved_on or (dispute.company_id or self.env.company)._sqms_today()
            values[dispute.id] = {
                "closed_at": now,
                "closed_by_id": self.env.uid,
                "days": max((end - dispute.referral_date).days, 0),
            }
        return values

    def _prepare_drop_values(self):
        now = fields.Datetime.now()
        return {
            dispute.id: {
                "closed_at": now,
                "closed_by_id": self.env.uid,
                "days": max(((dispute.company_id or self.env.company)._sqms_today() - dispute.referral_date).days, 0),
            }
            for dispute in self
        }

    def _prepare_resume_values(self):
        values = {"closed_at": False, "closed_by_id": False, "days": 0, "outcome": False, "resolved_on": False}
        return dict.fromkeys(self.ids, values)

    def _on_answer(self):
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # -- what the complaint knows of it ------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._complete_referral(vals_list)
        disputes = super().create(vals_list)
        disputes._tell_complaint()
        disputes._tell_handler()
        return disputes

    def _complete_referral(self, vals_list):
        """The claim and the handler are those of the complaint unless somebody says otherwise."""
        tickets = self.env["helpdesk.ticket"].browse(
            {vals.get("ticket_id") or self.env.context.get("default_ticket_id") for vals in vals_list} - {None, False}
        )
        known = {ticket.id: ticket for ticket in tickets.exists()}
        for vals in vals_list:
            ticket = known.get(vals.get("ticket_id") or self.env.context.get("default_ticket_id"))
            if ticket:
                vals.setdefault("user_id", ticket.user_id.id)
                vals.setdefault("amount_claimed", ticket.complaint_amount)

    def unlink(self):
        tickets = self.ticket_id
        result = super().unlink()
        self._recount(tickets)
        return result

    def _tell_complaint(self):
        self._recount(self.ticket_id)
        for dispute in self:
            dispute.sudo().ticket_id._message_log(
                body=self.env._(
                    "Before an outside body: %(dispute)s, referred on %(day)s.",
                    dispute=dispute.display_name,
                    day=fields.Date.to_string(dispute.referral_date),
                )
            )

    @api.model
    def _recount(self, tickets):
        """How many disputes there are stands on the complaint itself, so that figures need no join."""
        tickets = tickets.sudo()
        counts = dict(
            self.sudo()._read_group([("ticket_id", "in", tickets.ids)], ["ticket_id"], ["__count"]) if tickets else []
        )
        for number, alike in tickets.grouped(lambda ticket: counts.get(ticket, 0)).items():
            with workflow_fields(alike, *COUNTED):
                alike.write({"dispute_count": number, "complaint_is_disputed": number > 0})

    def _tell_handler(self):
        for dispute in self:
            if dispute.user_id and dispute.user_id != self.env.user:
                dispute.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=dispute.internal_due or None,
                    summary=self.env._("Answer the outside body"),
                    user_id=dispute.user_id.id,
                )
