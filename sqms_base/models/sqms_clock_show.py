from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse

from ..lib.clock_fold import fold

IN_DAYS = ("work_days", "days")
ICONS = {
    "counted": "fa-check-circle text-success",
    "closed": "fa-moon-o text-muted",
    "paused": "fa-pause-circle text-warning",
    "stopped": "fa-stop-circle-o text-muted",
    "start_day": "fa-flag-o text-muted",
    "before": "fa-circle-o text-muted",
    "open": "fa-circle-o text-primary",
    "moved": "fa-arrow-right text-info",
}


class SqmsClockShow(models.Model):
    """What the form of a clock shows, and its buttons."""

    _inherit = "sqms.clock"

    target_label = fields.Char(related="step_id.target_label", string="Time Allowed")
    reason_count = fields.Integer(compute="_compute_reason_count")
    explanation = fields.Html(compute="_compute_explanation", sanitize=False)

    @api.depends("step_id")
    def _compute_reason_count(self):
        for clock in self:
            clock.reason_count = len(clock.sudo().step_id.reason_ids)

    @api.depends("due_at", "paused", "met_at")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for clock in self:
            clock.explanation = clock._explanation_html() if clock.id else False

    def _explanation_html(self):
        """The explanation as a table: on the form, in letters, on the portal."""
        told = self.explain()
        return self.env["ir.qweb"]._render(
            "sqms_base.clock_explanation",
            {
                "told": told,
                "lines": [
                    {**line, "icon": ICONS[line["kind"]], "when": self._when(line)} for line in fold(told["rows"])
                ],
                "amount": lambda amount: self._short_amount(told["unit"], amount),
                "sum_line": self._sum_line(told),
                "due": self._local_label(),
                "why_not": self._why_not_due(told["due_reason"]),
            },
            lang=self.env.lang,
        )

    def _sum_line(self, told):
        used, left = (self._short_amount(told["unit"], told[name]) for name in ("elapsed", "remaining"))
        if told["remaining"]:
            return self.env._("%(used)s used, %(left)s left", used=used, left=left)
        if told["breached"]:
            return self.env._("%(used)s used, late", used=used)
        return self.env._("%(used)s used", used=used)

    def _when(self, line):
        first = self._day(line["first"])
        if line["first"] == line["last"]:
            return first
        last = self._day(line["last"])
        return self.env._("%(first)s – %(last)s", first=first, last=last)

    def _day(self, day, parts="MMMEd"):
        """A date with its weekday, in the order of the language."""
        return format_skeleton(parts, day, locale=babel_locale_parse(self.env.lang))

    def _local_label(self):
        """Due in the zone in which it is counted."""
        if not self.due_at:
            return ""
        moment = fields.Datetime.context_timestamp(self.with_context(tz=self.tz or "UTC"), self.due_at)
        return f"{self._day(moment.date(), 'yMMMEd')} {moment:%H:%M} ({self.tz})"

    def _short_amount(self, unit, amount):
        if unit in IN_DAYS:
            return self.env._("%(days)s d", days=amount)
        hours, minutes = divmod(amount // 60, 60)
        return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)

    def _why_not_due(self, reason):
        return {
            "paused": self.env._("The clock waits; it will be due when it goes on."),
            "stopped": self.env._("The clock was stopped while it waited."),
            "horizon": self.env._("No working time is known as far ahead as it would be due."),
            "flexible": self.env._("Flexible working time has no fixed hours: no deadline can be counted in it."),
        }.get(reason, "")

    def action_pause(self):
        return self._ask_when("pause", self.env._("Pause"))

    def action_resume(self):
        return self._ask_when("resume", self.env._("Go On"))

    def _ask_when(self, kind, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "sqms.clock.pause",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_clock_id": self.id, "default_kind": kind},
        }

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
