from odoo import models


class SqmsAuditChecklist(models.Model):
    """The questions of an audit: copied from a template, which may change afterwards, and opened as a list."""

    _inherit = "sqms.audit"

    def _load_template(self, template):
        """Add the questions of a template; those that are already there are left out."""
        self.ensure_one()
        present = set(self.line_ids.mapped("question"))
        last = max(self.line_ids.mapped("sequence"), default=0)
        questions = template.line_ids.filtered(lambda line: line.question not in present)
        return self.env["sqms.audit.line"].create(
            [
                {**line._prepare_audit_line_values(self), "sequence": last + position}
                for position, line in enumerate(questions, start=1)
            ]
        )

    def action_load_template(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Load Template"),
            "res_model": "sqms.audit.load.template",
            "view_mode": "form",
            "target": "new",
            "context": {"default_audit_id": self.id},
        }

    def action_open_checklist(self):
        """The questions one by one, with big answers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Checklist of %(audit)s", audit=self.number),
            "res_model": "sqms.audit.line",
            "view_mode": "list,form",
            "domain": [("audit_id", "=", self.id)],
            "context": {"default_audit_id": self.id, "create": self.state in ("planned", "in_progress")},
        }

    def action_open_findings(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_audit.sqms_audit_finding_action"),
            "domain": [("audit_id", "=", self.id)],
            "context": {"default_audit_id": self.id, "create": self.state == "in_progress"},
        }
