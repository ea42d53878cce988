from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_date

from ..lib.local_time import local_day
from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
DECIDERS = "sqms_base.group_sqms_manager,sqms_base.group_sqms_top"


class SqmsEligibilityOverride(models.Model):
    """Somebody may be given something although a rule says no: for a reason, for a time, on two signatures.

    1. One asks for it and another approves it; neither the one who asked, nor the one who wrote it, nor the one
       it is for. The approval is signed.
    2. It stands in for the rules it names, for one person, on one record or on all that these rules look at.
    3. It holds from its approval on, from its first day to its last; the clock ends it, not a job.
    4. Once asked for, nobody edits it. What was approved is kept for ever; it can be revoked.
    """

    _name = "sqms.eligibility.override"
    _description = "Eligibility Override"
    _inherit = ["sqms.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    rule_ids = fields.Many2many(
        "sqms.eligibility.rule", "sqms_eligibility_override_rule_rel", "override_id", "rule_id",
        string="Instead of", required=True, ondelete="restrict", check_company=True,
        help="The rules that it stands in for.",
    )  # fmt: skip
    record_ref = fields.Reference(
        selection="_selection_records", string="Only For", index="btree_not_null", tracking=True,
        help="Left empty, it holds for everything the rules look at.",
    )  # fmt: skip
    reason = fields.Text(required=True, tracking=True, help="Why it is justified, and what is done instead.")
    date_from = fields.Date(
        string="First Day", required=True, tracking=True, default=lambda self: self._today(self.env.company)
    )
    date_to = fields.Date(
        string="Last Day", required=True, tracking=True,
        default=lambda self: fields.Date.add(
            self._today(self.env.company), days=min(7, self.env.company.sqms_override_days) - 1
        ),
    )  # fmt: skip
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("revoked", "Revoked"),
        ],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip
    validity = fields.Selection(
        [
            ("none", "Not in Force"),
            ("coming", "Coming"),
            ("valid", "In Force"),
            ("expired", "Expired"),
        ],
        compute="_compute_validity",
        search="_search_validity",
    )
    # who
    requested_by_id = fields.Many2one("res.users", readonly=True, copy=False, index=True, ondelete="restrict")
    requested_at = fields.Datetime(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    decider_name = fields.Char(string="Name of the Decider", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False, index=True)
    revoked_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    revoked_at = fields.Datetime(string="Revoked On", readonly=True, copy=False)
    remarks = fields.Text(copy=False, help="Why it is refused or revoked.")

    _dates = models.Constraint("CHECK(date_to >= date_from)", "It ends on its first day or later.")
    _valid_idx = models.Index("(employee_id, date_to) WHERE state IN ('approved', 'revoked')")

    _ledger_fields = ("state", "employee_id", "rule_ids", "record_ref", "reason", "date_from", "date_to", "remarks")
    _signature_fields = ("company_id", "employee_id", "rule_ids", "record_ref", "reason", "date_from", "date_to")
    _workflow_managed = (
        "requested_by_id", "requested_at", "decided_by_id", "decider_name", "decided_at", "revoked_by_id", "revoked_at",
    )  # fmt: skip
    _workflow_fixed = ("company_id",)
    _workflow_locked = {
        "requested": ("remarks",),
        "approved": ("remarks",),
        "refused": (),
        "revoked": (),
    }
    _workflow = (
        Transition(
            name="request", label=_lt("Request"), source=("draft",), target="requested",
            groups=OFFICER, required=("reason", "rule_ids"),
        ),
        Transition(
            name="approve", label=_lt("Approve"), source=("requested",), target="approved",
            groups=DECIDERS, signature="approver",
        ),
        Transition(
            name="refuse", label=_lt("Refuse"), source=("requested",), target="refused",
            groups=DECIDERS, required=("remarks",),
        ),
        Transition(
            name="take_back", label=_lt("Take Back"), source=("requested",), target="draft", groups=OFFICER, rare=True,
        ),
        Transition(
            name="revoke", label=_lt("Revoke"), source=("approved",), target="revoked",
            groups=DECIDERS, required=("remarks",), rare=True,
        ),
    )  # fmt: skip

    @api.model
    def _selection_records(self):
        models_ = self.env["ir.model"].sudo()
        return [(name, models_._get(name).name) for name in self.env["sqms.eligibility.rule"]._guarded_models()]

    def _today(self, company):
        return local_day(fields.Datetime.now(), company._sqms_tz())

    @api.depends("employee_id.name", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for override in self:
            override.display_name = self.env._(
                "Override for %(person)s until %(date)s",
                person=override.sudo().employee_id.name or "",
                date=format_date(self.env, override.date_to) if override.date_to else "",
            )

    @api.depends("state", "date_from", "date_to")
    def _compute_validity(self):
        for override in self:
            today = self._today(override.company_id or self.env.company)
            if override.state != "approved":
                override.validity = "none"
            elif override.date_to < today:
                override.validity = "expired"
            else:
                override.validity = "coming" if override.date_from > today else "valid"

    def _search_validity(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._today(self.env.company)
        approved = Domain("state", "=", "approved")
        domains = {
            "none": ~approved,
            "expired": approved & Domain("date_to", "<", today),
            "coming": approved & Domain("date_from", ">", today),
            "valid": approved & Domain("date_from", "<=", today) & Domain("date_to", ">=", today),
        }
        return Domain.OR(domain for name, domain in domains.items() if name in value)

    # -- constraints -----------------------------------------------------------

    @api.constrains("date_from", "date_to", "company_id")
    def _check_length(self):
        for override in self:
            longest = override.company_id.sudo().sqms_override_days
            if (override.date_to - override.date_from).days >= longest:
                raise ValidationError(
                    self.env._("An override lasts at most %(days)s days: please end it earlier.", days=longest)
                )

    @api.constrains("record_ref", "rule_ids", "company_id")
    def _check_record(self):
        for override in self:
            record = override.record_ref
            if not record:
                continue
            if not record.exists() or set(override.rule_ids.mapped("model")) != {record._name}:
                raise ValidationError(self.env._("The rules and the record do not belong together."))
            company = self.env["sqms.eligibility.rule"]._company_on(record.sudo())
            if company and company != override.company_id:
                raise ValidationError(self.env._("The record belongs to another company."))

    @api.model_create_multi
    def create(self, vals_list):
        overrides = super().create(vals_list)
        for override, vals in zip(overrides, vals_list, strict=True):
            override._check_may_see_record(vals.get("record_ref"))
        return overrides

    def write(self, vals):
        result = super().write(vals)
        if "record_ref" in vals:
            self._check_may_see_record(vals["record_ref"])
        return result

    def _check_may_see_record(self, asked):
        """What does not exist is not taken for “all records”."""
        for override in self:
            if asked and not override.record_ref:
                raise ValidationError(self.env._("The record that the override is for does not exist."))
            if override.record_ref and not override.record_ref.has_access("read"):
                raise AccessError(self.env._("You have no access to the record that the override is for."))

    # -- steps -----------------------------------------------------------------

    def _check_request(self):
        return self._refuse_ended()

    def _refuse_ended(self):
        return {
            override.id: self.env._("its last day has passed")
            for override in self
            if override.date_to < self._today(override.company_id)
        }

    def _prepare_request_values(self):
        now = fields.Datetime.now()
        return {override.id: {"requested_by_id": self.env.uid, "requested_at": now} for override in self}

    def _offers_take_back(self):
        return self.requested_by_id == self.env.user

    def _check_take_back(self):
        return {
            override.id: self.env._("%(name)s has requested it", name=override.requested_by_id.name)
            for override in self
            if override.requested_by_id != self.env.user
        }

    def _prepare_take_back_values(self):
        return {override.id: {"requested_by_id": False, "requested_at": False} for override in self}

    def _signature_facts(self):
        return {
            override.id: " · ".join(
                [
                    *override.sudo().rule_ids.mapped("name"),
                    self.env._(
                        "%(start)s to %(end)s",
                        start=format_date(self.env, override.date_from),
                        end=format_date(self.env, override.date_to),
                    ),
                ]
            )
            for override in self
        }

    def _signature_authors(self):
        return {override.id: override.requested_by_id | override.sudo().create_uid for override in self}

    def _offers_approve(self):
        return not self._why_not_decide()

    def _check_approve(self):
        refusals = self._refuse_ended()
        for override in self:
            reason = override._why_not_decide()
            if reason:
                refusals[override.id] = reason
        return refusals

    def _why_not_decide(self):
        if self.env.user in (self.requested_by_id | self.sudo().create_uid):
            return self.env._("you asked for it, another person approves it")
        if self.env.user == self.sudo().employee_id.user_id:
            return self.env._("it is for yourself, another person approves it")
        return None

    def _decision_values(self):
        return {
            override.id: {
                "decided_by_id": self.env.uid,
                "decider_name": self.env.user.sudo().name,
                "decided_at": fields.Datetime.now(),
            }
            for override in self
        }

    def _prepare_approve_values(self):
        return self._decision_values()

    def _prepare_refuse_values(self):
        return self._decision_values()

    def _prepare_revoke_values(self):
        return {override.id: {"revoked_by_id": self.env.uid, "revoked_at": fields.Datetime.now()} for override in self}

    def _on_approve(self):
        for override in self:
            override._leave_mark(
                self.env._(
                    "%(override)s, approved by %(name)s: %(reason)s",
                    override=override.display_name,
                    name=self.env.user.name,
                    reason=override.reason,
                )
            )

    def _on_revoke(self):
        for override in self:
            override._leave_mark(
                self.env._(
                    "%(override)s, revoked by %(name)s: %(reason)s",
                    override=override.display_name,
                    name=self.env.user.name,
                    reason=override.remarks,
                )
            )

    def _leave_mark(self, words):
        """What was decided stands on the record that it is for, too."""
        record = self.record_ref.sudo() if self.record_ref else None
        if not record:
            return
        values = {
            "override": self.id,
            "employee": self.sudo().employee_id.name,
            "rules": self.sudo().rule_ids.mapped("name"),
            "until": str(self.date_to),
            "state": self.state,
        }
        if hasattr(record, "_ledger_log"):
            record._ledger_log("override", new=values, reason=self.reason)
        if hasattr(record, "_message_log"):
            record._message_log(body=words)

    # -- what holds at an instant ---------------------------------------------------

    @api.model
    def _at(self, instant, domain):
        """The overrides that hold at an instant, whether or not they were revoked later, and whose signature holds."""
        found = self.sudo().search(
            Domain("state", "in", ("approved", "revoked"))
            & Domain("decided_at", "<=", instant)
            & (Domain("revoked_at", "=", False) | Domain("revoked_at", ">", instant))
            # The days are those of the company: a day more on either side, and then exactly.
            & Domain("date_from", "<=", fields.Date.add(instant.date(), days=1))
            & Domain("date_to", ">=", fields.Date.subtract(instant.date(), days=1))
            & domain,
            order="id",
        )
        signed = found.signature_ids.filtered(lambda signature: signature.meaning == "approver" and signature.is_valid)
        signed_ids = set(signed.mapped("res_id"))
        return found.filtered(
            lambda override: (
                override.id in signed_ids
                and override.date_from <= local_day(instant, override.company_id._sqms_tz()) <= override.date_to
            )
        )

    @api.model
    def _record_domain(self, records):
        return Domain("record_ref", "=", False) | Domain(
            "record_ref", "in", [f"{records._name},{record.id or record._origin.id}" for record in records]
        )

    @api.model
    def _valid_at(self, records, employees, rules, instant):
        """`{(employee id, rule id, record id or None): override}`, None for all records that the rule looks at."""
        found = self._at(
            instant,
            Domain("employee_id", "in", employees.ids)
            & Domain("rule_ids", "in", rules.ids)
            & self._record_domain(records),
        )
        by_ref = {f"{record._name},{record.id or record._origin.id}": record.id for record in records}
        return {
            (override.employee_id.id, rule.id, by_ref[override._ref()] if override.record_ref else None): override
            for override in found
            for rule in override.rule_ids
            if not override.record_ref or override._ref() in by_ref
        }

    def _ref(self):
        return f"{self.record_ref._name},{self.record_ref.id}" if self.record_ref else None

    @api.model
    def _employees_at(self, record, rules, instant):
        """`{rule id: ids of the employees for whom an override stands in for it}`."""
        if not rules:
            return {}
        domain = Domain("rule_ids", "in", rules.ids) & (
            self._record_domain(record) if record else Domain("record_ref", "=", False)
        )
        ids = defaultdict(list)
        for override in self._at(instant, domain):
            for rule in override.rule_ids:
                ids[rule.id].append(override.employee_id.id)
        return ids
