from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.transition import Transition
from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields
from odoo.addons.sqms_base.models.sqms_commitment_breach import SqmsCommitmentBreach

from .sqms_commitment_clock import IN_MONEY, KINDS

_lt = LazyTranslate(__name__)


class SqmsCommitmentBreachComplaint(models.Model):
    """A promise that was broken on a complaint, and the remedy that stands there for it."""

    _inherit = "sqms.commitment.breach"

    remedy_ids = fields.One2many("sqms.complaint.remedy", "breach_id", "Remedies of the Complaint", readonly=True)
    is_disproved = fields.Boolean("Kept after All", readonly=True, copy=False)

    _workflow_managed = (*SqmsCommitmentBreach._workflow_managed, "is_disproved")
    _workflow = (
        *SqmsCommitmentBreach._workflow,
        Transition(
            name="report_again", label=_lt("Broken after All"), source=("dismissed",), target="reported",
            groups="sqms_base.group_sqms_manager", rare=True,
        ),
    )  # fmt: skip

    @api.model
    def _selection_records(self):
        model = self.env["ir.model"].sudo()._get("helpdesk.ticket")
        return [*super()._selection_records(), ("helpdesk.ticket", model.name)]

    def _prepare_report_again_values(self):
        values = {"closed_at": False, "closed_by_id": False, "dismissal_reason": False, "is_disproved": False}
        return {breach.id: dict(values) for breach in self}

    def _propose_remedies(self):
        """One line on each complaint, of what had been promised for this case."""
        values = []
        for breach in self:
            if breach.remedy_ids.filtered(lambda one: one.state in ("proposed", "approved", "given")):
                continue
            kind = KINDS.get(breach.remedy_kind, "other")
            lang = breach.company_id.partner_id.lang or self.env.lang
            told = breach.with_context(lang=lang)
            values.append({
                "ticket_id": breach.res_id,
                "breach_id": breach.id,
                "name": (told.remedy or told.commitment_id.name).splitlines()[0][:120],
                "kind": "other" if kind in IN_MONEY and not breach.remedy_amount else kind,
                "amount": breach.remedy_amount,
                "currency_id": breach.currency_id.id,
            })  # fmt: skip
        return self.env["sqms.complaint.remedy"].with_env(self.env).create(values)

    def _disprove(self):
        """It was kept, as a later entry shows: the remedy is not owed, unless the customer has it already."""
        open_ = self.filtered(lambda breach: "given" not in breach.remedy_ids.mapped("state"))
        if not open_:
            return
        reason = self.env._("The deadline was kept after all, as was entered afterwards.")
        lines = open_.remedy_ids.filtered(lambda one: one.state in ("proposed", "approved"))
        if lines:
            lines.write({"reason": reason})
            lines.action_transition("reject")
        open_.write({"dismissal_reason": reason})
        with workflow_fields(open_, "is_disproved"):
            open_.write({"is_disproved": True})
        open_.action_transition("dismiss")
