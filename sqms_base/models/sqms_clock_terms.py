from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ..lib.clock import IN_HOURS, Event, Terms, select
from ..lib.clock_timetable import Timetable
from .sqms_clock_derive import moment, seconds

WORKING_SECONDS_A_YEAR = 1000 * 3600
WORKING_DAYS_A_YEAR = 150


class Book:
    """The terms that clocks are held to, each resolved once: by step, calendar, company and way of recounting."""

    def __init__(self, env, years):
        self.env, self.years = env, years
        self.terms, self.source = {}, {}
        self.data = env["sqms.clock.step"]._data

    def find(self, step_id, calendar_id, company_id, recount, tz):
        key = (step_id, calendar_id, company_id, recount)
        if key not in self.terms:
            values = dict(self.data(step_id)["terms"])
            if recount:
                values["recount"] = recount
            timetable = self.env["sqms.clock"]._timetable(calendar_id, company_id, tz, *self.years)
            self.terms[key] = self.note(Terms(timetable=timetable, **values), key)
        return self.terms[key]

    def note(self, terms, key):
        # By identity: two steps may be counted alike. The terms are kept, so that no other object takes their id.
        self.source[id(terms)] = (terms, *key)
        return terms

    def rungs_of(self, terms):
        return self.data(self.step_of(terms)[0])["rungs"]

    def step_of(self, terms):
        """(step id, calendar id) that the terms were made of."""
        return self.source[id(terms)][1:3]


class SqmsClockTerms(models.Model):
    """How the rows of the database become the plain data that the core counts with."""

    _inherit = "sqms.clock"

    @api.model
    @ormcache("calendar_id", "company_id", "tz", "first_year", "last_year")
    def _timetable(self, calendar_id, company_id, tz, first_year, last_year):
        """The working time of a calendar for a company, ready to be asked; kept until working time changes."""
        calendar = self.env["resource.calendar"].sudo().browse(calendar_id).exists()
        if not calendar:
            return Timetable(tz or "UTC")
        if calendar.flexible_hours:
            return Timetable(calendar.tz, flexible=True)
        company = self.env["res.company"].browse(company_id)
        return Timetable.of(calendar._sqms_working_time(company, first_year, last_year))

    @api.model
    def _load(self, ids):
        """The clocks with their events, as plain data: `(rows, {clock id: [Event]}, Book)`. Three queries and what is
        not in the cache yet of steps and working time."""
        self.env["sqms.clock"].flush_model()
        self.env["sqms.clock.event"].flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT c.id, c.res_model, c.res_id, c.company_id, c.step_id, c.calendar_id, c.tz, c.epoch,
                      extract(epoch FROM c.start_at)::bigint, extract(epoch FROM c.due_at)::bigint,
                      coalesce(c.paused, false), extract(epoch FROM c.met_at)::bigint,
                      extract(epoch FROM c.breached_at)::bigint, c.remaining,
                      extract(epoch FROM c.next_at)::bigint, c.next_rung, extract(epoch FROM c.armed_at)::bigint
                 FROM sqms_clock c WHERE c.id = ANY(%s) ORDER BY c.id""", list(ids)))  # fmt: skip
        found = self.env.execute_query(SQL(
            """SELECT e.clock_id, e.id, extract(epoch FROM e.at)::bigint, e.kind, e.reason, e.step_id, e.calendar_id,
                      e.recount, coalesce(e.voids_id, 0), extract(epoch FROM e.entered_at)::bigint, e.working_time,
                      e.user_id
                 FROM sqms_clock_event e WHERE e.clock_id = ANY(%s) ORDER BY e.id""", list(ids)))  # fmt: skip
        book = self._open_book(found)
        home = {row[0]: (row[3], row[6]) for row in rows}
        events, frozen, find = {}, {}, book.find
        for clock_id, number, at, kind, reason, step, calendar, recount, voids, entered, kept, user in found:
            terms = None
            if step:
                company, tz = home[clock_id]
                terms = find(step, calendar, company, recount, tz)
            event = Event(number, at, kind, reason or "", terms, voids, entered, user)
            events.setdefault(clock_id, []).append(event)
            if kept:
                frozen.setdefault(clock_id, {})[number] = kept
        for clock_id, kept in frozen.items():
            events[clock_id] = self._with_kept_time(events[clock_id], kept, book)
        return rows, events, book

    def _open_book(self, found):
        first = moment(min((row[2] for row in found), default=seconds(fields.Datetime.now())))
        return self._book({row[5] for row in found if row[5]}, first)

    def _book(self, step_ids, first):
        """A book of terms for these steps, with the working time from a first moment until they are surely due."""
        now, data = fields.Datetime.now().year, self.env["sqms.clock.step"]._data
        years = max((self._years_of(data(step_id)["terms"]) for step_id in step_ids), default=2)
        return Book(self.env, (min((first - timedelta(days=1)).year, now), now + years))

    def _years_of(self, terms):
        """How far ahead a due date can be looked for."""
        a_year = WORKING_SECONDS_A_YEAR if terms["unit"] in IN_HOURS else WORKING_DAYS_A_YEAR
        return 2 + terms["target"] // a_year

    def _with_kept_time(self, events, kept, book):
        """The events of a stopped clock with the working time it was judged by; of a reopened one up to its stop."""
        alive = select(events, 1 << 61)
        stops = [event for event in alive if event.kind == "stop" and event.id in kept]
        if not stops:
            return events
        stop = stops[-1]
        reopened = any(event.kind == "reopen" for event in alive if (event.at, event.id) > (stop.at, stop.id))
        renewed = []
        for event in events:
            if event.terms:
                key = book.source[id(event.terms)][1:]
                own = kept[stop.id].get(str(key[1]))
                if own:
                    past = Timetable(own["tz"], [tuple(span) for span in own["spans"]], own["lo"], own["hi"])
                    border = stop.at if reopened else own["hi"] - 1
                    terms = event.terms._replace(timetable=past.splice(event.terms.timetable, border))
                    event = event._replace(terms=book.note(terms, key))
            renewed.append(event)
        return renewed
