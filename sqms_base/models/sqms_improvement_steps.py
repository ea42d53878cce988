from odoo import api, fields, models
from odoo.fields import Domain

from .sqms_action_improvement import PROVEN
from .sqms_improvement import CONTROLLED, OFFICER, TOP

DECIDED = ("adopted", "implemented", "verified")


class SqmsImprovementSteps(models.Model):
    """Who takes an improvement further, and when.

    1. The owner of its process or a quality officer assesses, adopts, sends back and rejects; nobody whose idea it is.
    2. Who carries it out, the owner of the process or an officer says that it is implemented: when all its actions are
       verified, or cancelled, and a controlled change has brought what it was to bring.
    3. The saving is verified by an officer, a manager or top management who neither proposed it, nor carried it out,
       nor entered or changed the figures.
    4. Who proposed it proposes it again when he says what is different.
    """

    _inherit = "sqms.improvement"

    # -- who ---------------------------------------------------------------------

    def _judges(self):
        """`{id: why the user at hand does not judge it}`."""
        people, refusals = self._workflow_people(), {}
        officer = self.env.su or self.env.user.has_group(OFFICER)
        for record in self:
            if record._proposers() & people:
                refusals[record.id] = self.env._("it is your own idea, another person judges it")
            elif not officer and record.sudo().process_id.owner_id != self._workflow_person():
                refusals[record.id] = self.env._("the owner of its process or a quality officer judges it")
        return refusals

    def _may_judge(self):
        return not self._judges()

    _offers_assess = _offers_reject = _offers_reassess = _may_judge

    def _offers_adopt(self):
        return self._may_judge() and self.improvement_type not in CONTROLLED

    def _offers_authorise(self):
        return self._may_judge() and self.improvement_type in CONTROLLED and self.env.user not in self._writers()

    def _offers_implement(self):
        return not self._carriers()

    def _offers_verify(self):
        return not self._not_second()

    def _offers_propose_again(self):
        return self.env.user in self._proposers() or self.env.user.has_group(OFFICER)

    def _carriers(self):
        """`{id: why the user at hand does not say that it is implemented}`."""
        officer = self.env.su or self.env.user.has_group(OFFICER)
        person = self._workflow_person()
        return {
            record.id: self.env._("who carries it out, the owner of its process or a quality officer says so")
            for record in self
            if not officer and person not in record.sudo().owner_id | record.sudo().process_id.owner_id
        }

    def _not_second(self):
        """`{id: why the user at hand is no second person}`."""
        people, refusals = self._workflow_people(), {}
        for record in self:
            if record._proposers() & people:
                refusals[record.id] = self.env._("it is your own idea, a second person verifies what it saves")
            elif record.sudo().owner_id & people:
                refusals[record.id] = self.env._("you carried it out, a second person verifies what it saves")
            elif record._writers() & people:
                refusals[record.id] = self.env._("you entered figures, a second person verifies them")
        return refusals

    # -- guards --------------------------------------------------------------------

    def _check_assess(self):
        return self._judges()

    def _check_reject(self):
        return self._judges()

    def _check_reassess(self):
        return self._judges()

    def _check_adopt(self):
        return {
            **{
                record.id: self.env._("it changes how a process is laid down; it is authorised with a signature")
                for record in self
                if record.improvement_type in CONTROLLED
            },
            **self._judges(),
        }

    def _check_authorise(self):
        return {
            **{
                record.id: self.env._("a kaizen needs no authorisation; adopt it")
                for record in self
                if record.improvement_type not in CONTROLLED
            },
            **self._unready_change(),
            **self._judges(),
        }

    def _check_implement(self):
        return {**self._open_work(), **self._carriers()}

    def _open_work(self):
        """`{id: what is still to be done}`, of the actions and of what a controlled change brings."""
        refusals = self._missing_change()
        actions = self.env["sqms.action"].sudo().search([("improvement_id", "in", self.ids)])
        for record in self:
            own = actions.filtered(lambda action, record=record: action.improvement_id == record)
            waiting = own.filtered(lambda action: action._holds_improvement())
            if waiting:
                refusals[record.id] = self.env._(
                    "%(action)s is “%(state)s”: it is done and verified first",
                    action=waiting[0].display_name,
                    state=waiting[0]._workflow_state_label(),
                )
            elif record.improvement_type in CONTROLLED and not own.filtered(lambda action: action.state in PROVEN):
                refusals.setdefault(
                    record.id, self.env._("a controlled change is carried out by actions that are verified")
                )
        return refusals

    def _check_verify(self):
        refusals = {}
        for record in self.sudo():
            if not record.is_measured_after:
                refusals[record.id] = self.env._("the figures afterwards are missing: measure and tick “Measured”")
            elif not record.before_lead_minutes and not record.other_saving and not record.one_off_cost:
                refusals[record.id] = self.env._("there are no figures that could be verified")
        return {**refusals, **self._open_work(), **self._not_second()}

    def _check_propose_again(self):
        officer = self.env.su or self.env.user.has_group(OFFICER)
        return {
            record.id: self.env._("who proposed it proposes it again")
            for record in self
            if not officer and self.env.user not in record._proposers()
        }

    # -- what is written with the step -----------------------------------------------

    def _at(self, **values):
        return {record.id: dict(values) for record in self}

    def _prepare_assess_values(self):
        return self._at(assessed_at=fields.Datetime.now())

    def _prepare_adopt_values(self):
        return self._at(decided_at=fields.Datetime.now(), decision="adopted")

    def _prepare_authorise_values(self):
        change = self._change_values()
        return {id_: {**values, **change[id_]} for id_, values in self._prepare_adopt_values().items()}

    def _prepare_reject_values(self):
        return self._at(decided_at=fields.Datetime.now(), decision="rejected")

    def _prepare_implement_values(self):
        return {
            record.id: {
                "implemented_at": fields.Datetime.now(),
                "process_version_after": record.process_id.version if record.is_new_process_version else 0,
            }
            for record in self.sudo()
        }

    def _prepare_verify_values(self):
        return {
            record.id: {
                "verified_at": fields.Datetime.now(),
                "verifier_id": self._workflow_person().id,
                "saving_verified": record.saving_found,
            }
            for record in self
        }

    def _prepare_reassess_values(self):
        return self._at(decided_at=False, decision=False, authoriser_id=False, authorised_at=False)

    def _prepare_propose_again_values(self):
        return self._at(decided_at=False, decision=False)

    def _prepare_reopen_values(self):
        return self._at(verified_at=False, verifier_id=False, saving_verified=0.0)

    # -- what follows ----------------------------------------------------------------

    def _tell(self, body, partners):
        """In the chatter of the one record, for those whom it concerns."""
        self.sudo().message_post(body=body, partner_ids=partners.ids, author_id=self.env.user.partner_id.id)

    def _tell_proposers(self, words):
        for record in self:
            record._tell(words(record), record._proposers().partner_id)

    def _on_adopt(self):
        self._tell_proposers(
            lambda record: self.env._(
                "Your idea is adopted. %(name)s carries it out.", name=record.sudo().owner_id.name
            )
        )
        self._propose_rewards()

    def _on_authorise(self):
        return self._on_adopt()

    def _on_reject(self):
        self._tell_proposers(lambda record: self.env._("Not adopted: %(reason)s", reason=record.reject_reason))

    def _on_propose_again(self):
        for record in self:
            partners = (record.sudo().process_id.owner_id - record._proposers()).partner_id
            record._tell(self.env._("Proposed again: %(reason)s", reason=record.new_reason), partners)

    def _on_verify(self):
        self._tell_proposers(lambda record: self.env._("The saving of your idea is verified."))
        self._propose_rewards()

    def _on_reopen(self):
        for record in self:
            record._tell(record.reopen_reason, record.sudo().owner_id.partner_id)

    # -- whose signature is asked for --------------------------------------------------

    @api.model
    def _morning_sign_domain(self):
        """Changes to authorise and savings to verify, of those who may."""
        user = self.env.user
        officer = user.has_group(OFFICER)
        others = (
            Domain("author_id", "!=", user.id)
            & Domain("contributor_ids", "not in", [user.id])
            & Domain("team_ids", "not in", [user.id])
        )
        authorise = Domain("state", "=", "assessed") & Domain("improvement_type", "in", CONTROLLED)
        if not officer:
            authorise &= Domain("process_id.owner_id", "=", user.id)
        verify = Domain.FALSE
        if officer or user.has_group(TOP):
            verify = (
                Domain("state", "=", "implemented")
                & Domain("is_measured_after", "=", True)
                & Domain("owner_id", "!=", user.id)
            )
        return others & (authorise | verify)
