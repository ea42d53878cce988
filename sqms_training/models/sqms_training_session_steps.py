from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_datetime


class SqmsTrainingSession(models.Model):
    """Opening, beginning, closing a session, and what is refused on the way."""

    _inherit = "sqms.training.session"

    @api.depends("number", "course_id", "date_start")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for session in self:
            day = session.date_start and format_datetime(self.env, session.date_start, dt_format="medium")
            session.display_name = " · ".join(filter(None, (session.course_id.name, day or session.number)))

    # -- what a session may be -----------------------------------------------------

    @api.constrains("seats")
    def _check_seats(self):
        """Who was let in first sits: the sentence comes before the database says no."""
        groups = (
            self.env["sqms.training.enrolment"]
            .sudo()
            ._read_group([("session_id", "in", self.ids), ("state", "!=", "cancelled")], ["session_id"], ["__count"])
        )
        for session, count in groups:
            if session.seats and count > session.seats:
                raise ValidationError(
                    self.env._(
                        "%(session)s has %(seats)s seats, and %(count)s would be enrolled. Choose another session, "
                        "or leave the session empty: they wait for the next one.",
                        session=session.display_name,
                        seats=session.seats,
                        count=count,
                    )
                )

    @api.constrains("trainer_id", "trainer_partner_id", "date_start", "date_end", "state")
    def _check_trainer_is_free(self):
        self.flush_model(["trainer_id", "trainer_partner_id", "date_start", "date_end", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT session.id, other.id
                  FROM sqms_training_session AS session
                  JOIN sqms_training_session AS other
                    ON other.id != session.id
                   AND other.state IN ('planned', 'open', 'held')
                   AND other.date_start < session.date_end
                   AND other.date_end > session.date_start
                   AND (other.trainer_id = session.trainer_id
                        OR other.trainer_partner_id = session.trainer_partner_id)
                 WHERE session.id IN %(ids)s
                   AND session.state IN ('planned', 'open', 'held')
                 LIMIT 1
                """,
                ids=tuple(self.ids) or (0,),
            )
        )
        for id_, other_id in rows:
            session, other = self.browse(id_).sudo(), self.browse(other_id).sudo()
            raise ValidationError(
                self.env._(
                    "%(trainer)s cannot hold %(session)s: another session at that time is %(other)s.",
                    trainer=session.trainer_id.name or session.trainer_partner_id.name,
                    session=session.display_name,
                    other=other.display_name,
                )
            )

    @api.constrains("trainer_id")
    def _check_trainer_is_no_pupil(self):
        self.sudo().enrolment_ids.filtered(lambda enrolment: enrolment.state != "cancelled")._check_trainer()

    @api.constrains("course_id")
    def _check_course_stays(self):
        for session in self.sudo():
            if session.enrolment_ids.course_id - session.course_id:
                raise ValidationError(
                    self.env._("%(session)s has enrolments in its course.", session=session.display_name)
                )

    # -- steps --------------------------------------------------------------------

    def _check_open(self):
        reasons = {}
        for session in self:
            not_ready = session.course_id.sudo()._not_ready()
            if not_ready:
                reasons[session.id] = not_ready
            elif not (session.trainer_id or session.trainer_partner_id):
                reasons[session.id] = self.env._("nobody holds it yet: name the trainer")
        return reasons

    def _on_open(self):
        for session in self:
            session._invite(session.enrolment_ids)

    def _check_begin(self):
        return {
            session.id: self.env._("nobody is enrolled")
            for session in self
            if not session.sudo().enrolment_ids.filtered(lambda row: row.state in ("enrolled", "running"))
        }

    def _prepare_begin_values(self):
        return dict.fromkeys(self.ids, {"begun_at": fields.Datetime.now()})

    def _on_begin(self):
        self.sudo().enrolment_ids.filtered(lambda row: row.state == "enrolled").action_transition("start")

    def _check_close(self):
        reasons = {}
        for session in self:
            open_parts = (
                session.sudo()
                .enrolment_ids.filtered(lambda row: row.state == "running")
                .part_ids.filtered(lambda part: not part.result)
            )
            if open_parts:
                names = open_parts.employee_id.mapped("name")
                reasons[session.id] = self.env._("attendance is not taken of %(names)s", names=", ".join(names))
        return reasons

    def _prepare_close_values(self):
        return dict.fromkeys(self.ids, {"closed_at": fields.Datetime.now()})

    def _on_close(self):
        self.enrolment_ids._settle()

    def _on_cancel(self):
        """Whoever was enrolled waits for another session."""
        for session in self:
            waiting = session.enrolment_ids.filtered(lambda row: row.state == "enrolled")
            session._tell(waiting, self.env._("%(session)s is cancelled", session=session.display_name))
            waiting.session_id = False

    def action_open_parts(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sqms_training.sqms_training_enrolment_part_action")
        return {**action, "domain": [("session_id", "=", self.id)], "context": {}}

    # -- tell them ------------------------------------------------------------------

    def _invite(self, enrolments):
        self._tell(
            enrolments.filtered(lambda row: row.state in ("enrolled", "running")),
            self.env._("You are enrolled: %(session)s", session=self.display_name),
        )

    def _tell(self, enrolments, subject):
        """One message for all, to those who have an account."""
        self.ensure_one()
        partners = enrolments.sudo().employee_id.user_id.partner_id
        if not partners:
            return
        words = [self.location, self.note, self.cancel_reason if self.state == "cancelled" else ""]
        self.message_notify(partner_ids=partners.ids, subject=subject, body="\n".join(filter(None, [subject, *words])))
