from odoo.tests import tagged

from odoo.addons.sqms_base.tests.role_case import RoleCase


@tagged("post_install", "-at_install")
class TestRoles(RoleCase):
    # Who is audited answers; a certifier is audited by nobody.
    own = (("sqms.audit.finding", "write"),)
    extended = ("sqms.document", "sqms.document.version")

    def test_the_groups_of_the_design(self):
        auditor = self.env.ref("sqms_audit.group_auditor")
        self.assertIn(auditor, self.env.ref("sqms_audit.group_audit_manager").all_implied_ids)
