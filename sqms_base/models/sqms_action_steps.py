from datetime import timedelta

from odoo import api, fields, models

from ..lib.local_time import local_day
from ..lib.workflow_pass import workflow_import
from .sqms_action import FINISHED, LASTING, OFFICER


class SqmsActionSteps(models.Model):
    """Who takes which step, and what it leaves behind.

    1. The owner starts it and reports it done; a quality officer may do so in his place.
    2. Whoever verifies, sends back or judges the effect is a quality officer or was asked by name, does not own it,
       did not report it done and did not write its evidence. Who owned it before counts as having worked on it.
    3. It is cancelled by an officer who neither owns it nor has worked on it.
    4. What it answers is told after every step.
    """

    _inherit = "sqms.action"

    is_on_time = fields.Boolean(
        string="Done On Time", compute="_compute_is_on_time", store=True,
        help="Done by its day. What is open is not on time until it is done.",
    )  # fmt: skip

    @api.depends("state", "done_at", "date_due", "company_id")
    def _compute_is_on_time(self):
        for action in self:
            done = action.done_at and local_day(action.done_at, action.company_id.sudo()._sqms_tz())
            action.is_on_time = bool(done and action.date_due and action.state in FINISHED and done <= action.date_due)

    def _workflow_moved(self, step, origin):
        result = super()._workflow_moved(step, origin)
        self._tell_origins()
        self._plan_activities()
        return result

    def _tell_origins(self):
        """What they answer goes on, or falls back."""
        self.sudo().nonconformity_id._story_moved()

    # -- who ------------------------------------------------------------------

    def _hands(self):
        """Everybody who has worked on it."""
        action = self.sudo()
        return action.owner_id | action.doer_ids | action.done_by_id

    def _signature_authors(self):
        return {action.id: action._hands() for action in self}

    def _signature_asked(self, meaning):
        return {action.id: action.verifier_id for action in self}

    def _may_work(self):
        return self.env.user == self.owner_id or self.env.user.has_group(OFFICER)

    def _may_judge(self):
        return self.env.user.has_group(OFFICER) or self.env.user == self.verifier_id

    def _offers_judging(self):
        return self._may_judge() and not self._workflow_people() & self._hands()

    def _judge_refusals(self):
        """`{action id: why this person does not judge it}`."""
        refusals = {}
        for action in self:
            if self._workflow_people() & action._hands():
                refusals[action.id] = self.env._("you worked on it; somebody else judges it")
            elif not action._may_judge():
                refusals[action.id] = self.env._("a quality officer judges it, or who was asked by name")
        return refusals

    def _work_refusals(self):
        return {
            action.id: self.env._("it belongs to %s", action.owner_id.sudo().name or self.env._("nobody"))
            for action in self
            if not action._may_work()
        }

    # -- start, done ------------------------------------------------------------

    def _offers_start(self):
        return self._may_work()

    def _check_start(self):
        refusals = self._criterion_refusals()
        for action in self:
            if action.owner_id and (action.owner_id.share or not action.owner_id.sudo().active):
                refusals[action.id] = self.env._("its owner must be a colleague who works here")
        return {**refusals, **self._work_refusals()}

    def _prepare_start_values(self):
        now = fields.Datetime.now()
        return {
            action.id: {
                "started_at": now,
                "date_due_first": action.date_due,
                "reminded_on": action.company_id.sudo()._sqms_today(),
                "doer_ids": [fields.Command.link(action.owner_id.id)],
            }
            for action in self
        }

    def _offers_finish(self):
        return self._may_work()

    def _check_finish(self):
        missing = {
            action.id: self.env._("it needs evidence: say what was done, or add a file")
            for action in self
            if not (action.evidence or "").strip() and not action.sudo().evidence_file_ids
        }
        return {**missing, **self._work_refusals()}

    def _prepare_finish_values(self):
        now = fields.Datetime.now()
        return {
            action.id: {
                "done_at": now,
                "done_by_id": self.env.uid,
                "doer_ids": [fields.Command.link(self.env.uid)],
                "remarks": False,
                "date_check": local_day(now, action.company_id.sudo()._sqms_tz()) + timedelta(days=action.check_days)
                if action.kind in LASTING
                else False,
            }
            for action in self
        }

    # -- verified, back -----------------------------------------------------------

    def _offers_verify(self):
        return self._offers_judging()

    def _check_verify(self):
        return self._judge_refusals()

    def _prepare_verify_values(self):
        values = {"verified_at": fields.Datetime.now(), "verified_by_id": self.env.uid}
        return {action.id: dict(values) for action in self}

    def _offers_send_back(self):
        return self._offers_judging()

    def _check_send_back(self):
        return self._judge_refusals()

    def _undone_values(self):
        values = dict.fromkeys(("done_at", "done_by_id", "verified_at", "verified_by_id", "date_check"), False)
        return {action.id: dict(values) for action in self}

    def _prepare_send_back_values(self):
        return self._undone_values()

    def _on_send_back(self):
        for action in self:
            action._tell(action.owner_id, self.env._("%s comes back to you", action.display_name), action.remarks)

    def _prepare_reopen_values(self):
        return self._undone_values()

    def _on_reopen(self):
        for action in self:
            action._tell(action.owner_id, self.env._("%s is open again", action.display_name), action.reopen_reason)

    def _check_cancel(self):
        own = {
            action.id: self.env._("you worked on it; another quality officer cancels it")
            for action in self
            if self._workflow_people() & action._hands()
        }
        return {**own}

    def _offers_cancel(self):
        return not self._workflow_people() & self._hands()

    def _on_cancel(self):
        for action in self:
            action._tell(action.owner_id, self.env._("%s is cancelled", action.display_name), action.cancel_reason)

    def _signature_facts(self):
        return {
            action.id: " · ".join(
                filter(
                    None,
                    [
                        self.env._("done by %s", action.done_by_id.sudo().name) if action.done_by_id else "",
                        self.env._("evidence: %s", action.evidence_words) if action.evidence_words else "",
                        self.env._("effective if %s", action.criterion_label) if action.criterion_label else "",
                    ],
                )
            )
            for action in self
        }

    # -- what was done before -----------------------------------------------------------

    def _take_over(self, state, values):
        """Actions that had their state before they came into this database (migration, demo data)."""
        with workflow_import(self, self.env._("Taken over")):
            self.write({**values, "state": state})
        self._tell_origins()
        self._plan_activities()
