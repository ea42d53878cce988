from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .sqms_training_course import SqmsTrainingCourse
from .sqms_training_plan import OFFICERS

REVIEW = ("content_reviewed_at", "content_reviewed_by_id")


class SqmsTrainingCourseContent(models.Model):
    """A course teaches documents; when one of them changes, the course has to be looked at.

    1. A document has changed for the course when an edition came into force after the course was last looked at.
    2. Its owner, or a training officer, says that the course fits again. Nobody else writes that.
    """

    _inherit = "sqms.training.course"

    content_reviewed_at = fields.Datetime(
        "Content Checked On", readonly=True, copy=False, default=lambda self: fields.Datetime.now()
    )
    content_reviewed_by_id = fields.Many2one(
        "res.users", "Content Checked By", readonly=True, copy=False, ondelete="restrict"
    )
    changed_document_ids = fields.Many2many(
        "sqms.document", string="Changed Since", compute="_compute_changed_document_ids", compute_sudo=True
    )
    is_content_changed = fields.Boolean(
        "Content Changed", compute="_compute_changed_document_ids", compute_sudo=True,
        search="_search_is_content_changed",
    )  # fmt: skip

    _ledger_fields = (*SqmsTrainingCourse._ledger_fields, *REVIEW)

    @api.depends("document_ids.current_version_id", "content_reviewed_at")
    def _compute_changed_document_ids(self):
        since = dict(
            self.env["sqms.document.version"].sudo()._read_group(
                [("document_id", "in", self.document_ids.ids), ("is_in_force", "=", True)],
                ["document_id"],
                ["effective_from:max"],
            )
        )  # fmt: skip
        for course in self:
            course.changed_document_ids = course.document_ids.filtered(
                lambda document, course=course: (
                    since.get(document._origin)
                    and since[document._origin] > (course.content_reviewed_at or fields.Datetime.now())
                )
            )
            course.is_content_changed = bool(course.changed_document_ids)

    def _search_is_content_changed(self, operator, value):
        if operator != "in":
            return NotImplemented
        courses = self.sudo().with_context(active_test=False).search([("document_ids", "!=", False)])
        changed = Domain("id", "in", courses.filtered("is_content_changed").ids)
        return Domain.OR([changed if wanted else ~changed for wanted in value])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._guard_review(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._guard_review(vals)
        return super().write(vals)

    def _guard_review(self, vals):
        if not self.env.su and any(name in vals for name in REVIEW):
            raise UserError(self.env._("Press “The Course Fits Again” to say that the content was checked."))

    def action_content_reviewed(self):
        """What is taught fits the documents as they are in force now."""
        self.check_access("read")
        if not self.env.user.has_groups(OFFICERS) and any(course.responsible_id != self.env.user for course in self):
            raise AccessError(self.env._("Its owner or a training officer says that a course fits again."))
        self.sudo().write({"content_reviewed_at": fields.Datetime.now(), "content_reviewed_by_id": self.env.user.id})

    @api.model
    def _teaching(self, documents):
        """`{document id: courses}` of the courses in use that teach these documents."""
        courses = self.sudo().search([("document_ids", "in", documents.ids)])
        return {
            document.id: courses.filtered(lambda course, document=document: document in course.document_ids)
            for document in documents.sudo()
        }
