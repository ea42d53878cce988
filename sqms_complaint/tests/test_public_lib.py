import doctest
import io
import zipfile
from datetime import date

from PIL import Image

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader, PdfWriter

from odoo.addons.sqms_base.lib import public_code, public_files, public_text
from odoo.addons.sqms_base.lib.refusal import Refusal

from ..lib import intake_form

EXIF_MAKE = 0x010F
GPS = 0x8825


def picture(kind="JPEG", size=(40, 30), **options):
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, kind, **options)
    return target.getvalue()


def photo():
    """A photo as a phone makes it: with maker and place."""
    exif = Image.Exif()
    exif[EXIF_MAKE] = "Spyphone 3000"
    exif.get_ifd(GPS)[1] = "N"
    return picture(exif=exif.tobytes())


def archive(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in parts.items():
            box.writestr(name, content)
    return target.getvalue()


def docx(**parts):
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": "<w:document>Dear Sirs</w:document>",
            "docProps/core.xml": '<?xml version="1.0"?><cp:core xmlns:cp="x"><dc:who>Wang Li</dc:who></cp:core>',
            **parts,
        }
    )


def pdf(password=None, script=None):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": "Wang Li"})
    if script:
        writer.add_js(script)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@tagged("post_install", "-at_install", "sqms_alone")
class TestPublicLib(BaseCase):
    def test_examples_in_the_text_hold(self):
        for module in (public_code, public_files, public_text, intake_form):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    # -- code ------------------------------------------------------------------

    def test_alphabet_has_nothing_to_confuse(self):
        self.assertEqual(len(set(public_code.ALPHABET)), 30)
        self.assertFalse(set(public_code.ALPHABET) & set("0O1ILU"))

    def test_codes_are_spread_over_the_whole_alphabet(self):
        codes = {public_code.derive_code(b"pepper", str(seed)) for seed in range(400)}
        self.assertEqual(len(codes), 400)
        for position in range(public_code.LENGTH):
            self.assertGreater(len({code[position] for code in codes}), 25)

    def test_digest_depends_on_pepper_number_and_code(self):
        digest = public_code.access_digest(b"p", "C/2026/0001", "7KQ2-M9FD-ABCD-EFGH")
        self.assertEqual(digest, public_code.access_digest(b"p", " c/2026/0001", "７kq2m9fd abcdefgh"))
        self.assertNotEqual(digest, public_code.access_digest(b"q", "C/2026/0001", "7KQ2M9FDABCDEFGH"))
        self.assertNotEqual(digest, public_code.access_digest(b"p", "C/2026/0002", "7KQ2M9FDABCDEFGH"))
        self.assertNotEqual(public_code.access_digest(b"p", "C/1", "23"), public_code.access_digest(b"p", "C/12", "3"))

    def test_same_word_has_another_hash_each_time(self):
        self.assertNotEqual(public_code.hash_word("梅花二十六"), public_code.hash_word("梅花二十六"))
        self.assertTrue(public_code.check_word("梅花二十六", public_code.hash_word("梅花二十六")))

    # -- files -------------------------------------------------------------------

    def _refused(self, name, content, anonymous=False):
        with self.assertRaises(Refusal, msg=name), mute_logger("pypdf._reader", "pypdf"):
            public_files.clean_file(name, content, anonymous)

    def test_photo_loses_place_and_maker(self):
        self.assertIn(b"Spyphone", photo())
        _extension, mimetype, cleaned = public_files.clean_file("a.JPG", photo())
        self.assertEqual(mimetype, "image/jpeg")
        self.assertNotIn(b"Spyphone", cleaned)
        self.assertFalse(Image.open(io.BytesIO(cleaned)).getexif())

    def test_each_kind_of_picture_is_painted_anew(self):
        for extension, kind in (("png", "PNG"), ("webp", "WEBP"), ("gif", "GIF"), ("jpeg", "JPEG")):
            content = picture(kind) + b"<script>hidden behind the picture</script>"
            _extension, _mimetype, cleaned = public_files.clean_file(f"a.{extension}", content)
            self.assertNotIn(b"hidden", cleaned, kind)
            self.assertEqual(Image.open(io.BytesIO(cleaned)).format, kind)

    def test_extension_and_content_must_agree(self):
        self._refused("a.png", picture("JPEG"))
        self._refused("a.pdf", picture("JPEG"))
        self._refused("a.jpg", pdf())
        self._refused("a.docx", picture("PNG"))
        self._refused("a.txt", pdf())
        self._refused("noextension", picture())
        self._refused("a.", picture())

    def test_what_runs_or_shows_markup_is_refused(self):
        markup = b"<html><script>alert(1)</script></html>"
        for name in (
            "a.html",
            "a.svg",
            "a.xml",
            "a.js",
            "a.exe",
            "a.zip",
            "a.eml",
            "a.rtf",
            "a.doc",
            "a.heic",
            "a.txt",
        ):
            self._refused(name, markup)
        self._refused("a.txt", b"x" * 5000 + b"<svg onload=alert(1)>")
        self._refused("a.csv", b"MZ\x90\x00\x03")
        self._refused("a.pdf", b" \n%PDF-1.4 late")
        self._refused("a.jpg.exe", picture())

    def test_plain_text_and_tables_are_taken(self):
        for content in ("日期;金额\n11月10日;86", "date,amount\n10 Nov,86"):
            self.assertEqual(public_files.clean_file("a.csv", content.encode())[1], "text/csv")
        self.assertEqual(public_files.clean_file("a.txt", "收据".encode("gb18030"))[1], "text/plain")

    def test_too_large_empty_and_damaged_are_refused(self):
        self._refused("a.jpg", b"")
        self._refused("a.txt", b"a" * (public_files.MAX_BYTES + 1))
        self._refused("a.jpg", picture()[:60])
        self._refused("a.pdf", b"%PDF-1.4\nnothing else")
        self._refused("a.docx", b"PK\x03\x04 nothing else")
        self._refused("a.png", picture("PNG", (9000, 5000)))

    def test_pdf_keeps_its_bytes_unless_anonymous(self):
        content = pdf()
        self.assertEqual(public_files.clean_file("a.pdf", content)[2], content)
        cleaned = public_files.clean_file("a.pdf", content, anonymous=True)[2]
        self.assertNotIn(b"Wang", cleaned)
        self.assertEqual(len(PdfReader(io.BytesIO(cleaned)).pages), 1)

    def test_pdf_with_script_or_password_is_refused(self):
        self._refused("a.pdf", pdf(script="app.alert('x')"))
        self._refused("a.pdf", pdf(password="secret"))

    def test_document_keeps_its_bytes_unless_anonymous(self):
        content = docx()
        self.assertEqual(public_files.clean_file("a.docx", content)[2], content)
        cleaned = public_files.clean_file("a.docx", content, anonymous=True)[2]
        with zipfile.ZipFile(io.BytesIO(cleaned)) as box:
            self.assertNotIn(b"Wang", box.read("docProps/core.xml"))
            self.assertIn(b"Dear Sirs", box.read("word/document.xml"))

    def test_document_with_anything_active_is_refused(self):
        self._refused("a.docx", docx(**{"word/vbaProject.bin": "x"}))
        self._refused("a.docx", docx(**{"[Content_Types].xml": "<x macroEnabled/>"}))
        self._refused("a.docx", docx(**{"word/embeddings/a.bin": "x"}))
        outside = '<Relationship Type="x/attachedTemplate" Target="http://x" TargetMode="External"/>'
        self._refused("a.docx", docx(**{"word/_rels/document.xml.rels": outside}))
        link = '<Relationship Type="x/relationships/hyperlink" Target="http://x" TargetMode="External"/>'
        public_files.clean_file("a.docx", docx(**{"word/_rels/document.xml.rels": link}))
        self._refused("a.docx", docx(**{"word/media/big": b"0" * 30_000_000}))
        self._refused("a.xlsx", docx())
        self._refused("a.docx", docx(**{"word/comments.xml": '<w:comment w:author="Wang Li"/>'}), anonymous=True)

    # -- form --------------------------------------------------------------------

    def _form(self, **answers):
        answers = {"happened": "It leaks.", "wish": "repair", "contact": "phone", "reach": "138 0571 6620", **answers}
        return intake_form.IntakeForm(answers, [], date(2026, 11, 10))

    def test_title_is_the_first_sentence(self):
        self.assertEqual(self._form(happened="It leaks. Every day.").title, "It leaks")
        self.assertEqual(self._form(happened="银行卡被扣了两次款。当时收款机报错。").title, "银行卡被扣了两次款")
        self.assertEqual(len(self._form(happened="x" * 300).title), 80)

    def test_reach_fits_what_was_chosen(self):
        for contact, reach, fits in (
            ("phone", "138 0571 6620", True),
            ("phone", "+86 (21) 5550-0100 ext 12", True),
            ("phone", "wang@example.com", False),
            ("phone", "12", False),
            ("email", "wang.li@example.com", True),
            ("email", "wang.li@example", False),
            ("email", "a@b.com, c@d.com", False),
            ("email", "a@b.com\nBcc: c@d.com", False),
            ("none", "", True),
            ("other", "", False),
        ):
            errors = self._form(contact=contact, reach=reach).errors
            self.assertEqual("reach" not in errors, fits, (contact, reach))

    def test_day_is_neither_in_the_future_nor_impossible(self):
        for typed, fits in (
            ("", True),
            ("2026-11-10", True),
            ("2026-11-11", False),
            ("2026-02-31", False),
            ("1066-10-14", False),
        ):
            self.assertEqual("event_date" not in self._form(event_date=typed).errors, fits, typed)

    def test_length_is_limited_with_a_sentence(self):
        self.assertIn("happened", self._form(happened="x" * 5001).errors)
        self.assertIn("customer", self._form(customer="x" * 121).errors)
        self.assertIn("word", self._form(word="x" * 121).errors)

    def test_files_and_lists_in_place_of_text_count_as_nothing(self):
        form = intake_form.IntakeForm({"happened": object(), "wish": ["refund"]}, [], date(2026, 11, 10))
        self.assertIn("happened", form.errors)
        self.assertIn("wish", form.errors)
