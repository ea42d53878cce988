import json

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..lib.merge_pass import merging
from .helpdesk_ticket import OFFICERS
from .helpdesk_ticket_merge import NOT_RESTORED


class HelpdeskTicketMergeUndo(models.Model):
    """A merge that was none.

    1. An officer undoes it, with a reason. The complaint goes on in the state and at the stage in which it was.
    2. All that had moved comes back, wherever later merges have carried it; what came to the other complaint since
       then stays there. Whoever follows the other one only because of the merge no longer does.
    3. The deadlines go on as if they had never stopped: the stop is taken back, both stay known.
    4. What had been merged into it before leads to it again.
    """

    _inherit = "helpdesk.ticket"

    def _merge_record(self):
        """The merge in force of each of these complaints, in sudo."""
        return (
            self.env["sqms.complaint.merge"].sudo().search([("source_id", "in", self.ids), ("undone_at", "=", False)])
        )

    def _merge_undo(self, why):
        """Take the merge of this complaint back.

        :return: the `sqms.complaint.merge`
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(OFFICERS):
            raise AccessError(self.env._("A merge is undone by an officer."))
        if not (why or "").strip():
            raise UserError(self.env._("Please say why the merge is undone."))
        source = self.sudo()
        holder = source.complaint_merged_into_id
        (self | holder.with_env(self.env)).check_access("write")
        (source | holder)._workflow_lock_rows()
        (source | holder).invalidate_recordset()
        merge = source._merge_record()
        if source.complaint_state != "merged" or not merge:
            raise UserError(self.env._("%s is not merged.", source.number))
        holder = source.complaint_merged_into_id
        snapshot = merge.snapshot
        self.env.flush_all()
        with merging():
            source._complaint_merge_move_back(source._merge_chain(), snapshot["moved"])
            source._merge_back_followers(snapshot["followers"])
            source._merge_back_children(holder, snapshot["children"])
            self.env.invalidate_all(flush=False)
            source._merge_back_state(snapshot, why)
            source._merge_back_clocks(snapshot, why)
            merge.write({"undone_at": fields.Datetime.now(), "undone_by_id": self.env.uid, "undo_reason": why})
            merge.flush_recordset()
        holder._ledger_log("unmerged", new={"merged": source.number}, reason=why)
        source._merge_log_remedies(snapshot["moved"], source)
        source._merge_tell_undone(holder, merge, why)
        return merge.with_env(self.env)

    def _merge_chain(self):
        """The complaints through which what was moved from here may have gone: the one it was merged into, the one that
        was merged into later, and so on."""
        chain, merge = self.browse(), self._merge_record()
        while merge and merge.target_id not in chain:
            chain |= merge.target_id
            merge = merge.target_id._merge_record()
        return chain

    def _merge_back_followers(self, followers):
        if followers:
            self.env.cr.execute(SQL("DELETE FROM mail_followers WHERE id = ANY(%s)", followers))

    def _merge_back_children(self, holder, children):
        if children:
            self.env.cr.execute(
                SQL(
                    "UPDATE helpdesk_ticket SET complaint_merged_into_id = %s"
                    " WHERE id = ANY(%s) AND complaint_merged_into_id = %s",
                    self.id, children, holder.id,
                )
            )  # fmt: skip

    def _merge_back_state(self, snapshot, why):
        """The state by the ORM, with its guards and its entry; then what the writing itself has touched on the row."""
        before = self._merge_row()
        values = {"complaint_merged_into_id": False, "stage_id": snapshot["stage_id"]}
        self._merge_set_state(snapshot["state"], values, "merged", why, "unmerge")
        now = self._merge_row()
        # What the merge had changed gets its old value; what only this writing changed keeps what it was until now.
        row = {name: value for name, value in before.items() if now[name] != value and name not in NOT_RESTORED}
        row.update({name: value for name, value in snapshot["row"].items() if name in now})
        if not row:
            return
        columns = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), SQL.identifier("kept", name)) for name in sorted(row)
        )
        self.env.cr.execute(
            SQL(
                "UPDATE helpdesk_ticket AS t SET %s"
                " FROM jsonb_populate_record(NULL::helpdesk_ticket, %s::jsonb) AS kept WHERE t.id = %s",
                columns, json.dumps(row), self.id,
            )
        )  # fmt: skip
        self.invalidate_recordset(flush=False)

    def _merge_back_clocks(self, snapshot, why):
        pairs = snapshot["reminders"]
        if pairs:
            field = self.env["sqms.clock.notice"]._fields["activity_ids"]
            self.env.cr.execute(
                SQL("UPDATE mail_activity SET active = TRUE WHERE id = ANY(%s)", [pair[1] for pair in pairs])
            )
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %s (%s, %s)
                    SELECT n.id, a.id
                      FROM unnest(%s::int[], %s::int[]) AS kept (notice, activity)
                      JOIN sqms_clock_notice AS n ON n.id = kept.notice
                      JOIN mail_activity AS a ON a.id = kept.activity
                    ON CONFLICT DO NOTHING
                    """,
                    SQL.identifier(field.relation), SQL.identifier(field.column1), SQL.identifier(field.column2),
                    [pair[0] for pair in pairs], [pair[1] for pair in pairs],
                )
            )  # fmt: skip
            self.env.invalidate_all(flush=False)
        events = self.env["sqms.clock.event"].sudo().browse(snapshot["stops"]).exists()
        if events:
            events.clock_id.void(events, why)

    def _merge_tell_undone(self, holder, merge, why):
        holder._message_log(
            body=self.env._("%(merged)s is a case of its own again: %(why)s.", merged=self.number, why=why)
        )
        self._message_log(body=self.env._("No longer merged into %(kept)s: %(why)s.", kept=holder.number, why=why))
        if merge.is_same_customer:
            self._merge_write_customer(
                lambda env: env._(
                    "Your complaint %(merged)s is handled on its own again, under its own number.", merged=self.number
                )
            )
