import csv
import io
import os
from collections import Counter
from datetime import datetime
from pathlib import Path

from odoo.tests import tagged

from ..models import sqms_import_run
from .common_import import ImportCase

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(os.environ.get("SQMS_DATA") or ROOT.parent / "shared" / "data") / "cfpb_complaints.csv"
LEVELS = ("Product", "Sub-product", "Issue", "Sub-issue")
OUTCOMES = {
    "Closed with explanation": "explanation",
    "Closed with monetary relief": "monetary",
    "Closed with non-monetary relief": "non_monetary",
    "Closed": "none",
    "Untimely response": "none",
    "In progress": False,
}


@tagged("post_install", "-at_install", "sqms_alone")
class TestImportCfpb(ImportCase):
    """3,186 real complaints come in whole: every count of the file is found again in the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not FILE.exists():
            cls.skipTest(cls, f"{FILE.name} is not beside this repository")
        cls.data = FILE.read_bytes()
        cls.rows = list(csv.DictReader(io.StringIO(cls.data.decode("utf-8-sig"))))
        cls.patch_setup()
        cls.imported = cls._create_run(
            cls, cls.data, profile_id=cls.env.ref("sqms_complaint.sqms_import_profile_cfpb").id
        )
        cls.imported.action_transition("check")
        cls.checked = (cls.imported.state, cls.imported.row_count, cls.imported.good_count, cls.imported.bad_count)
        cls.imported.action_transition("start")
        cls.complaints = cls.env["helpdesk.ticket"].search([("complaint_import_run_id", "=", cls.imported.id)])

    @classmethod
    def patch_setup(cls):
        # All in this transaction: the test does not commit.
        cls.classPatch(sqms_import_run, "IMPORT_AT_ONCE", 1_000_000)

    def _path(self, category):
        names = []
        while category:
            names.insert(0, category.name)
            category = category.parent_id
        return tuple(names)

    def test_whole_file_comes_in(self):
        self.assertEqual(self.checked, ("checked", len(self.rows), len(self.rows), 0))
        self.assertEqual((self.imported.state, self.imported.created_count), ("done", len(self.rows)))
        self._assert_nothing_lost(self.imported)
        self.assertEqual(len(set(self.complaints.mapped("number"))), len(self.rows))

    def test_month_by_category_as_in_the_file_for_readers_everywhere(self):
        expected = Counter(
            (
                datetime.strptime(row["Date received"], "%m/%d/%Y").strftime("%Y-%m"),
                tuple(row[level] for level in LEVELS if row[level]),
            )
            for row in self.rows
        )
        for zone in ("UTC", "America/Los_Angeles", "Asia/Shanghai"):
            groups = (
                self.env["helpdesk.ticket"]
                .with_context(tz=zone)
                ._read_group(
                    [("complaint_import_run_id", "=", self.imported.id)],
                    ["complaint_received_at:month", "complaint_category_id"],
                    ["__count"],
                )
            )
            found = {(month.strftime("%Y-%m"), self._path(category)): count for month, category, count in groups}
            with self.subTest(zone=zone):
                self.assertEqual(found, dict(expected))

    def test_channels_states_and_outcomes_as_in_the_file(self):
        response = "Company response to consumer"
        self.assertEqual(
            Counter(ticket.channel_id.name for ticket in self.complaints),
            Counter(row["Submitted via"] for row in self.rows),
        )
        self.assertEqual(
            Counter((ticket.complaint_state, ticket.complaint_outcome) for ticket in self.complaints),
            Counter(
                ("investigating" if row[response] == "In progress" else "closed", OUTCOMES[row[response]])
                for row in self.rows
            ),
        )
        for ticket in self.complaints:
            self.assertEqual(ticket.stage_id.closed, ticket.complaint_state == "closed")
        self.assertFalse(any(self.complaints.mapped("closed_date")), "The file does not say when they were closed.")

    def test_every_row_can_be_told_again_from_its_complaint(self):
        def told(ticket):
            row = dict.fromkeys(self.rows[0], "")
            row["Date received"] = ticket.complaint_received_at.date()
            row["Submitted via"] = ticket.channel_id.name
            row.update(zip(LEVELS, self._path(ticket.complaint_category_id), strict=False))
            kept = ticket.complaint_import_data
            if any(level in kept for level in LEVELS):
                row.update(dict.fromkeys(LEVELS, ""))
            row.update(kept)
            return tuple(row.values())

        expected = Counter(
            tuple({**row, "Date received": datetime.strptime(row["Date received"], "%m/%d/%Y").date()}.values())
            for row in self.rows
        )
        self.assertEqual(Counter(map(told, self.complaints)), expected)

    def test_again_it_brings_nothing_and_longer_it_brings_the_rest(self):
        again = self._check(self.data, profile_id=self.imported.profile_id.id)
        self.assertEqual((again.good_count, again.known_count), (0, len(self.rows)))
        longer = self.data.rstrip(b"\r\n") + b"\r\n" + self.data.rstrip(b"\r\n").rsplit(b"\n", 1)[1] + b"\r\n"
        more = self._import(longer, profile_id=self.imported.profile_id.id)
        self.assertEqual((more.created_count, more.skipped_count), (1, len(self.rows)))
