from odoo import models
from odoo.fields import Domain

from .helpdesk_ticket import OFFICERS, OPEN_STATES
from .sqms_morning import ACTION


class SqmsMorningSecondLevel(models.AbstractModel):
    """What a customer objects to and nobody looks at yet: it waits for the team's leader and for officers."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_second_level()]

    def _morning_second_level(self):
        waiting = (
            Domain("complaint_level", "=", "2")
            & Domain("is_complaint", "=", True)
            & Domain("user_id", "=", False)
            & Domain("complaint_state", "in", OPEN_STATES)
        )
        if not self.env.user.has_group(OFFICERS):
            waiting &= Domain("team_id.user_id", "=", self.env.uid)
        return self._morning_section(
            "complaints_second_level",
            self._complaint_sources(waiting, self._show_complaints),
            sequence=12,
            icon="fa-level-up",
            title=self.env._("Objections that nobody looks at"),
            more={"xmlid": ACTION, "context": {"search_default_unassigned": 1, "search_default_second_level": 1}},
        )
