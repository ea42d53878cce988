from odoo.tests import tagged

from odoo.addons.sqms_base.tests.fake_models import FakeModelLoader

from .clearance_common import ClearanceCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestClearanceApplicant(ClearanceCase):
    """Somebody who is checked before he is hired, with recruitment and without."""

    def test_without_recruitment_an_applicant_is_a_name(self):
        if "hr.applicant" in self.env:
            self.skipTest("recruitment is installed")
        model = self.env["sqms.clearance"].with_user(self.asker)
        clearance = model.create({"rule_id": self.rule.id, "applicant_name": "Pan Qiang", "reason": "entry"})
        self.assertEqual((clearance.person_name, clearance.applicant_ref), ("Pan Qiang", None))
        self.assertFalse(model._applicant_models())
        self.assertFalse(model._follow_applicants())
        clearance.consent_reason = "Applicant, on paper"
        self._paper(clearance, kind="consent", check_id=False, outcome=False)
        clearance.action_transition("consent_paper")
        self.assertEqual(clearance.state, "consented")

    def test_the_clearance_follows_an_applicant_who_is_hired(self):
        if "hr.applicant" in self.env:
            applicant_model = self.env["hr.applicant"]
        else:
            loader = FakeModelLoader(self.env, self.__module__)
            loader.backup_registry()
            from .fake_applicant import FakeApplicant

            loader.update_registry([FakeApplicant])
            self.addCleanup(loader.restore_registry)
            applicant_model = self.env["hr.applicant"]
        hired, other = applicant_model.create([{"partner_name": "Pan Qiang"}, {"partner_name": "Pan Er"}])
        clearances = self.env["sqms.clearance"].create(
            [{"rule_id": self.rule.id, "applicant_ref": f"hr.applicant,{applicant.id}"} for applicant in (hired, other)]
        )
        self.assertEqual(clearances.mapped("applicant_name"), ["Pan Qiang", "Pan Er"])
        self.assertEqual(clearances[0].applicant_ref, hired)
        hired.employee_id = self._create_employee("Pan Qiang")
        self.env["sqms.position.rule"]._cron_ask()
        self.assertEqual(clearances.mapped("employee_id"), hired.employee_id)
        self.assertEqual((clearances[0].employee_id, clearances[1].employee_id.id), (hired.employee_id, False))
        # Not asked for a second time when he takes up the post.
        hired.employee_id.job_id = self.job
        mine = [("employee_id", "=", hired.employee_id.id)]
        self.assertEqual(self.env["sqms.clearance"].search(mine), clearances[0])
