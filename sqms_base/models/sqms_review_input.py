from odoo import api, fields, models
from odoo.exceptions import AccessError

from .sqms_review_freeze import is_freezing


class SqmsReviewInput(models.Model):
    """One section of what goes into a review: frozen data, and what a person says to it.

    1. The data is written by the freeze alone, never changed and never deleted.
    2. The comment is open until the review is held.
    """

    _name = "sqms.review.input"
    _description = "Input of a Management Review"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "review_id, freeze_number desc, sequence, id"
    _check_company_auto = True

    _workflow_parent = "review_id"
    _workflow_parent_lines = "input_ids"

    review_id = fields.Many2one(
        "sqms.review", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="review_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    freeze_number = fields.Integer(readonly=True, required=True, aggregator=None)
    is_current = fields.Boolean(string="Frozen Last", default=True, readonly=True)
    key = fields.Char(string="Section", required=True, readonly=True)
    sequence = fields.Integer(readonly=True, aggregator=None)
    clause = fields.Char(readonly=True)
    data = fields.Json(readonly=True, export_string_translation=False)
    digest = fields.Char(readonly=True)
    comment = fields.Text(help="What top management should see in these figures.")
    # as it is shown
    name = fields.Char(string="Input", compute="_compute_name")
    has_data = fields.Boolean(compute="_compute_name")
    summary = fields.Char(compute="_compute_name")
    picture = fields.Html(string="Figures", compute="_compute_picture", sanitize=False)

    _section = models.UniqueIndex("(review_id, freeze_number, key)", "The section is frozen already.")

    _ledger_fields = ("review_id", "freeze_number", "is_current", "key", "digest", "comment")

    # -- computes ----------------------------------------------------------------

    def _content(self):
        """The frozen content in the language of the reader, or in the first one that it was frozen in."""
        self.ensure_one()
        data = self.data or {}
        return data.get(self.env.lang) or data.get("en_US") or next(iter(data.values()), {})

    @api.depends("data")
    @api.depends_context("lang")
    def _compute_name(self):
        for row in self:
            content = row._content()
            row.name = content.get("title") or row.key
            row.has_data = not content.get("empty")
            figures = [figure for figure in content.get("figures", ()) if figure["value"] is not None]
            parts = [f"{figure['label']}: {figure['text']}" for figure in figures[:3]]
            parts = parts or [*content.get("sentences", ()), *(table["title"] for table in content.get("tables", ()))]
            row.summary = content.get("empty") or " · ".join(parts)

    @api.depends("name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.name

    @api.depends("data")
    @api.depends_context("lang")
    def _compute_picture(self):
        for row in self:
            row.picture = self.env["ir.qweb"]._render(
                "sqms_base.review_section", {"section": row._content(), "draw": self.env["sqms.review"]._draw_chart,
                                             "width": 620, "zoom": 1}
            )  # fmt: skip

    # -- ORM ---------------------------------------------------------------------

    def _create(self, data_list):
        self._refuse_unless_frozen(data["stored"].get("review_id") for data in data_list)
        return super()._create(data_list)

    def write(self, vals):
        if set(vals) - {"comment"}:
            self._refuse_unless_frozen(self.review_id.ids)
        if "comment" in vals and any(not row.is_current for row in self):
            raise AccessError(self.env._("This was frozen earlier and stays as it is; please comment the latest one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        if self:
            raise AccessError(self.env._("What was frozen for a review is kept."))

    def _refuse_unless_frozen(self, review_ids):
        if not is_freezing(set(review_ids)):
            raise AccessError(self.env._("The inputs of a review are filled in when it is prepared, by nobody else."))
