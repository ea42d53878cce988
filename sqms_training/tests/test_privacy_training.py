from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .training_case import TrainingCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestPrivacyTraining(TrainingCase):
    """Words about who learnt go when their time is over; certificates, results and figures stay as they are."""

    def _ended(self):
        """Two trainings that ended: one with a certificate, one missed, both with words about the person."""
        session, enrolments = self._running(self.employee | self.other)
        first, second = enrolments.sorted("id")
        first.reason = "Wang Li asked for it himself"
        second.write({"end_reason": "Zhang San did not come, his mother is ill"})
        for part in first.part_ids:
            part.write({"attended": True, "result": "passed", "note": "Wang Li did well"})
        if first.state == "running":
            first.action_transition("finish")
        second.action_transition("miss")
        self.env.flush_all()
        return first.sudo(), second.sudo()

    def test_words_go_and_verdicts_stay(self):
        passed, missed = self._ended()
        self.assertEqual((passed.state, missed.state), ("passed", "absent"))
        rule = self.env.ref("sqms_training.sqms_retention_rule_training")
        self.assertEqual(rule.verification_state, "to_verify", "a proposal erases nothing")
        self.assertFalse(passed.retention_date)
        self.env.user.group_ids += self.env.ref("sqms_base.group_sqms_privacy")
        rule.action_transition("verify")
        self.env["sqms.retention"]._set_dates(passed._name)
        self.env.invalidate_all()
        self.assertTrue(passed.retention_date > passed.ended_at.date() + timedelta(days=1000))
        before = self._figures(passed, missed)
        with freeze_time(fields.Datetime.now() + timedelta(days=1200)):
            if passed.effect_due_on:
                self.env.cr.execute(
                    "UPDATE sqms_training_enrolment SET effect_result = 'effective' WHERE id = %s", [passed.id]
                )
                self.env.invalidate_all()
                before = self._figures(passed, missed)
            self.env["sqms.retention"]._erase_batch(passed._name)
            self.env.invalidate_all()
            self.assertEqual(self._figures(passed, missed), before)
        said = f"{passed.reason} {missed.end_reason} {passed.part_ids.mapped('note')}"
        for name in ("Wang Li", "Zhang San", "mother"):
            self.assertNotIn(name, said)
        self.assertTrue(passed.erased_at and missed.erased_at)

    def _figures(self, *enrolments):
        """What indicators count and what the certificate says."""
        rows = [
            (row.state, row.ended_at, row.counted_at, row.effect_result, row.employee_id, row.certificate_id.number)
            for row in enrolments
        ]
        certificate = enrolments[0].certificate_id
        return rows, certificate.valid_from, certificate.valid_to, certificate.employee_id, certificate.revoked_on

    def test_request_of_a_person_leaves_the_certificate(self):
        """Whoever asks to be erased as a contact stays the holder of his certificate as long as it is kept."""
        passed, missed = self._ended()
        before = self._figures(passed, missed)
        request = self.env["sqms.erasure"].create(
            {"partner_ids": self.colleague.partner_id.ids, "identity_check": "By letter"}
        )
        request.action_transition("look_up")
        self.env.invalidate_all()
        self.assertEqual(self._figures(passed, missed), before)

    def test_open_training_is_an_obstacle(self):
        _session, enrolments = self._running()
        self.assertEqual(list(enrolments.sudo()._privacy_obstacles()), enrolments.ids)
        self.assertFalse(enrolments.sudo()._privacy_obstacles(open_too=False))
