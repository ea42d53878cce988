from datetime import timedelta

from odoo import fields, models
from odoo.tools import is_html_empty

CLOSE_REASONS = [
    ("accepted", "Accepted"),
    ("rejected_with_options", "Not Upheld, Ways to Go Further Told"),
    ("settled_outside", "Settled Outside"),
    ("no_answer", "No Answer From the Customer"),
    ("withdrawn", "Withdrawn"),
]
PROMISING = ("monetary", "non_monetary")
SETTLED = ("settled", "closed")


class HelpdeskTicketClosing(models.Model):
    """What must be right before a complaint is closed, and why it is closed (ISO 10002, 7.7 to 7.9).

    1. What was promised is carried out: when, by whom, and what shows it. A remedy that was given says all of it.
    2. What is severe or a safety matter is not closed by the person who carried it out.
    3. It is closed because the customer accepts, because he was told why not and where he can turn, because it was
       settled outside, or because he did not answer within the company's period. Each is checked against the record.
    4. An objection that nobody has looked at holds closure.
    """

    _inherit = "helpdesk.ticket"

    complaint_close_reason = fields.Selection(CLOSE_REASONS, "Closed Because", copy=False, tracking=True)
    complaint_communicated_by_id = fields.Many2one(
        "res.users", "Answered by", readonly=True, copy=False, ondelete="restrict"
    )
    # what was promised, carried out
    complaint_implemented_on = fields.Date("Carried Out on", copy=False, tracking=True)
    complaint_implemented_by_id = fields.Many2one(
        "res.users", "Carried Out by", copy=False, ondelete="restrict", tracking=True, domain=[("share", "=", False)]
    )
    complaint_implementation_proof = fields.Char(
        "Proof",
        copy=False,
        tracking=True,
        help="What shows it: the number of the transfer, of the visit, of the parcel.",
    )
    complaint_verified_by_id = fields.Many2one(
        "res.users", "Checked by", readonly=True, copy=False, ondelete="restrict", tracking=True
    )

    # -- what holds closure ----------------------------------------------------------

    def _closing_obstacles(self):
        """What holds closure, by name: `{complaint id: [sentences]}`, without an entry where nothing does.

        For all records at once; whoever knows of more adds to the result of `super()`.
        """
        obstacles = {}
        for ticket in self:
            own = [words for words in (ticket._open_objection(), ticket._open_implementation()) if words]
            if own:
                obstacles[ticket.id] = own
        return obstacles

    def _open_objection(self):
        if self.complaint_customer_answer == "objected":
            return self.env._("the customer objects, please take it to the second level")
        return False

    def _open_implementation(self):
        """Why what was promised does not count as carried out yet."""
        if self.complaint_outcome not in PROMISING or self.complaint_decision == "rejected":
            return False
        if "given" in self.sudo().remedy_ids.mapped("state"):
            return False
        names = ("complaint_implemented_on", "complaint_implemented_by_id", "complaint_implementation_proof")
        missing = [self._fields[name]._description_string(self.env) for name in names if not self[name]]
        if missing:
            return self.env._("please fill in %(fields)s", fields=", ".join(missing))
        if self.complaint_implemented_on > fields.Date.context_today(self):
            return self.env._("what was promised is not carried out in the future")
        severe = self.complaint_is_safety or self.complaint_severity in ("major", "critical")
        if severe and self.complaint_implemented_by_id in self._workflow_people():
            return self.env._("you carried it out, somebody else checks it and closes")
        return False

    # -- why it is closed --------------------------------------------------------------

    def _check_close(self):
        refusals = {}
        obstacles = self._closing_obstacles()
        settled = self._settled_outside()
        for ticket in self:
            words = [*obstacles.get(ticket.id, ()), ticket._close_reason_refusal(ticket in settled)]
            words = [sentence for sentence in words if sentence]
            if words:
                refusals[ticket.id] = "; ".join(words)
        return refusals

    def _settled_outside(self):
        """The complaints among these that a body outside has settled."""
        claimed = self.filtered(lambda ticket: ticket.complaint_close_reason == "settled_outside")
        if not claimed:
            return self.browse()
        settled = (
            self.env["sqms.complaint.dispute"]
            .sudo()
            .search([("ticket_id", "in", claimed.ids), ("state", "in", SETTLED)])
        )
        return claimed & self.browse(settled.ticket_id.ids)

    def _closing_reason(self):
        """Why it is closed: what was chosen, else what the customer's own answer says."""
        return self.complaint_close_reason or (self.complaint_customer_answer == "accepted" and "accepted")

    def _close_reason_refusal(self, is_settled):
        reason = self._closing_reason()
        if not reason:
            label = self._fields["complaint_close_reason"]._description_string(self.env)
            return self.env._("please fill in %(fields)s", fields=label)
        if reason == "withdrawn":
            return self.env._("for what the customer takes back there is “Withdrawn by the customer”")
        if reason == "rejected_with_options" and not self._ways_were_told():
            return self.env._("the customer was not told reasons and ways to go further")
        if reason == "settled_outside" and not is_settled:
            return self.env._("no body outside has settled it")
        if reason == "no_answer":
            return self._no_answer_refusal()
        return False

    def _ways_were_told(self):
        return (
            self.complaint_decision in ("rejected", "partly")
            and not is_html_empty(self.complaint_reason)
            and bool(self.complaint_body_ids or not is_html_empty(self.complaint_further))
        )

    def _no_answer_refusal(self):
        if self.complaint_customer_answer:
            return self.env._("the customer has answered")
        days = self.company_id.sudo().complaint_answer_days
        told = self.complaint_communicated_at
        if days <= 0:
            return self.env._("the company has named no time to answer")
        if not told or fields.Datetime.now() < told + timedelta(days=days):
            return self.env._("the customer has %(days)s days to answer", days=days)
        return False

    def _prepare_close_values(self):
        values = super()._prepare_close_values()
        for ticket in self:
            values[ticket.id]["complaint_close_reason"] = ticket._closing_reason()
            if ticket.complaint_implemented_on:
                values[ticket.id]["complaint_verified_by_id"] = self.env.uid
        return values
