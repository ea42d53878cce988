from odoo import api, fields, models
from odoo.tools import ormcache

from .sqms_complaint_regime import TOPICS


class SqmsComplaintCategoryTopic(models.Model):
    """What a category is about, as far as deadlines hang on it; those below it inherit it."""

    _inherit = "sqms.complaint.category"

    deadline_topic = fields.Selection(
        TOPICS, "Matter", help="Deadlines of the law hang on it. Left empty, as above it."
    )

    @api.model
    @ormcache("category_id")
    def _line_of(self, category_id):
        """(ids of the category and those above it, topic): asked for each complaint that is made, so read once."""
        category = self.sudo().browse(category_id)
        ids = [int(number) for number in (category.parent_path or "").split("/") if number]
        topics = {above.id: above.deadline_topic for above in self.sudo().browse(ids)}
        topic = next((topics[number] for number in reversed(ids) if topics[number]), None)
        return frozenset(ids), topic

    def write(self, vals):
        result = super().write(vals)
        if not {"parent_id", "deadline_topic"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result
