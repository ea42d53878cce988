from odoo import models
from odoo.fields import Domain

from .sqms_nonconformity import MANAGER, OPEN_STATES, TOP

# What its owner has to do himself; from then on it is the turn of the actions, and of who closes it.
OWNERS = ("found", "contained", "cause")


class SqmsMorningNonconformity(models.AbstractModel):
    """Owners see what they have to contain and to understand, managers what waits to be closed or has no owner."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_nonconformities(), self._morning_to_close()]

    def _morning_nonconformities(self):
        domain = Domain("owner_id", "=", self.env.uid) & Domain("state", "in", OWNERS)
        if any(self.env.user.has_group(group) for group in (MANAGER, TOP)):
            domain |= Domain("escalated_to_id", "=", self.env.uid) & Domain("state", "in", OPEN_STATES)
        if self.env.user.has_group(MANAGER):
            domain |= Domain("owner_id", "=", False) & Domain("state", "in", OWNERS)
        return self._morning_section(
            "nonconformities",
            [
                self._morning_source(
                    "sqms.nonconformity", domain, self._show_nonconformities, order="contain_due_at, id"
                )
            ],
            sequence=36,
            icon="fa-exclamation-circle",
            title=self.env._("My nonconformities"),
            more=self._morning_all("sqms_base.sqms_nonconformity_action", domain),
        )

    def _show_nonconformities(self, ncs):
        grades = dict(ncs._fields["grade"]._description_selection(self.env))
        return [
            self._morning_item(
                nc,
                nc.name,
                {"xmlid": "sqms_base.sqms_nonconformity_action"},
                due=nc.contain_due_at if nc.state == "found" else None,
                subtitle=" · ".join(filter(None, (nc.number, grades[nc.grade], nc._morning_words()))),
                icon="fa-exclamation-circle",
                button=self.env._("Open"),
            )
            for nc in ncs
        ]

    def _morning_to_close(self):
        if not self.env.user.has_group(MANAGER):
            return None
        domain = (
            Domain("state", "=", "effective")
            & Domain("author_id", "!=", self.env.uid)
            & Domain("past_owner_ids", "not in", [self.env.uid])
            & Domain("action_ids", "not any", [("doer_ids", "in", [self.env.uid])])
        )
        return self._morning_section(
            "to_close",
            [self._morning_source("sqms.nonconformity", domain, self._show_to_close, order="found_at, id")],
            column="right",
            sequence=36,
            icon="fa-check-circle-o",
            title=self.env._("To close"),
            more=self._morning_all("sqms_base.sqms_nonconformity_action", domain),
        )

    def _show_to_close(self, ncs):
        return [
            self._morning_item(
                nc,
                nc.name,
                {"xmlid": "sqms_base.sqms_nonconformity_action"},
                subtitle=" · ".join(filter(None, (nc.number, nc.process_id.display_name))),
                icon="fa-check-circle-o",
                button=self.env._("Decide"),
            )
            for nc in ncs
        ]
