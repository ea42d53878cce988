from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, get_lang

from ..lib.local_time import local_day
from .sqms_action import FINISHED, OPEN

SHORT = 60
TONES = {"late": "danger", "soon": "warning", "later": "secondary", "fine": "success"}
SOON_DAYS = 3


class SqmsActionWords(models.Model):
    """What stands on the card of an action, in words: how its day stands, what proves it, who verified it.

    A day is late when it has passed where the company is, whatever the time zone of the reader.
    """

    _inherit = "sqms.action"

    is_late = fields.Boolean(string="Late", compute="_compute_due_words", search="_search_is_late")
    is_check_due = fields.Boolean(string="Check Is Due", compute="_compute_due_words", search="_search_is_check_due")
    due_words = fields.Char(string="Deadline", compute="_compute_due_words")
    due_tone = fields.Char(compute="_compute_due_words", export_string_translation=False)
    due_icon = fields.Char(compute="_compute_due_words", export_string_translation=False)
    evidence_words = fields.Char(string="Proof", compute="_compute_evidence_words")
    verification_words = fields.Char(string="Verification", compute="_compute_verification_words")
    origin_label = fields.Char(string="Comes From", compute="_compute_origin_label")
    origin_model = fields.Char(compute="_compute_origin_label", export_string_translation=False)
    extension_count = fields.Integer(string="Extensions Granted", compute="_compute_extension_count")
    is_extension_asked = fields.Boolean(
        string="Extension Asked", compute="_compute_extension_count", search="_search_is_extension_asked"
    )

    # -- its day ------------------------------------------------------------------

    @api.depends("state", "date_due", "done_at", "date_check", "company_id")
    @api.depends_context("lang")
    def _compute_due_words(self):
        days = {company: company.sudo()._sqms_today() for company in self.company_id}
        for action in self:
            today = days.get(action.company_id) or fields.Date.context_today(self)
            action.is_late = bool(action.state in OPEN and action.date_due and action.date_due < today)
            action.is_check_due = bool(action.state == "verified" and action.date_check and action.date_check <= today)
            kind, action.due_words = action._due_words_at(today)
            action.due_tone = TONES.get(kind, "secondary")
            action.due_icon = {"late": "fa-exclamation-circle", "fine": "fa-check"}.get(kind, "fa-clock-o")

    def _due_words_at(self, today):
        if self.state == "cancelled":
            return "later", self.env._("cancelled")
        if self.state in FINISHED and self.done_at and self.date_due:
            done = local_day(self.done_at, self.company_id.sudo()._sqms_tz())
            days = (self.date_due - done).days
            if days < 0:
                return "late", self.env._("done %s d late", -days)
            return "fine", self.env._("done %s d early", days) if days else self.env._("done on time")
        if not self.date_due:
            return "later", self.env._("no day yet") if self.state in OPEN else ""
        days = (self.date_due - today).days
        if days < 0:
            return "late", self.env._("%s d late", -days)
        words = self.env._("due in %s d", days) if days else self.env._("due today")
        return "soon" if days <= SOON_DAYS else "later", words

    def _search_is_late(self, operator, value):
        return self._search_day(operator, value, Domain("state", "in", OPEN), "date_due", "<")

    def _search_is_check_due(self, operator, value):
        return self._search_day(operator, value, Domain("state", "=", "verified"), "date_check", "<=")

    def _search_day(self, operator, value, state, name, compare):
        if operator != "in":
            return NotImplemented
        found = state & Domain.OR(
            Domain("company_id", "in", companies) & Domain(name, compare, day)
            for day, companies in self.env["res.company"]._sqms_days().items()
        )
        return found if True in value else ~found

    # -- its proof ----------------------------------------------------------------

    @api.depends("evidence", "evidence_file_ids")
    @api.depends_context("lang")
    def _compute_evidence_words(self):
        for action in self:
            files = len(action.sudo().evidence_file_ids)
            text = (action.evidence or "").strip().partition("\n")[0]
            if len(text) > SHORT:
                text = f"{text[:SHORT]}…"
            number = self.env._("1 file") if files == 1 else self.env._("%s files", files)
            action.evidence_words = " · ".join(filter(None, [text, number if files else ""]))

    @api.depends("state", "verifier_id", "verified_by_id", "verified_at", "checked_by_id")
    @api.depends_context("lang", "tz")
    def _compute_verification_words(self):
        for action in self:
            person = action.sudo()
            if action.verified_at:
                action.verification_words = self.env._(
                    "%(name)s, %(day)s", name=person.verified_by_id.name, day=self._short_day(action.verified_at)
                )
            elif action.state == "done":
                action.verification_words = self.env._(
                    "waiting: %s", person.verifier_id.name or self.env._("someone else")
                )
            else:
                action.verification_words = ""

    @api.model
    def _short_day(self, day):
        if hasattr(day, "hour"):
            day = fields.Datetime.context_timestamp(self, day).date()
        skeleton = "MMMd" if day.year == fields.Date.context_today(self).year else "yMMMd"
        return format_skeleton(skeleton, day, locale=babel_locale_parse(get_lang(self.env).code))

    # -- where it comes from ---------------------------------------------------------

    @api.depends("nonconformity_id", "risk_id", "improvement_id", "decision_id", "res_model", "res_id")
    @api.depends_context("lang")
    def _compute_origin_label(self):
        """Its number alone: what it says is told to those who may read it."""
        sources = self.sudo()._sources()
        for action in self:
            source = sources.get(action._origin.id or action.id)
            action.origin_model = source._name if source is not None else False
            action.origin_label = self._source_word(source) if source is not None else ""

    def _source_word(self, source):
        for name in ("number", "code"):
            if name in source._fields and source[name]:
                return source[name]
        return self.env["ir.model"].sudo()._get(source._name).name

    def _sources(self):
        """`{action id: the one record it answers}`, one question for each model."""
        found, loose = {}, {}
        for action in self:
            for name in ("nonconformity_id", "risk_id", "improvement_id", "decision_id"):
                if action[name]:
                    found[action._origin.id or action.id] = action[name]
            if action.res_model and action.res_id and action.res_model in self.env:
                loose.setdefault(action.res_model, []).append(action)
        for model, actions in loose.items():
            there = self.env[model].browse({action.res_id for action in actions}).exists()
            for action in actions:
                if action.res_id in there.ids:
                    # Of the whole set, so that its fields are read at once.
                    found[action._origin.id or action.id] = there.browse(action.res_id).with_prefetch(there.ids)
        return found

    def action_open_origin(self):
        self.ensure_one()
        source = self._sources().get(self.id)
        if source is None:
            return None
        source.check_access("read")
        return source._get_records_action()

    def action_open_form(self):
        """The way from a gate to the action."""
        self.ensure_one()
        return self._get_records_action()

    # -- extensions ------------------------------------------------------------------

    @api.depends("extension_ids.state")
    def _compute_extension_count(self):
        rows = (
            self.env["sqms.action.extension"]
            .sudo()
            ._read_group(
                [("action_id", "in", self._origin.ids), ("state", "in", ("asked", "approved"))],
                ["action_id", "state"],
                ["__count"],
            )
        )
        counts = {(action.id, state): count for action, state, count in rows}
        for action in self:
            action.extension_count = counts.get((action._origin.id, "approved"), 0)
            action.is_extension_asked = bool(counts.get((action._origin.id, "asked")))

    def _search_is_extension_asked(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain("extension_ids", "any!", [("state", "=", "asked")])
        return found if True in value else ~found

    def action_ask_extension(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for More Time"),
            "res_model": "sqms.action.extension",
            "view_mode": "form",
            "views": [(self.env.ref("sqms_base.sqms_action_extension_view_form_ask").id, "form")],
            "target": "new",
            "context": {"default_action_id": self.id},
        }
