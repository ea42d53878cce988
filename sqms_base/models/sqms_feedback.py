from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import LazyTranslate

from ..lib.public_text import short_title
from ..lib.transition import Transition
from ..lib.workflow_pass import workflow_fields, workflow_import

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
KINDS = [("idea", "Idea"), ("praise", "Praise"), ("concern", "Concern")]
SOURCES = [("customer", "Customer"), ("staff", "Staff"), ("unknown", "Not Said")]
STAGES = [("before", "Before the Service"), ("during", "During the Service"), ("after", "After the Service")]
RATINGS = [("1", "Very Bad"), ("2", "Bad"), ("3", "Neither Good nor Bad"), ("4", "Good"), ("5", "Very Good")]
# Who spoke: none of it is there for somebody who stays anonymous.
PERSON = ("staff_id", "partner_id", "person_name", "email")
# What a colleague says himself, in his own form; all else is the business of those who handle it.
SAID = ("kind", "text", "process_id", "journey_stage", "rating", "is_confidential", "company_id")


class SqmsFeedback(models.Model):
    """What staff and customers tell us: an idea, praise, a concern; and what became of it.

    1. The words stay as they were said. Whoever handles them sorts them, answers them, takes them further.
    2. Whoever said it reads the answer: with a code on a page without login, or in the list of what he told.
    3. Who stays anonymous has no name here, and nothing is made in the session of a person that says it is
       anonymous: the session would tell. So it comes by the public page alone, signed out.
    4. Nobody handles what is said about him.
    5. It is answered within the days that the company promises; the day is fixed when it comes in.
    """

    _name = "sqms.feedback"
    _description = "Feedback"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin", "mail.thread", "mail.activity.mixin", "sqms.trace.mixin"]
    _order = "received_on desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "FB"

    # what was said
    name = fields.Char(
        string="In Short", compute="_compute_name", store=True, precompute=True, readonly=False, required=True
    )
    kind = fields.Selection(KINDS, required=True, default="idea", tracking=True, index=True)
    text = fields.Text(string="In Their Words", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    process_id = fields.Many2one(
        "sqms.process", check_company=True, index="btree_not_null", ondelete="restrict", tracking=True
    )
    journey_stage = fields.Selection(
        STAGES, string="When in the Service", tracking=True, help="Where on the way of a customer it happened."
    )
    rating = fields.Selection(RATINGS, help="How good it was, if the person said so.")
    rating_value = fields.Integer(
        string="Rating (1 to 5)", compute="_compute_rating_value", store=True, aggregator="avg"
    )
    is_confidential = fields.Boolean(
        string="About a Person or a Superior", tracking=True, help="Only quality managers read it."
    )
    file_ids = fields.Many2many("ir.attachment", string="Files", compute="_compute_file_ids")
    # who said it, if it was said
    source = fields.Selection(SOURCES, string="Said By", required=True, default="unknown", tracking=True)
    channel = fields.Selection(
        [("internal", "Staff Form"), ("page", "Public Page"), ("mail", "Email"), ("office", "Told in Person")],
        required=True, default=lambda self: self._default_channel(), readonly=True,
    )  # fmt: skip
    is_anonymous = fields.Boolean(string="Anonymous", readonly=True, copy=False)
    staff_id = fields.Many2one(
        "res.users", string="Colleague", domain=[("share", "=", False)], check_company=True, copy=False,
        index="btree_not_null", ondelete="restrict",
    )  # fmt: skip
    partner_id = fields.Many2one(
        "res.partner", string="Contact", check_company=True, index="btree_not_null", ondelete="restrict",
        help="The customer, as far as known.",
    )  # fmt: skip
    person_name = fields.Char(string="Name Given")
    email = fields.Char(string="Email Given", index="btree_not_null")
    lang = fields.Selection(lambda self: self.env["res.lang"].get_installed(), string="Language", readonly=True)
    received_on = fields.Date(required=True, default=lambda self: self._today(), readonly=True, index=True, copy=False)
    # how it is handled
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], check_company=True, index="btree_not_null", ondelete="restrict",
        tracking=True, copy=False,
    )  # fmt: skip
    about_employee_id = fields.Many2one(
        "hr.employee", string="About Whom", check_company=True, index="btree_not_null", ondelete="restrict",
        help="The colleague who is praised, or whom a concern is about. That colleague does not handle it.",
    )  # fmt: skip
    shared_on = fields.Date(string="Passed On", readonly=True, copy=False)
    date_due = fields.Date(string="Answer Promised By", readonly=True, copy=False, index=True)
    answer = fields.Text(copy=False, help="Whoever said it reads this: with the code, or in the own list.")
    answered_on = fields.Date(readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    is_on_time = fields.Boolean(string="Answered on Time", compute="_compute_is_on_time", store=True, index=True)
    state = fields.Selection(
        [
            ("received", "Received"),
            ("answered", "Answered"),
            ("converted", "Taken Further"),
            ("closed", "Closed"),
        ],
        required=True, default="received", readonly=True, copy=False, tracking=True, index=True, group_expand=True,
    )  # fmt: skip

    _anonymous_has_no_name = models.Constraint(
        "CHECK(is_anonymous IS NOT TRUE OR (staff_id IS NULL AND partner_id IS NULL AND person_name IS NULL "
        "AND email IS NULL))",
        "Who stays anonymous has no name, no contact and no address here.",
    )
    _waiting_idx = models.Index("(company_id, date_due) WHERE answered_on IS NULL")

    _ledger_fields = (
        "number", "name", "kind", "text", "company_id", "process_id", "journey_stage", "rating", "is_confidential",
        "source", "channel", "is_anonymous", "staff_id", "partner_id", "person_name", "email", "owner_id",
        "about_employee_id", "shared_on", "date_due", "answer", "answered_on", "answered_by_id", "state",
    )  # fmt: skip
    _ledger_personal_fields = (
        "name", "text", "staff_id", "partner_id", "person_name", "email", "about_employee_id", "answer",
    )  # fmt: skip
    _workflow_initial = ("received",)
    _workflow = (
        Transition(
            "answer", _lt("Send the Answer"), ("received",), "answered", groups=OFFICER, required=("answer",)
        ),
        Transition("convert", _lt("Take Further"), ("received", "answered"), "converted", system=True),
        # What was taken further first is answered as well, and stays where it is.
        Transition("tell", _lt("Send the Answer"), ("converted",), "converted", groups=OFFICER, required=("answer",)),
        Transition("close", _lt("Close"), ("answered", "converted"), "closed", groups=OFFICER),
        Transition("reopen", _lt("Open Again"), ("closed",), "answered", groups=MANAGER, rare=True),
    )  # fmt: skip
    _workflow_fixed = (
        "company_id", "text", "rating", "is_anonymous", "channel", "staff_id", "received_on", "date_due", "lang",
    )  # fmt: skip
    _workflow_managed = ("answered_on", "answered_by_id", "shared_on", "improvement_id", "nonconformity_id")
    _SORTING = ("kind", "process_id", "journey_stage", "owner_id", "about_employee_id", "is_confidential", "partner_id")
    _workflow_locked = {
        "answered": (*_SORTING, "activity_ids"),
        "converted": (*_SORTING, "answer", "activity_ids"),
        "closed": (),
    }

    # -- computes ----------------------------------------------------------------

    @api.model
    def _default_channel(self):
        return "office" if self.env.user.has_group(OFFICER) else "internal"

    @api.model
    def _today(self, company=None):
        return (company or self.env.company)._sqms_today()

    @api.depends("number", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(filter(None, (record.number, record.name)))

    @api.depends("text")
    def _compute_name(self):
        for feedback in self:
            text = (feedback.text or "").strip()
            feedback.name = feedback.name or short_title(text) or (feedback.text and "…")

    def _compute_file_ids(self):
        files = self.env["ir.attachment"].search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        for feedback in self:
            feedback.file_ids = files.filtered(lambda file, feedback=feedback: file.res_id == feedback.id)

    @api.depends("rating")
    def _compute_rating_value(self):
        for feedback in self:
            feedback.rating_value = int(feedback.rating or 0)

    @api.depends("answered_on", "date_due")
    def _compute_is_on_time(self):
        for feedback in self:
            feedback.is_on_time = bool(
                feedback.answered_on and (not feedback.date_due or feedback.answered_on <= feedback.date_due)
            )

    # -- coming in ---------------------------------------------------------------

    def _create(self, data_list):
        # Below `create` the defaults of the context and of `ir.default` are merged in.
        for data in data_list:
            self._complete(data["stored"])
        return super()._create(data_list)

    def _complete(self, values):
        """What everybody's feedback gets, and what nobody chooses for himself."""
        company = self.env["res.company"].browse(values.get("company_id")) or self.env.company
        if not self.env.su:
            self._complete_own(values)
        if values.get("is_anonymous"):
            values.update(dict.fromkeys(PERSON))
        # What is taken over from elsewhere came in when it came in.
        known = self.env.su and fields.Date.to_date(values.get("received_on"))
        values["received_on"] = known or self._today(company.sudo())
        days = company.sudo().sqms_feedback_days
        values["date_due"] = fields.Date.add(values["received_on"], days=days) if days > 0 else None

    def _complete_own(self, values):
        """A person writes in his own session: under his own name, or as an officer what others told him."""
        if values.get("is_anonymous"):
            raise AccessError(
                self.env._(
                    "Here you are signed in, so it would carry your name. To stay anonymous, sign out and use the "
                    "public page."
                )
            )
        if values.get("channel") not in ("internal", "office") or not self.env.user.has_group(OFFICER):
            values["channel"] = "internal"
        values["lang"] = self.env.user.lang
        if values["channel"] == "internal":
            allowed = {*SAID, "name", "channel", "lang", "number", "state", "rating_value", "is_on_time"}
            for name in set(values) - allowed - set(models.MAGIC_COLUMNS):
                values[name] = None
            values.update(source="staff", staff_id=self.env.uid, is_anonymous=False)

    @api.constrains("owner_id", "about_employee_id")
    def _check_owner(self):
        for feedback in self.sudo():
            if feedback.owner_id and feedback.owner_id == feedback.about_employee_id.user_id:
                raise ValidationError(
                    self.env._("%s is about its owner. Somebody else handles it.", feedback.number or feedback.name)
                )

    @api.constrains("owner_id", "is_confidential")
    def _check_confidential_owner(self):
        for feedback in self:
            if feedback.is_confidential and feedback.owner_id and not feedback.owner_id.has_group(MANAGER):
                raise ValidationError(
                    self.env._("%s is confidential: a quality manager handles it.", feedback.number or feedback.name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handled(self):
        if any(feedback.state != "received" for feedback in self):
            raise UserError(self.env._("What was answered or taken further is kept."))

    def copy_data(self, default=None):
        raise UserError(self.env._("What a person said is not copied. It is said once."))

    # -- steps -------------------------------------------------------------------

    def _check_own_hands(self):
        """`{record id: reason}` of what is about the person at hand, or not for his eyes."""
        people = self._workflow_people()
        return {
            feedback.id: self.env._("it is about you; somebody else handles it")
            for feedback in self.sudo()
            if feedback.about_employee_id.user_id & people
        }

    def _check_answer(self):
        return self._check_own_hands()

    def _prepare_answer_values(self):
        return {
            feedback.id: {"answered_on": self._today(feedback.company_id.sudo()), "answered_by_id": self.env.uid}
            for feedback in self
        }

    def _on_answer(self):
        self._send_answer()

    def _offers_tell(self):
        return any(not feedback.answered_on for feedback in self)

    def _check_tell(self):
        answered = {feedback.id: self.env._("it is answered already") for feedback in self if feedback.answered_on}
        return {**self._check_own_hands(), **answered}

    def _prepare_tell_values(self):
        return self._prepare_answer_values()

    def _on_tell(self):
        self._send_answer()

    def _check_close(self):
        silent = {
            feedback.id: self.env._("whoever said it has had no answer yet")
            for feedback in self
            if not feedback.answered_on
        }
        return {**self._check_own_hands(), **silent}

    def _take_over(self, state, values):
        """Feedback that had its state before it came into this database (migration, demo data)."""
        with workflow_import(self, self.env._("Taken over")):
            self.write({**values, "state": state})

    # -- praise ------------------------------------------------------------------

    def action_share_praise(self):
        """Pass praise on to the colleague who is praised: the words, not who said them."""
        self.check_access("write")
        for feedback in self:
            colleague = feedback.about_employee_id.sudo()
            receiver = colleague.work_contact_id or colleague.user_id.partner_id
            if feedback.kind != "praise" or not colleague:
                raise UserError(self.env._("Only praise is passed on, and it says whom it is about."))
            if feedback.shared_on:
                raise UserError(self.env._("%s has had it already.", colleague.name))
            if colleague.user_id == self.env.user:
                raise UserError(self.env._("It is about you; somebody else passes it on."))
            if not receiver:
                raise UserError(self.env._("%s has neither a user nor an address.", colleague.name))
            feedback._note_shared(receiver)

    def _note_shared(self, receiver):
        with workflow_fields(self, "shared_on"):
            self.shared_on = self._today(self.company_id.sudo())
        self.env["mail.thread"].sudo().message_notify(
            partner_ids=receiver.ids,
            subject=self.env._("You have been praised"),
            body=self.text,
            author_id=self.env.user.partner_id.id,
        )
