from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.risk_level import graver
from ..lib.workflow_pass import workflow_fields, workflow_import
from .sqms_risk import GRAVE, NEEDS_ACTION, NOTHING_DONE, TOP

# What of an action still has to come.
UNDER_WAY = ("planned", "started", "done")


class SqmsRiskSteps(models.Model):
    """What each step of a risk wants to know first, and what follows a rating."""

    _inherit = "sqms.risk"

    def _note_owners(self):
        """Who ever owned it: none of them closes it."""
        for risk in self.sudo():
            if risk.owner_id and risk.owner_id not in risk.owned_by_ids:
                with workflow_fields(risk, "owned_by_ids"):
                    risk.write({"owned_by_ids": [fields.Command.link(risk.owner_id.id)]})

    # -- rating --------------------------------------------------------------------

    def action_rate(self):
        """The dialog of a rating."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rate %s", self.display_name),
            "res_model": "sqms.risk.rating",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_risk_id": self.id},
        }

    def _rated(self):
        """The risks have a new rating: they are assessed by it, looked at again later, and perhaps decided anew."""
        risks = self.sudo()
        risks._close_reminders()
        for risk in risks:
            risk.date_next_review = risk.rating_id.date_next_review
        new = risks.filtered(lambda risk: risk.state == "identified")
        new.action_transition("assess")
        outgrown = risks.filtered(
            lambda risk: (
                risk.state in ("treated", "monitored")
                and risk.treatment in NOTHING_DONE
                and risk.level in GRAVE
                and graver(risk.level, risk.decided_level)
            )
        )
        outgrown.action_transition("outgrown")

    def _check_assess(self):
        return {risk.id: self.env._("rate it first") for risk in self if not risk.rating_count}

    # -- treatment -----------------------------------------------------------------

    def _needs_acceptance(self):
        """Grave risks that are to be accepted."""
        return self.filtered(lambda risk: risk.treatment == "accept" and risk.level in GRAVE)

    def _offers_treat(self):
        return not self._needs_acceptance()

    def _offers_accept(self):
        return bool(self._needs_acceptance())

    def _check_treat(self):
        reasons = {}
        for risk in self:
            if not risk.rating_count:
                reasons[risk.id] = self.env._("rate it first")
            elif risk._needs_acceptance():
                reasons[risk.id] = self.env._(
                    "a high or extreme risk is accepted by top management or a manager, signed: please use “Accept”"
                )
            elif risk.treatment in NOTHING_DONE and not (risk.treatment_reason or "").strip():
                reasons[risk.id] = self.env._("please say why nothing is done about it")
            elif risk.treatment in NEEDS_ACTION and not risk._actions_that_count():
                reasons[risk.id] = self.env._("please plan at least one action")
        return reasons

    def _check_accept(self):
        """Top management, or a manager who neither owns it nor ever did."""
        people = self._workflow_people()
        is_top = any(person.has_group(TOP) for person in people)
        reasons = {}
        for risk in self:
            if not risk.rating_count:
                reasons[risk.id] = self.env._("rate it first")
            elif not risk._needs_acceptance():
                reasons[risk.id] = self.env._("this is only for high and extreme risks that are to be accepted")
            elif not (risk.treatment_reason or "").strip():
                reasons[risk.id] = self.env._("please say why it is accepted")
            elif not is_top and risk._owners() & people:
                reasons[risk.id] = self.env._("you own it: top management or another manager accepts it")
        return reasons

    def _owners(self):
        return self.sudo().owned_by_ids | self.sudo().owner_id

    def _actions_that_count(self):
        return self.sudo().action_ids.filtered(lambda action: action.state != "cancelled")

    def _decision_values(self):
        now = fields.Datetime.now()
        return {
            risk.id: {"decided_at": now, "decided_by_id": self.env.uid, "decided_level": risk.level} for risk in self
        }

    def _prepare_treat_values(self):
        return self._decision_values()

    def _prepare_accept_values(self):
        return self._decision_values()

    def _undecided_values(self):
        empty = {"decided_at": False, "decided_by_id": False, "decided_level": False}
        return {risk.id: dict(empty) for risk in self}

    def _prepare_outgrown_values(self):
        return self._undecided_values()

    def _prepare_reconsider_values(self):
        return self._undecided_values()

    def _on_reconsider(self):
        # The reason stands in the ledger; the next time asks for its own.
        self.write({"reconsider_reason": False})

    def _on_outgrown(self):
        for risk in self:
            risk._message_log(
                body=self.env._("It is graver now than when it was accepted; what is done about it is decided anew.")
            )

    # -- follow-up -------------------------------------------------------------------

    def _check_monitor(self):
        reasons = {}
        for risk in self:
            waiting = risk._actions_that_count().filtered(lambda action: action.state in UNDER_WAY)
            if waiting:
                reasons[risk.id] = self.env._(
                    "not verified yet: %(actions)s", actions=", ".join(waiting.mapped("display_name")[:3])
                )
        return reasons

    def _check_close(self):
        reasons = self._check_monitor()
        people = self._workflow_people()
        for risk in self.filtered(lambda risk: risk.id not in reasons):
            done = risk._actions_that_count()
            last = max(filter(None, done.mapped("verified_at")), default=None)
            rated = risk.sudo().rating_id.rated_at
            if risk._owners() & people:
                reasons[risk.id] = self.env._("you own it or have owned it, another person closes it")
            elif not rated:
                reasons[risk.id] = self.env._("rate it first")
            elif last and rated <= last:
                reasons[risk.id] = self.env._("rate it again: its last action was verified after the latest rating")
            elif done and not risk._shows_effect() and not (risk.no_effect_reason or "").strip():
                reasons[risk.id] = self.env._("the rating is no better than the first one; please say why")
        return reasons

    def _shows_effect(self):
        """Whether the latest rating is better than the first: a risk smaller, an opportunity larger."""
        self.ensure_one()
        change = self.score - self.score_before
        return change < 0 if self.kind == "risk" else change > 0

    def _prepare_close_values(self):
        values = {"closed_at": fields.Datetime.now(), "closed_by_id": self.env.uid}
        return {risk.id: dict(values) for risk in self}

    def _on_close(self):
        self.sudo()._close_reminders()

    def _prepare_reopen_values(self):
        empty = {"closed_at": False, "closed_by_id": False}
        return {risk.id: {**values, **empty} for risk in self for values in [self._undecided_values()[risk.id]]}

    def _on_reopen(self):
        self.write({"reopen_reason": False})

    def _take_over(self, state, values):
        """Risks that had their state before they came into this database (migration, demo data)."""
        with workflow_import(self, self.env._("Taken over")):
            self.write({**values, "state": state})

    # -- where it comes from -----------------------------------------------------------

    def create_from(self, record, **values):
        """A risk that was seen on a record, with source, process and company filled in."""
        record.ensure_one()
        record.check_access("read")
        known = {}
        if "company_id" in record._fields and record.company_id:
            known["company_id"] = record.company_id.id
        if record._name == "sqms.process":
            known["process_id"] = record.id
        elif "process_id" in record._fields and record.process_id._name == "sqms.process":
            known["process_id"] = record.process_id.id
        return self.create(
            {"name": record.display_name, **known, **values, "res_model": record._name, "res_id": record.id}
        )

    def action_open_source(self):
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists() if self.res_model in self.env else None
        if not record:
            raise UserError(self.env._("The record on which it was seen does not exist any more."))
        if not record.has_access("read"):
            raise AccessError(self.env._("You have no access to the record on which it was seen."))
        return record._get_records_action()
