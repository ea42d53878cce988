from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
KINDS = [
    ("containment", "Containment"),
    ("correction", "Correction"),
    ("corrective", "Corrective"),
    ("preventive", "Preventive"),
    ("improvement", "Improvement"),
]
# What is to change something for good is checked for its effect; the rest is verified only.
LASTING = ("corrective", "preventive", "improvement")
OPEN = ("planned", "started")  # its owner is at it
FINISHED = ("done", "verified", "effective", "ineffective")
ORIGINS = ("nonconformity_id", "risk_id", "improvement_id", "decision_id", "res_model", "res_id")
CRITERION = (
    "criterion_kind", "criterion_text", "indicator_id", "effect_direction", "baseline_value", "min_effect",
    "check_days",
)  # fmt: skip


class SqmsAction(models.Model):
    """What is done about it: by one person, until a day, verified by another, and proven to help.

    1. An action has one owner and answers one thing, or stands alone. What it answers is laid down when it is made.
    2. What is to last (corrective, preventive, improvement) starts only when it is laid down how its effect will be
       judged; from then on neither that nor its day is changed, but by an extension that somebody else approves.
    3. Done needs evidence. It is verified, with a signature, by somebody who neither owned it nor worked on it.
    4. Its effect is judged by such a person when the check is due. What a figure decides nobody decides otherwise.
    5. What did not help stays on record; what it was for begins a new cycle.
    """

    _name = "sqms.action"
    _description = "Action"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "A"

    # what, by whom, until when
    name = fields.Char(string="What Is Done", required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="corrective", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    description = fields.Text(string="How", help="Steps, means, who helps.")
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], check_company=True, index="btree_not_null", ondelete="restrict",
        tracking=True, default=lambda self: self.env.user,
    )  # fmt: skip
    verifier_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], check_company=True, index="btree_not_null", ondelete="restrict",
        copy=False, tracking=True,
        help="Who is asked to verify it and to judge its effect. Left empty, any quality officer may who has not "
        "worked on it.",
    )  # fmt: skip
    date_due = fields.Date(string="Due", index=True, tracking=True)
    date_due_first = fields.Date(string="Due at First", readonly=True, copy=False)
    # what it answers: one of these, or the record that another addon names
    nonconformity_id = fields.Many2one(
        "sqms.nonconformity", check_company=True, index="btree_not_null", ondelete="restrict"
    )
    cycle = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    cause_ids = fields.Many2many(
        "sqms.cause", string="Causes", check_company=True, copy=False, ondelete="restrict",
        help="The causes of the nonconformity that it removes.",
    )  # fmt: skip
    risk_id = fields.Many2one("sqms.risk", check_company=True, index="btree_not_null", ondelete="restrict")
    improvement_id = fields.Many2one(
        "sqms.improvement", check_company=True, index="btree_not_null", ondelete="restrict"
    )
    decision_id = fields.Many2one(
        "sqms.review.decision", check_company=True, index="btree_not_null", ondelete="restrict"
    )
    res_model = fields.Char(string="Kind of Source", export_string_translation=False)
    res_id = fields.Many2oneReference(string="Source", model_field="res_model")
    previous_id = fields.Many2one(
        "sqms.action", string="In Place Of", check_company=True, index="btree_not_null", ondelete="restrict",
        copy=False, help="The action that did not help, in whose place it came.",
    )  # fmt: skip
    following_ids = fields.One2many("sqms.action", "previous_id", string="Followed By")
    # what it brings
    version_ids = fields.Many2many(
        "sqms.document.version", string="Editions It Brings", check_company=True, copy=False, ondelete="restrict",
        help="New editions of documents. What it answers is closed only when they are in force and read by everybody "
        "who is asked to.",
    )  # fmt: skip
    document_ids = fields.Many2many(
        "sqms.document", string="Documents", check_company=True, ondelete="restrict", help="Documents it rests on."
    )
    # its proof
    evidence = fields.Text(copy=False, help="What was done, and what shows it.")
    evidence_file_ids = fields.Many2many(
        "ir.attachment", "sqms_action_evidence_rel", string="Evidence Files", bypass_search_access=True, copy=False
    )
    extension_ids = fields.One2many("sqms.action.extension", "action_id", string="Extensions", copy=False)
    # where it stands
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("started", "In Progress"),
            ("done", "Done"),
            ("verified", "Verified"),
            ("effective", "Proven Effective"),
            ("ineffective", "Not Effective"),
            ("cancelled", "Cancelled"),
        ],
        required=True, default="planned", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip
    started_at = fields.Datetime(string="Started On", readonly=True, copy=False)
    done_at = fields.Datetime(string="Done On", readonly=True, copy=False, index="btree_not_null")
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    verified_at = fields.Datetime(string="Verified On", readonly=True, copy=False)
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    doer_ids = fields.Many2many(
        "res.users", "sqms_action_doer_rel", string="Worked on It", readonly=True, copy=False, ondelete="restrict",
        help="Everybody who owned it, wrote its evidence or reported it done. None of them verifies it.",
    )  # fmt: skip
    remarks = fields.Text(copy=False, help="Why it goes back to its owner.")
    reopen_reason = fields.Text(string="Why It Is Reopened", copy=False)
    cancel_reason = fields.Text(string="Why It Is Cancelled", copy=False)

    _one_origin = models.Constraint(
        "CHECK(num_nonnulls(nonconformity_id, risk_id, improvement_id, decision_id, NULLIF(res_id, 0)) <= 1)",
        "An action answers one thing. Please make another action for the other one.",
    )
    _owner_due_idx = models.Index("(owner_id, date_due, id) WHERE state IN ('planned', 'started')")
    _due_open_idx = models.Index("(company_id, date_due) WHERE state IN ('planned', 'started')")
    _to_verify_idx = models.Index("(company_id, date_due) WHERE state = 'done'")
    _company_due_idx = models.Index("(company_id, date_due, id)")
    _source_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    _ledger_fields = (
        "number", "name", "kind", "company_id", "description", "owner_id", "verifier_id", "date_due", "date_due_first",
        "nonconformity_id", "cycle", "cause_ids", "risk_id", "improvement_id", "decision_id", "res_model", "res_id",
        "previous_id", "version_ids", "document_ids", "evidence", "evidence_file_ids", "state", "started_at",
        "done_at", "done_by_id", "verified_at", "verified_by_id", "doer_ids", "remarks", "reopen_reason",
        "cancel_reason", "date_check", "effect_value", "effect_n", "effect_result", "checked_at", "checked_by_id",
        *CRITERION,
    )  # fmt: skip
    _signature_fields = (
        "number", "name", "kind", "description", "owner_id", "date_due", "nonconformity_id", "cycle", "cause_ids",
        "version_ids", "document_ids", "evidence", "evidence_file_ids", "done_at", "done_by_id", *CRITERION,
    )  # fmt: skip
    _workflow_initial = ("planned",)
    _workflow_managed = (
        "date_due_first", "started_at", "done_at", "done_by_id", "verified_at", "verified_by_id", "doer_ids",
        "date_check", "checked_at", "checked_by_id", "reminded_on", "mailed_on",
    )  # fmt: skip
    _workflow_fixed = ("company_id", "cycle", "previous_id", *ORIGINS)
    _workflow_locked = {
        "started": (
            "description", "owner_id", "verifier_id", "cause_ids", "version_ids", "document_ids", "evidence",
            "evidence_file_ids", "cancel_reason",
        ),
        "done": ("verifier_id", "remarks", "cancel_reason"),
        "verified": ("effect_value", "effect_n", "effect_result", "reopen_reason"),
        "effective": (),
        "ineffective": (),
        "cancelled": (),
    }  # fmt: skip
    _workflow = (
        Transition("start", _lt("Start"), ("planned",), "started", required=("owner_id", "date_due")),
        Transition("finish", _lt("Done"), ("started",), "done"),
        Transition("verify", _lt("Verify"), ("done",), "verified", signature="verified"),
        Transition("send_back", _lt("Send Back"), ("done",), "started", required=("remarks",)),
        Transition("effective", _lt("It Helped"), ("verified",), "effective"),
        Transition("ineffective", _lt("It Did Not Help"), ("verified",), "ineffective", required=("effect_result",)),
        Transition(
            name="reopen", label=_lt("Reopen"), source=("verified",), target="started", groups=OFFICER,
            required=("reopen_reason",), rare=True,
        ),
        Transition(
            name="cancel", label=_lt("Cancel Action"), source=("planned", "started", "done"), target="cancelled",
            groups=OFFICER, required=("cancel_reason",), rare=True,
        ),
    )  # fmt: skip

    @api.depends("number", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(filter(None, (record.number, record.name)))
