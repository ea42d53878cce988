from lxml import etree

from odoo.tests import tagged
from odoo.tools import SQL

from .common import DocumentCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestDocumentSpeed(DocumentCase):
    """Twice the editions, the same number of queries; and what decides is looked up in an index."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.edition = cls._approve(cls._create_draft(text="<p>客户 投诉</p>"))
        cls.env.flush_all()

    def _copy(self, count):
        """Copies of document, edition and words in the database itself."""
        self.env.flush_all()
        document = self.edition.document_id
        self.env.cr.execute("SELECT max(id) FROM sqms_document")
        (last,) = self.env.cr.fetchone()
        self._insert(
            "sqms_document", "'number', 'B' || lpad((%s + n)::text, 7, '0')", "generate_series(1, %s) n",
            [last, count, document.id],
        )  # fmt: skip
        self._insert(
            "sqms_document_version", "'document_id', d.id", "sqms_document d",
            [self.edition.id, last], "d.id > %s AND d.number LIKE 'B%%'",
        )  # fmt: skip
        self.env.cr.execute("SELECT id FROM sqms_acknowledgement WHERE version_id = %s", [self.edition.id])
        for (reading,) in self.env.cr.fetchall():
            self._insert(
                "sqms_acknowledgement", "'document_id', v.document_id, 'version_id', v.id", "sqms_document_version v",
                [reading, last], "v.document_id > %s",
            )  # fmt: skip
        self.env.cr.execute("ANALYZE sqms_document, sqms_document_version, sqms_acknowledgement")
        self.env.invalidate_all()

    def _insert(self, table, other, rows, params, where="TRUE"):
        self.env.cr.execute(
            f"""
            INSERT INTO {table}
            SELECT (jsonb_populate_record(source, jsonb_build_object('id', nextval('{table}_id_seq'), {other}))).*
              FROM {table} source, {rows} WHERE source.id = %s AND {where}
            """,
            params,
        )

    def _costs(self):
        """Queries of list, search and form, for an officer and for a plain employee."""
        costs = {}
        for user in (self.officer, self.plain):
            for model, record in (("sqms.document", self.edition.document_id), ("sqms.document.version", self.edition)):
                me = self.env[model].with_user(user)
                views = me.get_views([(False, "list"), (False, "form")])["views"]
                lines, form = (self._specification(me, views[kind]["arch"]) for kind in ("list", "form"))
                for name, work in {
                    "list": lambda me=me, lines=lines: me.web_search_read([], lines, limit=20, count_limit=10001),
                    "search": lambda me=me, lines=lines: me.web_search_read(
                        [("fulltext", "ilike", "投诉")], lines, limit=20, count_limit=10001
                    ),
                    "form": lambda me=me, form=form, record=record: me.browse(record.id).web_read(form),
                }.items():
                    work()  # rules and views are in the cache
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    work()
                    costs[user.login, model, name] = self.env.cr.sql_log_count - before
        return costs

    def _specification(self, model, arch):
        found = {}
        for node in etree.fromstring(arch).iter("field"):
            if any(parent.tag == "field" for parent in node.iterancestors()):
                continue
            field = model._fields[node.get("name")]
            relational = field.type in ("many2one", "one2many", "many2many")
            found[field.name] = {"fields": {"display_name": {}}, "limit": 40} if relational else {}
            if field.type == "many2one":
                found[field.name].pop("limit")
        return found

    def test_twice_the_editions_cost_the_same_number_of_queries(self):
        self._copy(40)
        first = self._costs()
        self._copy(41)
        self.assertEqual(self._costs(), first)
        self.assertEqual(self.env["sqms.document"].with_user(self.plain).search_count([("number", "like", "B0")]), 81)

    def test_the_page_of_a_list_comes_from_an_index(self):
        self._copy(4000)
        for user in (self.officer, self.plain):
            documents = self.env["sqms.document"].with_user(user)
            self.assertNotIn(
                "Seq Scan on sqms_document ", self._plan(documents._search([], order=documents._order, limit=20))
            )
            versions = self.env["sqms.document.version"].with_user(user)
            self.assertNotIn(
                "Seq Scan on sqms_document_version ", self._plan(versions._search([], order=versions._order, limit=20))
            )
        # The readings of an edition by department: not those of all editions.
        coverage = self.env["sqms.document.coverage"].with_user(self.officer)
        plan = self._plan(coverage._search([("version_id", "=", self.edition.id)]))
        self.assertNotIn("Seq Scan on sqms_acknowledgement", plan)

    def test_coverage_of_a_form_is_asked_by_edition(self):
        asked = []
        execute = type(self.env.cr).execute

        def listen(cursor, query, *args, **kwargs):
            result = execute(cursor, query, *args, **kwargs)
            asked.append(cursor._obj.query.decode())
            return result

        self.env.invalidate_all()
        self.patch(type(self.env.cr), "execute", listen)
        self.assertTrue(self.edition.with_user(self.officer).coverage_rows)
        coverage = [query for query in asked if "sqms_document_coverage" in query]
        self.assertTrue(coverage)
        for query in coverage:
            self.assertNotIn('"sqms_document_coverage"."id" IN', query)

    def _plan(self, query):
        return "\n".join(line for (line,) in self.env.execute_query(SQL("EXPLAIN %s", query.select())))
