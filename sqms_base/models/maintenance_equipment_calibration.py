from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

# How many days ahead a calibration is announced; each time once.
REMINDERS = (30, 7, 0)
SOON = 30


class MaintenanceEquipmentCalibration(models.Model):
    """How much hangs on a piece of equipment, and until when what it shows is to be trusted.

    1. It is due when its last calibration says; one that was never calibrated was due on its first day of use.
    2. The state is that of today, by the company's own time zone; no job has to run for it.
    3. What is overdue, or was left out of tolerance, measures nothing in a service check.
    4. Who answers for it is reminded 30 days and 7 days before and on the day, each time once; after a standstill of
       the job he is told once.
    """

    _inherit = "maintenance.equipment"

    criticality = fields.Selection(
        [("a", "A: Vital"), ("b", "B: Important"), ("c", "C: Replaceable")],
        tracking=True, index="btree_not_null",
        help="A: without it the service stops or people are in danger. B: the service suffers. C: it can be done "
        "without.",
    )  # fmt: skip
    calibration_needed = fields.Boolean(
        tracking=True, help="It measures something that a service check relies on (ISO 9001, 7.1.5)."
    )
    calibration_months = fields.Integer(
        string="Calibrated Every", default=12, aggregator=None, tracking=True, help="Months from one to the next."
    )
    calibration_ids = fields.One2many("sqms.calibration", "equipment_id", string="Calibrations")
    calibration_last_on = fields.Date(string="Last Calibration", compute="_compute_calibration_due_on", store=True)
    calibration_due_on = fields.Date(
        string="Calibration Due", compute="_compute_calibration_due_on", store=True, index="btree_not_null"
    )
    calibration_failed = fields.Boolean(
        string="Left out of Tolerance", compute="_compute_calibration_due_on", store=True
    )
    calibration_state = fields.Selection(
        [
            ("none", "Not Needed"),
            ("valid", "Valid"),
            ("due", "Due Soon"),
            ("overdue", "Overdue"),
            ("failed", "Out of Tolerance"),
        ],
        string="Calibration", compute="_compute_calibration_state", search="_search_calibration_state",
    )  # fmt: skip
    # What was announced already: for which due date, and how close it was then.
    calibration_told_for = fields.Date(readonly=True, copy=False, export_string_translation=False)
    calibration_told_days = fields.Integer(readonly=True, copy=False, aggregator=None, export_string_translation=False)

    _calibration_months_positive = models.Constraint(
        "CHECK(calibration_months >= 1)", "A device is calibrated again after one month at the soonest."
    )

    @api.depends(
        "calibration_needed", "effective_date", "calibration_ids.date", "calibration_ids.date_next_due",
        "calibration_ids.as_left", "calibration_ids.corrects_id",
    )  # fmt: skip
    def _compute_calibration_due_on(self):
        for device in self:
            rows = device.sudo().calibration_ids
            rows -= rows.corrects_id
            last = max(rows, key=lambda row: (row.date, row._origin.id or 0), default=rows.browse())
            device.calibration_last_on = last.date
            device.calibration_failed = bool(device.calibration_needed and last and last.as_left == "out")
            device.calibration_due_on = device.calibration_needed and (
                (last.date if last.as_left == "out" else last.date_next_due) if last else device.effective_date
            )

    @api.depends("calibration_needed", "calibration_due_on", "calibration_failed", "company_id")
    def _compute_calibration_state(self):
        for device in self:
            today = (device.company_id or self.env.company).sudo()._sqms_today()
            if not device.calibration_needed:
                device.calibration_state = "none"
            elif device.calibration_failed:
                device.calibration_state = "failed"
            elif not device.calibration_due_on or device.calibration_due_on < today:
                device.calibration_state = "overdue"
            else:
                soon = device.calibration_due_on <= today + timedelta(days=SOON)
                device.calibration_state = "due" if soon else "valid"

    def _search_calibration_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain("calibration_needed", "=", False) if "none" in value else Domain.FALSE
        needed = Domain("calibration_needed", "=", True)
        if "failed" in value:
            found |= needed & Domain("calibration_failed", "=", True)
        for day, companies in self.env["res.company"]._sqms_days().items():
            # What belongs to no company is judged by the day of who asks.
            own = Domain("company_id", "in", [*companies, *([False] if self.env.company.id in companies else [])])
            late = Domain("calibration_due_on", "<", day) | Domain("calibration_due_on", "=", False)
            soon = Domain("calibration_due_on", "<=", day + timedelta(days=SOON))
            cases = {"overdue": late, "due": ~late & soon, "valid": ~late & ~soon}
            found |= (
                needed
                & Domain("calibration_failed", "=", False)
                & own
                & Domain.OR(domain for name, domain in cases.items() if name in value)
            )
        return found

    def _keep_calibrated(self):
        """What is calibrated needs it: the first row says so."""
        self.filtered(lambda device: not device.calibration_needed).write({"calibration_needed": True})

    def _why_not_to_measure_with(self):
        """Why nothing is measured with this device today, as a sentence; empty if it may be."""
        self.ensure_one()
        if self.calibration_state == "failed":
            return self.env._(
                "%(device)s was left out of tolerance on %(day)s: nothing is measured with it until it is good again.",
                device=self.display_name,
                day=format_date(self.env, self.calibration_last_on),
            )
        if self.calibration_state == "overdue":
            return self.env._(
                "%(device)s is overdue for calibration since %(day)s: please take another one.",
                device=self.display_name,
                day=format_date(self.env, self.calibration_due_on),
            )
        return ""

    # -- reminders -------------------------------------------------------------------

    @api.model
    def _cron_calibration_reminders(self, batch=500):
        """Tell who answers for a device that its calibration comes due; what was told is not told again."""
        while rows := self._calibration_to_tell(batch):
            self._calibration_tell(rows)
            if not self.env["ir.cron"]._commit_progress(len(rows)):
                return
            if len(rows) < batch:
                return

    @api.model
    def _calibration_to_tell(self, limit):
        """`[(device id, step)]`: the closest of the steps that has been reached and was not told for this due date."""
        self.env.flush_all()
        days = self.env["res.company"]._sqms_days()
        own = self.env.company.id
        today = SQL(" ").join(
            SQL(
                "WHEN COALESCE(device.company_id, %s) IN %s THEN %s::date", own, tuple(companies), day
            )
            for day, companies in days.items()
        )  # fmt: skip
        return self.env.execute_query(
            SQL(
                """
                SELECT told.id, told.step
                  FROM (SELECT device.id,
                               device.calibration_due_on AS due_on,
                               device.calibration_told_for AS told_for,
                               device.calibration_told_days AS told_days,
                               CASE WHEN device.calibration_due_on <= device.today THEN 0
                                    WHEN device.calibration_due_on <= device.today + 7 THEN 7
                                    WHEN device.calibration_due_on <= device.today + 30 THEN 30
                                END AS step
                          FROM (SELECT device.*, CASE %(today)s END AS today
                                  FROM maintenance_equipment device
                                 WHERE device.active IS TRUE
                                   AND device.calibration_needed IS TRUE
                                   AND device.calibration_due_on IS NOT NULL
                               ) device
                       ) told
                 WHERE told.step IS NOT NULL
                   AND (told.told_for IS DISTINCT FROM told.due_on OR told.told_days > told.step)
                 ORDER BY told.due_on, told.id
                 LIMIT %(limit)s
                """,
                today=today,
                limit=limit,
            )
        )

    @api.model
    def _calibration_tell(self, rows):
        """One activity for each device, in the place of the one before; and a note that it was told."""
        devices = self.sudo().browse([id_ for id_, _step in rows])
        model = self.env["ir.model"]._get_id(self._name)
        kind = self.env.ref("sqms_base.mail_activity_type_calibration")
        devices.activity_ids.filtered(lambda activity: activity.activity_type_id == kind).unlink()
        whom = devices._calibration_whom()
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model,
                    "res_id": device.id,
                    "activity_type_id": kind.id,
                    "user_id": whom[device.id].id,
                    "date_deadline": device.calibration_due_on,
                    "summary": device.with_context(lang=whom[device.id].lang).env._("Have it calibrated"),
                    "automated": True,
                }
                for device in devices
                if whom[device.id]
            ]
        )
        by_step = {}
        for id_, step in rows:
            by_step.setdefault(step, []).append(id_)
        self.env["maintenance.equipment"].flush_model()
        for step, ids in by_step.items():
            # Not by the ORM: that somebody was told is no change of the device that its followers are told of.
            self.env.cr.execute(
                SQL(
                    """UPDATE maintenance_equipment SET calibration_told_for = calibration_due_on,
                              calibration_told_days = %s WHERE id IN %s""",
                    step,
                    tuple(ids),
                )
            )
        devices.invalidate_recordset(["calibration_told_for", "calibration_told_days"])

    def _calibration_whom(self):
        """`{device id: user}`: its technician, its owner, the dispatcher of the company, else a quality manager."""
        managers = self.env.ref("sqms_base.group_sqms_manager").sudo().all_user_ids.filtered("active")
        found = {}
        for device in self.sudo():
            company = device.company_id or self.env.company
            named = device.technician_user_id + device.owner_user_id + company.sqms_dispatcher_id
            fitting = named + managers.filtered(lambda user, company=company: company in user.company_ids)
            found[device.id] = fitting.filtered(lambda user: user.active and not user.share)[:1]
        return found
