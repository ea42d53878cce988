from odoo import fields, models


class SqmsLedgerCheckLine(models.TransientModel):
    _name = "sqms.ledger.check.line"
    _description = "Trouble in the Ledger"
    _order = "res_model, res_id"

    check_id = fields.Many2one("sqms.ledger.check", required=True, ondelete="cascade", index=True)
    res_model = fields.Char(string="Model")
    res_id = fields.Integer(string="Record", aggregator=None)
    seq = fields.Integer(string="Position", aggregator=None)
    kind = fields.Selection(
        [
            ("edited", "Entry edited"),
            ("removed", "Entries removed"),
            ("cut_off", "End cut off after the last anchor"),
            ("rewritten", "Written anew after the last anchor"),
            ("changed_outside", "Record changed past the ledger"),
            ("gone", "Record gone without an entry"),
        ],
        string="Trouble",
    )
    field_name = fields.Char(string="Field")
