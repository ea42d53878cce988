import base64
import os

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..lib.workflow_pass import workflow_import
from .fake_models import FakeModelLoader
from .signature_common import SignatureCase, new_test_user, password_of, sign_step


@tagged("post_install", "-at_install", "sqms_alone")
class TestSignatureVoid(SignatureCase):
    """A later change of what was signed shows, whichever way it came."""

    def _assert_void(self, signature, *labels):
        self.env.invalidate_all()
        self.assertFalse(signature.is_valid)
        self.assertEqual(signature.void_reason, "changed since: " + ", ".join(labels))

    def _assert_valid(self, signature):
        self.env.invalidate_all()
        self.assertTrue(signature.is_valid, signature.void_reason)
        self.assertFalse(signature.void_reason)

    def test_changed_by_the_orm_in_the_same_breath(self):
        draft = self._create_draft()
        signature = self._sign(draft, "author", self.officer)
        self.assertTrue(signature.is_valid)
        draft.content = "<p>Refund never.</p>"
        self.assertFalse(signature.is_valid)
        self.assertEqual(signature.void_reason, "changed since: Content")
        self.assertEqual(draft.signature_rows[0]["state"], "void")
        draft.content = "<p>Refund within one working day.</p>"
        self._assert_valid(signature)

    def test_changed_by_an_import(self):
        version = self._create_in_force()
        signatures = version.signature_ids
        with workflow_import(version, "Typing error"):
            version.with_env(self.env).change_summary = "Other"
        for signature in signatures:
            self._assert_void(signature, "What Changes")

    def test_changed_by_sql(self):
        version = self._create_in_force()
        for query, label in (
            ("UPDATE sqms_document_version SET content = jsonb_build_object('en_US', 'forged')", "Content"),
            ("UPDATE sqms_document_version SET edition = 9", "Edition"),
            ("UPDATE sqms_document_version SET change_summary = 'x'", "What Changes"),
            ("UPDATE sqms_document SET number = 'X-1'", "Number"),
            ("UPDATE sqms_document SET document_type = 'form'", "Type"),
        ):
            id_ = version.id if "sqms_document_version" in query else version.document_id.id
            with self.cr.savepoint() as savepoint:
                self.cr.execute(f"{query} WHERE id = %s", [id_])
                for signature in version.signature_ids:
                    self._assert_void(signature, label)
                savepoint.rollback()
            for signature in version.signature_ids:
                self._assert_valid(signature)

    def test_day_of_coming_into_force_is_the_approvers(self):
        version = self._in_review()
        author = version.signature_ids
        version.with_user(self.officer).date_effective = fields.Date.add(fields.Date.today(), days=9)
        self._assert_valid(author)
        sign_step(version, "approve", self.manager)
        approver = version.signature_ids - author
        self._assert_valid(approver)
        self.cr.execute("UPDATE sqms_document_version SET date_effective = '2030-01-01' WHERE id = %s", [version.id])
        self._assert_void(approver, "Effective Date")
        self._assert_valid(author)

    def test_exchanged_file(self):
        file = self.env["ir.attachment"].with_user(self.officer).create({"name": "a.txt", "raw": b"one"})
        version = self._approve(self._create_draft(file_ids=[Command.set(file.ids)]))
        signature = version.signature_ids[0]
        self._assert_valid(signature)
        file = version.file_ids
        for query, parameter in (
            ("UPDATE ir_attachment SET checksum = %s WHERE id = %s", "0" * 40),
            ("UPDATE ir_attachment SET name = %s WHERE id = %s", "b.txt"),
            ("UPDATE ir_attachment SET file_size = %s WHERE id = %s", 4),
            ("DELETE FROM ir_attachment_sqms_document_version_rel WHERE %s = '1' AND ir_attachment_id = %s", "1"),
        ):
            with self.cr.savepoint() as savepoint:
                self.cr.execute(query, [parameter, file.id])
                self._assert_void(signature, "Files")
                savepoint.rollback()
        self._assert_valid(signature)

    def test_file_exchanged_on_the_disk_shows_when_every_byte_is_read(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.officer)
            .create({"name": "a.txt", "raw": os.urandom(20).hex().encode()})
        )
        version = self._approve(self._create_draft(file_ids=[Command.set(file.ids)]))
        signature = version.signature_ids[0].with_user(self.manager)
        self.assertEqual(signature.action_check_files()["params"]["type"], "success")
        path = version.file_ids._full_path(version.file_ids.store_fname)
        with open(path, "wb") as stored:
            stored.write(b"exchanged")
        self._assert_valid(signature)
        answer = signature.action_check_files()["params"]
        self.assertEqual((answer["type"], answer["message"]), ("danger", "changed since: Files"))

    def test_language_that_is_added_later_voids_nothing(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        draft = self._create_draft()
        draft.update_field_translations("content", {"zh_CN": {"Refund within one working day.": "一个工作日内退款。"}})
        signature = self._sign(draft, "author", self.officer)
        self.cr.execute(
            "UPDATE sqms_document_version SET content = content || jsonb_build_object('fr_FR', 'Oui') WHERE id = %s",
            [draft.id],
        )
        self._assert_valid(signature)
        self.cr.execute(
            "UPDATE sqms_document_version SET content = content || jsonb_build_object('zh_CN', '不退款') WHERE id = %s",
            [draft.id],
        )
        self._assert_void(signature, "Content")
        self.cr.execute("UPDATE sqms_document_version SET content = content - 'zh_CN' WHERE id = %s", [draft.id])
        self._assert_void(signature, "Content")

    def test_title_stays_with_the_edition(self):
        version = self._create_in_force()
        version.document_id.with_user(self.officer).name = "Refunds and vouchers"
        for signature in version.signature_ids:
            self._assert_valid(signature)
        coming = version.document_id.with_user(self.officer).action_new_edition()
        coming = self._submit(self.env["sqms.document.version"].browse(coming["res_id"]))
        version.document_id.with_user(self.officer).name = "Refunds"
        self._assert_void(coming.signature_ids, "Title")
        coming.with_user(self.officer).date_effective = fields.Date.add(fields.Date.today(), days=1)
        with self.assertRaisesRegex(UserError, "signature of .* is void .*Title.*return it to its author"):
            sign_step(coming, "approve", self.manager)
        coming.with_user(self.manager).remarks = "The title is new"
        coming.with_user(self.manager).action_transition("return_to_author")
        self._approve(coming, fields.Date.add(fields.Date.today(), days=1))
        self.assertEqual(coming.state, "approved")

    def test_long_text_with_pictures(self):
        picture = "data:image/png;base64," + base64.b64encode(os.urandom(30000)).decode()
        draft = self._create_draft(text=f'<p>Look<img src="{picture}"/></p>')
        signature = self._sign(draft, "author", self.officer)
        self.assertLess(len(signature.sudo().manifest), 2000)
        self._assert_valid(signature)
        self.cr.execute(
            "UPDATE sqms_document_version SET content = replace(content::text, 'Look', 'Book')::jsonb WHERE id = %s",
            [draft.id],
        )
        self._assert_void(signature, "Content")

    def test_later_steps_void_nothing(self):
        version = self._create_in_force(reviewer_id=False)
        version.with_user(self.manager).withdrawal_reason = "Replaced"
        version.message_post(body="A note")
        for signature in version.signature_ids:
            self._assert_valid(signature)

    def test_print_and_form_say_it(self):
        version = self._create_in_force()
        self.cr.execute(
            "UPDATE sqms_document_version SET content = jsonb_build_object('en_US', 'forged') WHERE id = %s",
            [version.id],
        )
        self.env.invalidate_all()
        states = [(row["meaning"], row["state"], row["reason"]) for row in version.signature_rows]
        self.assertEqual(
            states, [("author", "void", "changed since: Content"), ("approver", "void", "changed since: Content")]
        )
        report = self.env["ir.actions.report"].with_user(self.plain)
        page = report._render_qweb_html("sqms_base.report_document_version", version.ids)[0].decode()
        for words in ("VOID: <", "changed since: Content", self.manager.name, self.officer.name, "UTC"):
            self.assertIn(words.rstrip("<"), page)

    def test_form_lists_whose_signature_is_asked_for(self):
        version = self._create_draft(reviewer_id=self.second_manager.id)

        def rows(user):
            self.env.invalidate_all()
            return [(row["meaning"], row["state"]) for row in version.with_user(user).signature_rows]

        self.assertEqual(rows(self.officer), [("author", "due"), ("reviewer", "later"), ("approver", "later")])
        self._submit(version)
        self.assertEqual(rows(self.manager), [("author", "valid"), ("reviewer", "due"), ("approver", "later")])
        sign_step(version, "confirm_review", self.second_manager)
        self.assertEqual(rows(self.manager), [("author", "valid"), ("reviewer", "valid"), ("approver", "due")])
        version.with_user(self.officer).date_effective = fields.Date.today()
        sign_step(version, "approve", self.manager)
        self.assertEqual(rows(self.manager), [("author", "valid"), ("reviewer", "valid"), ("approver", "valid")])
        row = version.with_context(tz="Asia/Shanghai").signature_rows[0]
        self.assertEqual(row["zone"], "Asia/Shanghai")
        self.assertNotEqual(row["when"], row["utc"])

    def test_taken_over_editions_have_no_signature(self):
        version = self._create_draft().with_env(self.env)
        version._take_over(self.manager.id, "2026-11-01 02:00:00", "2026-11-02 16:00:00")
        self.assertEqual((version.state, version.signature_ids.ids, version.signature_rows), ("effective", [], False))


@tagged("post_install", "-at_install", "sqms_alone")
class TestSignatureFields(TransactionCase):
    """Every kind of field of a model that is signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        loader = FakeModelLoader(cls.env, cls.__module__)
        loader.backup_registry()
        from .fake_signature import FakeBlank, FakeContract, FakeContractLine

        loader.update_registry([FakeContract, FakeContractLine, FakeBlank])
        cls.addClassCleanup(loader.restore_registry)
        for name in ("contract", "contract.line", "blank"):
            cls.env["ir.model.access"].create(
                {"name": name, "model_id": cls.env["ir.model"]._get_id(f"sqms.fake.{name}"),
                 "group_id": cls.env.ref("base.group_user").id,
                 "perm_read": True, "perm_write": True, "perm_create": True, "perm_unlink": True}
            )  # fmt: skip
        cls.signer = new_test_user(cls.env, login="sqms_signer", groups="base.group_user")
        cls.writer = new_test_user(cls.env, login="sqms_writer", groups="base.group_user")
        cls.tags = cls.env["res.partner.category"].create([{"name": "a"}, {"name": "b"}])
        cls.contracts = cls.env["sqms.fake.contract"].with_user(cls.signer)

    def _create_contract(self, **values):
        return self.contracts.create(
            {
                "name": "Contract", "amount": 0.1, "rate": 2.345, "count": 3, "date": "2026-11-23",
                "instant": "2026-11-23 04:00:00", "partner_id": self.signer.partner_id.id,
                "tag_ids": [Command.set(self.tags[0].ids)], "scan": base64.b64encode(b"scan"),
                "answers": {"b": 1, "a": [2]},
                "line_ids": [
                    Command.create({"name": "one", "amount": 1}),
                    Command.create({"name": "two", "amount": 2}),
                ],
                **values,
            }
        )  # fmt: skip

    def _sign(self, records, user=None, meaning="approver"):
        user = user or self.signer
        return self.env["sqms.signature"].with_user(user).sign(records, meaning, password=password_of(user))

    def test_every_kind_of_change_shows(self):
        contract = self._create_contract()
        signature = self._sign(contract)
        self.assertTrue(signature.is_valid, signature.void_reason)
        for values, label in (
            ({"name": "Other"}, "Name"),
            ({"amount": 0.1000001}, "Amount"),
            ({"rate": 2.36}, "Rate"),
            ({"count": 4}, "Count"),
            ({"is_urgent": True}, "Is Urgent"),
            ({"date": False}, "Date"),
            ({"instant": "2026-11-23 04:00:01"}, "Instant"),
            ({"partner_id": self.writer.partner_id.id}, "Partner"),
            ({"tag_ids": [Command.set(self.tags.ids)]}, "Tag"),
            ({"tag_ids": [Command.clear()]}, "Tag"),
            ({"scan": base64.b64encode(b"scam")}, "Scan"),
            ({"scan": False}, "Scan"),
            ({"answers": {"b": 1, "a": [2], "c": None}}, "Answers"),
            ({"line_ids": [Command.create({"name": "three"})]}, "Line"),
            ({"line_ids": [Command.delete(contract.line_ids[0].id)]}, "Line"),
            ({"line_ids": [Command.update(contract.line_ids[0].id, {"amount": 7})]}, "Line"),
        ):
            with self.subTest(label, values=list(values)), self.cr.savepoint() as savepoint:
                contract.write(values)
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual(signature.void_reason, f"changed since: {label}")
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertTrue(signature.is_valid, signature.void_reason)

    def test_what_is_not_signed_voids_nothing(self):
        contract = self._create_contract()
        signature = self._sign(contract)
        contract.remark = "by the way"
        contract.line_ids[0].note = "by the way"
        contract.message_post(body="by the way", attachments=[("a.txt", b"a")])
        contract.write({"name": "Contract", "is_urgent": False, "rate": 2.3450001})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(signature.is_valid, signature.void_reason)

    def test_author_rule_of_the_model(self):
        contract = self._create_contract(writer_id=self.signer.id)
        with self.assertRaisesRegex(UserError, "another person"):
            sign_step(contract, "finish", self.signer)
        sign_step(contract, "finish", self.writer)
        with self.assertRaisesRegex(UserError, "another person"):
            sign_step(contract, "check", self.signer)
        self.assertEqual(contract.state, "done")

    def test_model_that_does_not_say_what_is_signed_is_not_signed(self):
        blank = self.env["sqms.fake.blank"].with_user(self.signer).create({"name": "a"})
        with self.assertRaisesRegex(UserError, "not laid down"):
            sign_step(blank, "finish", self.signer)
        with self.assertRaisesRegex(UserError, "not laid down"):
            self._sign(blank)
        self.assertEqual((blank.state, blank.signature_ids.ids), ("draft", []))

    def test_thousand_records_in_few_queries(self):
        counts = {}
        for size in (10, 500, 1000):
            contracts = self.contracts.with_context(tracking_disable=True).create(
                [
                    {"name": f"Contract {number}", "scan": base64.b64encode(b"%d" % number),
                     "tag_ids": [Command.set(self.tags.ids)], "line_ids": [Command.create({"name": "one"})]}
                    for number in range(size)
                ]
            )  # fmt: skip
            self.cr.flush()
            before = self.cr.sql_log_count
            signatures = self._sign(contracts)
            self.cr.flush()
            signing = self.cr.sql_log_count - before
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(all(signatures.mapped("is_valid")))
            validity = self.cr.sql_log_count - before
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = contracts.mapped("signature_rows")
            self.assertEqual([row["state"] for row in rows[0]], ["valid", "due", "later"])
            counts[size] = (signing, validity, self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1000][1], 10)
        self.assertEqual(counts[500][1:], counts[1000][1:])
        # The ORM inserts a hundred rows at a time.
        self.assertLessEqual(counts[1000][0] - counts[500][0], 25, counts)
