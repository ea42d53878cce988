from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..lib.privacy import Retention
from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

PRIVACY = "sqms_base.group_sqms_privacy"
# GB/T 35273 gives thirty days; the law itself says "in time".
DAYS_TO_ANSWER = 30
IDENTITY = ("partner_ids", "person_name", "email", "phone", "identity_check")


class SqmsErasure(models.Model):
    """What a person asks about his own data: a copy, a correction, or that they be erased.

    1. Who he is was checked, and how; what there is of him was looked up before anybody decides.
    2. One person approves on a legal basis, another one carries it out. A refusal gives its reasons.
    3. A legal hold closes the way and is named; what is still open is erased only with a reason.
    4. Afterwards the request itself no longer says who it was. A keyed digest is left: who asks again under the same
       address or number can be told that it was done.
    """

    _name = "sqms.erasure"
    _description = "Request About Personal Data"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "number"
    _check_company_auto = True
    _number_prefix = "PR"

    kind = fields.Selection(
        [("erase", "Erase"), ("copy", "Copy"), ("correct", "Correct")], required=True, default="erase", tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    received_on = fields.Date(required=True, default=lambda self: self.env.company._sqms_today(), tracking=True)
    date_due = fields.Date(
        string="Answer By", compute="_compute_date_due", store=True, readonly=False, precompute=True, index=True
    )
    channel = fields.Selection(
        [("email", "Email"), ("phone", "Phone"), ("letter", "Letter"), ("office", "In Person"), ("page", "Web Page")],
        required=True, default="email",
    )  # fmt: skip
    # who it is; gone when it is done
    partner_ids = fields.Many2many(
        "res.partner", "sqms_erasure_partner_rel", string="Contacts", groups=PRIVACY, copy=False,
        context={"active_test": False},
        help="All contacts that are this person. Looking up adds those with the same address or number; take out who "
        "is somebody else.",
    )  # fmt: skip
    person_name = fields.Char(string="Name", groups=PRIVACY, copy=False)
    email = fields.Char(groups=PRIVACY, copy=False)
    phone = fields.Char(groups=PRIVACY, copy=False)
    identity_check = fields.Text(
        string="How Identity Was Checked", groups=PRIVACY, copy=False,
        help="Such as: answered from the address on file, or showed a document (not copied).",
    )  # fmt: skip
    digests = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS, export_string_translation=False)
    # how far
    words = fields.Selection(
        [("clean", "Keep, Without Names, Addresses and Numbers"), ("replace", "Replace Whole")],
        string="The Person's Own Words", required=True, default="clean",
        help="What the person wrote in free text. Replaced whole where the story itself tells who it is.",
    )  # fmt: skip
    by_name = fields.Boolean(
        string="Found by Name Too",
        help="What carries exactly this name, without a contact, is taken as his. Only for a rare name.",
    )
    name_everywhere = fields.Boolean(
        string="Name in All Texts",
        help="Look for the name in every text of the system, not only where the person is concerned. Only for a rare "
        "name: namesakes would lose theirs.",
    )  # fmt: skip
    line_ids = fields.One2many("sqms.erasure.line", "request_id", string="Found", copy=False)
    obstacles = fields.Text(string="What Speaks Against It", readonly=True, copy=False)
    elsewhere = fields.Text(string="To Be Looked At by Hand", readonly=True, copy=False)
    looked_up_at = fields.Datetime(string="Looked Up On", readonly=True, copy=False)
    open_reason = fields.Text(
        string="Why Before It Is Closed", copy=False, help="What is still open is erased only for a reason."
    )
    # decision
    legal_basis = fields.Selection(
        [
            ("purpose", "Purpose reached, or no longer needed (PIPL 47.1)"),
            ("period", "Service ended, or time of keeping over (PIPL 47.2)"),
            ("consent", "Consent withdrawn (PIPL 47.3)"),
            ("unlawful", "Handled against law or agreement (PIPL 47.4)"),
            ("access", "Right to see and copy (PIPL 45)"),
            ("correction", "Right to correct (PIPL 46)"),
            ("other", "Another legal provision"),
        ],
        copy=False, tracking=True,
    )  # fmt: skip
    refusal_basis = fields.Selection(
        [
            ("duty", "The law prescribes to keep it longer (PIPL 47)"),
            ("hold", "A claim or proceeding needs it"),
            ("identity", "Identity could not be established"),
            ("nothing", "Nothing was found"),
            ("secret", "The law forbids to tell (PIPL 18, 35, 45)"),
            ("other", "Another reason"),
        ],
        copy=False, tracking=True,
    )  # fmt: skip
    refusal_reason = fields.Text(copy=False, help="The person reads these reasons and may sue (PIPL 50).")
    answer = fields.Text(string="What Was Done and Told", copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_at = fields.Datetime(string="Approved On", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", string="Carried Out By", readonly=True, copy=False, ondelete="restrict")
    done_at = fields.Datetime(string="Carried Out On", readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False)
    retention_date = fields.Date(string="Identity Kept Until", readonly=True, copy=False, index="btree_not_null")
    erased_at = fields.Datetime(string="Identity Erased On", readonly=True, copy=False)
    changed_count = fields.Integer(string="Records Changed", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Received"),
            ("found", "Looked Up"),
            ("approved", "Approved"),
            ("done", "Done"),
            ("refused", "Refused"),
        ],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True, group_expand=True,
    )  # fmt: skip

    _waiting_idx = models.Index("(company_id, date_due) WHERE state IN ('draft', 'found', 'approved')")

    _workflow_initial = ("draft",)
    _workflow_fixed = ("company_id",)
    _workflow_managed = (
        "digests", "obstacles", "elsewhere", "looked_up_at", "approved_by_id", "approved_at", "done_by_id", "done_at",
        "changed_count", "ended_on", "retention_date", "erased_at",
    )  # fmt: skip
    _workflow_locked = {
        "approved": ("answer", "refusal_basis", "refusal_reason"),
        "done": (),
        "refused": (),
    }
    _workflow = (
        Transition(
            name="look_up", label=_lt("Look Up"), source=("draft",), target="found", groups=PRIVACY,
            required=("identity_check",),
        ),
        Transition(
            name="look_again", label=_lt("Look Up Again"), source=("found", "approved"), target="found",
            groups=PRIVACY, rare=True,
        ),
        Transition(
            name="approve", label=_lt("Approve"), source=("found",), target="approved", groups=PRIVACY,
            required=("legal_basis",),
        ),
        Transition(name="execute", label=_lt("Carry Out"), source=("approved",), target="done", groups=PRIVACY),
        Transition(
            name="refuse", label=_lt("Refuse"), source=("draft", "found", "approved"), target="refused",
            groups=PRIVACY, required=("refusal_basis", "refusal_reason"), rare=True,
        ),
    )  # fmt: skip
    # Not who it is: what was never written need not be erased.
    _ledger_fields = (
        "number", "kind", "company_id", "received_on", "date_due", "channel", "words", "by_name", "name_everywhere",
        "open_reason", "legal_basis", "refusal_basis", "refusal_reason", "answer", "approved_by_id", "approved_at",
        "done_by_id", "done_at", "changed_count", "state",
    )  # fmt: skip
    _ledger_personal_fields = ("open_reason", "refusal_reason", "answer")
    _privacy_fields = {
        "person_name": "name", "email": "email", "phone": "phone", "identity_check": "empty", "open_reason": "text",
        "refusal_reason": "text", "answer": "text", "obstacles": "empty", "elsewhere": "text",
        "number": "keep", "digests": "keep", "partner_ids": "unlink",
    }  # fmt: skip

    # Who was refused may go to court; what was asked and answered is needed as long.
    _retention = Retention(
        event="ended_on", due="retention_date", erased="erased_at", filters=("kind", "state", "refusal_basis"),
        domain=(("state", "in", ("done", "refused")),),
    )  # fmt: skip

    @api.depends("received_on")
    def _compute_date_due(self):
        for request in self:
            request.date_due = (
                fields.Date.add(request.received_on, days=DAYS_TO_ANSWER) if request.received_on else None
            )

    def copy_data(self, default=None):
        return super().copy_data({"received_on": self.env.company._sqms_today(), **(default or {})})
