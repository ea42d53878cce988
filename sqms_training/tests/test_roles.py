from odoo.tests import tagged

from odoo.addons.sqms_base.tests.role_case import RoleCase


@tagged("post_install", "-at_install")
class TestRoles(RoleCase):
    # Everybody keeps the skills of his own profile, which are no certificates: that is how hr_skills is made.
    own = tuple(("hr.employee.skill", operation) for operation in ("create", "write", "unlink"))
    extended = ("hr.employee.skill", "hr.skill.type", "hr.skill.level", "hr.employee", "hr.job")
    closed_to_certifier = ("sqms.certificate.reminder",)
