from psycopg2.errors import ForeignKeyViolation, InsufficientPrivilege

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import manifest as manifests
from .signature_common import SignatureCase, password_of, sign_step


@tagged("post_install", "-at_install", "sqms_alone")
class TestSignatureKeep(SignatureCase):
    """Nobody makes, changes or deletes a signature: not by the ORM, not by SQL, whatever his role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls._in_review()
        cls.signature = cls.version.signature_ids.sudo()
        cls.people = (cls.plain, cls.officer, cls.manager, cls.top, cls.certifier, cls.hr)

    def _values(self, **values):
        return {
            "res_model": self.version._name, "res_id": self.version.id, "user_id": self.manager.id,
            "company_id": self.company.id, "printed_name": "Forged", "meaning": "approver", "statement": "I did not",
            "manifest": "{}", "digest": manifests.digest("{}"), "auth_method": "password", **values,
        }  # fmt: skip

    def test_orm(self):
        root, admin = self.env.ref("base.user_root"), self.env.ref("base.user_admin")
        for user in (*self.people, admin, root):
            signatures = self.env["sqms.signature"].with_user(user)
            own = self.signature.with_user(user)
            for attempt in (
                lambda s=signatures: s.create(self._values()),
                lambda s=signatures: s.create([self._values(), self._values()]),
                lambda s=signatures: s.sudo().create(self._values()),
                lambda s=signatures: s.sudo()._create([{"stored": self._values(), "inversed": {}, "inherited": {}}]),
                lambda s=signatures: s.name_create("Forged"),
                lambda s=signatures: s.web_save(self._values(), {}),
                lambda o=own: o.write({"meaning": "approver"}),
                lambda o=own: o.sudo().write({"digest": "x"}),
                lambda o=own: o.sudo()._write_multi([{"digest": "x"}]),
                lambda o=own: o.sudo()._write({"digest": "x"}),
                lambda o=own: o.web_save({"printed_name": "x"}, {}),
                lambda o=own: o.unlink(),
                lambda o=own: o.sudo().with_context(_force_unlink=True).unlink(),
                lambda o=own: o.copy(),
                lambda o=own: o.sudo().copy({"user_id": self.manager.id}),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()
                    self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.version.signature_ids, self.signature)

    def test_import_and_commands_of_the_record(self):
        result = self.env["sqms.signature"].load(
            ["res_model", "res_id", "printed_name"], [["sqms.document.version", str(self.version.id), "Forged"]]
        )
        self.assertFalse(result["ids"])
        draft = self._create_draft(self._create_document("Other"))
        id_ = self.signature.id
        for command in (
            (0, 0, self._values()), (1, id_, {"meaning": "approver"}), (2, id_, 0), (4, id_, 0), (5, 0, 0),
            (6, 0, [id_]),
        ):  # fmt: skip
            for record in (draft, self.version):
                try:
                    with self.cr.savepoint():
                        record.with_env(self.env).write({"signature_ids": [command]})
                        self.env.flush_all()
                except UserError:
                    continue
        self.env.invalidate_all()
        self.assertEqual(self.signature.read(["res_id", "meaning"])[0]["meaning"], "author")
        self.assertEqual((self.version.signature_ids, draft.signature_ids.ids), (self.signature, []))

    def test_server_action(self):
        model = self.env["ir.model"]._get_id("sqms.document.version")
        for code in (
            "env['sqms.signature'].sudo().create({'res_model': 'sqms.document.version', 'res_id': record.id})",
            "env['sqms.signature'].sudo().search([]).unlink()",
            "env['sqms.signature'].sudo().search([]).write({'meaning': 'approver'})",
            "env['sqms.signature'].sign(record, 'approver', password='guess')",
            "record.action_sign_step('approve', 'guess')",
            "record.action_sign_step('approve', '')",
        ):
            action = self.env["ir.actions.server"].create(
                {"name": "Bend", "model_id": model, "state": "code", "code": code}
            )
            with self.assertRaises(UserError), self.cr.savepoint():
                action.with_context(
                    active_model="sqms.document.version", active_id=self.version.id, active_ids=self.version.ids
                ).run()
        action = self.env["ir.actions.server"].create(
            {"name": "Bend", "model_id": model, "state": "code", "code": "action = record.action_transition('approve')"}
        )
        answer = action.with_context(
            active_model="sqms.document.version", active_id=self.version.id, active_ids=self.version.ids
        ).run()
        self.assertEqual(answer["tag"], "sqms_sign")
        self.assertEqual((self.version.state, self.version.signature_ids), ("review", self.signature))

    def _as_after_the_commit(self):
        self.cr.flush()
        self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    def test_sql_changes_and_deletes_nothing(self):
        self._as_after_the_commit()
        for query in (
            "UPDATE sqms_signature SET meaning = 'approver'",
            "UPDATE sqms_signature SET printed_name = 'x' WHERE FALSE",
            "DELETE FROM sqms_signature",
            "TRUNCATE sqms_signature",
            "SET LOCAL session_replication_role = replica; DELETE FROM sqms_signature",
        ):
            with (
                self.assertRaises(InsufficientPrivilege),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(flush=False),
            ):
                self.cr.execute(query)

    def _insert(self, values):
        names = ", ".join(values)
        holes = ", ".join(["%s"] * len(values))
        self.cr.execute(f"INSERT INTO sqms_signature ({names}) VALUES ({holes}) RETURNING id", list(values.values()))
        return self.cr.fetchone()[0]

    def test_sql_adds_nothing(self):
        self.env.flush_all()
        with self.assertRaises(InsufficientPrivilege), mute_logger("odoo.sql_db"), self.cr.savepoint(flush=False):
            self._insert(self._values())

    def test_sql_that_knows_the_mark_still_needs_digest_and_ledger(self):
        self.env.flush_all()
        mark = "SELECT set_config('sqms.signing', pg_current_xact_id()::text || ',' || %s, true)"
        with self.assertRaises(InsufficientPrivilege), mute_logger("odoo.sql_db"), self.cr.savepoint(flush=False):
            self.cr.execute(mark, [str(self.manager.id)])
            self._insert(self._values(digest="0" * 64))
        with self.assertRaises(InsufficientPrivilege), mute_logger("odoo.sql_db"), self.cr.savepoint(flush=False):
            self.cr.execute(mark, [str(self.manager.id)])
            self._insert(self._values())
            self.cr.execute("SET CONSTRAINTS sqms_signature_pair IMMEDIATE")

    def test_given_ones_stand_in_the_ledger_at_commit(self):
        sign_step(self.version, "approve", self.manager)
        self.env.flush_all()
        self.cr.execute("SET CONSTRAINTS sqms_signature_pair IMMEDIATE")
        self.cr.execute("SET CONSTRAINTS sqms_signature_pair DEFERRED")
        self.assertEqual(len(self.version.signature_ids), 2)

    def test_the_database_sets_the_time(self):
        own = self.version.with_user(self.manager).with_context(default_signed_at="2001-01-01 00:00:00")
        own.action_sign_step("approve", password_of(self.manager))
        self.env.invalidate_all()
        newest = self.version.signature_ids[0]
        self.cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        self.assertLess(abs((self.cr.fetchone()[0] - newest.signed_at).total_seconds()), 60)

    def test_forged_or_changed_row_shows_as_void(self):
        """With the triggers off, as whoever owns the table can: it shows."""
        self._as_after_the_commit()
        self.cr.execute("ALTER TABLE sqms_signature DISABLE TRIGGER USER")
        forged = self._insert(
            self._values(manifest=self.signature.manifest, digest=self.signature.digest, signed_at="2026-01-01")
        )
        self.env.invalidate_all()
        forged = self.env["sqms.signature"].browse(forged)
        self.assertEqual((forged.is_valid, forged.void_reason), (False, "it does not stand in the ledger"))
        self.assertTrue(self.signature.is_valid)
        for column, value in (("user_id", self.top.id), ("meaning", "approver"), ("res_id", 1), ("manifest", "{}")):
            with self.subTest(column), self.cr.savepoint(flush=False) as savepoint:
                self.cr.execute(f"UPDATE sqms_signature SET {column} = %s WHERE id = %s", [value, self.signature.id])
                self.env.invalidate_all()
                self.assertFalse(self.signature.is_valid)
                savepoint.rollback()
        self.env.invalidate_all()

    def test_user_and_company_of_a_signature_are_kept(self):
        with self.assertRaises(ForeignKeyViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.officer.unlink()
        self.officer.name = "Somebody Else"
        self.assertIn("sqms_officer", self.signature.printed_name)


@tagged("post_install", "-at_install", "sqms_alone")
class TestSignatureAccess(SignatureCase):
    """A signature is read by who may read what was signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.in_force = cls._create_in_force()
        cls.review = cls._in_review(document=cls._create_document("Not Yet"))
        cls.other_officer = cls._create_user("other", "sqms_base.group_sqms_manager", cls.other_company)
        cls.env.invalidate_all()

    def _seen(self, user):
        self.env.invalidate_all()
        signatures = self.env["sqms.signature"].with_user(user)
        every = (self.in_force | self.review).sudo().signature_ids
        found = signatures.search([("id", "in", every.ids)])
        self.assertEqual(found, every.with_user(user)._filtered_access("read"))
        self.assertEqual(signatures.search_count([("id", "in", every.ids)]), len(found))
        for row in every - found:
            with self.assertRaises(AccessError):
                row.with_user(user).read(["printed_name"])
        return found

    def test_employee_sees_those_of_what_is_in_force(self):
        self.assertEqual(self._seen(self.plain), self.in_force.signature_ids)
        self.assertEqual(self.in_force.with_user(self.plain).signature_rows[0]["state"], "valid")
        with self.assertRaises(AccessError):
            self._seen(self.plain).mapped("manifest")

    def test_roles_that_read_all(self):
        every = (self.in_force | self.review).sudo().signature_ids
        for user in (self.officer, self.manager, self.top, self.certifier):
            self.assertEqual(self._seen(user), every)
        self.assertTrue(all(self._seen(self.certifier).mapped("manifest")))

    def test_outsiders(self):
        for user in (self.portal, self.public):
            with self.assertRaises(AccessError):
                self.env["sqms.signature"].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.in_force.sudo().signature_ids.with_user(user).read(["printed_name"])

    def test_other_company(self):
        self.assertFalse(self._seen(self.other_officer))
        with self.assertRaises(UserError):
            sign_step(self.review, "approve", self.other_officer)
        with self.assertRaises(UserError):
            self._sign(self.in_force, "acknowledged", self.other_officer)

    def test_person_of_two_companies_signs_for_that_of_the_record(self):
        both = self._create_user("both", "sqms_base.group_sqms_manager")
        both.company_ids = [(4, self.other_company.id)]
        record = self.review.with_user(both).with_context(allowed_company_ids=(self.other_company | self.company).ids)
        record.action_sign_step("approve", password_of(both))
        self.assertEqual(self.review.sudo().signature_ids[0].company_id, self.company)

    def test_signatures_of_what_is_gone_are_seen_by_nobody(self):
        draft = self._create_draft(self._create_document("Gone"))
        signature = self._sign(draft, "author", self.officer).sudo()
        draft.with_user(self.officer).unlink()
        self.env.invalidate_all()
        for user in (self.plain, self.manager, self.certifier):
            self.assertFalse(signature.with_user(user).has_access("read"))
            self.assertFalse(self.env["sqms.signature"].with_user(user).search([("id", "=", signature.id)]))
        self.assertEqual((signature.is_valid, signature.void_reason), (False, "what was signed no longer exists"))
        self.assertFalse(signature.record_name)

    def test_twice_the_signatures_same_number_of_queries(self):
        counts = []
        for size in (2, 4, 8):
            versions = self.env["sqms.document.version"]
            for number in range(size):
                versions |= self._in_review(document=self._create_document(f"{size}/{number}"))
            self.cr.flush()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            before = self.cr.sql_log_count
            found = (
                self.env["sqms.signature"]
                .with_user(self.manager)
                .search([("res_model", "=", versions._name), ("res_id", "in", versions.ids)])
            )
            found.web_read({"printed_name": {}, "is_valid": {}, "void_reason": {}, "record_name": {}, "meaning": {}})
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(found), size)
        self.assertEqual(counts[1], counts[2])
