from odoo.tests import tagged

from odoo.addons.sqms_base.tests.role_case import RoleCase


@tagged("post_install", "-at_install")
class TestRoles(RoleCase):
    extended = ("sqms.indicator",)
