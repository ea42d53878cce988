from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
TOP = "sqms_base.group_sqms_top"
OPEN_WHEN_PREPARED = (
    "name", "date", "place", "chair_id", "participant_ids", "present_ids", "agenda", "minutes", "input_ids",
    "decision_ids", "activity_ids",
)  # fmt: skip
OPEN_WHEN_HELD = ("present_ids", "minutes", "decision_ids", "activity_ids")


class SqmsReview(models.Model):
    """Top management looks at the whole system: what goes in, what it decides.

    1. Officers prepare it: every input that the standard asks for is filled from the registers and frozen, with the
       instant and a digest. It can be frozen again until it is held; what was frozen before is kept.
    2. Top management holds it. From then on nothing of the inputs changes, by any path.
    3. Each decision becomes one action. A review without a decision is not closed.
    4. Top management closes and signs it; who prepared it does not.
    """

    _name = "sqms.review"
    _description = "Management Review"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "MR"

    # what, when, who
    name = fields.Char(string="Title", required=True, tracking=True, default=lambda self: self._default_name())
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    date_from = fields.Date(
        string="Period From", required=True, tracking=True, default=lambda self: self._default_period()[0]
    )
    date_to = fields.Date(
        string="Period Until", required=True, tracking=True, default=lambda self: self._default_period()[1],
        help="The last day that the figures are about. They are compared with the period of the same length before.",
    )  # fmt: skip
    date = fields.Date(
        string="Meeting On", required=True, tracking=True, index=True,
        default=lambda self: self._default_period()[1] + relativedelta(days=15),
    )  # fmt: skip
    place = fields.Char()
    chair_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], check_company=True, index="btree_not_null",
        ondelete="restrict", tracking=True,
    )  # fmt: skip
    participant_ids = fields.Many2many(
        "res.users", "sqms_review_participant_rel", string="Participants", domain=[("share", "=", False)],
        check_company=True, ondelete="restrict", help="Invited; once it was held they may read it.",
    )  # fmt: skip
    present_ids = fields.Many2many(
        "res.users", "sqms_review_present_rel", string="Who Was Present", domain=[("share", "=", False)],
        check_company=True, ondelete="restrict", copy=False,
    )  # fmt: skip
    agenda = fields.Text()
    # what goes in
    input_ids = fields.One2many(
        "sqms.review.input", "review_id", string="Inputs", domain=[("is_current", "=", True)], copy=False
    )
    freeze_number = fields.Integer(string="Times Frozen", readonly=True, copy=False, aggregator=None)
    as_of = fields.Datetime(string="Figures Frozen On", readonly=True, copy=False)
    digest = fields.Char(string="Digest of the Figures", readonly=True, copy=False)
    preparer_ids = fields.Many2many(
        "res.users", "sqms_review_preparer_rel", string="Prepared By", readonly=True, copy=False, ondelete="restrict"
    )
    previous_id = fields.Many2one(
        "sqms.review", string="Review Before", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    # what comes out
    minutes = fields.Html(copy=False)
    decision_ids = fields.One2many("sqms.review.decision", "review_id", string="Decisions", copy=False)
    held_at = fields.Datetime(string="Held On", readonly=True, copy=False)
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    closer_name = fields.Char(string="Closed By", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("prepared", "Prepared"),
            ("held", "Held"),
            ("closed", "Closed"),
        ],
        required=True, default="planned", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip

    _period = models.Constraint("CHECK(date_to >= date_from)", "A period ends on its first day or later.")
    _held_idx = models.Index("(company_id, held_at) WHERE held_at IS NOT NULL")

    _ledger_fields = (
        "number", "name", "company_id", "date_from", "date_to", "date", "place", "chair_id", "participant_ids",
        "present_ids", "agenda", "minutes", "freeze_number", "as_of", "digest", "preparer_ids", "previous_id",
        "held_at", "closed_at", "closer_name", "state",
    )  # fmt: skip
    _ledger_personal_fields = ("closer_name",)
    _signature_fields = (
        "number", "name", "date_from", "date_to", "date", "place", "chair_id", "present_ids", "agenda", "minutes",
        "as_of", "digest", "decision_ids", "input_ids",
    )  # fmt: skip
    _signature_lines = {
        "decision_ids": ("name", "kind", "owner_id", "date_due"),
        "input_ids": ("key", "digest", "comment"),
    }
    _workflow_initial = ("planned",)
    _workflow = (
        Transition(name="prepare", label=_lt("Prepare"), source=("planned",), target="prepared", groups=OFFICER),
        Transition(
            name="hold", label=_lt("Hold"), source=("prepared",), target="held", groups=TOP,
            required=("chair_id", "present_ids"),
        ),
        Transition(
            name="close", label=_lt("Close and Sign"), source=("held",), target="closed", groups=TOP,
            required=("minutes",), signature="approver",
        ),
        Transition(
            name="freeze_again", label=_lt("Freeze Again"), source=("prepared",), target="prepared", groups=OFFICER,
            rare=True,
        ),
        Transition(
            name="replan", label=_lt("Change the Period"), source=("prepared",), target="planned", groups=OFFICER,
            rare=True,
        ),
    )  # fmt: skip
    _workflow_locked = {"prepared": OPEN_WHEN_PREPARED, "held": OPEN_WHEN_HELD, "closed": ("activity_ids",)}
    _workflow_managed = (
        "freeze_number", "as_of", "digest", "preparer_ids", "previous_id", "held_at", "closed_at", "closer_name",
    )  # fmt: skip
    _workflow_fixed = ("company_id",)
    _morning_sign_due = "date"
    _morning_sign_action = "sqms_base.sqms_review_action"

    @api.model
    def _default_period(self):
        """From the day after the last review's period, or the last year, until yesterday."""
        today = self.env.company._sqms_today()
        last = self.sudo().search([("company_id", "=", self.env.company.id)], order="date_to desc", limit=1)
        end = today - relativedelta(days=1)
        if last and last.date_to < end:
            return last.date_to + relativedelta(days=1), end
        return end - relativedelta(years=1) + relativedelta(days=1), end

    @api.model
    def _default_name(self):
        return self.env._("Management review %s", self.env.company._sqms_today().year)

    @api.depends("number", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(filter(None, (record.number, record.name)))

    # -- steps -------------------------------------------------------------------

    def _check_prepare(self):
        return {
            review.id: self.env._("the period is not over yet; let it end yesterday or earlier")
            for review in self
            if review.date_to >= review.company_id._sqms_today()
        }

    _check_freeze_again = _check_prepare

    def _on_prepare(self):
        self._freeze()

    def _on_freeze_again(self):
        self._freeze()

    def _check_hold(self):
        return {
            review.id: self.env._("the meeting is planned for a later day")
            for review in self
            if review.date > review.company_id._sqms_today()
        }

    def _prepare_hold_values(self):
        return {review.id: {"held_at": fields.Datetime.now()} for review in self}

    def _on_hold(self):
        self.decision_ids._make_actions()

    def _check_close(self):
        refusals = {}
        for review in self:
            if not review.decision_ids:
                refusals[review.id] = self.env._("no decision has been recorded")
            elif review.decision_ids.filtered(lambda decision: not decision.sudo().action_ids):
                refusals[review.id] = self.env._("a decision has not become an action yet")
            elif not review._is_intact():
                refusals[review.id] = self.env._("the frozen inputs are not what was frozen")
        return refusals

    def _offers_close(self):
        return self.env.user not in self.sudo().preparer_ids

    def _prepare_close_values(self):
        values = {"closed_at": fields.Datetime.now(), "closer_name": self.env.user.sudo().name}
        return {review.id: dict(values) for review in self}

    def _on_close(self):
        self._plan_next()

    def _signature_authors(self):
        """Who prepared it does not approve it."""
        return {review.id: review.sudo().preparer_ids for review in self}

    def _signature_facts(self):
        return {
            review.id: self.env._(
                "%(count)s decisions · figures %(digest)s",
                count=len(review.decision_ids), digest=(review.digest or "")[:12],
            )
            for review in self
        }  # fmt: skip

    @api.model
    def _morning_sign_domain(self):
        if not self.env.user.has_group(TOP):
            return Domain.FALSE
        return Domain("state", "=", "held") & Domain("preparer_ids", "not in", [self.env.uid])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_prepared(self):
        for review in self.sudo():
            if review.freeze_number:
                raise AccessError(
                    self.env._("%s has been prepared and is kept: it cannot be deleted.", review.display_name)
                )

    # -- where buttons lead ----------------------------------------------------------

    def action_open_actions(self):
        self.ensure_one()
        actions = self.sudo().decision_ids.action_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Actions of %s", self.display_name),
            "res_model": "sqms.action",
            "view_mode": "list,form",
            "domain": [("id", "in", actions.ids)],
        }
