import itertools
import math
import random

from odoo.tests import BaseCase, tagged

from ..lib import satisfaction_sample as sample, satisfaction_score as score


@tagged("post_install", "-at_install", "sqms_alone")
class TestSatisfactionScore(BaseCase):
    """Scores and samples against reference numbers, and against twins that count everything out."""

    def test_reference_numbers(self):
        self.assertEqual([round(limit, 4) for limit in score.wilson(81, 263)], [0.2553, 0.3662])  # Newcombe 1998
        nps = score.nps_score(60, 25, 15)
        self.assertEqual((round(nps.value, 1), round(nps.half_width, 1)), (45.0, 14.5))
        self.assertEqual(score.sample_size(0.05), 385)
        self.assertEqual(score.sample_size(0.05, 1000), 278)
        self.assertAlmostEqual(score.t_quantile(0.975, 1), 12.7062, 3)
        self.assertAlmostEqual(score.t_quantile(0.995, 10), 3.16927, 4)
        self.assertAlmostEqual(score.t_quantile(0.95, 200), 1.652508, 4)
        self.assertAlmostEqual(score.t_quantile(0.95, 201), 1.652470, 4)

    def test_wilson_is_where_the_score_test_says_so(self):
        """Twin: the limits are the shares p at which |x - np| = z sqrt(np(1-p)), found by a walk."""
        z = score.z_of()
        for n in range(1, 40):
            for hits in range(n + 1):
                low, high = score.wilson(hits, n)
                inside = [
                    p / 2000
                    for p in range(2001)
                    if abs(hits - n * p / 2000) <= z * math.sqrt(n * p / 2000 * (1 - p / 2000)) + 1e-9
                ]
                self.assertAlmostEqual(low, min(inside), delta=0.0006)
                self.assertAlmostEqual(high, max(inside), delta=0.0006)
                self.assertTrue(0 <= low <= hits / n <= high <= 1)

    def test_wilson_covers(self):
        """Enumeration: over all outcomes of 30 answers, the truth is inside in about 95 % (never under 92 %)."""
        limits = [score.wilson(hits, 30) for hits in range(31)]
        covers = []
        for step in range(5, 96):
            truth = step / 100
            inside = sum(
                math.comb(30, hits) * truth**hits * (1 - truth) ** (30 - hits)
                for hits, (low, high) in enumerate(limits)
                if low <= truth <= high
            )
            covers.append(inside)
        self.assertGreater(min(covers), 0.90)
        self.assertTrue(0.94 < sum(covers) / len(covers) < 0.965)

    def test_nps_error_is_that_of_a_resampled_mean(self):
        luck = random.Random(7)
        for groups in ((60, 25, 15), (10, 10, 10), (5, 40, 30)):
            marks = [1] * groups[0] + [0] * groups[1] + [-1] * groups[2]
            means = sorted(sum(luck.choices(marks, k=len(marks))) / len(marks) for _ in range(2000))
            found = score.nps_score(*groups)
            self.assertAlmostEqual(found.half_width, 50 * (means[1949] - means[50]), delta=2)
            self.assertAlmostEqual(found.value, 100 * sum(marks) / len(marks), 9)

    def test_nps_against_marks_counted_out(self):
        for marks in itertools.product(range(0, 11, 3), repeat=3):
            groups = score.nps_groups(marks)
            twin = sum(100 if mark > 8 else -100 if mark < 7 else 0 for mark in marks) / 3
            found = score.nps_score(*groups)
            self.assertAlmostEqual(found.value, twin, 9)
            self.assertTrue(-100 <= found.low <= found.value <= found.high <= 100)
            self.assertGreater(found.high - found.low, 0, "three who agree prove nothing")

    def test_mean_covers(self):
        """Of marks drawn again and again, the interval of Student's t holds the true mean in about 95 %."""
        luck, hits = random.Random(11), 0
        scale = [3, 4, 4, 5, 5, 5, 6, 6, 7]
        truth = sum(scale) / len(scale)
        for _ in range(1500):
            found = score.mean_score(luck.choices(scale, k=12))
            hits += found.low <= truth <= found.high
        self.assertTrue(0.93 < hits / 1500 < 0.97, hits)

    def test_without_answers_there_is_no_score(self):
        for empty in (score.share_score(0, 0), score.nps_score(0, 0, 0), score.mean_score([]), score.csat_score([])):
            self.assertEqual((empty.value, empty.low, empty.high, empty.n), (None, None, None, 0))
            self.assertIn("none", empty.warnings)
        self.assertIsNone(score.response_rate(0, 0))
        self.assertEqual(score.mean_score([5]).low, None)

    def test_warnings(self):
        self.assertEqual(score.csat_score([5] * 29).warnings, ("few",))
        self.assertEqual(score.csat_score([5] * 30, response=19.99).warnings, ("low_response",))
        self.assertEqual(score.csat_score([5] * 30, response=20).warnings, ())

    def test_what_is_no_mark_is_refused(self):
        for wrong in ([0], [6], [True], [4.0], ["4"], [None]):
            with self.assertRaises(ValueError):
                score.csat_score(wrong)
        for call in (
            lambda: score.wilson(3, 2), lambda: score.wilson(-1, 2), lambda: score.nps_score(-1, 1, 1),
            lambda: score.sample_size(0), lambda: score.sample_size(1), lambda: score.z_of(1),
            lambda: score.invitations_needed(5, 0), lambda: score.response_rate(2, 1), lambda: score.t_quantile(0.5, 0),
        ):  # fmt: skip
            with self.assertRaises(ValueError):
                call()

    def test_sample_size_is_the_smallest_that_keeps_the_precision(self):
        """Twin: walk up until the half width with the finite correction is small enough."""
        z = score.z_of()
        for population in (1, 2, 17, 100, 385, 1000, 5000):
            for precision in (0.02, 0.05, 0.1, 0.3):

                def half(n, population=population):
                    rest = (population - n) / (population - 1) if population > 1 else 0
                    return z * math.sqrt(0.25 / n * rest)

                twin = next(n for n in range(1, population + 1) if half(n) <= precision + 1e-12)
                self.assertLessEqual(abs(score.sample_size(precision, population) - twin), 1)
        sizes = [score.sample_size(0.05, population) for population in range(0, 3000, 50)]
        self.assertEqual(sizes, sorted(sizes))
        self.assertLessEqual(max(sizes), 385)

    def test_draw_is_fair_and_can_be_repeated(self):
        counts = dict.fromkeys(range(20), 0)
        for seed in range(2000):
            drawn = sample.draw(range(20), 5, seed)
            self.assertEqual(len(drawn), 5)
            for member in drawn:
                counts[member] += 1
        expected = 2000 * 5 / 20
        chi = sum((count - expected) ** 2 / (expected * 0.75) for count in counts.values())
        self.assertLess(chi, 43.8, "chi square of 19 degrees, 1 in 1000")
        self.assertEqual(sample.draw(range(20), 5, "s"), sample.draw(reversed(range(20)), 5, "s"))

    def test_is_drawn_is_fair_for_each_key(self):
        for percent in (10, 37.5, 90):
            share = sum(sample.is_drawn(f"secret/{key}/0", percent) for key in range(10000)) / 100
            self.assertAlmostEqual(share, percent, delta=1.6)
        low = {key for key in range(500) if sample.is_drawn(f"s/{key}", 20)}
        high = {key for key in range(500) if sample.is_drawn(f"s/{key}", 60)}
        self.assertLess(low, high, "a larger share asks those of the smaller one too")

    def test_at_least(self):
        self.assertEqual(sample.effective_percent(10, 0, 0), 10)
        self.assertEqual(sample.effective_percent(50, 30, 300), 50)
        self.assertEqual(sample.effective_percent(5, 30, 300), 10)
        self.assertEqual(sample.effective_percent(5, 30, 3), 100)
