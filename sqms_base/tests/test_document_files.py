import base64

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DocumentCase

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install", "sqms_alone")
class TestDocumentFiles(DocumentCase):
    def _create_file(self, user=None, **values):
        return (
            self.env["ir.attachment"]
            .with_user(user or self.officer)
            .create({"name": "F-022.pdf", "raw": b"%PDF-1.4 form", **values})
        )

    def _create_with_file(self):
        file = self._create_file()
        return self._create_draft(file_ids=[Command.link(file.id)])

    def test_file_becomes_part_of_the_edition(self):
        draft = self._create_with_file()
        self.assertEqual((draft.file_ids.res_model, draft.file_ids.res_id), (draft._name, draft.id))

    def test_file_follows_the_edition(self):
        draft = self._create_with_file()
        file = draft.file_ids
        with self.assertRaises(AccessError):
            file.with_user(self.plain).read(["raw"])
        self._approve(draft)
        self.assertEqual(file.with_user(self.plain).raw, b"%PDF-1.4 form")
        manager = draft.with_user(self.manager)
        manager.withdrawal_reason = "Form replaced"
        with freeze_time("2026-11-23 05:00:00"):
            manager.action_transition("withdraw")
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                file.with_user(self.plain).read(["raw"])
            self.assertTrue(file.with_user(self.certifier).raw)

    def test_file_of_a_locked_edition_stays(self):
        draft = self._create_with_file()
        self._submit(draft)
        for state in ("review", "effective"):
            if state == "effective":
                self._approve(draft)
            self.assertEqual(draft.state, state)
            file = draft.file_ids
            for values in ({"raw": b"other"}, {"datas": base64.b64encode(b"other")}, {"name": "x"}, {"res_id": 0},
                           {"mimetype": "text/html"}, {"url": "/a"}, {"type": "url"}):  # fmt: skip
                for user in (self.officer, self.manager, self.env.ref("base.user_root")):
                    with self.assertRaises(AccessError):
                        file.with_user(user).write(values)
            with self.assertRaises(AccessError):
                file.with_user(self.officer).unlink()
        self.assertEqual(draft.content_digest, draft._digest())

    def test_file_is_never_opened_to_the_outside(self):
        file = self._create_with_file().file_ids
        for values in ({"public": True}, {"access_token": "abc"}):
            with self.assertRaises(AccessError):
                file.with_user(self.officer).write(values)
        with self.assertRaises(AccessError):
            file.with_user(self.officer).generate_access_token()
        shared = self._create_file(public=True, access_token="abc")
        draft = self._create_draft(self._create_document("Other"), file_ids=[Command.link(shared.id)])
        self.assertFalse(draft.file_ids.public or draft.file_ids.access_token)

    def test_file_of_another_record_is_copied_not_taken(self):
        document = self._create_document("Other")
        other = self._create_file(res_model="sqms.document", res_id=document.id)
        draft = self._create_draft(file_ids=[Command.link(other.id)])
        self.assertNotEqual(draft.file_ids, other)
        self.assertEqual(draft.file_ids.raw, other.raw)
        self.assertEqual((other.res_model, other.res_id), ("sqms.document", document.id))

    def test_public_file_of_another_person_is_copied_not_taken(self):
        other = self._create_file(user=self.hr, public=True)
        draft = self._create_draft(file_ids=[Command.link(other.id)])
        self.assertNotEqual(draft.file_ids, other)
        self.assertFalse(draft.file_ids.public)
        self.assertTrue(other.public)

    def test_file_one_may_not_read_cannot_be_used(self):
        secret = self._create_file(user=self.hr)
        with self.assertRaises(AccessError):
            self._create_draft(file_ids=[Command.link(secret.id)])

    def test_new_edition_has_copies_of_the_files(self):
        version = self._approve(self._create_with_file())
        action = version.document_id.with_user(self.officer).action_new_edition()
        following = self.env["sqms.document.version"].browse(action["res_id"])
        self.assertEqual(following.file_ids.mapped("raw"), [b"%PDF-1.4 form"])
        self.assertNotEqual(following.file_ids, version.file_ids)
        following.file_ids.with_user(self.officer).raw = b"%PDF-1.4 changed"
        self.assertEqual(version.file_ids.raw, b"%PDF-1.4 form")

    def test_digest_knows_text_and_files(self):
        draft = self._create_with_file()
        digest = draft._digest()
        draft.file_ids.with_user(self.officer).raw = b"%PDF-1.4 changed"
        self.env.invalidate_all()
        self.assertNotEqual(draft._digest(), digest)
        digest = draft._digest()
        draft.with_user(self.officer).content = "<p>Other</p>"
        self.assertNotEqual(draft._digest(), digest)
        self._approve(draft)
        # Straight in the database, past every guard: the digest shows it.
        self.env.cr.execute(
            "UPDATE sqms_document_version SET content = jsonb_build_object('en_US', 'forged') WHERE id = %s", [draft.id]
        )
        self.env.invalidate_all()
        self.assertNotEqual(draft._digest(), draft.content_digest)

    def test_stored_picture_becomes_part_of_the_text(self):
        image = self._create_file(name="a.png", raw=PIXEL)
        draft = self._create_draft(text=f'<p>See <img src="/web/image/{image.id}-abc/a.png"></p>')
        self.assertIn("data:image/png;base64,", draft.content)
        self.assertNotIn("/web/image", draft.content)

    def test_picture_the_writer_may_not_see_is_not_shown_to_others(self):
        image = self._create_file(user=self.hr, name="a.png", raw=PIXEL)
        draft = self._create_draft(text=f'<p>See <img src="/web/image/{image.id}"></p>')
        self.assertNotIn("img", draft.content)

    def test_picture_from_elsewhere_is_found_in_every_language(self):
        draft = self._create_draft(text="<p>Be polite.</p>")
        # As an old import may have left it.
        self.env.cr.execute(
            "UPDATE sqms_document_version SET content = content || jsonb_build_object('zh_CN', %s) WHERE id = %s",
            ['<p>要有礼貌。<img src="https://example.com/pixel.png"></p>', draft.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not part of the text"):
            self._submit(draft)
