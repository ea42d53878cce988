from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .sqms_document import SEES_COVERAGE

# How often a document is looked at again, unless the company has laid down something else.
REVIEW_MONTHS = {
    "vision": 36,
    "mission": 36,
    "values": 36,
    "policy": 12,
    "manual": 12,
    "procedure": 24,
    "instruction": 24,
    "form": 24,
    "external": 12,
}
# Days before the review is due that its owner is asked for it.
LEAD_DAYS = 30


class SqmsDocumentReviewCycle(models.Model):
    """A document is looked at again, whether it still fits, before its time has run out.

    1. The time runs from the day the latest edition comes into force, or from the last review that kept it.
    2. “Change” leaves the date where it is: the edition that comes out of it moves it on.
    3. A document without an edition in force, or one that was withdrawn, is not reviewed.
    """

    _inherit = "sqms.document"

    review_months = fields.Integer(
        string="Reviewed Every",
        compute="_compute_review_months",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        aggregator=None,
        help="Months from one review to the next. 0: this document is not reviewed periodically.",
    )
    date_next_review = fields.Date(string="Next Review", compute="_compute_date_next_review", store=True, tracking=True)
    review_ids = fields.One2many("sqms.document.review", "document_id", string="Periodic Reviews", groups=SEES_COVERAGE)
    review_count = fields.Integer(string="Number of Reviews", compute="_compute_open_review", groups=SEES_COVERAGE)
    open_review_id = fields.Many2one("sqms.document.review", compute="_compute_open_review", groups=SEES_COVERAGE)

    _next_review_idx = models.Index("(date_next_review) WHERE date_next_review IS NOT NULL")
    _review_months_positive = models.Constraint("CHECK(review_months >= 0)", "The months cannot be negative.")

    @api.depends("document_type", "company_id")
    def _compute_review_months(self):
        for document in self:
            document.review_months = document.company_id.sqms_review_months or REVIEW_MONTHS.get(
                document.document_type, 24
            )

    @api.depends(
        "review_months", "version_ids.effective_from", "version_ids.date_effective", "version_ids.withdrawn_at",
        "review_ids.state", "review_ids.outcome", "review_ids.date_done",
    )  # fmt: skip
    def _compute_date_next_review(self):
        for document in self:
            latest = document.version_ids.filtered("effective_from").sorted("effective_from")[-1:]
            if not document.review_months or not latest or latest.withdrawn_at:
                document.date_next_review = False
                continue
            kept = document.review_ids.filtered(lambda review: review.state == "done" and review.outcome == "keep")
            start = max([latest.date_effective, *filter(None, kept.mapped("date_done"))])
            document.date_next_review = fields.Date.add(start, months=document.review_months)

    @api.depends("review_ids.state")
    def _compute_open_review(self):
        reviews = self.env["sqms.document.review"].search([("document_id", "in", self.ids), ("state", "=", "open")])
        by_document = {review.document_id: review for review in reviews}
        counts = dict(
            self.env["sqms.document.review"]._read_group(
                [("document_id", "in", self.ids)], ["document_id"], ["__count"]
            )
        )
        for document in self:
            document.open_review_id = by_document.get(document._origin)
            document.review_count = counts.get(document._origin, 0)

    def action_review(self):
        """Open the review that is due, or start it ahead of its time."""
        self.ensure_one()
        self.check_access("read")
        review = self.open_review_id or self.env["sqms.document.review"].create({"document_id": self.id})
        return review._get_records_action()

    def action_open_reviews(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_document_review_action"),
            "domain": [("document_id", "=", self.id)],
            "context": {},
        }

    # -- once per period --------------------------------------------------------

    @api.model
    def _cron_reviews(self, batch=500):
        """Ask for the reviews that are due within the next weeks: one record and one activity for each period.

        The documents that have not been asked for are looked for anew each time; a run that was broken off goes on
        where it stopped, and a second run finds nothing.
        """
        while due := self._reviews_to_ask(batch):
            self.env["sqms.document.review"]._ask(due)
            if not self.env["ir.cron"]._commit_progress(len(due)):
                return
            if len(due) < batch:
                return

    @api.model
    def _reviews_to_ask(self, limit):
        self.env.flush_all()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document.id
                  FROM sqms_document document
                 WHERE document.date_next_review
                       <= (timezone(document.tz, timezone('UTC', %(now)s)))::date + %(lead)s
                   AND EXISTS (
                       SELECT FROM sqms_document_version version
                        WHERE version.document_id = document.id
                          AND version.effective_from <= %(now)s
                          AND (version.effective_to IS NULL OR version.effective_to > %(now)s)
                   )
                   AND NOT EXISTS (
                       SELECT FROM sqms_document_review review
                        WHERE review.document_id = document.id
                          AND (review.state = 'open' OR review.date_due = document.date_next_review)
                   )
                 ORDER BY document.date_next_review, document.id
                 LIMIT %(limit)s
                """,
                now=now,
                lead=LEAD_DAYS,
                limit=limit,
            )
        )
        return self.browse(row[0] for row in rows)

    def _refuse_unless_reviewable(self):
        for document in self:
            if not document.current_version_id:
                raise UserError(
                    self.env._(
                        "%(document)s has no edition in force: there is nothing to review.",
                        document=document.display_name,
                    )
                )
