from odoo import api, fields, models
from odoo.fields import Domain


class SqmsStandardObligation(models.Model):
    """How far the company at hand meets a standard."""

    _inherit = "sqms.standard"

    is_relevant = fields.Boolean(
        string="Concerns Us", compute="_compute_is_relevant", search="_search_is_relevant",
        help="It has no sector, or one that the company has chosen in the settings.",
    )  # fmt: skip
    obligation_count = fields.Integer(string="Obligations", compute="_compute_compliance")
    evaluated_count = fields.Integer(string="Evaluated", compute="_compute_compliance")
    compliant_count = fields.Integer(string="Compliant", compute="_compute_compliance")
    compliance_rate = fields.Float(
        string="Compliance Rate (%)", compute="_compute_compliance", digits=(5, 1), aggregator=None,
        help="Of the obligations that were evaluated: how many are met. What is excluded does not count.",
    )  # fmt: skip
    compliance_label = fields.Char(string="Compliance", compute="_compute_compliance")

    @api.depends("sector", "company_id")
    @api.depends_context("company")
    def _compute_is_relevant(self):
        concerning = self.filtered_domain(self._domain_of(self.env.company))
        for standard in self:
            standard.is_relevant = standard in concerning

    def _search_is_relevant(self, operator, value):
        if operator != "in":
            return NotImplemented
        concerning = self._domain_of(self.env.company)
        if set(value) >= {True, False}:
            return Domain.TRUE
        return concerning if True in value else ~concerning

    @api.depends("clause_ids.obligation_ids.compliance", "clause_ids.obligation_ids.is_relevant")
    @api.depends_context("company", "lang")
    def _compute_compliance(self):
        counts = {standard.id: {} for standard in self}
        for standard, compliance, count in self.env["sqms.obligation"].sudo()._read_group(
            [("standard_id", "in", self.ids), ("company_id", "=", self.env.company.id), ("is_relevant", "=", True)],
            ["standard_id", "compliance"], ["__count"],
        ):  # fmt: skip
            counts[standard.id][compliance] = count
        for standard in self:
            own = counts.get(standard.id, {})
            standard.obligation_count = sum(own.values())
            standard.evaluated_count = standard.obligation_count - own.get("not_evaluated", 0)
            standard.compliant_count = own.get("compliant", 0)
            evaluated, compliant = standard.evaluated_count, standard.compliant_count
            standard.compliance_rate = 100 * compliant / evaluated if evaluated else 0
            # Nothing evaluated is no zero: the words say so.
            label = self.env._("%(compliant)s of %(evaluated)s", compliant=compliant, evaluated=evaluated)
            standard.compliance_label = label if evaluated else False

    def action_take_up(self):
        """The obligations of the company at hand for all clauses, to give them owners."""
        self.ensure_one()
        Obligation = self.env["sqms.obligation"]
        Obligation.check_access("create")
        Obligation._take_up(self, self.env.company)
        return self.action_open_obligations()

    def action_open_obligations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_obligation_action")
        action["domain"] = [("standard_id", "=", self.id)]
        action["context"] = {}
        return action

    @api.model
    def action_open_own_rules(self):
        """The company's own rules, made at the first call."""
        own = self.search([("kind", "=", "enterprise"), ("company_id", "=", self.env.company.id)], limit=1)
        if not own and self.has_access("create"):
            own = self.create(
                {
                    "code": "OWN",
                    "name": self.env._("The company's own rules"),
                    "kind": "enterprise",
                    "company_id": self.env.company.id,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The company's own rules"),
            "res_model": "sqms.standard",
            "res_id": own.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
