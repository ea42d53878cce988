import io

from PIL import Image

from odoo.tests import BaseCase, tagged
from odoo.tools.pdf import PdfReader

from ..lib.public_files import clean_file
from ..lib.refusal import Refusal
from .deep_search import found_in
from .marked_files import cleanable, refusable

MARK = "zqxjkwvmark"


@tagged("post_install", "-at_install", "sqms_alone")
class TestPublicPapers(BaseCase):
    """What names a person inside a file is gone after cleaning, or the file is refused."""

    def test_each_kind_of_file_loses_every_mark(self):
        for name, content in cleanable(MARK).items():
            with self.subTest(name):
                self.assertTrue(found_in(content, [MARK]), "The search would not see it")
                extension, _mimetype, cleaned = clean_file(name, content, anonymous=True)
                self.assertEqual(found_in(cleaned, [MARK]), set())
                self.assertGreater(len(cleaned), 30, extension)

    def test_each_single_mark_is_seen_before(self):
        """The places differ: a search that saw only one of them would prove little."""
        files = cleanable(MARK)
        for extension, words in {
            "jpg": ("make", "artist", "place", "comment", "xmp", "iptc", "behind"),
            "png": ("text", "ztext", "xmp", "make"),
            "webp": ("make", "xmp"),
            "gif": ("comment",),
            "pdf": ("author", "title", "company", "xmp", "pagexmp", "imagexmp", "piece", "link", "make", "behind"),
            "docx": ("creator", "modified", "company", "manager", "custom", "thumbnail", "media", "rsid", "rsids",
                     "para", "remark", "pic", "folder", "var", "item", "zip", "zipentry"),
            "xlsx": ("creator", "disk", "user", "printer", "zip"),
            "odt": ("creator", "printer", "thumbnail", "zip"),
        }.items():  # fmt: skip
            content = files[f"{MARK}-name.{extension}"]
            for word in words:
                self.assertTrue(found_in(content, [f"{MARK}-{extension}-{word}"]), (extension, word))

    def test_what_cannot_be_cleaned_is_refused_with_a_sentence(self):
        for name, content in refusable(MARK).items():
            with self.subTest(name), self.assertRaises(Refusal) as refused:
                clean_file(name, content, anonymous=True)
            self.assertGreater(len(str(refused.exception)), 15, name)

    def test_what_is_cleaned_still_opens_and_says_the_same(self):
        files = cleanable(MARK)
        photo = clean_file("a.jpg", files[f"{MARK}-name.jpg"], True)[2]
        with Image.open(io.BytesIO(photo)) as picture:
            self.assertEqual(picture.size, (64, 48))
            self.assertFalse(picture.getexif())
        paper = clean_file("a.pdf", files[f"{MARK}-name.pdf"], True)[2]
        page = PdfReader(io.BytesIO(paper)).pages[0]
        image = page["/Resources"]["/XObject"]["/Im0"].get_object()
        with Image.open(io.BytesIO(image._data)) as picture:
            picture.load()
            self.assertEqual(picture.size, (64, 48))
        self.assertIn(b"/Im0 Do", page["/Contents"].get_object().get_data())
        for name in ("docx", "odt"):
            document = clean_file(f"a.{name}", files[f"{MARK}-name.{name}"], True)[2]
            self.assertTrue(found_in(document, ["The words stay"]), name)

    def test_who_gives_his_name_keeps_his_papers_as_they_are(self):
        for name, content in cleanable(MARK).items():
            if name.rpartition(".")[2] in ("pdf", "docx", "xlsx", "odt"):
                self.assertEqual(clean_file(name, content)[2], content, name)
