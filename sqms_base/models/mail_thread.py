from odoo import api, models

from ..lib.system_choice import system_choice


class MailThread(models.AbstractModel):
    """A mail never moves a record with a workflow, and is never lost because it wanted to.

    A refusal in the mail gateway would disable the alias and bounce the customer's mail: what the alias or
    the mail must not set is left out, and the record says so.
    """

    _inherit = "mail.thread"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        values, refused = self._mail_values(custom_values)
        # Whom a mail brings along nobody has named: see `sqms.eligibility.mixin`.
        with system_choice(self._name):
            thread = super().message_new(msg_dict, values)
        thread._note_refused_by_mail(refused)
        return thread

    def message_update(self, msg_dict, update_vals=None):
        values, refused = self._mail_values(update_vals)
        with system_choice(self._name):
            result = super().message_update(msg_dict, values)
        self._note_refused_by_mail(refused)
        return result

    def _mail_values(self, values):
        """The values that a mail may write, and the names of those it may not."""
        refused = self._refused_by_mail(values) if values else ()
        return ({name: value for name, value in values.items() if name not in refused} if refused else values), refused

    def _refused_by_mail(self, values):
        """Names among the values that no mail writes on these records; each mechanism adds its own."""
        return set()

    def _note_refused_by_mail(self, names):
        if names:
            labels = [self._fields[name]._description_string(self.env) for name in sorted(names)]
            self._message_log_batch(
                {
                    thread.id: self.env._(
                        "Left as it is, a mail does not change it: %(fields)s", fields=", ".join(labels)
                    )
                    for thread in self
                }
            )
