from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate, clean_context

from ..lib.workflow_pass import workflow_fields
from .sqms_feedback import OFFICER

_lt = LazyTranslate(__name__)


class SqmsFeedbackConversion(models.Model):
    """What feedback becomes: an improvement, a nonconformity; an addon adds its own.

    1. Once: what was taken further is not taken further a second time.
    2. The words go along, and the process. Of who said it nothing goes along, but that a colleague who gave his name
       stays the one who proposed the improvement.
    3. Both ends lead to each other, and the thread shows it. What is noted of it in the chatter has no author.
    4. Confidential words do not leave the managers: they are not copied into a record that others read.
    """

    _inherit = "sqms.feedback"

    improvement_id = fields.Many2one(
        "sqms.improvement", readonly=True, copy=False, check_company=True, index="btree_not_null", ondelete="restrict"
    )
    nonconformity_id = fields.Many2one(
        "sqms.nonconformity", readonly=True, copy=False, check_company=True, index="btree_not_null", ondelete="restrict"
    )

    @api.model
    def _conversions(self):
        """What feedback can become: `{key: {"label", "method", "field"}}`.

        The method makes the record from one feedback and returns it; the field of the feedback keeps it. An addon
        adds to `super()`, and its field to `_workflow_managed`.
        """
        return {
            "improvement": {
                "label": _lt("Improvement"), "method": "_make_improvement", "field": "improvement_id",
            },
            "nonconformity": {
                "label": _lt("Nonconformity"), "method": "_make_nonconformity", "field": "nonconformity_id",
            },
        }  # fmt: skip

    def action_convert(self, key=None):
        """Take feedback further; the button says by its context what it becomes.

        :return: the action that opens the new record
        """
        self.ensure_one()
        self.check_access("write")
        conversion = self._conversions().get(key or self.env.context.get("feedback_becomes"))
        if not conversion or not (self.env.su or self.env.user.has_group(OFFICER)):
            raise UserError(self.env._("Feedback becomes one of the things that its buttons name."))
        # Two who press it at once: the second waits, and then finds it done.
        self._workflow_lock_rows()
        self.invalidate_recordset()
        refusal = self._conversion_refusal()
        if refusal:
            raise UserError(
                self.env._(
                    "%(feedback)s cannot be taken further: %(reason)s.", feedback=self.display_name, reason=refusal
                )
            )
        clean = self.with_env(self.env(context=clean_context(self.env.context)))
        record = getattr(clean, conversion["method"])()
        with workflow_fields(self, conversion["field"]):
            self[conversion["field"]] = record
        self.sudo().action_transition("convert")
        self._note_conversion(record)
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _conversion_refusal(self):
        """Why it is not taken further, or nothing."""
        if self.state not in ("received", "answered"):
            return self.env._("it is “%s”", self._workflow_state_label())
        if self.is_confidential:
            return self.env._("it is confidential, and what it becomes is read by others; deal with it here")
        return self._check_own_hands().get(self.id)

    def _conversion_values(self):
        """What goes along, whatever it becomes."""
        return {"name": self.name, "company_id": self.company_id.id, "process_id": self.process_id.id}

    def _make_improvement(self):
        """Proposed by the colleague who gave his name; by nobody of the house otherwise, so that no one is rewarded."""
        Improvement = self.env["sqms.improvement"]
        Improvement.check_access("create")
        author = self.staff_id or self.env.ref("base.user_root")
        improvement = Improvement.sudo().create(
            {**self._conversion_values(), "proposal": self.text, "author_id": author.id}
        )
        return improvement.with_env(self.env)

    def _nonconformity_values(self):
        """Also for whoever raises one by the action menu: confidential words stay here."""
        if self.is_confidential:
            return {"name": self.env._("Feedback %s", self.number), "process_id": self.process_id.id}
        return {**self._conversion_values(), "description": self.text}

    def _make_nonconformity(self):
        return self.env["sqms.nonconformity"].create_from(self)

    def _note_conversion(self, record):
        """A line at both ends, by nobody."""
        system = self.env.ref("base.partner_root")
        if "message_ids" in record._fields:
            record.sudo()._message_log(body=self.env._("Made of feedback %s.", self.number), author_id=system.id)
        self.sudo()._message_log(body=self.env._("Taken further: %s.", record.display_name), author_id=system.id)
