from odoo import models
from odoo.fields import Domain

ROWS_MAX = 200


class SqmsLedgerMixinScreen(models.AbstractModel):
    """What the tab “History” asks for."""

    _inherit = "sqms.ledger.mixin"

    def sqms_history_rows(self, before=None, limit=20):
        """A page of the history of the record, newest first, as far as the user may read it.

        :param before: only positions below this one
        :return: dict with rows, more (whether there are older ones), anchored (position, number and date of the
            last anchor of this record, or nothing) and may_export
        """
        entries = self.sqms_history()
        limit = max(1, min(int(limit), ROWS_MAX))
        domain = Domain("id", "in", entries.ids)
        if before:
            domain &= Domain("seq", "<", int(before))
        page = entries.search(domain, order="seq desc", limit=limit + 1)
        return {
            "rows": page[:limit]._rows_for_screen(),
            "more": len(page) > limit,
            "anchored": self.env["sqms.ledger.head"].sudo()._anchor_of(self),
            "may_export": self.env.user.has_group("sqms_base.group_sqms_manager"),
        }
