from datetime import timedelta

from odoo import fields
from odoo.fields import Domain
from odoo.tests import tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestAuditIndicator(AuditCase):
    def _count(self, name):
        """What the indicator counts of this company, as (above the line, below the line)."""
        formula = self.env.ref(f"sqms_audit.sqms_indicator_audit_{name}")._formula()
        records = self.env[formula.model].with_context(active_test=False)
        domain = (
            formula.domain
            & Domain(formula.company_field, "=", self.company.id)
            & Domain(formula.date_field, "!=", False)
        )
        return records.search_count(domain & formula.numerator), records.search_count(domain)

    def test_definitions_count_what_they_say(self):
        self._create_audit("planned")
        self._create_audit("in_progress")
        self._create_audit("cancelled")
        audit, closed = self._create_audit("report"), self._create_audit("closed")
        # One accepted on its day, one open; each audit that came to its report has one minor finding.
        self.assertEqual(self._count("completed"), (2, 4))
        self.assertEqual(self._count("findings"), (2, 2))
        self.assertEqual(closed.finding_ids.mapped("is_on_time"), [True])
        self.assertEqual(self._count("findings_on_time"), (1, 1))
        self._respond(audit.finding_ids)
        self.assertEqual(self._count("findings_on_time"), (1, 2))
        # Accepted a day late.
        late = self._as(self.lead, audit.finding_ids)
        self._as(self.lead, late).review_note = "By yesterday would have been possible"
        self._as(self.lead, late).action_transition("send_back")
        self._as(self.auditee, late).due_date = fields.Date.today() - timedelta(days=2)
        self._as(self.auditee, late).action_transition("answer")
        late.action_transition("accept")
        self.assertFalse(late.is_on_time)
        self.assertEqual(self._count("findings_on_time"), (1, 2))

    def test_the_day_is_that_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        finding = self._create_audit("closed").finding_ids.sudo()
        for due, accepted, expected in (
            ("2026-11-23", "2026-11-23 15:59:59", True),
            ("2026-11-23", "2026-11-23 16:00:00", False),
            ("2026-11-24", "2026-11-23 16:00:00", True),
        ):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE sqms_audit_finding SET due_date = %s, accepted_on = %s WHERE id = %s",
                [due, accepted, finding.id],
            )
            finding.invalidate_recordset()
            self.env.add_to_compute(finding._fields["is_on_time"], finding)
            self.assertEqual(finding.is_on_time, expected, accepted)
