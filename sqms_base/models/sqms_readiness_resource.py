from odoo import models

# What a company has to have thought of, at least.
REGISTERED = ("people", "finance", "ip")


class SqmsReadinessResource(models.AbstractModel):
    """Resources are ready when people and equipment are looked after, and each kind stands in the register with an
    owner.
    """

    _inherit = "sqms.readiness"

    def _readiness_checks(self):
        return [
            {**check, "action": self._open_resources} if check["key"] == "resources" else check
            for check in super()._readiness_checks()
        ]

    def _open_resources(self, company, is_met):
        """The register, unless people and equipment alone are what is missing."""
        if is_met or self._register_gap(company):
            return "sqms_base.sqms_resource_action"
        return "hr.hr_department_kanban_action"

    def _check_resources(self, company):
        looked_after, reason = super()._check_resources(company)
        if not looked_after:
            return looked_after, reason
        gap = self._register_gap(company)
        if gap:
            return False, gap
        return True, self.env._("%(reason)s %(count)s resources in the register, each with an owner.",
                                reason=reason, count=len(self._registered(company)))  # fmt: skip

    def _registered(self, company):
        return self.env["sqms.resource"].sudo().search(
            [("company_id", "=", company.id), ("state", "=", "confirmed")]
        )  # fmt: skip

    def _register_gap(self, company):
        """What the register lacks, in words; nothing when it is whole."""
        resources = self._registered(company)
        kinds = dict(resources._fields["kind"]._description_selection(self.env))
        missing = [kinds[kind] for kind in REGISTERED if kind not in resources.mapped("kind")]
        if missing:
            return self.env._("Not in the register of resources yet: %s.", ", ".join(missing))
        orphaned = resources.filtered(lambda resource: not resource.owner_id.active)
        if not orphaned:
            return None
        # The names of confidential ones are for few.
        shown = orphaned.filtered(lambda resource: not resource.is_confidential).mapped("display_name")[:3]
        return self.env._("%(count)s resources without an owner: %(names)s",
                          count=len(orphaned), names=", ".join(shown) or "…")  # fmt: skip
