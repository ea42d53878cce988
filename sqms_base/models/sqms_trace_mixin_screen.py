from lxml import etree

from odoo import api, fields, models

from ..lib import trace_story
from ..lib.trace_layout import layout
from ..lib.trace_link import LANES
from ..lib.trace_svg import svg

CARDS_IN_A_COLUMN = 12


class SqmsTraceMixinScreen(models.AbstractModel):
    """What the trace screen and the SVG file draw: one layout, one set of sentences, made on the server."""

    _inherit = "sqms.trace.mixin"

    def action_trace(self):
        """The trace screen of this record."""
        record = self._trace_start()
        return {
            "type": "ir.actions.client",
            "tag": "sqms_trace",
            "name": self.env._("Trace"),
            "params": {"trace": f"{record._name},{record.id}"},
        }

    def trace_screen(self, depth=None):
        """`trace()`, and how it is drawn and told.

        :return: what `trace()` returns, and

            - picture: what `lib/trace_layout.py` gives, at most a dozen cards in a column
            - lanes: `{lane: {"heading", "fact"}}`
            - gates: with "due_text" and "due_tone" beside the rest
            - spans: `[{"label", "days", "text", "open"}]` and summary, the sentence below them
        """
        record, depth = self._trace_start(), self._trace_depth(depth)
        graph = record._trace_graph(depth)
        story = record._trace_story(graph)
        return {
            **graph,
            "gates": [{**gate, **record._trace_due(gate)} for gate in graph["gates"]],
            "picture": record._trace_picture(graph, limit=CARDS_IN_A_COLUMN),
            "lanes": {
                lane: dict(zip(("heading", "fact"), words, strict=True)) for lane, words in story["lanes"].items()
            },
            "spans": story["spans"],
            "summary": story["summary"],
        }

    def trace_svg(self, depth=None):
        """The whole trace as the text of an SVG file."""
        record, depth = self._trace_start(), self._trace_depth(depth)
        graph = record._trace_graph(depth)
        story = record._trace_story(graph)
        root = next(node for node in graph["nodes"] if node["root"])
        words = {
            "title": self.env._("Trace of %(record)s", record=f"{root['number']} {root['title']}".strip()),
            "summary": " ".join(filter(None, (record._trace_counts(graph), story["summary"]))),
            "restricted": self.env._("Restricted"),
            "more": self.env._("+%s more"),
            "lanes": story["lanes"],
        }
        return svg(record._trace_picture(graph), graph["nodes"], graph["gates"], words)

    def _trace_picture(self, graph, limit=None):
        edges = [(edge["source"], edge["target"]) for edge in graph["edges"]]
        gates = [(gate["source"] if gate["open"] else None, gate["target"] or None) for gate in graph["gates"]]
        return layout(graph["nodes"], edges, gates, limit)

    # -- what it tells --------------------------------------------------------------

    def _trace_story(self, graph):
        nodes, gates, today = graph["nodes"], graph["gates"], fields.Date.context_today(self)
        line = trace_story.main_line(nodes, [(edge["source"], edge["target"]) for edge in graph["edges"]])
        known = trace_story.milestones(nodes, line, gates, today)
        spans = trace_story.spans(nodes, line, gates, today)
        return {
            "lanes": {lane: (self._trace_heading(lane), self._trace_fact(nodes, line, known, lane)) for lane in LANES},
            "spans": [self._trace_span(span) for span in spans],
            "summary": self._trace_summary(spans, known, today),
        }

    def _trace_heading(self, lane):
        return {
            "happened": self.env._("What happened"),
            "changed": self.env._("What we changed"),
            "helped": self.env._("Did it help?"),
        }[lane]

    def _trace_fact(self, nodes, line, known, lane):
        """How long it took; whether it helped, the last record says itself."""
        if lane == "helped":
            told = [node for node in nodes if node["lane"] == lane and node["id"] in line and node["badge"]]
            return max(told, key=lambda node: (node["rank"], node["id"]))["badge"]["text"] if told else ""
        taken = trace_story.lane_days(known, lane)
        if not taken:
            return ""
        return self.env._("%(days)s days to the %(kind)s", days=taken[0], kind=taken[1]["kind"].lower())

    def _trace_span(self, span):
        label = span["node"]["kind"]
        return {
            "label": self.env._("%(kind)s, so far", kind=label) if span["open"] else label,
            "number": span["node"]["number"],
            "days": span["days"],
            "text": self.env._("%s d", span["days"]),
            "begin": fields.Date.to_string(span["begin"]),
            "end": fields.Date.to_string(span["end"]),
            "open": span["open"],
        }

    def _trace_summary(self, spans, known, today):
        """Two sentences: since when, and what took longest."""
        if not known:
            return ""
        day, first = known[0]
        words = [
            self.env._(
                "%(days)s days since %(record)s of %(day)s.",
                days=(today - day).days,
                record=first["number"] or first["kind"],
                day=self._trace_day(day),
            )
        ]
        if len(spans) > 1:
            longest = max(spans, key=lambda span: span["days"])
            words.append(
                self.env._(
                    "The longest step: %(kind)s (%(days)s d).", kind=longest["node"]["kind"], days=longest["days"]
                )
            )
        return " ".join(words)

    def _trace_counts(self, graph):
        held = sum(gate["open"] for gate in graph["gates"])
        return self.env._("Records: %(records)s. Open gates: %(gates)s.", records=len(graph["nodes"]), gates=held)

    def _trace_due(self, gate):
        """When it is due, in words that need no calendar."""
        if not gate["due"]:
            return {"due_text": "", "due_tone": ""}
        days = (fields.Date.to_date(gate["due"]) - fields.Date.context_today(self)).days
        if days < 0:
            return {"due_text": self.env._("%s d late", -days), "due_tone": "danger"}
        if not days:
            return {"due_text": self.env._("due today"), "due_tone": "warning"}
        return {"due_text": self.env._("due in %s d", days), "due_tone": "warning" if days <= 14 else "secondary"}

    # -- the button -------------------------------------------------------------------

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """The button “Trace” on every form of the model that has a sheet."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and self._trace_button and not self._abstract:
            self._trace_add_button(arch)
        return arch, view

    def _trace_add_button(self, arch):
        if arch.xpath("//button[@name='action_trace']"):
            return
        box = next(iter(arch.xpath("//div[@name='button_box'][not(ancestor::field)]")), None)
        if box is None:
            sheet = next(iter(arch.xpath("/form/sheet")), None)
            if sheet is None:
                return
            box = etree.Element("div", {"name": "button_box", "class": "oe_button_box"})
            sheet.insert(0, box)
        button = etree.SubElement(
            box,
            "button",
            {
                "name": "action_trace",
                "type": "object",
                "class": "oe_stat_button",
                "icon": "fa-sitemap",
                "invisible": self._trace_button_invisible,
                "groups": "base.group_user",
            },
        )
        etree.SubElement(button, "field", {"name": "trace_count", "widget": "statinfo", "string": self.env._("Trace")})
