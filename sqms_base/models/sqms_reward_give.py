from collections import defaultdict

from odoo import models


class SqmsRewardGive(models.Model):
    """Handing over: points, badges, and what is said of money.

    1. The points of a person are the rows of `sqms.reward.point`: nobody writes them but this, none is ever changed or
       deleted, and the database has at most one for each share.
    2. They are added to Odoo's karma as well, so that ranks work. Karma is not the book of record: Odoo's own job
       merges its trackings after two months and drops their reasons, it is shared with whatever else gives karma, and
       it is the value of the latest tracking instead of a sum. So the users are locked first, karma is read fresh, and
       what one person receives in one go is one tracking.
    3. Who has no user that works here receives money only; the chatter says so by name.
    """

    _inherit = "sqms.reward"

    def _hand_over(self):
        rewards = self.sudo()
        shares = rewards.share_ids
        reached = shares.filtered(lambda share: share._reached())
        reached._reached_users()._sqms_hold()
        points = self.env["sqms.reward.point"].sudo().create(
            [
                {"share_id": share.id, "user_id": share._reached().id, "points": share.points}
                for share in reached
                if share.points
            ]
        )  # fmt: skip
        self._add_karma(points)
        self._grant_badges(reached)
        for reward in self:
            reward.sudo().message_post(
                body=reward._words_of_giving(),
                author_id=self.env.user.partner_id.id,
                partner_ids=reward._beneficiaries().filtered("active").partner_id.ids,
            )

    def _add_karma(self, points):
        gains, numbers = defaultdict(int), defaultdict(list)
        for point in points:
            gains[point.user_id] += point.points
            numbers[point.user_id].append(point.share_id.reward_id.number)
        users = self.env["res.users"].sudo()
        for user in gains:
            users |= user
        # What another transaction has given since this one began is counted in.
        users.invalidate_recordset(["karma"])
        users._add_karma_batch(
            {
                user: {"gain": gain, "reason": self.env._("Reward %s", ", ".join(numbers[user]))}
                for user, gain in gains.items()
            }
        )

    def _grant_badges(self, shares):
        self.env["gamification.badge.user"].sudo().create(
            [
                {
                    "user_id": share._reached().id,
                    "sender_id": self.env.uid,
                    "badge_id": share.reward_id.badge_id.id,
                    "comment": share.reward_id.improvement_id.name,
                }
                for share in shares
                if share.reward_id.badge_id
            ]
        )  # fmt: skip

    def _words_of_giving(self):
        """What was given, and to whom it could not be given."""
        lines = []
        for share in self.sudo().share_ids:
            what = ", ".join(filter(None, share._words()))
            if what:
                lines.append(self.env._("%(name)s: %(what)s", name=share.name, what=what))
            if not share._reached() and (share.points or self.badge_id):
                lines.append(
                    self.env._("%s has no user here: points and badge cannot reach anybody, money only.", share.name)
                )
        return "\n".join(lines)
