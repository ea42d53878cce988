import csv
import io
import statistics
import time

from odoo.tests import tagged

from odoo.addons.sqms_base.lib.workflow_pass import workflow_import

from ..models import sqms_import_run
from ..models.sqms_import_loader import Loader
from .common_import import GOOD, HEADER, ImportCase

ROWS = 100_000
BAD_EVERY = 100


@tagged("post_install", "-at_install", "sqms_alone")
class TestImportVolume(ImportCase):
    def _large_file(self):
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(HEADER)
        for number in range(ROWS):
            day = "31/02/2024" if number % BAD_EVERY == 7 else f"{number % 28 + 1:02d}/{number % 12 + 1:02d}/2024"
            writer.writerow((day, "Billing", f"Case {number}", "Phone", "Wang Li", "Qinghe East"))
        return text.getvalue().encode()

    def test_a_hundred_thousand_rows_with_one_percent_bad(self):
        self.patch(sqms_import_run, "CHECK_AT_ONCE", {"csv": 10**9})
        run = self._check(self._large_file())
        bad = ROWS // BAD_EVERY
        self.assertEqual(
            (run.state, run.row_count, run.good_count, run.bad_count), ("checked", ROWS, ROWS - bad, bad), run.refusal
        )
        self.assertEqual(run.error_count, bad)
        self.assertEqual(run.error_ids[:2].mapped("line"), [9, 109])
        self.assertTrue(all("“31/02/2024” does not exist" in error.sentence for error in run.error_ids))
        # The import of so many rows takes minutes: the first batches, then somebody stops it.
        run.action_transition("start")
        self.assertEqual(run.error_count, 0)
        left = iter((1, 1, 0))
        run._work_import(commit=lambda count: next(left))
        self.assertEqual((run.state, run.done_count, run.created_count, run.refused_count), ("running", 3000, 2970, 30))
        self._assert_nothing_lost(run)
        run._work_import(commit=lambda count: 0)
        self.assertEqual((run.done_count, run.created_count, run.refused_count), (4000, 3960, 40))
        self._assert_nothing_lost(run)
        run.action_transition("stop")
        self.assertEqual(run.row_count - run.done_count, ROWS - 4000)


@tagged("post_install", "-at_install", "sqms_alone")
class TestImportSpeed(ImportCase):
    def _mapped(self, count, start):
        rows = [
            (GOOD[0], "Billing", f"Case {number}", "Phone", "Wang Li", "") for number in range(start, start + count)
        ]
        run = self._check(self._csv(*rows))
        with run._open_file() as stream:
            table, plan = run._open_table(stream)
            loader = Loader(run)
            return run, loader, list(run._mapped_rows(table, plan, loader))

    def _batch_seconds(self, count, start):
        run, loader, rows = self._mapped(count, start)
        self.env.invalidate_all()
        begin = time.perf_counter()
        run._import_batch(loader, rows)
        self.env.flush_all()
        return (time.perf_counter() - begin) / count

    def _single_seconds(self, count, start):
        """The same complaints as a person makes them: one after another, with followers, mail and tracking."""
        _run, loader, rows = self._mapped(count, start)
        Ticket = self.env["helpdesk.ticket"].with_user(self.officer)
        values = [
            {name: value for name, value in loader._prepare_values(mapped, key).items() if "import" not in name}
            for mapped, key in rows
        ]
        self.env.invalidate_all()
        begin = time.perf_counter()
        for vals in values:
            ticket = Ticket.create({**vals, "partner_id": self.customer.id, "team_id": self.team.id})
            with workflow_import(ticket, "One by one."):
                ticket.write({"complaint_state": "closed"})
            self.env.cr.flush()
            self.env.invalidate_all()
        return (time.perf_counter() - begin) / count

    def test_batches_are_at_least_eight_times_faster(self):
        self.profile.write({"company_id": self.company.id, "default_state": "closed", "team_id": self.team.id})
        self.team.message_subscribe(self.agent.partner_id.ids)
        self._single_seconds(3, 90_000)
        self._batch_seconds(10, 91_000)
        ratios = []
        for turn in range(3):
            single = self._single_seconds(15, 1_000 * turn)
            batch = self._batch_seconds(400, 10_000 * (turn + 1))
            ratios.append(single / batch)
        self.assertGreaterEqual(statistics.median(ratios), 8, f"ratios: {ratios}")

    def test_twice_the_rows_same_queries(self):
        def queries(count, start):
            run, loader, rows = self._mapped(count, start)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            run._import_batch(loader, rows)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(5, 50_000)
        small, large = queries(100, 0), queries(200, 1_000)
        # INSERT and UPDATE go in chunks of a hundred rows.
        self.assertLessEqual(large - small, 16)
