from odoo import models
from odoo.fields import Domain


class SqmsMorningControl(models.AbstractModel):
    """The checks that a person is asked to make."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_checks()]

    def _morning_checks(self):
        domain = Domain("state", "=", "open") & self.env["sqms.control.record"]._mine_domain()
        return self._morning_section(
            "checks",
            [self._morning_source("sqms.control.record", domain, self._show_checks, due="date_due")],
            sequence=38,
            icon="fa-check-square-o",
            title=self.env._("My checks"),
            title_today=self.env._("My checks due today"),
            more={"xmlid": "sqms_base.sqms_control_record_action_mine"},
        )

    def _show_checks(self, records):
        return [
            self._morning_item(
                record,
                record.plan_id.name,
                {"xmlid": "sqms_base.sqms_control_record_action_mine"},
                due=record.date_due,
                subtitle=" · ".join(filter(None, (record.number, record.site_id.name, record.reference))),
                icon="fa-list-alt",
                button=self.env._("Make the Check"),
                headline=self.env._("Check: %s", record.plan_id.name),
            )
            for record in records
        ]
