from odoo import models
from odoo.exceptions import UserError

from .helpdesk_ticket import OPEN_STATES


class HelpdeskTicketMergeScreen(models.Model):
    """What people see of merges: the way in, the preview, the way back."""

    _inherit = "helpdesk.ticket"

    def _complaint_further_buttons(self):
        buttons = super()._complaint_further_buttons()
        if self.id and self.complaint_state in OPEN_STATES and self._workflow_may_write():
            buttons.append(self._complaint_button("action_merge", self.env._("Merge"), rare=True))
        return buttons

    def action_merge(self, other_id=None):
        """Open the preview of a merge with another complaint."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Complaints"),
            "res_model": "sqms.complaint.merge.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_ticket_id": self.id, "default_other_id": other_id or False},
        }

    def action_merge_undo(self):
        """Ask why the merge of this complaint is undone."""
        self.ensure_one()
        if self.complaint_state != "merged":
            raise UserError(self.env._("%s is not merged.", self.number))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo the Merge"),
            "res_model": "sqms.complaint.merge.undo",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def action_open_merged(self):
        """What was merged into this complaint."""
        self.ensure_one()
        merged = self.with_context(active_test=False).search([("complaint_merged_into_id", "=", self.id)])
        return merged.action_open_complaint() if len(merged) == 1 else self._action_list_of_complaints(merged)

    def _action_list_of_complaints(self, complaints):
        """These complaints in their own list, each opening in its own form."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.helpdesk_ticket_action_complaint")
        views = [
            (self.env.ref(f"sqms_complaint.helpdesk_ticket_view_{kind}_complaint").id, kind)
            for kind in ("list", "form")
        ]
        return {
            **action,
            "views": views,
            "domain": [("id", "in", complaints.ids)],
            "context": {"create": False, "active_test": False},
        }

    def action_open_merged_into(self):
        self.ensure_one()
        self.complaint_merged_into_id.check_access("read")
        return self.complaint_merged_into_id.action_open_complaint()

    def _complaint_merge_preview(self, is_same_customer):
        """[{"moves", "text"}]: what would go to the other complaint, and what would stay."""
        self.ensure_one()
        counts = {kind.name: number for kind, number in self._complaint_merge_count(is_same_customer)}
        rows, stays = [], []
        for kind in self._complaint_merge_kinds():
            label = self.env._(kind.label)
            if kind.name not in counts:
                stays.append(label)
            elif counts[kind.name]:
                text = self.env._("%(what)s: %(number)s", what=label, number=counts[kind.name])
                rows.append({"moves": True, "text": text})
        rows.append(
            {
                "moves": True,
                "text": self.env._("Who follows it") if is_same_customer else self.env._("Colleagues who follow it"),
            }
        )
        if is_same_customer:
            rows.append({"moves": True, "text": self.env._("The customer, whose number and code lead on")})
        stays = [
            *stays,
            self.env._("Its number, its steps and what the system has noted"),
            self.env._("Its deadlines: they stop"),
            self.env._("Nonconformities and costs that came of it"),
        ]
        return rows + [{"moves": False, "text": text} for text in stays]
