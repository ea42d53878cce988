from odoo import models
from odoo.fields import Domain

from .sqms_feedback import MANAGER, OFFICER


class SqmsMorningFeedback(models.AbstractModel):
    """For officers the feedback that waits for an answer; for everybody the way to say something."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_feedback()]

    def _morning_offers(self):
        return [
            *super()._morning_offers(),
            {
                "icon": "fa-comment-o",
                "title": self.env._("Tell us: an idea, praise, a concern"),
                "action": {"xmlid": "sqms_base.sqms_feedback_action_mine"},
            },
        ]

    def _morning_feedback(self):
        if not self._has_group(OFFICER, MANAGER):
            return None
        mine = Domain("owner_id", "in", [False, self.env.uid])
        domain = mine & Domain("answered_on", "=", False) & Domain("state", "!=", "closed")
        return self._morning_section(
            "feedback",
            [self._morning_source("sqms.feedback", domain, self._show_feedback, due="date_due")],
            sequence=45,
            icon="fa-comment-o",
            title=self.env._("Feedback to answer"),
            more=self._morning_all("sqms_base.sqms_feedback_action", domain),
        )

    def _show_feedback(self, feedback):
        kinds = dict(feedback._fields["kind"]._description_selection(self.env))
        return [
            self._morning_item(
                record,
                record.name,
                {"xmlid": "sqms_base.sqms_feedback_action"},
                due=record.date_due,
                subtitle=" · ".join(filter(None, (kinds[record.kind], record.sudo().process_id.name))),
                icon="fa-comment-o",
                button=self.env._("Answer"),
                headline=self.env._("Answer %s", record.display_name),
            )
            for record in feedback
        ]
