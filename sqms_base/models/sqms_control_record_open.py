from collections import defaultdict

from odoo import Command, api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..lib import control_schedule
from ..lib.workflow_pass import workflow_fields, workflow_import
from .sqms_control_plan import IN_FORCE
from .sqms_control_point import FACTS
from .sqms_control_record import OFFICER


class SqmsControlRecordOpen(models.Model):
    """How checks come about: from the points of a plan in force, with a copy of what they ask.

    1. The daily job opens what is due by the company's own day: one check for each plan and each who is asked.
    2. After a standstill it opens one, not one for each day that was missed; a second run finds nothing.
    3. A check of the same plan and person that nobody had begun is missed then.
    """

    _inherit = "sqms.control.record"

    @api.model
    def _open_for(self, wanted):
        """Open checks, all at once.

        :param wanted: list of `(points, values)`: the points of one plan, and what else the record says
        """
        points = self.env["sqms.control.point"].sudo().union(*(asked for asked, _values in wanted))
        texts = points._texts()
        editions = points.plan_id._editions()
        rows = []
        for asked, values in wanted:
            plan = asked.plan_id
            rows.append(
                {
                    "plan_id": plan.id,
                    "process_id": plan.process_id.id,
                    "version": plan.version,
                    "document_version_id": editions[plan.document_id.id].id
                    if plan.document_id.id in editions
                    else False,
                    "result_ids": [
                        Command.create(
                            {
                                "point_id": point.id,
                                "sample_no": number + 1,
                                "texts": texts[point.id],
                                **{name: point[name] for name in FACTS},
                            }
                        )
                        for point in asked
                        for number in range(point.sample_size)
                    ],
                    **values,
                }
            )
        return self.sudo().create(rows)

    # -- by hand -------------------------------------------------------------------

    @api.model
    def _start(self, plan, everything=False):
        """A check of the points of each service, opened by whoever makes it; of all points where there are none."""
        user = self.env.user
        plan.check_access("read")
        if plan.state not in IN_FORCE:
            raise UserError(self.env._("%s is not in force: nothing is checked by it.", plan.display_name))
        if not user._is_internal() or (
            user.has_group("sqms_base.group_sqms_certifier") and not user.has_group(OFFICER)
        ):
            raise AccessError(self.env._("You look at checks, others make them."))
        points = plan.sudo().point_ids
        if not self._may_start(points):
            raise AccessError(self.env._("%s asks somebody else to check this.", plan.display_name))
        asked = points if everything else points.filtered(lambda point: point.frequency == "service")
        return self._open_for(
            [
                (
                    asked or points,
                    {
                        "user_id": user.id,
                        "date_due": plan.sudo().company_id._sqms_today(),
                        "site_id": user.sudo().employee_ids.filtered(
                            lambda employee: employee.company_id == plan.sudo().company_id
                        )[:1].work_location_id.id,
                    },
                )
            ]
        ).sudo(False)  # fmt: skip

    @api.model
    def _may_start(self, points):
        """Whether one of the points asks the user at hand: as their owner, the employee, by job or by group."""
        user = self.env.user.sudo()
        if self.env.su or user.has_group(OFFICER):
            return True
        employees = user.employee_ids
        return any(
            user == point.plan_id.owner_id if point.responsible == "owner"
            else point.employee_id in employees if point.responsible == "employee"
            else point.job_id in employees.job_id if point.responsible == "job"
            else point.group_id in user.all_group_ids
            for point in points
        )  # fmt: skip

    # -- by the schedule -------------------------------------------------------------

    @api.model
    def _cron_open(self, batch=500):
        """Open the checks that are due today; what has been opened is not due any more."""
        while points := self._due_points(batch):
            self._open_due(points)
            if not self.env["ir.cron"]._commit_progress(len(points)):
                return
            if len(points) < batch:
                return

    @api.model
    def _due_points(self, limit):
        """The points whose day has come. Their plans are held, so that another run passes them over.

        All points of a plan that are due come together.
        """
        self.env.flush_all()
        days = self.env["res.company"]._sqms_days()
        if not days:
            return self.env["sqms.control.point"]
        today = SQL(" OR ").join(
            SQL("(point.company_id IN %s AND point.date_next <= %s)", tuple(companies), day)
            for day, companies in days.items()
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(point.id)
                  FROM sqms_control_point point
                 WHERE point.plan_id IN (
                       SELECT plan.id
                         FROM sqms_control_plan plan
                        WHERE plan.state IN %(in_force)s
                          AND EXISTS (
                              SELECT FROM sqms_control_point point
                               WHERE point.plan_id = plan.id AND point.active IS TRUE
                                 AND point.date_next IS NOT NULL AND (%(today)s)
                          )
                        ORDER BY plan.id
                        LIMIT %(limit)s
                          FOR NO KEY UPDATE SKIP LOCKED
                       )
                   AND point.active IS TRUE AND point.date_next IS NOT NULL AND (%(today)s)
                """,
                in_force=IN_FORCE,
                today=today,
                limit=limit,
            )
        )
        return self.env["sqms.control.point"].sudo().browse(sorted(rows[0][0] or ()))

    @api.model
    def _open_due(self, points):
        by_day = {
            company: day for day, companies in self.env["res.company"]._sqms_days().items() for company in companies
        }
        occasions, following = {}, defaultdict(list)
        for point in points.sorted(lambda point: (point.sequence, point.id)):
            today = by_day[point.company_id.id]
            due, next_day = control_schedule.due_and_next(point.date_anchor, point.frequency, point.every, today)
            following[next_day].append(point.id)
            key, values = point._asked()
            asked, day, _values = occasions.get((point.plan_id.id, key), (point.browse(), due or today, values))
            occasions[point.plan_id.id, key] = (asked | point, max(due or today, day), values)
        self._lapse_before(occasions)
        records = self._open_for(
            [
                (asked, {**values, "date_due": day, "is_scheduled": True, "responsible_key": key})
                for (_plan, key), (asked, day, values) in occasions.items()
            ]
        )
        with workflow_fields(points.plan_id, "point_ids"):
            for day, ids in following.items():
                points.browse(ids).write({"date_next": day})
        return records

    @api.model
    def _lapse_before(self, asked):
        plans = [plan for plan, _key in asked]
        left = self.sudo().search([("plan_id", "in", plans), ("state", "=", "open"), ("is_scheduled", "=", True)])
        left.filtered(lambda record: (record.plan_id.id, record.responsible_key) in asked)._lapse()

    # -- made before ----------------------------------------------------------------

    @api.model
    def _take_over_checks(self, plan, made):
        """Checks that were made before they came into this database (migration, demo data).

        :param made: list of `{"at", "user_id", "answers", ...}`: when (naive UTC), by whom, the answers in the order of
            the points, and what else the record says
        """
        points = plan.sudo().point_ids
        wanted = []
        for row in made:
            values = {name: value for name, value in row.items() if name not in ("at", "answers")}
            wanted.append((points, {"date_due": row["at"][:10], **values}))
        records = self._open_for(wanted)
        for record, row in zip(records, made, strict=True):
            for result, value in zip(record.result_ids.sorted(), row["answers"], strict=True):
                result.write({"value": value})
            values = record._prepare_finish_values()[record.id]
            with workflow_import(record, self.env._("Taken over")):
                record.write({**values, "done_at": row["at"], "done_by_id": row["user_id"], "state": "done"})
        records.filtered("out_count")._make_nonconformity()
        return records

    # -- what was wrong in a check ------------------------------------------------------

    def action_correct(self, reason=None):
        """Another check in the place of this one, with the same points and the reason.

        Whoever made it, or a quality officer, says what was wrong; the old one stays as it is.
        """
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        old = self.sudo()
        if not (user.has_group(OFFICER) or old.done_by_id == user):
            raise AccessError(self.env._("Who made %s, or a quality officer, corrects it.", old.display_name))
        if old.state != "done":
            raise UserError(self.env._("%s is not done: what is wrong in it can just be changed.", old.display_name))
        if old.correction_ids:
            raise UserError(self.env._("%s is being corrected already.", old.display_name))
        if not (reason or "").strip():
            raise UserError(self.env._("Please say what was wrong in the check."))
        frozen = ("point_id", "sample_no", "texts", *FACTS)
        new = old.create(
            {
                **{
                    name: old[name].id
                    for name in ("plan_id", "process_id", "document_version_id", "site_id", "employee_id", "job_id",
                                 "group_id")
                },
                "user_id": user.id,
                "version": old.version,
                "date_due": old.company_id._sqms_today(),
                "reference": old.reference,
                "corrects_id": old.id,
                "correction_reason": reason.strip(),
                "result_ids": [
                    Command.create(
                        {name: row[name].id if name == "point_id" else row[name] for name in frozen}
                    )
                    for row in old.result_ids
                ],
            }
        )  # fmt: skip
        return new.sudo(False).action_fill()

    def _supersede(self):
        """What these checks correct no longer counts."""
        corrected = self.corrects_id
        if corrected:
            with workflow_fields(corrected, "is_superseded"):
                corrected.write({"is_superseded": True})
            for record in self.filtered("corrects_id"):
                record.corrects_id.message_post(
                    body=self.env._(
                        "Corrected by %(check)s: %(reason)s", check=record.number, reason=record.correction_reason
                    )
                )
