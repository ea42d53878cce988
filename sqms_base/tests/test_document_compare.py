import random
import re
import time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..lib.compare_texts import compare_texts
from ..lib.compare_words import compare_words
from .common import DocumentCase

OLD = """<h3>5.1 Time to refund</h3><p>A double charge is refunded to the same card within five working days.</p>
<h3>5.3 Who may approve</h3><p>Up to CNY 200: shift leader. Above: shop manager.</p>
<h3>6 Paper refund form F-022</h3><p>The customer fills in form F-022 in two copies.</p>"""
NEW = """<h3>4.2 Unclear payment result</h3><p>Read the terminal log before a second payment is taken.</p>
<h3>5.1 Time to refund</h3><p>A double charge is refunded to the same card within one working day.</p>
<h3>5.3 Who may approve</h3><p>Up to CNY 500: shift leader. Above: shop manager.</p>"""


def _without(source, tag):
    return re.sub(rf"<{tag}>.*?</{tag}>", "", source, flags=re.DOTALL)


def _words(source):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", source)).strip()


@tagged("post_install", "-at_install", "sqms_alone")
class TestDocumentCompare(DocumentCase):
    def _only(self, before, after):
        result = compare_texts(before, after)
        self.assertEqual(len(result["sections"]), 1, result)
        return result["sections"][0]

    def test_sections_are_new_changed_and_removed_under_their_headings(self):
        result = compare_texts(OLD, NEW)
        self.assertEqual(
            [(row["kind"], row["heading"]) for row in result["sections"]],
            [
                ("new", "4.2 Unclear payment result"),
                ("changed", "5.1 Time to refund"),
                ("changed", "5.3 Who may approve"),
                ("removed", "6 Paper refund form F-022"),
            ],
        )
        self.assertEqual(result["count"], 4)
        self.assertIn("<del>five working days</del><ins>one working day</ins>.", result["sections"][1]["html"])
        self.assertIn("CNY <del>200</del><ins>500</ins>:", result["sections"][2]["html"])
        self.assertNotIn("<ins>A double charge", result["full"])
        self.assertIn("Above: shop manager", result["full"])

    def test_one_chinese_character_is_marked_and_nothing_else(self):
        row = self._only("<p>在两个工作日内退回原卡。</p>", "<p>在三个工作日内退回原卡。</p>")
        self.assertEqual(row["html"], "<p>在<del>两</del><ins>三</ins>个工作日内退回原卡。</p>")
        row = self._only("<p>由客服部批准，退款 200 元。</p>", "<p>由财务部批准，退款 500 元。</p>")
        self.assertEqual(
            row["html"],
            "<p>由<del>客服</del><ins>财务</ins>部批准，退款 <del>200</del><ins>500</ins> 元。</p>",
        )

    def test_equal_texts_have_no_changes_however_they_are_spaced(self):
        for text in (OLD, "<p>一\n  二</p>", "", None, "<table><tr><td>1</td></tr></table>"):
            self.assertFalse(compare_texts(text, (text or "").replace("\n", " "))["sections"])
            self.assertFalse(compare_texts(text, text)["count"])

    def test_moved_and_renumbered_sections_are_not_called_new(self):
        result = compare_texts(
            "<h3>1 Aim</h3><p>one two three</p><h3>2 Scope</h3><p>four five</p>",
            "<h3>1 Scope</h3><p>four five</p><h3>2 Aim</h3><p>one two three</p>",
        )
        self.assertEqual({row["kind"] for row in result["sections"]}, {"moved", "renumbered"})
        self.assertNotIn("<ins>four", result["full"])

    def test_items_of_lists_and_cells_of_tables_are_compared_one_by_one(self):
        row = self._only("<ul><li>a b</li><li>same</li></ul>", "<ul><li>a c</li><li>same</li><li>more</li></ul>")
        self.assertEqual(row["html"], "<ul><li>a <del>b</del><ins>c</ins></li><li><ins>more</ins></li></ul>")
        table = "<table><tbody><tr><td>到账</td><td>{}</td></tr></tbody></table>"
        row = self._only(table.format("两天"), table.format("三天"))
        self.assertIn("<td>到账</td><td><del>两</del><ins>三</ins>天</td>", row["html"])
        rebuilt = "<table><tbody><tr><td>到账</td></tr></tbody></table>"
        row = self._only(table.format("两天"), rebuilt)
        self.assertRegex(row["html"], r"(?s)<del><table>.*两天.*</del><ins><table>.*</ins>")

    def test_exchanged_pictures_stand_before_and_after(self):
        row = self._only(
            '<p>See <img src="data:image/png;base64,AAAA"></p>', '<p>See <img src="data:image/png;base64,BBBB"></p>'
        )
        self.assertRegex(row["html"], "<del><img [^>]*AAAA[^>]*></del><ins><img [^>]*BBBB[^>]*></ins>")

    def test_the_result_is_harmless_whatever_the_texts_were(self):
        hostile = (
            '<p onclick="a()">x<script>alert(1)</script></p><a href="javascript:alert(1)">k</a>'
            '<p style="position:fixed;background:url(http://evil.example)">y</p><iframe src="//evil.example"></iframe>'
            "<h3>&lt;script&gt;alert(2)&lt;/script&gt;</h3><svg onload=alert(3)></svg>"
            "<p>&lt;img src=x onerror=a&gt;</p>"
        )
        for before, after in (("<p>x</p>", hostile), (hostile, "<p>x</p>"), (hostile, hostile + "<p>z</p>")):
            result = compare_texts(before, after)
            for shown in [result["full"], *(row["html"] for row in result["sections"])]:
                tags = " ".join(re.findall(r"<[^>]*>", shown))
                for word in ("script", "onclick", "onload", "onerror", "iframe", "svg", "evil", "position"):
                    self.assertNotIn(word, tags)

    def test_nothing_is_lost_and_nothing_invented(self):
        """Without `ins` the comparison is the old text, without `del` the new one."""
        dice = random.Random(20261123)
        parts = [*"退款客户工作日。，", " ", " day ", "five", "<b>all</b>", "<br>", "a"]
        for _ in range(120):
            before = [dice.choice(parts) for _ in range(dice.choice((3, 30, 120)))]
            after = list(before)
            for _ in range(dice.randint(0, 5)):
                at = dice.randrange(len(after) + 1)
                after[at : at + dice.randint(0, 3)] = [dice.choice(parts)] * dice.randint(0, 2)
            old, new = (f"<p>x{''.join(words)}</p>" for words in (before, after))
            merged = compare_words(old, new)
            self.assertEqual(_words(_without(merged, "ins")), _words(old))
            self.assertEqual(_words(_without(merged, "del")), _words(new))

    def test_fifteen_thousand_characters_in_less_than_a_second(self):
        dice = random.Random(1)
        signs = "退款客户工作日内支付终端日志打印小票完成交易班长批准门店经理"
        paragraphs = ["".join(dice.choice(signs) for _ in range(150)) for _ in range(100)]
        changed = [text if dice.random() < 0.5 else f"{text[:70]}三{text[71:]}" for text in paragraphs]
        for shape in ("<p>{}</p>", "{}"):
            old, new = ("".join(shape.format(text) for text in texts) for texts in (paragraphs, changed))
            start = time.process_time()
            compare_texts(f"<div>{old}</div>", f"<div>{new}</div>")
            self.assertLess(time.process_time() - start, 1)

    # -- editions ------------------------------------------------------------------

    def test_an_edition_is_compared_with_the_one_it_replaces_or_any_other(self):
        document = self._create_document()
        first = self._approve(self._create_draft(document, "<p>在两个工作日内退款。</p>"))
        draft = self.env["sqms.document.version"].browse(
            document.with_user(self.officer).action_new_edition()["res_id"]
        )
        draft.with_user(self.officer).write(
            {
                "content": "<p>在三个工作日内退款。</p>",
                "file_ids": [(0, 0, {"name": "form.txt", "raw": b"x"})],
            }
        )
        mine = draft.with_user(self.officer)
        answer = mine.compare()
        self.assertEqual((answer["older"], answer["newer"], answer["with"]), (1, 2, first.id))
        self.assertEqual(answer["sections"][0]["html"], "<p>在<del>两</del><ins>三</ins>个工作日内退款。</p>")
        self.assertEqual(answer["files"], [{"name": "form.txt", "kind": "new"}])
        # From the other side it is still the older that comes first.
        self.assertEqual(first.with_user(self.officer).compare(draft.id)["sections"], answer["sections"])
        self.assertEqual(first.with_user(self.officer).compare()["with"], False)
        self.assertEqual(first.with_user(self.officer).compare()["sections"], [])
        elsewhere = self._create_draft()
        for other in (elsewhere.id, 999999999):
            with self.assertRaises(UserError):
                mine.compare(other)
        # Who reads what is in force compares nothing with what he may not read.
        self.assertEqual(first.with_user(self.plain).compare()["editions"], [])
        with self.assertRaises(UserError):
            first.with_user(self.plain).compare(draft.id)
        with self.assertRaises(AccessError):
            draft.with_user(self.plain).compare()
