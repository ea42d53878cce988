from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..lib.local_time import local_day
from ..lib.transition import Transition
from ..lib.workflow_pass import workflow_fields
from .sqms_document_version import MANAGER, OFFICER, TOP

_lt = LazyTranslate(__name__)


class SqmsDocumentReview(models.Model):
    """Does it still fit? A document looked at again, with an outcome and a reason.

    1. Edition and due date are those of the day the review was asked for; who decides and when is filled in by the
       system. What was decided stays.
    2. Keep: the next review moves on. Change: the next edition is opened as a draft. Withdraw: the approver is asked
       to withdraw the edition; that remains his step.
    3. An edition that is approved, or a withdrawal, settles the review that was open.
    """

    _name = "sqms.document.review"
    _description = "Review of a Document"
    _inherit = ["sqms.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_due desc, id desc"
    _check_company_auto = True

    document_id = fields.Many2one("sqms.document", required=True, index=True, ondelete="restrict", check_company=True)
    version_id = fields.Many2one(
        "sqms.document.version", string="Edition Reviewed", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="document_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    document_type = fields.Selection(related="document_id.document_type", store=True, precompute=True, string="Type")
    owner_id = fields.Many2one(related="document_id.owner_id")
    content = fields.Html(related="version_id.content", string="Text in Force", related_sudo=False)
    date_due = fields.Date(string="Review Until", readonly=True, required=True)
    outcome = fields.Selection(
        [("keep", "Keep"), ("change", "Change"), ("withdraw", "Withdraw")], tracking=True, copy=False
    )
    reason = fields.Text(copy=False, help="What was looked at, and why this is the outcome.")
    state = fields.Selection(
        [("open", "To Review"), ("done", "Reviewed")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
    )
    reviewer_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    date_done = fields.Date(string="Reviewed On", readonly=True, copy=False)
    is_on_time = fields.Boolean(string="On Time", readonly=True, copy=False)
    next_version_id = fields.Many2one(
        "sqms.document.version", string="Edition It Led To", readonly=True, copy=False, ondelete="restrict"
    )

    _one_open = models.UniqueIndex("(document_id) WHERE state = 'open'", "A review of this document is already open.")
    _due_idx = models.Index("(company_id, date_due)")

    _workflow_initial = ("open",)
    _workflow_fixed = ("document_id", "version_id", "company_id", "date_due")
    _workflow_managed = ("reviewer_id", "date_done", "is_on_time", "next_version_id")
    _workflow_locked = {"done": ()}
    _workflow = (
        Transition(
            "decide", _lt("Conclude"), ("open",), "done",
            groups=f"{OFFICER},{TOP}", required=("outcome", "reason"),
        ),
        Transition("settle", _lt("Settle"), ("open",), "done", system=True),
    )  # fmt: skip
    _ledger_fields = (
        "document_id", "version_id", "company_id", "date_due", "outcome", "reason", "state", "reviewer_id", "date_done",
        "is_on_time", "next_version_id",
    )  # fmt: skip
    _ledger_personal_fields = ("reason",)

    @api.depends("document_id", "date_due")
    def _compute_display_name(self):
        for review in self:
            review.display_name = self.env._("Review of %(document)s", document=review.document_id.display_name or "")

    @api.model_create_multi
    def create(self, vals_list):
        documents = self.env["sqms.document"].browse({vals.get("document_id") for vals in vals_list} - {None, False})
        documents.check_access("read")
        documents._refuse_unless_reviewable()
        for vals in vals_list:
            document = documents.browse(vals.get("document_id"))
            vals["version_id"] = document.current_version_id.id
            vals["date_due"] = document.date_next_review or self._today(document)
        return super().create(vals_list)

    @api.model
    def _today(self, document):
        return local_day(fields.Datetime.now(), document.tz)

    @api.model
    def _ask(self, documents):
        """One review and one activity for each of these documents."""
        reviews = self.create([{"document_id": document.id} for document in documents])
        kind = self.env.ref("mail.mail_activity_data_todo")
        model = self.env["ir.model"]._get_id(self._name)
        asked = reviews._whom_to_ask()
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": model,
                    "res_id": review.id,
                    "activity_type_id": kind.id,
                    "user_id": asked[review.id].id,
                    "date_deadline": review.date_due,
                    "summary": review.with_context(lang=asked[review.id].lang).env._(
                        "Does it still fit? Keep, change or withdraw"
                    ),
                    "automated": True,
                }
                for review in reviews
                if asked[review.id]
            ]
        )
        return reviews

    def _whom_to_ask(self):
        """The owner, if his role lets him decide; else who approved the edition, else a quality manager."""
        roles = self.env["res.groups"].union(*(self.env.ref(name) for name in (OFFICER, TOP)))
        able = roles.all_user_ids
        managers = self.env.ref(MANAGER).all_user_ids
        found = {}
        for review in self.sudo():
            fitting = able.filtered(lambda user, company=review.company_id: user.active and company in user.company_ids)
            chosen = (review.owner_id & fitting) or (review.version_id.approved_by_id & fitting)
            found[review.id] = chosen or (managers & fitting)[:1]
        return found

    # -- the one step -------------------------------------------------------------

    def _check_decide(self):
        refusals = {}
        for review in self:
            if review.outcome == "change" and not self.env.user.has_group(OFFICER) and not review._in_preparation():
                refusals[review.id] = self.env._("a quality officer opens the next edition")
            elif review.outcome == "withdraw" and not review.version_id.is_in_force:
                refusals[review.id] = self.env._("it is not in force")
        return refusals

    def _prepare_decide_values(self):
        values = {}
        for review in self:
            today = self._today(review.document_id)
            values[review.id] = {
                "reviewer_id": self.env.uid, "date_done": today, "is_on_time": today <= review.date_due,
            }  # fmt: skip
        return values

    def _on_decide(self):
        self._done_asking()
        action = None
        for review in self:
            action = getattr(review, f"_decided_{review.outcome}")() or action
        return action

    def _done_asking(self):
        asked = self.sudo().activity_ids.filtered("automated")
        mine = asked.filtered(lambda activity: activity.user_id == self.env.user)
        (asked - mine).unlink()
        mine.action_done()

    def _decided_keep(self):
        return None

    def _decided_change(self):
        draft = self._in_preparation()
        if not draft:
            action = self.document_id.action_new_edition()
            draft = draft.browse(action["res_id"])
        with workflow_fields(self, "next_version_id"):
            self.sudo().next_version_id = draft
        draft.message_post(body=self.env._("Opened by the periodic review: %(reason)s", reason=self.reason))
        return draft._get_records_action()

    def _in_preparation(self):
        return (
            self.document_id.sudo()
            .version_ids.filtered(lambda version: version.state in ("draft", "review"))
            .sudo(self.env.su)
        )

    def _decided_withdraw(self):
        """The reason goes to the edition; the step itself is the approver's."""
        version = self.version_id
        version.sudo().withdrawal_reason = self.reason
        approver = version.approved_by_id.filtered("active") or self._whom_to_ask()[self.id]
        if self.env.user != approver or not version._workflow_user_may(version._workflow_step("withdraw")):
            version.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The review found that it should be withdrawn: please decide"),
                user_id=approver.id or self.env.uid,
            )
        return version._get_records_action()

    # -- what settles it ------------------------------------------------------------

    def _settle(self, outcome, reason, version=None):
        """Something else has answered the question: an edition that was approved, or a withdrawal."""
        for review in self.sudo():
            review.write({"outcome": review.outcome or outcome, "reason": review.reason or reason})
            with workflow_fields(review, "next_version_id"):
                review.next_version_id = version
            review._done_asking()
            review.action_transition("settle")

    def _prepare_settle_values(self):
        return self._prepare_decide_values()
