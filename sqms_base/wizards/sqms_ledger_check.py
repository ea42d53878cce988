from odoo import api, fields, models


class SqmsLedgerCheck(models.TransientModel):
    """Check the ledger from within, and take home what it is checked with from without."""

    _name = "sqms.ledger.check"
    _description = "Check of the Ledger"

    checked_at = fields.Datetime(readonly=True)
    line_ids = fields.One2many("sqms.ledger.check.line", "check_id", string="Troubles", readonly=True)
    trouble_count = fields.Integer(string="Troubles Found", readonly=True)
    hidden_count = fields.Integer(readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True)
    last_anchor = fields.Char(compute="_compute_last_anchor")

    @api.depends("checked_at")
    def _compute_last_anchor(self):
        anchor = self.env["sqms.ledger.anchor"].search([], limit=1)
        for check in self:
            check.last_anchor = anchor.display_name if anchor else self.env._("None yet")

    def action_check(self):
        """The first trouble of each chain, of the records that the person may read; of others only how many."""
        self.ensure_one()
        entries = self.env["sqms.ledger.entry"]
        troubles = entries.sudo()._check_ledger()
        mine = {}
        for name in {trouble[0] for trouble in troubles}:
            ids = [id_ for model, id_, *_rest in troubles if model == name]
            rows = entries._read_group([("res_model", "=", name), ("res_id", "in", ids)], ["res_id"])
            mine[name] = {id_ for (id_,) in rows}
        shown = [trouble for trouble in troubles if trouble[1] in mine[trouble[0]]]
        self.write(
            {
                "checked_at": fields.Datetime.now(),
                "entry_count": self._count_entries(),
                "trouble_count": len(troubles),
                "hidden_count": len(troubles) - len(shown),
                "line_ids": [
                    fields.Command.clear(),
                    *[
                        fields.Command.create(
                            {"res_model": model, "res_id": id_, "seq": seq, "kind": kind, "field_name": name}
                        )
                        for model, id_, seq, kind, name in shown
                    ],
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("Check of the Ledger"),
        }

    def _count_entries(self):
        return self.env["sqms.ledger.entry"].search_count([])

    def action_export(self):
        self.env["sqms.ledger.entry"]._check_may_export()
        return {"type": "ir.actions.act_url", "url": "/sqms/ledger/export", "target": "download"}

    def action_verifier(self):
        return {"type": "ir.actions.act_url", "url": "/sqms/ledger/verify_ledger.py", "target": "download"}

    def action_anchor(self):
        return self.env["sqms.ledger.anchor"].action_anchor_now()
