import logging

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from .helpdesk_ticket_import import is_importing

_logger = logging.getLogger(__name__)

CRON = "sqms_complaint.ir_cron_systemic"
OPEN_NC = "n.state NOT IN ('closed', 'dismissed')"


class HelpdeskTicketSystemic(models.Model):
    """Not one customer's trouble but the house's own: many complaints about the same raise one nonconformity.

    1. When so many complaints (3, a setting; 0 never) of a company about the same category and the same service were
       received within the days of a repeat (90), one nonconformity is raised from all of them.
    2. What comes afterwards is added to it until it is closed or dismissed. Then it needs as many new ones for another.
    3. What was imported from elsewhere raises none, and what is merged into another complaint does not count.
    4. It is raised by a job, within a minute: no customer and no agent waits for it, and no error of it keeps a
       complaint out. Never twice: the database holds one open nonconformity for a category and service at most.
    5. Its name says what the complaints are about, not what any of them says: more people read it.
    """

    _inherit = "helpdesk.ticket"

    complaint_systemic_id = fields.Many2one(
        "sqms.nonconformity", "Nonconformity of Many", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", groups="base.group_user",
    )  # fmt: skip

    # What was imported or belongs to a nonconformity is not counted any more: the index stays small.
    _complaint_systemic_idx = models.Index(
        "(company_id, complaint_category_id, complaint_received_at DESC) WHERE is_complaint IS TRUE"
        " AND complaint_systemic_id IS NULL AND complaint_import_run_id IS NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._notice_systemic()
        return tickets

    def write(self, vals):
        result = super().write(vals)
        if "complaint_category_id" in vals or "complaint_service" in vals or "is_complaint" in vals:
            self._notice_systemic()
        return result

    def _notice_systemic(self):
        """Call the job if there is something for it; one question for all these complaints, none without a category."""
        if is_importing():
            return
        groups = {
            (ticket.company_id, ticket.complaint_category_id.id, ticket.complaint_product_key or "")
            for ticket in self.sudo()
            if ticket.is_complaint and ticket.complaint_category_id
        }
        groups = [
            (company.id, category, product, company.complaint_systemic_count)
            for company, category, product in groups
            if company.complaint_systemic_count > 0
        ]
        if not groups:
            return
        self._flush_for_repeats()
        if self.env.execute_query(self._systemic_notice_query(groups)):
            self.env.ref(CRON).sudo()._trigger()

    @api.model
    def _systemic_notice_query(self, groups):
        """One row if a group is complete, or has an open nonconformity to be added to: read from the index, bounded."""
        return SQL(
            """
            SELECT TRUE
              FROM (VALUES %(groups)s) AS g (company_id, category_id, product, number)
             WHERE EXISTS (
                   SELECT 1
                     FROM sqms_nonconformity AS n
                    WHERE n.company_id = g.company_id
                      AND n.complaint_group_key = CONCAT_WS('|', g.category_id, g.product)
                      AND %(is_open)s
                   )
                OR EXISTS (
                   SELECT 1
                     FROM helpdesk_ticket AS t
                     JOIN res_company AS company ON company.id = t.company_id
                    WHERE %(counts)s
                      AND t.company_id = g.company_id
                      AND t.complaint_category_id = g.category_id
                      AND COALESCE(t.complaint_product_key, '') = g.product
                 ORDER BY t.complaint_received_at DESC
                   OFFSET g.number - 1
                    LIMIT 1
                   )
             LIMIT 1
            """,
            groups=SQL(", ").join(SQL("(%s, %s, %s, %s)", *group) for group in groups),
            is_open=SQL(OPEN_NC),
            counts=self._systemic_counts(),
        )

    @api.model
    def _systemic_counts(self):
        """Which complaints (alias t, of the company alias company) count."""
        return SQL(
            """t.is_complaint IS TRUE AND t.complaint_systemic_id IS NULL AND t.complaint_import_run_id IS NULL
               AND t.complaint_state <> 'merged'
               AND t.complaint_received_at
                   >= now() AT TIME ZONE 'UTC' - company.complaint_repeat_days * INTERVAL '1 day'"""
        )

    # -- the job ---------------------------------------------------------------------------

    @api.model
    def _cron_raise_systemic(self):
        """Raise what is due and add to what is open; a group that fails is left for the next time."""
        self._flush_for_repeats()
        for company_id, category_id, product, ids, nonconformity_id in self.env.execute_query(self._systemic_query()):
            try:
                with self.env.cr.savepoint():
                    self.browse(ids)._raise_systemic(company_id, category_id, product, nonconformity_id)
            except psycopg2.errors.UniqueViolation:
                # Another worker was quicker: what is left here is added to that one the next time.
                self.env.invalidate_all(flush=False)
                self.env.ref(CRON).sudo()._trigger()
            except psycopg2.OperationalError:
                raise
            except Exception:
                _logger.exception("The nonconformity of complaints %s could not be raised", ids)
                self.env.invalidate_all(flush=False)

    @api.model
    def _systemic_query(self):
        return SQL(
            """
            SELECT t.company_id,
                   t.complaint_category_id,
                   COALESCE(t.complaint_product_key, ''),
                   ARRAY_AGG(t.id ORDER BY t.complaint_received_at, t.id),
                   n.id
              FROM helpdesk_ticket AS t
              JOIN res_company AS company
                ON company.id = t.company_id AND company.complaint_systemic_count > 0
         LEFT JOIN sqms_nonconformity AS n
                ON n.company_id = t.company_id
               AND n.complaint_group_key
                   = CONCAT_WS('|', t.complaint_category_id, COALESCE(t.complaint_product_key, ''))
               AND %(is_open)s
             WHERE %(counts)s
               AND t.complaint_category_id IS NOT NULL
          GROUP BY t.company_id, t.complaint_category_id, COALESCE(t.complaint_product_key, ''), n.id,
                   company.complaint_systemic_count
            HAVING n.id IS NOT NULL OR COUNT(*) >= company.complaint_systemic_count
          ORDER BY 1, 2, 3
            """,
            is_open=SQL(OPEN_NC),
            counts=self._systemic_counts(),
        )

    def _raise_systemic(self, company_id, category_id, product, nonconformity_id):
        """Raise one nonconformity from these complaints, or add them to the one that is open."""
        company = self.env["res.company"].browse(company_id)
        Nonconformity = self.env["sqms.nonconformity"].sudo().with_company(company)
        if nonconformity_id:
            nonconformity = Nonconformity.browse(nonconformity_id)
            self.env["sqms.nonconformity.source"].sudo().create(
                [{"nonconformity_id": nonconformity.id, "res_model": self._name, "res_id": id_} for id_ in self._ids]
            )
        else:
            spoken = Nonconformity.with_context(lang=company.partner_id.lang or self.env.lang)
            nonconformity = spoken.create_from(
                self.sudo().with_env(spoken.env), **self._systemic_values(spoken.env, company, category_id, product)
            )
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE helpdesk_ticket SET complaint_systemic_id = %s WHERE id = ANY(%s)",
                nonconformity.id,
                list(self._ids),
            )
        )
        self.invalidate_recordset(["complaint_systemic_id", "complaint_nonconformity_count"], flush=False)
        return nonconformity

    def _systemic_values(self, env, company, category_id, product):
        category = env["sqms.complaint.category"].sudo().browse(category_id)
        words = {"number": len(self), "category": category.display_name, "days": company.complaint_repeat_days}
        name = (
            env._(
                "%(number)s complaints about %(category)s (%(service)s) within %(days)s days", service=product, **words
            )
            if product
            else env._("%(number)s complaints about %(category)s within %(days)s days", **words)
        )
        is_safety = category.is_safety or any(self.sudo().mapped("complaint_is_safety"))
        return {
            "name": name,
            "grade": "critical" if is_safety else "major",
            "complaint_group_key": f"{category_id}|{product}",
        }
