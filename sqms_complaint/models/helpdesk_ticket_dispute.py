from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sqms_base.lib.workflow_pass import passed

from .helpdesk_ticket_import import is_importing

COUNTED = ("dispute_count", "complaint_is_disputed")
REGULATOR = "sqms_complaint.helpdesk_ticket_channel_regulator"


class HelpdeskTicketDispute(models.Model):
    """Complaints that are, or were, before an outside body.

    1. While a dispute is open, its complaint is neither closed nor hidden away nor merged.
    2. A complaint that came by a regulator begins with its dispute when the regulator's number is known; if the
       number is learned later, the dispute begins then.
    3. How many disputes there are is counted by the system alone.
    """

    _inherit = "helpdesk.ticket"

    dispute_ids = fields.One2many("sqms.complaint.dispute", "ticket_id", "Disputes", copy=False)
    dispute_count = fields.Integer("Number of Disputes", readonly=True, copy=False, aggregator="sum")
    complaint_is_disputed = fields.Boolean("Went Outside", readonly=True, copy=False)

    _complaint_disputed_idx = models.Index(
        "(complaint_received_at DESC, id DESC) WHERE is_complaint IS TRUE AND complaint_is_disputed IS TRUE"
    )

    # -- counted by the system ---------------------------------------------------------

    def _workflow_guard_initial(self, vals):
        for name in COUNTED:
            if vals.get(name):
                self._workflow_refuse_managed(name)
        return super()._workflow_guard_initial(vals)

    def _workflow_guard_managed(self, names):
        names = list(names)
        counted = sorted(set(COUNTED).intersection(names))
        if self and counted and not passed(self, counted):
            self._workflow_refuse_managed(counted[0])
        return super()._workflow_guard_managed(names)

    # -- what holds closure ------------------------------------------------------------

    def _closing_obstacles(self):
        obstacles = super()._closing_obstacles()
        for dispute in self._open_disputes():
            obstacles.setdefault(dispute.ticket_id.id, []).append(self.env._("%s is still open", dispute.display_name))
        return obstacles

    def _open_disputes(self):
        # In a complaint that never went outside there is nothing to ask for.
        disputed = self.filtered("complaint_is_disputed")
        if not disputed:
            return self.env["sqms.complaint.dispute"].sudo()
        return (
            self.env["sqms.complaint.dispute"]
            .sudo()
            .search([("ticket_id", "in", disputed.ids), ("state", "in", ("referred", "answered", "settled"))])
        )

    @api.constrains("active")
    def _check_no_open_dispute(self):
        hidden = self.filtered(lambda ticket: not ticket.active)
        for dispute in hidden._open_disputes():
            raise self._dispute_error(dispute)

    def _dispute_error(self, dispute):
        return ValidationError(
            self.env._(
                "%(complaint)s is before an outside body (%(dispute)s) and stays in sight until that has ended.",
                complaint=dispute.ticket_id.number,
                dispute=dispute.display_name,
            )
        )

    # -- by a regulator ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        if any(vals.get("complaint_regulator_ref") for vals in vals_list):
            tickets._begin_disputes()
        return tickets

    def write(self, vals):
        result = super().write(vals)
        if vals.get("complaint_regulator_ref") or (vals.get("channel_id") and "complaint_regulator_ref" not in vals):
            self._begin_disputes()
        return result

    def _begin_disputes(self):
        """The disputes of complaints that came by a regulator and have none yet."""
        if is_importing():
            return
        channel = self.env.ref(REGULATOR, raise_if_not_found=False)
        mine = self.filtered(
            lambda ticket: (
                ticket.is_complaint
                and ticket.complaint_regulator_ref
                and channel
                and ticket.channel_id == channel
                and not ticket.complaint_is_disputed
                and ticket.complaint_state not in ("closed", "withdrawn", "merged")
            )
        )
        body = self.env.ref("sqms_complaint.sqms_dispute_body_12315", raise_if_not_found=False) if mine else None
        if not body:
            return
        self.env["sqms.complaint.dispute"].sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "body_id": body.id,
                    "case_number": ticket.complaint_regulator_ref,
                    "referral_date": self._dispute_day(ticket),
                    "notice_date": self._dispute_day(ticket),
                    "user_id": ticket.user_id.id,
                }
                for ticket in mine
            ]
        )

    def _dispute_day(self, ticket):
        local = ticket.with_context(tz=ticket.company_id._sqms_tz())
        return fields.Datetime.context_timestamp(local, ticket.complaint_received_at).date()

    # -- screen ------------------------------------------------------------------------

    def action_open_disputes(self):
        self.ensure_one()
        action = {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.sqms_complaint_dispute_action"),
            "domain": [("ticket_id", "=", self.id)],
            "context": {"default_ticket_id": self.id},
        }
        if len(self.dispute_ids) == 1:
            action |= {"res_id": self.dispute_ids.id, "view_mode": "form", "views": [(False, "form")]}
        return action

    def action_new_dispute(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Dispute"),
            "res_model": "sqms.complaint.dispute",
            "views": [(False, "form")],
            "context": {"default_ticket_id": self.id},
        }

    def action_new_package(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("File for an Authority"),
            "res_model": "sqms.complaint.package",
            "views": [(self.env.ref("sqms_complaint.sqms_complaint_package_view_form").id, "form")],
            "target": "new",
            "context": {"default_ticket_id": self.id, "default_lang": self.env.lang},
        }
