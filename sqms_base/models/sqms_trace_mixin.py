from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, get_lang

TRACE_DEPTH = 20  # links away from the record that one looks from, unless asked otherwise
MAX_DEPTH = 50
MAX_NODES = 5000
TONES = ("success", "info", "warning", "danger", "secondary")


class SqmsTraceMixin(models.AbstractModel):
    """The thread that ties records together, from the complaint to the proof that it helped.

    1. A model names its links as data, and its place in the story. A link is found from both of its ends.
    2. `trace()` walks along the links level by level: the number of queries grows with the levels and the
       models on the way, not with the records.
    3. What the person may not read, or what belongs to a company he does not work in, shows as “restricted”:
       that there is something, and nothing else of it. The way does not lead on through it.
    4. What holds closure of a record is told as gates.
    """

    _name = "sqms.trace.mixin"
    _description = "Trace"

    _trace_links = ()  # of TraceLink, or names of fields
    _trace_lane = "changed"  # "happened", "changed" or "helped"
    _trace_rank = 50  # the place in the story, see lib/trace_link.py
    _trace_icon = "fa-file-text-o"
    # Every form of the model gets the button, unless this is False; hidden where this expression is true.
    _trace_button = True
    _trace_button_invisible = "not id"

    trace_count = fields.Integer(
        string="Linked Records",
        compute="_compute_trace_count",
        groups="base.group_user",
        export_string_translation=False,
    )

    # -- hooks, each with a neutral default -----------------------------------

    @api.model
    def _trace_domain(self):
        """Which records of the model are part of the story; all, unless a model says otherwise."""
        return Domain.TRUE

    @api.model
    def _trace_kind(self):
        """What a record of the model is called on its card."""
        return self.env["ir.model"].sudo()._get(self._name).name

    def _trace_cards(self):
        """What the cards of these records say: `{record id: {"number", "title", "detail", "date", "badge"}}`.

        Called once for all records of the model, which the person may read. `date` is when it happened or was
        done; `badge` is `{"text", "tone", "icon"}` with a tone out of success, info, warning, danger and
        secondary, or False. A card may also name a "kind" and an "icon" of its own.
        """
        has_number = "number" in self._fields
        return {
            record.id: {
                "number": record.number if has_number else "",
                "title": record._trace_title(record.number if has_number else ""),
                "detail": "",
                "date": False,
                "badge": record._trace_state_badge(),
            }
            for record in self
        }

    def _trace_gates(self):
        """What holds closure: `[{"source", "target", "text", "label", "open", "responsible", "due", "action"}]`.

        `source` is the record that must be done, `target` the one that waits for it (both records of one,
        `target` may be empty). `text` is a whole sentence, `label` the few words at the arc. `responsible` is
        a user, `due` a day, `action` `{"method", "label"}` of the source. All but source, text and open may
        be left out.
        """
        return []

    def _trace_title(self, number):
        """The name without the number in front of it."""
        return (self.display_name or "").removeprefix(number or "").strip() or number or ""

    def _trace_state_badge(self):
        """The state in words, for models with a workflow."""
        state = getattr(self, "_workflow_field", "")
        if not state or state not in self._fields or not self[state]:
            return False
        return {"text": self._workflow_state_label(), "tone": "secondary", "icon": ""}

    @api.model
    def _trace_day(self, day):
        """A day in few words: “12 Feb”, with the year when it is another one.

        Instants are told as the day they fall on for the person at hand.
        """
        if not day:
            return ""
        day = self._trace_local_day(day)
        skeleton = "MMMd" if day.year == fields.Date.context_today(self).year else "yMMMd"
        return format_skeleton(skeleton, day, locale=babel_locale_parse(get_lang(self.env).code))

    @api.model
    def _trace_local_day(self, day):
        if hasattr(day, "hour"):
            return fields.Datetime.context_timestamp(self, day).date()
        return day

    # -- the graph --------------------------------------------------------------

    def trace(self, depth=None):
        """The records around this one, the links between them and what holds closure.

        :param depth: how many links away; None: as far as the story goes, at most 20
        :return: `{"nodes", "edges", "gates", "truncated"}`.

            - nodes: `{"id", "model", "res_id", "kind", "icon", "lane", "rank", "number", "title", "detail",
              "date", "badge", "restricted", "root"}`. A restricted node has an id that means nothing outside
              this answer, the lane and rank of the record it was reached from, and nothing else.
            - edges: `{"source", "target", "label", "kind"}` between ids of nodes
            - gates: `{"source", "target", "text", "label", "open", "responsible", "due", "action"}`
            - truncated: there is more than is shown
        :raise AccessError: the person may not read this record
        :raise UserError: more than one record, or a depth that is no number of links
        """
        return self._trace_start()._trace_graph(self._trace_depth(depth))

    def _trace_start(self):
        """This one record, readable."""
        if len(self) != 1:
            raise UserError(self.env._("A trace starts from one record."))
        record = self._trace_clean()
        if not self.env.su and not self.env.user._is_internal():
            raise AccessError(record.env._("A trace is for the people of the house."))
        record.check_access("read")
        return record

    def _trace_clean(self):
        """The records with nothing in the context but language, time zone and companies.

        What a client sends along decides neither what is found nor how. Archived records are part of the story.
        """
        context = {"active_test": False}
        for name, right in (("lang", str), ("tz", str), ("allowed_company_ids", (list, tuple))):
            value = self.env.context.get(name)
            if not value:
                continue
            if not isinstance(value, right) or (right is not str and not all(type(id_) is int for id_ in value)):
                # The environment would trip over it while it writes this very message.
                clean = self.env(context={})
                raise UserError(clean._("“%(name)s” in the context is not what it should be.", name=name))
            context[name] = value
        return self.with_env(self.env(context=context))

    def _trace_depth(self, depth):
        if depth is None or depth is False:
            return TRACE_DEPTH
        if type(depth) is not int or not 0 <= depth <= MAX_DEPTH:
            raise UserError(
                self._trace_clean().env._(
                    "How far a trace goes is a whole number of links from 0 to %(most)s.", most=MAX_DEPTH
                )
            )
        return depth

    def _compute_trace_count(self):
        """How many records hang on each one directly."""
        saved = self._origin
        linked = saved._trace_clean()._trace_neighbours() if saved else {}
        for record in self:
            record.trace_count = len(linked.get(record._origin.id, ()))
