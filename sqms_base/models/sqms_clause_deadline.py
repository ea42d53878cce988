from odoo import models
from odoo.tools import format_date

from ..lib.legal_limit import exceeds, falls_short
from .sqms_clock_step import WHOLE_DAYS


class SqmsClauseDeadline(models.Model):
    """What a clause means for a deadline: whether it binds on a day, and what it allows at most."""

    _inherit = "sqms.clause"

    def _why_not_binding(self, day):
        """Why no deadline may rest on this clause on a day, in words; nothing when it may."""
        self.ensure_one()
        clause, standard = self.sudo(), self.sudo().standard_id
        words = {"clause": clause.display_name, "standard": standard.display_name}
        if not clause.active or not standard.active:
            return self.env._("it rests on %(clause)s, which is archived", **words)
        if clause.verification_state != "verified":
            return self.env._("it rests on %(clause)s, which has to be verified first", **words)
        if standard.verification_state != "verified":
            return self.env._("it rests on %(clause)s; the standard %(standard)s has to be verified first", **words)
        status = standard._status_on(day)
        if status == "upcoming":
            return self.env._(
                "it rests on %(clause)s, which is in force from %(day)s only",
                day=format_date(self.env, standard.date_from), **words,
            )  # fmt: skip
        if status == "superseded":
            return self.env._(
                "it rests on %(clause)s, which is superseded by %(next)s",
                next=standard.superseded_by_id.display_name, **words,
            )  # fmt: skip
        if status == "ended":
            return self.env._(
                "it rests on %(clause)s, which was in force until %(day)s",
                day=format_date(self.env, standard.date_to), **words,
            )  # fmt: skip
        return False

    def _why_too_long(self, step):
        """Why a step of a regime does not keep to the period of this clause, in words; nothing when it does."""
        clause = self.sudo()
        if not clause.deadline_number or not clause.deadline_unit:
            return False
        promised = step.target if step.unit in WHOLE_DAYS else step.target / 3600
        period = (promised, step.unit, clause.deadline_number, clause.deadline_unit)
        words = {
            "step": step.name, "promise": step.target_label, "clause": clause.display_name,
            "limit": clause.deadline_label,
        }  # fmt: skip
        if clause.deadline_kind == "at_least":
            if falls_short(*period):
                return self.env._("“%(step)s” gives %(promise)s, less than %(clause)s asks for (%(limit)s)", **words)
        elif exceeds(*period):
            return self.env._("“%(step)s” takes %(promise)s, more than %(clause)s allows (%(limit)s)", **words)
        return False
