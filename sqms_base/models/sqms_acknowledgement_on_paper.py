from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.transition import Transition
from .sqms_acknowledgement import SqmsAcknowledgement

_lt = LazyTranslate(__name__)


class SqmsAcknowledgementOnPaper(models.Model):
    """A reading that was confirmed on paper."""

    _inherit = "sqms.acknowledgement"

    paper_id = fields.Many2one(
        "sqms.acknowledgement.paper", string="Signed List", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", groups="sqms_base.group_sqms_officer,"
        "sqms_base.group_sqms_top,sqms_base.group_sqms_certifier",
    )  # fmt: skip

    _workflow = (
        *SqmsAcknowledgement._workflow,
        Transition("confirm_on_paper", _lt("Confirmed on Paper"), ("open",), "done", system=True),
    )

    def _papers(self):
        """`{reading id: the newest list that names the person}`."""
        papers = self.env["sqms.acknowledgement.paper"].search(
            Domain("version_id", "in", self.version_id.ids) & Domain("employee_ids", "in", self.employee_id.ids),
            order="id",
        )
        found = {(paper.version_id, person): paper for paper in papers for person in paper.employee_ids}
        return {
            reading.id: found[reading.version_id, reading.employee_id]
            for reading in self
            if (reading.version_id, reading.employee_id) in found
        }

    def _check_confirm_on_paper(self):
        papers, refusals = self._papers(), {}
        for reading in self:
            paper = papers.get(reading.id)
            if not paper or not paper.file_ids:
                refusals[reading.id] = self.env._("there is no signed list with this name")
            elif reading.employee_id.user_id.active:
                refusals[reading.id] = self.env._("who has a login confirms for himself")
            elif not reading.version_id.is_in_force:
                refusals[reading.id] = self.env._("the edition is not in force")
            elif reading.has_quiz and not paper.is_quiz_passed:
                refusals[reading.id] = self.env._("the quiz belongs to it; please say that it was passed on paper")
        return refusals

    def _prepare_confirm_on_paper_values(self):
        papers = self._papers()
        return {
            reading.id: {
                "paper_id": papers[reading.id].id,
                "acknowledged_at": fields.Datetime.now(),
                "quiz_passed": reading.has_quiz,
            }
            for reading in self
        }

    def _on_confirm_on_paper(self):
        papers = self._papers()
        for paper in self.env["sqms.acknowledgement.paper"].union(*papers.values()):
            self.filtered(lambda reading, paper=paper: papers[reading.id] == paper)._ledger_log(
                "paper",
                new={"paper_id": paper.id, "date_signed": paper.date_signed},
                reason=self.env._("Confirmed on paper, recorded by %(name)s", name=paper.recorded_by_id.name),
            )
