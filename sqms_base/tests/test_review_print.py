import re
import unicodedata

from odoo.fields import Command
from odoo.tests import tagged

from ..lib import pdf_layers
from ..lib.review_headline import MIN_N, headline, tiles
from .review_common import ReviewCase

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>& \"quoted\" '文'"


def _squeezed(text, lang="en_US"):
    """Without blanks. In Chinese what is not Latin is left out: printers name some characters as their radicals."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return text if lang == "en_US" else "".join(letter for letter in text if letter.isascii())


@tagged("post_install", "-at_install", "sqms_alone")
class TestReviewPrint(ReviewCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        base = {"company_id": cls.company.id, "process_id": cls.process.id}
        cls.env["sqms.nonconformity"].create(
            [
                {**base, "name": f"NC {number}", "found_at": found_at}
                for number, found_at in enumerate(
                    ["2026-05-01 03:00:00", "2026-07-01 03:00:00", *["2026-02-01 03:00:00"] * 4]
                )
            ]
        )
        cls.env["sqms.action"].create(
            {"name": "Late", "company_id": cls.company.id, "date_due": "2026-11-01", "owner_id": cls.manager.id}
        )

    def test_the_figures_on_paper_are_the_frozen_ones(self):
        review = self._prepare(name=HOSTILE, place=HOSTILE, decisions=(HOSTILE, "Vans"))
        row = review.input_ids.filtered(lambda row: row.key == "nonconformities")
        row.with_user(self.officer).comment = HOSTILE
        for lang in ("en_US", "zh_CN"):
            shown = review.with_user(self.officer).with_context(lang=lang)
            pdf = shown._print_pdf()
            paper = _squeezed(pdf_layers.text_of(pdf), lang)
            compared = 0
            for row in shown.input_ids:
                content = row._content()
                if content["empty"]:
                    self.assertIn(_squeezed(content["empty"], lang), paper)
                    continue
                for figure in content["figures"]:
                    for name in ("label", "text", "target_text", "before_text", "n_text"):
                        if name == "before_text" and figure["trend"] in ("", "same"):
                            continue
                        self.assertIn(_squeezed(figure[name], lang), paper, (lang, row.key, figure["key"], name))
                        compared += bool(figure[name])
                for table in content["tables"]:
                    for cell in (cell for line in table["rows"] for cell in line):
                        self.assertIn(_squeezed(cell, lang), paper, (lang, row.key))
                        compared += 1
            self.assertGreater(compared, 25)
            self.assertIn(review.digest[:4] + review.digest[4:8] + review.digest[8:12], paper)
            self.assertIn(_squeezed(shown.headline, lang), paper)
            # What somebody typed is words on paper, and every page is numbered.
            self.assertIn(_squeezed("<script>alert(1)</script>"), paper)
            pages = pdf_layers.page_count(pdf)
            if lang == "en_US":
                self.assertIn(f"page{pages}of{pages}", paper)
            self.assertEqual(set(pdf_layers.shapes(pdf)), {"portrait"})
        # The live data moves on, the paper does not.
        before = _squeezed(pdf_layers.text_of(review.with_user(self.officer)._print_pdf()))
        self.env["sqms.nonconformity"].create(
            {"name": "Later", "company_id": self.company.id, "found_at": "2026-07-02 03:00:00"}
        )
        self.assertEqual(_squeezed(pdf_layers.text_of(review.with_user(self.officer)._print_pdf())), before)

    def test_the_headline_names_what_was_measured_and_nothing_else(self):
        review = self._prepare()
        pack = review._pack()
        figures = review._pack_figures([{**row._content(), "key": row.key} for row in review.input_ids])
        kind, improved, worst = headline(figures)
        self.assertEqual((kind, worst["key"]), ("worst", "actions_late"))
        self.assertIn(worst["label"], pack["headline"])
        self.assertIn(worst["text"], pack["lead"])
        self.assertIsNone(improved)
        # Two are fewer than four, but two things are too few to speak of.
        self.assertLess(2, MIN_N)
        self.env["sqms.nonconformity"].create(
            {"name": "Third", "company_id": self.company.id, "found_at": "2026-07-02 03:00:00"}
        )
        review.with_user(self.officer).action_transition("freeze_again")
        pack = review._pack()
        figures = review._pack_figures([{**row._content(), "key": row.key} for row in review.input_ids])
        kind, improved, worst = headline(figures)
        self.assertEqual((kind, improved["key"], worst["key"]), ("both", "nonconformities", "actions_late"))
        self.assertTrue(all(figure["value"] is not None for row in pack["tiles"] for figure in row))
        self.assertLessEqual(sum(map(len, pack["tiles"])), 6)
        self.assertEqual([figure["key"] for figure in tiles(figures)],
                         [figure["key"] for row in pack["tiles"] for figure in row])  # fmt: skip
        empty = self.env["sqms.review"]
        self.assertEqual(empty._pack_headline([]), "Nothing was measured in this period.")

    def test_the_report_gives_the_pack_to_who_may_read_it(self):
        reviews = self._prepare() | self._prepare(participant_ids=[Command.clear()])
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        pdf, kind = report.with_user(self.top)._render_qweb_pdf("sqms_base.action_report_review_pack", reviews.ids)
        self.assertEqual(kind, "pdf")
        text = _squeezed(pdf_layers.text_of(pdf))
        for review in reviews:
            self.assertIn(_squeezed(review.number), text)
        self._refused(
            Exception, "", lambda: report.with_user(self.plain)._render_qweb_pdf(
                "sqms_base.action_report_review_pack", reviews.ids)
        )  # fmt: skip
        planned = self._create_review()
        self.assertIn(_squeezed("No figures have been frozen yet"), _squeezed(pdf_layers.text_of(planned._print_pdf())))

    def test_pictures_on_the_screen_run_nothing(self):
        review = self._prepare()
        self.process.name = HOSTILE
        review.with_user(self.officer).action_transition("freeze_again")
        for row in review.input_ids:
            self.assertNotIn("<script", row.picture)
            self.assertNotIn("<img", row.picture)
        row = review.input_ids.filtered(lambda row: row.key == "nonconformities")
        self.assertIn("<svg", row.picture)
