from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..lib.newborn import note_newborn
from ..lib.workflow_pass import passed, passed_to


class SqmsWorkflowMixinGuard(models.AbstractModel):
    """The guards: every other way to a state, a managed field or a locked record is refused here."""

    _inherit = "sqms.workflow.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._workflow_guard_initial(vals)
        records = super().create(vals_list)
        note_newborn(records)
        return records

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

    def _workflow_guard_state(self, target):
        if not self or passed_to(self, target):
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
        if closed and not passed(self, closed):
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
        if not names or not self._workflow_locked or passed(self, names):
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
