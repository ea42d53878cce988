from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.sqms_base.lib.privacy import TEXT
from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from .sqms_training_module import KINDS

RESULTS = [("passed", "Passed"), ("failed", "Failed"), ("absent", "Absent")]
TAKEN = {"attended", "result", "hours", "note"}


class SqmsTrainingEnrolmentPart(models.Model):
    """One part of a course for one who takes it, as the course was when he started.

    1. It is copied when the enrolment starts; nobody adds, changes or deletes a part by hand.
    2. Attendance and result are taken while the enrolment runs: by HR, by a training officer, or by the trainer of
       the session. Nobody takes his own.
    """

    _name = "sqms.training.enrolment.part"
    _description = "Part of an Enrolment"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "session_id, employee_id, enrolment_id, sequence, id"
    _check_company_auto = True

    _workflow_parent = "enrolment_id"
    _workflow_parent_lines = "part_ids"

    enrolment_id = fields.Many2one(
        "sqms.training.enrolment", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    module_id = fields.Many2one(
        "sqms.training.module", "Part", required=True, readonly=True, index=True, ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    # as it was when the enrolment started
    name = fields.Char("Part as Started", required=True, readonly=True, translate=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    is_mandatory = fields.Boolean("Mandatory", readonly=True)
    hours_planned = fields.Float("Planned Hours", readonly=True)
    # whose and where
    employee_id = fields.Many2one(related="enrolment_id.employee_id", store=True, index=True, precompute=True)
    session_id = fields.Many2one(related="enrolment_id.session_id", store=True, index="btree_not_null", precompute=True)
    course_id = fields.Many2one(related="enrolment_id.course_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="enrolment_id.company_id", store=True, index=True, precompute=True)
    # what came of it
    attended = fields.Boolean()
    result = fields.Selection(RESULTS)
    hours = fields.Float("Hours Attended")
    note = fields.Char()
    taken_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")
    taken_at = fields.Datetime("Taken On", readonly=True, copy=False)

    _once = models.UniqueIndex("(enrolment_id, module_id)", "Each part stands once in an enrolment.")
    _absent = models.Constraint(
        "CHECK(NOT COALESCE(attended, false) OR result IS DISTINCT FROM 'absent')", "Who was there was not absent."
    )
    _passed_there = models.Constraint(
        "CHECK(result IS NULL OR result = 'absent' OR COALESCE(attended, false))",
        "Nobody passes or fails a part in which he was not.",
    )
    _hours_range = models.Constraint("CHECK(hours >= 0)", "Hours are not below zero.")

    _ledger_fields = (
        "enrolment_id", "module_id", "is_mandatory", "hours_planned", "attended", "result", "hours", "note",
        "taken_by_id", "taken_at",
    )  # fmt: skip
    _ledger_personal_fields = ("note",)
    _privacy_fields = {"note": TEXT}

    # -- who writes what -----------------------------------------------------------

    def write(self, vals):
        """Attendance is taken while the course runs, by somebody else; all the rest stays as it was copied."""
        if not vals.keys() <= TAKEN:
            return super().write(vals)
        vals = self._fit(vals)
        if not vals:
            return True
        enrolments = self.enrolment_id.sudo()
        self._check_takes(enrolments)
        signed = {**vals, "taken_by_id": self.env.uid, "taken_at": fields.Datetime.now()}
        with workflow_fields(enrolments, "part_ids"):
            return super().write(signed)

    @api.model
    def _fit(self, vals):
        """Who passes or fails was there; who was absent was not."""
        vals = dict(vals)
        if vals.get("result"):
            vals["attended"] = vals["result"] != "absent"
        elif (
            vals.get("attended") is False
            and "result" not in vals
            or vals.get("attended")
            and "result" not in vals
            and len(self)
            and "absent" in self.mapped("result")
        ):
            vals["result"] = False
        return vals

    def _check_takes(self, enrolments):
        over = enrolments.filtered(lambda enrolment: enrolment.state != "running")[:1]
        if over:
            raise UserError(
                self.env._(
                    "Attendance of %(enrolment)s is not taken: it is “%(state)s”.",
                    enrolment=over.display_name,
                    state=over._workflow_state_label(),
                )
            )
        own = enrolments.with_env(self.env)._own()[:1]
        if own:
            raise AccessError(
                self.env._("Nobody takes his own attendance: ask a colleague to do it for %s.", own.sudo().display_name)
            )

    def _copy_names(self):
        """The names in all languages."""
        if self:
            self.flush_recordset()
            self.env.cr.execute(
                SQL(
                    """UPDATE sqms_training_enrolment_part AS part SET name = module.name
                         FROM sqms_training_module AS module
                        WHERE module.id = part.module_id AND part.id IN %s""",
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["name"])

    def action_passed(self):
        """There and passed, for all selected at once."""
        self.write({"result": "passed"})

    def action_absent(self):
        self.write({"result": "absent"})
