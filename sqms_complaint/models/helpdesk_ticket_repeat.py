from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

REPEAT_FIELDS = frozenset(("complaint_is_repeat", "complaint_repeat_of_id", "complaint_repeat_number"))
GUARDED = REPEAT_FIELDS | {"complaint_systemic_id"}
# Whose change can make a complaint a repeat, or no longer.
MOVING = frozenset(
    ("complaint_category_id", "partner_id", "partner_email", "complaint_received_at", "complaint_is_anonymous",
     "is_complaint", "complaint_service", "complaint_merged_into_id")
)  # fmt: skip


class HelpdeskTicketRepeat(models.Model):
    """Whether the same customer has complained about the same thing before (C-09).

    1. A complaint is a repeat when the same customer (firm or contact, or email address) has another complaint of the
       same company and category, received within so many days before it (90, a setting).
    2. It is counted when a complaint comes in, gets its category or its customer, is merged or taken out of a merge:
       for those that came later as well.
    3. The anonymous repeat nobody; what is merged into another neither repeats nor is repeated.
    """

    _inherit = "helpdesk.ticket"

    complaint_is_repeat = fields.Boolean("Repeated Complaint", readonly=True, copy=False)
    complaint_repeat_number = fields.Integer(
        "Complaint in a Row", readonly=True, copy=False, aggregator=None,
        help="2: the second one of this customer about this category within the days of a repeat.",
    )  # fmt: skip
    complaint_repeat_of_id = fields.Many2one(
        "helpdesk.ticket", "Repeats", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    complaint_repeat_words = fields.Char("Repeat", compute="_compute_complaint_repeat_words")

    _complaint_repeat_idx = models.Index("(company_id, complaint_received_at DESC) WHERE complaint_is_repeat IS TRUE")

    @api.depends("complaint_repeat_number")
    @api.depends_context("lang")
    def _compute_complaint_repeat_words(self):
        for ticket in self:
            number = ticket.complaint_repeat_number
            if number < 2:
                ticket.complaint_repeat_words = False
            elif number == 2:
                ticket.complaint_repeat_words = self.env._("2nd about the same")
            elif number == 3:
                ticket.complaint_repeat_words = self.env._("3rd about the same")
            else:
                ticket.complaint_repeat_words = self.env._("%(number)sth about the same", number=number)

    def action_open_repeats(self):
        """This complaint and those of the same customer about the same, as far as the person may read them."""
        self.ensure_one()
        found, ticket = self.browse(), self.sudo()
        while ticket and ticket not in found:
            found |= ticket
            ticket = ticket.complaint_repeat_of_id
        return self._action_list_of_complaints(found)

    # -- when it is counted ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        counted = tickets.filtered(lambda ticket: ticket.is_complaint and ticket.complaint_category_id)
        if counted:
            counted._update_repeats(counted._repeat_scope())
        return tickets

    def _create(self, data_list):
        # Defaults of the context are merged in below `create`.
        for data in data_list:
            self._guard_repeat_fields({name for name, value in data["stored"].items() if value})
        return super()._create(data_list)

    def write(self, vals):
        self._guard_repeat_fields(vals)
        if MOVING.isdisjoint(vals):
            return super().write(vals)
        before = self.filtered("is_complaint")._repeat_scope()
        result = super().write(vals)
        complaints = self.filtered("is_complaint")
        if complaints:
            complaints._update_repeats(before + complaints._repeat_scope())
        return result

    def unlink(self):
        complaints = self.filtered(lambda ticket: ticket.is_complaint and ticket.complaint_category_id)
        scope = complaints.sudo()._repeat_scope()
        if complaints:
            # Whatever came after them is counted anew below.
            self._flush_for_repeats()
            self.env.cr.execute(
                SQL(
                    "UPDATE helpdesk_ticket SET complaint_repeat_of_id = NULL WHERE complaint_repeat_of_id IN %s",
                    tuple(complaints.ids),
                )
            )
            self.env["helpdesk.ticket"].invalidate_model(["complaint_repeat_of_id"], flush=False)
        result = super().unlink()
        self.env["helpdesk.ticket"]._update_repeats(scope)
        return result

    def _guard_repeat_fields(self, names):
        if not GUARDED.isdisjoint(names):
            raise AccessError(self.env._("Whether a complaint repeats another one is counted by the system."))

    # -- how it is counted -------------------------------------------------------------

    def _repeat_scope(self):
        """[(firm, email key, when received)] of those that have a category: whose row of complaints may be another."""
        return [
            (ticket.commercial_partner_id.id, ticket.complaint_email_key, ticket.complaint_received_at)
            for ticket in self.sudo()
            if ticket.complaint_category_id and not ticket.complaint_is_anonymous and ticket.complaint_received_at
            and (ticket.commercial_partner_id or ticket.complaint_email_key)
        ]  # fmt: skip

    def _update_repeats(self, scope):
        """Count anew for these customers, from the earliest of the instants on: one statement for all of them."""
        if not scope:
            return
        self._flush_for_repeats()
        self.env.cr.execute(self._repeat_query(scope))
        self.env["helpdesk.ticket"].invalidate_model([*REPEAT_FIELDS, "complaint_repeat_words"], flush=False)

    @api.model
    def _flush_for_repeats(self):
        self.env["res.company"].flush_model(["complaint_repeat_days", "complaint_systemic_count"])
        self.env["helpdesk.ticket"].flush_model(
            ["is_complaint", "company_id", "complaint_category_id", "commercial_partner_id", "complaint_email_key",
             "complaint_received_at", "complaint_is_anonymous", "complaint_state", "complaint_product_key",
             *REPEAT_FIELDS]
        )  # fmt: skip

    @api.model
    def _repeat_query(self, scope):
        moments = [moment for _firm, _email, moment in scope]
        return SQL(
            """
            UPDATE helpdesk_ticket AS t
               SET complaint_is_repeat = counted.number > 0,
                   complaint_repeat_number = CASE WHEN counted.number > 0 THEN counted.number + 1 ELSE 0 END,
                   complaint_repeat_of_id = counted.before_id
              FROM (
                   SELECT later.id,
                          COUNT(earlier.id) AS number,
                          (ARRAY_AGG(earlier.id ORDER BY earlier.complaint_received_at DESC, earlier.id DESC))[1]
                              AS before_id
                     FROM helpdesk_ticket AS later
                     JOIN res_company AS company
                       ON company.id = later.company_id
                LEFT JOIN helpdesk_ticket AS earlier
                       ON earlier.is_complaint IS TRUE
                      AND earlier.company_id = later.company_id
                      AND earlier.complaint_category_id = later.complaint_category_id
                      AND (earlier.commercial_partner_id = later.commercial_partner_id
                           OR earlier.complaint_email_key = later.complaint_email_key)
                      AND (earlier.complaint_received_at, earlier.id) < (later.complaint_received_at, later.id)
                      AND earlier.complaint_received_at
                          >= later.complaint_received_at - company.complaint_repeat_days * INTERVAL '1 day'
                      AND earlier.complaint_is_anonymous IS NOT TRUE
                      AND later.complaint_is_anonymous IS NOT TRUE
                      AND earlier.complaint_state <> 'merged'
                      AND later.complaint_state <> 'merged'
                    WHERE later.is_complaint IS TRUE
                      AND (later.commercial_partner_id = ANY(%(firms)s) OR later.complaint_email_key = ANY(%(emails)s))
                      AND later.complaint_received_at >= %(since)s
                      AND later.complaint_received_at
                          <= %(until)s::timestamp
                             + (SELECT MAX(complaint_repeat_days) FROM res_company) * INTERVAL '1 day'
                 GROUP BY later.id
                   ) AS counted
             WHERE counted.id = t.id
               AND (COALESCE(t.complaint_repeat_number, 0), t.complaint_repeat_of_id)
                   IS DISTINCT FROM
                   (CASE WHEN counted.number > 0 THEN counted.number + 1 ELSE 0 END, counted.before_id)
            """,
            firms=sorted({firm for firm, _email, _moment in scope if firm}),
            emails=sorted({email for _firm, email, _moment in scope if email}),
            since=min(moments),
            until=max(moments),
        )
