from odoo.tests import tagged

from .common_import import ImportCase

COLUMNS = [
    ("Date", "received_at", {}),
    ("Kind", "category_1", {}),
    ("State", "state", {"closed": "closed"}),
    ("Bad", "severity", {"high": "major", "low": "minor"}),
    ("Many", "impact", {"1": "single", "9": "several"}),
    ("Level", "level", {"appeal": "2", "desk": "1"}),
    ("Why", "reason", {}),
    ("Cause", "root_cause", {}),
    ("End", "close_reason", {"ok": "accepted"}),
    ("Order", "order_ref", {}),
    ("Shop", "site", {}),
    ("Claim", "amount", {}),
    ("Lost", "loss_amount", {}),
    ("Office", "regulator_ref", {}),
]
ROW = (
    "03/02/2024", "Billing", "closed", "high", "9", "appeal", "<b>Paid twice</b>", "Terminal", "ok", "S1", "East",
    "1,286.50", "86", "12315-1",
)  # fmt: skip


@tagged("post_install", "-at_install", "sqms_alone")
class TestImportPath(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls._create_profile(
            line_ids=[
                (0, 0, {
                    "column": column, "target": target,
                    "value_ids": [(0, 0, {"source": source, "target": word}) for source, word in values.items()],
                })
                for column, target, values in COLUMNS
            ]
        )  # fmt: skip

    def _file(self, *rows):
        return self._csv(*rows, header=tuple(column for column, _target, _values in COLUMNS))

    def test_what_was_weighed_and_found_out_arrives(self):
        complaint = self._complaints(self._import(self._file(ROW)))
        self.assertRecordValues(
            complaint,
            [
                {
                    "complaint_state": "closed",
                    "complaint_severity": "major",
                    "complaint_impact": "several",
                    "complaint_level": "2",
                    "complaint_root_cause": "Terminal",
                    "complaint_close_reason": "accepted",
                    "complaint_order_ref": "S1",
                    "complaint_site": "East",
                    "complaint_amount": 1286.5,
                    "complaint_loss_amount": 86,
                    "complaint_regulator_ref": "12315-1",
                    "complaint_received_by_id": False,
                    "user_id": False,
                }
            ],
        )
        self.assertIn("&lt;b&gt;Paid twice", complaint.complaint_reason)
        self.assertFalse(complaint.activity_ids)

    def test_what_is_no_amount_is_an_error_of_its_line(self):
        bad = (*ROW[:11], "1,5", *ROW[12:])
        run = self._check(self._file(ROW, bad))
        self.assertIn("1,5", "".join(run.error_ids.mapped("sentence")))
