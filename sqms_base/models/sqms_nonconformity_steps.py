from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.transition import Transition
from ..lib.workflow_pass import workflow_fields
from .sqms_nonconformity import AUTHORISED, CLOSED_STATES, MANAGER, OFFICER, TOP

_lt = LazyTranslate(__name__)


class SqmsNonconformitySteps(models.Model):
    """The life of a nonconformity: which step is open to whom.

    1. Its owner, or a quality officer, contains it, looks for the cause and proposes it.
    2. From then on the actions move it: nobody sets it to “Verified” or “Effective” by hand.
    3. A manager closes and signs it who neither found it nor ever owned it nor owns one of its actions, and only
       while no gate is open.
    """

    _inherit = "sqms.nonconformity"

    _workflow_initial = ("found",)
    _workflow_managed = (
        "past_owner_ids", "escalated_at", "escalated_to_id", "escalation_reason", "authorised_by_id", "authorised_at",
        "closed_at", "closed_by_id", "story_moves", "recurrence_count",
        "recurrence_key", "involved_ids",
    )  # fmt: skip
    _workflow_fixed = ("company_id", "author_id", "cycle")
    _workflow_locked = {"closed": ("reopen_reason",), "dismissed": ("reopen_reason",)}
    _workflow = (
        Transition(
            name="contain", label=_lt("Contained"), source=("found",), target="contained", required=("containment",)
        ),
        Transition(name="analyse", label=_lt("Look for the Cause"), source=("contained",), target="cause"),
        Transition(name="propose_cause", label=_lt("Propose Cause"), source=("cause",), target="action"),
        Transition(
            name="close", label=_lt("Close"), source=("effective",), target="closed", groups=MANAGER,
            signature="verified",
        ),
        Transition(
            name="dismiss", label=_lt("It Is None"), source=("found", "contained", "cause"), target="dismissed",
            groups=MANAGER, required=("dismiss_reason",), rare=True,
        ),
        Transition(
            name="reopen", label=_lt("Reopen"), source=("closed",), target="cause", groups=MANAGER,
            required=("reopen_reason",), rare=True,
        ),
        Transition(
            name="reconsider", label=_lt("It Is One After All"), source=("dismissed",), target="found",
            groups=MANAGER, required=("reopen_reason",), rare=True,
        ),
        # taken by the system when the story has moved
        Transition(name="verified", label=_lt("Verified"), source=("action",), target="verified", system=True),
        Transition(name="proven", label=_lt("Effective"), source=("verified",), target="effective", system=True),
        Transition(
            name="again", label=_lt("New Cycle"), source=("action", "verified", "effective"), target="cause",
            system=True,
        ),
        Transition(
            name="unfounded", label=_lt("Back to the Cause"), source=("action", "verified", "effective"),
            target="cause", system=True,
        ),
        Transition(
            name="unverified", label=_lt("Back to the Actions"), source=("verified", "effective"), target="action",
            system=True,
        ),
        Transition(
            name="unproven", label=_lt("Back to the Check"), source=("effective",), target="verified", system=True
        ),
    )  # fmt: skip
    _signature_fields = (
        "number", "name", "description", "kind", "place", "process_id", "grade", "found_at", "contained_at",
        "resolved_at", "containment", "disposition", "authorised_by_id", "cycle", "similar_cases", "system_changes",
        "cause_ids", "action_ids",
    )  # fmt: skip
    _signature_lines = {
        "cause_ids": ("name", "parent_id", "category", "type_id", "verdict", "evidence"),
        "action_ids": ("name", "kind", "owner_id", "cycle", "state"),
    }

    @api.model
    def _morning_sign_domain(self):
        """What waits to be closed stands in a section of its own."""
        return Domain.FALSE

    # -- who ---------------------------------------------------------------------

    def _is_in_charge(self):
        """Its owner, and quality officers."""
        return self.env.su or self.env.user.has_group(OFFICER) or all(nc.owner_id == self.env.user for nc in self)

    def _offers_contain(self):
        return self._is_in_charge()

    _offers_analyse = _offers_propose_cause = _offers_contain

    def _check_in_charge(self):
        reason = self.env._("its owner or a quality officer does this")
        return {nc.id: reason for nc in self if not nc._is_in_charge()}

    def _closing_people(self):
        """`{record id: {user: what he had to do with it}}`: none of them closes it."""
        people = {}
        actions = self.env["sqms.action"].sudo().with_context(active_test=False)
        actions = actions.search_fetch(
            [("nonconformity_id", "in", self.ids)], ["nonconformity_id", "state", "owner_id", "done_by_id", "doer_ids"]
        ).grouped("nonconformity_id")
        for nc in self.sudo():
            own = actions.get(nc, self.env["sqms.action"].sudo())
            # A cancelled action binds those who had worked on it, not the one it was only meant for.
            hands = own.owner_id.browse().union(
                *(action.doer_ids if action.state == "cancelled" else action._hands() for action in own)
            )
            causes = nc.cause_ids
            mine = people[nc.id] = dict.fromkeys(
                causes.create_uid | causes.write_uid, self.env._("you worked on its causes")
            )
            mine.update(dict.fromkeys(hands, self.env._("you own one of its actions, or worked on it")))
            mine.update(dict.fromkeys(nc.owner_id | nc.past_owner_ids, self.env._("you own it, or have owned it")))
            mine[nc.author_id] = self.env._("you reported it")
        return people

    def _signature_authors(self):
        return {
            id_: self.env["res.users"].union(*(user.with_env(self.env) for user in people))
            for id_, people in self._closing_people().items()
        }

    def _signature_sentence(self, meaning, record):
        if meaning != "verified":
            return super()._signature_sentence(meaning, record)
        return self.env._(
            "I have checked %(record)s: its causes are proven, its actions verified and effective. I close it.",
            record=record,
        )

    # -- steps -------------------------------------------------------------------

    def _check_contain(self):
        return self._check_in_charge()

    def _prepare_contain_values(self):
        now = fields.Datetime.now()
        return {nc.id: {} if nc.contained_at else {"contained_at": now} for nc in self}

    def _check_analyse(self):
        return self._check_in_charge()

    def _check_propose_cause(self):
        return {**self._root_cause_refusals(), **self._check_in_charge()}

    def _on_propose_cause(self):
        self._story_moved()

    def _check_close(self):
        """Each open gate by its text; then whether this person may judge it."""
        open_gates = {}
        for gate in self._closing_gates():
            if gate["open"]:
                open_gates.setdefault(gate["target"].id, []).append(gate["text"].rstrip(".。"))
        refusals = {}
        for nc in self:
            if open_gates.get(nc.id):
                refusals[nc.id] = self.env._("it is held by: %(gates)s", gates="; ".join(open_gates[nc.id]))
        people = self._closing_people()
        for nc in self:
            for user in self._workflow_people():
                if nc.id not in refusals and user in people[nc.id]:
                    refusals[nc.id] = self.env._("%(reason)s; another manager closes it", reason=people[nc.id][user])
        return refusals

    def _offers_close(self):
        return self.env.user not in self._closing_people()[self.id]

    def _prepare_close_values(self):
        return {nc.id: {"closed_at": fields.Datetime.now(), "closed_by_id": self.env.uid} for nc in self}

    def _check_dismiss(self):
        refusals = {}
        story = self._story()
        for nc in self:
            if nc.sudo().author_id & self._workflow_people():
                refusals[nc.id] = self.env._("you reported it; another manager decides that it is none")
            elif story[nc.id]["unfinished"] or story[nc.id]["earlier"]:
                refusals[nc.id] = self.env._("its actions are finished or cancelled first")
        return refusals

    def _offers_dismiss(self):
        return self.env.user != self.sudo().author_id

    def _prepare_dismiss_values(self):
        return self._prepare_close_values()

    def _prepare_reopen_values(self):
        return {nc.id: {"cycle": nc.cycle + 1, "closed_at": False, "closed_by_id": False} for nc in self}

    def _prepare_reconsider_values(self):
        return {nc.id: {"closed_at": False, "closed_by_id": False} for nc in self}

    def _on_reopen(self):
        for nc in self:
            nc.message_post(body=nc.reopen_reason, partner_ids=nc.sudo().owner_id.partner_id.ids)
        self.sudo().write({"reopen_reason": False})

    _on_reconsider = _on_reopen

    def _prepare_again_values(self):
        return {nc.id: {"cycle": nc.cycle + 1} for nc in self}

    def _on_again(self):
        for nc in self:
            nc.message_post(
                body=self.env._("An action did not help: cycle %(cycle)s begins with the cause.", cycle=nc.cycle),
                partner_ids=nc.sudo().owner_id.partner_id.ids,
            )

    # -- escalation and concession -----------------------------------------------

    def action_escalate(self):
        """Ask to whom, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Escalate"),
            "res_model": "sqms.nonconformity.escalation",
            "view_mode": "form",
            "target": "new",
            "context": {"default_nonconformity_id": self.id},
        }

    def _escalate(self, manager, reason):
        """It is now the business of a manager as well, who is told."""
        self.ensure_one()
        self.check_access("write")
        if self.state in CLOSED_STATES:
            raise UserError(self.env._("%(record)s is closed.", record=self.display_name))
        if not self._is_in_charge() and self.env.user != self.sudo().author_id:
            raise AccessError(self.env._("Who found it, its owner or a quality officer escalates it."))
        if not any(manager.has_group(group) for group in (MANAGER, TOP)):
            raise UserError(self.env._("It is escalated to a quality manager or to top management."))
        if self.company_id not in manager.sudo().company_ids:
            raise UserError(self.env._("%(name)s does not work in this company.", name=manager.sudo().name))
        record = self.sudo()
        with workflow_fields(record, "escalated_at", "escalated_to_id", "escalation_reason"):
            record.write(
                {"escalated_at": fields.Datetime.now(), "escalated_to_id": manager.id, "escalation_reason": reason}
            )
        self._ledger_log("escalated", new={"escalated_to": manager.sudo().name}, reason=reason)
        record.activity_schedule(
            "mail.mail_activity_data_todo", user_id=manager.id, summary=self.env._("Escalated to you"), note=reason
        )

    def action_authorise(self):
        """A manager who does not own it lets through what does not meet the requirement (ISO 9001 8.7.1)."""
        self.check_access("write")
        if not any(self.env.user.has_group(group) for group in (MANAGER, TOP)):
            raise AccessError(self.env._("A quality manager or top management authorises a concession."))
        for nc in self:
            if nc.state in CLOSED_STATES or nc.disposition not in AUTHORISED:
                raise UserError(self.env._("There is nothing to authorise on %(record)s.", record=nc.display_name))
            if self.env.user in nc.sudo().owner_id | nc.sudo().author_id:
                raise AccessError(self.env._("Somebody authorises it who neither found nor owns it."))
        with workflow_fields(self, "authorised_by_id", "authorised_at"):
            self.write({"authorised_by_id": self.env.uid, "authorised_at": fields.Datetime.now()})
        return True
