from odoo import models
from odoo.exceptions import UserError

from ..lib import manifest as manifests


class SqmsWorkflowMixinSignatureShow(models.AbstractModel):
    """What the dialog of a signed step shows, and whose signature a record waits for."""

    _inherit = "sqms.workflow.mixin"

    def _signature_dialog(self, step):
        return {
            "type": "ir.actions.client",
            "tag": "sqms_sign",
            "name": self._signature_words("title")[step.signature],
            "target": "new",
            "params": {"model": self._name, "ids": self.ids, "step": step.name},
        }

    def signature_sheet(self, name):
        """Everything the dialog shows before a step is signed: what, with which meaning, by whom.

        :raise UserError: as `action_transition`
        """
        step = self._workflow_step(name)
        if not step.signature:
            raise UserError(self.env._("“%(step)s” is not signed.", step=self.env._(step.label)))
        records = self.sudo(False)
        records._signature_refuse_early(step)
        manifest = records._signature_manifest(step.signature)
        digests = {id_: manifests.digest(manifests.canonical(what)) for id_, what in manifest.items()}
        facts = records._signature_facts()
        statements = records._signature_statements(step.signature)
        words = {kind: self._signature_words(kind) for kind in ("label", "note", "title")}
        return {
            "title": words["title"][step.signature],
            "records": [
                {
                    "id": record.id,
                    "name": record.display_name,
                    "facts": facts.get(record.id, ""),
                    "digest": digests[record.id],
                    "short": manifests.short(digests[record.id]),
                    "statement": statements[record.id],
                }
                for record in records
            ],
            "meaning": {
                "key": step.signature,
                "label": words["label"][step.signature],
                "note": words["note"][step.signature],
            },
            "others": records._signature_other_meanings(step) if len(records) == 1 else [],
            "signer": self._signature_signer(),
            **self.env["sqms.signature"]._signing_state(),
        }

    def _signature_other_meanings(self, step):
        """The other meanings of this record: `[{key, label, state, names, reason}]`."""
        self.ensure_one()
        labels = self._signature_words("label")
        given = self._signature_given().get(self.id, [])
        others = []
        for meaning in dict.fromkeys(other.signature for other in self._workflow if other.signature):
            if meaning == step.signature:
                continue
            rows = [row for row in given if row["meaning"] == meaning]
            asked = self._signature_asked(meaning)
            if rows:
                row = rows[-1]
                others.append({"key": meaning, "label": labels[meaning], **self._signature_card(row)})
            elif self.id in asked:
                names = ", ".join(asked[self.id].sudo().mapped("name"))
                note = self.env._("reserved for %(names)s", names=names) if names else self.env._("not signed yet")
                others.append({"key": meaning, "label": labels[meaning], "state": "asked", "note": note})
        return others

    def _signature_card(self, row):
        if row["state"] == "void":
            note = self.env._("%(name)s, VOID: %(reason)s", name=row["name"], reason=row["reason"])
        else:
            note = self.env._("signed by %(name)s", name=row["name"])
        return {"state": row["state"], "note": note}

    def _signature_asked(self, meaning):
        """`{record id: users}` whose signature is asked for; no users where anybody with the role may sign.

        Records that ask for no such signature are left out.
        """
        return dict.fromkeys(self.ids, self.env["res.users"])

    def _signature_still_asked(self):
        self.ensure_one()
        labels = self._signature_words("label")
        states = list(dict(self._fields[self._workflow_field]._description_selection(self.env)))
        present = self[self._workflow_field]
        rows = []
        for step in self._workflow:
            ahead = any(states.index(state) >= states.index(present) for state in step.source)
            if not step.signature or not present or not ahead:
                continue
            asked = self._signature_asked(step.signature)
            if self.id not in asked:
                continue
            # One after the other, in the order of the declaration.
            is_due = present in step.source and not any(
                row["state"] == "due" and row["meaning"] != step.signature for row in rows
            )
            users = asked[self.id].sudo()
            rows.append(
                {
                    "user": users[:1].id or False,
                    "name": ", ".join(users.mapped("name")) or self.env._("not named yet"),
                    "is_me": self.env.user in users,
                    "meaning": step.signature,
                    "label": labels[step.signature],
                    "state": "due" if is_due else "later",
                }
            )
        return rows
