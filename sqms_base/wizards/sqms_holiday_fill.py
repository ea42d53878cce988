from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..lib import chinese_year


class SqmsHolidayFill(models.TransientModel):
    """Fill a year of public holidays and make-up working days into named working schedules.

    1. Whoever may change a working schedule may fill it; each schedule is named, there is no “all”.
    2. The days come from the rows of this system or from the package `chinesecalendar`. Unless all of them are verified
       rows, the user confirms that they were compared with the official notice.
    3. First a preview, which changes nothing; then days off become general time off from the first to the last second
       of the local days, and make-up working days become extra working days.
    4. What is already there stays as it is: pressed twice, the second time changes nothing.
    """

    _name = "sqms.holiday.fill"
    _description = "Fill a Year of Holidays"

    state = fields.Selection(
        [("choose", "Choose"), ("preview", "Preview"), ("done", "Done")], default="choose", required=True, readonly=True
    )
    year = fields.Integer(required=True, default=lambda self: fields.Date.context_today(self).year)
    country_id = fields.Many2one("res.country", required=True, default=lambda self: self.env.ref("base.cn"))
    source = fields.Selection(
        [("rows", "Rows of this system"), ("package", "Package chinesecalendar")],
        required=True,
        default="rows",
        help="The package is read where it is installed on the server. Days that this system does not have yet are "
        "kept as unverified rows.",
    )
    calendar_ids = fields.Many2many(
        "resource.calendar",
        string="Working Schedules",
        required=True,
        domain=lambda self: [
            ("schedule_type", "=", "fully_fixed"),
            ("company_id", "in", [False, *self.env.companies.ids]),
        ],
        default=lambda self: self._default_calendar_ids(),
    )
    dayofweek = fields.Selection(
        selection=lambda self: self.env["sqms.extra.day"]._weekdays(),
        string="Make-up Days Work Like",
        required=True,
        default="0",
    )
    needs_confirmation = fields.Boolean(readonly=True)
    confirmed = fields.Boolean(string="I have compared these days with the official notice")
    line_ids = fields.One2many("sqms.holiday.fill.line", "fill_id", readonly=True)
    new_count = fields.Integer(compute="_compute_new_count")

    def _default_calendar_ids(self):
        if self.env.context.get("active_model") != "resource.calendar":
            return False
        return [Command.set(self.env.context.get("active_ids") or [])]

    @api.depends("line_ids.result")
    def _compute_new_count(self):
        for fill in self:
            fill.new_count = len(fill.line_ids.filtered(lambda line: line.result == "new"))

    @api.onchange("year", "country_id", "source", "calendar_ids", "dayofweek")
    def _onchange_choice(self):
        """A preview of another choice is none."""
        self.state = "choose"
        self.confirmed = False
        self.line_ids = [Command.clear()]

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_preview(self):
        """Show what would be done, and do nothing."""
        self._check_may_fill()
        days = self._days()
        self.write(
            {
                "state": "preview",
                "needs_confirmation": not all(verified for *_day, verified in days),
                "confirmed": False,
                "line_ids": self._line_commands(self._plan(days)),
            }
        )
        return self._reopened()

    def action_fill(self):
        """Do what the preview showed, as it is now."""
        self._check_may_fill()
        days = self._days()
        if not self.confirmed and not all(verified for *_day, verified in days):
            raise UserError(
                self.env._(
                    "Some of these days are unverified. Compare them with the official notice and tick that you did, "
                    "or have them verified under Public Holidays."
                )
            )
        plan = self._plan(days)
        self._make_rows(days)
        self._make_leaves([line for line in plan if line["result"] == "new" and line["kind"] == "holiday"])
        self._make_extra_days([line for line in plan if line["result"] == "new" and line["kind"] == "workday"])
        for line in plan:
            if line["result"] == "new":
                line["result"] = "made"
        self.write({"state": "done", "line_ids": self._line_commands(plan)})
        return self._reopened()

    def action_back(self):
        self.write({"state": "choose", "confirmed": False, "line_ids": [Command.clear()]})
        return self._reopened()

    def _reopened(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fill a Year of Holidays"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @staticmethod
    def _line_commands(plan):
        return [Command.clear(), *(Command.create(line) for line in plan)]

    def _check_may_fill(self):
        """The time off of a whole schedule is written with higher rights, so the rights are asked here."""
        self.ensure_one()
        if not self.calendar_ids:
            raise UserError(self.env._("Choose the working schedules to fill, one by one: none is filled unasked."))
        self.calendar_ids.check_access("write")
        for calendar in self.calendar_ids:
            if calendar.company_id and calendar.company_id not in self.env.companies:
                raise AccessError(
                    self.env._(
                        "“%(calendar)s” belongs to %(company)s, which is not one of the companies you work in now.",
                        calendar=calendar.name,
                        company=calendar.sudo().company_id.name,
                    )
                )
            if calendar.flexible_hours:
                raise UserError(
                    self.env._(
                        "“%(calendar)s” has flexible hours, which holidays and make-up days cannot be filled into.",
                        calendar=calendar.name,
                    )
                )

    # ------------------------------------------------------------
    # Where the days come from
    # ------------------------------------------------------------

    def _days(self):
        """The days of the year as [(date, kind, name, source, verified)], in order."""
        rows = self._rows()
        if self.source == "rows":
            if not rows:
                raise UserError(
                    self.env._(
                        "No public holidays of %(country)s are known for %(year)s. Enter them under Public Holidays, "
                        "or choose another source.",
                        country=self.country_id.name,
                        year=str(self.year),
                    )
                )
            return [
                (row.date, row.kind, row.name, row.notice or row.taken_from, row.verification == "verified")
                for row in rows
            ]
        names = self._names()
        known = {row.date: row for row in rows}
        return [
            (
                day.date,
                day.kind,
                names.get(day.name, day.name),
                self._package(),
                day.date in known and known[day.date].kind == day.kind and known[day.date].verification == "verified",
            )
            for day in self._package_days()
        ]

    def _rows(self):
        return self.env["sqms.holiday"].search(
            Domain("country_id", "=", self.country_id.id) & Domain("year", "=", self.year), order="date"
        )

    def _package_days(self):
        if self.country_id != self.env.ref("base.cn"):
            raise UserError(self.env._("The package chinesecalendar knows the holidays of China only."))
        try:
            return chinese_year.days_of(self.year)
        except ImportError:
            raise UserError(
                self.env._(
                    "The Python package chinesecalendar is not installed on this server. Have it installed, or fill "
                    "the year from the rows of this system."
                )
            ) from None
        except chinese_year.UnknownYear as unknown:
            version, last = unknown.args
            raise UserError(
                self.env._(
                    "chinesecalendar %(version)s does not know %(year)s, its last year is %(last)s. Have a newer "
                    "version installed, or enter the days under Public Holidays.",
                    version=version,
                    year=str(self.year),
                    last=str(last),
                )
            ) from None

    def _package(self):
        return f"{chinese_year.PACKAGE} {chinese_year.version()}"

    def _names(self):
        """The names that the package uses, in the language of the user."""
        return {
            "New Year's Day": self.env._("New Year's Day"),
            "Spring Festival": self.env._("Spring Festival"),
            "Tomb-sweeping Day": self.env._("Tomb-sweeping Day"),
            "Labour Day": self.env._("Labour Day"),
            "Dragon Boat Festival": self.env._("Dragon Boat Festival"),
            "National Day": self.env._("National Day"),
            "Mid-autumn Festival": self.env._("Mid-autumn Festival"),
        }

    # ------------------------------------------------------------
    # What there is to do
    # ------------------------------------------------------------

    def _plan(self, days):
        """The lines of the preview: for each schedule, runs of days off and single make-up working days."""
        existing = self._existing()
        lines = []
        for calendar in self.calendar_ids:
            judged = [
                (date, kind, name, source, *self._judge(calendar, date, kind, existing))
                for date, kind, name, source, _verified in days
            ]
            lines += self._runs(calendar, judged)
        return lines

    @staticmethod
    def _runs(calendar, judged):
        """Following days off of one name and one result are one line; a make-up working day is a line of its own."""
        lines = []
        for date, kind, name, source, result, note in judged:
            values = {
                "calendar_id": calendar.id,
                "kind": kind,
                "name": name,
                "source": source,
                "result": result,
                "note": note,
            }
            last = lines[-1] if lines else {}
            if kind == "holiday" and last.get("date_to") == date - timedelta(days=1) and values.items() <= last.items():
                last["date_to"] = date
            else:
                lines.append({**values, "date_from": date, "date_to": date})
        return lines
