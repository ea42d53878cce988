from odoo.fields import Domain
from odoo.tests import tagged

from .common import CertificateCase


@tagged("post_install", "-at_install")
class TestTrainingIndicator(CertificateCase):
    def _count(self, name):
        """What the indicator counts of this company, as (above the line, below the line)."""
        formula = self.env.ref(f"sqms_training.sqms_indicator_certificates_{name}")._formula()
        domain = (
            formula.domain
            & Domain(formula.company_field, "=", self.company.id)
            & Domain(formula.date_field, "!=", False)
        )
        rows = self.env[formula.model].with_context(active_test=False)
        return rows.search_count(domain & formula.numerator), rows.search_count(domain)

    def test_definitions_count_what_they_say(self):
        self._create_certificate()
        self._create_certificate(-30, 335, employee_id=self.other.id)
        wrong = self._create_certificate(-10, 355, skill_id=self.power.id)
        self._create_skill()
        self.assertEqual(self._count("begun"), (3, 3))
        self.assertEqual(self._count("revoked"), (0, 3))
        wrong._revoke("Wrong person")
        self.assertEqual(self._count("revoked"), (1, 3))
