import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..lib.workflow_pass import workflow_import
from .workflow_case import WorkflowCase


class DatabaseMixin:
    def _refused(self, query, parameters):
        with self.assertRaises(psycopg2.errors.InsufficientPrivilege), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute(query, parameters)
            self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def _commits(self):
        """What the end of the transaction would look at, looked at now."""
        self.env.flush_all()
        self.cr.flush()
        self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.cr.execute("SET CONSTRAINTS ALL DEFERRED")


@tagged("post_install", "-at_install", "sqms_alone")
class TestStateInTheDatabase(DatabaseMixin, WorkflowCase):
    """No state changes without its entry in the ledger: whoever types SQL is refused."""

    def test_steps_and_imports_leave_their_entry(self):
        order = self._create_order("approved")
        self._commits()
        order.with_user(self.manager).action_transition("close")
        other = self._create_order()
        with workflow_import(other, "Taken over"):
            other.write({"state": "approved", "approved_by": "Li Wei, 2019"})
        self._commits()

    def test_update(self):
        order = self._create_order()
        self._commits()
        self._refused("UPDATE sqms_fake_order SET state = 'approved' WHERE id = %s", [order.id])
        self.cr.execute("UPDATE sqms_fake_order SET state = 'draft', amount = 3 WHERE id = %s", [order.id])
        self._commits()

    def test_update_with_a_setting_that_pretends(self):
        order = self._create_order()
        self._commits()
        self.cr.execute("SELECT set_config('sqms.workflow_pass', 'on', true), set_config('sqms.pass', '1', true)")
        self._refused("UPDATE sqms_fake_order SET state = 'approved' WHERE id = %s", [order.id])

    def test_insert(self):
        self._refused("INSERT INTO sqms_fake_order (name, state) VALUES ('{}', 'closed')", [])
        self.cr.execute("INSERT INTO sqms_fake_order (name, state) VALUES ('{}', 'draft')")
        self._commits()

    def test_entry_of_another_state_or_record_does_not_serve(self):
        order, other = self._create_order(), self._create_order()
        order.action_transition("submit")
        self._commits()
        self._refused("UPDATE sqms_fake_order SET state = 'approved' WHERE id = %s", [order.id])
        self._refused("UPDATE sqms_fake_order SET state = 'review' WHERE id = %s", [other.id])

    def test_server_action_with_sql(self):
        order = self._create_order()
        self._commits()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Bend it",
                "model_id": self.model_id,
                "state": "code",
                "code": "env.cr.execute(\"UPDATE sqms_fake_order SET state = 'approved'\")",
            }
        )
        with self.assertRaises(psycopg2.errors.InsufficientPrivilege), mute_logger("odoo.sql_db"), self.cr.savepoint():
            action.with_context(active_model="sqms.fake.order", active_id=order.id).run()
            self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_forged_entry_is_no_link_of_the_chain(self):
        order = self._create_order()
        self._commits()
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute(
                """INSERT INTO sqms_ledger_entry (res_model, res_id, seq, date, event, state, text, prev_hash, hash)
                   VALUES ('sqms.fake.order', %s, 2, now() AT TIME ZONE 'UTC', 'transition', 'approved', '{}', '', '')
                """,
                [order.id],
            )

    def test_every_workflow_has_its_triggers(self):
        self.cr.execute("SELECT tgrelid::regclass::text, count(*) FROM pg_trigger"
                        " WHERE tgname LIKE 'sqms_state_%' AND tgenabled <> 'D' GROUP BY 1")  # fmt: skip
        counts = dict(self.cr.fetchall())
        for model in self.env.registry.values():
            if hasattr(model, "_workflow_initial") and not model._abstract:
                self.assertEqual(counts.get(model._table), 2, model._name)


@tagged("post_install", "-at_install", "sqms_alone")
class TestStateAtTheCommit(TransactionCase):
    """The real commit: an entry of an earlier transaction does not serve for a later change."""

    def test_entry_of_an_earlier_transaction_does_not_serve(self):
        with self._cursor() as env:
            document = env["sqms.document"].create({"name": "At the commit", "document_type": "procedure"})
            version = env["sqms.document.version"].create({"document_id": document.id, "content": "<p>Words</p>"})
        self.addCleanup(self._clean_up, document.id)
        for state in ("review", "draft"):
            with self._cursor() as env:
                own = env[version._name].browse(version.id)
                with workflow_import(own, "There and back"):
                    own.state = state
        with (
            self.assertRaises(psycopg2.errors.InsufficientPrivilege),
            mute_logger("odoo.sql_db"),
            self.registry.cursor() as cr,
        ):
            cr.execute("UPDATE sqms_document_version SET state = 'review' WHERE id = %s", [version.id])
        with self._cursor() as env:
            self.assertEqual(env[version._name].browse(version.id).state, "draft")

    def _cursor(self):
        return _Environment(self.registry)

    def _clean_up(self, document_id):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM sqms_document_version WHERE document_id = %s", [document_id])
            cr.execute("DELETE FROM sqms_document WHERE id = %s", [document_id])


class _Environment:
    """An environment on a cursor of its own that commits at the end of the block."""

    def __init__(self, registry):
        self.cursor = registry.cursor()

    def __enter__(self):
        return api.Environment(self.cursor.__enter__(), SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})

    def __exit__(self, *failure):
        return self.cursor.__exit__(*failure)
