from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink
from .sqms_trace_mixin import MAX_NODES

_lt = LazyTranslate(__name__)

FURTHER = "source_ids"


class SqmsNonconformityTrace(models.Model):
    """A nonconformity in the story: between what raised it and its causes.

    Further sources are rows of their own; the thread runs through them to the records that they name.
    """

    _name = "sqms.nonconformity"
    _inherit = ["sqms.nonconformity", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["nonconformity"]
    _trace_icon = "fa-exclamation-circle"
    _trace_links = (
        TraceLink("res_id", model_field="res_model", label=_lt("raised"), direction="from"),
        TraceLink(FURTHER, model_field="res_model", label=_lt("raised"), direction="from"),
    )

    def _trace_cards(self):
        cards = super()._trace_cards()
        grades = dict(self._fields["grade"]._description_selection(self.env))
        held = set()
        if any(nc.state == "effective" for nc in self):
            held = {gate["target"].id for gate in self._closing_gates() if gate["open"]}
        for nc in self:
            cards[nc.id].update(
                date=nc.found_at,
                detail=" · ".join((self._trace_day(nc.found_at), grades[nc.grade])),
                badge=nc._trace_badge(nc.id in held),
            )
        return cards

    def _trace_badge(self, is_held):
        label = self._workflow_state_label()
        if self.state == "closed":
            return {"text": label, "tone": "success", "icon": "fa-check"}
        if self.state == "dismissed":
            return {"text": label, "tone": "secondary", "icon": "fa-ban"}
        if is_held:
            return {"text": self.env._("Held open"), "tone": "warning", "icon": "fa-lock"}
        return {"text": label, "tone": "info" if self.state == "effective" else "warning", "icon": "fa-clock-o"}

    def _trace_gates(self):
        open_ones = self.filtered(lambda nc: nc.state not in ("closed", "dismissed"))
        return super()._trace_gates() + open_ones._closing_gates()

    # -- the rows between ----------------------------------------------------------

    def _trace_named_generic(self, link):
        if link.path != FURTHER:
            return super()._trace_named_generic(link)
        rows = (
            self.env["sqms.nonconformity.source"]
            .sudo()
            .search_fetch(
                [("nonconformity_id", "in", self.ids)], ["nonconformity_id", "res_model", "res_id"], order="id"
            )
        )
        return self._trace_source_pairs(rows)

    def _trace_holders(self, link, records):
        if link.path != FURTHER:
            return super()._trace_holders(link, records)
        rows = (
            self.env["sqms.nonconformity.source"]
            .sudo()
            .search_fetch(
                [("res_model", "=", records._name), ("res_id", "in", records.ids)],
                ["nonconformity_id", "res_model", "res_id"],
                order="id",
                limit=MAX_NODES + 1,
            )
        )
        return self._trace_source_pairs(rows), len(rows) > MAX_NODES

    def _trace_source_pairs(self, rows):
        ids = {}
        for row in rows:
            if self._trace_is_traced(row.res_model):
                ids.setdefault(row.res_model, []).append(row.res_id)
        there = {(name, id_) for name, of_model in ids.items() for id_ in self.env[name].browse(of_model).exists().ids}
        return [
            ((self._name, row.nonconformity_id.id), (row.res_model, row.res_id))
            for row in rows
            if (row.res_model, row.res_id) in there
        ]
