import random
from datetime import date, datetime, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..lib.equipment_time import availability, mean_time_to_repair
from .common import NOON, ZONE
from .control_common import PIXEL, ControlCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestEquipment(ControlCase):
    """Calibration, breakdowns and who operates it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeper", "maintenance.group_equipment_manager")
        cls.env["maintenance.team"].create({"name": "Fitters", "company_id": cls.company.id})
        cls.env = cls.env(user=cls.env.user, context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.device = cls._create_device("Manometer", calibration_needed=True)

    @classmethod
    def _create_device(cls, name="Pump", **values):
        return cls.env["maintenance.equipment"].create(
            {
                "name": name, "company_id": cls.company.id, "effective_date": date(2025, 1, 1),
                "technician_user_id": cls.keeper.id, **values,
            }
        )  # fmt: skip

    @classmethod
    def _calibrate(cls, device=None, day=date(2026, 11, 1), found="conform", left="conform", user=None, **values):
        return (
            cls.env["sqms.calibration"]
            .with_user(user or cls.keeper)
            .create(
                {
                    "equipment_id": (device or cls.device).id, "date": day, "laboratory": "Metrology institute",
                    "as_found": found, "as_left": left, **values,
                }
            )
        )  # fmt: skip

    def _request(self, device, start, end=None, **values):
        return self.env["maintenance.request"].create(
            {
                "name": "Does not run", "company_id": self.company.id, "equipment_id": device.id,
                "breakdown_from": start, "breakdown_to": end, **values,
            }
        )  # fmt: skip

    # -- calibration -----------------------------------------------------------------------

    def test_state_follows_the_day_of_the_company(self):
        device = self.device
        self.assertEqual((device.calibration_state, device.calibration_due_on), ("overdue", date(2025, 1, 1)))
        self._calibrate(device, date(2025, 12, 24), date_next_due=date(2026, 12, 24))
        self.assertEqual((device.calibration_state, device.calibration_last_on), ("valid", date(2025, 12, 24)))
        for days, state in ((1, "due"), (31, "due"), (32, "overdue")):
            with self._days_later(days):
                device.invalidate_recordset()
                self.assertEqual(device.calibration_state, state, days)
                found = self.env["maintenance.equipment"].search([("calibration_state", "=", state)])
                self.assertIn(device, found)
                others = self.env["maintenance.equipment"].search([("calibration_state", "!=", state)])
                self.assertNotIn(device, others)
        with self._days_later(31, hour=12):  # midnight in Shanghai, the 24th still in UTC
            device.invalidate_recordset()
            self.assertEqual(device.calibration_state, "overdue")
        device.calibration_needed = False
        self.assertEqual((device.calibration_state, device.calibration_due_on), ("none", False))

    def test_a_calibration_stays_as_it_was_entered(self):
        file = self.env["ir.attachment"].with_user(self.keeper).create({"name": "c.png", "datas": PIXEL})
        row = self._calibrate(date_next_due=False, attachment_ids=[(4, file.id)], recorded_by_id=self.officer.id)
        self.assertEqual((row.recorded_by_id, row.date_next_due), (self.keeper, date(2027, 11, 1)))
        for attempt in (
            lambda: row.write({"as_left": "out"}),
            lambda: row.sudo().write({"date": date(2026, 1, 1)}),
            lambda: row.sudo().unlink(),
            lambda: self.device.with_user(self.keeper).write({"calibration_ids": [(1, row.id, {"note": "x"})]}),
        ):
            self._refused(UserError, "stays as it was entered", attempt)
        for attempt in (
            lambda: row.attachment_ids.sudo().write({"raw": b"x"}),
            lambda: row.attachment_ids.sudo().unlink(),
            lambda: row.attachment_ids.sudo().write({"public": True}),
        ):
            self._refused(AccessError, "", attempt)
        for user in (self.plain, self.certifier, self.top, self.stranger):
            self._refused((AccessError, UserError), "", lambda u=user: self._calibrate(user=u))
        self._refused(ValidationError, "not before", lambda: self._calibrate(day=date(2026, 11, 24)))
        with mute_logger("odoo.sql_db"):
            self._refused(psycopg2.errors.CheckViolation, "", lambda: self._calibrate(date_next_due=date(2026, 1, 1)))

    def test_a_correction_takes_the_place_of_a_mistake(self):
        wrong = self._calibrate(day=date(2026, 11, 2), date_next_due=date(2028, 1, 1))
        self._refused(ValidationError, "why", lambda: self._calibrate(corrects_id=wrong.id))
        other = self._create_device("Other")
        self._refused(
            ValidationError, "same device",
            lambda: self._calibrate(other, corrects_id=wrong.id, correction_reason="x"),
        )  # fmt: skip
        self._calibrate(
            day=date(2026, 11, 1), date_next_due=date(2027, 5, 1), corrects_id=wrong.id, correction_reason="Misread"
        )
        self.assertTrue(wrong.is_corrected)
        self.assertEqual(self.device.calibration_due_on, date(2027, 5, 1))
        with mute_logger("odoo.sql_db"):
            self._refused(
                psycopg2.errors.UniqueViolation, "",
                lambda: self._calibrate(corrects_id=wrong.id, correction_reason="again"),
            )  # fmt: skip

    def test_out_of_tolerance_makes_a_nonconformity_and_lists_what_was_measured(self):
        self._calibrate(day=date(2026, 11, 1))
        plan = self._create_plan([self._pressure(device_required=True)])
        record = self._start(plan)
        row = self._rows(record)
        record.answer(row.id, {"value": "2", "device_id": self.device.id})
        record.action_finish()
        self.device.criticality = "b"
        bad = self._calibrate(day=date(2026, 11, 23), found="out")
        found = bad.nonconformity_id
        self.assertEqual((found.res_model, found.res_id, found.grade), (bad._name, bad.id, "major"))
        self.assertIn(record.sudo().number, "".join(found.sudo().message_ids.mapped("body")))
        self.assertEqual(bad.affected_count, 1)
        self.assertEqual(self.device.calibration_state, "valid", "adjusted, it is good again")
        again = self._calibrate(
            day=date(2026, 11, 23), found="out", left="out", corrects_id=bad.id, correction_reason="Was not adjusted"
        )
        self.assertEqual(again.nonconformity_id, found, "one for the same finding")
        self.assertEqual(self.device.calibration_state, "failed")
        self.assertFalse(self._calibrate(self._create_device("Fine")).nonconformity_id)

    def test_what_is_overdue_measures_nothing(self):
        plan = self._create_plan([self._pressure(device_required=True)])
        record = self._start(plan)
        row = self._rows(record)
        record.answer(row.id, {"value": "2"})
        self._refused(UserError, "with which device", record.action_finish)
        for attempt in (
            lambda: record.answer(row.id, {"device_id": self.device.id}),
            lambda: row.with_user(self.officer).write({"device_id": self.device.id}),
            lambda: row.sudo().write({"device_id": self.device.id}),
        ):
            self._refused(ValidationError, "Manometer is overdue for calibration since .*2025", attempt)
        devices = {device["name"]: device["why_not"] for device in record.get_sheet()["devices"]}
        self.assertIn("overdue", devices["Manometer"])
        self._calibrate(day=date(2026, 10, 1), date_next_due=date(2026, 11, 24))
        record.answer(row.id, {"device_id": self.device.id})
        with self._days_later(2):
            self.env.invalidate_all()
            self._refused(UserError, "overdue", record.action_finish)
        self._calibrate(day=date(2026, 11, 23), left="out")
        self._refused(UserError, "out of tolerance", record.action_finish)
        self._calibrate(day=date(2026, 11, 23))
        record.action_finish()

    def test_reminders_once_at_each_step(self):
        device = self.device
        self._calibrate(day=date(2026, 10, 1), date_next_due=date(2026, 12, 24))
        quiet = self._create_device("Quiet", calibration_needed=True, active=False)
        kind = self.env.ref("sqms_base.mail_activity_type_calibration")

        def told():
            with self.enter_registry_test_mode():
                self.env.ref("sqms_base.ir_cron_calibration_reminder").method_direct_trigger()
            self.env.invalidate_all()
            return self.env["mail.activity"].search(
                [("activity_type_id", "=", kind.id), ("res_id", "in", (device | quiet).ids)]
            )

        seen = []
        for days in (0, 1, 2, 20, 24, 25, 30, 31, 32, 60):
            with self._days_later(days):
                before = told()
                self.assertEqual(told(), before, "a second run tells nothing")
                seen.append((days, before.ids))
        steps = [days for (days, ids), (_day, last) in zip(seen, [(0, []), *seen], strict=False) if ids != last]
        self.assertEqual(steps, [1, 24, 31])
        self.assertEqual(before.user_id, self.keeper)
        self.assertEqual((before.res_id, before.date_deadline), (device.id, date(2026, 12, 24)))
        with self._days_later(61):
            self._calibrate(day=date(2027, 1, 20), date_next_due=date(2027, 1, 30))
            self.assertEqual(told().date_deadline, date(2027, 1, 30), "another due date is told anew")
        late = self._create_device("Late", calibration_needed=True)
        device |= late
        with self._days_later(200):
            self.assertEqual(
                len(told().filtered(lambda activity: activity.res_id == late.id)), 1, "once after a standstill"
            )

    # -- breakdowns -------------------------------------------------------------------------

    def test_two_breakdowns_of_three_and_five_hours(self):
        pump = self._create_device(effective_date=date(2026, 10, 24))
        self.assertIn("0 breakdowns", pump.availability_label)
        for day, hours in ((1, 3), (2, 5)):
            start = NOON - timedelta(days=day)
            self._request(pump, start, start + timedelta(hours=hours))
        self.assertEqual((pump.repair_mean_hours, pump.repair_count, pump.breakdown_hours), (4.0, 2, 8.0))
        planned = (NOON - datetime(2026, 10, 23, 16)).total_seconds() / 3600  # the 24th begins in Shanghai
        self.assertAlmostEqual(pump.availability, 100 * (planned - 8) / planned, 2)
        indicator = self.env.ref("sqms_base.sqms_indicator_repair_time")
        self.assertEqual(
            (indicator.kind, indicator.unit, indicator.quantity), ("mean", "hours", "maintenance.request:repair_hours")
        )
        formula = indicator._formula()
        hours = self.env["maintenance.request"].search(formula.domain & Domain("equipment_id", "=", pump.id))
        self.assertEqual(sum(hours.mapped(formula.quantity)) / len(hours), 4.0)

    def test_working_schedule_and_lasting_breakdown(self):
        calendar = self.company.resource_calendar_id
        pump = self._create_device(planned_calendar_id=calendar.id, effective_date=date(2026, 11, 16))
        self._request(pump, datetime(2026, 11, 21, 2), datetime(2026, 11, 22, 2))  # Saturday to Sunday
        planned = pump._availability_figures()[pump.id]["planned"]
        self.assertEqual(pump.breakdown_hours, 0.0, "nobody needed it then")
        self.assertEqual(planned, 44 * 3600, "five days of eight hours, and Monday until noon")
        self._request(pump, datetime(2026, 11, 23, 3))  # Monday 11 h, until now
        self.assertEqual((pump.breakdown_hours, pump.repair_count, pump.breakdown_count), (1.0, 1, 2))

    def test_order_and_kind_of_a_breakdown(self):
        pump = self._create_device()
        for words, start, end, values in (
            ("", NOON, NOON, {}),
            ("not before", NOON + timedelta(hours=1), None, {}),
            ("not before", NOON - timedelta(hours=1), NOON + timedelta(hours=1), {}),
            ("planned upkeep", NOON - timedelta(hours=1), NOON, {"maintenance_type": "preventive"}),
            ("", None, NOON, {}),
        ):
            with mute_logger("odoo.sql_db"):
                self._refused(Exception, words, lambda a=start, b=end, v=values: self._request(pump, a, b, **v))
        request = self._request(pump, NOON - timedelta(hours=2), NOON)
        self.assertEqual((request.down_hours, request.repair_hours), (2.0, 2.0))
        request.repair_hours = 0.5
        self.assertEqual(pump.repair_mean_hours, 0.5)
        self._refused(ValidationError, "planned upkeep", lambda: request.write({"maintenance_type": "preventive"}))
        plain = self.env["maintenance.request"].create({"name": "Old style", "company_id": self.company.id})
        self.assertEqual((plain.down_hours, plain.repair_hours, plain.breakdown_from), (0, 0, False))

    def test_many_pumps_cost_what_one_costs(self):
        pumps = self.env["maintenance.equipment"].concat(*(self._create_device(f"P{n}") for n in range(12)))
        for pump in pumps:
            self._request(pump, NOON - timedelta(hours=5), NOON)
        counts = []
        for some in (pumps[:2], pumps):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("company_id.resource_calendar_id.tz")
            before = self.cr.sql_log_count
            some._availability_figures()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_availability_against_a_walk_minute_by_minute(self):
        chance = random.Random(20261123)
        for _round in range(150):
            end = 60 * chance.randint(20, 120)
            begin = 60 * chance.randint(0, 15)
            spans = [sorted(60 * chance.randint(0, 140) for _end in range(2)) for _span in range(chance.randint(0, 6))]
            down = [(a, None if chance.random() < 0.1 else b) for a, b in spans]
            planned = chance.choice(
                [None, [tuple(sorted(60 * chance.randint(0, 140) for _end in range(2))) for _span in range(4)]]
            )
            minutes = range(begin, end, 60)
            running = [m for m in minutes if planned is None or any(a <= m < b for a, b in planned)]
            lost = [m for m in running if any(a <= m and (b is None or m < b) for a, b in down)]
            found = availability(down, begin, end, planned)
            self.assertEqual(
                (found.planned, found.down), (60 * len(running), 60 * len(lost)), (down, begin, end, planned)
            )
        self.assertEqual(mean_time_to_repair([3, 5]), 4)
        self.assertIsNone(mean_time_to_repair([]))

    # -- who operates it ---------------------------------------------------------------------

    def test_operators_are_eligible_by_every_path(self):
        able = self._create_employee("Able", user_id=self.officer.id)
        self.env["sqms.eligibility.rule"].create(
            {
                "name": "Gas pumps",
                "company_id": self.company.id,
                "model_id": self.env["ir.model"]._get_id("sqms.equipment.operator"),
                "domain": "[('criticality', '=', 'a')]",
                "requirement_ids": [
                    (0, 0, {"kind": "group", "group_id": self.env.ref("sqms_base.group_sqms_officer").id})
                ],
            }
        )
        pump = self._create_device(criticality="a").with_user(self.keeper)
        operators = self.env["sqms.equipment.operator"].with_user(self.keeper)
        row = {"equipment_id": pump.id, "employee_id": self.employee.id}
        good = operators.create({"equipment_id": pump.id, "employee_id": able.id})
        for attempt in (
            lambda: operators.create(row),
            lambda: operators.sudo().create(row),
            lambda: pump.write({"operator_ids": [(0, 0, {"employee_id": self.employee.id})]}),
            lambda: good.write({"employee_id": self.employee.id}),
        ):
            self._refused(ValidationError, "Plain cannot be given .*\n.*Able|Plain cannot be given", attempt)
        found = operators.load(["equipment_id/.id", "employee_id/.id"], [[str(pump.id), str(self.employee.id)]])
        self.assertIn("cannot be given", found["messages"][0]["message"])
        easy = self._create_device("Easy", criticality="c")
        operators.create({"equipment_id": easy.id, "employee_id": self.employee.id})
        self._refused(
            ValidationError, "cannot be given",
            lambda: operators.search([("equipment_id", "=", easy.id)]).write({"equipment_id": pump.id}),
        )  # fmt: skip
        for user in (self.plain, self.certifier, self.top):
            self._refused(AccessError, "", lambda u=user: operators.with_user(u).create(row))

    def test_equipment_without_company_and_of_others(self):
        shared = self._create_device("Shared", company_id=False, calibration_needed=True)
        self._calibrate(shared, user=self.officer)
        self.assertEqual(shared.calibration_state, "valid")
        self.assertEqual(shared.calibration_ids.company_id, self.company)
        foreign = self._create_device("Foreign", company_id=self.other_company.id, technician_user_id=False)
        self._refused((UserError, AccessError), "", lambda: self._calibrate(foreign, user=self.officer))
        self.assertIn(shared.availability_label[-1:], ")s")
        seen = self.env["maintenance.equipment"].with_user(self.officer).search([("id", "in", (shared | foreign).ids)])
        self.assertEqual(seen.ids, shared.ids)
        self.assertFalse(self.device.with_user(self.plain).has_access("read"))
        self._refused(AccessError, "", lambda: shared.with_user(self.officer).write({"name": "x"}))

    def test_form_of_equipment_and_request(self):
        with Form(self.env["maintenance.equipment"].with_user(self.keeper)) as form:
            form.name = "Torque wrench"
            form.criticality = "b"
            form.calibration_needed = True
        self.assertEqual(form.record.calibration_state, "due", "new, it is due today")
        with Form(self.env["maintenance.request"].with_user(self.keeper)) as form:
            form.name = "Broken"
            form.breakdown_from = NOON - timedelta(hours=4)
            form.breakdown_to = NOON
        self.assertEqual(form.record.repair_hours, 4.0)
        self.assertEqual(ZONE, "Asia/Shanghai")
