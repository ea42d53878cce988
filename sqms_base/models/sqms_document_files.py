from markupsafe import Markup

from odoo import models

from ..lib import file_check


class SqmsDocumentFiles(models.Model):
    _inherit = "sqms.document"

    _sqms_check_files = True

    def _process_attachments_for_post(self, attachments, attachment_ids, message_values):
        attachments = without_refused_files(self, attachments, message_values)
        return super()._process_attachments_for_post(attachments, attachment_ids, message_values)


def without_refused_files(records, attachments, message_values):
    """What a mail brings along: its words are kept, a file that is not taken is named instead."""
    files = records.env["ir.attachment"]
    kept, refused = [], []
    for attachment in attachments or ():
        name, content = attachment[:2]
        content = content.encode() if isinstance(content, str) else content
        verdict = file_check.check(name, content, files._sqms_file_limit())
        if verdict.reason:
            refused.append((verdict.name, files._sqms_file_reason(verdict.reason)))
        else:
            kept.append(attachment)
    if refused:
        note = Markup("").join(
            Markup("<p>%s</p>") % records.env._("%(file)s was left out: %(reason)s", file=name, reason=reason)
            for name, reason in refused
        )
        message_values["body"] = Markup("%s%s") % (message_values.get("body") or "", note)
    return kept
