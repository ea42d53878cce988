from odoo import models
from odoo.fields import Domain

from .sqms_action import OFFICER, OPEN


class SqmsMorningAction(models.AbstractModel):
    """My actions with their deadlines; what others have done and waits for my verdict; effects to be checked.

    What was planned for me by hand on any record stands among my actions. Whose turn an action is, is told once.
    """

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_to_verify(), self._morning_to_check()]

    def _morning_actions(self):
        planned = Domain("user_id", "=", self.env.uid) & Domain("is_quality_action", "=", True)
        mine = Domain("owner_id", "=", self.env.uid) & Domain("state", "in", OPEN)
        actions = self.env["sqms.action"]
        owned = actions.has_access("read") and actions.search_count(mine, limit=1)
        return self._morning_section(
            "actions",
            [
                self._morning_source("sqms.action", mine, self._show_my_actions, due="date_due"),
                self._morning_source("mail.activity", planned, self._show_actions, due="date_deadline"),
            ],
            sequence=40,
            icon="fa-check-square-o",
            title=self.env._("My actions"),
            more={"xmlid": "sqms_base.sqms_action_action_mine" if owned else "sqms_base.mail_activity_action_mine"},
        )

    def _show_my_actions(self, actions):
        items = []
        for action in actions:
            words = [
                action.number,
                self.env._("from %s", action.origin_label) if action.origin_label else "",
                self.env._("evidence: %s", action.evidence_words) if action.evidence_words else "",
            ]
            items.append(
                self._morning_item(
                    action,
                    action.name,
                    {"xmlid": "sqms_base.sqms_action_action_mine"},
                    due=action.date_due,
                    subtitle=" · ".join(filter(None, words)),
                    icon="fa-wrench",
                    button=self.env._("Open"),
                )
            )
        return items

    # -- what waits for my verdict ---------------------------------------------------

    def _judged_by_me(self):
        """The actions that I may judge: I was asked, or I am an officer and nobody was; never what I worked on."""
        asked = Domain("verifier_id", "=", self.env.uid)
        if self.env.user.has_group(OFFICER):
            asked |= Domain("verifier_id", "=", False)
        return (
            asked
            & Domain("owner_id", "!=", self.env.uid)
            & Domain("done_by_id", "!=", self.env.uid)
            & Domain("doer_ids", "not in", [self.env.uid])
        )

    def _morning_to_verify(self):
        waiting = self._judged_by_me() & Domain("state", "=", "done")
        sources = [self._morning_source("sqms.action", waiting, self._show_to_verify, due="date_due")]
        if self.env.user.has_group(OFFICER):
            asked = Domain("state", "=", "asked") & Domain("asked_by_id", "!=", self.env.uid)
            mine = Domain("owner_id", "=", self.env.uid) | Domain("doer_ids", "in", [self.env.uid])
            others = Domain("action_id", "not any", mine)
            sources.append(
                self._morning_source("sqms.action.extension", asked & others, self._show_extensions, due="date_before")
            )
        return self._morning_section(
            "to_verify",
            sources,
            column="right",
            sequence=32,
            icon="fa-check",
            title=self.env._("To verify"),
            more=self._morning_all("sqms_base.sqms_action_action", waiting),
        )

    def _show_extensions(self, extensions):
        return [
            self._morning_item(
                extension,
                self.env._("More time for %s", extension.action_id.name),
                {"xmlid": "sqms_base.sqms_action_extension_action"},
                due=extension.date_before,
                subtitle=" · ".join([extension.display_name, extension.asked_by_id.sudo().name]),
                icon="fa-clock-o",
                button=self.env._("Decide"),
            )
            for extension in extensions
        ]

    def _show_to_verify(self, actions):
        return [
            self._morning_item(
                action,
                action.name,
                {"xmlid": "sqms_base.sqms_action_action"},
                subtitle=" · ".join(
                    filter(
                        None,
                        [
                            action.number,
                            self.env._("done by %s", action.sudo().done_by_id.name),
                            self.env._("evidence: %s", action.evidence_words) if action.evidence_words else "",
                        ],
                    )
                ),
                icon="fa-check-square-o",
                badge={"text": action.due_words, "tone": action.due_tone, "icon": action.due_icon}
                if action.due_words
                else None,
                button=self.env._("Verify"),
            )
            for action in actions
        ]

    def _morning_to_check(self):
        due = Domain("state", "=", "verified") & Domain("is_check_due", "=", True)
        person = self._judged_by_me()
        if self.env.user.has_group(OFFICER):
            # Who verified it is asked first, another officer only where he is gone.
            person &= (
                Domain("verifier_id", "=", self.env.uid)
                | Domain("verified_by_id", "=", self.env.uid)
                | Domain("verified_by_id.active", "=", False)
            )
        return self._morning_section(
            "to_check",
            [self._morning_source("sqms.action", person & due, self._show_to_check, due="date_check")],
            column="right",
            sequence=34,
            icon="fa-line-chart",
            title=self.env._("To check"),
            more=self._morning_all("sqms_base.sqms_action_action", person & due),
        )

    def _show_to_check(self, actions):
        return [
            self._morning_item(
                action,
                action.name,
                {"xmlid": "sqms_base.sqms_action_action"},
                due=action.date_check,
                subtitle=" · ".join(
                    filter(None, [action.number, self.env._("effective if %s", action.criterion_label)])
                ),
                icon="fa-line-chart",
                button=self.env._("Check"),
                headline=self.env._("Has it helped? %s", action.name),
            )
            for action in actions
        ]
