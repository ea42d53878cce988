from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.sqms_base.lib.workflow_pass import open_pass

from ..lib.merge_pass import merges, merging

# Written by merges alone.
MERGE_FIELDS = frozenset(("complaint_merged_into_id",))
# Of the row itself a merge restores all but these: they follow from others, or say who touched it.
NOT_RESTORED = frozenset(
    ("id", "write_date", "write_uid", "complaint_state", "complaint_merged_into_id", "clock_due_at",
     "clock_nearest_id", "complaint_is_repeat", "complaint_repeat_of_id", "complaint_repeat_number")
)  # fmt: skip


class HelpdeskTicketMerge(models.Model):
    """Two complaints that are one case.

    1. The complaint that came first is kept: the customer waits since then, and by it the deadlines are counted.
    2. What moves, and what stays, says `_complaint_merge_kinds`. The merged complaint is locked, its deadlines stop,
       and it no longer counts in any figure: one case counts once.
    3. Its number still finds it, and leads to the complaint that is kept. What was merged into it before leads there
       as well.
    4. Both tell of it: in their chatter, and in the ledger.
    5. The helpdesk's own “Mark as duplicate” neither closes nor marks a complaint.
    """

    _inherit = "helpdesk.ticket"

    complaint_merged_into_id = fields.Many2one(
        "helpdesk.ticket", "Merged Into", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    complaint_merged_ids = fields.One2many(
        "helpdesk.ticket", "complaint_merged_into_id", "Merged Complaints", context={"active_test": False}
    )
    complaint_merged_count = fields.Integer("Merged Here", compute="_compute_complaint_merged_count")
    complaint_merge_ids = fields.One2many("sqms.complaint.merge", "target_id", "Merges", groups="base.group_user")

    _complaint_merged_has_target = models.Constraint(
        "CHECK((complaint_merged_into_id IS NOT NULL) = (COALESCE(complaint_state, '') = 'merged'))",
        "A complaint is merged into another one.",
    )

    @api.depends("complaint_merged_ids")
    def _compute_complaint_merged_count(self):
        counts = {}
        if self.ids:
            counts = dict(
                self.sudo()
                .with_context(active_test=False)
                ._read_group([("complaint_merged_into_id", "in", self.ids)], ["complaint_merged_into_id"], ["__count"])
            )
        for ticket in self:
            ticket.complaint_merged_count = counts.get(ticket._origin.sudo(), 0)

    def _compute_complaint_waiting(self):
        result = super()._compute_complaint_waiting()
        for ticket in self:
            if ticket.complaint_state == "merged":
                ticket.complaint_waiting = False
        return result

    # -- guards ------------------------------------------------------------------------

    def _create(self, data_list):
        # Defaults of the context are merged in below `create`.
        for data in data_list:
            stored = data["stored"]
            self._guard_merge_fields({name for name, value in stored.items() if value})
            if stored.get("is_complaint") and stored.get("duplicate_id"):
                self._refuse_duplicate_mark()
        return super()._create(data_list)

    def write(self, vals):
        self._guard_merge_fields(vals)
        if vals.get("duplicate_id") and any(ticket.is_complaint for ticket in self):
            self._refuse_duplicate_mark()
        return super().write(vals)

    def _guard_merge_fields(self, names):
        if not merges() and not MERGE_FIELDS.isdisjoint(names):
            raise AccessError(self.env._("Complaints are merged by the button “Merge” alone."))

    def _refuse_duplicate_mark(self):
        raise UserError(
            self.env._(
                "A complaint is not marked as a duplicate: please use “Merge”, it can be undone and loses nothing."
            )
        )

    def _prepare_state_values(self, state):
        values = super()._prepare_state_values(state)
        if state == "merged":
            # Nothing is wiped that the undoing would have to bring back.
            values.pop("complaint_reopen_reason", None)
        return values

    @api.ondelete(at_uninstall=False)
    def _unlink_except_merge(self):
        merges_of = self.env["sqms.complaint.merge"].sudo()
        for name in ("source_id", "target_id"):
            found = merges_of.search([(name, "in", self.ids)], limit=1)
            if found:
                raise UserError(self.env._("%s was merged with another complaint: it is kept.", found[name].number))

    # -- merge --------------------------------------------------------------------------

    def _merge_into(self, target, reason=None):
        """Merge this complaint into the one that came first.

        :param target: the complaint that is kept
        :param reason: why they are one case; asked for when the customers differ
        :return: the `sqms.complaint.merge`
        :raise UserError: what speaks against it
        :raise AccessError: the person may not work on both
        """
        self.ensure_one()
        target.ensure_one()
        both = self | target
        both.check_access("write")
        both._workflow_lock_rows()
        both.invalidate_recordset()
        refusals = self._merge_refusals(target, reason)
        if refusals:
            raise UserError("\n".join(refusals))
        is_same = self._merge_is_same_customer(target)
        self.env.flush_all()
        source, kept = self.sudo(), target.sudo()
        row = source._merge_row()
        state = source.complaint_state
        with merging():
            clocks = source._merge_stop_clocks()
            snapshot = {
                **clocks,
                "moved": source._complaint_merge_move(kept, is_same),
                "followers": source._complaint_merge_followers(kept, is_same),
                "children": source._merge_flatten(kept),
            }
            self.env.invalidate_all(flush=False)
            source._merge_set_state("merged", {"complaint_merged_into_id": kept.id}, state, reason, "merge")
            changed = source._merge_row()
            snapshot["row"] = {
                name: value for name, value in row.items() if changed[name] != value and name not in NOT_RESTORED
            }
            snapshot.update(state=state, stage_id=row["stage_id"])
            merge = (
                self.env["sqms.complaint.merge"]
                .sudo()
                .create(
                    {
                        "source_id": source.id,
                        "target_id": kept.id,
                        "user_id": self.env.uid,
                        "merged_at": fields.Datetime.now(),
                        "reason": reason,
                        "is_same_customer": is_same,
                        "snapshot": snapshot,
                    }
                )
            )
        kept._ledger_log("merged", new={"merged": source.number}, reason=reason)
        self._merge_log_remedies(snapshot["moved"], kept)
        self._merge_tell(merge)
        return merge.with_env(self.env)

    def _merge_set_state(self, state, values, came_from, reason, step):
        """Write the state with its entry in the ledger. Deadlines are dealt with by the merge itself."""
        quiet = self.with_context(tracking_disable=True, mail_notrack=True)
        with open_pass(quiet, state):
            quiet.write({**values, "complaint_state": state})
            quiet.flush_recordset()
        self._ledger_append(
            "transition",
            old={"complaint_state": came_from},
            new={"complaint_state": state},
            reason=reason,
            state=state,
            step=step,
        )

    def _merge_row(self):
        """The row of this complaint as it stands in the database."""
        self.flush_recordset()
        ((row,),) = self.env.execute_query(SQL("SELECT to_jsonb(t) FROM helpdesk_ticket AS t WHERE id = %s", self.id))
        return row

    def _merge_flatten(self, target):
        """What was merged into this complaint before leads to the one that is kept; `[ids]`."""
        rows = self.env.execute_query(
            SQL(
                "UPDATE helpdesk_ticket SET complaint_merged_into_id = %s"
                " WHERE complaint_merged_into_id = %s RETURNING id",
                target.id,
                self.id,
            )
        )
        return sorted(id_ for (id_,) in rows)

    def _merge_stop_clocks(self):
        """Stop the deadlines. Reminders of them are put aside, not deleted: an undone merge brings them back.

        :return: `{"stops": ids of the events, "reminders": [[notice, activity]]}`
        """
        running = self._clocks_by_step()[0].filtered(lambda clock: not clock.met_at)
        if not running:
            return {"stops": [], "reminders": []}
        aside = self._merge_reminders(running.ids)
        running.stop()
        events = (
            self.env["sqms.clock.event"]
            .sudo()
            .search([("clock_id", "in", running.ids), ("kind", "=", "stop")], order="id desc")
        )
        latest = {}
        for event in events:
            latest.setdefault(event.clock_id.id, event.id)
        return {"stops": sorted(latest.values()), "reminders": aside}

    def _merge_reminders(self, clock_ids):
        field = self.env["sqms.clock.notice"]._fields["activity_ids"]
        self.env.flush_all()
        pairs = self.env.execute_query(
            SQL(
                """
                DELETE FROM %(table)s AS r
                 USING sqms_clock_notice AS n
                 WHERE n.id = r.%(notice)s AND n.clock_id = ANY(%(clocks)s)
                RETURNING r.%(notice)s, r.%(activity)s
                """,
                table=SQL.identifier(field.relation),
                notice=SQL.identifier(field.column1),
                activity=SQL.identifier(field.column2),
                clocks=clock_ids,
            )
        )
        if pairs:
            self.env.cr.execute(
                SQL("UPDATE mail_activity SET active = FALSE WHERE id = ANY(%s)", [pair[1] for pair in pairs])
            )
            self.env.invalidate_all(flush=False)
        return [list(pair) for pair in pairs]

    def _merge_log_remedies(self, moved, kept):
        remedies = self.env["sqms.complaint.remedy"].sudo().browse(moved.get("remedies", ()))
        if remedies:
            remedies._ledger_log("moved", new={"ticket_id": kept.id})

    def _merge_tell(self, merge):
        """Note it on both, and tell the customer that one number is enough."""
        source, kept = merge.source_id, merge.target_id
        why = merge.reason or self.env._("the same case")
        kept._message_log(
            body=self.env._("%(merged)s was merged into this complaint: %(why)s.", merged=source.number, why=why)
        )
        source._message_log(body=self.env._("Merged into %(kept)s: %(why)s.", kept=kept.number, why=why))
        if merge.is_same_customer:
            kept._merge_write_customer(
                lambda env: env._(
                    "Your complaint %(merged)s is about the same matter as %(kept)s. We handle both together, "
                    "under %(kept)s. Either number shows you how it stands.",
                    merged=source.number,
                    kept=kept.number,
                )
            )

    def _merge_write_customer(self, words):
        """A public message, in the customer's language; mailed where letters go to.

        :param words: function of an environment in that language
        """
        lang = self.env["res.lang"]._get_code(self.complaint_lang) if self.complaint_lang else False
        spoken = self.with_context(lang=lang) if lang else self
        address = self._get_letter_address()
        partner = self.partner_id if address and self.partner_id.email else self.env["res.partner"]
        spoken.with_context(mail_post_autofollow=False, mail_post_autofollow_author_skip=True).message_post(
            body=words(spoken.env),
            # Written by the merge and not by a person: no answer to what the customer said.
            message_type="email_outgoing",
            subtype_xmlid="mail.mt_comment",
            author_id=self.env.user.partner_id.id,
            partner_ids=partner.ids,
            outgoing_email_to=address if address and not partner else False,
        )
