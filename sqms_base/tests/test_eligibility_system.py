from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import NOON
from .eligibility_common import EligibilityCase


@tagged("post_install", "-at_install")
class TestEligibilitySystemChoice(EligibilityCase):
    """The system chose: the field stays empty, the record says why, the dispatcher is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gas = cls.env["maintenance.equipment.category"].create(
            {"name": "Gas", "company_id": cls.company.id, "technician_user_id": cls.wang.id}
        )
        cls.boiler = cls.env["maintenance.equipment"].create(
            {"name": "Boiler", "category_id": cls.gas.id, "company_id": cls.company.id,
             "technician_user_id": cls.wang.id}
        )  # fmt: skip
        cls.company.sqms_dispatcher_id = cls.dispatcher
        cls.done = cls.env["maintenance.stage"].search([("done", "=", True)], limit=1)

    def _assert_told(self, record, times=1):
        self._tell()
        notes = record.sudo().message_ids.filtered(lambda message: "was left out" in (message.body or ""))
        self.assertEqual(len(notes), times)
        if times:
            self.assertIn("Wang Li was left out: has not confirmed reading", notes[0].body)
            self.assertTrue(notes[0].is_internal)
        activities = record.sudo().activity_ids.filtered(lambda row: "Choose somebody" in (row.summary or ""))
        self.assertEqual(activities.mapped("user_id"), self.dispatcher if times else self.env["res.users"])

    def test_computed_from_the_equipment(self):
        self._create_rule()
        request = self._create_request(equipment_id=self.boiler.id)
        self.assertFalse(request.user_id)
        self._assert_told(request)

    def test_computed_with_somebody_eligible(self):
        self._create_rule()
        self.boiler.technician_user_id = self.zhao
        request = self._create_request(equipment_id=self.boiler.id)
        self.assertEqual(request.user_id, self.zhao)
        self._assert_told(request, 0)

    def test_computed_later(self):
        self._create_rule()
        request = self._create_request(self.zhao)
        request.equipment_id = self.boiler
        self.env.flush_all()
        self.assertFalse(request.user_id)
        self._assert_told(request)

    def test_person_names_somebody_beside_the_equipment(self):
        self._create_rule()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._create_request(self.wang, equipment_id=self.boiler.id)
        self.assertEqual(self._create_request(self.zhao, equipment_id=self.boiler.id).user_id, self.zhao)

    def test_in_a_form(self):
        self._create_rule()
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as warned, Form(self.requests) as form:
            form.name = "Boiler leaks"
            form.maintenance_team_id = self.team
            form.equipment_id = self.boiler
            self.assertFalse(form.user_id)
            self.assertIn("Wang Li cannot be given", warned.output[0])
        self.assertFalse(form.record.user_id)

    def test_a_form_does_not_open_with_somebody_ineligible(self):
        self._create_rule()
        for user, expected in ((self.wang, False), (self.zhao, self.zhao.id)):
            values = self.requests.with_context(default_user_id=user.id).default_get(["user_id", "name", "company_id"])
            self.assertEqual(values.get("user_id", False), expected)

    def test_closing_a_recurring_request_does_not_fail(self):
        request = self._create_request(
            self.zhao, maintenance_type="preventive", recurring_maintenance=True, schedule_date=NOON, repeat_unit="week"
        )
        self._create_rule()
        draft = self.env["sqms.document.version"].browse(
            self.procedure.with_user(self.officer).action_new_edition()["res_id"]
        )
        with freeze_time(NOON + timedelta(hours=1)):
            self._approve(draft)
            request.stage_id = self.done
            self.assertEqual(request.user_id, self.zhao, "who did it stays")
            successor = self.requests.search([("name", "=", request.name), ("id", "!=", request.id)])
            self.assertEqual(len(successor), 1)
            self.assertFalse(successor.user_id)
            self._tell()
        self.assertIn("Zhao Min was left out", successor.sudo().message_ids.mapped("body")[0])
        self.assertIn(self.dispatcher, successor.sudo().activity_ids.user_id)

    def test_copy(self):
        request = self._create_request(self.wang)
        self._create_rule()
        self.assertFalse(request.copy().user_id)
        self.assertEqual(request.copy({"user_id": self.zhao.id}).user_id, self.zhao)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            request.copy({"user_id": self.wang.id})

    def test_mail_created_request(self):
        self._create_rule()
        for defaults, expected in (({"user_id": self.wang.id}, False), ({"user_id": self.zhao.id}, self.zhao)):
            request = (
                self.env["maintenance.request"]
                .sudo()
                .message_new(
                    {"subject": "Boiler leaks", "email_from": "customer@example.com", "from": "customer@example.com"},
                    {"maintenance_team_id": self.team.id, "company_id": self.company.id, **defaults},
                )
            )
            self.assertEqual(request.user_id, expected or self.env["res.users"])
            self._assert_told(request, 0 if expected else 1)

    def test_who_has_it_keeps_it_when_something_else_is_recomputed(self):
        """The category of the equipment changes: no request loses its technician by that; the job will tell."""
        request = self._create_request(equipment_id=self.boiler.id)
        self._create_rule(domain="[('category_id.name', '=', 'Steam')]")
        self.env.flush_all()
        self.assertEqual(request.user_id, self.wang)
        self.boiler.category_id = self.env["maintenance.equipment.category"].create(
            {"name": "Steam", "company_id": self.company.id}
        )
        self.env.flush_all()
        self.assertEqual(request.user_id, self.wang)

    def test_equipment(self):
        self._create_rule(model="maintenance.equipment")
        with self.assertRaisesRegex(ValidationError, "Wang Li cannot be given “Boiler 2”"), self.cr.savepoint():
            self.env["maintenance.equipment"].create(
                {"name": "Boiler 2", "company_id": self.company.id, "technician_user_id": self.wang.id}
            )
        equipment = self.env["maintenance.equipment"].with_company(self.company)
        with self.assertLogs("odoo.tests.form.onchange", "WARNING"), Form(equipment) as form:
            form.name = "Boiler 3"
            form.category_id = self.gas
            self.assertFalse(form.technician_user_id)
        self.assertFalse(form.record.technician_user_id)

    def test_without_a_dispatcher_whoever_made_it_is_told(self):
        self.company.sqms_dispatcher_id = False
        self._create_rule()
        request = self._create_request(equipment_id=self.boiler.id)
        self._assert_told(request)

    def test_told_in_one_go(self):
        self._create_rule()
        counts = []
        for size in (5, 10, 20):
            self.requests.create(
                [{"name": "Leak", "equipment_id": self.boiler.id, "maintenance_team_id": self.team.id}] * size
            )
            self.env.flush_all()
            data = dict(self.cr.precommit.data.get("sqms.eligibility.maintenance.request", {}))
            self.assertEqual(len(data), size)
            before = self.cr.sql_log_count
            self.env["maintenance.request"]._eligibility_tell()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2] - counts[1], 12, counts)
