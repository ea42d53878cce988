from odoo import api, fields, models


class HelpdeskTicketSatisfaction(models.Model):
    """How the customer was asked about the handling, and what he answered.

    Closing a complaint only wakes the job that asks; it makes no survey and writes no mail.
    """

    _inherit = "helpdesk.ticket"

    satisfaction_answer_ids = fields.One2many(
        "sqms.satisfaction.answer", "ticket_id", string="Satisfaction", readonly=True, copy=False
    )
    satisfaction_status = fields.Char(string="Survey", compute="_compute_satisfaction_status")

    @api.depends("satisfaction_answer_ids.state", "satisfaction_answer_ids.csat", "satisfaction_answer_ids.delivery")
    @api.depends_context("lang")
    def _compute_satisfaction_status(self):
        for ticket in self:
            last = ticket.satisfaction_answer_ids.sorted("resolution")[-1:]
            ticket.satisfaction_status = last._survey_words() if last else self.env._("Not sent")

    def action_open_satisfaction(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.sqms_satisfaction_answer_action"),
            "domain": [("ticket_id", "=", self.id)],
            "context": {},
        }

    def _satisfaction_survey_url(self):
        """Where the customer answers the survey about the last resolution, or False if there is nothing to answer.

        For the status page and for mails to the customer; never for colleagues.
        """
        self.ensure_one()
        answer = (
            self.env["sqms.satisfaction.answer"]
            .sudo()
            .search(
                [
                    ("ticket_id", "=", self.id),
                    ("resolution", "=", self.sudo().complaint_reopen_count),
                    ("state", "=", "invited"),
                    ("deadline", ">", fields.Datetime.now()),
                ],
                limit=1,
            )
        )
        if not answer or self.sudo().complaint_state != "closed":
            return False
        if answer.delivery == "page":
            answer.write({"delivery": "shown", "is_delivered": True})
        return answer._get_survey_url()

    # -- for the job that asks -------------------------------------------------------

    def _on_close(self):
        above = getattr(super(), "_on_close", None)
        result = above() if above else None
        self.env.ref("sqms_complaint.ir_cron_satisfaction_invite").sudo()._trigger()
        return result

    def _satisfaction_customer_key(self):
        if self.complaint_is_anonymous:
            return False
        return self.env["sqms.satisfaction.answer"]._customer_key(self.partner_email, self.partner_id)

    def _satisfaction_obstacle(self):
        """Why this customer is not asked at all, or nothing."""
        partner = self.partner_id
        if self.complaint_import_run_id:
            return "imported"
        if self.complaint_is_anonymous:
            return None if self._has_access_code() else "no_way"
        if partner and any(not user.share for user in partner.with_context(active_test=False).user_ids):
            return "internal"
        if partner.satisfaction_opt_out:
            return "opt_out"
        return None if self._get_letter_address() or self._has_access_code() else "no_way"
