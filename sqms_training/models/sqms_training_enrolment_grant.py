from odoo import fields, models

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from ..lib.training_dates import granted_from, granted_until
from .hr_employee_skill_guard import certificate_open


class SqmsTrainingEnrolment(models.Model):
    """What a pass grants: a certificate with its number, or the level of a skill.

    1. Whoever holds a certificate of the same or a lower level gets its successor: it goes on without a gap when he
       is in time, or late within the days of grace; another level holds from today.
    2. A skill without certificate rises to the level of the course, in the way of hr_skills, and never sinks.
    """

    _inherit = "sqms.training.enrolment"

    def _issue_granted(self):
        """For those who have just passed; the step before holds their rows."""
        passed = self.sudo().filtered(
            lambda enrolment: enrolment.state == "passed" and enrolment.skill_id and not enrolment.granted_at
        )
        certified = passed.filtered(lambda enrolment: enrolment.skill_type_id.is_certification)
        while certified:
            # Two certificates of one kind for one person follow each other.
            batch = self.browse(
                {(row.employee_id.id, row.skill_id.id): row.id for row in certified.sorted("id", reverse=True)}.values()
            ).sudo()
            batch._issue_certificates()
            certified -= batch
        (passed - passed.filtered("certificate_id"))._raise_skills()
        with workflow_fields(passed, "granted_at"):
            passed.write({"granted_at": fields.Datetime.now()})

    def _issue_certificates(self):
        held = self._certificates_held()
        old = self._certificates_before(held)
        certificates = (
            self.env["hr.employee.skill"]
            .sudo()
            .create([enrolment._certificate_values(old.get(enrolment.id), held) for enrolment in self])
        )
        for enrolment, certificate in zip(self, certificates, strict=True):
            with workflow_fields(enrolment, "certificate_id"):
                enrolment.write({"certificate_id": certificate.id})
            before = old.get(enrolment.id)
            if before:
                with certificate_open(before, {"renewed_by_id"}):
                    before.renewed_by_id = certificate

    def _certificates_held(self):
        """The certificates of these people for these skills that were not revoked, held as they are."""
        rows = (
            self.env["hr.employee.skill"]
            .sudo()
            .search(
                [
                    ("employee_id", "in", self.employee_id.ids),
                    ("skill_id", "in", self.skill_id.ids),
                    ("is_certification", "=", True),
                    ("revoked_on", "=", False),
                ]
            )
        )
        rows.lock_for_update()
        return rows

    def _certificates_before(self, rows):
        """`{enrolment id: the certificate that the new one follows}`, the last of its chain."""
        ends = rows.filtered(lambda row: not row.renewed_by_id).grouped(lambda row: (row.employee_id, row.skill_id))
        found = {}
        for enrolment in self:
            before = ends.get((enrolment.employee_id, enrolment.skill_id), rows.browse()).filtered(
                lambda row, enrolment=enrolment: (
                    row.skill_level_id.level_progress <= enrolment.skill_level_id.level_progress
                )
            )
            if before:
                found[enrolment.id] = before.sorted(
                    lambda row: (not row.valid_to, row.valid_to or row.valid_from, row.id)
                )[-1]
        return found

    def _certificate_values(self, before, held):
        first = today = self.employee_id.company_id._certificate_today()
        if before and before.skill_level_id == self.skill_level_id:
            first = granted_from(before.valid_to, today, self.grace_days)
        same = held.filtered(
            lambda row: (
                (row.employee_id, row.skill_id, row.skill_level_id)
                == (self.employee_id, self.skill_id, self.skill_level_id)
            )
        )
        taken = {(row.valid_from, row.valid_to or None) for row in same}
        while (first, granted_until(first, self.validity_months)) in taken:
            # Nobody holds the same certificate twice from one day on.
            first = fields.Date.add(first, days=1)
        return {
            "employee_id": self.employee_id.id,
            "skill_type_id": self.skill_type_id.id,
            "skill_id": self.skill_id.id,
            "skill_level_id": self.skill_level_id.id,
            "valid_from": first,
            "valid_to": granted_until(first, self.validity_months),
        }

    def _raise_skills(self):
        rows = self.env["hr.employee.skill"].sudo()
        # The day of the server is the day by which hr_skills ends the old level.
        server_day = fields.Date.today()
        held = {
            (row.employee_id, row.skill_id): row.skill_level_id.level_progress
            for row in rows.search(
                [
                    ("employee_id", "in", self.employee_id.ids),
                    ("skill_id", "in", self.skill_id.ids),
                    "|", ("valid_to", "=", False), ("valid_to", ">=", server_day),
                ]
            )
        }  # fmt: skip
        for enrolment in self.sorted(lambda row: row.skill_level_id.level_progress, reverse=True):
            key = (enrolment.employee_id, enrolment.skill_id)
            level = enrolment.skill_level_id
            if held.get(key, -1) >= level.level_progress:
                continue
            held[key] = level.level_progress
            enrolment.employee_id.write(
                {
                    "current_employee_skill_ids": [
                        (
                            0,
                            0,
                            {
                                "skill_type_id": enrolment.skill_type_id.id,
                                "skill_id": enrolment.skill_id.id,
                                "skill_level_id": level.id,
                                "valid_from": max(server_day, enrolment.company_id._sqms_today()),
                            },
                        )
                    ]
                }
            )
