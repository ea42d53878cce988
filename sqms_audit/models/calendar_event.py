from odoo import api, fields, models
from odoo.exceptions import AccessError

MEETINGS = [("opening", "Opening meeting"), ("closing", "Closing meeting")]


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    audit_id = fields.Many2one("sqms.audit", index="btree_not_null", copy=False, ondelete="set null")
    audit_meeting = fields.Selection(MEETINGS, string="Meeting of the audit", copy=False)

    @api.constrains("audit_id")
    def _check_audit(self):
        """Only the auditors of an audit tie meetings to it."""
        # Constraints run as superuser; the question is who is at the keyboard.
        for audit in self.audit_id.with_user(self.env.uid):
            if not audit.user_may_audit:
                raise AccessError(
                    self.env._(
                        "Only the auditors of %(audit)s may tie meetings to it.", audit=audit.sudo().display_name
                    )
                )
