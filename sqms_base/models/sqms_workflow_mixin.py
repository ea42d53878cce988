from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

ANY_STATE = object()
KEEP_STATE = object()
ANY_FIELD = None
# Who may move what to where, for the time of one write. Context keys come from the client and
# prove nothing; a ContextVar can be set by server code alone.
_pass = ContextVar("sqms_workflow_pass", default=None)


class _Pass(NamedTuple):
    model: str
    ids: frozenset
    target: object
    names: object  # of the fields that may be written; ANY_FIELD for all


@contextmanager
def _open_pass(records, target, names=ANY_FIELD):
    token = _pass.set(_Pass(records._name, frozenset(records.ids), target, names))
    try:
        yield
    finally:
        _pass.reset(token)


@contextmanager
def workflow_fields(records, *names):
    """Let a model's own code fill in managed fields of these records while their state stays.

    Python only: neither RPC nor server actions reach a module function.
    """
    with _open_pass(records, KEEP_STATE, frozenset(names)):
        yield
        records.flush_recordset(names)


@contextmanager
def workflow_import(records, reason):
    """Let records that come from elsewhere take the state they already had.

    Python only: neither RPC nor server actions reach a module function. The reason is posted on every
    record that has a chatter, so that an imported state is never mistaken for work done here.
    """
    with _open_pass(records, ANY_STATE):
        yield
        records.flush_recordset()
    records._workflow_note_import(reason)


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
    _inherit = ["sqms.keep.mixin"]
    _description = "Workflow with guarded states"

    _workflow_field = "state"
    _workflow_initial = ("draft",)
    _workflow = ()  # of Transition
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
        if not self.has_access("write"):
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
        self.check_access("write")
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
        prepare = getattr(self, f"_prepare_{step.name}_values", None)
        values = prepare() if prepare else {}
        alike = {}
        for record in self:
            own = values.get(record.id, {})
            alike.setdefault(repr(sorted(own.items())), [own, self.browse()])[1] |= record
        for own, records in alike.values():
            with _open_pass(records, step.target, frozenset(own)):
                records.write({**own, self._workflow_field: step.target})
                records.flush_recordset()
        effect = getattr(self, f"_on_{step.name}", None)
        return effect() if effect else None

    def _workflow_step(self, name):
        for step in self._workflow:
            if step.name == name:
                return step
        raise UserError(self.env._("There is no step “%(name)s” for %(model)s.", name=name, model=self._description))

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

    # -- guards ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._workflow_guard_initial(vals)
        return super().create(vals_list)

    def _create(self, data_list):
        # Defaults from the context and from ir.default are merged below `create`.
        for data in data_list:
            self._workflow_guard_initial(data["stored"])
        return super()._create(data_list)

    def _workflow_guard_initial(self, vals):
        state = vals.get(self._workflow_field, self._workflow_initial[0])
        if (state or False) not in self._workflow_initial:
            raise UserError(
                self.env._(
                    "A new %(model)s starts as “%(initial)s” and reaches “%(state)s” by its own steps.",
                    model=self._description,
                    initial=self._workflow_state_label(self._workflow_initial[-1]),
                    state=self._workflow_state_label(state),
                )
            )
        for name in self._workflow_managed:
            if vals.get(name):
                self._workflow_refuse_managed(name)

    def copy_data(self, default=None):
        """A copy starts anew: neither the state nor what the steps filled in comes along."""
        given = default or {}
        return [
            {
                name: value
                for name, value in vals.items()
                if name in given or name not in (self._workflow_field, *self._workflow_managed)
            }
            for vals in super().copy_data(default)
        ]

    def write(self, vals):
        field = self._workflow_field
        moved = self.browse()
        if field in vals:
            moved = self.filtered(lambda record: (record[field] or False) != (vals[field] or False))
            moved._workflow_guard_state(vals[field])
            if not moved:
                vals = {key: value for key, value in vals.items() if key != field}
                if not vals:
                    return True
        # The one write that moves a record under its pass may carry what overrides add to it.
        (self - moved)._workflow_guard_managed(vals)
        (self - moved)._workflow_guard_locked(vals)
        return super().write(vals)

    def _write_multi(self, vals_list):
        # The last gate before the UPDATE: whatever overrides, computes or field objects did above.
        for record, vals in zip(self, vals_list, strict=True):
            if self._workflow_field in vals:
                record._workflow_guard_state(vals[self._workflow_field])
            # Recomputed fields arrive here as well, and go on.
            record._workflow_guard_managed(name for name in vals if not self._fields[name].compute)
        return super()._write_multi(vals_list)

    def _workflow_passed(self, names):
        """Whether the open pass covers the named fields of these records."""
        granted = _pass.get()
        return bool(
            granted
            and granted.model == self._name
            and granted.ids.issuperset(self.ids)
            and (granted.names is ANY_FIELD or granted.names.issuperset(names))
        )

    def _workflow_guard_state(self, target):
        granted = _pass.get()
        if not self or (self._workflow_passed(()) and granted.target in (ANY_STATE, target)):
            return
        record = self[0]
        labels = [
            self.env._(step.label)
            for step in self._workflow
            if record[self._workflow_field] in step.source and step.target == target
        ] or [self.env._(step.label) for step in self._workflow if record[self._workflow_field] in step.source]
        label = record._workflow_state_label(target)
        if labels:
            raise UserError(
                self.env._(
                    "%(record)s does not become “%(state)s” this way. Please use the button %(buttons)s.",
                    record=record.display_name,
                    state=label,
                    buttons=" / ".join(f"“{button}”" for button in labels),
                )
            )
        raise UserError(
            self.env._(
                "%(record)s does not become “%(state)s”: no step leads there from here.",
                record=record.display_name,
                state=label,
            )
        )

    def _workflow_guard_managed(self, names):
        """Refuse to write the managed or fixed ones among the named fields."""
        closed = sorted({*self._workflow_managed, *self._workflow_fixed}.intersection(names)) if self else []
        if closed and not self._workflow_passed(closed):
            self._workflow_refuse_managed(closed[0])

    def _workflow_refuse_managed(self, name):
        raise UserError(
            self.env._(
                "“%(field)s” of a %(model)s is filled in by the system and cannot be written.",
                field=self._fields[name]._description_string(self.env),
                model=self._description,
            )
        )

    def _workflow_guard_locked(self, names):
        """Refuse to change the named fields of locked records.

        :param names: field names (a dict of values will do)
        """
        names = set(names) - {*self._workflow_always_open, self._workflow_field}
        if not names or not self._workflow_locked or self._workflow_passed(names):
            return
        for record in self:
            still_open = self._workflow_locked.get(record[self._workflow_field])
            closed = sorted(names - set(still_open)) if still_open is not None else []
            if closed:
                raise AccessError(
                    self.env._(
                        "%(record)s is “%(state)s”: %(field)s can no longer be changed.",
                        record=record.display_name,
                        state=record._workflow_state_label(),
                        field=self._fields[closed[0]]._description_string(self.env)
                        if closed[0] in self._fields
                        else closed[0],
                    )
                )

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._workflow_guard_managed({field_name})
        self._workflow_guard_locked({field_name})
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        for record in self:
            if record[self._workflow_field] in self._workflow_locked:
                raise AccessError(
                    self.env._(
                        "%(record)s is “%(state)s” and is kept: it cannot be deleted.",
                        record=record.display_name,
                        state=record._workflow_state_label(),
                    )
                )
