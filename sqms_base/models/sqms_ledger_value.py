from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class SqmsLedgerValue(models.Model):
    """Personal values that the ledger knows of, beside the signed text and not in it.

    The text holds a digest of salt and value. Both can be erased: the chain stays valid, and without the salt
    nobody can find out, by trying, what the digest stood for. Read by the ledger alone.
    """

    _name = "sqms.ledger.value"
    _description = "Personal Value in the Ledger"
    _log_access = False

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    seq = fields.Integer(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    side = fields.Char(required=True, readonly=True)  # old, new, note
    salt = fields.Char(readonly=True)
    value = fields.Text(readonly=True)
    erased_at = fields.Datetime(readonly=True)

    _entry_unique = models.UniqueIndex("(res_model, res_id, seq, name, side)")

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()

    def write(self, vals):
        self._refuse()

    def unlink(self):
        self._refuse()

    def copy(self, default=None):
        self._refuse()

    def _refuse(self):
        raise AccessError(self.env._("The ledger keeps its values itself."))

    @api.model
    def _insert(self, values):
        """:param values: list of (model, record id, position, name, side, salt, value)"""
        if values:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO sqms_ledger_value (res_model, res_id, seq, name, side, salt, value) VALUES %s",
                    SQL(", ").join(values),
                )
            )
