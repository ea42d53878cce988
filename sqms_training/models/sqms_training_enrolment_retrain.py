from odoo import fields, models

from .sqms_training_enrolment import SqmsTrainingEnrolment


class SqmsTrainingEnrolmentRetrain(models.Model):
    """An enrolment that a new edition of a document has asked for."""

    _inherit = "sqms.training.enrolment"

    retrain_version_id = fields.Many2one(
        "sqms.document.version", "Because of", readonly=True, copy=False, ondelete="restrict",
        help="The edition of a document that changes what is taught.",
    )  # fmt: skip
    retrain_due_on = fields.Date("Trained Until", readonly=True, copy=False, index="btree_not_null")

    _retrain_idx = models.Index("(retrain_version_id, employee_id) WHERE retrain_version_id IS NOT NULL")

    _workflow_managed = (*SqmsTrainingEnrolment._workflow_managed, "retrain_version_id", "retrain_due_on")
    _ledger_fields = (*SqmsTrainingEnrolment._ledger_fields, "retrain_version_id", "retrain_due_on")
