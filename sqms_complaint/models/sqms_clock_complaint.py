from odoo import models
from odoo.tools import SQL

FIGURES = (
    "complaint_ack_due_at", "complaint_ack_on_time", "complaint_ack_late",
    "complaint_reply_due_at", "complaint_reply_on_time", "complaint_reply_late",
    "complaint_decision_due_at", "complaint_decision_on_time", "complaint_decision_late",
)  # fmt: skip


class SqmsClockComplaint(models.Model):
    """What lists and indicators ask of the deadlines of complaints stands on the complaint itself."""

    _inherit = "sqms.clock"

    def _refresh_records(self, records):
        tickets = {res_id for model, res_id in records if model == "helpdesk.ticket"}
        if tickets:
            self._refresh_tickets(sorted(tickets))
        return super()._refresh_records({record for record in records if record[0] != "helpdesk.ticket"})

    def _refresh_tickets(self, ids):
        """The nearest deadline and the figures of each complaint, in one UPDATE.

        Due is that of the last clock of the step. Late is a step of which any clock was missed, open or stopped; on
        time one that was stopped and never missed. A step that was neither counts for nothing yet.
        """
        of_step = SQL(", ").join(
            SQL(
                """(array_agg(c.due_at ORDER BY c.id DESC) FILTER (WHERE s.code = %(code)s))[1] AS %(due)s,
                   COALESCE(bool_and(c.met_at IS NOT NULL AND c.breached_at IS NULL)
                            FILTER (WHERE s.code = %(code)s), FALSE) AS %(on_time)s,
                   COALESCE(bool_or(c.breached_at IS NOT NULL) FILTER (WHERE s.code = %(code)s), FALSE) AS %(late)s""",
                code=code,
                due=SQL.identifier(f"complaint_{code}_due_at"),
                on_time=SQL.identifier(f"complaint_{code}_on_time"),
                late=SQL.identifier(f"complaint_{code}_late"),
            )
            for code in ("ack", "reply", "decision")
        )
        names = [SQL.identifier(name) for name in ("clock_due_at", "clock_nearest_id", *FIGURES)]
        columns = SQL(", ").join(names)
        self.env.cr.execute(SQL(
            """UPDATE helpdesk_ticket AS t SET (%(columns)s) = (%(values)s)
                 FROM (SELECT w.id AS res_id,
                              min(c.due_at) FILTER (WHERE c.met_at IS NULL) AS clock_due_at,
                              (array_agg(c.id ORDER BY c.due_at NULLS LAST, c.id) FILTER (WHERE c.met_at IS NULL))[1]
                                  AS clock_nearest_id,
                              %(of_step)s
                         FROM unnest(%(ids)s::int[]) AS w(id)
                    LEFT JOIN sqms_clock c
                           ON c.res_model = 'helpdesk.ticket' AND c.res_id = w.id AND c.start_at IS NOT NULL
                    LEFT JOIN sqms_clock_step s ON s.id = c.step_id
                     GROUP BY w.id) AS n
                WHERE t.id = n.res_id AND (%(own)s) IS DISTINCT FROM (%(values)s)""",
            columns=columns, of_step=of_step, ids=list(ids),
            values=SQL(", ").join(SQL("n.%s", name) for name in names),
            own=SQL(", ").join(SQL("t.%s", name) for name in names)))  # fmt: skip
        self.env["helpdesk.ticket"].browse(ids).invalidate_recordset(
            ["clock_due_at", "clock_nearest_id", "clock_badges", "clock_ids", *FIGURES], flush=False
        )

    def _on_breached(self):
        result = super()._on_breached()
        if tickets := self.filtered(lambda clock: clock.res_model == "helpdesk.ticket"):
            self.env["sqms.commitment"]._report_late_clocks(tickets)
        return result

    def _on_healed(self):
        result = super()._on_healed()
        if tickets := self.filtered(lambda clock: clock.res_model == "helpdesk.ticket"):
            self.env["sqms.commitment"]._take_back_late_clocks(tickets)
        return result
