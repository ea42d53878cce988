from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import LazyTranslate

from ..lib.transition import Transition
from .sqms_commitment import MANAGER, OFFICER, REMEDIES, TOP

_lt = LazyTranslate(__name__)


class SqmsCommitmentBreach(models.Model):
    """A promise that was broken, on which record, and whether the customer got what had been promised.

    1. Only a promise that was in force at that instant can be broken; on one record it is broken once.
    2. The promise and its remedy are copied as they stood: a later promise changes nothing of this one.
    3. The remedy is given, with a word on what and when, or it is not owed and a manager says why.
    """

    _name = "sqms.commitment.breach"
    _description = "Broken Promise"
    _inherit = ["sqms.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "happened_at desc, id desc"
    _check_company_auto = True

    commitment_id = fields.Many2one(
        "sqms.commitment", string="Promise", required=True, index=True, ondelete="restrict", check_company=True,
        domain=[("state", "in", ("approved", "withdrawn"))],
    )  # fmt: skip
    company_id = fields.Many2one(
        related="commitment_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    process_id = fields.Many2one(
        related="commitment_id.process_id", string="Process", store=True, index="btree_not_null", ondelete="restrict"
    )
    # where it was broken
    res_model = fields.Char(string="Kind of Record", required=True, readonly=True, index=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", required=True, readonly=True)
    record_ref = fields.Reference(
        selection="_selection_records", string="Broken On", compute="_compute_record_ref", inverse="_inverse_record_ref"
    )
    happened_at = fields.Datetime(
        string="Broken At", required=True, default=lambda self: fields.Datetime.now(), tracking=True
    )
    note = fields.Text(string="What Happened")
    # what had been promised then
    texts = fields.Json(string="Promise and Remedy Then", readonly=True, copy=False, export_string_translation=False)
    promised = fields.Text(compute="_compute_texts")
    remedy = fields.Text(string="Remedy Promised", compute="_compute_texts")
    remedy_kind = fields.Selection(REMEDIES, string="Kind of Remedy", readonly=True, copy=False)
    remedy_amount = fields.Monetary(string="Amount Promised", currency_field="currency_id", readonly=True, copy=False)
    currency_id = fields.Many2one("res.currency", readonly=True, copy=False, ondelete="restrict")
    # what was given
    state = fields.Selection(
        [("reported", "Remedy Owed"), ("remedied", "Remedy Given"), ("dismissed", "Nothing Owed")],
        required=True, default="reported", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip
    remedy_given = fields.Text(string="What Was Given", copy=False)
    remedy_given_amount = fields.Monetary(string="Amount Given", currency_field="currency_id", copy=False)
    closed_at = fields.Datetime(string="Given or Dismissed On", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", string="By", readonly=True, copy=False, ondelete="restrict")
    dismissal_reason = fields.Text(string="Why Nothing Is Owed", copy=False)

    _once = models.UniqueIndex("(commitment_id, res_model, res_id)", "This promise was already broken on this record.")
    _record_idx = models.Index("(res_model, res_id)")
    _happened_idx = models.Index("(company_id, happened_at)")

    _ledger_fields = (
        "commitment_id", "company_id", "res_model", "res_id", "happened_at", "note", "texts", "remedy_kind",
        "remedy_amount", "currency_id", "state", "remedy_given", "remedy_given_amount", "closed_at", "closed_by_id",
        "dismissal_reason",
    )  # fmt: skip
    _ledger_personal_fields = ("note", "remedy_given", "dismissal_reason")
    _workflow_initial = ("reported",)
    _workflow_managed = ("closed_at", "closed_by_id")
    _workflow_fixed = (
        "commitment_id", "company_id", "res_model", "res_id", "happened_at", "texts", "remedy_kind", "remedy_amount",
        "currency_id",
    )  # fmt: skip
    _workflow_locked = {"remedied": (), "dismissed": ()}
    _workflow = (
        Transition(
            name="give_remedy", label=_lt("Remedy Given"), source=("reported",), target="remedied",
            groups=f"{OFFICER},{TOP}", required=("remedy_given",),
        ),
        Transition(
            name="dismiss", label=_lt("Nothing Is Owed"), source=("reported",), target="dismissed",
            groups=f"{MANAGER},{TOP}", required=("dismissal_reason",), rare=True,
        ),
    )  # fmt: skip

    # -- computes ----------------------------------------------------------------

    @api.model
    def _selection_records(self):
        """The models that a person may choose from; an addon adds its own to the result of `super()`."""
        names = ("maintenance.request", "sqms.process", "res.partner")
        return [(name, self.env["ir.model"].sudo()._get(name).name) for name in names]

    @api.depends("res_model", "res_id")
    def _compute_record_ref(self):
        offered = dict(self._selection_records())
        for breach in self:
            known = breach.res_model in offered and breach.res_id
            breach.record_ref = f"{breach.res_model},{breach.res_id}" if known else False

    def _inverse_record_ref(self):
        # What it was broken on is fixed when it is reported (see `create`).
        for breach in self:
            if breach.record_ref and (breach.record_ref._name, breach.record_ref.id) != (
                breach.res_model,
                breach.res_id,
            ):
                breach.write({"res_model": breach.record_ref._name, "res_id": breach.record_ref.id})

    @api.depends("texts")
    @api.depends_context("lang")
    def _compute_texts(self):
        for breach in self:
            for name, key in (("promised", "promise"), ("remedy", "remedy")):
                words = (breach.texts or {}).get(key) or {}
                breach[name] = words.get(self.env.lang) or words.get("en_US") or next(iter(words.values()), False)

    @api.depends("commitment_id", "happened_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for breach in self:
            breach.display_name = self.env._("Broken: %(promise)s", promise=breach.sudo().commitment_id.name or "")

    # -- ORM ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """What had been promised is copied here, whatever the caller says it was."""
        promises = self.env["sqms.commitment"].browse({vals.get("commitment_id") for vals in vals_list} - {None, False})
        texts = promises._texts()
        for vals in vals_list:
            reference = vals.pop("record_ref", None)
            if isinstance(reference, models.BaseModel):
                vals.update(res_model=reference._name, res_id=reference.id)
            elif reference:
                model, _comma, id_ = str(reference).partition(",")
                vals.update(res_model=model, res_id=int(id_) if id_.isdecimal() else 0)
            promise = promises.browse(vals.get("commitment_id")).sudo()
            vals.update(
                texts=texts.get(promise.id, {}),
                remedy_kind=promise.remedy_kind,
                remedy_amount=promise.remedy_amount,
                currency_id=promise.currency_id.id,
            )
        breaches = super().create(vals_list)
        breaches._check_record()
        return breaches

    def _check_record(self):
        """The record is there, its reporter may see it, and it is of the same company."""
        there = {}
        for model, breaches in self.grouped("res_model").items():
            if model in self.env and not self.env[model]._abstract:
                there[model] = self.env[model].browse(set(breaches.mapped("res_id"))).exists()
        for breach in self:
            record = there.get(breach.res_model, self.browse()).filtered(lambda one: one.id == breach.res_id)  # noqa: B023
            if not record:
                raise UserError(self.env._("The record on which the promise was broken does not exist."))
            if not record.has_access("read"):
                raise AccessError(self.env._("You have no access to the record on which the promise was broken."))
            company = record.sudo().company_id if "company_id" in record._fields else None
            if company and company._name == "res.company" and company != breach.company_id:
                raise UserError(self.env._("The record belongs to another company than the promise."))

    @api.constrains("commitment_id", "happened_at")
    def _check_in_force(self):
        now = fields.Datetime.now()
        for breach in self:
            if breach.happened_at > now:
                raise ValidationError(self.env._("A promise that will be broken is not broken yet."))
            if not breach.commitment_id._in_force_at(breach.happened_at):
                raise ValidationError(
                    self.env._("%(promise)s was not in force then and could not be broken.",
                               promise=breach.commitment_id.display_name)
                )  # fmt: skip

    # -- steps -------------------------------------------------------------------

    def _closing_values(self):
        now = fields.Datetime.now()
        return {breach.id: {"closed_at": now, "closed_by_id": self.env.uid} for breach in self}

    def _prepare_give_remedy_values(self):
        return self._closing_values()

    def _prepare_dismiss_values(self):
        return self._closing_values()

    def action_open_record(self):
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The record on which the promise was broken does not exist."))
        record.check_access("read")
        return record._get_records_action()
