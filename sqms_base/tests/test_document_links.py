from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import sign_step
from .test_web import WebCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestDocumentLinks(WebCase):
    def test_a_link_to_an_old_edition_leads_to_the_one_in_force(self):
        old = self._create_edition("Refund procedure", "Refund within five working days.")
        new = old.browse(old.document_id.with_user(self.officer).action_new_edition()["res_id"])
        sign_step(new, "submit", self.officer)
        new.date_effective = fields.Date.today() + timedelta(days=1)
        sign_step(new, "approve", self.top)
        with freeze_time(new.effective_from + timedelta(hours=1)):
            new.document_id.sudo()._bring_labels_up_to_date()
            self.env.flush_all()
            self.authenticate("sqms_plain", "sqms_plain")
            for link in (f"/quality/edition/{old.id}", f"/mail/view?model={old._name}&res_id={old.id}"):
                answer = self.url_open(link, allow_redirects=False)
                while "/odoo/" not in answer.headers["Location"]:
                    answer = self.url_open(answer.headers["Location"], allow_redirects=False)
                reading = new.acknowledgement_ids.filtered(lambda row: row.employee_id.user_id == self.plain)
                self.assertTrue(answer.headers["Location"].endswith(f"/odoo/sqms-readings/{reading.id}"), link)
            hidden = self._create_edition("Not yet", "Nothing.", approve=False)
            for missing in (hidden.id, 999999999):
                self.assertEqual(self.url_open(f"/quality/edition/{missing}").status_code, 404)
            self.authenticate("sqms_officer", "sqms_officer")
            answer = self.url_open(f"/quality/edition/{old.id}", allow_redirects=False)
            self.assertTrue(answer.headers["Location"].endswith(f"/odoo/sqms-editions/{old.id}"))
        self.logout()
        self.assertIn("/web/login", self.url_open(f"/quality/edition/{old.id}").url)
