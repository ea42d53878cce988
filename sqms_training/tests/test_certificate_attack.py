from contextlib import contextmanager, suppress

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import PDF, CertificateCase

# hr_skills itself breaks down with an AttributeError where one save changes and deletes a row.
REFUSED = (AccessError, UserError, ValidationError, ValueError, AttributeError, psycopg2.Error)


@tagged("post_install", "-at_install")
class TestCertificateAttack(CertificateCase):
    """A plain employee tries to make, change, move or lose a certificate, or to make one of a skill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = cls._create_certificate(-300, 5)
        cls.foreign = cls._create_certificate(-300, 100, employee_id=cls.other.id)
        cls.skill = cls._create_skill()
        cls.env.flush_all()
        cls.before = cls._register()

    @classmethod
    def _register(cls):
        """Every certificate there is, by what it says."""
        cls.env.flush_all()
        cls.env.cr.execute(
            """
            SELECT row.id, row.employee_id, row.skill_type_id, row.skill_id, row.skill_level_id, row.valid_from,
                   row.valid_to, row.number, row.issuer, row.verification_token, row.revoked_on, row.renewed_by_id
              FROM hr_employee_skill row
              JOIN hr_skill skill ON skill.id = row.skill_id
              JOIN hr_skill_type own ON own.id = row.skill_type_id
              JOIN hr_skill_type type ON type.id = skill.skill_type_id
             WHERE type.is_certification OR own.is_certification OR row.number IS NOT NULL
             ORDER BY row.id
            """
        )
        return cls.env.cr.fetchall()

    @contextmanager
    def _attack(self, name):
        """Whatever is refused and whatever is ignored: the register says what it said."""
        with self.subTest(name):
            with suppress(*REFUSED), mute_logger("odoo.sql_db"), self.cr.savepoint():
                yield
            self.env.invalidate_all()
            self.assertEqual(self._register(), self.before)

    def _line(self, skill=None, **values):
        line = self._values(0, 400, skill_id=(skill or self.power).id, **values)
        del line["employee_id"]
        return line

    def test_direct_paths(self):
        rows = self.env["hr.employee.skill"].with_user(self.user)
        mine, foreign, skill = (row.with_user(self.user) for row in (self.certificate, self.foreign, self.skill))
        values = self._values(0, 400, skill_id=self.power.id)
        mixed = {"skill_type_id": self.language.id, "skill_id": self.gas.id}
        turned = {"skill_type_id": self.certification.id, "skill_id": self.power.id, "skill_level_id": self.basic.id}
        attacks = {
            "create": lambda: rows.create(values),
            "create in a batch with a skill": lambda: rows.create(
                [{**values, "skill_type_id": self.language.id, "skill_id": self.language.skill_ids[1].id,
                               "skill_level_id": self.language.skill_level_ids[0].id}, values]
            ),
            "create by defaults": lambda: rows.with_context(
                **{f"default_{name}": value for name, value in values.items()}
            ).create({}),
            "create with type and skill apart": lambda: rows.create(
                {**values, **mixed, "skill_level_id": self.language.skill_level_ids[0].id}
            ),
            "create with the type afterwards": lambda: rows.create(
                {**values, "skill_type_id": self.language.id, "skill_level_id": self.language.skill_level_ids[0].id}
            ),
            "name_create": lambda: rows.with_context(
                **{f"default_{name}": value for name, value in values.items()}
            ).name_create("x"),
            "web_save": lambda: rows.web_save(values, {}),
            "web_save of mine": lambda: mine.web_save({"valid_to": False}, {}),
            "web_save of a skill": lambda: skill.web_save(turned, {}),
            "write mine": lambda: mine.write({"valid_to": False}),
            "write another's": lambda: foreign.write({"employee_id": self.employee.id}),
            "write skill and level apart": lambda: skill.write({"skill_id": self.power.id}),
            "write the type alone": lambda: skill.write({"skill_type_id": self.certification.id}),
            "turn a skill": lambda: skill.write(turned),
            "turn mine into a skill": lambda: mine.write(
                {"skill_type_id": self.language.id, "skill_id": self.language.skill_ids[0].id,
                 "skill_level_id": self.language.skill_level_ids[0].id}
            ),
            "move": lambda: mine.write({"employee_id": self.other.id}),
            "delete": lambda: mine.unlink(),
            "delete with a skill": lambda: (mine + skill).unlink(),
            "copy": lambda: mine.copy({"valid_to": "2099-01-01"}),
            "copy to another": lambda: mine.copy({"employee_id": self.other.id}),
            "copy a skill": lambda: skill.copy(turned),
            "update by load": lambda: rows.load([".id", "valid_to"], [[str(mine.id), "2099-01-01"]]),
            "issue": lambda: mine.action_issue(),
            "renew": lambda: mine.action_renew(),
            "revoke": lambda: foreign.action_revoke(),
            "new code": lambda: mine.action_new_verification_code(),
            "proof": lambda: mine.write({"proof_ids": [Command.create({"name": "x.pdf", "file": PDF})]}),
            "proof beside": lambda: self.env["sqms.certificate.proof"].with_user(self.user).create(
                {"certificate_id": mine.id, "name": "x.pdf", "file": PDF}
            ),
            "number on a skill": lambda: skill.write({"number": "CERT/1999/0001"}),
            "successor": lambda: skill.write({"renewal_of_ids": [Command.link(mine.id)]}),
            "hostile context": lambda: mine.with_context(
                install_mode=True, import_file=True, module="sqms_training", active_test=False, su=True
            ).write({"valid_to": False}),
            "server day": lambda: rows.with_context(as_of="2020-01-01").create(values),
        }  # fmt: skip
        for name, attack in attacks.items():
            with self._attack(name):
                attack()

    def test_through_employee_profile_and_user(self):
        line = self._line()
        employee, public = self.employee.with_user(self.user), self.env["hr.employee.public"].with_user(self.user)
        me = self.user.with_user(self.user)
        commands = {
            "add": [Command.create(line)],
            "update": [Command.update(self.certificate.id, {"valid_to": False})],
            "level": [Command.update(self.certificate.id, {"skill_level_id": self.full.id})],
            "turn": [Command.update(self.skill.id, line)],
            "delete": [Command.delete(self.certificate.id)],
            "unlink": [Command.unlink(self.certificate.id)],
            "take": [Command.link(self.foreign.id)],
            "set": [Command.set([])],
            "clear": [Command.clear()],
        }
        for field in ("current_employee_skill_ids", "certification_ids", "employee_skill_ids"):
            for name, command in commands.items():
                vals = {field: command}
                with self._attack(f"employee {field} {name}"):
                    employee.write(vals)
                with self._attack(f"public {field} {name}"):
                    public.browse(self.employee.id).write(vals)
                with self._attack(f"profile {field} {name}"):
                    me.write({"employee_ids": [Command.update(self.employee.id, vals)]})
                with self._attack(f"preferences {field} {name}"):
                    me.write({"employee_id": self.employee.id, **vals})
                # What a person may write of himself is written with all rights: a tag leads back to the employee.
                with self._attack(f"tag {field} {name}"):
                    me.write(
                        {"category_ids": [Command.create(
                            {"name": "Tag", "employee_ids": [Command.update(self.employee.id, vals)]}
                        )]}
                    )  # fmt: skip
                with self._attack(f"work place {field} {name}"):
                    me.write({"work_location_id": self.employee.work_location_id.id, **vals})

    def test_through_what_certificates_hang_on(self):
        as_user = {name: record.with_user(self.user) for name, record in (
            ("type", self.certification), ("tongues", self.language), ("skill", self.gas), ("level", self.basic),
        )}  # fmt: skip
        line = {**self._line(), "employee_id": self.employee.id}
        attacks = {
            "mark the type": lambda: as_user["tongues"].write({"is_certification": True}),
            "move the skill": lambda: self.language.skill_ids.with_user(self.user).write(
                {"skill_type_id": self.certification.id}
            ),
            "raise the level": lambda: as_user["level"].write({"level_progress": 100}),
            "delete": lambda: as_user["skill"].unlink(),
            "archive": lambda: as_user["type"].action_archive(),
            "a kind of certificate": lambda: self.env["hr.skill"].with_user(self.user).create(
                {"name": "King", "skill_type_id": self.certification.id}
            ),
            "a kind by name": lambda: self.env["hr.skill"].with_user(self.user).with_context(
                default_skill_type_id=self.certification.id
            ).name_create("King"),
            "resume line": lambda: self.env["hr.resume.line"].with_user(self.user).create(
                {"employee_id": self.employee.id, "name": "x", "date_start": "2020-01-01",
                 "employee_skill_ids": [Command.create(line)]}
            ),
            "archive the employee": lambda: self.employee.with_user(self.user).action_archive(),
            "company": lambda: self.employee.with_user(self.user).write({"company_id": self.env.company.id}),
            "another user": lambda: self.other.with_user(self.user).write({"user_id": self.user.id}),
            "delete the employee": lambda: self.employee.with_user(self.user).unlink(),
            "job": lambda: self.env["hr.job.skill"].with_user(self.user).create(
                {"job_id": self.env["hr.job"].create({"name": "x"}).id, **self._line()}
            ),
        }  # fmt: skip
        for name, attack in attacks.items():
            with self._attack(name):
                attack()
        self.assertFalse(self.env["hr.skill"].search([("name", "=", "King")]), "HR alone adds kinds of certificates")

    def test_by_server_action_and_form(self):
        model = self.env["ir.model"]._get_id("hr.employee.skill")
        code = f"env['hr.employee.skill'].create({ {**self._line(), 'employee_id': self.employee.id}!r})"
        code = code.replace("datetime.date(", "datetime.date(")
        values = {"name": "Mine", "model_id": model, "state": "code", "code": code}
        with self._attack("own server action"):
            self.env["ir.actions.server"].with_user(self.user).create(values).run()
        action = self.env["ir.actions.server"].create(values)
        with self._attack("somebody else's server action, with his own rights"):
            action.with_user(self.user).run()
        view = "sqms_training.hr_employee_skill_view_form_certificate"
        with self._attack("form"), Form(self.env["hr.employee.skill"].with_user(self.user), view) as form:
            form.employee_id, form.skill_type_id = self.employee, self.certification
            form.skill_id = self.power
        with self._attack("export and back"):
            rows = self.certificate.with_user(self.user)
            data = rows.export_data(["id", "valid_to"])["datas"]
            rows.load(["id", "valid_to"], [[data[0][0], "2099-01-01"]])

    def test_nobody_from_outside(self):
        portal = new_test_user(self.env, "t_portal", "base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            for record in (self.certificate, self.env["sqms.certificate.proof"], self.env["sqms.certificate.reminder"]):
                for operation in ("read", "create", "write", "unlink"):
                    self.assertFalse(record.with_user(user).has_access(operation), (user.login, record._name))


@tagged("post_install", "-at_install")
class TestCertificateProofByAddress(HttpCase, CertificateCase):
    """The file opens for HR and its owner alone, by whatever address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = cls._create_certificate()
        cls.proof = cls.env["sqms.certificate.proof"].create(
            {"certificate_id": cls.certificate.id, "name": "scan.pdf", "file": PDF}
        )
        cls.file = cls.env["ir.attachment"].search(
            [("res_model", "=", "sqms.certificate.proof"), ("res_field", "=", "file"), ("res_id", "=", cls.proof.id)]
        )
        cls.portal = new_test_user(cls.env, "t_portal", "base.group_portal")

    def test_every_address(self):
        proof, file = self.proof.id, self.file.id
        addresses = [
            f"/web/content/sqms.certificate.proof/{proof}/file",
            f"/web/content/sqms.certificate.proof/{proof}/file/scan.pdf?download=true",
            f"/web/content/{file}",
            f"/web/content/{file}/scan.pdf",
            f"/web/content?model=ir.attachment&id={file}&field=datas",
            f"/web/content?model=sqms.certificate.proof&id={proof}&field=file",
            f"/web/content/ir.attachment/{file}/raw",
            f"/web/image/{file}",
            f"/web/image/sqms.certificate.proof/{proof}/file",
            f"/web/content/{file}?access_token=x",
            f"/web/content/{file}?access_token=",
            f"/web/content/sqms.certificate.proof/{proof}/file?access_token={'a' * 36}",
        ]
        for login in ("t_colleague", "t_certifier", "t_portal", None):
            self.authenticate(login, login)
            for address in addresses:
                with self.subTest(login=login, address=address):
                    answer = self.url_open(address)
                    self.assertNotIn(b"%PDF", answer.content)
                    if "/web/image" not in address:  # a picture that may not be seen is a placeholder
                        self.assertIn(answer.status_code, (403, 404))
        for login in ("t_hr", "t_officer", "t_employee"):
            self.authenticate(login, login)
            self.assertIn(b"%PDF", self.url_open(addresses[0]).content, login)

    def test_no_token_opens_it_and_nobody_makes_one(self):
        self.assertFalse(self.file.access_token or self.file.public)
        for user in (self.user, self.colleague, self.certifier, self.portal, self.hr):
            for attack in (
                lambda file: file.generate_access_token(),
                lambda file: file.write({"public": True}),
                lambda file: file.write({"res_id": 0}),
                lambda file: file.copy({"res_model": False, "res_id": False, "res_field": False}),
                lambda file: file.unlink(),
            ):
                with suppress(*REFUSED), self.cr.savepoint():
                    copied = attack(self.file.with_user(user).sudo(False))
                    # Who may read it, its owner and HR, may keep a copy.
                    self.assertFalse(user not in (self.hr, self.user) and copied, user.login)
        self.file.invalidate_recordset()
        self.assertTrue(self.file.exists())
        self.assertFalse(self.file.access_token or self.file.public)

    def test_nobody_hangs_a_file_on_another_s_proof(self):
        for user in (self.user, self.colleague, self.certifier):
            for field in (False, "file"):
                with self.assertRaises(AccessError):
                    self.env["ir.attachment"].with_user(user).create(
                        {"name": "x.pdf", "datas": PDF, "res_model": "sqms.certificate.proof", "res_id": self.proof.id,
                         "res_field": field}
                    )  # fmt: skip

    def test_the_proof_is_found_by_no_search(self):
        for user in (self.colleague, self.certifier):
            attachments = self.env["ir.attachment"].with_user(user)
            domain = [("res_model", "=", "sqms.certificate.proof")]
            self.assertFalse(attachments.search(domain))
            self.assertFalse(attachments.search([("id", "=", self.file.id)]))
            self.assertFalse(attachments.search([*domain, ("res_field", "=", "file")]))
            self.assertFalse(self.env["sqms.certificate.proof"].with_user(user).search_count([]))
