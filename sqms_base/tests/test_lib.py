import doctest
import importlib
import pkgutil

from odoo.tests import BaseCase, TransactionCase, tagged

from .. import lib
from ..lib import database_image, rich_text, system_choice

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
IMAGE = "data:image/png;base64,iVBORw0KGgo="


@tagged("post_install", "-at_install", "sqms_alone")
class TestLib(BaseCase):
    def test_examples_in_the_docstrings_hold(self):
        attempted = 0
        for found in pkgutil.iter_modules(lib.__path__):
            result = doctest.testmod(importlib.import_module(f"{lib.__name__}.{found.name}"))
            self.assertEqual(result.failed, 0, found.name)
            attempted += result.attempted
        self.assertGreater(attempted, 0)

    def test_pictures_become_part_of_the_text(self):
        text = rich_text.clean('<p>a<img src="/web/image/7-abc/x.png">b</p>', {7: IMAGE}.get)
        self.assertEqual(text, f'<p>a<img src="{IMAGE}">b</p>')

    def test_pictures_from_elsewhere_go_and_the_words_stay(self):
        for source in (
            "https://example.com/a.png",
            "file:///C:/clip_image001.png",
            "//example.com/a",
            "/web/image/9",
            "",
        ):
            text = rich_text.clean(f'<p>before <img src="{source}">after</p>', {}.get)
            self.assertEqual(text, "<p>before after</p>")

    def test_an_svg_is_no_picture(self):
        text = rich_text.clean('<p>a<img src="data:image/svg+xml;base64,AAAA"></p>', {}.get)
        self.assertNotIn("svg", text)

    def test_comments_of_word_go(self):
        self.assertEqual(rich_text.clean("<p>1.<!--[if !supportLists]--> First</p>", {}.get), "<p>1. First</p>")

    def test_characters_are_composed(self):
        self.assertEqual(rich_text.clean("<p>Cafe\u0301</p>", {}.get), "<p>Caf\u00e9</p>")

    def test_plain_words_between_elements_stay(self):
        self.assertEqual(rich_text.clean("one <b>two</b> three", {}.get), "one <b>two</b> three")

    def test_cleaning_twice_changes_nothing(self):
        for source in (
            "<p>投诉 &amp; 受理</p>",
            "<ul><li>a</li><li>b</li></ul>",
            "text only",
            "<table><tr><td>1</td></tr></table>",
        ):
            once = rich_text.clean(source, {}.get)
            self.assertEqual(rich_text.clean(once, {}.get), once)


@tagged("post_install", "-at_install", "sqms_alone")
class TestSystemChoice(BaseCase):
    """Who chose: the system within the block, and only on that model."""

    def test_innermost_block_of_the_model_counts(self):
        self.assertFalse(system_choice.is_computing("a"))
        with system_choice.system_choice("a", computed=True):
            self.assertTrue(system_choice.is_computing("a"))
            self.assertFalse(system_choice.is_computing("b"))
            with system_choice.system_choice("b"), system_choice.system_choice("a"):
                self.assertFalse(system_choice.is_computing("a"))
            self.assertTrue(system_choice.is_computing("a"))
        self.assertFalse(system_choice.is_computing("a"))

    def test_what_a_create_named_is_recalled_once_and_for_the_same_rows(self):
        system_choice.remember_named("a", [True, False])
        self.assertEqual(system_choice.recall_named("a", 2), [True, False])
        self.assertEqual(system_choice.recall_named("a", 2), [True, True], "where nothing is known, a person named")
        system_choice.remember_named("a", [False])
        self.assertEqual(system_choice.recall_named("b", 1), [True])


@tagged("post_install", "-at_install", "sqms_alone")
class TestDatabaseImage(TransactionCase):
    """`lib` `database_image` says what the database holds, whatever the cache believes."""

    def test_columns_relations_and_files(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Wang Li",
                "image_1920": PIXEL,
                "category_id": [(0, 0, {"name": "Care"})],
            }
        )
        self.env.flush_all()
        self.cr.execute("UPDATE res_partner SET name = 'Somebody else' WHERE id = %s", [partner.id])
        image = database_image.database_image(partner, ["name", "category_id", "image_1920"])[partner.id]
        self.assertEqual(partner.name, "Wang Li", "as the cache has it")
        self.assertEqual(image["name"], "Somebody else")
        self.assertEqual(image["category_id"], partner.category_id.ids)
        self.assertTrue(image["image_1920"])
        self.assertEqual(database_image.database_image(partner.browse(0), ["name"]), {})
