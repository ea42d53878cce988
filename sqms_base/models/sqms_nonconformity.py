from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.workflow_pass import workflow_fields

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"
GRADES = [("minor", "Minor"), ("major", "Major"), ("critical", "Critical")]
DISPOSITIONS = [
    ("correct", "Correct It"),
    ("refund", "Refund and Correct"),
    ("repeat", "Repeat the Service"),
    ("suspend", "Suspend or Segregate"),
    ("inform", "Inform the Customer"),
    ("concession", "Accept by Concession"),
    ("as_is", "Use as It Is"),
]
# What does not meet the requirement and is let through all the same is authorised by somebody (ISO 9001 8.7.1 d).
AUTHORISED = ("concession", "as_is")
OPEN_STATES = ("found", "contained", "cause", "action", "verified", "effective")
CLOSED_STATES = ("closed", "dismissed")


class SqmsNonconformity(models.Model):
    """Something that is not as it should be, from the day it was found to the proof that it does not come back.

    1. Everybody in the company may report one. It is contained, its causes are found and proven, actions are
       done, verified by somebody else and checked for their effect; then a manager closes and signs it.
    2. Found, escalated, contained, resolved: none of it happens in the future, nothing before it was found.
    3. Who reported it is fixed. Who owned it at any time stays known: none of them closes it.
    4. It is never deleted. What turns out to be none is dismissed, with a reason, by a manager who did not report it.
    5. Closed, it and everything of its story is closed; it is reopened with a reason, as a new cycle.
    """

    _name = "sqms.nonconformity"
    _description = "Nonconformity"
    _inherit = [
        "sqms.staff.mixin",
        "sqms.workflow.mixin",
        "sqms.number.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "found_at desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "NC"

    # what happened, where
    name = fields.Char(string="What Happened", required=True, tracking=True, index="trigram")
    description = fields.Text(help="What was seen, and which requirement was not met.")
    kind = fields.Selection(
        [("nonconformity", "Nonconformity"), ("exception", "Exception")], required=True, default="nonconformity",
        help="An exception is something that interrupts the service; when the service was restored is noted as well.",
    )  # fmt: skip
    place = fields.Char(string="Where", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    process_id = fields.Many2one(
        "sqms.process", check_company=True, index="btree_not_null", ondelete="restrict", tracking=True
    )
    grade = fields.Selection(GRADES, required=True, default="minor", tracking=True)
    # who
    author_id = fields.Many2one(
        "res.users", string="Found By", required=True, readonly=True, copy=False, index=True, ondelete="restrict"
    )
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], check_company=True, index="btree_not_null", ondelete="restrict",
        tracking=True,
    )  # fmt: skip
    past_owner_ids = fields.Many2many(
        "res.users", "sqms_nonconformity_owner_rel", string="Owned By So Far", readonly=True, copy=False,
        ondelete="restrict", help="Everybody who has owned it. None of them closes it.",
    )  # fmt: skip
    # when
    found_at = fields.Datetime(required=True, default=lambda self: fields.Datetime.now(), copy=False, tracking=True)
    escalated_at = fields.Datetime(readonly=True, copy=False)
    escalated_to_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    escalation_reason = fields.Text(string="Why It Is Escalated", readonly=True, copy=False)
    contained_at = fields.Datetime(copy=False, tracking=True, help="From then on it did no more harm.")
    resolved_at = fields.Datetime(copy=False, tracking=True, help="From then on the service was as it should be.")
    # what was done at once
    containment = fields.Text(string="What Was Done at Once", copy=False)
    # what becomes of the service that was not as it should be
    disposition = fields.Selection(DISPOSITIONS, copy=False, tracking=True)
    authorised_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    authorised_at = fields.Datetime(string="Authorised On", readonly=True, copy=False)
    # why, and what came of it
    cycle = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    cause_ids = fields.One2many("sqms.cause", "nonconformity_id", string="Causes")
    action_ids = fields.One2many("sqms.action", "nonconformity_id", string="Actions")
    cost_ids = fields.One2many("sqms.quality.cost", "nonconformity_id", string="Costs")
    source_ids = fields.One2many("sqms.nonconformity.source", "nonconformity_id", string="Further Sources")
    similar_cases = fields.Text(copy=False, help="Where else it happens, or could happen, and how that was found out.")
    system_changes = fields.Text(
        string="Changes of the System", copy=False,
        help="Which risks were rated anew, what was changed in documents or processes; or that nothing had to be.",
    )  # fmt: skip
    # the record it was raised from
    res_model = fields.Char(string="Kind of Source", index=True, copy=False)
    res_id = fields.Many2oneReference(string="Source", model_field="res_model", copy=False)
    # how long it took, in hours
    contain_due_at = fields.Datetime(
        string="Contain By", compute="_compute_contain_due_at", store=True, precompute=True, index=True
    )
    contained_hours = fields.Float(
        string="Hours to Contain", compute="_compute_durations", store=True, digits=(16, 2), aggregator="avg"
    )
    resolved_hours = fields.Float(
        string="Hours to Resolve", compute="_compute_durations", store=True, digits=(16, 2), aggregator="avg"
    )
    is_contained_on_time = fields.Boolean(string="Contained on Time", compute="_compute_durations", store=True)
    story_moves = fields.Integer(readonly=True, copy=False, export_string_translation=False, aggregator=None)
    # how it ended
    dismiss_reason = fields.Text(string="Why It Is None", copy=False)
    reopen_reason = fields.Text(string="Why It Is Reopened", copy=False)
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    state = fields.Selection(
        [
            ("found", "Found"),
            ("contained", "Contained"),
            ("cause", "Cause"),
            ("action", "Action"),
            ("verified", "Verified"),
            ("effective", "Proven Effective"),
            ("closed", "Closed"),
            ("dismissed", "Dismissed"),
        ],
        required=True, default="found", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip

    _order_of_time = models.Constraint(
        "CHECK((contained_at IS NULL OR contained_at >= found_at)"
        " AND (resolved_at IS NULL OR resolved_at >= COALESCE(contained_at, found_at)))",
        "What was found is contained, and then resolved: in this order.",
    )
    _source_idx = models.Index("(res_model, res_id)")
    _list_idx = models.Index("(found_at DESC, id DESC)")
    _state_idx = models.Index("(company_id, state, found_at DESC)")
    _open_idx = models.Index(
        "(found_at DESC, id DESC) WHERE state IN ('found', 'contained', 'cause', 'action', 'verified', 'effective')"
    )
    # What the board counts: the groups and the bar above each, of the open ones.
    _board_idx = models.Index(
        "(company_id, state, grade) WHERE state IN ('found', 'contained', 'cause', 'action', 'verified', 'effective')"
    )
    _recurrence_idx = models.Index("(company_id, process_id, found_at)")

    _ledger_fields = (
        "number", "name", "description", "kind", "place", "company_id", "process_id", "grade", "author_id", "owner_id",
        "past_owner_ids", "found_at", "escalated_at", "escalated_to_id", "escalation_reason", "contained_at",
        "resolved_at", "containment", "disposition", "authorised_by_id", "authorised_at", "cycle", "similar_cases",
        "system_changes", "res_model", "res_id", "dismiss_reason", "reopen_reason", "closed_at", "closed_by_id",
        "state",
    )  # fmt: skip
    _ledger_personal_fields = ("description", "containment", "escalation_reason", "dismiss_reason", "reopen_reason")

    # -- computes ----------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(filter(None, (record.number, record.name)))

    @api.depends("found_at", "grade", "company_id")
    def _compute_contain_due_at(self):
        for record in self:
            hours = record.company_id._contain_hours(record.grade)
            record.contain_due_at = record.found_at and fields.Datetime.add(record.found_at, hours=hours)

    @api.depends("found_at", "contained_at", "resolved_at", "contain_due_at")
    def _compute_durations(self):
        for record in self:
            record.contained_hours = record._hours_until(record.contained_at)
            record.resolved_hours = record._hours_until(record.resolved_at)
            record.is_contained_on_time = bool(
                record.contained_at and record.contain_due_at and record.contained_at <= record.contain_due_at
            )

    def _hours_until(self, instant):
        if not instant or not self.found_at:
            return 0.0
        return (instant - self.found_at).total_seconds() / 3600

    # -- constraints ---------------------------------------------------------------

    @api.constrains("found_at", "escalated_at", "contained_at", "resolved_at")
    def _check_times(self):
        """Found, contained, resolved: in this order, and none of it tomorrow."""
        now = fields.Datetime.now()
        labels = {
            name: self._fields[name]._description_string(self.env)
            for name in ("found_at", "escalated_at", "contained_at", "resolved_at")
        }
        for record in self:
            for name, label in labels.items():
                if record[name] and record[name] > now:
                    raise ValidationError(self.env._("“%(time)s” lies in the future.", time=label))
            for first, second in (
                ("found_at", "escalated_at"), ("found_at", "contained_at"), ("contained_at", "resolved_at"),
                ("found_at", "resolved_at"),
            ):  # fmt: skip
                if record[first] and record[second] and record[second] < record[first]:
                    raise ValidationError(
                        self.env._("“%(second)s” is not before “%(first)s”.",
                                   second=labels[second], first=labels[first])
                    )  # fmt: skip

    # -- ORM ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Who reports it is who found it; the owner of the process sees to it unless somebody else is named."""
        for vals in vals_list:
            if not self.env.su or not vals.get("author_id"):
                vals["author_id"] = self.env.uid
        records = super().create(vals_list)
        for process, unowned in records.filtered(lambda record: not record.owner_id).grouped("process_id").items():
            if process.sudo().owner_id:
                unowned.sudo().owner_id = process.sudo().owner_id
        records._note_owners()
        return records

    def write(self, vals):
        if "disposition" in vals:
            # Authorised was what it said before.
            changed = self.filtered(
                lambda record: record.authorised_by_id and record.disposition != vals["disposition"]
            )
            changed._withdraw_authorisation()
        result = super().write(vals)
        if "owner_id" in vals:
            self._note_owners()
        return result

    def _create(self, data_list):
        # Defaults from the context and from ir.default are merged below `create`.
        for data in data_list:
            data["stored"]["cycle"] = 1
            if not self.env.su:
                data["stored"]["author_id"] = self.env.uid
        return super()._create(data_list)

    def _note_owners(self):
        new = self.sudo().filtered(lambda record: record.owner_id and record.owner_id not in record.past_owner_ids)
        for owner, owned in new.grouped("owner_id").items():
            with workflow_fields(owned, "past_owner_ids"):
                owned.write({"past_owner_ids": [fields.Command.link(owner.id)]})

    def _withdraw_authorisation(self):
        authorised = self.sudo().filtered("authorised_by_id")
        if authorised:
            with workflow_fields(authorised, "authorised_by_id", "authorised_at"):
                authorised.write({"authorised_by_id": False, "authorised_at": False})
