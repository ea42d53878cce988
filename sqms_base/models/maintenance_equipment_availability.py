from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import formatLang

from ..lib import equipment_time
from ..lib.local_time import local_midnight
from ..lib.working_time import epoch

MONTHS = 12


class MaintenanceEquipmentAvailability(models.Model):
    """How much of its planned time a piece of equipment was there, and how long its repairs took, in twelve months.

    1. The twelve months end now; of a newer device they begin on its first day, of a scrapped one they end on its last.
    2. Planned is the time of its working schedule, or the day and the night where it has none.
    3. Mean time to repair: the hours of all repairs by their number, of the breakdowns that ended in these months.
    """

    _inherit = "maintenance.equipment"

    planned_calendar_id = fields.Many2one(
        "resource.calendar", string="Planned to Run", check_company=True, index="btree_not_null", ondelete="restrict",
        domain=[("flexible_hours", "=", False)], help="Left empty, it is to run day and night.",
    )  # fmt: skip
    availability = fields.Float(string="Availability (%)", compute="_compute_availability", digits=(5, 2))
    breakdown_hours = fields.Float(string="Hours Down", compute="_compute_availability", digits=(16, 1))
    breakdown_count = fields.Integer(string="Breakdowns", compute="_compute_availability")
    repair_count = fields.Integer(string="Repairs", compute="_compute_availability")
    repair_mean_hours = fields.Float(string="Mean Time to Repair (h)", compute="_compute_availability", digits=(16, 1))
    availability_label = fields.Char(string="In Twelve Months", compute="_compute_availability")

    @api.depends(
        "planned_calendar_id", "effective_date", "scrap_date", "maintenance_ids.breakdown_from",
        "maintenance_ids.breakdown_to", "maintenance_ids.repair_hours",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_availability(self):
        figures = self._availability_figures()
        for device in self:
            found = figures.get(device._origin.id) or self._no_figures()
            device.availability = 100 * found["share"] if found["share"] is not None else 0.0
            device.breakdown_hours = found["down"] / equipment_time.HOUR
            device.breakdown_count = found["breakdowns"]
            device.repair_count = found["repairs"]
            device.repair_mean_hours = found["mean"] or 0.0
            device.availability_label = self._availability_words(found)

    @api.model
    def _no_figures(self):
        return {"planned": 0, "down": 0, "share": None, "breakdowns": 0, "repairs": 0, "mean": None}

    def _availability_words(self, found):
        if found["share"] is None:
            return self.env._("no time was planned")
        words = [
            self.env._(
                "%(percent)s %% available (%(breakdowns)s breakdowns)",
                percent=formatLang(self.env, 100 * found["share"], digits=2),
                breakdowns=found["breakdowns"],
            )
        ]
        if found["mean"] is not None:
            words.append(
                self.env._(
                    "repaired in %(hours)s h on average (n = %(count)s)",
                    hours=formatLang(self.env, found["mean"], digits=1),
                    count=found["repairs"],
                )
            )
        return ", ".join(words)

    def _availability_figures(self, end=None):
        """`{device id: {planned, down (seconds), share, breakdowns, repairs, mean (hours)}}` of twelve months.

        One question for the breakdowns of all devices, one for each schedule and year of working time.

        :param end: naive UTC; now if left out
        """
        devices = self.sudo()._origin.filtered("id")
        now = end or fields.Datetime.now()
        begin = fields.Datetime.subtract(now, months=MONTHS)
        breakdowns = defaultdict(list)
        if devices:
            rows = (
                self.env["maintenance.request"]
                .sudo()
                .search_fetch(
                    [
                        ("equipment_id", "in", devices.ids),
                        ("breakdown_from", "!=", False),
                        ("breakdown_from", "<", now),
                        "|", ("breakdown_to", "=", False), ("breakdown_to", ">", begin),
                    ],
                    ["equipment_id", "breakdown_from", "breakdown_to", "repair_hours"],
                )
            )  # fmt: skip
            for row in rows:
                breakdowns[row.equipment_id.id].append((row.breakdown_from, row.breakdown_to, row.repair_hours))
        spans = self._planned_spans(devices, begin, now)
        return {
            device.id: device._figures_of(breakdowns[device.id], spans[device.planned_calendar_id.id], begin, now)
            for device in devices
        }

    def _figures_of(self, breakdowns, planned, begin, end):
        zone = (self.company_id or self.env.company)._sqms_tz()
        first = max(begin, local_midnight(self.effective_date, zone)) if self.effective_date else begin
        last = min(end, local_midnight(fields.Date.add(self.scrap_date, days=1), zone)) if self.scrap_date else end
        found = equipment_time.availability(
            [(epoch(start), epoch(stop) if stop else None) for start, stop, _hours in breakdowns],
            epoch(first),
            epoch(last),
            planned,
        )
        hours = [hours for _start, stop, hours in breakdowns if stop and stop <= end and hours]
        return {
            "planned": found.planned,
            "down": found.down,
            "share": found.share,
            "breakdowns": len(breakdowns),
            "repairs": len(hours),
            "mean": equipment_time.mean_time_to_repair(hours),
        }

    @api.model
    def _planned_spans(self, devices, begin, end):
        """`{calendar id: spans in seconds, or None for day and night}`."""
        spans = {False: None}
        for calendar in devices.planned_calendar_id:
            # A schedule without hours of its own says nothing of when the device should run.
            if calendar.flexible_hours:
                spans[calendar.id] = None
                continue
            company = calendar.company_id or self.env.company
            working = calendar._sqms_working_time(company, begin.year - 1, end.year + 1)
            spans[calendar.id] = working.between(epoch(begin), epoch(end))
        return spans
