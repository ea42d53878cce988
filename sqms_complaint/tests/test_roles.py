from odoo.tests import tagged

from odoo.addons.sqms_base.tests.role_case import RoleCase


@tagged("post_install", "-at_install")
class TestRoles(RoleCase):
    extended = ("helpdesk.ticket", "helpdesk.ticket.stage", "helpdesk.ticket.team")
    tools = ("sqms.satisfaction.result",)
    closed_to_certifier = (
        "sqms.import.batch",
        "sqms.import.error",
        "sqms.import.profile",
        "sqms.import.profile.line",
        "sqms.import.profile.value",
        "sqms.import.run",
    )

    def test_the_groups_of_the_design(self):
        officer = self.env.ref("sqms_complaint.group_complaint_officer")
        self.assertIn(officer, self.env.ref("sqms_complaint.group_complaint_confidential").all_implied_ids)
