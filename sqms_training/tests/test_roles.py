from odoo.tests import tagged

from odoo.addons.sqms_base.tests.role_case import RoleCase


@tagged("post_install", "-at_install")
class TestRoles(RoleCase):
    # Everybody keeps the skills of his own profile, which are no certificates: that is how hr_skills is made.
    # A trainer takes the attendance of his own sessions.
    own = (
        *(("hr.employee.skill", operation) for operation in ("create", "write", "unlink")),
        ("sqms.training.enrolment.part", "write"),
        # Everybody speaks in his own appraisal.
        ("sqms.appraisal", "write"),
        ("sqms.appraisal.line", "write"),
        ("sqms.appraisal.rating", "create"),
        ("sqms.appraisal.rating", "write"),
    )
    # He is enrolled like anybody else; whom he does not lead he neither enrols nor judges.
    # His own answer to a notice, too.
    tools = ("sqms.training.enrol", "sqms.training.feedback", "sqms.training.judge", "sqms.clearance.consent")
    extended = ("hr.employee.skill", "hr.skill.type", "hr.skill.level", "hr.employee", "hr.job")
    closed_to_certifier = (
        "sqms.certificate.reminder", "sqms.certificate.notice",
        # Persons' papers: whether somebody is cleared is seen on the employee.
        "sqms.clearance", "sqms.clearance.access", "sqms.clearance.paper", "sqms.clearance.reminder",
    )  # fmt: skip
