from odoo import fields, models


class HrEmployeePublicFitness(models.Model):
    """The manager, who reads no personnel files, sees the same lines."""

    _inherit = "hr.employee.public"

    fitness_rows = fields.Json("Fitness for the Post", compute="_compute_fitness_rows", export_string_translation=False)

    def _compute_fitness_rows(self):
        rows = self.env["hr.employee"].browse(self._origin.ids)._fitness()
        for employee in self:
            employee.fitness_rows = rows.get(employee._origin.id, [])
