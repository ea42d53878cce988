from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.transition import Transition

from .hr_employee_skill import WRITER_GROUPS

_lt = LazyTranslate(__name__)

STATES = [
    ("planned", "Planned"),
    ("open", "Open for Enrolment"),
    ("held", "Under Way"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]


class SqmsTrainingSession(models.Model):
    """A course that is held: when, where, by whom, for whom.

    1. Planned, it is opened for enrolment; begun, attendance is taken; closed, each result is decided.
    2. No more are enrolled than there are seats.
    3. A trainer holds one session at a time, and is not his own pupil.
    """

    _name = "sqms.training.session"
    _description = "Training Session"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _rec_names_search = ["number", "course_id.name"]
    _check_company_auto = True
    _number_prefix = "TRN"

    course_id = fields.Many2one(
        "sqms.training.course", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    date_start = fields.Datetime("Begins", index=True, tracking=True)
    date_end = fields.Datetime("Ends", tracking=True)
    location = fields.Char("Place", tracking=True)
    trainer_id = fields.Many2one(
        "hr.employee", index="btree_not_null", ondelete="restrict", check_company=True, tracking=True,
        compute="_compute_trainer_id", store=True, readonly=False, precompute=True,
    )  # fmt: skip
    trainer_partner_id = fields.Many2one(
        "res.partner", "Trainer from Outside", index="btree_not_null", ondelete="restrict", tracking=True
    )
    seats = fields.Integer(tracking=True, help="0: as many as come.")
    seats_taken = fields.Integer("Enrolled", compute="_compute_seats_taken", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary("Planned Cost", tracking=True, help="Of the whole session.")
    cost_actual = fields.Monetary("Spent", tracking=True, help="Of the whole session.")
    note = fields.Text("Notes", help="What to bring, where to wait.")
    cancel_reason = fields.Text("Why It Is Cancelled", copy=False)
    state = fields.Selection(
        STATES, required=True, default="planned", readonly=True, copy=False, tracking=True, index=True,
        group_expand=True,
    )  # fmt: skip
    begun_at = fields.Datetime("Begun On", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed On", readonly=True, copy=False)
    enrolment_ids = fields.One2many("sqms.training.enrolment", "session_id", "Enrolments", copy=False)
    part_ids = fields.One2many("sqms.training.enrolment.part", "session_id", "Attendance", copy=False)

    _enough_seats = models.Constraint("CHECK(seats = 0 OR seats_taken <= seats)", "There are not so many seats.")
    _no_negative = models.Constraint(
        "CHECK(seats >= 0 AND cost >= 0 AND cost_actual >= 0)", "Seats and costs are not below zero."
    )
    _end_after = models.Constraint(
        "CHECK(date_end IS NULL OR date_start < date_end)", "A session ends after it has begun."
    )
    _trainer_idx = models.Index("(trainer_id, date_start, date_end) WHERE trainer_id IS NOT NULL")
    _calendar_idx = models.Index("(company_id, state, date_start)")

    _ledger_fields = (
        "number", "course_id", "company_id", "date_start", "date_end", "location", "trainer_id", "trainer_partner_id",
        "seats", "cost", "cost_actual", "note", "cancel_reason", "state", "begun_at", "closed_at",
    )  # fmt: skip
    _ledger_personal_fields = ("trainer_partner_id", "note", "cancel_reason")
    _workflow_initial = ("planned",)
    _workflow_managed = ("begun_at", "closed_at")
    _workflow_fixed = ("company_id",)
    _workflow_locked = {
        "held": ("cost", "cost_actual", "note", "location", "date_end", "part_ids"),
        "closed": ("cost_actual",),
        "cancelled": ("cost_actual",),
    }
    _workflow = (
        Transition(
            "open", _lt("Open for Enrolment"), source=("planned",), target="open", groups=WRITER_GROUPS,
            required=("date_start", "date_end"),
        ),
        Transition("begin", _lt("Begin"), source=("open",), target="held", groups=WRITER_GROUPS),
        Transition("close", _lt("Close"), source=("held",), target="closed", groups=WRITER_GROUPS),
        Transition(
            "cancel", _lt("Cancel the Session"), source=("planned", "open"), target="cancelled", groups=WRITER_GROUPS,
            required=("cancel_reason",), rare=True,
        ),
    )  # fmt: skip

    @api.depends("course_id")
    def _compute_trainer_id(self):
        for session in self:
            session.trainer_id = session.trainer_id or (
                False if session.trainer_partner_id else session.course_id.trainer_id
            )

    @api.depends("enrolment_ids.state", "enrolment_ids.session_id")
    def _compute_seats_taken(self):
        groups = (
            self.env["sqms.training.enrolment"]
            .sudo()
            ._read_group([("session_id", "in", self.ids), ("state", "!=", "cancelled")], ["session_id"], ["__count"])
        )
        taken = {session.id: count for session, count in groups}
        for session in self:
            session.seats_taken = taken.get(session.id, 0)
