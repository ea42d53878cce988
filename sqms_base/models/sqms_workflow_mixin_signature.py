from odoo import models
from odoo.exceptions import UserError

from ..lib.signing import signing_step, take_signing
from .sqms_signature_sign import give


class SqmsWorkflowMixinSignature(models.AbstractModel):
    """Steps that a person signs.

    1. `Transition(..., signature="approver")` is taken by `action_sign_step` alone, with the password of the user.
       `action_transition` answers with the dialog and moves nothing: so do cron, superuser and server action.
    2. The credentials are checked after what is cheap and before a row is locked or written.
    3. What is signed is what the database holds before the step; each record gets a signature of its own.
    """

    _name = "sqms.workflow.mixin"
    _inherit = ["sqms.workflow.mixin", "sqms.signature.mixin"]

    def action_sign_step(self, name, password, code=None, seen=None):
        """Sign with the meaning of the step, and take it.

        :param seen: `{record id: digest}` of what the dialog has shown; what changed since is not signed
        :return: what the effect of the step returns (an action), or nothing
        :raise AccessDenied: the credentials are not those of the user; nothing has changed
        :raise UserError: as `action_transition`
        """
        step = self._workflow_step(name)
        if not step.signature:
            raise UserError(self.env._("“%(step)s” is not signed.", step=self.env._(step.label)))
        records = self.sudo(False)
        if not records:
            return None
        records._signature_refuse_early(step)
        proof = self.env["sqms.signature"]._prove(password, code)
        with signing_step(records, step.name, proof, seen):
            return records.action_transition(name)

    def _signature_refuse_early(self, step):
        """The sentences of `action_transition`, before a password is asked for."""
        self._workflow_check_write()
        if (
            not self._workflow_user_may(step)
            or any(record[self._workflow_field] not in step.source for record in self)
            or self._workflow_refusals(step)
        ):
            # No signing is under way: it can only refuse.
            self.action_transition(step.name)

    def _workflow_ask(self, step):
        question = super()._workflow_ask(step)
        if question or not step.signature:
            return question
        under_way = take_signing(self, step.name)
        if not under_way:
            return self._signature_dialog(step)
        give(self, step.signature, under_way.proof, under_way.seen)
        return None

    def _workflow_refusals(self, step):
        refusals = super()._workflow_refusals(step)
        if not step.signature:
            return refusals
        return {**self._signature_not_by(step.signature), **refusals}

    def _signature_refusals(self, meaning):
        """A meaning that belongs to steps is signed by who may take one of them now."""
        refusals = super()._signature_refusals(meaning)
        steps = [step for step in self._workflow if step.signature == meaning]
        if not steps:
            return refusals
        reasons = dict.fromkeys(
            self.ids,
            self.env._(
                "this signature is given by “%(steps)s”, which is not open to you now",
                steps=" / ".join(self.env._(step.label) for step in steps),
            ),
        )
        for step in steps:
            here = self.filtered(lambda record, step=step: record[self._workflow_field] in step.source)
            if here and self.sudo(False)._workflow_user_may(step):
                refused = here._workflow_refusals(step)
                reasons.update({record.id: refused.get(record.id) for record in here if reasons[record.id]})
        return {**{id_: reason for id_, reason in reasons.items() if reason}, **refusals}
