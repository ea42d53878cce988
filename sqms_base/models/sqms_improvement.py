from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import LazyTranslate

from ..lib.transition import Transition
from ..lib.workflow_pass import workflow_fields

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"
CERTIFIER = "sqms_base.group_sqms_certifier"
TYPES = [
    ("kaizen", "Kaizen: A Small Step"),
    ("redesign", "Process Redesign"),
    ("reengineering", "Process Re-Engineering"),
    ("upgrade", "Process Upgrade"),
]
# What changes how a process is laid down is carried out as a controlled change (ISO 9001:2015, 8.5.6).
CONTROLLED = ("redesign", "reengineering", "upgrade")
WASTE_TYPES = [
    ("defects", "Defects and Rework"),
    ("overproduction", "Overproduction"),
    ("waiting", "Waiting"),
    ("unused_talent", "Unused Talent"),
    ("transport", "Transport"),
    ("inventory", "Inventory"),
    ("motion", "Motion"),
    ("extra_processing", "Extra Processing"),
]
# What was proposed, and what was measured before; closed when it is adopted.
BASIS = (
    "before_value_minutes", "before_lead_minutes", "times_per_month", "cost_per_minute",
    "expected_value_minutes", "expected_lead_minutes", "expected_other_saving", "expected_one_off_cost",
)  # fmt: skip
# What was measured afterwards; closed when it is verified.
RESULT = ("after_value_minutes", "after_lead_minutes", "is_measured_after", "other_saving", "one_off_cost")


class SqmsImprovement(models.Model):
    """An idea, what became of it, what it saved, and who was thanked for it.

    1. Everybody who works here may propose; who proposes stays its author. He reads what became of it, and why it was
       not adopted, and may propose it again.
    2. The owner of the process or a quality officer assesses and adopts it, never who proposed it.
    3. A kaizen is light. What redesigns, re-engineers or upgrades a process is a controlled change: impact, process,
       indicator and what it brings are laid down, and it is authorised with a signature.
    4. It is implemented when its actions are verified, and what it brings is in force.
    5. Its saving counts from the day on which a second person has verified it, who neither proposed it, nor carried it
       out, nor entered the figures. Until then it is zero everywhere.
    """

    _name = "sqms.improvement"
    _description = "Improvement"
    _inherit = [
        "sqms.author.mixin",
        "sqms.workflow.mixin",
        "sqms.number.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "IMP"
    _mail_post_access = "read"  # who reads an idea may ask about it

    # what is proposed, by whom
    name = fields.Char(string="Idea", required=True, tracking=True)
    situation = fields.Text(string="What Is", help="How it is done today, and what is bad about it.")
    proposal = fields.Text(string="What Could Be Better")
    author_id = fields.Many2one(string="Proposed By")
    team_ids = fields.Many2many(
        "res.users", "sqms_improvement_team_rel", string="Proposed With", domain=[("share", "=", False)],
        check_company=True, ondelete="restrict",
        help="Colleagues who had the idea as well. They share what is given for it, and do not judge it.",
    )  # fmt: skip
    improvement_type = fields.Selection(
        TYPES, string="Kind of Improvement", required=True, default="kaizen", tracking=True,
        help="A kaizen is adopted as it is. The others change how a process is laid down: they need an assessment of "
        "their impact and a signature before they begin.",
    )  # fmt: skip
    waste_type = fields.Selection(WASTE_TYPES, string="Waste It Removes", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    process_id = fields.Many2one(
        "sqms.process", check_company=True, index="btree_not_null", ondelete="restrict", tracking=True
    )
    # what became of it
    owner_id = fields.Many2one(
        "res.users", string="Carried Out By", domain=[("share", "=", False)], check_company=True,
        index="btree_not_null", ondelete="restrict", tracking=True,
    )  # fmt: skip
    date_planned = fields.Date(string="Until", tracking=True)
    action_ids = fields.One2many("sqms.action", "improvement_id", string="Actions")
    assessment = fields.Text(help="What speaks for it and against it.")
    reject_reason = fields.Text(string="Why Not", copy=False, help="Who proposed it reads this.")
    new_reason = fields.Text(string="What Is Different Now", copy=False, help="To propose it again.")
    reopen_reason = fields.Text(string="Why It Is Opened Again", copy=False)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("assessed", "Assessed"),
            ("adopted", "Adopted"),
            ("implemented", "Implemented"),
            ("verified", "Saving Verified"),
            ("rejected", "Not Adopted"),
        ],
        required=True, default="proposed", readonly=True, copy=False, tracking=True, index=True, group_expand=True,
    )  # fmt: skip
    assessed_at = fields.Datetime(string="Assessed On", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False)
    decision = fields.Selection([("adopted", "Adopted"), ("rejected", "Not Adopted")], readonly=True, copy=False)
    implemented_at = fields.Datetime(string="Implemented On", readonly=True, copy=False)
    verified_at = fields.Datetime(string="Saving Verified On", readonly=True, copy=False)
    verifier_id = fields.Many2one(
        "res.users", string="Saving Verified By", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    waits_for = fields.Char(string="Whose Turn", compute="_compute_waits_for")

    _state_idx = models.Index("(company_id, state, improvement_type)")
    _decided_idx = models.Index("(company_id, decided_at)")
    _verified_idx = models.Index("(company_id, verified_at) WHERE state = 'verified'")

    _ledger_fields = (
        "number", "name", "situation", "proposal", "improvement_type", "waste_type", "company_id", "process_id",
        "team_ids", "owner_id", "date_planned", "assessment", "reject_reason", "new_reason", "reopen_reason", "state",
        "author_id", "contributor_ids", "assessed_at", "decided_at", "decision", "implemented_at", "verified_at",
        "verifier_id", *BASIS, *RESULT, "saving_verified", "impact", "indicator_id", "version_ids",
        "is_new_process_version", "process_version_before", "process_version_after", "process_before",
        "authoriser_id", "authorised_at",
    )  # fmt: skip
    _ledger_personal_fields = ("team_ids", "situation", "proposal", "reject_reason", "new_reason")
    _signature_fields = ("number", "name", "situation", "proposal", *BASIS)
    _signature_fields_for = {
        "approver": (
            "improvement_type", "process_id", "impact", "indicator_id", "version_ids", "is_new_process_version",
        ),
        "verified": RESULT,
    }  # fmt: skip
    _workflow_initial = ("proposed",)
    _workflow_managed = (
        "contributor_ids", "assessed_at", "decided_at", "decision", "implemented_at", "verified_at", "verifier_id",
        "saving_verified", "process_version_before", "process_version_after", "process_before", "authoriser_id",
        "authorised_at",
    )  # fmt: skip
    _workflow_fixed = ("author_id", "company_id")
    _workflow_locked = {
        "adopted": (*RESULT, "owner_id", "date_planned", "action_ids", "reject_reason", "version_ids", "reward_ids"),
        "implemented": (*RESULT, "action_ids", "reward_ids"),
        "verified": ("reopen_reason", "reward_ids"),
        "rejected": ("new_reason", "reward_ids"),
    }
    _workflow = (
        Transition(name="assess", label=_lt("Assess"), source=("proposed",), target="assessed"),
        Transition(
            name="adopt", label=_lt("Adopt"), source=("assessed",), target="adopted", required=("owner_id",),
        ),
        Transition(
            name="authorise", label=_lt("Authorise the Change"), source=("assessed",), target="adopted",
            required=("owner_id", "process_id", "impact", "indicator_id"), signature="approver",
        ),
        Transition(name="implement", label=_lt("Implemented"), source=("adopted",), target="implemented"),
        Transition(
            name="verify", label=_lt("Verify the Saving"), source=("implemented",), target="verified",
            groups=f"{OFFICER},{TOP}", signature="verified",
        ),
        Transition(
            name="reject", label=_lt("Do Not Adopt"), source=("proposed", "assessed", "adopted"), target="rejected",
            required=("reject_reason",),
        ),
        Transition(
            name="propose_again", label=_lt("Propose Again"), source=("rejected",), target="proposed",
            required=("new_reason",),
        ),
        Transition(
            name="reassess", label=_lt("Back to Assessment"), source=("adopted",), target="assessed", rare=True,
        ),
        Transition(
            name="reopen", label=_lt("Take the Verification Back"), source=("verified",), target="implemented",
            groups=f"{MANAGER},{TOP}", required=("reopen_reason",), rare=True,
        ),
    )  # fmt: skip
    _morning_sign_due = "date_planned"
    _morning_sign_action = "sqms_base.sqms_improvement_action"

    # -- computes ----------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(filter(None, (record.number, record.name)))

    @api.depends("state", "improvement_type", "owner_id", "process_id")
    @api.depends_context("lang")
    def _compute_waits_for(self):
        for record in self.sudo():
            judge = record.process_id.owner_id - record._proposers()
            record.waits_for = {
                "proposed": judge.name or self.env._("a quality officer"),
                "assessed": judge.name or self.env._("a quality officer"),
                "adopted": record.owner_id.name,
                "implemented": self.env._("a second person who verifies the saving"),
            }.get(record.state, "")

    # -- who may -----------------------------------------------------------------

    def _check_access(self, operation):
        # A certifier is a colleague by his group and nothing more: he reads.
        if operation != "read" and not self.env.su and self.env.user.has_group(CERTIFIER):
            return self, lambda: AccessError(self.env._("A certifier reads improvements and changes none."))
        return super()._check_access(operation)

    def write(self, vals):
        carried = {
            record: record.owner_id for record in self if vals.keys() & {"owner_id"} and record.state == "adopted"
        }
        result = super().write(vals)
        for record, owner in carried.items():
            record._note_carrier(owner - record.owner_id)
        # Figures of the result are signed for one meaning only; who enters them has written in it all the same.
        if set(RESULT).intersection(vals) and not set(self._signature_fields).intersection(vals):
            self._note_contributor()
        return result

    def _note_carrier(self, owner):
        """Who carried it out for a while does not verify it either."""
        new = owner - self._writers()
        if new:
            with workflow_fields(self.sudo(), "contributor_ids"):
                self.sudo().contributor_ids = [fields.Command.link(user.id) for user in new]

    @api.ondelete(at_uninstall=False)
    def _unlink_own_alone(self):
        if not self.env.su and any(record.sudo().author_id != self.env.user for record in self):
            raise AccessError(
                self.env._("Nobody makes the idea of another disappear. Please answer it: “Do Not Adopt”.")
            )

    def _proposers(self):
        """Whose idea it is: none of them judges it."""
        self.ensure_one()
        record = self.sudo()
        return record.author_id | record.team_ids
