from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..lib import pdf_layers
from .test_cause import CauseCase
from .test_print import words

REPORT = "sqms_base.report_nonconformity_8d"
HOSTILE = "</td><script>alert(1)</script><img src='http://127.0.0.1:9/x'/>{{7*7}}"


@tagged("post_install", "-at_install")
class TestNonconformity8d(CauseCase):
    """What a customer gets on paper. Needs wkhtmltopdf."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nonconformity.write({"owner_id": cls.officer.id, "description": "Three customers were charged twice."})

    def _print(self, record=None, user=None, **context):
        report = self.env["ir.actions.report"].with_user(user or self.officer)
        report = report.with_context(force_report_rendering=True, **context)
        content, kind = report._render_qweb_pdf(REPORT, (record or self.nonconformity).ids)
        self.assertEqual(kind, "pdf")
        return content

    def _create_action(self, name="Read the log first", **values):
        return self._as("sqms.action").create(
            {"name": name, "nonconformity_id": self.nonconformity.id, "kind": "corrective", **values}
        )

    def test_every_discipline_is_there_from_the_first_day(self):
        empty = self._create_nonconformity("Just found")
        text = words(self._print(empty))
        for number in range(1, 9):
            self.assertIn(f"D{number}", text)
        for sentence in ("Notyetanalysed", "Noactionagainsttherootcausesischosenyet", "Nothingiscarriedoutyet",
                         "Notyetsigned", "NOTCLOSED"):  # fmt: skip
            self.assertIn(sentence, text)

    def test_causes_drawn_actions_and_prevention(self):
        chain = self._create_chain(4)
        chain[3].write({"verdict": "root", "evidence": "Log of the terminal", "type_id": self.kind.id})
        self._create_cause("careless cashier", verdict="ruled_out", ruled_out_reason="three were involved")
        other = self._create_nonconformity("Deposit booked twice")
        self._create_root(other)
        self._create_action(owner_id=self.manager.id, date_due="2026-12-24", cause_ids=[Command.set(chain[3].ids)])
        self._create_action("Set the terminals back", kind="containment", evidence="Photo of the screen")
        self.env.flush_all()
        pdf = self._print()
        text = words(pdf)
        for part in ("Why1", "Rootcause·why4", "Logoftheterminal", "Norule", "carelesscashier", "threewereinvolved",
                     "Readthelogfirst", "24Dec2026", "Settheterminalsback", "Photoofthescreen", other.number,
                     "Threecustomerswerechargedtwice"):  # fmt: skip
            self.assertIn(part, text)
        # In the tree, in the table and in the fishbone.
        self.assertGreaterEqual(text.count("because4"), 3)
        self.assertGreater(pdf_layers.page_count(pdf), 1)
        both = self._print(self.nonconformity | other)
        self.assertGreater(pdf_layers.page_count(both), pdf_layers.page_count(pdf))

    def test_who_may_not_read_does_not_print_and_reads_no_more_than_that(self):
        for user in (self.plain, self.portal, self.stranger):
            with self.assertRaises(AccessError):
                self._print(user=user)
        for user in (self.top, self.certifier):
            self.assertIn("D4", words(self._print(user=user)))
        # Who owns one action reads the nonconformity, and not what the others cost or do.
        self._create_action("Mine", owner_id=self.plain.id)
        self._create_action("Secret of others", owner_id=self.manager.id)
        costs = self._as("sqms.quality.cost").create(
            [
                {
                    "name": "Refund", "category": category, "amount": amount, "nonconformity_id": self.nonconformity.id,
                    "company_id": self.company.id, "currency_id": self.company.currency_id.id,
                }
                for category, amount in (("external", 4711), ("external", 5822), ("internal", 6933))
            ]
        )  # fmt: skip
        costs[:1].action_transition("post")
        self.env.flush_all()
        self.env.invalidate_all()
        own = words(self._print(user=self.plain))
        self.assertFalse(self.env["sqms.quality.cost"].with_user(self.plain).has_access("read"))
        self.assertNotIn("4,711", own)
        full = words(self._print(user=self.manager))
        # Once for its category, once as the sum: a draft is in neither.
        self.assertEqual((full.count("4,711"), "5,822" in full, "6,933" in full, "10,533" in full), (2, *[False] * 3))
        table = self.nonconformity.with_user(self.manager)._eight_d_costs()
        self.assertEqual([row[1] for row in table["rows"]], [1])
        readable = self.nonconformity.with_user(self.plain).action_ids._filtered_access("read")
        self.assertEqual("Secretofothers" in own, "Secret of others" in readable.mapped("name"))

    def test_hostile_words_are_words(self):
        cause = self._create_cause(HOSTILE, verdict="root", evidence=HOSTILE, type_id=self.kind.id)
        self.nonconformity.write({"description": HOSTILE, "containment": HOSTILE, "similar_cases": HOSTILE})
        self._create_action(HOSTILE)
        page = str(self.env["ir.qweb"].with_user(self.officer)._render(
            "sqms_base.nonconformity_8d_print",
            {"nc": self.nonconformity.with_user(self.officer),
             "report": self.nonconformity.with_user(self.officer)._eight_d_values()},
        ))  # fmt: skip
        self.assertNotIn("<script", page)
        self.assertNotIn("<img", page)
        self.assertNotIn("49", page.replace(cause.nonconformity_id.number or "", ""))
        self.assertIn("alert(1)", words(self._print()))

    def test_a_tree_beyond_the_sheet_stands_in_the_table(self):
        above = None
        for number in range(40):
            above = self._create_cause(f"because {number}", above)
        report = self.nonconformity.with_user(self.officer)._eight_d_values()
        self.assertTrue(report["is_too_large"])
        self.assertEqual(len(report["causes"]), 40)
        wide = self._create_nonconformity("Wide")
        for number in range(9):
            self._create_cause(f"cause {number}", nonconformity=wide)
        report = wide.with_user(self.officer)._eight_d_values()
        self.assertEqual((len(report["trees"]), report["is_too_large"]), (3, False))

    def test_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["sqms_base"], ["zh_CN"])
        self._create_root()
        text = words(self._print(lang="zh_CN"))
        self.assertIn("未关闭", text)
        self.assertIn("根本原因", text)
        self.assertNotIn("NOTCLOSED", text)
        self.assertNotIn("notyet", text)
