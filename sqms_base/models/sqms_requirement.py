from collections import defaultdict
from contextvars import ContextVar

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.local_time import local_day
from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"
LIVE = ("approved", "fulfilled")
# The requirement that a new revision is made of, while it is made. Python only: no client sets it.
_revised = ContextVar("sqms_requirement_revised", default=None)


class SqmsRequirement(models.Model):
    """What customers need from us, where that comes from, and whether we can do it.

    1. It is not approved before somebody who did not write it has reviewed and signed whether it is feasible; what
       is not feasible is rejected.
    2. Approved, it is closed. A change is a new revision with its reason; the earlier ones are kept and can be laid
       beside it. The new one takes the place of the earlier one when it is approved.
    3. All revisions bear one number; one at a time is being prepared.
    """

    _name = "sqms.requirement"
    _description = "Customer Requirement"
    _inherit = ["sqms.author.mixin", "sqms.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "number desc, revision desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True

    # what
    number = fields.Char(readonly=True, copy=False, index="trigram")
    revision = fields.Integer(readonly=True, copy=False, aggregator=None)
    name = fields.Char(string="Requirement", required=True, translate=True, tracking=True)
    description = fields.Text(string="In Full", translate=True, help="What the customer needs, in his own words.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    source = fields.Selection(
        [
            ("survey", "Survey"),
            ("complaint", "Complaint"),
            ("feedback", "Idea or Praise"),
            ("contract", "Contract"),
            ("law", "Law or Standard"),
            ("observation", "Observation on the Job"),
            ("market", "Market or Competitors"),
            ("other", "Other"),
        ],
        required=True, default="observation", tracking=True,
    )  # fmt: skip
    source_note = fields.Char(string="Where It Stands", translate=True, help="Survey and question, contract, article.")
    segment = fields.Selection(
        [
            ("all", "All Customers"),
            ("private", "Private Customers"),
            ("business", "Business Customers"),
            ("public", "Public Bodies"),
            ("vulnerable", "Customers Who Need Special Care"),
            ("internal", "Internal Customers"),
        ],
        required=True, default="all", tracking=True,
    )  # fmt: skip
    partner_id = fields.Many2one(
        "res.partner", string="Customer", check_company=True, index="btree_not_null", ondelete="restrict",
        help="Left empty when it is not the requirement of one customer.",
    )  # fmt: skip
    kano_class = fields.Selection(
        [
            ("must_be", "Must-Be"),
            ("one_dimensional", "One-Dimensional"),
            ("attractive", "Attractive"),
            ("indifferent", "Indifferent"),
            ("reverse", "Reverse"),
        ],
        tracking=True,
        help="Must-be: its absence annoys, its presence is taken for granted. One-dimensional: the more the better. "
        "Attractive: nobody asks for it, everybody is pleased. Indifferent: nobody notices. Reverse: some are annoyed "
        "by it.",
    )  # fmt: skip
    priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Very High")], default="1", required=True, tracking=True
    )
    product_service = fields.Char(string="Product or Service", translate=True)
    # what it is traced to
    process_ids = fields.Many2many("sqms.process", string="Processes", check_company=True, ondelete="restrict")
    indicator_ids = fields.Many2many("sqms.indicator", string="Indicators", check_company=True, ondelete="restrict")
    value_document_ids = fields.Many2many(
        "sqms.document", string="Values", check_company=True, ondelete="restrict",
        domain=[("document_type", "=", "values")], help="The values of the company that it lives up to.",
    )  # fmt: skip
    # can we do it
    feasibility = fields.Selection(
        [("feasible", "Feasible"), ("conditions", "Feasible with Conditions"), ("not", "Not Feasible")],
        copy=False, tracking=True,
    )  # fmt: skip
    feasibility_remarks = fields.Text(
        string="Conditions and Remarks", copy=False, help="People, tools, time, law: what it depends on."
    )
    reviewer_id = fields.Many2one(
        "res.users", string="Reviewed By", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    reviewed_at = fields.Datetime(string="Reviewed On", readonly=True, copy=False)
    # where it stands
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("reviewed", "Reviewed"),
            ("approved", "Approved"),
            ("fulfilled", "Fulfilled"),
            ("rejected", "Rejected"),
            ("superseded", "Superseded"),
        ],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip
    approved_at = fields.Datetime(string="Approved On", readonly=True, copy=False)
    approver_name = fields.Char(string="Approver's Name", readonly=True, copy=False)
    remarks = fields.Text(copy=False, help="Why it goes back, or why it is rejected.")
    evidence = fields.Text(string="How It Is Fulfilled", copy=False)
    # revisions
    previous_id = fields.Many2one(
        "sqms.requirement", string="Earlier Revision", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip
    change_reason = fields.Text(string="Why It Is Changed", copy=False, tracking=True)

    _revision_unique = models.UniqueIndex(
        "(company_id, number, revision)", "Each revision of a requirement has its own number."
    )
    _one_in_preparation = models.UniqueIndex(
        "(company_id, number) WHERE state IN ('draft', 'reviewed')",
        "Another revision of this requirement is already in preparation: finish or delete it first.",
    )
    _state_idx = models.Index("(company_id, state)")

    _ledger_fields = (
        "number", "revision", "name", "description", "company_id", "source", "source_note", "segment", "partner_id",
        "kano_class", "priority", "product_service", "process_ids", "indicator_ids", "value_document_ids",
        "feasibility", "feasibility_remarks", "reviewer_id", "reviewed_at", "state", "author_id", "contributor_ids",
        "approved_at", "approver_name", "remarks", "evidence", "previous_id", "change_reason",
    )  # fmt: skip
    _ledger_personal_fields = ("partner_id", "approver_name", "remarks")
    _signature_fields = (
        "number", "revision", "name", "description", "source", "source_note", "segment", "partner_id", "kano_class",
        "priority", "product_service", "process_ids", "indicator_ids", "value_document_ids", "change_reason",
    )  # fmt: skip
    _signature_fields_for = {
        "reviewer": ("feasibility", "feasibility_remarks"),
        "approver": ("feasibility", "feasibility_remarks"),
    }
    _workflow_managed = ("contributor_ids", "reviewer_id", "reviewed_at", "approved_at", "approver_name")
    _workflow_fixed = ("author_id", "company_id", "number", "revision", "previous_id")
    _workflow_locked = {
        "reviewed": ("remarks",),
        "approved": ("evidence", "remarks"),
        "fulfilled": (),
        "rejected": (),
        "superseded": (),
    }
    _workflow = (
        Transition(
            name="review", label=_lt("Sign the Review"), source=("draft",), target="reviewed",
            groups=f"{OFFICER},{TOP}", required=("feasibility",), signature="reviewer",
        ),
        Transition(
            name="approve", label=_lt("Approve"), source=("reviewed",), target="approved",
            groups=f"{MANAGER},{TOP}", signature="approver",
        ),
        Transition(
            name="return_to_author", label=_lt("Return with Remarks"), source=("reviewed",), target="draft",
            groups=f"{OFFICER},{TOP}", required=("remarks",),
        ),
        Transition(
            name="fulfil", label=_lt("Fulfilled"), source=("approved",), target="fulfilled",
            groups=f"{MANAGER},{TOP}", required=("evidence",),
        ),
        Transition(
            name="reject", label=_lt("Reject"), source=("draft", "reviewed"), target="rejected",
            groups=f"{MANAGER},{TOP}", required=("remarks",), rare=True,
        ),
        Transition(name="supersede", label=_lt("Supersede"), source=LIVE, target="superseded", system=True),
    )  # fmt: skip
    _morning_sign_action = "sqms_base.sqms_requirement_action"

    @api.depends("number", "revision", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for requirement in self:
            number = requirement.number or ""
            if requirement.revision > 1:
                number = self.env._("%(number)s rev. %(revision)s", number=number, revision=requirement.revision)
            requirement.display_name = " ".join(filter(None, (number, requirement.name)))

    # -- constraints, ORM --------------------------------------------------------------

    @api.constrains("value_document_ids")
    def _check_values(self):
        for document in self.sudo().value_document_ids:
            if document.document_type != "values":
                raise ValidationError(
                    self.env._("%(document)s is no document of values.", document=document.display_name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Numbers come from the series, revisions from the one before: nobody enters them."""
        fresh, earlier = defaultdict(list), _revised.get()
        for vals in vals_list:
            if earlier:
                vals.update(number=earlier.number, revision=earlier.revision + 1, previous_id=earlier.id)
            else:
                vals.update(revision=1, previous_id=False)
                fresh[vals.get("company_id") or self.env.company.id].append(vals)
        for company_id, rows in fresh.items():
            company = self.env["res.company"].browse(company_id).sudo()
            today = local_day(fields.Datetime.now(), company._sqms_tz())
            numbers = self.env["ir.sequence"]._draw_series("sqms.requirement", "REQ", company, today, len(rows))
            for vals, number in zip(rows, numbers, strict=True):
                vals["number"] = number
        return super().create(vals_list)

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(title)s (copy)", title=requirement.name)}
            if "name" not in (default or {}) and not _revised.get()
            else vals
            for requirement, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # -- steps ---------------------------------------------------------------------------

    def _check_review(self):
        refusals = {}
        for requirement in self:
            if requirement.feasibility == "conditions" and not (requirement.feasibility_remarks or "").strip():
                refusals[requirement.id] = self.env._("please write down the conditions")
            elif requirement.previous_id and not (requirement.change_reason or "").strip():
                refusals[requirement.id] = self.env._("a new revision needs the reason for the change")
        return refusals

    def _offers_review(self):
        return self.env.user not in self._writers()

    def _prepare_review_values(self):
        now = fields.Datetime.now()
        return {requirement.id: {"reviewer_id": self.env.uid, "reviewed_at": now} for requirement in self}

    def _offers_approve(self):
        return self.env.user not in self._writers()

    def _check_approve(self):
        """The review is the gate: who signed it, that it says yes, and that it still holds."""
        refusals = {}
        given = self._signature_given()
        for requirement in self:
            reviews = [row for row in given.get(requirement.id, ()) if row["meaning"] == "reviewer"]
            if not requirement.reviewed_at or not requirement.feasibility:
                refusals[requirement.id] = self.env._("its feasibility has not been reviewed")
            elif requirement.feasibility == "not":
                refusals[requirement.id] = self.env._("it was found not feasible; please reject it")
            elif reviews and reviews[-1]["state"] == "void":
                refusals[requirement.id] = self.env._(
                    "the review by %(name)s is void (%(reason)s); please return it",
                    name=reviews[-1]["name"],
                    reason=reviews[-1]["reason"],
                )
        return refusals

    def _prepare_approve_values(self):
        values = {"approved_at": fields.Datetime.now(), "approver_name": self.env.user.sudo().name, "remarks": False}
        return {requirement.id: dict(values) for requirement in self}

    def _on_approve(self):
        earlier = self.sudo().previous_id.filtered(lambda before: before.state in LIVE)
        earlier.action_transition("supersede")

    def _prepare_return_to_author_values(self):
        return {requirement.id: {"reviewer_id": False, "reviewed_at": False} for requirement in self}

    def _on_return_to_author(self):
        for requirement in self:
            requirement.message_post(body=requirement.remarks, partner_ids=requirement._writers().partner_id.ids)

    def _signature_facts(self):
        labels = dict(self._fields["feasibility"]._description_selection(self.env))
        return {
            requirement.id: " · ".join(
                filter(None, [labels.get(requirement.feasibility), requirement.feasibility_remarks])
            )
            for requirement in self
        }

    @api.model
    def _morning_sign_domain(self):
        """A draft waits for nobody in particular; what was reviewed waits for its approval."""
        return super()._morning_sign_domain() & Domain("state", "=", "reviewed")

    # -- revisions -----------------------------------------------------------------------

    def action_revise(self):
        """Start the next revision with what stands in this one, in all languages."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in LIVE:
            raise UserError(
                self.env._("Only an approved requirement gets a new revision; this one is changed as it is.")
            )
        self._workflow_lock_rows()
        waiting = self.sudo().search(
            [("company_id", "=", self.company_id.id), ("number", "=", self.number),
             ("state", "in", ("draft", "reviewed"))], limit=1,
        )  # fmt: skip
        if waiting:
            raise UserError(
                self.env._("%(revision)s is already in preparation: finish or delete it first.",
                           revision=waiting.display_name)
            )  # fmt: skip
        token = _revised.set(self)
        try:
            draft = self.copy()
        finally:
            _revised.reset(token)
        return draft._get_records_action()
