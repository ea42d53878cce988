from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date, format_time

from ..lib.local_time import local_day, local_midnight
from ..lib.morning import Source, last_instant, part_of_day, plain_domain, urgency

SHOWN = 5


class SqmsMorning(models.AbstractModel):
    """What waits for a person this morning.

    1. Everything is read with the rights of the person who asks; what he may not see is neither shown nor counted.
    2. The most urgent thing of all comes first: what is longest late, else what is due next.
    3. Each section shows its first few rows. How many there are is counted, not read, so that the page costs the
       same for a person with ten things and for one with ten thousand.
    4. A day is a day of the person's own time zone. What is late counts as due today.
    """

    _name = "sqms.morning"
    _description = "My Morning"

    # -- what the page asks for ------------------------------------------------

    @api.model
    @api.readonly
    def get_morning(self):
        """Everything that the start page shows, as plain data.

        :return: `{greeting, facts, user, waiting, today, start_here, sections, offers}`; a section is
            `{key, column, sequence, icon, title, count, left, taken, more, items}`, an item
            `{key, title, subtitle, note, icon, avatar, due, date_only, kind, badge, action, button, headline}`
        :raise AccessError: for people who are no colleagues
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("This page is for the people of the company."))
        found = [section for section in self._morning_sections() if section and section["count"]]
        found.sort(key=lambda section: section["sequence"])
        start = self._morning_start(found)
        mine = [section for section in found if section["waits"]]
        return {
            **self._morning_greeting(),
            "waiting": sum(section["count"] for section in mine),
            "today": sum(section["today"] for section in mine),
            "start_here": self._morning_plain(start) if start else False,
            "sections": [shown for section in found for shown in [self._morning_shown(section, start)] if shown],
            "offers": [] if start else self._morning_offers(),
        }

    def _morning_sections(self):
        """The sections of the page, in any order: a list of what `_morning_section` returns, or nothing.

        Every addon adds its own: `return [*super()._morning_sections(), self._morning_x()]`.
        """
        return []

    def _morning_offers(self):
        """What a person may want to do when nothing waits: a list of `{"icon", "title", "action"}`."""
        return []

    # -- what sections are built with --------------------------------------------

    def _morning_section(
        self, key, sources, *, sequence, icon, title, column="left", more=None, waits=True, title_today=None
    ):
        """One card of the page.

        :param sources: where its rows come from (`_morning_source`); those whose model is closed to the reader
            are passed over
        :param more: the link to all of them: `{"xmlid", "context"}` of an action and what the context adds to
            its own, or `_morning_all`
        :param waits: whether its rows wait for this person; otherwise they are for information, neither counted
            above nor offered as the first thing to do
        :param title_today: title when something of it is due today; only that is listed then
        """
        items, count, today = [], 0, 0
        for source in sources:
            if source and source.model.has_access("read"):
                rows, number, of_today = self._morning_read(source)
                items += rows
                count += number
                today += of_today
        items.sort(key=lambda item: urgency(item["at"]))
        return {
            "key": key,
            "column": column,
            "sequence": sequence,
            "icon": icon,
            "title": title,
            "title_today": title_today,
            "more": more,
            "waits": waits,
            "count": count,
            "today": today,
            "items": items,
        }

    def _morning_source(self, model, domain, show, due=None, order=None, today=None):
        """Records of a model that wait.

        :param due: name of the stored field (day or moment) until which they wait; it sorts them and tells which
            of them are due today
        """
        records = self.env[model]
        if due:
            order = order or f"{due}, id"
            day, end = self._morning_day()
            field = records._fields[due]
            today = Domain(due, "<=", day) if field.type == "date" else Domain(due, "<", end)
        return Source(records, Domain(domain), show, order or "id", today)

    def _morning_all(self, xmlid, domain):
        """A link to an action that lists exactly the records of the domain."""
        return {"xmlid": xmlid, "domain": plain_domain(domain)}

    def _morning_item(self, record, title, action, due=None, **look):
        """One row.

        :param action: `{"xmlid": action with a form view}`, or nothing for the record's own form
        :param due: a day or a moment (naive UTC), or nothing
        :param look: `subtitle`; `note` beside the title; `icon` (Font Awesome) or `avatar` (a record with an
            image); `badge` {text, tone, icon} instead of the one of the deadline; `kind` "expires" for what ends
            of itself; `button` and `headline` for the place at the top
        """
        avatar = look.pop("avatar", None)
        return {
            "key": f"{record._name},{record.id}",
            "title": title or "",
            "due": self._morning_due(due),
            "date_only": bool(due) and not hasattr(due, "hour"),
            "at": last_instant(due, self.env.tz.zone),
            "avatar": f"/web/image/{avatar._name}/{avatar.id}/avatar_128" if avatar else False,
            "action": {**(action or {}), "res_model": record._name, "res_id": record.id},
            **look,
        }

    def _morning_due(self, due):
        if not due:
            return False
        return due.isoformat() + ("Z" if hasattr(due, "hour") else "")

    def _morning_day(self):
        """Today of the person who asks, and the instant (naive UTC) at which it ends."""
        zone = self.env.tz.zone
        day = local_day(fields.Datetime.now(), zone)
        return day, local_midnight(day + timedelta(days=1), zone)

    def _morning_models(self):
        """The models of the quality system whose records carry activities."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._auto
            and not model._abstract
            and "activity_ids" in model._fields
            and (name.startswith("sqms.") or "workflow_steps" in model._fields)
        )

    # -- how the page comes about ------------------------------------------------

    def _morning_read(self, source):
        """The first rows, how many there are, how many of them are due today.

        One more than is shown: the first of all may go to the top of the page.
        """
        records = source.model.search(source.domain, order=source.order, limit=SHOWN + 1)
        items = source.show(records) if records else []
        _day, end = self._morning_day()
        if len(records) <= SHOWN:
            return items, len(records), sum(1 for item in items if item["at"] and item["at"] <= end)
        today = 0 if source.today is None else source.model.search_count(source.domain & source.today)
        return items, source.model.search_count(source.domain), today

    def _morning_start(self, sections):
        """The one thing to begin with; of two that are equally urgent the one that stands higher on the page."""
        first = [section["items"][0] for section in sections if section["waits"] and section["items"]]
        return min(first, key=lambda item: urgency(item["at"]), default=None)

    def _morning_shown(self, section, start):
        """A section as the page shows it, or nothing when its only row went to the top."""
        items, left, title = section["items"], section["count"], section["title"]
        _day, end = self._morning_day()
        today = [item for item in items if item["at"] and item["at"] <= end]
        # With nothing left of today below the first thing to do, what comes next is shown.
        if section["title_today"] and any(item is not start for item in today):
            items, left, title = today, section["today"], section["title_today"]
        taken = start in items
        items = [item for item in items if item is not start][:SHOWN]
        if not items:
            return None
        hidden = ("waits", "today", "title_today")
        return {
            **{name: value for name, value in section.items() if name not in hidden},
            "title": title,
            "left": left - taken,
            "taken": taken,
            "items": [self._morning_plain(item) for item in items],
        }

    def _morning_plain(self, item):
        return {name: value for name, value in item.items() if name != "at"}

    def _morning_greeting(self):
        user = self.env.user
        now = pytz.utc.localize(fields.Datetime.now()).astimezone(self.env.tz)
        words = {
            "morning": self.env._("Good morning, %s", user.name),
            "afternoon": self.env._("Good afternoon, %s", user.name),
            "evening": self.env._("Good evening, %s", user.name),
        }
        # His own card of the personnel file, of which HR shows him these things anyway.
        employee = user.sudo().employee_id
        places = [employee.work_location_id.name, employee.department_id.name]
        return {
            "greeting": words[part_of_day(now.hour)],
            "facts": [
                format_date(self.env, now.date(), date_format="full"),
                *filter(None, places),
                *filter(None, [self._morning_hours(employee, now)]),
            ],
            "user": {"id": user.id, "name": user.name, "avatar": f"/web/image/res.users/{user.id}/avatar_128"},
        }

    def _morning_hours(self, employee, now):
        """How long the person works today, as far as his calendar says so."""
        calendar = employee.resource_calendar_id
        if not calendar or calendar.flexible_hours:
            return None
        day, end = self._morning_day()
        start = pytz.utc.localize(local_midnight(day, self.env.tz.zone))
        intervals = calendar._work_intervals_batch(start, pytz.utc.localize(end), employee.resource_id)
        ends = [stop for _start, stop, _meta in intervals[employee.resource_id.id]]
        if not ends:
            return self.env._("no working hours today")
        if max(ends) <= now:
            return None
        until = max(ends).astimezone(pytz.utc).replace(tzinfo=None)
        return self.env._("working until %s", format_time(self.env, until, tz=self.env.tz.zone, time_format="short"))
