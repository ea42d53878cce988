from odoo.tests import HttpCase, tagged

from .common import CertificateCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestCertificateTour(HttpCase, CertificateCase):
    def test_hr_issues_and_renews_and_the_page_says_valid(self):
        self.hr.group_ids += self.env.ref("sqms_training.group_training_officer")
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())
        self.start_tour("/odoo/sqms-certificates", "sqms_training_certificate", login="t_hr", timeout=120)
        rows = self.employee.certification_ids.sorted("id")
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[0].renewed_by_id, rows[1])
        self.assertEqual(rows.mapped("issued_by"), ["t_hr", "t_hr"])
        self.assertEqual(rows[0].issuer, "Harbour Works")
        address = rows[0].verification_url.removeprefix(self.base_url())
        self.browser_js(
            f"{address}?lang=en_US",
            "if (document.querySelector('.o_certificate_expiring h1').innerText.startsWith('VALID') "
            "&& document.documentElement.scrollWidth <= window.innerWidth) { console.log('test successful'); }",
            ready="Boolean(document.querySelector('.o_certificate_expiring'))",
        )
