from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.sqms_base.lib.workflow_pass import passed

from .helpdesk_ticket import OFFICERS, OPEN_STATES
from .helpdesk_ticket_import import is_importing

SEVERITIES = [("minor", "Minor"), ("moderate", "Moderate"), ("major", "Major"), ("critical", "Critical")]
IMPACTS = [
    ("single", "One Customer"),
    ("several", "Several Customers"),
    ("many", "Many Customers"),
    ("public", "The Public"),
]


class HelpdeskTicketAssessment(models.Model):
    """The initial assessment (ISO 10002, 7.5): how bad, for how many, is somebody in danger, what is done at once.

    1. Severity and impact give the priority, by the table of the company (`sqms.complaint.matrix`).
    2. A complaint of a safety category is a safety matter, whoever registers it. Everybody who handles a complaint may
       say that it is one; only an officer says that it is none, and why.
    3. When it became known to be a safety matter is kept; deadlines count from there.
    """

    _inherit = "helpdesk.ticket"

    complaint_severity = fields.Selection(
        SEVERITIES, "Severity", copy=False, tracking=True, help="How bad it is for those who are hit."
    )
    complaint_impact = fields.Selection(IMPACTS, "Impact", copy=False, tracking=True, help="How many are hit.")
    complaint_complexity = fields.Selection(
        [("simple", "Simple"), ("average", "Average"), ("complex", "Complex")],
        "Complexity",
        copy=False,
        tracking=True,
        help="How much it takes to find out: one look, a few questions, several departments.",
    )
    complaint_urgency = fields.Selection(
        [("normal", "Normal"), ("urgent", "Urgent"), ("immediate", "Immediate")],
        "Urgency",
        copy=False,
        tracking=True,
        help="Whether waiting makes it worse.",
    )
    complaint_immediate_action = fields.Text(
        "Immediate Action", copy=False, help="What is done at once, before anything is found out."
    )
    complaint_is_safety = fields.Boolean(
        "Safety",
        compute="_compute_complaint_is_safety",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="Somebody may be hurt. It stands out on every screen and somebody is told at once.",
    )
    complaint_safety_note = fields.Char(
        "Why It Is No Safety Matter", copy=False, tracking=True, help="An officer gives the reason to take it off."
    )
    complaint_safety_at = fields.Datetime(
        "Known to Be a Safety Matter", compute="_compute_complaint_safety_at", store=True, precompute=True, copy=False
    )
    priority = fields.Selection(compute="_compute_priority", store=True, readonly=False)
    complaint_assessed_at = fields.Datetime("Assessed at", readonly=True, copy=False)

    _complaint_safety_idx = models.Index(
        "(complaint_received_at) WHERE is_complaint IS TRUE AND complaint_is_safety IS TRUE"
    )

    @api.depends("complaint_category_id")
    def _compute_complaint_is_safety(self):
        # A category adds the flag and never takes it off.
        for ticket in self:
            ticket.complaint_is_safety = ticket.complaint_is_safety or ticket.complaint_category_id.is_safety

    @api.depends("complaint_is_safety")
    def _compute_complaint_safety_at(self):
        now = fields.Datetime.now()
        for ticket in self:
            known = ticket.complaint_safety_at or (now if ticket._origin else ticket.complaint_received_at or now)
            ticket.complaint_safety_at = ticket.complaint_is_safety and known

    @api.depends("complaint_severity", "complaint_impact", "complaint_care_ids")
    def _compute_priority(self):
        # Neither a plain ticket nor a complaint that nobody has assessed yet is touched.
        for ticket in self:
            ticket.priority = ticket._complaint_priority() or ticket.priority

    def _complaint_priority(self):
        """What the table says, one step higher where the customer's needs ask for it; nothing before the assessment."""
        if not (self.complaint_severity and self.complaint_impact):
            return False
        cell = (self.complaint_severity, self.complaint_impact)
        priority = self.env["sqms.complaint.matrix"]._priorities(self.company_id.id).get(cell)
        if self.complaint_is_safety:
            return "3"
        if priority and any(self.sudo().complaint_care_ids.mapped("raises_priority")):
            return str(min(int(priority) + 1, 3))
        return priority

    # -- safety ------------------------------------------------------------------

    def _complete_complaints(self, vals_list):
        # A form sends what is not ticked as well. That is no word against the category.
        for vals in vals_list:
            if not vals.get("complaint_is_safety"):
                vals.pop("complaint_is_safety", None)
            if vals.get("complaint_severity") and vals.get("complaint_impact"):
                cell = (vals["complaint_severity"], vals["complaint_impact"])
                table = self.env["sqms.complaint.matrix"]._priorities(vals.get("company_id") or self.env.company.id)
                vals["priority"] = vals.get("priority") or table.get(cell, "1")
        return super()._complete_complaints(vals_list)

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        if not is_importing():
            tickets.filtered("complaint_is_safety")._complaint_alarm()
        return tickets

    def _create(self, data_list):
        # Defaults of the context are merged in below `create`.
        self._guard_safety_note(data["stored"] for data in data_list)
        return super()._create(data_list)

    def write(self, vals):
        self._guard_safety_note([vals])
        if "complaint_is_safety" in vals and not vals["complaint_is_safety"]:
            self._guard_safety(vals.get("complaint_safety_note"))
        if not vals.keys() & {"complaint_is_safety", "complaint_category_id"}:
            return super().write(vals)
        calm = self.filtered(lambda ticket: ticket.is_complaint and not ticket.complaint_is_safety)
        done = super().write(vals)
        alarming = calm.filtered("complaint_is_safety")
        if alarming and not passed(self, ["complaint_is_safety"]):
            alarming._complaint_alarm()
        return done

    def _guard_safety_note(self, rows):
        if any(vals.get("complaint_safety_note") for vals in rows) and not self.env.user.has_group(OFFICERS):
            raise AccessError(self.env._("A complaint officer says why a complaint is no safety matter."))

    def _guard_safety(self, note):
        for ticket in self.filtered("complaint_is_safety"):
            if not self.env.user.has_group(OFFICERS):
                raise AccessError(
                    self.env._("Only a complaint officer says that %s is no safety matter.", ticket.number)
                )
            if not (note or ticket.complaint_safety_note or "").strip():
                raise UserError(
                    self.env._("Please write down why %s is no safety matter, then take it off.", ticket.number)
                )

    @api.constrains("complaint_is_safety", "complaint_category_id")
    def _check_complaint_safety(self):
        for ticket in self:
            explained = ticket.complaint_is_safety or (ticket.complaint_safety_note or "").strip()
            if ticket.complaint_category_id.is_safety and not explained:
                raise ValidationError(
                    self.env._(
                        "“%(category)s” is about safety: an officer writes down why %(complaint)s is not.",
                        category=ticket.complaint_category_id.display_name,
                        complaint=ticket.number,
                    )
                )

    def _complaint_alarm(self):
        """Somebody may be hurt: whoever leads acts today, and it goes before everything else."""
        open_ones = self.filtered(lambda ticket: ticket.complaint_state in OPEN_STATES)
        open_ones.sudo().filtered(lambda ticket: ticket.priority != "3").priority = "3"
        open_ones._complaint_ask_leaders(self.env._("Safety: see that nobody is hurt, and write down what was done"))

    # -- the step ----------------------------------------------------------------

    def _prepare_assess_values(self):
        now = fields.Datetime.now()
        return {ticket.id: {"complaint_assessed_at": now} for ticket in self}
