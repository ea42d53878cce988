from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_date

from ..lib.local_time import local_day
from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"
REMEDIES = [
    ("apology", "Apology"),
    ("repeat", "The Service Again"),
    ("discount", "Discount"),
    ("voucher", "Voucher"),
    ("refund", "Refund"),
    ("compensation", "Compensation"),
    ("other", "Something Else"),
]


class SqmsCommitment(models.Model):
    """A promise to customers: what, to whom, within which limits, and what they get when it is broken.

    1. It is approved and signed by somebody who did not write it. Approved, it is closed: another promise takes its
       place.
    2. It is in force from its first day to its last one, or until it is withdrawn: by the days of the company's time
       zone, whether or not any job has run.
    3. A quality manager decides what is shown to the public; only what is in force is shown.
    """

    _name = "sqms.commitment"
    _description = "Service Promise"
    _inherit = [
        "sqms.author.mixin",
        "sqms.workflow.mixin",
        "sqms.number.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "number desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "PROM"

    # what is promised
    name = fields.Char(string="In Short", required=True, translate=True, tracking=True)
    promise = fields.Text(required=True, translate=True, help="In the words that the customer reads.")
    scope = fields.Text(string="For Whom and What", translate=True, help="Services, places and customers it holds for.")
    limits = fields.Text(translate=True, help="When it does not hold: storm, wrong address, customer not at home.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    owner_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, domain=[("share", "=", False)], check_company=True,
        index="btree_not_null", ondelete="restrict", tracking=True,
    )  # fmt: skip
    # what follows when it is broken
    remedy = fields.Text(required=True, translate=True, help="What the customer gets when we do not keep it.")
    remedy_kind = fields.Selection(REMEDIES, string="Kind of Remedy", required=True, default="apology", tracking=True)
    remedy_amount = fields.Monetary(string="Amount", currency_field="currency_id", aggregator=None)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    # when
    date_from = fields.Date(
        string="From", required=True, tracking=True, default=lambda self: self._today(self.env.company)
    )
    date_to = fields.Date(string="Until", tracking=True, help="Left empty, it holds until it is withdrawn.")
    withdrawn_at = fields.Datetime(string="Withdrawn On", readonly=True, copy=False)
    withdrawal_reason = fields.Text(copy=False)
    validity = fields.Selection(
        [("none", "Not in Force"), ("coming", "Coming"), ("valid", "In Force"), ("expired", "Expired")],
        compute="_compute_validity", search="_search_validity",
    )  # fmt: skip
    is_published = fields.Boolean(
        string="Published", copy=False, tracking=True,
        help="While it is in force it is shown on the public page of the company.",
    )  # fmt: skip
    # what it is traced to
    requirement_ids = fields.Many2many(
        "sqms.requirement", string="Requirements", check_company=True, ondelete="restrict",
        help="The needs of customers that it answers.",
    )  # fmt: skip
    process_id = fields.Many2one("sqms.process", check_company=True, index="btree_not_null", ondelete="restrict")
    indicator_id = fields.Many2one(
        "sqms.indicator", string="Measured By", check_company=True, index="btree_not_null", ondelete="restrict"
    )
    clause_ids = fields.Many2many("sqms.clause", string="Clauses", ondelete="restrict")
    breach_ids = fields.One2many("sqms.commitment.breach", "commitment_id", string="Broken", copy=False)
    breach_count = fields.Integer(string="Times Broken", compute="_compute_breach_count")
    # who signs for it
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("withdrawn", "Withdrawn")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip
    approved_at = fields.Datetime(string="Approved On", readonly=True, copy=False)
    approver_name = fields.Char(string="Approver's Name", readonly=True, copy=False)

    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "A promise ends on its first day or later."
    )
    _amount = models.Constraint("CHECK(remedy_amount >= 0)", "A remedy is no charge.")
    _in_force_idx = models.Index("(company_id, date_from, date_to) WHERE state IN ('approved', 'withdrawn')")

    _ledger_fields = (
        "number", "name", "promise", "scope", "limits", "company_id", "owner_id", "remedy", "remedy_kind",
        "remedy_amount", "currency_id", "date_from", "date_to", "withdrawn_at", "withdrawal_reason", "is_published",
        "requirement_ids", "process_id", "indicator_id", "clause_ids", "state", "author_id", "contributor_ids",
        "approved_at", "approver_name",
    )  # fmt: skip
    _ledger_personal_fields = ("approver_name",)
    _signature_fields = (
        "number", "name", "promise", "scope", "limits", "remedy", "remedy_kind", "remedy_amount", "currency_id",
        "date_from", "date_to", "requirement_ids", "process_id", "indicator_id", "clause_ids",
    )  # fmt: skip
    _workflow_managed = ("contributor_ids", "approved_at", "approver_name", "withdrawn_at")
    _workflow_fixed = ("author_id", "company_id")
    _workflow_locked = {
        "approved": ("is_published", "withdrawal_reason", "owner_id"),
        "withdrawn": (),
    }
    _workflow = (
        Transition(
            name="approve", label=_lt("Approve"), source=("draft",), target="approved",
            groups=f"{MANAGER},{TOP}", signature="approver",
        ),
        Transition(
            name="withdraw", label=_lt("Withdraw"), source=("approved",), target="withdrawn",
            groups=f"{MANAGER},{TOP}", required=("withdrawal_reason",), rare=True,
        ),
    )  # fmt: skip
    _morning_sign_due = "date_from"
    _morning_sign_action = "sqms_base.sqms_commitment_action"

    @api.model
    def _today(self, company, instant=None):
        return local_day(instant or fields.Datetime.now(), company._sqms_tz())

    # -- computes ----------------------------------------------------------------

    @api.depends("number", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for commitment in self:
            commitment.display_name = " ".join(filter(None, (commitment.number, commitment.name)))

    @api.depends("state", "date_from", "date_to")
    def _compute_validity(self):
        for commitment in self:
            today = self._today(commitment.company_id or self.env.company)
            if commitment.state != "approved":
                commitment.validity = "none"
            elif commitment.date_to and commitment.date_to < today:
                commitment.validity = "expired"
            else:
                commitment.validity = "coming" if commitment.date_from > today else "valid"

    def _search_validity(self, operator, value):
        """By the days of each company."""
        if operator != "in":
            return NotImplemented
        found = Domain("state", "!=", "approved") if "none" in value else Domain.FALSE
        for company in self.env["res.company"].sudo().search([("active", "=", True)]):
            today = self._today(company)
            begun, ended = Domain("date_from", "<=", today), Domain("date_to", "<", today)
            domains = {"coming": ~begun & ~ended, "expired": ended, "valid": begun & ~ended}
            found |= (
                Domain("state", "=", "approved")
                & Domain("company_id", "=", company.id)
                & Domain.OR(domain for name, domain in domains.items() if name in value)
            )
        return found

    @api.depends("breach_ids")
    def _compute_breach_count(self):
        counts = dict(
            self.env["sqms.commitment.breach"]._read_group(
                [("commitment_id", "in", self.ids)], ["commitment_id"], ["__count"]
            )
        )
        for commitment in self:
            commitment.breach_count = counts.get(commitment._origin, 0)

    def _in_force_at(self, instant):
        """Those of these promises that held at an instant (naive UTC)."""
        return self.filtered(
            lambda promise: (
                promise.state in ("approved", "withdrawn")
                and (not promise.withdrawn_at or instant < promise.withdrawn_at)
                and promise.date_from <= self._today(promise.company_id, instant)
                and (not promise.date_to or self._today(promise.company_id, instant) <= promise.date_to)
            )
        )

    @api.model
    def _published(self, company):
        """The promises that a company shows to the public today."""
        today = self._today(company.sudo())
        return self.search(
            [
                ("company_id", "=", company.id),
                ("is_published", "=", True),
                ("state", "=", "approved"),
                ("date_from", "<=", today),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
            ],
            order="number, id",
        )

    # -- ORM ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        commitments = super().create(vals_list)
        if any(commitments.mapped("is_published")):
            self._check_may_publish()
        return commitments

    def write(self, vals):
        if "is_published" in vals and any(bool(c.is_published) != bool(vals["is_published"]) for c in self):
            self._check_may_publish()
        return super().write(vals)

    def _check_may_publish(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("A quality manager decides what is shown to the public."))

    # -- steps -------------------------------------------------------------------

    def _offers_approve(self):
        return self.env.user not in self._writers()

    def _check_approve(self):
        return {
            promise.id: self.env._("its last day has passed")
            for promise in self
            if promise.date_to and promise.date_to < self._today(promise.company_id)
        }

    def _prepare_approve_values(self):
        values = {"approved_at": fields.Datetime.now(), "approver_name": self.env.user.sudo().name}
        return {promise.id: dict(values) for promise in self}

    def _prepare_withdraw_values(self):
        return {promise.id: {"withdrawn_at": fields.Datetime.now()} for promise in self}

    def _signature_facts(self):
        kinds = dict(self._fields["remedy_kind"]._description_selection(self.env))
        return {
            promise.id: " · ".join(
                [
                    self.env._("from %(date)s", date=format_date(self.env, promise.date_from)),
                    self.env._("if broken: %(remedy)s", remedy=kinds[promise.remedy_kind]),
                ]
            )
            for promise in self
        }

    # -- when it is broken -----------------------------------------------------------

    @api.model
    def _report_breach(self, commitment, record, happened_at=None, note=None):
        """Record that a promise was broken; what was reported before is not reported again.

        :param commitment: promises; those that were not in force at that instant are left out
        :param record: the one record on which it was broken, of whatever model
        :param happened_at: naive UTC; now if left out
        :return: the breaches of these promises on this record, old and new
        """
        record.ensure_one()
        instant = happened_at or fields.Datetime.now()
        known, new = self._report_breaches(
            record._name, {(promise.id, record.id): instant for promise in commitment}, note
        )
        return known | new

    @api.model
    def _report_breaches(self, res_model, broken, note=None):
        """Record the breaches on many records of a model; what was reported before is not reported again.

        :param broken: `{(promise id, record id): naive UTC}`; promises not in force at that instant are left out
        :return: (known, new) breaches
        """
        breaches = self.env["sqms.commitment.breach"].sudo()
        promises = self.sudo().browse(dict.fromkeys(promise_id for promise_id, _record_id in broken))
        known = breaches.search(
            [
                ("commitment_id", "in", promises.ids),
                ("res_model", "=", res_model),
                ("res_id", "in", list({record_id for _promise_id, record_id in broken})),
            ]
        ).filtered(lambda breach: (breach.commitment_id.id, breach.res_id) in broken)
        told = {(breach.commitment_id.id, breach.res_id) for breach in known}
        new = breaches.create(
            [
                {
                    "commitment_id": promise_id,
                    "res_model": res_model,
                    "res_id": record_id,
                    "happened_at": instant,
                    "note": note,
                }
                for (promise_id, record_id), instant in broken.items()
                if (promise_id, record_id) not in told and promises.browse(promise_id)._in_force_at(instant)
            ]
        )
        return known, new

    def _texts(self):
        """`{promise id: {"promise": {language: text}, "remedy": {language: text}}}` as they stand now."""
        self.flush_recordset(["promise", "remedy"])
        return {
            promise.id: {
                name: promise._fields[name]._get_stored_translations(promise) or {} for name in ("promise", "remedy")
            }
            for promise in self.sudo()
        }

    def action_open_breaches(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_commitment_breach_action"),
            "domain": [("commitment_id", "=", self.id)],
            "context": {"default_commitment_id": self.id, "search_default_open": 0},
        }
