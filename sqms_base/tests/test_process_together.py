from threading import Thread

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "sqms_alone")
class TestTwoDrawAtOnce(TransactionCase):
    """Two requests at the same time: cursors of their own, really committed, cleaned away afterwards."""

    def setUp(self):
        super().setUp()
        # The test runner holds the lock on the registries, for which the second request would wait for ever.
        self.patch(Registry, "_lock", DummyRLock())
        with self.registry.cursor() as cr:
            env = self._environment(cr)
            processes = env["sqms.process"].create([{"code": f"ZZ{n}", "name": f"Together {n}"} for n in range(4)])
            people = env["hr.employee"].create([{"name": "One"}, {"name": "Two"}])
            self.processes, self.people = processes.ids, people.ids
            env["sqms.process.flow"].create(
                [
                    {"source_id": self.processes[0], "target_id": self.processes[1], "name": "x"},
                    {"source_id": self.processes[2], "target_id": self.processes[3], "name": "x"},
                ]
            )
        self.addCleanup(self._clean_up)

    def _environment(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM sqms_process_flow WHERE source_id = ANY(%s)", [self.processes])
            cr.execute("DELETE FROM sqms_responsibility WHERE process_id = ANY(%s)", [self.processes])
            cr.execute("DELETE FROM sqms_process WHERE id = ANY(%s)", [self.processes])
            self._environment(cr)["hr.employee"].browse(self.people).unlink()

    def _second(self, step, outcome):
        with self.registry.cursor() as cr:
            env = self._environment(cr)
            # The snapshot is taken before the first has ended.
            env["sqms.process"].browse(self.processes).mapped("name")
            self.started = True
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

    def test_two_never_close_a_circle_together(self):
        def link(source, target):
            return lambda env: env["sqms.process.flow"].create(
                {"source_id": self.processes[source], "target_id": self.processes[target], "name": "x"}
            )

        answer = self._together(link(1, 2), link(3, 0))
        self.assertIn("Together 0 → Together 1 → Together 2 → Together 3 → Together 0", answer)

    def test_two_never_make_two_accountable(self):
        def hold(person):
            return lambda env: env["sqms.responsibility"].create(
                {
                    "process_id": self.processes[0], "role": "accountable", "employee_id": self.people[person],
                    "date_from": "2026-01-01",
                }
            )  # fmt: skip

        self.assertIn("exactly one is accountable", self._together(hold(0), hold(1)))

    def test_two_never_make_each_other_their_part(self):
        def belong(child, parent):
            return lambda env: (
                env["sqms.process"].browse(self.processes[child]).write({"parent_id": self.processes[parent]})
            )

        self.assertIn("not part of itself", self._together(belong(0, 1), belong(1, 0)))
