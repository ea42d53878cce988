from collections import Counter

from odoo import api, fields, models
from odoo.tools import format_date

from .sqms_action import LASTING, OPEN

VERIFIED = ("verified", "effective", "ineffective")
# An edition that came into force once has arrived, also when a later one has taken its place.
ARRIVED = ("superseded",)


class SqmsNonconformityAction(models.Model):
    """What a nonconformity waits for before it is closed, as far as its actions go: said by name, and by day.

    1. Something lasting is done about it in the present cycle.
    2. Of each action of the present cycle: what is missing, who is to do it, until when.
    3. Every edition that an action brings is in force, and read by everybody who is asked to.
    """

    _inherit = "sqms.nonconformity"

    action_count = fields.Integer(string="Actions in All", compute="_compute_action_summary")
    action_summary = fields.Char(string="Actions Verified", compute="_compute_action_summary")
    version_count = fields.Integer(string="Editions in All", compute="_compute_version_count")

    @api.depends("action_ids.state")
    @api.depends_context("lang")
    def _compute_action_summary(self):
        rows = (
            self.env["sqms.action"]
            .sudo()
            ._read_group(
                [("nonconformity_id", "in", self._origin.ids), ("state", "!=", "cancelled")],
                ["nonconformity_id", "state"],
                ["__count"],
            )
        )
        total, verified = Counter(), Counter()
        for nonconformity, state, count in rows:
            total[nonconformity.id] += count
            verified[nonconformity.id] += count if state in VERIFIED else 0
        for record in self:
            id_ = record._origin.id
            record.action_count = total[id_]
            record.action_summary = (
                self.env._("%(verified)s of %(total)s verified", verified=verified[id_], total=total[id_])
                if total[id_]
                else ""
            )

    def action_open_actions(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_action_action"),
            "domain": [("nonconformity_id", "=", self.id)],
            "context": {"default_nonconformity_id": self.id, "search_default_open": 0},
        }

    @api.depends("action_ids.version_ids", "action_ids.state")
    @api.depends_context("uid")
    def _compute_version_count(self):
        editions = self._brought_editions()
        for record in self:
            record.version_count = len(editions.get(record._origin.id, ()))

    def _brought_editions(self):
        """`{id: ids of the editions}` that the actions bring and the person may read; three queries for all."""
        actions = (
            self.env["sqms.action"]
            .sudo()
            .search_fetch(
                [("nonconformity_id", "in", self._origin.ids), ("state", "!=", "cancelled")],
                ["nonconformity_id", "version_ids"],
            )
        )
        readable = set(actions.version_ids.with_env(self.env)._filtered_access("read").ids)
        return {
            nonconformity.id: readable.intersection(own.version_ids.ids)
            for nonconformity, own in actions.grouped("nonconformity_id").items()
        }

    def action_open_editions(self):
        """The editions that its actions bring."""
        self.ensure_one()
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_document_version_action"),
            "domain": [("id", "in", sorted(self._brought_editions().get(self.id, ())))],
            "context": {"create": False},
        }

    def action_add_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Action"),
            "res_model": "sqms.action",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_nonconformity_id": self.id,
                "default_company_id": self.company_id.id,
                "default_cause_ids": self.cause_ids.filtered(lambda cause: cause.verdict == "root").ids,
            },
        }

    # -- what holds closure ----------------------------------------------------------

    def _closing_gates(self):
        gates = super()._closing_gates()
        actions = (
            self.env["sqms.action"]
            .sudo()
            .search([("nonconformity_id", "in", self.ids), ("state", "!=", "cancelled")], order="id")
        )
        by_record = actions.grouped("nonconformity_id")
        for nonconformity in self:
            own = by_record.get(nonconformity.sudo(), actions.browse())
            present = own.filtered(lambda action, nc=nonconformity: action.cycle == nc.sudo().cycle)
            gates.append(nonconformity._gate_of_lasting(present))
            gates += [nonconformity._gate_of_action(action) for action in present]
            gates += [
                nonconformity._gate_of_edition(action, version) for action in own for version in action.version_ids
            ]
        return gates

    def _gate_of_lasting(self, actions):
        record = self.sudo()
        lasting = actions.filtered(lambda action: action.kind in LASTING)
        words = {"number": record.number, "cycle": record.cycle}
        if lasting:
            text = self.env._("An action keeps %(number)s from coming back.", **words)
        elif record.cycle > 1:
            text = self.env._(
                "%(number)s has no action yet that keeps it from coming back, in cycle %(cycle)s.", **words
            )
        else:
            text = self.env._("%(number)s has no action yet that keeps it from coming back.", **words)
        return {
            "source": self,
            "target": self,
            "text": text,
            "label": self.env._("a corrective or preventive action"),
            "open": not lasting,
            "responsible": record.owner_id.with_env(self.env),
            "due": False,
            "action": {"method": "action_add_action", "label": self.env._("Add Action")},
            "sequence": 45,
        }

    def _gate_of_action(self, action):
        """What is missing of an action; read with all rights, it names nothing but number, people and days."""
        owner = action.owner_id.name or self.env._("nobody")
        due, responsible, label, sequence = action.date_due, action.owner_id, action._workflow_state_label(), 50
        is_open = True
        if action.state in OPEN:
            text = self.env._(
                "%(number)s is not done yet (%(owner)s, due %(day)s).",
                number=action.number, owner=owner, day=self._day_words(due),
            )  # fmt: skip
        elif action.state == "done":
            due, responsible, label, sequence = False, action.verifier_id, self.env._("to be verified"), 40
            text = (
                self.env._("%(number)s waits to be verified by %(name)s.", number=action.number, name=responsible.name)
                if responsible
                else self.env._("%(number)s waits to be verified by somebody other than %(name)s.",
                                number=action.number, name=action.done_by_id.name or owner)
            )  # fmt: skip
        elif action.state == "ineffective":
            text = self.env._("%s did not help: another action is needed.", action.number)
        elif action.state == "verified" and action.kind in LASTING:
            due, responsible, sequence = action.date_check, action.verifier_id or action.verified_by_id, 60
            label = self.env._("effect to be checked")
            text = self.env._(
                "%(number)s is not yet proven to help: its check is due on %(day)s.",
                number=action.number, day=self._day_words(due),
            )  # fmt: skip
        else:
            is_open = False
            text = self.env._("%(number)s is verified by %(name)s.",
                              number=action.number, name=action.verified_by_id.name or "")  # fmt: skip
        return {
            "source": action.with_env(self.env),
            "target": self,
            "text": text,
            "label": label,
            "open": is_open,
            "responsible": responsible.with_env(self.env),
            "due": due,
            "action": {"method": "action_open_form", "label": self.env._("Open Action")},
            "sequence": sequence,
        }

    def _day_words(self, day):
        return format_date(self.env, day) if day else self.env._("no day")

    def _gate_of_edition(self, action, version):
        words = {"edition": version.display_name, "number": action.number}
        missing = version.reader_count - version.read_count if version.is_in_force else 0
        arrived = version.is_in_force or version.state in ARRIVED
        open_editions = {"method": "action_open_editions", "label": self.env._("Open Editions")}
        if not arrived:
            label, button = self.env._("not in force"), open_editions
            text = self.env._("%(edition)s, which %(number)s brings, is not in force.", **words)
        elif missing:
            label = self.env._(
                "%(missing)s of %(readers)s have not read it", missing=missing, readers=version.reader_count
            )
            text = self.env._(
                "%(missing)s of %(readers)s have not read %(edition)s, which %(number)s brings.",
                missing=missing, readers=version.reader_count, **words,
            )  # fmt: skip
            button = {"method": "action_open_readers", "label": self.env._("Who has read it")}
        else:
            label, button = self.env._("in force and read"), open_editions
            text = self.env._("%(edition)s, which %(number)s brings, is in force and read.", **words)
        return {
            "source": version.with_env(self.env),
            "target": self,
            "text": text,
            "label": label,
            "open": not arrived or bool(missing),
            "responsible": (version.owner_id or action.owner_id).with_env(self.env),
            "due": version.date_effective if not arrived else False,
            "action": button,
            "sequence": 55,
        }
