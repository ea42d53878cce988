from odoo import api, models
from odoo.tools import SQL


class SqmsPrivacyHold(models.AbstractModel):
    """What speaks against erasing the rows that were found."""

    _inherit = "sqms.privacy"

    @api.model
    def _obstacles(self, open_too=True):
        """`[(root, model, record id, reason)]`: legal holds, and what the models themselves say.

        A model says so in `_privacy_obstacles(open_too)`: `{record id: reason}` of its records.

        :param open_too: whether it is an obstacle that something is still open
        """
        found = []
        holds = self.env["sqms.legal.hold"].sudo()
        held = holds._held_models()
        if held:
            self.env.cr.execute(
                """
                SELECT r.root, r.model, r.id, min(h.id) FROM sqms_privacy_row r
                  JOIN sqms_legal_hold_line l ON l.res_model = r.model AND l.res_id = r.id
                  JOIN sqms_legal_hold h ON h.id = l.hold_id AND h.state = 'active'
              GROUP BY 1, 2, 3
             UNION ALL
                SELECT p.root, 'res.partner', l.partner_id, min(h.id) FROM sqms_privacy_root p
                  JOIN sqms_legal_hold_line l ON l.partner_id = ANY(p.partners)
                  JOIN sqms_legal_hold h ON h.id = l.hold_id AND h.state = 'active'
              GROUP BY 1, 2, 3
                """
            )
            for root, model, id_, hold_id in self.env.cr.fetchall():
                name = self.env._("legal hold %s", holds.browse(hold_id).display_name)
                found.append((root, model, id_, name))
        for model in self._found():
            if model in self.env and hasattr(self.env[model], "_privacy_obstacles"):
                self.env.cr.execute(SQL("SELECT id, root FROM sqms_privacy_row WHERE model = %s AND own", model))
                roots = dict(self.env.cr.fetchall())
                reasons = self.env[model].sudo().browse(roots)._privacy_obstacles(open_too)
                found += [(roots[id_], model, id_, reason) for id_, reason in reasons.items()]
        return found

    @api.model
    def _leave_roots(self, roots):
        """Forget what was found of these; the others go on."""
        if roots:
            for table in ("sqms_privacy_row", "sqms_privacy_root"):
                self.env.cr.execute(SQL("DELETE FROM %s WHERE root = ANY(%s)", SQL.identifier(table), sorted(roots)))
