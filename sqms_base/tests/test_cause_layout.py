import random
import time
from fractions import Fraction

from lxml import etree

from odoo.tests import BaseCase, tagged

from ..lib import cause_svg, cause_tree, fishbone, pareto_svg
from ..lib.pareto import pareto
from ..lib.trace_text import width_of

WORDS = {"title": "Why", "why": "Why %s", "root": "Root cause, why %s", "ruled_out": "Ruled out"}
FISH = {"title": "Fishbone", "empty": "none", "root": "Root", "ruled_out": "Out", "more": "and %s more"}
BONES = [(key, key.title()) for key in ("people", "method", "machine", "material", "measurement", "place", "boss")]
HOSTILE = "</text><script>alert(1)</script>&\"'\x00\u202e]]>"
SVG = "{http://www.w3.org/2000/svg}"


def overlaps(boxes):
    """Pairs that lie over each other, found the plain way."""
    return [
        (one["id"], two["id"])
        for number, one in enumerate(boxes)
        for two in boxes[:number]
        if one["x"] < two["x"] + two["w"]
        and two["x"] < one["x"] + one["w"]
        and one["y"] < two["y"] + two["h"]
        and two["y"] < one["y"] + one["h"]
    ]


def random_tree(dice, count):
    nodes = []
    for number in range(count):
        parent = dice.choice([None, *range(number)]) if number else None
        if dice.random() < 0.5 and number:
            parent = number - 1
        nodes.append(
            {
                "id": number,
                "parent": parent,
                "h": dice.randint(20, 120),
                "name": dice.choice(["Rust", "客户已经两次打电话投诉同一件事情", HOSTILE, "x" * 90]),
                "bone": "Machine",
                "category": dice.choice(BONES)[0],
                "verdict": dice.choice(["open", "root", "ruled_out"]),
            }
        )
    dice.shuffle(nodes)
    return nodes


@tagged("post_install", "-at_install", "sqms_alone")
class TestCauseLayout(BaseCase):
    def test_no_two_boxes_of_a_tree_overlap_and_each_why_has_one(self):
        dice = random.Random(5)
        for _round in range(120):
            nodes = random_tree(dice, dice.randint(1, 30))
            picture = cause_tree.layout(nodes, dice.randint(20, 90), 200)
            self.assertEqual(sorted(box["id"] for box in picture["boxes"]), sorted(node["id"] for node in nodes))
            everything = [*picture["boxes"], {**picture["head"], "id": "head"}]
            self.assertEqual(overlaps(everything), [])
            boxes = {box["id"]: box for box in picture["boxes"]}
            joined = {line["target"]: line["source"] for line in picture["lines"]}
            for node in nodes:
                box = boxes[node["id"]]
                self.assertLessEqual(box["y"] + box["h"], picture["height"])
                self.assertTrue(box["x"] >= 0 and box["x"] + box["w"] <= picture["width"])
                if node["parent"] is not None:
                    above = boxes[node["parent"]]
                    self.assertGreater(box["y"], above["y"] + above["h"])
                    self.assertEqual(box["level"], above["level"] + 1)
                    self.assertEqual(joined[node["id"]], node["parent"])
                else:
                    self.assertEqual(box["level"], 1)
                    # What hangs on nothing has no line, everything else has one.
                    self.assertEqual(box["aside"], node["id"] not in joined)

    def test_what_was_ruled_out_at_once_hangs_on_nothing(self):
        nodes = [
            {"id": 1, "parent": None, "h": 40, "verdict": "open"},
            {"id": 2, "parent": 1, "h": 40, "verdict": "root"},
            {"id": 3, "parent": None, "h": 40, "verdict": "open"},
            {"id": 4, "parent": None, "h": 40, "verdict": "ruled_out"},
        ]
        picture = cause_tree.layout(nodes, 30, 200)
        boxes = {box["id"]: box for box in picture["boxes"]}
        self.assertEqual(picture["columns"], 2)
        self.assertEqual((boxes[4]["x"], boxes[4]["aside"]), (boxes[3]["x"], True))
        self.assertNotIn(4, [line["target"] for line in picture["lines"]])
        # Where nothing else is there, it is the branch.
        self.assertFalse(cause_tree.layout(nodes[3:], 30, 200)["boxes"][0]["aside"])

    def test_circles_and_strangers_are_drawn_once_as_well(self):
        nodes = [{"id": 1, "parent": 2, "h": 9}, {"id": 2, "parent": 1, "h": 9}, {"id": 3, "parent": 3, "h": 9},
                 {"id": 4, "parent": 99, "h": 9}]  # fmt: skip
        picture = cause_tree.layout(nodes, 9, 50)
        self.assertEqual(sorted(box["id"] for box in picture["boxes"]), [1, 2, 3, 4])
        self.assertEqual(overlaps(picture["boxes"]), [])

    def test_three_hundred_deep_and_wide_are_drawn_in_time(self):
        base = {"h": 40, "name": "Rust 生锈", "bone": "Machine", "verdict": "open", "category": "people"}
        deep = [{**base, "id": number, "parent": number - 1 if number else None} for number in range(300)]
        wide = [{**base, "id": number, "parent": 0 if number else None} for number in range(300)]
        deepest = [{**base, "id": number, "parent": number - 1 if number else None} for number in range(3000)]
        for nodes in (deep, wide):
            start = time.process_time()
            self.assertEqual(overlaps(cause_tree.layout(nodes, 30, 200)["boxes"]), [])
            text = cause_svg.tree(nodes, "It leaks", WORDS)
            cause_svg.fish(nodes, BONES, "It leaks", FISH)
            self.assertLess(time.process_time() - start, 3)
            self.assertEqual(text.count("<g>"), 300)
        self.assertEqual(cause_tree.levels(deepest)[2999], 3000)

    def test_no_two_texts_of_a_fishbone_overlap_and_none_leaves_its_bone(self):
        dice = random.Random(7)
        for _round in range(120):
            bones, number = [], 0
            for _key, name in BONES[: dice.randint(1, 7)]:
                causes = []
                for _cause in range(dice.choice([0, 0, 1, 2, 5, 12])):
                    causes.append({"id": number, "h": dice.randint(12, 70)})
                    number += 1
                bones.append((name, causes))
            picture = fishbone.layout(bones, dice.randint(30, 160))
            self.assertEqual(sorted(rib["id"] for rib in picture["ribs"]), list(range(number)))
            named = [{**bone, "id": bone["name"]} for bone in picture["bones"]]
            self.assertEqual(overlaps([*picture["ribs"], *named, {**picture["head"], "id": "head"}]), [])
            spine = picture["spine"]["y"]
            place = {bone["name"]: bone for bone in picture["bones"]}
            for rib in picture["ribs"]:
                bone = place[rib["bone"]]
                self.assertTrue(rib["x"] >= 0 and rib["x"] + rib["w"] <= picture["head"]["x"])
                self.assertTrue(rib["y"] >= 0 and rib["y"] + rib["h"] <= picture["height"])
                # On its side of the spine, between the name and the spine.
                if bone["y1"] < spine:
                    self.assertTrue(bone["y1"] <= rib["y"] and rib["y"] + rib["h"] <= spine)
                else:
                    self.assertTrue(spine <= rib["y"] and rib["y"] + rib["h"] <= bone["y1"])

    def test_drawings_are_well_formed_whatever_the_words(self):
        dice = random.Random(11)
        for _round in range(30):
            nodes = random_tree(dice, dice.randint(0, 25))
            for text in (
                cause_svg.tree(nodes, HOSTILE, {**WORDS, "title": HOSTILE}),
                cause_svg.fish(nodes, BONES, HOSTILE, FISH),
                cause_svg.fish(nodes, BONES, HOSTILE, FISH, most=2),
            ):
                tree = etree.fromstring(text)
                kinds = {node.tag.removeprefix(SVG) for node in tree.iter()}
                self.assertLessEqual(kinds, {"svg", "title", "style", "path", "rect", "text", "g", "circle"})
                self.assertNotIn("\u202e", text)
                self.assertNotIn("url(", text)

    def test_each_why_is_written_once_and_fits_its_box(self):
        names = [
            "充值两次后终端机没有提示失败而银行已经扣款，顾客只好再付一次，收银员也没有核对" * 2,
            "Terminal said “failed”, bank had settled",
        ]
        nodes = [
            {"id": n, "parent": n - 1 if n else None, "name": name, "bone": "Method", "verdict": "open"}
            for n, name in enumerate(names)
        ]
        tree = etree.fromstring(cause_svg.tree(nodes, names[0], WORDS))
        for group, name in zip(tree.findall(f"{SVG}g"), names, strict=True):
            box = group.find(f"{SVG}rect")
            lines = group.findall(f"{SVG}text")[2:]
            self.assertEqual("".join(line.text for line in lines).replace(" ", ""), name.replace(" ", ""))
            for line in lines:
                self.assertLessEqual(width_of(line.text, 13), float(box.get("width")))
                self.assertLess(float(line.get("y")), float(box.get("y")) + float(box.get("height")))

    def test_wide_trees_are_printed_in_parts_without_losing_a_why(self):
        dice = random.Random(13)
        for _round in range(60):
            nodes = random_tree(dice, dice.randint(1, 40))
            parts = cause_svg.tree_parts(nodes)
            self.assertEqual(sorted(n["id"] for part in parts for n in part), sorted(n["id"] for n in nodes))
            for part in parts:
                branches = [node for node in part if node["parent"] is None]
                columns = cause_tree.layout(part, 10, 10)["columns"]
                self.assertTrue(
                    columns <= 4 or len(branches) == 1 or any(b["verdict"] == "ruled_out" for b in branches)
                )


@tagged("post_install", "-at_install", "sqms_alone")
class TestPareto(BaseCase):
    """The arithmetic against a twin that counts with fractions."""

    def _twin(self, rows, most):
        rows = [row for row in rows if row[2]]
        rows.sort(key=lambda row: (-Fraction(row[2]), str(row[1])))
        if most and len(rows) > most:
            rest = sum(Fraction(row[2]) for row in rows[most - 1 :])
            rows = [*rows[: most - 1], (None, "other", rest)]
        total = sum(Fraction(row[2]) for row in rows)
        reached, found = Fraction(0), []
        for _key, label, value in rows:
            reached += Fraction(value)
            found.append((label, float(100 * reached / total)))
        return found

    def test_against_the_twin(self):
        dice = random.Random(3)
        for _round in range(600):
            kind = dice.choice(["whole", "ties", "money", "tiny"])
            value = {
                "whole": lambda: dice.randint(0, 50),
                "ties": lambda: dice.choice([0, 1, 1, 2]),
                "money": lambda: round(dice.random() * 10 ** dice.randint(0, 9), 2),
                "tiny": lambda: dice.random() ** 40,
            }[kind]
            rows = [(n, dice.choice("abcdefg") + str(n), value()) for n in range(dice.randint(0, 30))]
            most = dice.choice([None, 2, 5, 12])
            found = pareto(list(rows), most, "other")
            twin = self._twin(list(rows), most)
            self.assertEqual([row["label"] for row in found], [label for label, _share in twin])
            for row, (_label, share) in zip(found, twin, strict=True):
                self.assertAlmostEqual(row["cumulative"], share, places=6)
            if found:
                self.assertEqual(found[-1]["cumulative"], 100.0)
                shares = [row["cumulative"] for row in found]
                self.assertEqual(shares, sorted(shares))
                # Nothing is lost in “other”.
                self.assertEqual(sum(row["count"] for row in found), sum(1 for row in rows if row[2]))
                keys = {key for row in found for key in row.get("keys", [row["key"]])}
                self.assertEqual(keys, {key for key, _label, number in rows if number})
            else:
                self.assertFalse(any(row[2] for row in rows))

    def test_one_row_is_all_and_a_long_tail_stays_last(self):
        self.assertEqual([row["cumulative"] for row in pareto([(1, "a", 0.1)])], [100.0])
        rows = pareto([(n, f"{n:02}", 1 if n else 3) for n in range(30)], 5, "rest")
        self.assertEqual([row["label"] for row in rows], ["00", "01", "02", "03", "rest"])
        self.assertEqual((rows[-1]["value"], rows[-1]["count"], rows[-1]["cumulative"]), (26, 26, 100.0))
        self.assertFalse(rows[-1]["vital"])

    def test_the_vital_few_reach_eighty(self):
        rows = pareto([(1, "a", 60), (2, "b", 20), (3, "c", 15), (4, "d", 5)])
        self.assertEqual([row["vital"] for row in rows], [True, True, False, False])

    def test_the_chart_is_well_formed_and_ends_at_a_hundred(self):
        rows = [{**row, "text": HOSTILE} for row in pareto([(n, HOSTILE, n) for n in range(14)], 12, HOSTILE)]
        words = dict.fromkeys(("title", "values", "share", "empty"), HOSTILE)
        tree = etree.fromstring(pareto_svg.svg(rows, words))
        self.assertLessEqual({node.tag.removeprefix(SVG) for node in tree.iter()},
                             {"svg", "title", "path", "text", "rect", "circle"})  # fmt: skip
        last = tree.findall(f"{SVG}circle")[-1]
        self.assertEqual(float(last.get("cy")), pareto_svg.TOP)
        self.assertIn("<text", pareto_svg.svg([], words))
