import json
from threading import Thread
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import tagged

from ..lib import manifest as manifests
from ..lib.signing import Proof, signing_step, take_signing
from ..models.sqms_signature_sign import give
from .signature_common import SignatureCase, password_of, sign_step


@tagged("post_install", "-at_install")
class TestSignature(SignatureCase):
    """Who signs, with what, and what a refusal leaves behind: nothing."""

    def _snapshot(self, version):
        self.cr.flush()
        self.env.invalidate_all()
        return (
            version.sudo().read(["state", "reviewed_at", "approved_at", "write_date"]),
            version.sudo().signature_ids.ids,
            version.sudo().message_ids.ids,
            self.env["sqms.ledger.entry"].sudo().search_count([]),
        )

    def _denied(self, version, attempt, words=None, refusal=AccessDenied):
        before = self._snapshot(version)
        with self.assertRaisesRegex(refusal, words or ""):
            attempt()
        self.assertEqual(self._snapshot(version), before)

    def test_step_is_taken_by_signing(self):
        version = self._in_review()
        author = version.signature_ids
        self.assertEqual(
            (author.meaning, author.user_id, author.printed_name), ("author", self.officer, self.officer.name)
        )
        sign_step(version, "approve", self.manager)
        self.assertEqual(version.state, "effective")
        approver = version.signature_ids - author
        self.assertEqual((approver.meaning, approver.user_id), ("approver", self.manager))
        self.assertEqual((approver.auth_method, approver.second_factor), ("password", False))
        self.assertEqual((approver.res_model, approver.res_id), (version._name, version.id))
        self.assertEqual(approver.company_id, self.company)
        self.assertIn("come into force on", approver.statement)
        self.assertTrue(approver.is_valid and author.is_valid)
        self.assertEqual(approver.digest, manifests.digest(approver.sudo().manifest))
        what = json.loads(approver.sudo().manifest)["fields"]
        self.assertEqual(what["content"], {"en_US": "<p>Refund within one working day.</p>"})
        self.assertEqual(what["date_effective"], "2026-11-23")
        self.assertNotIn("date_effective", json.loads(author.sudo().manifest)["fields"])

    def test_signature_stands_in_the_ledger_and_in_the_chatter(self):
        version = self._in_review()
        entry = self.env["sqms.ledger.entry"].sudo().search(
            [("res_model", "=", version._name), ("res_id", "=", version.id), ("event", "=", "signed")]
        )  # fmt: skip
        said = json.loads(entry.text)
        self.assertEqual((said["user"], said["new"]["digest"]), (self.officer.id, version.signature_ids.digest))
        self.assertIn("Signed: Author", "".join(version.message_ids.mapped("body")))

    def test_without_signing_the_step_answers_with_the_dialog(self):
        version = self._in_review()
        for env_version in (
            version.with_user(self.manager),
            version.with_user(self.manager).sudo(),
            version.with_env(self.env),
        ):
            action = env_version.action_transition("approve")
            self.assertEqual((action["tag"], action["params"]["step"]), ("sqms_sign", "approve"))
        hostile = {"sqms_signing": True, "signature": "approver", "password": password_of(self.manager)}
        version.with_user(self.manager).with_context(**hostile).action_transition("approve")
        self.assertEqual(version.state, "review")

    def test_what_is_no_password_of_the_user(self):
        version = self._in_review()
        own = version.with_user(self.manager)
        for password in (
            "wrong", "", None, False, 0, 1, True, [], {}, ["sqms_manager"], "x" * 1025, password_of(self.officer),
            password_of(self.manager) + " ", password_of(self.manager).upper(), b"sqms_manager",
        ):  # fmt: skip
            self._forget_failures()
            self._denied(version, lambda p=password: own.action_sign_step("approve", p))
            self._denied(version, lambda p=password: own.env["sqms.signature"].sign(own, "approver", password=p))
        with self.assertRaises(TypeError):
            own.action_sign_step("approve")

    def test_nobody_signs_for_another(self):
        version = self._in_review()
        # Code that acts as another person, and the superuser, would need the password of that person.
        for records in (version.with_user(self.manager), version.with_user(self.manager).sudo()):
            self._denied(version, lambda r=records: r.action_sign_step("approve", password_of(self.officer)))
        for uid in (SUPERUSER_ID, self.public.id, self.portal.id):
            with self.assertRaises(UserError):
                version.with_user(uid).action_sign_step("approve", "sqms_portal")
            with self.assertRaises(UserError):
                version.with_user(uid).sudo().action_sign_step("approve", "sqms_portal")
        self.assertEqual(version.state, "review")

    def test_signer_is_the_user_of_the_call_and_not_of_the_record(self):
        version = self._in_review()
        signature = self._sign(version.with_user(self.officer).sudo(), "approver", self.manager)
        self.assertEqual(signature.user_id, self.manager)

    def test_inactive_user_does_not_sign(self):
        version = self._in_review()
        self.manager.active = False
        self._denied(version, lambda: sign_step(version, "approve", self.manager), "own people")

    def test_api_key_is_no_password(self):
        version = self._in_review()
        key = self.env["res.users.apikeys"].with_user(self.manager)._generate(
            None, "test", fields.Datetime.add(fields.Datetime.now(), days=1)
        )  # fmt: skip
        self._denied(
            version, lambda: version.with_user(self.manager).action_sign_step("approve", key), "not your password"
        )

    def test_user_without_a_password_reads_how_to_get_one(self):
        version = self._in_review()
        for empty in (None, ""):
            self.env.cr.execute("UPDATE res_users SET password = %s WHERE id = %s", [empty, self.manager.id])
            self.env.invalidate_all()
            for password in (password_of(self.manager), "anything"):
                self._denied(
                    version, lambda p=password: version.with_user(self.manager).action_sign_step("approve", p),
                    "password of your own.*Reset Password",
                )  # fmt: skip
        self.assertIn("Reset", version.with_user(self.manager).signature_sheet("approve")["hint"])

    def test_other_ways_to_prove_who_one_is_are_refused(self):
        """A single sign-on compares a stored token: its check says nothing about who sits there now."""
        version = self._in_review()
        Users = self.registry["res.users"]
        for answer in (
            {"uid": self.manager.id, "auth_method": "oauth", "mfa": "default"},
            {"uid": self.manager.id, "auth_method": "apikey", "mfa": "skip"},
            {"uid": self.officer.id, "auth_method": "password", "mfa": "default"},
        ):
            with patch.object(Users, "_check_credentials", lambda *_args, answer=answer: answer):
                self._denied(version, lambda: sign_step(version, "approve", self.manager))

    def test_password_is_asked_as_a_person_types_it(self):
        version = self._in_review()
        seen = []
        original = self.registry["res.users"]._check_credentials

        def check(users, credential, env):
            seen.append((users.id, credential["type"], credential["login"], env))
            return original(users, credential, env)

        with patch.object(self.registry["res.users"], "_check_credentials", check):
            sign_step(version, "approve", self.manager)
        self.assertEqual(seen, [(self.manager.id, "password", self.manager.login, {"interactive": True})])

    def test_second_factor_is_never_skipped(self):
        """Without a request, with an unknown kind, with a broken code: denied."""
        version = self._in_review()
        own = version.with_user(self.manager)
        for kind in ("totp", "totp_mail", "dongle"):
            with patch.object(self.registry["res.users"], "_mfa_type", lambda _user, kind=kind: kind):
                for code in (None, "", "123456", "12345", "abcdef", 123456, "１２３４５６", ["123456"]):
                    self._forget_failures()
                    self._denied(
                        version, lambda c=code: own.action_sign_step("approve", password_of(self.manager), c), "6-digit"
                    )

    def test_credentials_are_checked_before_anything_is_written_or_locked(self):
        version = self._in_review()
        order = []
        Users, Versions = self.registry["res.users"], self.registry[version._name]
        check, lock, write = Users._check_credentials, Versions._workflow_lock_rows, Versions._write_multi

        def noting(word, method):
            def noted(*args):
                order.append(word)
                return method(*args)

            return noted

        with (
            patch.object(Users, "_check_credentials", noting("check", check)),
            patch.object(Versions, "_workflow_lock_rows", noting("lock", lock)),
            patch.object(Versions, "_write_multi", noting("write", write)),
        ):
            sign_step(version, "approve", self.manager)
        self.assertEqual(order[:3], ["check", "lock", "write"])
        self.assertEqual(order.count("check"), 1)

    # -- author and approver -----------------------------------------------------

    def test_author_never_approves_his_own(self):
        draft = self._create_draft(self._create_document(author=self.manager), author=self.manager)
        version = self._submit(draft)
        version.with_user(self.officer).date_effective = fields.Date.today()
        own = version.with_user(self.manager)
        for attempt in (
            lambda: sign_step(own, "approve", self.manager),
            lambda: own.action_transition("approve"),
            lambda: own.sudo().action_sign_step("approve", password_of(self.manager)),
            lambda: self._sign(own, "approver", self.manager),
            lambda: own.action_sign("approver", password_of(self.manager)),
            lambda: own.action_sign("verified", password_of(self.manager)),
            lambda: own.signature_sheet("approve"),
        ):
            self._denied(version, attempt, "another person", UserError)

    def test_who_signed_as_author_judges_it_no_more(self):
        """Even when the list of authors has forgotten him."""
        version = self._in_review()
        self.officer.group_ids = [Command.link(self.env.ref("sqms_base.group_sqms_manager").id)]
        with patch.object(self.registry[version._name], "_signature_authors", lambda _records: {}):
            for meaning in ("reviewer", "approver", "verified"):
                self._denied(
                    version, lambda m=meaning: self._sign(version, m, self.officer), "another person", UserError
                )

    def test_only_who_wrote_it_signs_as_author(self):
        draft = self._create_draft()
        self._denied(draft, lambda: sign_step(draft, "submit", self.manager), "signs as its author", UserError)
        draft.with_user(self.manager).content = "<p>Refund within two working days.</p>"
        sign_step(draft, "submit", self.manager)
        self.assertEqual(draft.signature_ids.user_id, self.manager)

    def test_meaning_of_a_step_is_signed_by_who_may_take_it(self):
        version = self._in_review(reviewer_id=self.second_manager.id)
        for user, meaning in (
            (self.officer, "approver"), (self.top, "reviewer"), (self.manager, "reviewer"), (self.manager, "approver"),
            (self.certifier, "approver"), (self.second_manager, "author"),
        ):  # fmt: skip
            self._denied(version, lambda u=user, m=meaning: self._sign(version, m, u), None, UserError)
        with self.assertRaises(AccessError):
            self._sign(version, "acknowledged", self.plain)
        sign_step(version, "confirm_review", self.second_manager)
        self._sign(version, "approver", self.manager)
        self.assertEqual(version.state, "review", "a signature alone is no step")

    def test_reader_signs_what_he_may_read(self):
        version = self._create_in_force()
        signature = self._sign(version, "acknowledged", self.plain)
        self.assertEqual(signature.statement, "I have read and understood edition 1.")
        with self.assertRaises(UserError):
            self._sign(version, "witness", self.plain)

    def test_nothing_to_sign(self):
        signatures = self.env["sqms.signature"].with_user(self.manager)
        for nothing in (None, False, "sqms.document.version", [1], self.env["sqms.document.version"], self.manager):
            with self.assertRaises(UserError):
                signatures.sign(nothing, "approver", password=password_of(self.manager))

    # -- doors that stay shut ------------------------------------------------------

    def test_signing_of_one_call_opens_no_other(self):
        version, other = self._in_review(), self._in_review(document=self._create_document("Other"))
        proof = Proof(self.manager.id, "password", False, "")
        own = (version | other).with_user(self.manager)
        with signing_step(own[0], "approve", proof):
            self.assertEqual(own[1].action_transition("approve")["tag"], "sqms_sign")
            self.assertEqual(own.action_transition("approve")["tag"], "sqms_sign")
            elsewhere = own[0].with_user(self.top)
            self.assertEqual(elsewhere.action_transition("approve")["tag"], "sqms_sign")
            seen = []
            thread = Thread(target=lambda: seen.append(take_signing(own[0], "approve")))
            thread.start()
            thread.join()
            self.assertEqual(seen, [None], "another thread sees nothing of it")
        with self.assertRaises(AccessDenied):
            give(own[0].with_user(self.top), "approver", proof)
        self.assertEqual(own.mapped("state"), ["review", "review"])

    def test_nothing_is_signed_when_the_step_fails_later(self):
        version = self._in_review()
        before = self._snapshot(version)
        with (
            patch.object(self.registry[version._name], "_on_approve", side_effect=UserError("no")),
            self.assertRaises(UserError),
            self.cr.savepoint(),
        ):
            sign_step(version, "approve", self.manager)
        self.assertEqual(self._snapshot(version), before)

    def test_what_changed_since_it_was_shown_is_not_signed(self):
        version = self._in_review()
        own = version.with_user(self.manager)
        sheet = own.signature_sheet("approve")
        seen = {str(record["id"]): record["digest"] for record in sheet["records"]}
        version.with_user(self.officer).date_effective = fields.Date.add(fields.Date.today(), days=1)
        self._denied(
            version, lambda: own.action_sign_step("approve", password_of(self.manager), None, seen),
            "changed since this was opened", UserError,
        )  # fmt: skip
        seen = {str(record["id"]): record["digest"] for record in own.signature_sheet("approve")["records"]}
        own.action_sign_step("approve", password_of(self.manager), None, seen)
        self.assertEqual(version.signature_ids[0].digest, seen[str(version.id)])

    def test_many_are_signed_at_once_each_by_itself(self):
        versions = self.env["sqms.document.version"]
        for number in range(3):
            versions |= self._in_review(document=self._create_document(f"Document {number}"))
        sign_step(versions, "approve", self.manager)
        self.assertEqual(versions.mapped("state"), ["effective"] * 3)
        signatures = versions.signature_ids.filtered(lambda row: row.meaning == "approver")
        self.assertEqual(len(set(signatures.mapped("digest"))), 3)
        self.assertEqual(sorted(signatures.mapped("res_id")), sorted(versions.ids))

    def test_sheet_of_the_dialog(self):
        version = self._in_review(reviewer_id=self.second_manager.id, approver_id=self.manager.id)
        sheet = version.with_user(self.second_manager).signature_sheet("confirm_review")
        self.assertEqual(sheet["title"], "Sign as reviewer")
        self.assertEqual((sheet["meaning"]["key"], sheet["factor"], sheet["obstacle"]), ("reviewer", "", ""))
        self.assertEqual(
            [(other["key"], other["state"], other["note"]) for other in sheet["others"]],
            [
                ("author", "valid", f"signed by {self.officer.name}"),
                ("approver", "asked", f"reserved for {self.manager.name}"),
            ],
        )
        self.assertEqual(sheet["signer"]["name"], self.second_manager.name)
        with self.assertRaises(UserError):
            version.with_user(self.manager).signature_sheet("return_to_author")
