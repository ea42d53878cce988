from collections import defaultdict

from odoo import api, models

AT_ONCE = 1000


class SqmsReminderMixin(models.AbstractModel):
    """Records of which their owner is told by an activity when something falls due.

    1. Whoever is no colleague any more, or may not read the record, is not told.
    2. Another owner takes the open activities over.
    """

    _name = "sqms.reminder.mixin"
    _description = "Owner Is Told in Time"

    _reminder_activity_type = ""  # XML id

    @api.model
    def _reminder_type(self):
        return self.env.ref(self._reminder_activity_type, raise_if_not_found=False) or self.env["mail.activity.type"]

    def _remind_owners(self, deadlines, summary):
        """One activity for each record, set-based.

        :param deadlines: `{record id: day}`
        :param summary: method that takes an environment in the language of the reader and gives the words
        :return: the records whose owner was told
        """
        activity_type = self._reminder_type()
        model_id = self.env["ir.model"]._get_id(self._name)
        by_owner = defaultdict(self.browse)
        for record in self.sudo():
            if record.owner_id.active and not record.owner_id.share:
                by_owner[record.owner_id] |= record
        rows = [
            {
                "res_model_id": model_id,
                "res_id": record.id,
                "activity_type_id": activity_type.id,
                "summary": summary(self.with_context(lang=owner.lang).env),
                "user_id": owner.id,
                "automated": True,
                "date_deadline": deadlines[record.id],
            }
            for owner, records in by_owner.items()
            for record in records.with_user(owner)
            .with_context(allowed_company_ids=owner.company_ids.ids)
            ._filtered_access("read")
            .sudo()
        ]
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(rows)
        return self.browse(row["res_id"] for row in rows)

    def _open_reminders(self):
        return self.env["mail.activity"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("automated", "=", True),
             ("activity_type_id", "=", self._reminder_type().id)]
        )  # fmt: skip

    def _close_reminders(self):
        reminders = self._open_reminders()
        if reminders:
            reminders.action_feedback()

    def write(self, vals):
        result = super().write(vals)
        if vals.get("owner_id"):
            self._open_reminders().write({"user_id": vals["owner_id"]})
        return result
