from odoo import models
from odoo.fields import Domain

from .sqms_quality_cost import MANAGER, TOP


class SqmsMorningRisk(models.AbstractModel):
    """My risks to be rated again, my rights to be renewed, quality costs that wait for an approval."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [
            *super()._morning_sections(),
            self._morning_risks(),
            self._morning_renewals(),
            self._morning_costs(),
        ]

    def _morning_risks(self):
        risks = self.env["sqms.risk"]
        domain = risks._domain_review_due(ahead=7) & Domain("owner_id", "=", self.env.uid)
        return self._morning_section(
            "risks",
            [self._morning_source("sqms.risk", domain, self._show_risks, due="date_next_review")],
            sequence=60,
            icon="fa-exclamation-triangle",
            title=self.env._("Risks to rate again"),
            more=self._morning_all("sqms_base.sqms_risk_action_all", domain),
        )

    def _show_risks(self, risks):
        levels = dict(risks._fields["level"]._description_selection(self.env))
        return [
            self._morning_item(
                risk,
                risk.name,
                {"xmlid": "sqms_base.sqms_risk_action_all"},
                due=risk.date_next_review,
                subtitle=" · ".join(filter(None, (levels.get(risk.level), risk.sudo().process_id.name))),
                icon="fa-exclamation-triangle",
                button=self.env._("Rate It"),
            )
            for risk in risks
        ]

    def _morning_renewals(self):
        domain = self.env["sqms.resource"]._domain_renewal_due() & Domain("owner_id", "=", self.env.uid)
        return self._morning_section(
            "renewals",
            [self._morning_source("sqms.resource", domain, self._show_renewals, due="date_renewal")],
            column="right",
            sequence=65,
            icon="fa-certificate",
            title=self.env._("Rights to renew"),
            more=self._morning_all("sqms_base.sqms_resource_action_ip", domain),
        )

    def _show_renewals(self, resources):
        kinds = dict(resources._fields["ip_kind"]._description_selection(self.env))
        return [
            self._morning_item(
                resource,
                resource.name,
                {"xmlid": "sqms_base.sqms_resource_action_ip"},
                due=resource.date_renewal,
                kind="expires",
                subtitle=" · ".join(filter(None, (kinds.get(resource.ip_kind), resource.registration_number))),
                icon="fa-certificate",
                button=self.env._("Open"),
            )
            for resource in resources
        ]

    def _morning_costs(self):
        if not self._has_group(MANAGER, TOP):
            return None
        domain = (
            Domain("state", "=", "to_approve")
            & Domain("author_id", "!=", self.env.uid)
            & Domain("contributor_ids", "not in", [self.env.uid])
        )
        return self._morning_section(
            "quality_costs",
            [self._morning_source("sqms.quality.cost", domain, self._show_costs, due="date")],
            column="right",
            sequence=70,
            icon="fa-money",
            title=self.env._("Quality costs to approve"),
            more=self._morning_all("sqms_base.sqms_quality_cost_action", domain),
        )

    def _show_costs(self, costs):
        return [
            self._morning_item(
                cost,
                cost.name,
                {"xmlid": "sqms_base.sqms_quality_cost_action"},
                subtitle=f"{cost.amount:g} {cost.currency_id.name}",
                icon="fa-money",
                button=self.env._("Decide"),
            )
            for cost in costs
        ]
