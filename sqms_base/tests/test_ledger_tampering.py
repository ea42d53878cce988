from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..lib import hash_chain
from .ledger_common import WHERE, ProofCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestLedgerTampering(ProofCase):
    def test_untouched(self):
        report, said = self._verify()
        self.assertEqual(report.troubles, 0, said)
        self.assertEqual(said[-1], "Everything that can be checked is in order.")
        self.assertGreaterEqual(report.entries, 18)
        self.assertEqual(self.entries._check_ledger(), [])

    def test_edited(self):
        self._tamper((f"UPDATE sqms_ledger_entry SET text = replace(text, '3', '8') {WHERE}", self.second.id, 4))
        self._assert_named("EDITED", self.second, 4)

    def test_edited_and_hashed_anew(self):
        text = self._history(self.second)[3][1]
        text["new"]["amount"] = 99
        text = hash_chain.canonical(text)
        entry = self._history(self.second)[3][0]
        hash_ = hash_chain.link(entry.prev_hash, text)
        self._tamper((f"UPDATE sqms_ledger_entry SET text = %s, hash = %s {WHERE}", text, hash_, self.second.id, 4))
        self._assert_named("EDITED", self.second, 4)
        self._rewrite_from(self.second, 4)
        report, said = self._verify([])
        self.assertEqual(report.troubles, 0, "without an anchor it cannot be seen")
        self.assertIn("Note: without an anchor", said[-2])
        self._assert_named("REWRITTEN", self.second, 1)

    def test_rewritten_is_narrowed_down_by_the_anchor_before(self):
        self.second.amount = 918273645
        self.cr.flush()
        self.anchors.append(self._take_anchor())
        entry = self._history(self.second)[-1][0]
        text = entry.text.replace("918273645", "918273646")
        self._tamper(
            (
                f"UPDATE sqms_ledger_entry SET text = %s, hash = %s {WHERE}",
                text, hash_chain.link(entry.prev_hash, text), self.second.id, entry.seq,
            )
        )  # fmt: skip
        self._assert_named("REWRITTEN", self.second, 7)

    def test_column_edited(self):
        for column, value in (
            ("user_id", 1), ("date", "2020-01-01"), ("event", "create"), ("company_id", None), ("state", "closed"),
            ("as_superuser", True), ("names", "name"),
        ):  # fmt: skip
            with self.subTest(column), self.cr.savepoint() as savepoint:
                self._tamper((f"UPDATE sqms_ledger_entry SET {column} = %s {WHERE}", value, self.first.id, 3))
                self._assert_named("EDITED", self.first, 3)
                savepoint.rollback()

    def test_removed(self):
        self._tamper((f"DELETE FROM sqms_ledger_entry {WHERE}", self.second.id, 3))
        self._assert_named("REMOVED", self.second, 3)

    def test_removed_and_moved_up(self):
        self._tamper(
            (f"DELETE FROM sqms_ledger_entry {WHERE}", self.second.id, 3),
            (f"UPDATE sqms_ledger_entry SET seq = seq - 1 {WHERE.replace('seq =', 'seq >')}", self.second.id, 3),
        )
        self._assert_named("REORDERED", self.second, 3)

    def test_first_removed(self):
        self._tamper((f"DELETE FROM sqms_ledger_entry {WHERE}", self.second.id, 1))
        self._assert_named("REMOVED", self.second, 1)

    def test_reordered(self):
        self._tamper(
            (f"UPDATE sqms_ledger_entry SET seq = 1000 {WHERE}", self.second.id, 3),
            (f"UPDATE sqms_ledger_entry SET seq = 3 {WHERE}", self.second.id, 4),
            (f"UPDATE sqms_ledger_entry SET seq = 4 {WHERE}", self.second.id, 1000),
        )
        self._assert_named("REORDERED", self.second, 3)

    def test_moved_to_another_record(self):
        self._tamper(
            (f"UPDATE sqms_ledger_entry SET res_id = -1 {WHERE}", self.second.id, 3),
            (f"UPDATE sqms_ledger_entry SET res_id = %s {WHERE}", self.second.id, self.first.id, 3),
            (f"UPDATE sqms_ledger_entry SET res_id = %s {WHERE}", self.first.id, -1, 3),
        )
        report, said = self._verify()
        self.assertEqual(report.troubles, 2, said)
        for case, words in zip((self.first, self.second), said[:2], strict=True):
            self.assertTrue(words.startswith(f"REORDERED: {case._name},{case.id} position 3:"), said)

    def test_cut_off(self):
        self._tamper((f"DELETE FROM sqms_ledger_entry {WHERE.replace('seq =', 'seq >')}", self.second.id, 4))
        self._assert_named("CUT OFF", self.second, 5)
        report, said = self._verify([])
        self.assertEqual(report.troubles, 0, "without an anchor it cannot be seen")

    def test_cut_off_after_the_last_anchor_cannot_be_seen_and_the_verifier_says_so(self):
        self.second.amount = 77
        self.cr.flush()
        _report, said = self._verify()
        self.assertIn("are younger than the anchors given", said[-2])
        self._tamper((f"DELETE FROM sqms_ledger_entry {WHERE}", self.second.id, 7))
        report, said = self._verify()
        self.assertEqual(report.troubles, 0, said)

    def test_vanished_chain(self):
        self._tamper((f"DELETE FROM sqms_ledger_entry {WHERE.replace('seq =', 'seq >')}", self.second.id, 0))
        self._assert_named("VANISHED", self.second, 1)

    def test_trouble_in_one_chain_does_not_hide_the_next(self):
        self._tamper(
            (f"DELETE FROM sqms_ledger_entry {WHERE}", self.first.id, 3),
            (f"DELETE FROM sqms_ledger_entry {WHERE}", self.third.id, 6),
        )
        report, said = self._verify()
        self.assertEqual([words.split(" ", 1)[0] for words in said[:2]], ["REMOVED:", "CUT"])
        self.assertEqual(report.troubles, 2)

    def test_within_the_system(self):
        """The button finds the same, as long as nobody touched what it compares with."""
        where = WHERE.replace("seq =", "seq >")
        id_ = self.first.id
        for trouble, statement in (
            ((id_, 3, "edited"), (f"UPDATE sqms_ledger_entry SET text = text || ' ' {WHERE}", id_, 3)),
            ((id_, 3, "edited"), (f"UPDATE sqms_ledger_entry SET user_id = 1 {WHERE}", id_, 3)),
            ((id_, 3, "removed"), (f"DELETE FROM sqms_ledger_entry {WHERE}", id_, 3)),
            ((id_, 6, "cut_off"), (f"DELETE FROM sqms_ledger_entry {where}", id_, 4)),
            ((id_, 6, "changed_outside"), ("UPDATE sqms_fake_case SET amount = 9 WHERE id = %s", id_)),
            ((id_, 6, "gone"), ("DELETE FROM sqms_fake_case WHERE id = %s", id_)),
        ):
            with self.subTest(trouble), self.cr.savepoint() as savepoint:
                self._tamper(statement)
                found = [(row[1], row[2], row[3]) for row in self.entries._check_ledger()]
                self.assertEqual(found, [trouble])
                savepoint.rollback()

    def test_check_by_button(self):
        self._tamper((f"DELETE FROM sqms_ledger_entry {WHERE}", self.second.id, 3))
        for user, shown in ((self.manager, 1), (self.certifier, 1), (self.stranger, 0)):
            check = self.env["sqms.ledger.check"].with_user(user).create({})
            check.action_check()
            self.assertEqual((check.trouble_count, check.hidden_count), (1, 1 - shown))
            self.assertEqual(check.line_ids.mapped("kind"), ["removed"][:shown])
        with self.assertRaises(AccessError):
            self.env["sqms.ledger.check"].with_user(self.clerk).create({})
