from odoo import api, fields, models
from odoo.tools import SQL

from .sqms_document import SEES_COVERAGE


class SqmsDocumentVersionStatus(models.Model):
    """How long an edition has been where it is, and what the reader of its form asks first."""

    _inherit = "sqms.document.version"

    duration_tracking = fields.Json(
        string="Time in Each State", compute="_compute_duration_tracking", export_string_translation=False
    )
    date_next_review = fields.Date(string="Next Review", compute="_compute_date_next_review")
    clause_ids = fields.Many2many(related="document_id.clause_ids")
    clause_words = fields.Char(related="document_id.clause_words")
    audience_words = fields.Char(related="document_id.audience_words")
    review_months = fields.Integer(related="document_id.review_months")
    replaces_id = fields.Many2one(
        "sqms.document.version", string="Replaced Edition", compute="_compute_replaces_id", compute_sudo=False
    )
    asks_words = fields.Char(compute="_compute_asks_words", groups=SEES_COVERAGE)
    replaced_read_label = fields.Char(related="replaces_id.read_label", string="Read Before", groups=SEES_COVERAGE)
    replaced_reader_count = fields.Integer(
        related="replaces_id.reader_count", string="Readers Before", groups=SEES_COVERAGE
    )
    replaced_coverage_rows = fields.Json(
        related="replaces_id.coverage_rows", string="Read Before by Department", groups=SEES_COVERAGE,
        export_string_translation=False,
    )  # fmt: skip

    @api.depends("state")
    def _compute_duration_tracking(self):
        """`{state: seconds}`, as the ledger tells it; the present state up to now."""
        self.env["sqms.ledger.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT res_id, date, state
                  FROM sqms_ledger_entry
                 WHERE res_model = %s AND res_id IN %s AND state IS NOT NULL
                 ORDER BY res_id, seq
                """,
                self._name,
                tuple(self.ids) or (0,),
            )
        )
        steps = {}
        for id_, moment, state in rows:
            steps.setdefault(id_, []).append((moment, state))
        now = fields.Datetime.now()
        for version in self:
            spent, state, since = {}, "draft", version.create_date
            for moment, reached in [*steps.get(version._origin.id, ()), (now, None)]:
                if since:
                    spent[state] = spent.get(state, 0) + max(0, int((moment - since).total_seconds()))
                state, since = reached, moment
            version.duration_tracking = {version.state: spent.get(version.state, 0)}

    @api.depends("state", "date_effective", "document_id.date_next_review", "document_id.review_months")
    def _compute_date_next_review(self):
        """Of an edition in preparation: what it would be if it came into force on its date."""
        for version in self:
            document = version.document_id
            if version.state in ("draft", "review"):
                months = document.review_months
                version.date_next_review = (
                    fields.Date.add(version.date_effective, months=months)
                    if months and version.date_effective
                    else False
                )
            else:
                version.date_next_review = document.date_next_review if version.is_in_force else False

    @api.depends("document_id", "edition")
    def _compute_replaces_id(self):
        """The edition before, for those who may read it; its readings stand beside the one that replaces it."""
        rows = self.search_fetch(
            [("document_id", "in", self.document_id.ids), ("effective_from", "!=", False)],
            ["document_id", "edition"],
            order="edition desc",
        )
        for version in self:
            version.replaces_id = next(
                (row for row in rows if row.document_id == version.document_id and row.edition < version.edition),
                False,
            )

    @api.depends("state", "document_id.audience_ids", "reading_decision", "reading_reason")
    @api.depends_context("lang")
    def _compute_asks_words(self):
        """How many will be asked to read it, told before it is approved."""
        for version in self:
            if version.state not in ("draft", "review", "approved") or version.document_id.audience == "nobody":
                version.asks_words = False
            elif version.reading_decision == "none":
                version.asks_words = self.env._(
                    "Edition %(edition)s asks nobody to read again: %(reason)s",
                    edition=version.edition,
                    reason=version.reading_reason or "",
                )
            else:
                groups = version.document_id.sudo().audience_ids
                [(people,)] = (
                    self.env["sqms.audience.member"]
                    .sudo()
                    ._read_group([("audience_id", "in", groups.ids)], [], ["employee_id:count_distinct"])
                )
                words = {"edition": version.edition, "people": people}
                version.asks_words = (
                    self.env._("Edition %(edition)s asks all %(people)s to read again.", **words)
                    if version.edition > 1
                    else self.env._("Edition %(edition)s asks all %(people)s to read.", **words)
                )

    def action_open_replaced_readers(self):
        self.ensure_one()
        return self.replaces_id.action_open_readers()
