from odoo import api, models
from odoo.fields import Domain

# The author signs what he sends off, the reader what he has read: neither waits for somebody else.
DECISIONS = ("reviewer", "approver", "verified")


class SqmsWorkflowMixinMorning(models.AbstractModel):
    """What of a model waits for a person, for the start page and the list of his actions."""

    _inherit = "sqms.workflow.mixin"

    _morning_sign_due = None  # name of the stored field until which a signature is wanted
    _morning_sign_action = None  # XML id of the action in which such a record is opened

    @api.model
    def _morning_sign_domain(self):
        """Which records wait for a signature of the user at hand.

        Those of others, in a state from which a signed decision leads on that is open to his role. A model
        that knows whose signature is asked for says so here.
        """
        states = {
            state
            for step in self._workflow
            if step.signature in DECISIONS and self._workflow_user_may(step)
            for state in step.source
        }
        return Domain(self._workflow_field, "in", sorted(states)) & Domain("create_uid", "!=", self.env.uid)

    def _morning_sign_words(self):
        """What is said of the record below its title."""
        return f"{self.env['ir.model']._get(self._name).name} · {self._workflow_state_label()}"

    @api.model
    def _morning_activity_domain(self):
        """Of which records the activities belong to the quality system."""
        return Domain.TRUE
