from odoo import fields
from odoo.tests import new_test_user

from .common import DocumentCase, password_of, sign_step


class SignatureCase(DocumentCase):
    """Editions to sign, and a counter of failures that starts anew in each test."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget_failures)

    def _forget_failures(self):
        # They were written in transactions of their own.
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM sqms_signature_failure WHERE uid NOT IN (SELECT id FROM res_users)")

    def _failures(self, user):
        with self.registry.cursor() as cr:
            cr.execute("SELECT count(*) FROM sqms_signature_failure WHERE uid = %s", [user.id])
            return cr.fetchone()[0]

    @classmethod
    def _in_review(cls, **values):
        version = cls._submit(cls._create_draft(**values))
        version.with_user(cls.officer).date_effective = fields.Date.today()
        cls.env.flush_all()
        return version

    @classmethod
    def _sign(cls, records, meaning, user, **credentials):
        credentials = {"password": password_of(user), **credentials}
        return cls.env["sqms.signature"].with_user(user).sign(records, meaning, **credentials)


__all__ = ["SignatureCase", "new_test_user", "password_of", "sign_step"]
