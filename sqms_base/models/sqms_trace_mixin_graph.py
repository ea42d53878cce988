from odoo import fields, models

from .sqms_trace_mixin import TONES


class SqmsTraceMixinGraph(models.AbstractModel):
    """The graph as plain data, with nothing in it of what the person may not read."""

    _inherit = "sqms.trace.mixin"

    def _trace_graph(self, depth):
        known, edges, truncated = self._trace_walk(depth)
        readable = self._trace_readable_of(known)
        ids = self._trace_node_ids(known)
        return {
            "nodes": self._trace_nodes(known, readable, ids),
            "edges": [
                {
                    "source": ids[source],
                    "target": ids[target],
                    # The words at the line would tell what the other end is.
                    **self._trace_edge_words(link, known[source][0] and known[target][0]),
                }
                for (source, target), link in edges.items()
            ],
            "gates": self._trace_gates_of(known, readable, ids),
            "truncated": truncated,
        }

    def _trace_edge_words(self, link, is_open):
        if not is_open:
            return {"label": "", "kind": ""}
        return {"label": str(self.env._(link.label)) if link.label else "", "kind": link.kind}

    def _trace_node_ids(self, known):
        """`{key: id in the answer}`; restricted ones are counted through, so that no number gets out."""
        ids, hidden = {}, 0
        for (name, id_), (readable, _start) in known.items():
            if not readable:
                hidden += 1
            ids[name, id_] = f"{name},{id_}" if readable else f"restricted,{hidden}"
        return ids

    def _trace_nodes(self, known, readable, ids):
        cards = {}
        for name, records in readable.items():
            kind = records._trace_kind()
            for id_, card in records._trace_cards().items():
                cards[name, id_] = {"kind": kind, "icon": records._trace_icon, **card}
        nodes = []
        for key, (is_readable, start) in known.items():
            place = key if is_readable else start
            node = {
                "id": ids[key],
                "model": key[0] if is_readable else False,
                "res_id": key[1] if is_readable else False,
                "lane": self.env[place[0]]._trace_lane,
                "rank": self.env[place[0]]._trace_rank,
                "restricted": not is_readable,
                "root": start is None,
            }
            nodes.append({**node, **self._trace_card(cards.get(key) if is_readable else None)})
        return nodes

    def _trace_card(self, card):
        if card is None:
            return {
                "kind": self.env._("Restricted"), "icon": "fa-lock", "number": "", "title": "", "detail": "",
                "date": False, "badge": False,
            }  # fmt: skip
        badge = card.get("badge")
        return {
            **{name: str(card.get(name) or "") for name in ("kind", "icon", "number", "title", "detail")},
            "date": self._trace_iso(card.get("date")),
            "badge": badge and {
                "text": str(badge.get("text") or ""),
                "tone": badge.get("tone") if badge.get("tone") in TONES else "secondary",
                "icon": str(badge.get("icon") or ""),
            },
        }  # fmt: skip

    def _trace_iso(self, day):
        return fields.Date.to_string(self._trace_local_day(day)) if day else False

    # -- gates ------------------------------------------------------------------

    def _trace_gates_of(self, known, readable, ids):
        gates = [gate for records in readable.values() for gate in records._trace_gates()]
        people = self._trace_names([gate.get("responsible") for gate in gates])
        result = []
        for gate in gates:
            source = (gate["source"]._name, gate["source"].id)
            target = (gate["target"]._name, gate["target"].id) if gate.get("target") else None
            if source not in known:
                continue
            is_open_book = known[source][0] and (target is None or self._trace_is_readable(target, known))
            result.append(
                {
                    "source": ids[source],
                    "target": ids.get(target, False),
                    "open": bool(gate["open"]),
                    **(self._trace_gate_words(gate, people) if is_open_book else self._trace_gate_restricted()),
                }
            )
        return result

    def _trace_is_readable(self, key, known):
        """What is not in the picture may be named by a gate only if the person could open it."""
        if key in known:
            return known[key][0]
        return bool(self._trace_readable(self.env[key[0]].browse(key[1])))

    def _trace_gate_words(self, gate, people):
        action = gate.get("action")
        return {
            "text": str(gate["text"]),
            "label": str(gate.get("label") or ""),
            "responsible": people.get(gate["responsible"].id, False) if gate.get("responsible") else False,
            "due": self._trace_iso(gate.get("due")),
            "action": {"method": str(action["method"]), "label": str(action["label"])} if action else False,
        }

    def _trace_gate_restricted(self):
        return {
            "text": self.env._("Held by something that you may not read."),
            "label": self.env._("Restricted"),
            "responsible": False,
            "due": False,
            "action": False,
        }

    def _trace_names(self, users):
        """`{user id: {"id", "name"}}` of those that the person may read."""
        users = self.env["res.users"].union(*filter(None, users))._filtered_access("read")
        return {user.id: {"id": user.id, "name": user.name} for user in users}
