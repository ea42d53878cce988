from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.clock import derive
from ..lib.clock_pass import managing_clocks
from ..lib.clock_rungs import rung_instants
from .sqms_clock_derive import moment, seconds

CHUNK = 1000


class SqmsClockEscalation(models.Model):
    """The ladder of notices: who is told of a deadline, each minute, by what is due and not by what there is.

    1. A clock stands in the pass when its next instant has come: a rung, or its own lateness.
    2. The notices, the activities and the next instant of a clock are one transaction: broken off, a run leaves all of
       them or none. The mails of a person are one, written when nothing is left to do, and queued.
    3. Two runs at once take different clocks.
    4. Of several rungs reached since the last run only the highest is told; those of the same instant are one rung.
    """

    _inherit = "sqms.clock"

    notice_ids = fields.One2many("sqms.clock.notice", "clock_id", string="Notices", readonly=True)

    # -- the pass ------------------------------------------------------------------------

    @api.model
    def _cron_escalate(self, chunk=CHUNK):
        progress = self.env["ir.cron"]._commit_progress
        if left := self._count_reached():
            # Committing first gives each chunk a view of its own: what others do meanwhile does not fail it.
            progress(remaining=left)
            taken = []
            while ids := self._take_reached(chunk, taken):
                self.browse(ids)._escalate()
                taken += ids
                if not progress(len(ids)):
                    return
            progress(remaining=0)
        self.env["sqms.clock.notice"]._write_mails()
        self._come_back()

    def _count_reached(self):
        now = fields.Datetime.now()
        return self.env.execute_query(SQL("SELECT count(*) FROM sqms_clock WHERE next_at <= %s", now))[0][0]

    def _take_reached(self, chunk, taken):
        """The next clocks whose instant has come, locked until the commit; those that others hold are left to them."""
        rows = self.env.execute_query(SQL(
            """SELECT id FROM sqms_clock WHERE next_at <= %(now)s AND id != ALL(%(taken)s)
                ORDER BY next_at, id LIMIT %(chunk)s FOR NO KEY UPDATE SKIP LOCKED""",
            now=fields.Datetime.now(), taken=list(taken), chunk=chunk))  # fmt: skip
        return [row[0] for row in rows]

    def _come_back(self):
        """What is reached before the next minute has an appointment of its own."""
        now = fields.Datetime.now()
        (soonest,) = self.env.execute_query(SQL("SELECT min(next_at) FROM sqms_clock WHERE next_at > %s", now))[0]
        if soonest and soonest < now + timedelta(minutes=1):
            cron = self.env.ref("sqms_base.ir_cron_clock_escalation", raise_if_not_found=False)
            if cron:
                cron._trigger(at=soonest)

    # -- one chunk --------------------------------------------------------------------------

    def _escalate(self):
        """Tell what these clocks have reached, mark what has become late, and set their next instant."""
        now = seconds(fields.Datetime.now())
        told, passed = self._reached_rungs(now)
        self._tell(told, passed, moment(now))
        self._refresh()

    def _reached_rungs(self, now):
        """(to be told, passed) as lists of (clock id, rung id, instant, due, epoch)."""
        rows, events, book = self._load(self.ids)
        before = self._told_rungs(self.ids)
        told, passed = [], []
        for row in rows:
            clock_id, epoch, armed = row[0], row[7], row[16]
            state = derive(events.get(clock_id, ()), now)
            if state.start is None:
                continue
            rungs = book.rungs_of(state.terms)
            reached = [
                (instant, rung)
                for instant, rung in rung_instants(state, rungs)
                if instant <= now and rung not in before.get(clock_id, ()) and (armed is None or instant > armed)
            ]
            highest = max((instant for instant, _rung in reached), default=None)
            for instant, rung in reached:
                (told if instant == highest else passed).append((clock_id, rung, instant, state.due, epoch))
        return told, passed

    def _tell(self, told, passed, now):
        """Write the notices, with the activities of those told."""
        Notice = self.env["sqms.clock.notice"].sudo()
        people = self._people_to_tell(told)
        activities = self._create_activities(told, people)
        values = []
        for state, reached in (("told", told), ("passed", passed)):
            for clock_id, rung_id, instant, _due, epoch in reached:
                users = people.get((clock_id, rung_id), self.env["res.users"]) if state == "told" else None
                values.append({
                    "clock_id": clock_id, "rung_id": rung_id, "epoch": epoch, "state": state,
                    "reached_at": moment(instant), "told_at": now if users else False,
                    "user_ids": [(6, 0, users.ids)] if users else False,
                    "activity_ids": [(6, 0, activities.get((clock_id, rung_id), []))] if users else False,
                    "to_mail": bool(users) and self._is_mailed(clock_id, rung_id),
                })  # fmt: skip
        with managing_clocks():
            Notice.create(values).flush_recordset()
        self._log_told(told, people)

    def _is_mailed(self, clock_id, rung_id):
        rung = self.env["sqms.clock.rung"].sudo().browse(rung_id)
        return rung.by != "activity" or not self._has_activities(self.browse(clock_id).res_model)

    def _has_activities(self, model):
        return model in self.env and "activity_ids" in self.env[model]._fields

    # -- what the counting asks, and what becomes of notices ------------------------------------

    def _told_rungs(self, ids):
        told = super()._told_rungs(ids)
        self.env["sqms.clock.notice"].flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT n.clock_id, n.rung_id FROM sqms_clock_notice n
                 JOIN sqms_clock c ON c.id = n.clock_id AND c.epoch = n.epoch
                WHERE n.clock_id = ANY(%s)""", list(ids)))  # fmt: skip
        for clock_id, rung_id in rows:
            told.setdefault(clock_id, set()).add(rung_id)
        return told

    def _withdraw_notices(self):
        result = super()._withdraw_notices()
        notices = self.env["sqms.clock.notice"].sudo()
        notices.search([("clock_id", "in", self.ids), ("state", "!=", "withdrawn")])._withdraw()
        return result

    def _create_events(self, values, now):
        result = super()._create_events(values, now)
        if stopped := [own["clock_id"] for own in values if own["kind"] == "stop"]:
            self.env["sqms.clock.notice"].sudo().search([("clock_id", "in", stopped)])._settle()
        return result
