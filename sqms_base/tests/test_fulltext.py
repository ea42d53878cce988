import random
import re
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..lib import fulltext
from .common import DocumentCase

HAN = "退款投诉客户服务门店程序质量方针员工培训审核标准"
LATIN = ("refund", "refuse", "fund", "iso", "9001", "pay", "repay", "office")


@tagged("post_install", "-at_install", "sqms_alone")
class TestFulltext(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = cls.env["sqms.document"]

    def _search(self, words, user=None, model="sqms.document", field="fulltext", domain=()):
        return self.env[model].with_user(user or self.officer).search([(field, "ilike", words), *domain])

    def test_found_by_everything_that_is_in_it(self):
        document = self._create_document("Refund procedure")
        document.with_user(self.officer).update_field_translations("name", {"en_US": "Refund procedure"})
        file = (
            self.env["ir.attachment"].with_user(self.officer).create({"name": "现金表.txt", "raw": "收银台".encode()})
        )
        draft = self._create_draft(
            document, text="<p>客户<b>投诉</b>后一个工作日内退款。</p>", change_summary="Faster payment",
            file_ids=[Command.set(file.ids)],
        )  # fmt: skip
        for asked in (
            "投诉",
            "诉",
            "工作日内",
            "refun",
            "Ｒefund",
            document.number,
            document.number[4:],
            "fast 退款",
            "现金",
        ):
            self.assertEqual(self._search(asked), document, asked)
            self.assertEqual(self._search(asked, model="sqms.document.version"), draft, asked)
        for asked in ("诉后 门店", "efund", "日工", "投诉一个", "!!"):
            self.assertFalse(self._search(asked), asked)
        self.assertFalse(self._search("收银"), "files are read in the background")
        row = self.env["sqms.document.text"].search([("version_id", "=", draft.id)])
        self.assertTrue(row.is_pending)
        with self.enter_registry_test_mode():
            self.env.ref("sqms_base.ir_cron_document_text").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._search("收银"), document)
        self.assertFalse(row.is_pending)
        # Relation, negation and the ordinary search beside it.
        self.assertIn(draft, self.env["sqms.document.version"].search([("document_id.fulltext", "ilike", "收银")]))
        self.assertNotIn(document, self.documents.search([("fulltext", "not ilike", "收银")]))
        self.assertIn(document, self.documents.search(["!", ("fulltext", "ilike", "没有")]))
        self.assertEqual(self._search("收银", domain=[("name", "ilike", "refund")]), document)

    def test_changes_are_followed(self):
        document = self._create_document("Refund procedure")
        draft = self._create_draft(document, text="<p>客户投诉</p>")
        draft.content = "<p>门店服务</p>"
        self.assertFalse(self._search("投诉"))
        self.assertEqual(self._search("门店"), document)
        document.name = "Greeting"
        self.assertFalse(self._search("procedure"))
        self.assertEqual(self._search("greet", model="sqms.document.version"), draft)
        self.env["res.lang"]._activate_lang("zh_CN")
        document.update_field_translations("name", {"zh_CN": "问候程序"})
        draft.update_field_translations("content", {"zh_CN": {"门店服务": "先说您好"}})
        self.assertEqual(self._search("问候 您好"), document)
        draft.unlink()
        self.assertFalse(self._search("您好"))
        rows = self.env["sqms.document.text"].search([("document_id", "=", document.id)])
        self.assertEqual(len(rows), 1)
        document.unlink()
        self.assertFalse(rows.exists())
        # What came past every hook is caught by the job.
        other = self._create_document("Lost and found")
        self.env.cr.execute("DELETE FROM sqms_document_text WHERE document_id = %s", [other.id])
        self.env.invalidate_all()
        self.assertFalse(self._search("lost"))
        with self.enter_registry_test_mode():
            self.env.ref("sqms_base.ir_cron_document_text").method_direct_trigger()
        self.assertEqual(self._search("lost"), other)

    def test_nobody_finds_what_he_may_not_read(self):
        document = self._approve(self._create_draft(text="<p>客户投诉</p>")).document_id
        draft = document.browse(document.id).with_user(self.officer).action_new_edition()
        draft = self.env["sqms.document.version"].browse(draft["res_id"])
        draft.with_user(self.officer).content = "<p>秘密草稿</p>"
        self.assertEqual(self._search("投诉", self.plain), document)
        self.assertEqual(self._search("草稿"), document)
        for user in (self.plain, self.hr):
            self.assertFalse(self._search("草稿", user))
            self.assertFalse(self._search("草稿", user, "sqms.document.version"))
            self.assertFalse(self._search("草稿", user, field="fulltext_all"))
            with self.assertRaises(AccessError):
                self.env["sqms.document.text"].with_user(user).search([]).read(["words"])
        elsewhere = self._create_user("elsewhere", "sqms_base.group_sqms_manager", self.other_company)
        self.assertFalse(self._search("投诉", elsewhere))
        certifier = self._create_user("certifier2", "sqms_base.group_sqms_certifier", self.other_company)
        self.assertFalse(self.env["sqms.document.text"].with_user(certifier).search([]))
        for operation in ("create", "write", "unlink"):
            self.assertFalse(self.env["sqms.document.text"].with_user(self.manager).has_access(operation))
        # Withdrawn editions are found on request only.
        with freeze_time("2026-11-24 04:00:00"):
            self._approve(draft, day=date(2026, 11, 24))
            self.assertFalse(self._search("投诉"))
            self.assertEqual(self._search("投诉", field="fulltext_all"), document)
            self.assertFalse(self._search("投诉", self.plain, field="fulltext_all"))
            self.assertEqual(self._search("草稿", self.plain), document)

    def test_same_as_looking_through_every_text(self):
        chance = random.Random(20261123)
        texts = {}
        for _n in range(60):
            parts = [
                chance.choice(LATIN) if chance.random() < 0.4 else "".join(chance.choices(HAN, k=chance.randint(1, 6)))
                for _part in range(chance.randint(1, 12))
            ]
            texts[self._create_document("X")] = chance.choice(["", " ", "，"]).join(parts)
        self.env["sqms.document.version"].with_user(self.officer).create(
            [{"document_id": document.id, "content": f"<p>{text}</p>"} for document, text in texts.items()]
        )
        asked = [chance.choice(LATIN)[: chance.randint(1, 6)] for _n in range(25)]
        asked += ["".join(chance.choices(HAN, k=chance.choice([1, 2, 2, 3]))) for _n in range(60)]
        asked += [text[at : at + 4].strip("， ") for text in texts.values() for at in (0, len(text) // 2)]
        mine = [("id", "in", [document.id for document in texts])]
        some = 0
        for words in filter(None, asked):
            expected = {document.id for document, text in texts.items() if self._by_hand(words, text)}
            self.assertEqual(set(self._search(words, domain=mine).ids), expected, words)
            some += bool(expected)
        self.assertGreater(some, 60)

    def _by_hand(self, words, text):
        """A Latin word counts from its beginning; between two runs there is anything that is no letter."""
        for term in re.split(r"\s+", words):
            runs = re.findall(f"[{fulltext.CJK}]+|[a-z0-9]+", term)
            pattern = "[^a-z0-9\u4e00-\u9fff]*".join(runs)
            if re.match("[a-z0-9]", term):
                pattern = "(?<![a-z0-9])" + pattern
            if not re.search(pattern, text):
                return False
        return True

    def test_two_characters_are_looked_up_not_scanned(self):
        document = self._create_document("Big")
        draft = self._create_draft(document, text="<p>唯一词</p>")
        self.env.flush_all()
        copies = """
            INSERT INTO {table}
            SELECT (jsonb_populate_record(source, jsonb_build_object('id', nextval('{table}_id_seq'), {other}))).*
              FROM {table} source, {rows} WHERE source.id = %s
        """
        self.env.cr.execute(
            copies.format(table="sqms_document", other="'number', 'BULK' || n", rows="generate_series(1, 3000) n"),
            [document.id],
        )
        self.env.cr.execute(
            copies.format(table="sqms_document_version", other="'document_id', d.id", rows="sqms_document d")
            + " AND d.number LIKE 'BULK%%'",
            [draft.id],
        )
        self.env.cr.execute(
            """
            INSERT INTO sqms_document_text (document_id, version_id, words, grams)
            SELECT d.id, v.id, repeat('客户 服务 ' || d.id || ' ', 40),
                   array_to_tsvector(ARRAY['客户', '服务', d.id::text])
              FROM sqms_document d
              JOIN (SELECT document_id, id FROM sqms_document_version UNION ALL SELECT id, NULL FROM sqms_document) v
                ON v.document_id = d.id
             WHERE d.number LIKE 'BULK%%'
            """
        )
        self.env.cr.execute("ANALYZE sqms_document_text, sqms_document, sqms_document_version")
        for model, expected in (("sqms.document", document), ("sqms.document.version", draft)):
            for words in ("唯一", "一词", "一", "唯一词"):
                query = self.env[model].with_user(self.officer)._search([("fulltext", "ilike", words)])
                plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
                plan = "\n".join(line for (line,) in plan)
                self.assertIn("sqms_document_text__grams_index", plan)
                self.assertNotIn("Seq Scan on sqms_document_text", plan)
                self.assertEqual(self._search(words, model=model), expected)

    def test_twice_the_editions_cost_the_same_number_of_queries(self):
        def cost(count):
            documents = [self._create_document(f"D{n}") for n in range(count)]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["sqms.document.text"]._refresh_documents(self.documents.concat(*documents))
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(10), cost(20))
