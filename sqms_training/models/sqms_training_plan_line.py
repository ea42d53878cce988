from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.sqms_base.lib.privacy import TEXT
from odoo.addons.sqms_base.lib.workflow_pass import passed

from .sqms_training_plan import SEES_COST

SOURCES = [
    ("gap", "Gap"),
    ("expiry", "Ends in the Period"),
    ("document", "Changed Document"),
    ("appraisal", "Appraisal"),
    ("clearance", "Clearance"),
    ("manual", "Proposed"),
]
STATES = [
    ("open", "Not Scheduled"),
    ("scheduled", "Scheduled"),
    ("training", "In Training"),
    ("met", "Met"),
    ("failed", "Failed"),
    ("dropped", "Dropped"),
]
OF_ENROLMENT = {
    "enrolled": "scheduled",
    "running": "training",
    "passed": "met",
    "failed": "failed",
    "absent": "failed",
    "cancelled": "open",
}
# What the system fills in; a person never says of a line that it is met.
MANAGED = (
    "source_model", "source_id", "held_level_id", "enrolment_id", "met_on", "drop_reason", "dropped_by_id",
    "dropped_at",
)  # fmt: skip
FIXED = ("plan_id", "employee_id")


class SqmsTrainingPlanLine(models.Model):
    """One need of one employee: where it comes from and which course meets it.

    1. A line stays with its plan and its person.
    2. Its state follows the enrolment that was made of it; it is met as well when its gap has closed by another way,
       and dropped only with a reason.
    3. What it costs is known to those who answer for money.
    """

    _name = "sqms.training.plan.line"
    _description = "Line of a Training Plan"
    _inherit = ["sqms.staff.mixin", "sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "plan_id, due_on, id"
    _rec_name = "employee_id"
    _check_company_auto = True
    _workflow_parent = "plan_id"
    _workflow_parent_lines = "line_ids"

    plan_id = fields.Many2one("sqms.training.plan", required=True, index=True, ondelete="restrict", check_company=True)
    plan_state = fields.Selection(related="plan_id.state", string="Plan Is")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True, precompute=True)
    employee_id = fields.Many2one("hr.employee", required=True, index=True, ondelete="restrict", check_company=True)
    department_id = fields.Many2one(
        "hr.department", compute="_compute_department_id", store=True, precompute=True, compute_sudo=True,
        index="btree_not_null", ondelete="restrict", help="Of the person when the line was made.",
    )  # fmt: skip
    job_id = fields.Many2one("hr.job", "Required By", index="btree_not_null", ondelete="restrict")
    # what is needed
    skill_id = fields.Many2one("hr.skill", index="btree_not_null", ondelete="restrict")
    skill_type_id = fields.Many2one(related="skill_id.skill_type_id")
    needed_level_id = fields.Many2one(
        "hr.skill.level", "Needed", ondelete="restrict", domain="[('skill_type_id', '=', skill_type_id)]"
    )
    held_level_id = fields.Many2one("hr.skill.level", "Held", readonly=True, ondelete="restrict")
    name = fields.Char("What Is to Be Learnt")
    need = fields.Char(compute="_compute_need")
    source = fields.Selection(SOURCES, required=True, default="manual", readonly=True)
    source_model = fields.Char(readonly=True, copy=False, export_string_translation=False)
    source_id = fields.Many2oneReference(
        "Source Record", model_field="source_model", readonly=True, copy=False, export_string_translation=False
    )
    # how it is met
    course_id = fields.Many2one(
        "sqms.training.course", index="btree_not_null", ondelete="restrict", check_company=True,
        domain="['|', ('skill_id', '=?', skill_id), ('skill_id', '=', False)]",
    )  # fmt: skip
    due_on = fields.Date("Until", index=True, compute="_compute_due_on", store=True, readonly=False, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    # Not precomputed: who may not see it could not create a line.
    cost = fields.Monetary(compute="_compute_cost", store=True, readonly=False, compute_sudo=True, groups=SEES_COST)
    enrolment_id = fields.Many2one(
        "sqms.training.enrolment", index="btree_not_null", ondelete="restrict", check_company=True, copy=False,
        readonly=True,
    )  # fmt: skip
    session_id = fields.Many2one(
        related="enrolment_id.session_id", store=True, index="btree_not_null", copy=False, related_sudo=True
    )
    # what came of it
    met_on = fields.Date("Gap Closed On", readonly=True, copy=False)
    drop_reason = fields.Text("Why It Was Dropped", readonly=True, copy=False)
    dropped_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    dropped_at = fields.Datetime("Dropped On", readonly=True, copy=False)
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, compute_sudo=True, index=True, group_expand=True
    )

    _skill_once = models.UniqueIndex(
        "(plan_id, employee_id, skill_id) WHERE skill_id IS NOT NULL",
        "This employee already has a line for this skill in the plan.",
    )
    _living_idx = models.Index("(company_id, state, due_on)")
    _cost_sign = models.Constraint("CHECK(COALESCE(cost, 0) >= 0)", "A cost is not below zero.")

    _something_needed = models.Constraint(
        "CHECK(skill_id IS NOT NULL OR course_id IS NOT NULL OR length(btrim(COALESCE(name, ''))) > 0)",
        "What is to be learnt? Choose a skill or a course, or say it in words.",
    )

    _ledger_fields = (
        "plan_id", "employee_id", "job_id", "skill_id", "needed_level_id", "name", "source", "course_id", "due_on",
        "cost", "enrolment_id", "met_on", "drop_reason", "dropped_by_id", "dropped_at",
    )  # fmt: skip
    _ledger_personal_fields = ("name", "drop_reason")
    _privacy_fields = dict.fromkeys(("name", "drop_reason"), TEXT)

    # -- computes ----------------------------------------------------------------

    @api.depends("employee_id")
    def _compute_department_id(self):
        for line in self:
            line.department_id = line.employee_id.department_id

    @api.depends("skill_id", "needed_level_id", "name", "course_id")
    def _compute_need(self):
        for line in self:
            skill = line.skill_id.name
            if skill and line.needed_level_id:
                skill = self.env._("%(skill)s: %(level)s", skill=skill, level=line.needed_level_id.name)
            line.need = " · ".join(filter(None, (skill, line.name))) or line.sudo().course_id.name

    @api.depends("employee_id", "need")
    def _compute_display_name(self):
        for line in self:
            line.display_name = " · ".join(filter(None, (line.employee_id.name, line.need)))

    @api.depends("plan_id")
    def _compute_due_on(self):
        for line in self:
            line.due_on = line.due_on or line.plan_id.sudo().date_to

    @api.depends("course_id")
    def _compute_cost(self):
        for line in self:
            line.cost = line.course_id.cost

    @api.depends("enrolment_id.state", "met_on", "drop_reason")
    def _compute_state(self):
        for line in self:
            if line.drop_reason:
                line.state = "dropped"
            elif line.met_on:
                line.state = "met"
            else:
                line.state = OF_ENROLMENT.get(line.enrolment_id.state, "open")

    @api.constrains("skill_id", "needed_level_id", "course_id")
    def _check_level(self):
        for line in self.sudo():
            if line.needed_level_id and line.needed_level_id.skill_type_id != line.skill_id.skill_type_id:
                raise ValidationError(
                    self.env._("%(level)s is no level of %(skill)s.",
                               level=line.needed_level_id.name, skill=line.skill_id.name or "–")
                )  # fmt: skip
            granted = line.course_id.skill_id
            if not (granted and line.skill_id):
                continue
            if granted != line.skill_id or (
                line.course_id.skill_level_id.level_progress < line.needed_level_id.level_progress
            ):
                raise ValidationError(
                    self.env._(
                        "%(course)s does not grant what %(employee)s needs (%(need)s).",
                        course=line.course_id.name,
                        employee=line.employee_id.name,
                        need=line.need,
                    )
                )

    # -- guards ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._add_plans(vals_list)
        lines = super().create(vals_list)
        lines.plan_id._note_contributor()
        return lines

    def _create(self, data_list):
        # Defaults from the context and from ir.default are merged below `create`.
        for data in data_list:
            stored = data["stored"]
            plan = self.env["sqms.training.plan"].browse(stored.get("plan_id"))
            if not passed(plan, {"line_ids"}):
                named = [name for name in (*MANAGED, "state", "session_id") if stored.get(name)]
                if stored.get("source", "manual") != "manual":
                    named.append("source")
                self._refuse_managed(named)
        return super()._create(data_list)

    def write(self, vals):
        plans = self.plan_id
        for name in FIXED:
            if name in vals and any(line[name].id != vals[name] for line in self):
                raise UserError(self.env._("A line stays with its plan and its person. Delete it and add another one."))
        if not passed(plans, {"line_ids"}):
            self._refuse_managed([name for name in (*MANAGED, "state", "source", "session_id") if name in vals])
        result = super().write(vals)
        if not passed(plans, {"line_ids"}):
            plans._note_contributor()
        return result

    def unlink(self):
        plans = self.plan_id
        result = super().unlink()
        plans._note_contributor()
        return result

    def _refuse_managed(self, names):
        if names:
            raise UserError(
                self.env._(
                    "“%(field)s” of a line is filled in by the system and cannot be written.",
                    field=self._fields[names[0]]._description_string(self.env),
                )
            )

    def _workflow_guard_parents(self, parents):
        # A step that holds the plans has asked and locked them once for all lines.
        if parents and passed(parents, {"line_ids"}):
            return
        super()._workflow_guard_parents(parents)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_enrolled(self):
        if any(line.enrolment_id for line in self.sudo()):
            raise UserError(self.env._("A line that somebody was enrolled for is kept: drop it with a reason."))

    # -- tools -------------------------------------------------------------------

    @api.model
    def _key_of(self, employee_id, skill_id, course_id, text):
        """By what two lines of a plan are the same need."""
        return employee_id, skill_id or (course_id and f"course {course_id}") or (text or "").strip()

    def _need_key(self):
        return self._key_of(self.employee_id.id, self.skill_id.id, self.course_id.id, self.name)
