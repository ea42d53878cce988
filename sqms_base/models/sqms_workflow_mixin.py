from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..lib.newborn import are_newborn
from ..lib.workflow_pass import open_pass


class SqmsWorkflowMixin(models.AbstractModel):
    """States that nobody bends.

    1. A record is created in an initial state and changes it by `action_transition` alone: form, list,
       drag, import, defaults, RPC, mail, server action and automation are refused.
    2. In a locked state every field is closed but those that the model names. Recomputation goes on.
    3. Managed fields (who approved, when) are filled in by steps alone, fixed fields (who wrote it) are
       set when the record is created and stay.
    4. Two people at once: the second waits for the first and then reads what has become of the record.
    """

    _name = "sqms.workflow.mixin"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _description = "Workflow with guarded states"

    _workflow_field = "state"
    _workflow_initial = ("draft",)
    _workflow = ()  # of Transition
    _workflow_beyond = ()  # states that no step leads to: code of the model's own reaches them, and the ledger says so
    _workflow_locked = {}  # state -> names of the fields that stay open
    _workflow_managed = ()  # names of the fields that only steps fill in
    _workflow_fixed = ()  # names of the fields that stay as they were created
    # Written by the mail thread itself; refusing them would bounce a customer's answer.
    _workflow_always_open = ("message_main_attachment_id", "access_token", "email_cc", "message_follower_ids")

    workflow_steps = fields.Json(compute="_compute_workflow_steps", export_string_translation=False)

    # -- what people see ---------------------------------------------------

    @api.depends(lambda self: (self._workflow_field,) if self._workflow_field in self._fields else ())
    @api.depends_context("uid", "lang")
    def _compute_workflow_steps(self):
        for record in self:
            record.workflow_steps = record.transitions() if record.id else []

    def transitions(self):
        """The next steps of this record for the user at hand, in the order of the declaration.

        :return: list of `{name, label, allowed, reason, rare}`; `reason` says what is still missing.
            Steps of other roles are not in it, nor those that `_offers_<name>` withholds from this person.
        """
        self.ensure_one()
        if not self._workflow_may_write():
            return []
        return [
            {
                "name": step.name,
                "label": self.env._(step.label),
                "allowed": not reason,
                "reason": reason or "",
                "rare": step.rare,
            }
            for step in self._workflow
            if self[self._workflow_field] in step.source
            and self._workflow_user_may(step)
            and self._workflow_offers(step)
            for reason in [self._workflow_refusals(step).get(self.id)]
        ]

    # -- the only way ------------------------------------------------------

    def action_transition(self, name):
        """Take the records one step further: guard `_check_<name>`, write, effect `_on_<name>`.

        `_check_<name>` returns `{record id: why not}`; `_prepare_<name>_values` returns
        `{record id: values}` to be written together with the state; `_on_<name>` does the rest. All three
        take the whole recordset and need not exist. An automation rule that fires on the write changes
        nothing of a record that is locked by it.

        :return: what the effect returns (an action), or nothing
        :raise UserError: unknown step, wrong state, something missing
        :raise AccessError: the step belongs to another role
        """
        step = self._workflow_step(name)
        if not self:
            return None
        self._workflow_check_write()
        if not self._workflow_user_may(step):
            raise AccessError(
                self.env._(
                    "“%(step)s” is not open to your role on %(record)s.",
                    step=self.env._(step.label),
                    record=self[:1].display_name,
                )
            )
        self._workflow_lock_rows()
        refusals = {
            record.id: self.env._("it is already “%(state)s”", state=record._workflow_state_label())
            for record in self
            if record[self._workflow_field] not in step.source
        } or self._workflow_refusals(step)
        if refusals:
            raise UserError(
                "\n".join(
                    self.env._("“%(step)s” is not possible for %(record)s: %(reason)s.",
                               step=self.env._(step.label), record=record.display_name, reason=refusals[record.id])
                    for record in self
                    if record.id in refusals
                )
            )  # fmt: skip
        question = self._workflow_ask(step)
        if question:
            return question
        origin = {record.id: record[self._workflow_field] for record in self}
        prepare = getattr(self, f"_prepare_{step.name}_values", None)
        values = prepare() if prepare else {}
        alike = {}
        for record in self:
            own = values.get(record.id, {})
            alike.setdefault(repr(sorted(own.items())), [own, self.browse()])[1] |= record
        for own, records in alike.values():
            with open_pass(records, step.target, frozenset(own)):
                records._workflow_writer().write({**own, self._workflow_field: step.target})
                records.flush_recordset()
        self._workflow_moved(step, origin)
        effect = getattr(self, f"_on_{step.name}", None)
        return effect() if effect else None

    def _workflow_ask(self, step):
        """What the person must still give before the step is taken (a signature): an action, or nothing."""

    def _workflow_moved(self, step, origin):
        """The records have just reached `step.target`; `origin` holds `{record id: state before}`.

        Called before the effect `_on_<name>`: for what follows every step of every model (ledger, clocks).
        """

    def _workflow_step(self, name):
        for step in self._workflow:
            if step.name == name:
                return step
        raise UserError(self.env._("There is no step “%(name)s” for %(model)s.", name=name, model=self._description))

    def _workflow_may_write(self):
        """Whether the person may take steps of these records at all."""
        return self.has_access("write")

    def _workflow_check_write(self):
        """Refuse who may not; the one place that asks, for a model or a delegation to say otherwise."""
        self.check_access("write")

    def _workflow_writer(self):
        """The records as the step writes them."""
        return self

    def _workflow_person(self):
        """In whose name the step is taken: the user, or whom he stands in for.

        What a step asks of a role or of a named person it asks of him.
        """
        return self.env.user

    def _workflow_people(self):
        """Whose hands the step passes through: who wrote something is none of them."""
        return self.env.user | self._workflow_person()

    def _workflow_user_may(self, step):
        if self.env.su:
            return True
        groups = [group for group in step.groups.split(",") if group]
        return not step.system and (not groups or any(self.env.user.has_group(group) for group in groups))

    def _workflow_offers(self, step):
        offers = getattr(self, f"_offers_{step.name}", None)
        return not step.system and (offers is None or offers())

    def _workflow_refusals(self, step):
        """`{record id: reason}` of the records that the step is not open for yet."""
        refusals = {}
        for record in self:
            empty = [record._fields[name]._description_string(self.env) for name in step.required if not record[name]]
            if empty:
                refusals[record.id] = self.env._("please fill in %(fields)s", fields=", ".join(empty))
        check = getattr(self, f"_check_{step.name}", None)
        if check:
            refusals = {**(check() or {}), **refusals}
        return refusals

    def _workflow_lock_rows(self):
        """Wait for whoever works on the same records, then see them as they are now.

        Whoever waited gets a serialization failure; the request is then run again on the new state. That is
        the normal course of things and no line in the log.
        """
        if are_newborn(self):
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                tuple(self.ids),
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset([self._workflow_field])

    def _workflow_state_label(self, state=None):
        field = self._fields[self._workflow_field]
        state = state or self[self._workflow_field]
        return dict(field._description_selection(self.env)).get(state, state or "")

    def _workflow_note_import(self, reason):
        # Not `message_post`, nor messages made by hand: both ask several questions per record.
        if hasattr(self, "_message_log_batch"):
            self._message_log_batch(dict.fromkeys(self.ids, reason))
