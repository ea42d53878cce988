from datetime import date

import pytz

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..lib.local_time import local_midnight
from ..lib.working_time import WorkingTime, epoch, first_second, joined, normalised

# The lines of a calendar (attendances, leaves, extra days) tell of their own changes.
WORKING_TIME_FIELDS = {"tz", "schedule_type", "flexible_hours", "two_weeks_calendar", "company_id"}


def _new_year(year):
    return date(year, 1, 1)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    def write(self, values):
        result = super().write(values)
        if WORKING_TIME_FIELDS & values.keys():
            self._sqms_working_time_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.browse()._sqms_working_time_changed()
        return result

    # ------------------------------------------------------------
    # Working time
    # ------------------------------------------------------------

    def _sqms_working_time(self, company, lo_year, hi_year):
        """The working time of this calendar in the years `lo_year` to `hi_year`, both included, as `WorkingTime`.

        1. Attendances and extra days, less the general leaves of the company and those of no company; leaves of one
           person, and leaves of another company, take nothing away.
        2. The zone is the calendar's, whoever asks; nobody's rights, language or companies matter.
        3. A calendar without company is shared: it serves each company with that company's leaves.
        4. Flexible working time has no hours to count in: refused with a sentence.

        :param company: the company whose deadlines are counted (`res.company`, or an empty one: only common leaves)
        """
        self.ensure_one()
        if self.sudo().flexible_hours:
            raise UserError(
                self.env._(
                    "Deadlines cannot be counted in “%(calendar)s”: flexible working time has no fixed hours. Choose a "
                    "working schedule with fixed hours.",
                    calendar=self.sudo().name,
                )
            )
        zone = self.sudo().tz
        return joined(
            WorkingTime(
                zone,
                first_second(_new_year(year), zone),
                first_second(_new_year(year + 1), zone),
                self._sqms_working_spans(company.id, year),
            )
            for year in range(lo_year, hi_year + 1)
        )

    @ormcache("self.id", "company_id", "year")
    def _sqms_working_spans(self, company_id, year):
        """The spans of one year, kept until a calendar, an attendance, an extra day or a general leave changes."""
        calendar = self.sudo()
        zone = pytz.timezone(calendar.tz)
        start, end = (
            pytz.utc.localize(local_midnight(_new_year(one), calendar.tz)).astimezone(zone) for one in (year, year + 1)
        )
        # The zone is given, for `employee_timezone` in the context would move the hours. A domain replaces Odoo's own,
        # which asks for the kind of leave and not for the company.
        domain = [("time_type", "=", "leave"), ("company_id", "in", (company_id, False))]
        intervals = calendar._work_intervals_batch(start, end, domain=domain, tz=zone)[False]
        return normalised(
            [(epoch(opening), epoch(closing)) for opening, closing, _attendance in intervals], calendar.tz
        )

    def _sqms_working_time_changed(self, date_from=None, date_to=None):
        """Working time has changed: whoever changes it calls this, whoever counts in it extends it.

        1. An empty recordset means every calendar.
        2. The change lies between two instants (naive, UTC); none given means at any time.
        3. The leave of one person is no change: clearing the cache for each would keep it empty all day.
        """
        self.env.registry.clear_cache()
