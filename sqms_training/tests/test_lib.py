import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..lib import address, certificate_chain, certificate_sheet, mask, proof_file, sheet_date
from ..lib.mask import masked_name
from ..lib.qr import qr_modules, qr_path
from ..lib.validity import next_validity, state_on


@tagged("post_install", "-at_install")
class TestLib(BaseCase):
    def test_doctests(self):
        for module in (address, mask, proof_file, certificate_chain, certificate_sheet, sheet_date):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)

    def test_masked_name_never_shows_a_whole_name(self):
        for name in (
            "Wang Li",
            "王丽",
            "Anna Maria Jones",
            "O'Neill",
            "Łukasz Żak",
            "李 (Li Lei 138)",
            "  ",
            "🦊",
            "A",
            "\u202eLi",
        ):
            masked = masked_name(name)
            self.assertIn("*", masked)
            self.assertNotEqual(masked, name.strip())
        self.assertEqual(masked_name("李 (Li Lei 138)"), "李*")
        self.assertEqual(masked_name("Łukasz Żak"), "Ł*** Żak")

    def test_first_and_last_day_count(self):
        start, end = date(2026, 3, 1), date(2027, 2, 28)
        borders = [
            (date(2026, 2, 28), "upcoming"),
            (start, "valid"),
            (date(2026, 11, 29), "valid"),
            (date(2026, 11, 30), "expiring"),
            (end, "expiring"),
            (date(2027, 3, 1), "expired"),
        ]
        for day, state in borders:
            self.assertEqual(state_on(day, start, end, False), state, day)
            self.assertEqual(state_on(day, start, end, True), "revoked")
        self.assertEqual(state_on(date(2099, 1, 1), start, None, False), "valid")

    def test_renewal_does_not_drift(self):
        start, end = date(2026, 3, 1), date(2027, 2, 28)
        for today in (date(2027, 1, 5), date(2027, 2, 28), date(2027, 3, 1)):
            self.assertEqual(next_validity(start, end, today), (date(2027, 3, 1), date(2028, 2, 29)))

    def test_renewal_after_the_end_starts_today(self):
        late = next_validity(date(2026, 3, 1), date(2027, 2, 28), date(2027, 5, 10))
        self.assertEqual(late, (date(2027, 5, 10), date(2028, 5, 9)))

    def test_renewal_of_odd_periods(self):
        self.assertEqual(
            next_validity(date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 5)), (date(2026, 1, 11), date(2026, 1, 20))
        )
        self.assertEqual(next_validity(date(2026, 1, 1), None, date(2026, 6, 1)), (date(2026, 6, 1), None))
        self.assertEqual(
            next_validity(date(2023, 10, 29), date(2026, 10, 28), date(2026, 9, 1)),
            (date(2026, 10, 29), date(2029, 10, 28)),
        )

    def test_qr_code_has_its_finder_patterns(self):
        modules = qr_modules("https://qinghe.example.com/certificate/" + "a" * 43)
        finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
        top_left = ["".join(str(int(cell)) for cell in row[:7]) for row in modules[:7]]
        bottom_left = ["".join(str(int(cell)) for cell in row[:7]) for row in modules[-7:]]
        self.assertEqual(top_left, finder)
        self.assertEqual(bottom_left, finder)
        self.assertLessEqual(len(modules), 45)

    def test_qr_path_draws_every_dark_module_once(self):
        text = "https://qinghe.example.com/certificate/x"
        size, path = qr_path(text)
        modules = qr_modules(text)
        drawn = sum(int(part.split("h")[1].split("v")[0]) for part in path.split("M")[1:])
        self.assertEqual(drawn, sum(sum(row) for row in modules))
        self.assertEqual(size, len(modules) + 8)
