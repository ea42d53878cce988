import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .privacy_case import NAME, PrivacyCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestPrivacyRetention(PrivacyCase):
    """When the time is over the identity goes, by rules that somebody has verified."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sqms.retention.rule"].search([]).active = False
        cls.rule = cls._rule("Three years", 3)

    @classmethod
    def _rule(cls, name, number, unit="year", verify=True, **values):
        rule = cls.env["sqms.retention.rule"].with_user(cls.first).create(
            {"name": name, "res_model": "helpdesk.ticket", "period_number": number, "period_unit": unit,
             "legal_basis": "The law", **values}
        )  # fmt: skip
        if verify:
            rule.action_transition("verify")
        return rule

    def _date(self, complaint):
        complaint.invalidate_recordset(["complaint_retention_date"])
        return complaint.complaint_retention_date

    def _make_due(self, complaints):
        self.env.flush_all()
        self.cr.execute(
            "UPDATE helpdesk_ticket SET complaint_retention_date = current_date - 1 WHERE id = ANY(%s)",
            [complaints.ids],
        )
        self.env.invalidate_all()

    def _day(self, **delta):
        return fields.Date.add(self.company._sqms_today(), **delta)

    # -- the day -----------------------------------------------------------------------

    def test_closing_gives_the_day_and_reopening_takes_it(self):
        complaint = self._create_complaint()
        self.assertFalse(self._date(complaint))
        self._move(complaint, "closed")
        self.assertEqual(self._date(complaint), self._day(years=3))
        complaint.complaint_reopen_reason = "Not paid"
        complaint.with_user(self.officer).action_transition("reopen")
        self.assertFalse(self._date(complaint))
        ticket = self._create_ticket()
        self.assertFalse(ticket.complaint_retention_date)
        for values in ({"complaint_retention_date": "2020-01-01"}, {"complaint_erased_at": False}):
            with self.assertRaises(AccessError):
                complaint.sudo().write(values)
        with self.assertRaises(AccessError):
            self._create_complaint(complaint_retention_date="2020-01-01")

    def test_the_longest_verified_rule_counts_and_a_change_counts_anew(self):
        complaints = self._move(self._create_complaints(2), "closed")
        self.env["sqms.complaint.category"].browse(self.subcategory.id)
        longer = self._rule("Ten years", 10, domain=f"[('team_id', '=', {self.team.id})]", verify=False)
        self.assertEqual(self._date(complaints[0]), self._day(years=3), "Nobody has verified the longer one")
        longer.action_transition("verify")
        self.assertEqual(self._date(complaints[0]), self._day(years=10))
        longer.period_number = 5
        self.assertEqual(longer.verification_state, "to_verify")
        self.assertEqual(self._date(complaints[1]), self._day(years=3))
        self.rule.active = False
        self.assertFalse(self._date(complaints[0]))
        self.rule.active = True
        self.assertEqual(self._date(complaints[0]), self._day(years=3))
        longer.unlink()
        for domain in ("[('partner_id.name', '=', 'x')]", "[('id', 'in', __import__('os'))]", "nonsense"):
            with self.assertRaises(ValidationError):
                self._rule("Bad", 1, domain=domain)

    def test_only_who_is_responsible_writes_rules(self):
        for user in (self.agent, self.officer, self.manager, self.certifier, self.employee):
            with self.assertRaises(AccessError):
                self.rule.with_user(user).write({"period_number": 1})
            with self.assertRaises(AccessError):
                self.rule.with_user(user).action_transition("doubt")
        with self.assertRaises(UserError):
            self.rule.write({"verification_state": "to_verify"})

    def test_the_date_of_many_costs_no_more_queries(self):
        counts = []
        for number in (5, 10):
            complaints = self._create_complaints(number)
            counts.append(
                self._queries(
                    lambda some=complaints: self.env["sqms.retention"]._set_dates("helpdesk.ticket", some.ids)
                )
            )
        self.assertEqual(*counts)

    # -- the end ------------------------------------------------------------------------

    def _run_out(self):
        done = 0
        last = 0
        while True:
            last, count = self.env["sqms.retention"]._erase_batch("helpdesk.ticket", last)
            done += count
            if not last:
                break
        self.env.invalidate_all()
        return done

    def test_the_identity_goes_and_the_figures_stay(self):
        complaints = self._plant(2)
        young = self._plant()
        figures = self._figures()
        self._make_due(complaints)
        self.assertEqual(self.env["sqms.retention"]._due_count("helpdesk.ticket"), 2)
        self.assertEqual(self._run_out(), 2)
        self.assertEqual(self._figures(), figures)
        self.assertFalse(complaints.partner_id | complaints.commercial_partner_id)
        self.assertEqual(complaints.mapped("partner_name"), ["Erased person"] * 2)
        self.assertTrue(all(complaints.mapped("complaint_erased_at")))
        self.assertFalse(any(complaints.mapped("complaint_retention_date")))
        texts = " ".join(
            str(value)
            for complaint in complaints
            for value in (complaint.name, complaint.description, *complaint.message_ids.mapped("body"),
                          *complaint.message_ids.mapped("email_from"),
                          *complaint.message_ids.attachment_ids.mapped("name"))
        )  # fmt: skip
        self.assertNotIn("zqnamemark", texts.lower())
        self.assertNotIn("zqmailmark", texts.lower())
        self.assertFalse(complaints.message_ids.author_id & self.person)
        self.assertFalse(any(complaints.message_ids.attachment_ids.mapped("raw")))
        self.assertEqual(self.person.name, NAME, "The contact is kept as long as other records need it")
        self.assertEqual(young.partner_id, self.person)
        self.assertEqual(complaints[0].sqms_history()[0].event, "erased")
        self.assertEqual(self._run_out(), 0)

    def test_what_is_held_stays_and_does_not_stop_the_others(self):
        held, free = complaints = self._plant(2)
        self._make_due(complaints)
        hold = self.env["sqms.legal.hold"].with_user(self.first).create(
            {"name": "Case", "reason": "x",
             "line_ids": [(0, 0, {"res_model": "helpdesk.ticket", "res_id": held.id})]}
        )  # fmt: skip
        hold.action_transition("set")
        self.assertEqual(self._run_out(), 1)
        self.assertEqual(held.partner_id, self.person)
        self.assertFalse(free.partner_id)
        hold.with_user(self.second).release_reason = "Over"
        hold.with_user(self.second).action_transition("release")
        self.assertEqual(self._run_out(), 1)

    def test_cron_works_in_batches(self):
        complaints = self._plant(3)
        self._make_due(complaints)
        self.patch(type(self.env["sqms.retention"]), "_erase_batch", self._small_batches())
        with self.enter_registry_test_mode():
            self.env.ref("sqms_base.ir_cron_retention").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(complaints.partner_id)

    def _small_batches(self):
        erase = type(self.env["sqms.retention"])._erase_batch
        return lambda records, name, after=0: erase(records, name, after, limit=2)

    def test_a_batch_of_twice_the_size_asks_as_often(self):
        counts = []
        for number in (4, 8):
            complaints = self._move(self._create_complaints(number, partner_id=self.person.id), "closed")
            self._make_due(complaints)
            start = complaints[0].id - 1
            counts.append(
                self._queries(lambda: self.env["sqms.retention"]._erase_batch("helpdesk.ticket", start))  # noqa: B023
            )
        self.assertEqual(*counts)

    def test_imported_files_have_an_end_too(self):
        self._rule("Files", 3, "month", res_model="sqms.import.run")
        run = self.env["sqms.import.run"].with_user(self.officer).create(
            {"file": base64.b64encode(f"received\n{NAME}".encode()), "file_name": "old.csv"}
        )  # fmt: skip
        self.assertEqual(run.retention_date, self._day(months=3))
        self.env.flush_all()
        self.cr.execute("UPDATE sqms_import_run SET retention_date = current_date - 1 WHERE id = %s", [run.id])
        self.env.invalidate_all()
        self.env["sqms.retention"]._erase_batch("sqms.import.run", run.id - 1)
        self.env.invalidate_all()
        self.assertFalse(run.file)
        self.assertTrue(run.erased_at)

    def test_it_is_told_in_advance(self):
        complaint = self._plant()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE helpdesk_ticket SET complaint_retention_date = %s WHERE id = %s",
            [self.company._sqms_today() + timedelta(days=20), complaint.id],
        )
        self.env.invalidate_all()
        page = self.env["sqms.morning"].with_user(self.first).get_morning()
        titles = [item["title"] for section in page["sections"] if section["key"] == "privacy_due"
                  for item in section["items"]]  # fmt: skip
        self.assertTrue(any("1" in title for title in titles), titles)
        action = self.rule.action_open_due()
        self.assertIn(complaint, self.env["helpdesk.ticket"].search(action["domain"]))
