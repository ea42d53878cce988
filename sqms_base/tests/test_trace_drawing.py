import random
import time
from datetime import date

from odoo.tests import BaseCase, tagged

from ..lib import trace_story
from ..lib.trace_columns import columns
from ..lib.trace_layout import HEAD, TALL, layout
from ..lib.trace_link import LANES
from ..lib.trace_svg import svg
from ..lib.trace_text import lines_of, width_of

LANE_OF = {10: 0, 20: 0, 30: 0, 40: 1, 50: 1, 60: 1, 70: 1, 80: 2, 90: 2}


def graph(size, links=2, seed=1):
    """A random graph over the whole story, circles and all."""
    dice = random.Random(seed)
    nodes = [_node(number, dice.choice(list(LANE_OF)), number == 0) for number in range(size)]
    ends = ((dice.randrange(size), dice.randrange(size)) for _n in range(links * size))
    return nodes, list(dict.fromkeys((f"m,{source}", f"m,{target}") for source, target in ends))


def _node(number, rank, root=False, **values):
    return {
        "id": f"m,{number}", "rank": rank, "lane": LANES[LANE_OF[rank]], "root": root, "date": False,
        "restricted": False, "kind": "Kind", "number": f"N/{number}", "title": f"Title {number}", "detail": "",
        "badge": {"text": "Closed", "tone": "success", "icon": ""}, **values,
    }  # fmt: skip


@tagged("post_install", "-at_install", "sqms_alone")
class TestTraceDrawing(BaseCase):
    """The layout and what is drawn from it."""

    def _assert_sound(self, picture, nodes):
        by_column = {}
        for card in picture["nodes"]:
            by_column.setdefault(card["x"], []).append(card)
            self.assertGreaterEqual(card["y"], HEAD)
            self.assertLessEqual(card["y"] + card["h"], picture["height"])
            self.assertLessEqual(card["x"] + card["w"], picture["width"])
        ends = []
        for x in sorted(by_column):
            column = sorted(by_column[x], key=lambda card: card["y"])
            self.assertTrue(not ends or ends[-1] < x, "columns do not overlap")
            ends.append(x + column[0]["w"])
            for upper, lower in zip(column, column[1:], strict=False):
                self.assertLessEqual(upper["y"] + upper["h"], lower["y"])
        drawn = [card["id"] for card in picture["nodes"] if not card.get("more")]
        hidden = [id_ for card in picture["nodes"] for id_ in card.get("members", ())]
        self.assertEqual(sorted(drawn + hidden), sorted(node["id"] for node in nodes))
        ranks = [card["rank"] for card in sorted(picture["nodes"], key=lambda card: card["x"])]
        self.assertEqual(ranks, sorted(ranks), "left to right along the story")

    def test_nothing_overlaps_and_nothing_is_lost(self):
        for size, links, seed in ((1, 0, 1), (2, 3, 2), (30, 1, 3), (300, 2, 4), (300, 0, 5), (700, 6, 6)):
            nodes, edges = graph(size, links, seed)
            for limit in (None, 5, 12):
                self._assert_sound(layout(nodes, edges, (("m,0", "m,1"),), limit), nodes)

    def test_same_trace_same_picture(self):
        nodes, edges = graph(400)
        self.assertEqual(layout(nodes, edges, (), 12), layout(nodes, edges, (), 12))

    def test_five_thousand_records_are_laid_out_in_time(self):
        nodes, edges = graph(5000)
        for limit in (None, 12):
            begun = time.process_time()
            picture = layout(nodes, edges, (("m,3", "m,0"),), limit)
            self.assertLess(time.process_time() - begun, 5)
            self._assert_sound(picture, nodes)
        self.assertLess(len(picture["nodes"]), 700, "a screen draws hundreds of cards, not thousands")

    def test_five_thousand_in_a_row_and_in_one_column(self):
        for edges in ([(f"m,{n}", f"m,{n + 1}") for n in range(4999)], [(f"m,{n}", "m,0") for n in range(5000)]):
            nodes = [_node(number, 50, number == 0) for number in range(5000)]
            begun = time.process_time()
            picture = layout(nodes, edges)
            self.assertLess(time.process_time() - begun, 5)
            self._assert_sound(picture, nodes)
            self.assertLess(picture["height"], 41 * (TALL + 60), "a long column goes on beside itself")

    def test_circle_within_a_rank_is_opened_where_it_closes(self):
        nodes = [_node(number, 50, number == 0) for number in range(3)]
        found = columns(nodes, [("m,0", "m,1"), ("m,1", "m,2"), ("m,2", "m,0"), ("m,1", "m,1")])
        self.assertEqual([[node["id"] for node in column] for column in found], [["m,0"], ["m,1"], ["m,2"]])

    def test_main_line_stands_in_one_row(self):
        nodes = [_node(0, 10, True), _node(1, 10), _node(2, 20), _node(3, 30), _node(4, 40), _node(5, 40), _node(6, 50)]
        edges = [("m,0", "m,2"), ("m,1", "m,2"), ("m,2", "m,3"), ("m,3", "m,4"), ("m,3", "m,5"), ("m,4", "m,6")]
        cards = {card["id"]: card for card in layout(nodes, edges)["nodes"]}
        self.assertEqual(len({cards[f"m,{n}"]["y"] for n in (0, 2, 3, 4, 6)}), 1)
        self.assertEqual({n for n in range(7) if cards[f"m,{n}"]["aside"]}, {1, 5})

    def test_what_leads_on_within_its_rank_stays_on_the_line(self):
        nodes = [_node(0, 40, True), _node(1, 50), _node(2, 50), _node(3, 50), _node(4, 60)]
        edges = [("m,0", "m,1"), ("m,1", "m,2"), ("m,1", "m,3"), ("m,2", "m,4")]
        self.assertEqual(trace_story.main_line(nodes, edges), {"m,0", "m,1", "m,2", "m,4"})

    def test_many_at_one_place_are_drawn_small(self):
        nodes = [_node(0, 20, True)] + [_node(number, 10) for number in range(1, 12)]
        picture = layout(nodes, [(node["id"], "m,0") for node in nodes[1:]])
        self._assert_sound(picture, nodes)
        self.assertLess(picture["height"], 8 * TALL)
        self.assertEqual(sum(not card["aside"] for card in picture["nodes"]), 2)

    def test_restricted_card_is_small(self):
        nodes = [_node(0, 10, True), _node(1, 20, restricted=True), _node(2, 30)]
        aside = {card["id"]: card["aside"] for card in layout(nodes, [("m,0", "m,1"), ("m,1", "m,2")])["nodes"]}
        self.assertEqual(aside, {"m,0": False, "m,1": True, "m,2": False})

    def test_held_card_beside_the_line_stands_on_top(self):
        nodes = [_node(0, 10, True), *(_node(number, 20) for number in range(1, 5)), _node(5, 30)]
        edges = [("m,0", f"m,{number}") for number in range(1, 5)] + [("m,1", "m,5")]
        picture = layout(nodes, edges, (("m,4", "m,0"),))
        column = [card["id"] for card in picture["nodes"] if card["rank"] == 20]
        self.assertEqual(column[0], "m,4")

    def test_lines_cross_less_than_as_they_came(self):
        nodes = [_node(n, 10, n == 0) for n in range(6)] + [_node(10 + n, 20) for n in range(6)]
        edges = [(f"m,{n}", f"m,{15 - n}") for n in range(6)]
        y = {card["id"]: card["y"] for card in layout(nodes, edges)["nodes"]}

        def crossings(height):
            return sum(
                (height[a] - height[c]) * (height[b] - height[d]) < 0
                for place, (a, b) in enumerate(edges)
                for c, d in edges[:place]
            )

        as_they_came = {node["id"]: number for number, node in enumerate(nodes)}
        self.assertLess(crossings(y), crossings(as_they_came))

    def test_gate_passes_above_the_cards_between(self):
        nodes = [_node(number, rank, number == 0) for number, rank in enumerate((10, 20, 30, 40))]
        edges = [("m,0", "m,1"), ("m,1", "m,2"), ("m,2", "m,3")]
        picture = layout(nodes, edges, (("m,3", "m,1"), ("m,3", "m,0"), (None, "m,0"), ("m,2", None)))
        top = min(card["y"] for card in picture["nodes"])
        self.assertEqual([gate["index"] for gate in picture["gates"]], [0, 1, 3])
        self.assertTrue(all(HEAD < gate["y"] < top for gate in picture["gates"]))
        self.assertEqual(len({gate["y"] for gate in picture["gates"]}), 3, "labels do not lie on each other")

    def test_what_tells_the_story_is_not_hidden(self):
        nodes = [_node(0, 10, True)] + [_node(number, 20) for number in range(1, 500)]
        edges = [(node["id"], "m,0") for node in nodes[1:]]
        picture = layout(nodes, edges, (("m,499", "m,0"),), 12)
        self.assertIn("m,499", {card["id"] for card in picture["nodes"]})
        (more,) = [card for card in picture["nodes"] if card.get("more")]
        self.assertEqual(more["more"], len(more["members"]))
        self.assertEqual(more["more"], 499 - 11)
        self.assertLess(len(picture["edges"]), 20)

    # -- time ------------------------------------------------------------------------

    def test_days_of_the_picture(self):
        story = [
            _node(number, rank, rank == 10, date=day)
            for number, (rank, day) in enumerate(
                (
                    (10, "2026-02-12"), (20, "2026-02-20"), (30, "2026-03-06"), (40, "2026-05-13"),
                    (50, "2026-06-01"), (60, False), (80, "2026-11-16"),
                )
            )
        ]  # fmt: skip
        line, gates = {node["id"] for node in story}, [{"source": "m,5", "open": True}]
        today = date(2026, 11, 16)
        spans = trace_story.spans(story, line, gates, today)
        self.assertEqual([span["days"] for span in spans], [8, 14, 68, 19, 168])
        self.assertEqual([span["open"] for span in spans], [False] * 4 + [True])
        known = trace_story.milestones(story, line, gates, today)
        self.assertEqual([trace_story.lane_days(known, lane)[0] for lane in LANES[:2]], [22, 87])
        self.assertIsNone(trace_story.lane_days(known, "helped"))
        self.assertEqual(sum(span["days"] for span in spans), (today - date(2026, 2, 12)).days)

    # -- text ----------------------------------------------------------------------------

    def test_text_never_grows_out_of_its_card(self):
        for text in ("Answered on time, 81.2 → 86.1 %", "投诉处理程序第四版，全体员工必须阅读", "W" * 80, "a b", ""):
            for line in lines_of(text, 112, 12, 3):
                self.assertLessEqual(width_of(line, 12), 112)

    def test_file_shows_every_record(self):
        nodes, edges = graph(60)
        words = {
            "title": "T", "summary": "S", "restricted": "Restricted", "more": "+%s more",
            "lanes": dict.fromkeys(LANES, ("Heading", "fact")),
        }  # fmt: skip
        text = svg(layout(nodes, edges), nodes, [], words)
        for node in nodes:
            self.assertIn(f">{node['number']}<", text)
