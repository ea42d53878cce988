from odoo import models
from odoo.fields import Domain

OWN = "sqms_training.sqms_clearance_own_action"
ALL = "sqms_training.sqms_clearance_action"
OFFICER = "sqms_training.group_clearance"


class SqmsMorningClearance(models.AbstractModel):
    """Clearances on the start page: what waits for the person's own answer, and what waits for the officers."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_own_clearances(), self._morning_clearances()]

    def _morning_own_clearances(self):
        waiting = Domain("state", "=", "requested")
        return self._morning_section(
            "own_clearances",
            [self._morning_source("sqms.clearance.own", waiting, self._show_own_clearances)],
            sequence=44,
            icon="fa-id-badge",
            title=self.env._("Clearances that ask for your answer"),
            more={"xmlid": OWN},
        )

    def _show_own_clearances(self, rows):
        return [
            self._morning_item(
                row,
                row.rule_id.name,
                {"xmlid": OWN},
                subtitle=row.number,
                icon="fa-id-badge",
                button=self.env._("Read"),
                headline=self.env._("Read the notice for %s", row.rule_id.name),
            )
            for row in rows
        ]

    def _morning_clearances(self):
        if not self._has_group(OFFICER):
            return None
        waiting = Domain("state", "in", ("consented", "collected")) | (
            Domain("state", "=", "reviewed") & Domain("reviewed_by_id", "!=", self.env.uid)
        )
        return self._morning_section(
            "clearances",
            [self._morning_source("sqms.clearance", waiting, self._show_clearances, due="due_on")],
            sequence=45,
            icon="fa-id-badge",
            title=self.env._("Clearances"),
            more=self._morning_all(ALL, waiting),
        )

    def _show_clearances(self, rows):
        return [
            self._morning_item(
                row,
                row.rule_id.name,
                {"xmlid": ALL},
                due=row.due_on,
                subtitle=f"{row.number} · {row.person_name}",
                icon="fa-id-badge",
                note=row.waits_for,
                headline=self.env._("Go on with %s", row.number),
            )
            for row in rows
        ]
