import doctest

from odoo.tests import BaseCase, tagged

from ..lib import hash_chain, local_time, rich_text

IMAGE = "data:image/png;base64,iVBORw0KGgo="


@tagged("post_install", "-at_install")
class TestLib(BaseCase):
    def test_examples_in_the_docstrings_hold(self):
        for module in (hash_chain, local_time, rich_text):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 0)
            self.assertEqual(result.failed, 0)

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
