"""Loaded inside tests only, by `FakeModelLoader`."""

from odoo import Command, fields, models
from odoo.fields import Domain


class FakeRequirement(models.Model):
    """As an addon would add a kind: a licence, held until a day."""

    _inherit = "sqms.eligibility.requirement"
    _name = "sqms.eligibility.requirement"

    kind = fields.Selection(
        selection_add=[("licence", "Holds a licence"), ("slow", "Is known by name")],
        ondelete={"licence": "cascade", "slow": "cascade"},
    )
    x_licence = fields.Char()

    def _describe_licence(self):
        return f"holds {self.x_licence}"

    def _provider_licence(self, records, employees, instant):
        rows = self.env["sqms.fake.licence"]._read_group(
            [("employee_id", "in", employees.ids), ("until", ">=", instant.date())], ["name", "employee_id"]
        )
        held = {(name, employee.id) for name, employee in rows}
        return lambda requirement, record, employee: (
            None if (requirement.x_licence, employee.id) in held else f"lacks {requirement.x_licence}"
        )

    def _domain_licence(self, record, instant):
        found = self.env["sqms.fake.licence"]._search([("name", "=", self.x_licence), ("until", ">=", instant.date())])
        return Domain("id", "in", found.subselect("employee_id"))

    def _provider_slow(self, records, employees, instant):
        """A kind that has no domain: colleagues are tried one after another."""
        return lambda requirement, record, employee: None if employee.name in requirement.x_licence else "is unknown"


class FakeLicence(models.Model):
    _name = "sqms.fake.licence"
    _description = "Fake Licence"

    name = fields.Char()
    employee_id = fields.Many2one("hr.employee")
    until = fields.Date()


class FakeVisit(models.Model):
    """Given to several employees at once, and of no company."""

    _name = "sqms.fake.visit"
    _description = "Fake Visit"
    _inherit = ["sqms.eligibility.mixin", "mail.thread"]

    name = fields.Char()
    visitor_ids = fields.Many2many("hr.employee")

    _eligibility_assignee = "visitor_ids"

    def add(self, employee):
        self.visitor_ids = [Command.link(employee.id)]
