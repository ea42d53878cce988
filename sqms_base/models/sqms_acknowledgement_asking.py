from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.ledger_pending import Pending
from .sqms_document_version import READERS_AT_ONCE


class SqmsAcknowledgementAsking(models.Model):
    """Who is asked to read what: kept in step with the target groups and with what is in force.

    1. Each member of a target group of a document in force is asked once for each edition.
    2. Who leaves the target group is no longer asked; who comes back is asked again, with a new date.
    3. What people had not read when the edition ended is closed with it.
    4. Every step takes a batch of what is missing just now. Broken off anywhere, it goes on where it stopped.
    """

    _inherit = "sqms.acknowledgement"

    @api.model
    def _follow(self, versions=None, employee_ids=None):
        """Bring the readings of these editions or people up to date; the job does what exceeds one batch."""
        if employee_ids is not None and len(employee_ids) > READERS_AT_ONCE:
            self._follow_later()
            return
        readings = self.sudo()
        steps = (readings._leave, readings._rejoin, readings._ask)
        if any(step(READERS_AT_ONCE, versions, employee_ids) == READERS_AT_ONCE for step in steps):
            self._follow_later()

    @api.model
    def _follow_later(self):
        self.env.ref("sqms_base.ir_cron_acknowledgement").sudo()._trigger()

    @api.model
    def _cron_ask_readers(self, batch=READERS_AT_ONCE):
        """Everything that a change of people or editions left to do, and what nobody told: a day that came."""
        cron = self.env["ir.cron"]
        self.env["sqms.audience"].sudo()._sync()
        cron._commit_progress(remaining=batch)
        for step in (self._lapse, self._leave, self._rejoin, self._ask):
            while done := step(batch):
                if not cron._commit_progress(done, remaining=batch):
                    return
        cron._commit_progress(remaining=0)

    # -- what is in force, for whom ----------------------------------------------------

    def _in_force_query(self, versions=None):
        """The editions that are to be read now, as a sub-select."""
        editions = self.env["sqms.document.version"].sudo().with_context(active_test=False)
        domain = editions._in_force_domain(fields.Datetime.now())
        if versions is not None:
            domain &= Domain("id", "in", versions.ids)
        return editions._search(domain).subselect()

    def _people_sql(self, column, employee_ids):
        return SQL("TRUE") if employee_ids is None else SQL("%s = ANY(%s)", column, list(employee_ids))

    # -- joined ---------------------------------------------------------------------------

    @api.model
    def _ask(self, limit, versions=None, employee_ids=None):
        """Ask the next so many people who have not been asked yet.

        Not by `create`: one statement for the batch, however many people and editions. An edition that brings
        nothing new to read takes over the readings of those it follows, and asks only who is not among them.

        :return: how many readings were added
        """
        self.env.flush_all()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE edition AS (
                    SELECT version.id,
                           version.document_id,
                           version.company_id,
                           version.carries_from_id,
                           (timezone(document.tz, timezone('UTC', %(now)s)))::date AS today
                      FROM sqms_document_version version
                      JOIN sqms_document document ON document.id = version.document_id
                     WHERE version.id IN %(in_force)s
                ), earlier AS (
                    SELECT edition.id, edition.carries_from_id AS earlier_id
                      FROM edition
                     WHERE edition.carries_from_id IS NOT NULL
                     UNION
                    SELECT earlier.id, version.carries_from_id
                      FROM earlier
                      JOIN sqms_document_version version ON version.id = earlier.earlier_id
                     WHERE version.carries_from_id IS NOT NULL
                ), missing AS (
                    SELECT DISTINCT edition.id AS version_id, member.employee_id
                      FROM edition
                      JOIN %(link)s link ON link.sqms_document_id = edition.document_id
                      JOIN sqms_audience_member member ON member.audience_id = link.sqms_audience_id
                     WHERE %(people)s
                       AND NOT EXISTS (SELECT FROM sqms_acknowledgement asked
                                        WHERE asked.version_id = edition.id
                                          AND asked.employee_id = member.employee_id)
                  ORDER BY edition.id, member.employee_id
                     LIMIT %(limit)s
                )
                INSERT INTO sqms_acknowledgement (
                    version_id, document_id, company_id, employee_id, department_id, state, date_due,
                    acknowledged_at, carried_from_id, create_uid, create_date, write_uid, write_date)
                SELECT edition.id,
                       edition.document_id,
                       edition.company_id,
                       missing.employee_id,
                       present.department_id,
                       CASE WHEN done.id IS NULL THEN 'open' ELSE 'carried' END,
                       CASE WHEN done.id IS NULL THEN edition.today + company.sqms_acknowledge_days END,
                       done.acknowledged_at,
                       done.id,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM missing
                  JOIN edition ON edition.id = missing.version_id
                  JOIN res_company company ON company.id = edition.company_id
                  JOIN hr_employee employee ON employee.id = missing.employee_id
             LEFT JOIN hr_version present ON present.id = employee.current_version_id
             LEFT JOIN LATERAL (
                       SELECT reading.id, reading.acknowledged_at
                         FROM earlier
                         JOIN sqms_acknowledgement reading ON reading.version_id = earlier.earlier_id
                        WHERE earlier.id = edition.id
                          AND reading.employee_id = missing.employee_id
                          AND reading.state = 'done'
                     ORDER BY reading.version_id DESC
                        LIMIT 1) done ON TRUE
           ON CONFLICT (version_id, employee_id) DO NOTHING
             RETURNING id
                """,
                now=now,
                in_force=self._in_force_query(versions),
                link=SQL.identifier(self.env["sqms.document"]._fields["audience_ids"].relation),
                people=self._people_sql(SQL("member.employee_id"), employee_ids),
                limit=limit,
                uid=self.env.uid,
            )
        )
        ids = [id_ for (id_,) in rows]
        if ids:
            Pending.of(self.env).created(self._name, ids, self.env)
            self._forget_readings()
            self._mail_soon()
        return len(ids)

    def _forget_readings(self):
        """What the cache holds of readings is from before."""
        self.env["sqms.acknowledgement"].invalidate_model(flush=False)
        self.env["sqms.document.version"].invalidate_model(
            ["acknowledgement_ids", "coverage_ids", "reader_count", "read_count", "read_percent", "read_label",
             "coverage_rows"],
            flush=False,
        )  # fmt: skip

    # -- left, came back, ended ---------------------------------------------------------------

    @api.model
    def _leave(self, limit, versions=None, employee_ids=None):
        """Those who still had to read it and are no longer in the target group."""
        readings = self._readings("open", SQL("NOT %s", self._is_member()), limit, versions, employee_ids)
        readings.action_transition("leave")
        return len(readings)

    @api.model
    def _rejoin(self, limit, versions=None, employee_ids=None):
        """Those who had left before they read it and are back."""
        readings = self._readings("left", self._is_member(), limit, versions, employee_ids)
        readings.action_transition("rejoin")
        return len(readings)

    def _is_member(self):
        return SQL(
            """EXISTS (SELECT FROM %s link
                         JOIN sqms_audience_member member ON member.audience_id = link.sqms_audience_id
                        WHERE link.sqms_document_id = reading.document_id
                          AND member.employee_id = reading.employee_id)""",
            SQL.identifier(self.env["sqms.document"]._fields["audience_ids"].relation),
        )

    def _readings(self, state, condition, limit, versions, employee_ids):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT reading.id
                     FROM sqms_acknowledgement reading
                    WHERE reading.state = %s
                      AND reading.version_id IN %s
                      AND %s
                      AND %s
                 ORDER BY reading.id
                    LIMIT %s""",
                state,
                self._in_force_query(versions),
                self._people_sql(SQL("reading.employee_id"), employee_ids),
                condition,
                limit,
            )
        )
        return self.sudo().browse(id_ for (id_,) in rows)

    @api.model
    def _lapse(self, limit, documents=None):
        """What nobody will read any more: open readings of editions that are no longer in force."""
        domain = Domain("state", "=", "open") & Domain("version_id", "not any!", [("is_in_force", "=", True)])
        if documents is not None:
            domain &= Domain("document_id", "in", documents.ids)
        readings = self.sudo().search(domain, limit=limit, order="id")
        readings.action_transition("lapse")
        return len(readings)
