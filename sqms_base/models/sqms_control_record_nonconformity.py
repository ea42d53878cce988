from odoo import fields, models
from odoo.tools.i18n import format_list

from ..lib.control_limits import OUT, worst
from ..lib.workflow_pass import workflow_fields


class SqmsControlRecordNonconformity(models.Model):
    """What is out of limit becomes a nonconformity: one for each check, whoever asks, however often."""

    _inherit = "sqms.control.record"

    def _stopped(self):
        """A point that stops the service is out of limit: keep when, and make the nonconformity now."""
        new = self.filtered(lambda record: not record.stopped_at)
        if new:
            with workflow_fields(new, "stopped_at"):
                new.write({"stopped_at": fields.Datetime.now()})
        self._make_nonconformity()

    def _make_nonconformity(self):
        """The nonconformity of each of these checks that has none yet.

        The row of the check is held: whoever comes second waits, and then finds it made. A check that corrects
        another one goes on with the nonconformity of that one.
        """
        if not self:
            return
        self._workflow_lock_rows()
        self.invalidate_recordset(["nonconformity_id"])
        for record in self.filtered(lambda record: not record.nonconformity_id):
            known = record.corrects_id.nonconformity_id
            made = known or self.env["sqms.nonconformity"].sudo().create_from(record)
            with workflow_fields(record, "nonconformity_id"):
                record.write({"nonconformity_id": made.id})
        for record in self.filtered(lambda record: record.state == "done"):
            record._tell_nonconformity()

    def _tell_nonconformity(self):
        """What the check found in the end: after a stop, or a correction, there may be more than was known first."""
        record = self
        if record.stopped_at or record.corrects_id:
            record.nonconformity_id.message_post(body=record._out_words())

    def _out_rows(self):
        return self.result_ids.filtered(lambda row: row.verdict == OUT)

    def _out_words(self):
        """What was out of limit, one sentence for each point."""
        return "\n".join(
            self.env._("%(point)s: %(found)s (right: %(limit)s)", point=row.name, found=row.value_label,
                       limit=row.limit_label)
            for row in self._out_rows()
        )  # fmt: skip

    def _nonconformity_values(self):
        """What the nonconformity of this check is called, and how grave it is."""
        self.ensure_one()
        rows = self._out_rows()
        names = list(dict.fromkeys(rows.mapped("name")))
        more = [self.env._("%s more", len(names) - 2)] if len(names) > 2 else []
        return {
            "name": self.env._("Out of limit: %(points)s", points=format_list(self.env, names[:2] + more)),
            "process_id": self.process_id.id,
            "company_id": self.company_id.id,
            "grade": worst(rows.mapped("grade")),
        }
