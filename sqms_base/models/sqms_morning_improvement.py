from odoo import api, models
from odoo.fields import Domain

from .sqms_improvement import CERTIFIER, OFFICER

BADGES = {
    "proposed": ("secondary", "fa-clock-o"),
    "assessed": ("warning", "fa-hourglass-half"),
    "adopted": ("success", "fa-check"),
    "implemented": ("success", "fa-check"),
    "verified": ("success", "fa-check-circle"),
    "rejected": ("danger", "fa-times"),
}
NEWEST = 3


class SqmsMorningImprovement(models.AbstractModel):
    """Improvements on the start page.

    1. Everybody finds a line in which to propose something, and the newest of his proposals with what became of them.
    2. Ideas wait for the owner of the process; those without one for the officers.
    3. What somebody carries out waits for him.
    """

    _inherit = "sqms.morning"

    @api.model
    @api.readonly
    def get_morning(self):
        return {**super().get_morning(), "proposal": self._morning_proposal()}

    def _morning_proposal(self):
        """The box “Propose an improvement”: `{"items", "count", "more"}`, or nothing for those who do not propose."""
        ideas = self.env["sqms.improvement"]
        if not ideas.has_access("create"):
            return False
        mine = self._morning_own_ideas()
        newest = ideas.search(mine, order="write_date DESC, id DESC", limit=NEWEST)
        return {
            "items": [self._morning_plain(item) for item in self._show_own_ideas(newest)],
            "count": ideas.search_count(mine),
            "points": self.env["sqms.reward.point"]._totals(self.env.user).get(self.env.uid, 0),
            "more": {"xmlid": "sqms_base.sqms_improvement_action_mine"},
        }

    def _morning_own_ideas(self):
        return Domain("author_id", "=", self.env.uid) | Domain("team_ids", "in", [self.env.uid])

    def _show_own_ideas(self, ideas):
        rows = self.env["sqms.reward.point"]._read_group(
            [("improvement_id", "in", ideas.ids), ("user_id", "=", self.env.uid)], ["improvement_id"], ["points:sum"]
        )
        points = {idea.id: number for idea, number in rows}
        return [
            self._morning_item(
                idea,
                idea.name,
                {"xmlid": "sqms_base.sqms_improvement_action_mine"},
                subtitle=" · ".join(
                    filter(
                        None,
                        [
                            idea.number,
                            idea.state != "rejected" and idea._minutes_words(),
                            points.get(idea.id) and self.env._("%s points", points[idea.id]),
                            idea.state == "rejected" and (idea.reject_reason or "").partition("\n")[0],
                        ],
                    )
                ),
                icon="fa-lightbulb-o",
                badge={
                    "text": idea._workflow_state_label(),
                    "tone": BADGES[idea.state][0],
                    "icon": BADGES[idea.state][1],
                },
            )
            for idea in ideas
        ]

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_ideas(), self._morning_carried_out()]

    def _morning_ideas(self):
        """Ideas that this person assesses or decides on."""
        if self.env.user.has_group(CERTIFIER):
            return None
        own = Domain("process_id.owner_id", "=", self.env.uid)
        if self.env.user.has_group(OFFICER):
            own |= Domain("process_id", "=", False) | Domain("process_id.owner_id", "=", False)
        # Controlled changes that are assessed are signed, and stand there.
        waiting = Domain("state", "=", "proposed") | (
            Domain("state", "=", "assessed") & Domain("improvement_type", "=", "kaizen")
        )
        domain = waiting & own & ~self._morning_own_ideas()
        return self._morning_section(
            "ideas",
            [self._morning_source("sqms.improvement", domain, self._show_ideas, order="create_date, id")],
            sequence=50,
            icon="fa-lightbulb-o",
            title=self.env._("Ideas to decide on"),
            more=self._morning_all("sqms_base.sqms_improvement_action", domain),
        )

    def _show_ideas(self, ideas):
        return [
            self._morning_item(
                idea,
                idea.name,
                {"xmlid": "sqms_base.sqms_improvement_action"},
                subtitle=" · ".join([idea.number, idea.sudo().author_id.name, idea._workflow_state_label()]),
                icon="fa-lightbulb-o",
                button=self.env._("Decide"),
            )
            for idea in ideas
        ]

    def _morning_carried_out(self):
        domain = Domain("owner_id", "=", self.env.uid) & Domain("state", "=", "adopted")
        return self._morning_section(
            "improvements",
            [self._morning_source("sqms.improvement", domain, self._show_carried_out, due="date_planned")],
            sequence=45,
            icon="fa-rocket",
            title=self.env._("Improvements I carry out"),
            more=self._morning_all("sqms_base.sqms_improvement_action", domain),
        )

    def _show_carried_out(self, ideas):
        return [
            self._morning_item(
                idea,
                idea.name,
                {"xmlid": "sqms_base.sqms_improvement_action"},
                due=idea.date_planned,
                subtitle=" · ".join(filter(None, [idea.number, idea.sudo().process_id.display_name])),
                icon="fa-rocket",
                button=self.env._("Open"),
            )
            for idea in ideas
        ]
