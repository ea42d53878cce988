from odoo import fields, models

from odoo.addons.sqms_base.lib.privacy import KEEP, WORDS, Retention

ENDED = ("passed", "failed", "absent", "cancelled")


class SqmsTrainingEnrolmentPrivacy(models.Model):
    """What is said of somebody who learnt goes when its time is over; results, dates and figures stay."""

    _inherit = "sqms.training.enrolment"

    _privacy_fields = {
        **dict.fromkeys(("reason", "end_reason", "effect_reason", "reaction_comment"), WORDS),
        "exam_counted": KEEP,
        "exam_token": KEEP,
    }
    _retention = Retention(
        event="ended_at", due="retention_date", erased="erased_at", filters=("state", "course_id"),
        domain=(("state", "in", ENDED),),
    )  # fmt: skip

    retention_date = fields.Date("Words Kept Until", readonly=True, copy=False, index="btree_not_null")
    erased_at = fields.Datetime("Words Erased On", readonly=True, copy=False)

    def write(self, vals):
        result = super().write(vals)
        if "ended_at" in vals:
            self.env["sqms.retention"].sudo()._set_dates(self._name, self.ids)
        return result

    def _privacy_obstacles(self, open_too=True):
        """`{record id: reason}` of trainings that still go on, or whose effect waits to be judged."""
        return {
            enrolment.id: self.env._("the training is not over")
            for enrolment in self
            if open_too
            and (
                enrolment.state not in ENDED
                or (enrolment.state == "passed" and enrolment.effect_due_on and not enrolment.effect_result)
            )
        }
