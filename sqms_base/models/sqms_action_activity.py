from odoo import models

DO, VERIFY, CHECK = (f"sqms_base.mail_activity_type_action_{name}" for name in ("do", "verify", "check"))


class SqmsActionActivity(models.Model):
    """Whose turn it is, as one activity of the system per action.

    1. Planned or in progress: its owner, until the day it is due.
    2. Done: who was asked to verify it, else the owner of the nonconformity if he has not worked on it.
    3. Verified and to be checked: who was asked, else who verified it, until the day of the check.
    4. It follows the action: another owner, another day, another step.
    """

    _inherit = "sqms.action"

    def _plan_activities(self):
        """Bring the activities of these actions up to date: one search, one creation, one removal."""
        types = {name: self.env.ref(name, raise_if_not_found=False) for name in (DO, VERIFY, CHECK)}
        wanted = {action.id: turn for action in self.sudo() for turn in [action._whose_turn(types)] if turn}
        kept, stale = set(), self.env["mail.activity"].sudo()
        for activity in self._activities():
            turn = wanted.get(activity.res_id)
            if activity.res_id not in kept and turn == (
                activity.activity_type_id,
                activity.user_id,
                activity.date_deadline,
            ):
                kept.add(activity.res_id)
            else:
                stale |= activity
        stale.unlink()
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": id_,
                    "activity_type_id": kind.id,
                    "summary": self.with_context(lang=user.lang).browse(id_).sudo().name,
                    "user_id": user.id,
                    "automated": True,
                    "date_deadline": day,
                }
                for id_, (kind, user, day) in wanted.items()
                if id_ not in kept
            ]
        )

    def _whose_turn(self, types):
        """(type of activity, user, day), or nothing."""
        if self.state in ("planned", "started"):
            kind, user, day = DO, self.owner_id, self.date_due
        elif self.state == "done":
            asked = self.nonconformity_id.owner_id
            kind, day = VERIFY, self.company_id._sqms_today()
            user = self.verifier_id or (asked if asked not in self._hands() else asked.browse())
        elif self.state == "verified" and self.date_check:
            kind, user, day = CHECK, self.verifier_id or self.verified_by_id, self.date_check
        else:
            return None
        if not (types[kind] and day and user and user.active and not user.share):
            return None
        return types[kind], user, day

    def _action_activity_types(self):
        found = (self.env.ref(name, raise_if_not_found=False) for name in (DO, VERIFY, CHECK))
        return self.env["mail.activity.type"].union(*filter(None, found))

    def _activities(self):
        return self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("automated", "=", True),
                ("activity_type_id", "in", self._action_activity_types().ids),
            ]
        )  # fmt: skip
