from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ..lib.staffing import Post, available_on, is_short, needed_on, turning_days

DAY = timedelta(days=1)
AHEAD = 365
SIDES = ("text-start", "text-end", "text-end", "text-start ps-4")  # of the columns of the forecast


class SqmsResourcePeople(models.Model):
    """People: how many a role needs and has on any day, by the personnel records and their working hours.

    Full time is the working week of the company. Who has left, or has not begun, is not counted; nor is who is
    archived.
    """

    _inherit = "sqms.resource"

    fte_needed = fields.Float(string="Needed Today", compute="_compute_people", digits=(8, 2))
    fte_available = fields.Float(string="Available Today", compute="_compute_people", digits=(8, 2))
    is_short = fields.Boolean(string="Too Few", compute="_compute_people", search="_search_is_short")
    date_short = fields.Date(
        string="Too Few From",
        compute="_compute_people",
        help="The first day of the coming year with fewer than needed.",
    )
    forecast = fields.Html(compute="_compute_forecast", sanitize=False, export_string_translation=False)

    # -- reckoning ---------------------------------------------------------------

    def _posts(self):
        """`{company: posts of its people}`, one question however many roles."""
        companies = self.sudo().company_id
        versions = self.env["hr.version"].sudo().search_fetch(
            [("employee_id", "!=", False), ("employee_id.active", "=", True), ("company_id", "in", companies.ids)],
            ["employee_id", "company_id", "job_id", "date_version", "contract_date_start", "contract_date_end",
             "departure_date", "resource_calendar_id"],
        )  # fmt: skip
        full = {company: company.resource_calendar_id.hours_per_week for company in companies}
        posts = {company: [] for company in companies}
        for version in versions:
            hours = version.resource_calendar_id.hours_per_week
            week = full[version.company_id]
            ends = [day for day in (version.contract_date_end, version.departure_date) if day]
            posts[version.company_id].append(
                Post(
                    version.employee_id.id,
                    version.date_version,
                    version.job_id.id,
                    hours / week if version.resource_calendar_id and week else 1.0,
                    version.contract_date_start or None,
                    min(ends, default=None),
                )
            )
        return posts

    def _staffing(self, days):
        """How many are needed and available of each role on each day.

        :return: `{record id: {day: (needed, available)}}` of those that are people
        """
        people = self.filtered(lambda resource: resource.kind == "people" and resource.job_id)
        posts = people._posts()
        return {
            resource.id: {
                day: (needed_on(resource._needs(), day), available_on(posts[company], resource.job_id.id, day))
                for day in days
            }
            for resource in people
            for company in [resource.sudo().company_id]
        }

    def _needs(self):
        return [(need.date_from, need.fte) for need in self.sudo().need_ids if need.date_from]

    def _forecast(self):
        """`{record id: [(day, needed, available)]}` from today on for a year: each day on which something changes."""
        people = self.filtered(lambda resource: resource.kind == "people" and resource.job_id)
        posts = people._posts()
        rows = {}
        for resource in people:
            company = resource.sudo().company_id
            mine, needs, role = posts[company], resource._needs(), resource.job_id.id
            today = company._sqms_today()
            days = turning_days(mine, needs, role, today, today + AHEAD * DAY, DAY)
            told = [(day, needed_on(needs, day), available_on(mine, role, day)) for day in days]
            rows[resource.id] = [
                row for place, row in enumerate(told) if not place or row[1:] != told[place - 1][1:]
            ]  # fmt: skip
        return rows

    # -- what people see -----------------------------------------------------------

    @api.depends("kind", "job_id", "need_ids.date_from", "need_ids.fte")
    def _compute_people(self):
        forecasts = self._forecast()
        for resource in self:
            rows = forecasts.get(resource.id) or []
            _day, resource.fte_needed, resource.fte_available = rows[0] if rows else (None, 0.0, 0.0)
            resource.is_short = bool(rows) and is_short(*rows[0][1:])
            resource.date_short = next((day for day, *figures in rows if is_short(*figures)), False)

    def _search_is_short(self, operator, value):
        if operator != "in" or len(set(value)) != 1:
            return NotImplemented
        people = self.sudo().search([("kind", "=", "people"), ("state", "=", "confirmed")])
        short = people.filtered("is_short").ids
        return [("id", "in" if True in value else "not in", short)]

    @api.depends("kind", "job_id", "need_ids.date_from", "need_ids.fte")
    @api.depends_context("lang")
    def _compute_forecast(self):
        """A table: from which day on how many are needed, how many there are, and what is missing."""
        forecasts = self._forecast()
        words = (self.env._("From"), self.env._("Needed"), self.env._("Available"), self.env._("What That Means"))
        head = Markup("<tr>%s</tr>") % Markup("").join(
            Markup('<th scope="col" class="%s">%s</th>') % cell for cell in zip(SIDES, words, strict=True)
        )
        for resource in self:
            rows = forecasts.get(resource.id)
            resource.forecast = rows and Markup(
                '<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>'
            ) % (head, Markup("").join(self._forecast_row(*row) for row in rows))

    def _forecast_row(self, day, needed, available):
        missing = round(needed - available, 2)
        words = (
            Markup('<span class="badge text-bg-danger"><i class="fa fa-exclamation-triangle me-1"></i>%s</span>')
            % self.env._("%s too few", f"{missing:g}")
            if is_short(needed, available)
            else Markup('<span class="text-success-emphasis"><i class="fa fa-check me-1"></i>%s</span>')
            % self.env._("enough")
        )
        return Markup(
            '<tr><td>%s</td><td class="text-end">%s</td><td class="text-end">%s</td><td class="ps-4">%s</td></tr>'
        ) % (format_date(self.env, day), f"{needed:g}", f"{round(available, 2):g}", words)
