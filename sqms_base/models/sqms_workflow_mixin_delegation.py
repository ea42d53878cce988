from odoo import models

from ..lib.acting import acted_for, acting

CERTIFIER = "sqms_base.group_sqms_certifier"


class SqmsWorkflowMixinDelegation(models.AbstractModel):
    """Steps that a person takes on behalf of another, by a delegation.

    1. A model names the steps (`_workflow_delegated`); no other step is ever taken for somebody else.
    2. What the user may do in his own name he does in his own name.
    3. The role is asked of the delegator at this instant: he works here, holds the role and may write the record. What
       he only holds by a delegation himself does not count.
    4. Who wrote it does not decide on it, neither as delegate nor as the one who is stood in for.
    5. The delegate must be able to read the record; nothing but the step itself is written with more rights than his.
    6. Never as superuser: a job or a server action stands in for nobody.
    """

    _inherit = "sqms.workflow.mixin"

    _workflow_delegated = ()  # names of the steps that a delegate may take

    # -- on whose behalf ---------------------------------------------------------

    def _workflow_delegation(self, name):
        """The delegation by which the user at hand takes this step of these records; none in his own name.

        :return: `sqms.delegation`, in sudo
        """
        none = self.env["sqms.delegation"].sudo()
        if self.env.su or not self.ids or name not in self._workflow_delegated or acted_for(self):
            return none
        standing = self._workflow_standing()
        step = self._workflow_step(name)
        if not standing or self._workflow_stands_open(step):
            return none
        for delegation in standing:
            with acting(self, delegation.delegator_id.id, delegation.id):
                if self._workflow_stands_open(step):
                    return delegation
        # It is open to nobody. The sentence is that of the role that comes nearest.
        if not (self._workflow_may_write() and self._workflow_user_may(step)):
            for delegation in standing:
                with acting(self, delegation.delegator_id.id, delegation.id):
                    if self._workflow_may_write() and self._workflow_user_may(step):
                        return delegation
        return none

    def _workflow_standing(self):
        """The delegations to the user at hand that hold now and cover all of these records."""
        standing = self.env["sqms.delegation"]._standing(self.env.user)
        return standing.filtered(lambda delegation: all(delegation._covers(record) for record in self.sudo()))

    def _workflow_stands_open(self, step):
        return (
            self._workflow_may_write()
            and self._workflow_user_may(step)
            and all(record[self._workflow_field] in step.source for record in self)
            and not self._workflow_refusals(step)
        )

    def _delegation_processes(self):
        """The processes that a record belongs to, for delegations that hold for one process.

        Called in sudo. A model that knows them otherwise says so here.
        """
        for name in ("process_id", "process_ids"):
            if name in self._fields and self._fields[name].comodel_name == "sqms.process":
                return self[name]
        return self.env["sqms.process"]

    # -- who and with what right ---------------------------------------------------

    def _workflow_person(self):
        found = acted_for(self)
        return self.env["res.users"].browse(found.principal) if found else super()._workflow_person()

    def _workflow_user_may(self, step):
        found = acted_for(self)
        if not found or self.env.su:
            return super()._workflow_user_may(step)
        person = self._workflow_person().sudo()
        return (
            step.name in self._workflow_delegated
            and not step.system
            and person.active
            and person._is_internal()
            and not self.env.user.has_group(CERTIFIER)
            and self.with_user(person)._workflow_user_may(step)
        )

    def _workflow_may_write(self):
        if not acted_for(self):
            return super()._workflow_may_write()
        return self.has_access("read") and self._workflow_as_person().has_access("write")

    def _workflow_check_write(self):
        if not acted_for(self):
            return super()._workflow_check_write()
        self.check_access("read")
        return self._workflow_as_person().check_access("write")

    def _workflow_as_person(self):
        """The records with the rights of whom the user stands in for, in the company of the delegation."""
        delegation = self.env["sqms.delegation"].sudo().browse(acted_for(self).delegation)
        return self.with_user(self._workflow_person()).with_context(allowed_company_ids=delegation.company_id.ids)

    def _workflow_writer(self):
        # Only what the step itself writes, under its pass, and only where his own rights do not reach.
        if acted_for(self) and not self.has_access("write"):
            return self.sudo()
        return super()._workflow_writer()

    def _signature_not_by(self, meaning):
        refusals = super()._signature_not_by(meaning)
        if not acted_for(self):
            return refusals
        person = self._workflow_person()
        authors = self._signature_authors()
        for record in self:
            wrote = authors.get(record.id, person.browse()) | record._signature_signed_by("author")
            if person in wrote and record.id not in refusals:
                refusals[record.id] = self.env._(
                    "%(name)s, for whom you act, wrote it, another person signs it", name=person.sudo().name
                )
        return refusals

    # -- the ways ---------------------------------------------------------------

    def transitions(self):
        steps = super().transitions()
        if self.env.su or not self._workflow_delegated or acted_for(self):
            return steps
        found = {step["name"]: step for step in steps}
        for delegation in self._workflow_standing():
            person = delegation.delegator_id
            with acting(self, person.id, delegation.id):
                theirs = super().transitions()
            for step in theirs:
                known = found.get(step["name"])
                if step["name"] in self._workflow_delegated and (not known or step["allowed"] > known["allowed"]):
                    label = self.env._("%(step)s (for %(name)s)", step=step["label"], name=person.name)
                    found[step["name"]] = {**step, "label": label}
        return [found[step.name] for step in self._workflow if step.name in found]

    def action_transition(self, name):
        delegation = self._workflow_delegation(name)
        if not delegation:
            return super().action_transition(name)
        with acting(self, delegation.delegator_id.id, delegation.id):
            delegation._hold_row()
            return super().action_transition(name)

    def action_sign_step(self, name, password, code=None, seen=None):
        records = self.sudo(False)
        delegation = records._workflow_delegation(name)
        if not delegation:
            return super().action_sign_step(name, password, code=code, seen=seen)
        with acting(records, delegation.delegator_id.id, delegation.id):
            delegation._hold_row()
            return super().action_sign_step(name, password, code=code, seen=seen)

    def signature_sheet(self, name):
        records = self.sudo(False)
        delegation = records._workflow_delegation(name)
        if not delegation:
            return super().signature_sheet(name)
        with acting(records, delegation.delegator_id.id, delegation.id):
            return super().signature_sheet(name)

    # -- what is told of it --------------------------------------------------------

    def _signature_statements(self, meaning):
        statements = super()._signature_statements(meaning)
        found = acted_for(self)
        if not found:
            return statements
        words = self.env["sqms.delegation"].sudo().browse(found.delegation)._words_on_behalf()
        return {id_: f"{statement} {words}" for id_, statement in statements.items()}

    def _workflow_moved(self, step, origin):
        result = super()._workflow_moved(step, origin)
        found = acted_for(self)
        if found:
            delegation = self.env["sqms.delegation"].sudo().browse(found.delegation)
            self._ledger_log("on_behalf", new={"on_behalf_of": found.principal, "delegation": found.delegation})
            if hasattr(self, "_message_log_batch"):
                words = self.env._(
                    "%(step)s: %(delegate)s on behalf of %(delegator)s (delegation from %(start)s to %(end)s)",
                    step=self.env._(step.label),
                    delegate=self.env.user.name,
                    delegator=delegation.delegator_id.name,
                    **delegation._days(),
                )
                self._message_log_batch(dict.fromkeys(self.ids, words))
        return result
