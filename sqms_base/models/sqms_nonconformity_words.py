import re

from odoo import api, fields, models
from odoo.tools import format_date

LINE = 90


class SqmsNonconformityWords(models.Model):
    """What the form says in words, computed when it is looked at."""

    _inherit = "sqms.nonconformity"

    waiting_for = fields.Char(compute="_compute_waiting_for")
    problem_words = fields.Char(string="What Is to Be Explained", compute="_compute_problem_words")
    found_words = fields.Char(string="Found", compute="_compute_time_words")
    contained_words = fields.Char(string="Contained", compute="_compute_time_words")
    resolved_words = fields.Char(string="Resolved", compute="_compute_time_words")
    cost_total = fields.Monetary(
        string="Cost So Far", compute="_compute_cost_total", compute_sudo=True, currency_field="cost_currency_id"
    )
    cost_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Company")
    is_late = fields.Boolean(string="Late", compute="_compute_is_late", search="_search_is_late")

    @api.depends("state", "containment", "contained_at", "disposition", "authorised_by_id", "similar_cases",
                 "system_changes", "resolved_at", "cause_ids.verdict", "cause_ids.evidence",
                 "action_ids.state", "action_ids.kind", "cycle")  # fmt: skip
    @api.depends_context("lang")
    def _compute_waiting_for(self):
        saved = self.filtered(lambda nc: nc._origin.id and nc.state not in ("closed", "dismissed"))
        labels = {}
        for gate in sorted(saved._origin._closing_gates(), key=lambda gate: gate.get("sequence", 50)):
            if gate["open"]:
                labels.setdefault(gate["target"].id, []).append(self._waiting_label(gate))
        for nc in self:
            nc.waiting_for = False
        for nc in saved:
            words = list(dict.fromkeys([*nc._step_words(), *labels.get(nc._origin.id, ())]))
            nc.waiting_for = self._waiting_words(words)

    @api.model
    def _waiting_label(self, gate):
        """The few words of a gate, with the number of what must be done."""
        source = gate["source"]
        if source._name == self._name:
            return gate["label"]
        # Whose gate it is may not be his to read; its number stands in the sentence as well.
        number = source.sudo().number if "number" in source._fields else source.sudo().display_name
        if source._name == "sqms.action" and source.sudo().state == "done":
            return self.env._("verification of %(action)s by someone else", action=number)
        return self.env._("%(record)s (%(what)s)", record=number, what=gate["label"]) if gate["label"] else number

    def _step_words(self):
        """The next step, where a person takes it."""
        return {
            "found": [self.env._("containment")],
            "contained": [self.env._("search for the cause")],
            "cause": [self.env._("root cause")],
        }.get(self.state, [])

    def _morning_words(self):
        """What its owner does next, in few words."""
        return {
            "found": self.env._("to be contained"),
            "contained": self.env._("search for the cause"),
            "cause": self.env._("root cause to be proposed"),
        }.get(self.state, self._workflow_state_label())

    @api.model
    def _waiting_words(self, words):
        if not words:
            return self.env._("Waiting for: a manager to close it")
        if len(words) == 1:
            return self.env._("Waiting for: %(what)s", what=words[0])
        return self.env._("Waiting for: %(first)s, then %(second)s", first=words[0], second=words[1])

    @api.depends("name", "description")
    def _compute_problem_words(self):
        """The first part of the description, at most a line of it; without one, what happened."""
        for nc in self:
            first = re.split(r"[.:;!?。：；！？\n]", (nc.description or "").strip(), maxsplit=1)[0].strip()
            nc.problem_words = first if 0 < len(first) <= LINE else nc.name

    @api.depends("found_at", "contained_at", "resolved_at", "author_id")
    @api.depends_context("lang", "tz")
    def _compute_time_words(self):
        for nc in self:
            pattern = "y年M月d日" if self._is_chinese() else "d MMM y"
            found = nc.found_at and fields.Datetime.context_timestamp(nc, nc.found_at).date()
            day = found and format_date(self.env, found, date_format=pattern)
            who = nc.sudo().author_id.name
            nc.found_words = self.env._("%(day)s by %(name)s", day=day, name=who) if day and who else day
            nc.contained_words = self._after_words(nc.found_at, nc.contained_at)
            nc.resolved_words = self._after_words(nc.found_at, nc.resolved_at)

    def _is_chinese(self):
        return (self.env.lang or "").startswith("zh")

    @api.model
    def _after_words(self, start, end):
        """“after 3 h 20 min”, “after 2 d 4 h”; two units at most."""
        if not start or not end:
            return False
        minutes = int((end - start).total_seconds() // 60)
        days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
        if days:
            return self.env._("after %(days)s d %(hours)s h", days=days, hours=hours)
        if hours:
            return self.env._("after %(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
        return self.env._("after %(minutes)s min", minutes=minutes)

    @api.depends("contain_due_at", "contained_at", "state", "action_ids.date_due", "action_ids.state")
    def _compute_is_late(self):
        """Not contained in time, or one of its actions is overdue."""
        late = self.browse(self.search([("id", "in", self.ids), ("is_late", "=", True)]).ids)
        for nc in self:
            nc.is_late = nc._origin in late

    def _search_is_late(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        late_actions = self.env["sqms.action"]._search(
            [("date_due", "<", fields.Date.context_today(self)), ("state", "in", ("planned", "started"))]
        )
        return [
            "|",
            "&", ("state", "=", "found"), "&", ("contained_at", "=", False),
            ("contain_due_at", "<", fields.Datetime.now()),
            "&", ("state", "not in", ("closed", "dismissed")), ("action_ids", "in", late_actions),
        ]  # fmt: skip
