from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CertificateCase


@tagged("post_install", "-at_install")
class TestCertificateGuard(CertificateCase):
    """An issued certificate stays as it is, whatever the path."""

    def setUp(self):
        super().setUp()
        self.certificate = self._create_certificate()
        self.before = self._snapshot()

    def _snapshot(self):
        self.certificate.invalidate_recordset()
        names = [
            "employee_id",
            "skill_id",
            "skill_level_id",
            "valid_from",
            "valid_to",
            "number",
            "issuer",
            "revoked_on",
        ]
        return self.certificate.sudo().read(names)

    def _assert_untouched(self):
        self.env.flush_all()
        self.assertEqual(self._snapshot(), self.before)

    def _server_yesterday(self):
        """hr_skills closes rows by the day of the server, not by that of the reader."""
        return fields.Date.today() - timedelta(days=1)

    # -- direct writes ---------------------------------------------------------

    def test_no_field_is_written_after_issue_not_even_by_the_superuser(self):
        values = {
            "employee_id": self.other.id,
            "skill_id": self.power.id,
            "skill_level_id": self.full.id,
            "valid_from": self.today,
            "valid_to": False,
            "issuer": "Somebody else",
            "number": "CERT/2020/0001",
            "skill_type_id": self.language.id,
            "revoked_on": self.today,
            "revoke_reason": "no",
            "renewed_by_id": self.certificate.id,
            "verification_token": "a" * 43,
            "certificate_company_id": self.env.ref("base.main_company").id,
        }
        for user in (self.env.user, self.hr, self.officer):
            for name, value in values.items():
                with self.subTest(user=user.login, field=name), self.assertRaises(UserError):
                    self.certificate.with_user(user).write({name: value})
        with self.assertRaises(UserError):
            self.certificate.sudo().write({"valid_to": False})
        self._assert_untouched()

    def test_a_context_key_opens_nothing(self):
        hostile = {"sqms_certificate_open": True, "install_mode": True, "import_file": True, "_force_unlink": True}
        with self.assertRaises(UserError):
            self.certificate.with_context(**hostile).write({"valid_to": False})
        with self.assertRaises(UserError):
            self.certificate.with_context(**hostile).unlink()
        self._assert_untouched()

    def test_it_is_not_deleted(self):
        for user in (self.env.user, self.hr, self.officer):
            with self.assertRaises(UserError):
                self.certificate.with_user(user).unlink()
        with self.assertRaises(UserError):
            self.certificate.sudo().unlink()
        for user in (self.user, self.colleague, self.certifier):
            with self.assertRaises(UserError):
                self.certificate.with_user(user).unlink()
        self._assert_untouched()

    def test_at_uninstallation_alone_it_goes(self):
        self.env["ir.module.module"].search([("name", "=", "sqms_training")]).state = "to remove"
        with self.assertRaises(UserError):
            self.certificate.unlink()
        self.certificate.with_context(_force_unlink=True).unlink()
        self.assertFalse(self.certificate.exists())

    # -- the employee form -------------------------------------------------------

    def test_the_employee_form_does_not_edit_it(self):
        commands = [
            [Command.update(self.certificate.id, {"skill_level_id": self.full.id})],
            [Command.update(self.certificate.id, {"valid_to": False})],
            [Command.delete(self.certificate.id)],
            # hr_skills itself fails on these two in one save.
            [Command.update(self.certificate.id, {"valid_to": False}), Command.delete(self.certificate.id)],
        ]
        for field in ("current_employee_skill_ids", "certification_ids", "employee_skill_ids"):
            for command in commands:
                with (
                    self.subTest(field=field, command=command),
                    self.assertRaisesRegex(UserError, "is issued and stays"),
                ):
                    self.employee.with_user(self.hr).write({field: command})
        self._assert_untouched()

    def test_links_and_clears_of_the_employee_form_change_nothing(self):
        for command in (Command.unlink(self.certificate.id), Command.set([]), Command.clear()):
            self.employee.write({"employee_skill_ids": [command]})
        self._assert_untouched()

    def test_hr_adds_one_in_the_employee_form_and_it_gets_a_number(self):
        values = {
            name: value for name, value in self._values(0, 90, skill_id=self.power.id).items() if name != "employee_id"
        }
        self.employee.with_user(self.hr).write({"current_employee_skill_ids": [Command.create(values)]})
        added = self.employee.employee_skill_ids - self.certificate
        self.assertEqual(len(added), 1)
        self.assertTrue(added.number)
        self.assertEqual(added.issued_by, "t_hr")

    def test_a_double_in_the_employee_form_is_said_not_dropped(self):
        double = {name: value for name, value in self._values().items() if name != "employee_id"}
        with self.assertRaisesRegex(ValidationError, "already has"):
            self.employee.write({"certification_ids": [Command.create(double)]})
        with self.assertRaisesRegex(ValidationError, "already has"):
            self.other.write({"certification_ids": [Command.create(dict(double)), Command.create(dict(double))]})

    def test_two_levels_with_the_same_dates_are_both_kept(self):
        values = {name: value for name, value in self._values(0, 300).items() if name != "employee_id"}
        self.other.write(
            {"certification_ids": [Command.create(values), Command.create({**values, "skill_level_id": self.full.id})]}
        )
        self.assertEqual(len(self.other.certification_ids), 2)

    def test_one_command_for_several_employees_makes_one_each(self):
        third = self._create_employee("Third")
        values = {name: value for name, value in self._values(0, 300).items() if name != "employee_id"}
        (self.other + third).write({"certification_ids": [Command.create(values)]})
        self.assertEqual(len(self.other.certification_ids), 1)
        self.assertEqual(len(third.certification_ids), 1)
        self.assertNotEqual(self.other.certification_ids.number, third.certification_ids.number)

    def test_a_new_employee_may_come_with_a_certificate(self):
        values = {name: value for name, value in self._values(0, 300).items() if name != "employee_id"}
        employee = self.env["hr.employee"].create({"name": "New", "certification_ids": [Command.create(values)]})
        self.assertEqual(len(employee.certification_ids), 1)
        self.assertTrue(employee.certification_ids.number)

    # -- who creates --------------------------------------------------------------

    def test_nobody_but_hr_creates_one(self):
        for user in (self.user, self.colleague, self.certifier):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["hr.employee.skill"].with_user(user).create(self._values(0, 10))
        for user, skill in ((self.hr, self.gas), (self.officer, self.power)):
            row = self.env["hr.employee.skill"].with_user(user).create(self._values(0, 10, skill_id=skill.id))
            self.assertTrue(row.sudo().number)

    def test_an_import_is_the_same_path(self):
        columns = [
            "employee_id/.id",
            "skill_type_id/.id",
            "skill_id/.id",
            "skill_level_id/.id",
            "valid_from",
            "valid_to",
        ]
        row = [str(part.id) for part in (self.employee, self.certification, self.power, self.basic)]
        row += [str(self.today), str(self.today + timedelta(days=400))]
        rows = self.env["hr.employee.skill"]
        refused = rows.with_user(self.user).load(columns, [row])
        self.assertFalse(refused["ids"])
        self.assertIn("HR", refused["messages"][0]["message"])
        forged = rows.with_user(self.hr).load([*columns, "number"], [[*row, "CERT/1999/0001"]])
        self.assertFalse(forged["ids"])
        done = rows.with_user(self.hr).load(columns, [row])
        self.assertTrue(rows.browse(done["ids"]).number)
        edited = rows.with_user(self.hr).load([".id", "valid_to"], [[str(done["ids"][0]), "2050-01-01"]])
        self.assertFalse(edited["ids"])

    def test_identity_comes_from_the_register_alone(self):
        rows = self.env["hr.employee.skill"]
        for name, value in (("number", "X"), ("revoked_on", self.today), ("renewed_by_id", self.certificate.id)):
            with self.subTest(name), self.assertRaises(UserError):
                rows.create(self._values(0, 10, **{name: value}))
        row = rows.with_context(default_number="X", default_revoked_on=self.today).create(self._values(0, 11))
        self.assertNotEqual(row.number, "X")
        self.assertFalse(row.revoked_on)

    def test_a_stored_default_makes_no_certificate(self):
        self.env["ir.default"].set("hr.employee.skill", "number", "X", user_id=self.user.id)
        self.env["ir.default"].set("hr.employee.skill", "revoked_on", "2020-01-01", user_id=self.user.id)
        skill = (
            self.env["hr.employee.skill"]
            .with_user(self.user)
            .create(
                {
                    "employee_id": self.employee.id,
                    "skill_type_id": self.language.id,
                    "skill_id": self.language.skill_ids[0].id,
                    "skill_level_id": self.language.skill_level_ids[0].id,
                    "valid_from": self.today,
                }
            )
        )
        self.assertFalse(skill.sudo().number or skill.sudo().revoked_on)

    def test_a_successor_cannot_be_written_from_the_other_side(self):
        with self.assertRaises(UserError):
            self._create_certificate(0, 10, renewal_of_ids=[Command.link(self.certificate.id)])
        self._assert_untouched()

    # -- from skill to certificate and back -----------------------------------------

    def test_a_skill_does_not_become_a_certificate(self):
        skill = self._create_skill()
        turned = {"skill_type_id": self.certification.id, "skill_id": self.gas.id, "skill_level_id": self.basic.id}
        for user in (self.user, self.hr, self.env.user):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "does not become"):
                skill.with_user(user).write(turned)
        self.assertFalse(skill.number)

    def test_a_skill_turned_in_the_employee_form_is_a_new_certificate_of_hr(self):
        skill = self._create_skill()
        turned = {"skill_type_id": self.certification.id, "skill_id": self.power.id, "skill_level_id": self.basic.id}
        self.employee.with_user(self.hr).write({"current_employee_skill_ids": [Command.update(skill.id, turned)]})
        added = self.employee.certification_ids - self.certificate
        self.assertTrue(added.number)
        self.assertEqual(skill.valid_to, self._server_yesterday())

    def test_a_certification_without_number_is_for_hr_too(self):
        row = self._create_unnumbered()
        self.assertFalse(row.number)
        for user in (self.user, self.colleague, self.certifier):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).write({"valid_to": self.today})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()
            with self.assertRaises(AccessError):
                row.with_user(user).action_issue()
        row.with_user(self.hr).write({"valid_to": self.today})
        row.with_user(self.officer).action_issue()
        self.assertTrue(row.number)
        with self.assertRaises(UserError):
            row.with_user(self.hr).write({"valid_to": False})

    def test_it_needs_a_first_day_said_in_words(self):
        with self.assertRaisesRegex(ValidationError, "From which day"):
            self._create_certificate(valid_from=False)

    # -- regular skills stay free -----------------------------------------------------

    def test_regular_skills_stay_free_for_their_owner(self):
        values = {
            "employee_id": self.employee.id,
            "skill_type_id": self.language.id,
            "skill_id": self.language.skill_ids[0].id,
            "skill_level_id": self.language.skill_level_ids[0].id,
            "valid_from": self.today,
        }
        skill = self.env["hr.employee.skill"].with_user(self.user).create(values)
        skill.write({"skill_level_id": self.language.skill_level_ids[1].id, "valid_to": self.today})
        self.assertEqual(skill.skill_level_id, self.language.skill_level_ids[1])
        skill.unlink()
        self.assertFalse(skill.exists())

    def test_level_edit_of_a_regular_skill_still_keeps_its_history(self):
        skill = self._create_skill()
        level = self.language.skill_level_ids[1]
        self.employee.write({"current_employee_skill_ids": [Command.update(skill.id, {"skill_level_id": level.id})]})
        self.assertEqual(skill.valid_to, self._server_yesterday())
        self.assertEqual(len(self.employee.employee_skill_ids - self.certificate), 2)

    # -- what certificates hang on ------------------------------------------------------

    def test_what_certificates_hang_on_is_not_deleted(self):
        for record in (self.certification, self.gas, self.basic, self.employee):
            for context in ({}, {"_force_unlink": True}):
                with self.subTest(record._name), self.assertRaisesRegex(UserError, self.certificate.number):
                    record.with_context(**context).unlink()
        with self.assertRaises(UserError):
            self.certification.write({"skill_ids": [Command.delete(self.gas.id)]})
        with self.assertRaises(UserError):
            self.certification.write({"skill_level_ids": [Command.delete(self.basic.id)]})
        self._assert_untouched()

    def test_what_no_certificate_hangs_on_is_deleted(self):
        self.power.unlink()
        self.full.unlink()
        self.other.unlink()
        self.language.unlink()
        self.assertFalse((self.power + self.power).exists() or self.full.exists() or self.other.exists())

    def test_the_type_is_neither_archived_nor_unmarked(self):
        for values in ({"active": False}, {"is_certification": False}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "Licences"):
                self.certification.write(values)
        with self.assertRaises(UserError):
            self.certification.action_archive()
        self.certification.write({"name": "Licences and permits"})
        self.language.write({"active": False})

    def test_skill_and_level_keep_their_place(self):
        with self.assertRaises(UserError):
            self.gas.skill_type_id = self.language
        with self.assertRaises(UserError):
            self.basic.level_progress = 100
        self.basic.name = "Basic level"
        self.full.level_progress = 90
