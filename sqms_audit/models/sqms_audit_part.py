from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class SqmsAuditPart(models.AbstractModel):
    """What belongs to an audit and asks it before every change.

    1. It is written by the auditors of its audit, and by nobody else.
    2. It is written in the states of the audit that the model names, and never again after them.
    3. It stays with its audit.
    4. While somebody closes the audit, whoever writes a part waits and is then refused.
    """

    _name = "sqms.audit.part"
    _inherit = ["sqms.keep.mixin"]
    _description = "Part of an audit"

    _part_states = ("planned", "in_progress")

    audit_id = fields.Many2one("sqms.audit", required=True, index=True, ondelete="restrict")
    audit_state = fields.Selection(
        related="audit_id.state", string="State of the audit", export_string_translation=False
    )
    user_may_audit = fields.Boolean(
        related="audit_id.user_may_audit", related_sudo=False, export_string_translation=False
    )

    def _create(self, data_list):
        # Defaults from the context and from ir.default are merged below `create`.
        audits = self.env["sqms.audit"].browse({data["stored"].get("audit_id") for data in data_list} - {None, False})
        self._guard_audits(audits, self._part_states)
        return super()._create(data_list)

    def write(self, vals):
        if "audit_id" in vals and any(part.audit_id.id != vals["audit_id"] for part in self):
            raise UserError(
                self.env._(
                    "%(record)s stays with %(audit)s.",
                    record=self[:1].display_name,
                    audit=self[:1].audit_id.display_name,
                )
            )
        self._guard_part(set(vals) - {"audit_id"})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._guard_audits(self.audit_id, self._part_states)

    def _guard_part(self, names):
        """Refuse to write the named fields if the audit or the person is not the right one."""
        if names:
            self._guard_audits(self.audit_id, self._part_states)

    def _guard_audits(self, audits, states, answer=False):
        """Refuse unless the audits are in these states and the person sits on the right side of the table."""
        if not audits:
            return
        self._lock_audits(audits)
        for audit in audits:
            # A reader without access to the audit is told so by its rules, not by this guard.
            state = audit.sudo().state
            if state not in states:
                raise AccessError(
                    self.env._(
                        "%(audit)s is “%(state)s”: what belongs to it cannot be changed.",
                        audit=audit.sudo().display_name,
                        state=audit._workflow_state_label(state),
                    )
                )
            if answer and not audit.user_may_answer:
                raise AccessError(
                    self.env._("Only the audited of %(audit)s answer its findings.", audit=audit.sudo().display_name)
                )
            if not answer and not audit.user_may_audit:
                raise AccessError(
                    self.env._("Only the auditors of %(audit)s may change this.", audit=audit.sudo().display_name)
                )

    def _lock_audits(self, audits):
        # Nobody else sees yet what this transaction has created.
        audits = audits.filtered(lambda audit: audit.sudo().create_date != self.env.cr.now())
        if not audits:
            return
        self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR SHARE",
                SQL.identifier(audits._table),
                tuple(audits.ids),
            )
        )
