from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class SqmsCompetencePlan(models.AbstractModel):
    """From the matrix to training: one cell into the development plan of the person, all gaps into the annual plan."""

    _inherit = "sqms.competence"

    @api.model
    def plan_training(self, employee_id, skill_id):
        """Put what a cell asks for into the open development plan of the person; it is shown."""
        cell = self.get_cell(employee_id, skill_id)
        self._check_planner()
        if not cell or not cell["can_plan"]:
            raise UserError(self.env._("Nothing is missing here, or training is booked already."))
        person = self._matrix_employees(Domain("id", "=", employee_id))
        row = next(row for row in self._standings(person) if row["skill_id"] == skill_id)
        need = {
            "skill_id": skill_id,
            "needed_level_id": row["needed_level_id"],
            "source": "gap" if row["standing"] != "expiring" else "expiry",
        }
        reason = self.env._("%(skill)s is required for the job.", skill=cell["skill"])
        return self._open_plan(self.env["sqms.training.plan"]._development_plan(person, [need], reason))

    @api.model
    def plan_gaps(self, filters=None):
        """Put all gaps of the department that is chosen, or of the company, into the annual plan being drafted."""
        self._check_planner()
        department = self.env["hr.department"].browse(self._matrix_filters(filters)["department"] or ())
        company = department.company_id or self.env.company
        year = company._sqms_today().year
        plan = self.env["sqms.training.plan"].search(
            [
                ("kind", "=", "annual"),
                ("state", "=", "draft"),
                ("company_id", "=", company.id),
                ("department_id", "=", department.id),
                ("year", "=", year),
            ],
            limit=1,
        )
        if not plan:
            plan = plan.create(
                {
                    "name": self.env._("Training of %(whose)s %(year)s", whose=(department or company).name, year=year),
                    "kind": "annual",
                    "company_id": company.id,
                    "department_id": department.id,
                    "year": year,
                }
            )
        plan._generate()
        return self._open_plan(plan)

    def _check_planner(self):
        if not (self.env.su or self._can_plan()):
            raise AccessError(self.env._("HR and training officers plan training. Ask them to do it."))

    def _open_plan(self, plan):
        return {
            "type": "ir.actions.act_window",
            "name": plan.display_name,
            "res_model": plan._name,
            "res_id": plan.id,
            "views": [(False, "form")],
        }
