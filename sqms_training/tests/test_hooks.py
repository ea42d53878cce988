from odoo.tests import tagged

from ..hooks import CRON, SILENCED, post_init_hook, uninstall_hook
from .common import CertificateCase


@tagged("post_install", "-at_install")
class TestHooks(CertificateCase):
    def setUp(self):
        super().setUp()
        self.cron = self.env.ref(CRON)
        self.parameters = self.env["ir.config_parameter"].sudo()

    def test_hr_skills_job_rests_and_wakes_again(self):
        self.cron.active = True
        self.parameters.search([("key", "=", SILENCED)]).unlink()
        post_init_hook(self.env)
        self.assertFalse(self.cron.active)
        uninstall_hook(self.env)
        self.assertTrue(self.cron.active)
        self.assertFalse(self.parameters.get_param(SILENCED))

    def test_a_job_that_was_off_stays_off(self):
        self.cron.active = False
        self.parameters.search([("key", "=", SILENCED)]).unlink()
        post_init_hook(self.env)
        uninstall_hook(self.env)
        self.assertFalse(self.cron.active)

    def test_number_series_leave_with_the_addon(self):
        self._create_certificate()
        uninstall_hook(self.env)
        self.assertFalse(self.env["ir.sequence"].search([("code", "=", "sqms.certificate")]))

    def test_hr_skills_job_is_off_after_installation(self):
        self.assertFalse(self.cron.active)
        ours = self.env.ref("sqms_training.ir_cron_certificate_digest")
        self.assertTrue(ours.active)
        self.assertEqual(ours.interval_type, "days")
