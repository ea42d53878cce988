from threading import Thread

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "sqms_alone")
class TestTwoFinishAtOnce(TransactionCase):
    """Two requests at the same time: cursors of their own, really committed, cleaned away afterwards."""

    def setUp(self):
        super().setUp()
        # The test runner holds the lock on the registries, for which the second request would wait for ever.
        self.patch(Registry, "_lock", DummyRLock())
        with self.registry.cursor() as cr:
            env = self._environment(cr)
            plan = env["sqms.control.plan"].create(
                {
                    "name": "Together",
                    "point_ids": [
                        Command.create({"name": "Smell?", "good_answer": "no", "is_stop": True, "frequency": "days"})
                    ],
                }
            )
            plan._take_over("do", {})
            plan._on_approve()
            record = env["sqms.control.record"]._start(plan, everything=True)
            self.plan, self.record, self.row = plan.id, record.id, record.result_ids.id
        self.addCleanup(self._clean_up)

    def _environment(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._environment(cr)
            found = env["sqms.nonconformity"].search([("res_model", "=", "sqms.control.record")])
            found = found.filtered(
                lambda nc: env["sqms.control.record"].browse(nc.res_id).exists().plan_id.id == self.plan
            )
            cr.execute("UPDATE sqms_control_record SET nonconformity_id = NULL WHERE plan_id = %s", [self.plan])
            cr.execute("DELETE FROM sqms_control_result WHERE plan_id = %s", [self.plan])
            cr.execute("DELETE FROM sqms_control_record WHERE plan_id = %s", [self.plan])
            cr.execute("DELETE FROM sqms_control_point WHERE plan_id = %s", [self.plan])
            cr.execute("DELETE FROM sqms_control_plan WHERE id = %s", [self.plan])
            cr.execute("DELETE FROM sqms_nonconformity WHERE id = ANY(%s)", [found.ids])

    def _second(self, step, outcome):
        with self.registry.cursor() as cr:
            env = self._environment(cr)
            # The snapshot is taken before the first has ended.
            env["sqms.control.record"].browse(self.record).mapped("state")
            try:
                retrying(lambda: step(env), env)
                outcome.append("done")
            except UserError as refusal:
                cr.rollback()
                outcome.append(str(refusal))

    def _together(self, first, second):
        outcome = []
        with self.registry.cursor() as cr:
            first(self._environment(cr))
            thread = Thread(target=self._second, args=(second, outcome))
            thread.dbname = self.cr.dbname
            thread.start()
            thread.join(0.7)
            self.assertFalse(outcome, "it waits")
        thread.join(30)
        self.assertEqual(len(outcome), 1)
        return outcome[0]

    def _made(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM sqms_nonconformity WHERE res_model = 'sqms.control.record' AND res_id = %s",
                [self.record],
            )
            return cr.fetchone()[0]

    def test_one_nonconformity_whoever_finishes(self):
        def stop(env):
            env["sqms.control.record"].browse(self.record).answer(self.row, {"value": "yes"})

        def finish(env):
            env["sqms.control.record"].browse(self.record).action_finish()

        self.assertEqual(self._together(stop, stop), "done")
        self.assertEqual(self._made(), 1)
        self.assertIn("nothing can be changed", self._together(finish, finish))
        self.assertEqual(self._made(), 1)

    def test_one_check_whoever_runs_the_job(self):
        def run(env):
            checks = env["sqms.control.record"]
            checks._open_due(checks._due_points(100).filtered(lambda point: point.plan_id.id == self.plan))

        outcome = []
        with self.registry.cursor() as cr:
            run(self._environment(cr))
            thread = Thread(target=self._second, args=(run, outcome))
            thread.dbname = self.cr.dbname
            thread.start()
            thread.join(10)
            self.assertEqual(outcome, ["done"], "it does not wait, it passes over what another run has in hand")
        with self.registry.cursor() as cr:
            run(self._environment(cr))
            cr.execute(
                "SELECT count(*) FROM sqms_control_record WHERE plan_id = %s AND is_scheduled IS TRUE", [self.plan]
            )
            self.assertEqual(cr.fetchone()[0], 1)
