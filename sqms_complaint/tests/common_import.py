import base64
import csv
import io

from .common import ComplaintCase

PROFILE = {
    "name": "Old register",
    "source": "register",
    "date_format": "dmy",
    "tz": "Asia/Shanghai",
    "line_ids": [
        (0, 0, {"column": "Date", "target": "received_at"}),
        (0, 0, {"column": "Kind", "target": "category_1"}),
        (0, 0, {"column": "Text", "target": "description"}),
        (0, 0, {"column": "Channel", "target": "channel"}),
        (0, 0, {"column": "Customer", "target": "customer_name"}),
    ],
}
HEADER = ("Date", "Kind", "Text", "Channel", "Customer", "Shop")
GOOD = ("03/02/2024", "Billing", "Charged twice", "Phone", "Wang Li", "Qinghe East")


class ImportCase(ComplaintCase):
    """A profile, and short ways to make files and to import them as an officer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls._create_profile()

    @classmethod
    def _create_profile(cls, **values):
        return cls.env["sqms.import.profile"].with_user(cls.officer).create({**PROFILE, **values})

    @staticmethod
    def _csv(*rows, header=HEADER, encoding="utf-8", separator=","):
        text = io.StringIO()
        csv.writer(text, delimiter=separator).writerows([header, *rows])
        return text.getvalue().encode(encoding)

    @staticmethod
    def _xlsx(*rows, header=HEADER):
        from openpyxl import Workbook

        workbook = Workbook()
        for row in (header, *rows):
            workbook.active.append(row)
        data = io.BytesIO()
        workbook.save(data)
        return data.getvalue()

    def _create_run(self, data, user=None, **values):
        return (
            self.env["sqms.import.run"]
            .with_user(user or self.officer)
            .create(
                {
                    "file": base64.b64encode(data),
                    "file_name": "old.csv",
                    "profile_id": self.profile.id,
                    **values,
                }
            )
        )

    def _check(self, data, **values):
        run = self._create_run(data, **values)
        run.action_transition("check")
        return run

    def _import(self, data, **values):
        run = self._check(data, **values)
        self.assertEqual(run.state, "checked", run.refusal)
        run.action_transition("start")
        self._assert_nothing_lost(run)
        return run

    def _refusal(self, data, **values):
        """The sentence with which a file is refused; nothing else happens to it."""
        run = self._check(data, **values)
        self.assertEqual(run.state, "draft")
        self.assertTrue(run.refusal)
        self.assertFalse(run.error_ids)
        return run.refusal

    def _complaints(self, runs):
        return self.env["helpdesk.ticket"].search([("complaint_import_run_id", "in", runs.ids)], order="id")

    def _assert_nothing_lost(self, run):
        """Rows = created + known + refused, in the counts and in the records behind them."""
        self.assertEqual(run.done_count, run.created_count + run.skipped_count + run.refused_count)
        if run.state == "done":
            self.assertEqual(run.done_count, run.row_count)
        complaints = self.env["helpdesk.ticket"].with_context(active_test=False)
        self.assertEqual(complaints.search_count([("complaint_import_run_id", "=", run.id)]), run.created_count)
        self.assertEqual(run.error_count, run.refused_count)
