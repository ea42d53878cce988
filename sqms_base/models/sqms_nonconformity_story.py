from odoo import models
from odoo.tools import SQL

from .sqms_action import LASTING
from .sqms_nonconformity import AUTHORISED, CLOSED_STATES

FINISHED = ("verified", "effective", "ineffective", "cancelled")


class SqmsNonconformityStory(models.Model):
    """What the state hangs on: the causes, the actions, and what still holds closure.

    1. Gates are computed from the linked records each time and stored nowhere: what was deleted, cancelled or
       reopened a moment ago counts as it is now.
    2. A root cause of the present cycle with its evidence; a lasting action in the present cycle (see
       `sqms_nonconformity_action.py`); every action of it verified by somebody else, the lasting ones proven effective;
       nothing of earlier cycles left unfinished.
    3. An action that did not help begins a new cycle at the cause. What was done before stays in the story.
    """

    _inherit = "sqms.nonconformity"

    # -- what there is -----------------------------------------------------------

    def _story(self):
        """What the state hangs on, read with all rights: three queries, however many the records are.

        :return: `{record id: {"refusal", "lasting", "unfinished", "unproven", "ineffective", "earlier"}}`: why the root
            cause is not found (or nothing), and actions: those of the present cycle that last; those of it that nobody
            else has verified; lasting ones not proven effective; those that did not help; unfinished ones of earlier
            cycles
        """
        refusals = self._root_cause_refusals()
        actions = self.env["sqms.action"].sudo().with_context(active_test=False).search_fetch(
            [("nonconformity_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["nonconformity_id", "cycle", "kind", "state", "number", "date_due", "owner_id"],
            order="id",
        )  # fmt: skip
        by_record = actions.grouped("nonconformity_id")
        story = {}
        for nc in self.sudo():
            own = by_record.get(nc, actions.browse())
            present = own.filtered(lambda action, nc=nc: action.cycle == nc.cycle)
            lasting = present.filtered(lambda action: action.kind in LASTING)
            story[nc.id] = {
                "refusal": refusals.get(nc.id),
                "lasting": lasting,
                "unfinished": present.filtered(lambda action: action.state not in FINISHED),
                "unproven": lasting.filtered(lambda action: action.state != "effective"),
                "ineffective": present.filtered(lambda action: action.state == "ineffective"),
                "earlier": (own - present).filtered(lambda action: action.state not in FINISHED),
            }
        return story

    def _root_cause_refusals(self):
        """`{record id: why the root cause is not found}`; one of the present cycle is needed."""
        refusals = self._cause_refusals()
        found = (
            self.env["sqms.cause"]
            .sudo()
            ._read_group(
                [("nonconformity_id", "in", self.ids), ("verdict", "=", "root")], ["nonconformity_id", "cycle"]
            )
        )
        found = {(nc.id, cycle) for nc, cycle in found}
        for nc in self:
            if nc.id not in refusals and (nc.id, nc.cycle) not in found:
                refusals[nc.id] = self.env._("what was done did not last: please look for the root cause again")
        return refusals

    # -- gates -------------------------------------------------------------------

    def _closing_gates(self):
        """What must be done before these records can be closed, in the order of their life, done or not.

        Extended by whoever adds something that closure waits for. Every gate has the record as its `target`; `text`
        is a whole sentence, `label` a few words that also stand in “Waiting for”.

        :return: list of dicts as in `_trace_gates`
        """
        story = self._story()
        gates = []
        for nc in self:
            gates += nc._gates_before_actions(story[nc.id])
            gates += [nc._gate_of_earlier(action) for action in story[nc.id]["earlier"]]
            gates += nc._gates_after_actions()
        return gates

    def _gate(self, text, label, is_open, source=None, **values):
        record = source or self
        return {"source": record, "target": self, "text": text, "label": label, "open": bool(is_open), **values}

    def _own_gate(self, text, label, is_open, sequence=10):
        owner = self.sudo().owner_id.with_env(self.env)
        return self._gate(text, label, is_open, responsible=owner, sequence=sequence)

    def _gates_before_actions(self, story):
        record = self.sudo()
        gates = [
            self._own_gate(
                self.env._("What was done at once is written down, with the time when it was contained."),
                self.env._("containment"),
                not ((record.containment or "").strip() and record.contained_at),
            ),
            self._own_gate(
                self.env._("It is decided what becomes of the service that was not as it should be."),
                self.env._("disposition"),
                not record.disposition,
            ),
        ]
        if record.disposition in AUTHORISED:
            gates.append(
                self._gate(
                    self.env._("A manager who neither found nor owns it has authorised to let it through."),
                    self.env._("authorisation by a manager"),
                    not record.authorised_by_id or record.authorised_by_id in record.owner_id | record.author_id,
                )
            )
        return [
            *gates,
            self._own_gate(
                self.env._("The root cause is found and proven: %(reason)s.", reason=story["refusal"])
                if story["refusal"]
                else self.env._("The root cause is found and proven."),
                self.env._("root cause"),
                story["refusal"],
            ),
        ]

    def _gate_of_earlier(self, action):
        """What was begun in an earlier cycle is finished or cancelled."""
        return self._gate(
            self.env._("%(action)s of cycle %(cycle)s is finished or cancelled.",
                       action=action.number, cycle=action.cycle),
            action._workflow_state_label(),
            True,
            source=action.with_env(self.env),
            responsible=action.owner_id,
            due=action.date_due,
        )  # fmt: skip

    def _gates_after_actions(self):
        record = self.sudo()
        gates = [
            self._own_gate(
                self.env._("Similar cases have been looked for."),
                self.env._("similar cases"),
                not (record.similar_cases or "").strip(),
                sequence=90,
            ),
            self._own_gate(
                self.env._("It is written down what changes in risks, documents or processes, or that nothing does."),
                self.env._("changes of the system"),
                not (record.system_changes or "").strip(),
                sequence=90,
            ),
        ]
        if record.kind == "exception":
            gates.append(
                self._own_gate(
                    self.env._("It is written down when the service was restored."),
                    self.env._("the time it was resolved"),
                    not record.resolved_at,
                    sequence=90,
                )
            )
        return gates

    # -- moving on ---------------------------------------------------------------

    def _story_moved(self):
        """Something of the story (a cause, an action, a linked record) has changed: go on, or fall back.

        For all records at once. Whoever closes one of them meanwhile is told that it has changed, and tries again
        on what it is now.
        """
        records = self.sudo().exists()
        if not records:
            return
        records._note_movement()
        records._update_recurrence()
        moving = records.filtered(lambda nc: nc.state in ("action", "verified", "effective"))
        story = moving._story()
        ways = {}
        for nc in moving:
            for place, step in enumerate(nc._next_steps(story[nc.id])):
                ways.setdefault((place, step), moving.browse())
                ways[place, step] |= nc
        for (_place, step), some in sorted(ways.items(), key=lambda item: item[0][0]):
            some.action_transition(step)

    def _next_steps(self, story):
        """The system's steps that lead from where it stands to where it belongs."""
        order = ("action", "verified", "effective")
        here = order.index(self.state)
        if story["ineffective"]:
            return ["again"]
        if story["refusal"]:
            return ["unfounded"]
        there = 0
        if story["lasting"] and not story["unfinished"] and not story["earlier"]:
            there = 1 if story["unproven"] else 2
        if there > here:
            return ["verified", "proven"][here:there]
        if there < here:
            return ["unverified" if there == 0 else "unproven"]
        return []

    def _note_movement(self):
        """Touch the row: who closes it in a transaction that began before waits, and reads it again."""
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET story_moves = COALESCE(story_moves, 0) + 1 WHERE id IN %s",
                SQL.identifier(self._table), tuple(self.ids),
            ),
            log_exceptions=False,
        )  # fmt: skip

    def _guard_story(self):
        """Refuse to change what belongs to the story of a closed record."""
        for nc in self.sudo():
            if nc.state in CLOSED_STATES:
                nc._workflow_guard_locked({"action_ids"})
