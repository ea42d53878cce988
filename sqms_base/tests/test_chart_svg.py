import math
import random
from itertools import pairwise

from lxml import etree

from odoo.tests import BaseCase, tagged

from ..lib import chart_svg
from ..lib.chart_parts import COLOURS
from ..lib.chart_scale import ticks
from ..lib.trace_text import width_of

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"&'\x00\u202e<svg onload=x>"
WORDS = (
    "Hangzhou",
    "苏州",
    "Parts that came late after the change of supplier",
    "预约信息登记错误导致重复上门",
    HOSTILE,
    "",
    "g",
)


def _parsed(text):
    return etree.fromstring(text.encode())


def _marks(root):
    return {node.get("data-mark"): node for node in root.iter() if node.get("data-mark")}


def _value_of(root, place):
    low, at_low, high, at_high = map(float, root.get("data-scale").split())
    return low + (place - at_low) * (high - low) / (at_high - at_low)


def _luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@tagged("post_install", "-at_install", "sqms_alone")
class TestChartSvg(BaseCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(9)

    def _word(self):
        return self.random.choice(WORDS)

    def _number(self, low=-1000.0):
        kind = self.random.randrange(6)
        if kind == 0:
            return None
        value = self.random.uniform(low, 1000) * 10 ** self.random.randint(-4, 3)
        return max(low, float(round(value)) if kind < 3 else value)

    def _charts(self):
        """One of each kind with whatever may come, `(text, rows, arguments)`."""
        r = self.random
        width = r.choice((245, 385, 620, 900))
        common = {"empty": self._word(), "width": width, "title": self._word()}
        rows = [
            {"label": self._word(), "value": self._number(), "text": self._word(), "tone": r.choice(("bad", "", "odd"))}
            for _ in range(r.randrange(9))
        ]
        target = r.choice((None, self._number()))
        yield chart_svg.bars(rows, target=target, target_text=self._word(), **common), rows
        for row in rows:
            value = row["value"]
            row |= {"low": value and value - abs(value) / 3, "high": value and value + 7, "detail": self._word()}
        yield chart_svg.intervals(rows, reference=target, reference_text=self._word(), **common), rows
        points = [
            {"label": self._word(), "value": self._number(), "flag": r.choice(("", self._word()))}
            for _ in range(r.randrange(60))
        ]
        more = {}
        if points:
            last = len(points) - 1
            more = {
                "phases": [{"start": 0, "end": last, "low": self._number(), "mean": 1, "text": self._word()}],
                "moments": [{"at": r.randint(0, last), "text": self._word()}],
            }
        yield chart_svg.line(points, target=target, target_text=self._word(), **more, **common), points
        falling = sorted(abs(self._number() or 0) for _ in range(r.randrange(12)))[::-1]
        rows = [{"label": self._word(), "value": value} for value in falling]
        yield chart_svg.pareto(rows, share=self._word(), **common), rows
        count = r.randint(1, 6)
        rows = [
            {"label": self._word(), "values": [abs(self._number() or 0) or None for _ in range(count)]}
            for _ in range(r.randrange(5))
        ]
        yield chart_svg.stacked(rows, [self._word() for _ in range(count)], **common), rows
        values = [self._number() for _ in range(r.randrange(20))]
        yield chart_svg.sparkline(values, width=120, empty=self._word(), title=self._word()), values

    def _numbers(self, node, names):
        return [float(node.get(name)) for name in names if node.get(name) is not None]

    def test_everything_stays_inside_whatever_the_data(self):
        for _ in range(150):
            for text, _rows in self._charts():
                root = _parsed(text)
                _x, _y, width, height = map(float, root.get("viewBox").split())
                for node in root.iter(etree.Element):
                    xs, ys = self._numbers(node, ("x", "x1", "x2", "cx")), self._numbers(node, ("y", "y1", "y2", "cy"))
                    if node.tag == f"{SVG}rect":
                        xs.append(xs[0] + float(node.get("width")))
                        ys.append(ys[0] + float(node.get("height")))
                        self.assertGreaterEqual(float(node.get("width")), 0)
                    for pair in (node.get("points") or "").split():
                        x, y = map(float, pair.split(","))
                        xs.append(x)
                        ys.append(y)
                    if node.tag == f"{SVG}text":
                        wide = width_of(node.text or "", float(node.get("font-size")))
                        start = {"end": xs[0] - wide, "middle": xs[0] - wide / 2}.get(node.get("text-anchor"), xs[0])
                        xs += [start, start + wide]
                    for x in xs:
                        self.assertTrue(-1.5 <= x <= width + 1.5, (text, etree.tostring(node)))
                    for y in ys:
                        self.assertTrue(-1.5 <= y <= height + 1.5, (text, etree.tostring(node)))

    def test_hostile_words_are_words(self):
        for _ in range(30):
            for text, _rows in self._charts():
                root = _parsed(text)
                tags = {node.tag.removeprefix(SVG) for node in root.iter(etree.Element)}
                self.assertLessEqual(
                    tags, {"svg", "style", "title", "text", "line", "rect", "polyline", "polygon", "circle"}
                )
                for node in root.iter(etree.Element):
                    self.assertFalse([name for name in node.attrib if name.startswith("on") or "href" in name])
                self.assertNotIn("url(", text)
                self.assertNotIn("\u202e", text)

    def test_what_is_drawn_is_the_data(self):
        drawn = 0
        for _ in range(60):
            charts = list(self._charts())
            for text, rows in charts[:3]:
                drawn += self._compare_values(_parsed(text), rows)
            self._compare_pareto(_parsed(charts[3][0]), charts[3][1])
            self._compare_stack(_parsed(charts[4][0]), charts[4][1])
        self.assertGreater(drawn, 300)

    def _room(self, root):
        """Lengths are written with two decimals of a pixel."""
        low, _at_low, high, _at_high = map(float, root.get("data-scale").split())
        return (high - low) * 3e-4

    def _compare_values(self, root, rows):
        marks = _marks(root)
        known = {str(place): row["value"] for place, row in enumerate(rows) if row["value"] is not None}
        self.assertEqual({name for name in marks if name.isdigit()}, set(known))
        if not known:
            self.assertNotIn("data-scale", root.attrib)
        for name, value in known.items():
            found = self._drawn(root, marks[name], value)
            self.assertAlmostEqual(found, value, delta=self._room(root))
        return len(known)

    def _drawn(self, root, node, value):
        kind = root.get("data-kind")
        if kind == "bars":
            x, wide = float(node.get("x")), float(node.get("width"))
            ends = [_value_of(root, x), _value_of(root, x + wide)]
            return max(ends) if value >= 0 else min(ends)
        if node.tag == f"{SVG}circle":
            return _value_of(root, float(node.get("cx" if kind == "intervals" else "cy")))
        if node.tag == f"{SVG}rect":
            return _value_of(root, float(node.get("x")) + 5.5)
        return _value_of(root, float(node.get("points").split()[0].split(",")[1]) + 6)

    def _compare_pareto(self, root, rows):
        marks = _marks(root)
        if not sum(row["value"] for row in rows):
            self.assertFalse(marks)
            return
        _low, at_low, _high, at_high = map(float, root.get("data-scale").split())
        for place, row in enumerate(rows):
            bar = marks[f"bar{place}"]
            self.assertAlmostEqual(_value_of(root, float(bar.get("y"))), row["value"], delta=self._room(root))
            self.assertAlmostEqual(float(bar.get("y")) + float(bar.get("height")), at_low, 1)
        top = float(marks[f"sum{len(rows) - 1}"].get("points").split()[0].split(",")[1]) + 4
        self.assertAlmostEqual(top, at_high, 1, "what it adds up to ends at 100 %")

    def _compare_stack(self, root, rows):
        marks = _marks(root)
        parts = {(place, kind) for place, row in enumerate(rows) for kind, value in enumerate(row["values"]) if value}
        self.assertEqual({tuple(map(int, name.split("."))) for name in marks}, parts)
        for name, node in marks.items():
            place, kind = map(int, name.split("."))
            x, wide = float(node.get("x")), float(node.get("width"))
            found = _value_of(root, x + wide) - _value_of(root, x)
            self.assertAlmostEqual(found, rows[place]["values"][kind], delta=self._room(root))

    def test_ticks_rise_evenly_are_round_and_cover_the_data(self):
        for _ in range(3000):
            size = 10 ** self.random.uniform(-5, 9)
            low = self.random.uniform(-size, size)
            high = low + self.random.choice((0, size * self.random.random()))
            most, whole = self.random.randint(2, 10), self.random.random() < 0.3
            if whole:
                low, high = float(math.floor(low)), float(math.ceil(high))
            found = ticks(low, high, most, whole)
            gaps = [after - before for before, after in pairwise(found)]
            self.assertGreaterEqual(len(found), 2)
            self.assertLessEqual(len(found), most + 2)
            self.assertTrue(all(gap > 0 for gap in gaps))
            self.assertAlmostEqual(max(gaps), min(gaps), delta=max(gaps) * 1e-3)
            self.assertTrue(found[0] <= low + size * 1e-6 and high - size * 1e-6 <= found[-1], (low, high, found))
            if whole:
                self.assertTrue(all(step.is_integer() for step in found))

    def test_labels_of_an_axis_do_not_touch(self):
        for _ in range(200):
            points = [{"label": self._word() or "x", "value": 1.0} for _ in range(self.random.randint(2, 80))]
            text = chart_svg.line(points, width=self.random.choice((245, 600)))
            row = max(float(node.get("y")) for node in _parsed(text).iter(f"{SVG}text"))
            spans = sorted(
                (float(node.get("x")) - wide / 2, float(node.get("x")) + wide / 2)
                for node in _parsed(text).iter(f"{SVG}text")
                if float(node.get("y")) == row and node.text
                for wide in [width_of(node.text, 11)]
            )
            for before, after in pairwise(spans):
                self.assertLessEqual(before[1], after[0])

    def test_nothing_says_nothing_and_none_is_not_zero(self):
        for draw in (chart_svg.bars, chart_svg.line, chart_svg.intervals, chart_svg.pareto, chart_svg.stacked):
            root = _parsed(draw([], empty="没有数据"))
            self.assertIn("没有数据", "".join(root.itertext()))
            self.assertFalse(_marks(root))
        text = chart_svg.bars([{"label": "A", "value": None, "text": "not measured"}, {"label": "B", "value": 0}])
        self.assertEqual(set(_marks(_parsed(text))), {"1"})
        self.assertIn("not measured", text)
        # Where a value is missing the line is broken.
        line = _parsed(chart_svg.line([{"label": "", "value": value} for value in (1, 2, None, 2, 3)]))
        self.assertEqual(len(list(line.iter(f"{SVG}polyline"))), 2)

    def test_bad_data_is_refused(self):
        for value in (math.nan, math.inf, "many"):
            with self.assertRaises(ValueError):
                chart_svg.bars([{"label": "A", "value": value}])
        for attempt in (
            lambda: chart_svg.pareto([{"label": "A", "value": -1}]),
            lambda: chart_svg.stacked([{"label": "A", "values": [1]}], ["x", "y"]),
            lambda: chart_svg.stacked([{"label": "A", "values": [-1]}], ["x"]),
            lambda: chart_svg.draw({"kind": "pie"}),
        ):
            with self.assertRaises(ValueError):
                attempt()

    def test_the_same_data_gives_the_same_text(self):
        first = [text for text, _rows in self._charts()]
        self.random.seed(9)
        self.assertEqual([text for text, _rows in self._charts()], first)

    def test_contrast_and_signs(self):
        """Ink on paper at least 4.5 : 1 (WCAG AA); what is exceptional has another shape."""
        paper = _luminance(COLOURS["paper"][0])
        for name in ("ink", "muted", "axis", "data", "bad", "good", "warn"):
            ratio = (paper + 0.05) / (_luminance(COLOURS[name][0]) + 0.05)
            self.assertGreaterEqual(ratio, 4.5, name)
        rows = [{"label": "A", "value": 1}, {"label": "B", "value": 2, "tone": "bad"}]
        marks = _marks(_parsed(chart_svg.intervals(rows)))
        self.assertNotEqual(marks["0"].tag, marks["1"].tag)
        marks = _marks(_parsed(chart_svg.line([{"label": "", "value": 1}, {"label": "", "value": 2, "flag": "!"}])))
        self.assertNotEqual(marks["0"].tag, marks["1"].tag)
