from odoo import fields, models

from odoo.addons.sqms_base.lib.workflow_pass import passed_to

from .helpdesk_ticket_import import is_importing
from .helpdesk_ticket_stage import CLOSED_STATES

# A change of one of these may bring the complaint under another regime.
DECIDING = (
    "complaint_category_id", "complaint_is_safety", "complaint_wish", "complaint_area", "channel_id",
)  # fmt: skip


class HelpdeskTicketClock(models.Model):
    """The deadlines of a complaint; a plain ticket has none.

    1. Rules choose the regimes (`sqms.complaint.regime`); the case keeps the versions that were in use.
    2. Deadlines count from the receipt, not from when somebody typed it in; when an officer corrects the receipt, they
       move with it, and the ledger tells.
    3. Whoever was told on the phone or on the page has the acknowledgement with the receipt.
    4. Another category, channel, wish or safety flag chooses anew while the complaint is open. What is late stays late.
    5. A complaint that was handled elsewhere and is over has no deadlines here.
    """

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "sqms.clock.mixin"]

    complaint_area = fields.Selection(
        [("urban", "In Town"), ("rural", "In the Country")], "Place of the Trouble", copy=False,
        help="Deadlines for repairs are longer in the country.",
    )  # fmt: skip

    _complaint_mine_due_idx = models.Index("(user_id, clock_due_at) WHERE is_complaint IS TRUE")

    # -- the choice -----------------------------------------------------------------

    def _clock_steps(self):
        complaints = self.filtered("is_complaint")
        return dict(self.env["sqms.complaint.regime"]._steps_of("complaint", complaints._clock_facts()))

    def _clock_policy(self):
        """`{record id: regimes}` of which the complaints have at least one step."""
        data, Policy = self.env["sqms.clock.step"]._data, self.env["sqms.clock.policy"].sudo()
        return {
            record_id: Policy.browse(dict.fromkeys(data(step_id)["policy_id"] for step_id in step_ids))
            for record_id, step_ids in self._clock_steps().items()
        }

    def _clock_facts(self):
        """What the rules look at; nothing of it is asked from the database for a complaint that is just being made."""
        line_of = self.env["sqms.complaint.category"]._line_of
        companies, facts = self._clock_company(), {}
        for ticket in self.sudo():
            company = companies[ticket.id]
            category_ids, topic = line_of(ticket.complaint_category_id.id or 0)
            facts[ticket.id] = {
                "company": company,
                "category_ids": category_ids,
                "channel_id": ticket.channel_id.id,
                "is_safety": bool(ticket.complaint_is_safety),
                "topic": topic,
                "wish": ticket.complaint_wish or None,
                "area": ticket.complaint_area or "urban",
                "body_code": None,
                "received": ticket.complaint_received_at or fields.Datetime.now(),
            }
        return facts

    def _clock_key(self, step):
        """One acknowledgement, one decision: whichever regime promises it."""
        return step["chain"][1]

    def _clock_received(self):
        now = fields.Datetime.now()
        return {ticket.id: min(ticket.complaint_received_at or now, now) for ticket in self}

    def _clock_told_on_arrival(self):
        at_once = self.env["helpdesk.ticket.channel"]._told_at_once_ids()
        return {ticket.id: ("ack",) for ticket in self if ticket.channel_id.id in at_once}

    def _clock_recipients(self, tell):
        """The leader is that of the team; above are the complaint officers, of confidential complaints those who see
        them; nobody who is complained about."""
        found = {}
        asked = (
            self if tell == "leader" else self.filtered(lambda one: not one.user_id) if tell == "handler" else self[:0]
        )
        if asked:
            found.update(asked._complaint_leaders())
        if tell == "manager":
            involved = self._complaint_involved()
            names = {True: "group_complaint_confidential", False: "group_complaint_officer"}
            for confidential, tickets in self.grouped(lambda one: bool(one.complaint_is_confidential)).items():
                people = self.env.ref(f"sqms_complaint.{names[confidential]}").sudo().all_user_ids
                people = people.filtered(lambda user: not user._is_superuser())
                for ticket in tickets:
                    company, hit = ticket.company_id, involved[ticket.id]
                    found[ticket.id] = people.filtered(lambda user: company in user.company_ids) - hit  # noqa: B023
        return {ticket_id: users for ticket_id, users in found.items() if users}

    def _ledger_companies(self):
        """The company of a complaint never changes, and has just been read: it is not asked for again."""
        complaints = self.sudo().filtered("is_complaint")
        found = {ticket.id: ticket.company_id.id for ticket in complaints}
        return {**found, **super(HelpdeskTicketClock, self - complaints)._ledger_companies()}

    # -- what moves them ---------------------------------------------------------------

    def _clock_moved(self, came_from):
        if not came_from and is_importing():
            return None  # its state is not known yet; `_clocks_imported` follows
        return super(HelpdeskTicketClock, self.filtered("is_complaint"))._clock_moved(came_from)

    def _clocks_imported(self, reason):
        return super(HelpdeskTicketClock, self.filtered("is_complaint"))._clocks_imported(reason)

    def write(self, vals):
        watched = any(name in vals for name in DECIDING)
        if not watched and "complaint_received_at" not in vals or passed_to(self, None):
            return super().write(vals)
        complaints = self.filtered(lambda one: one.is_complaint and one.complaint_state not in CLOSED_STATES)
        before = complaints._clock_deciding() if watched else {}
        received = {one.id: one.complaint_received_at for one in complaints if "complaint_received_at" in vals}
        result = super().write(vals)
        if before:
            after = complaints._clock_deciding()
            self.browse([key for key in before if before[key] != after[key]])._clocks_by_other_rules(before)
        if received:
            self._clocks_by_other_receipt(received)
        return result

    def _clock_deciding(self):
        return {
            ticket.id: tuple(
                ticket[name].id if self._fields[name].relational else ticket[name] for name in DECIDING
            )
            for ticket in self
        }  # fmt: skip

    def _clocks_by_other_rules(self, before):
        """Choose anew, each with the reason: what was changed."""
        alike = {}
        for ticket in self:
            changed = tuple(
                name
                for name, old, new in zip(DECIDING, before[ticket.id], ticket._clock_deciding()[ticket.id], strict=True)
                if old != new
            )
            alike[changed] = alike.get(changed, self.browse()) | ticket
        for names, tickets in alike.items():
            labels = ", ".join(self._fields[name]._description_string(self.env) for name in names)
            tickets._clocks_rechoose(self.env._("Changed: %s", labels))

    def _clocks_by_other_receipt(self, before):
        moved = self.filtered(lambda one: one.id in before and before[one.id] != one.complaint_received_at)
        if not moved:
            return
        moved._clocks_received_at(before, self.env._("The receipt was corrected."))
        moved._ledger_log(
            "received_at",
            old={one.id: {"complaint_received_at": fields.Datetime.to_string(before[one.id])} for one in moved},
            new={
                one.id: {"complaint_received_at": fields.Datetime.to_string(one.complaint_received_at)}
                for one in moved
            },
        )  # fmt: skip
