from datetime import datetime, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from odoo.addons.sqms_base.lib.local_time import local_midnight

from .common_satisfaction import SatisfactionCase

CODES = [f"C-{number:02}" for number in range(1, 15)] + [f"S-{number:02}" for number in range(1, 5)]


@tagged("post_install", "-at_install")
class TestSatisfactionIndicator(SatisfactionCase):
    """The definitions C-01 to C-14 and S-01 to S-04 against counts by hand, over months and companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.env["res.company"].create({"name": "Counted"})
        cls.there = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.here.resource_calendar_id.tz = "Asia/Shanghai"
        cls.teams = {
            company: cls.env["helpdesk.ticket.team"].create({"name": company.name, "company_id": company.id})
            for company in (cls.here, cls.there)
        }

    def _complaints(self, number, company=None, **columns):
        company = company or self.here
        complaints = self._create_complaints(
            number, team_id=self.teams[company].id, company_id=company.id, user_id=False, partner_id=False
        )
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL session_replication_role = replica")
        for name, value in columns.items():
            values = value if isinstance(value, list) else [value] * number
            for complaint, item in zip(complaints, values, strict=True):
                into = f", complaint_merged_into_id = {complaints[0].id}" if item == "merged" else ""
                self.env.cr.execute(f"UPDATE helpdesk_ticket SET {name} = %s{into} WHERE id = %s", [item, complaint.id])
        self.env.cr.execute("SET LOCAL session_replication_role = origin")
        self.env.invalidate_all()
        return complaints

    def _answers(self, number, company=None, **columns):
        tickets = self._complaints(number, company)
        answers = self.answers.create(
            [
                {"ticket_id": ticket.id, "company_id": ticket.company_id.id, "state": "answered", "is_delivered": True}
                for ticket in tickets
            ]
        )
        self.env.flush_all()
        for name, values in columns.items():
            for answer, value in zip(answers, values if isinstance(values, list) else [values] * number, strict=True):
                self.env.cr.execute(
                    f"UPDATE sqms_satisfaction_answer SET {name} = %s WHERE id = %s", [value, answer.id]
                )
        self.env.invalidate_all()
        return answers

    def _measure(self, code, month, company=None):
        """(value above, number below) by a twin that reads records one by one."""
        indicator = self.env["sqms.indicator"].search([("code", "=", code), ("company_id", "=", False)])
        formula = indicator._formula()
        company = company or self.here
        zone = company._sqms_tz()
        first = local_midnight(month, zone)
        after = local_midnight(month + relativedelta(months=1), zone)
        model = self.env[formula.model].with_context(active_test=False)
        records = model.search(formula.domain).filtered(
            lambda record: record.company_id == company and first <= record[formula.date_field] < after
        )
        if formula.quantity_below:
            return sum(records.mapped(formula.quantity)), sum(records.mapped(formula.quantity_below))
        if formula.quantity:
            return sorted(record[formula.quantity] for record in records), len(records)
        return len(records.filtered_domain(list(formula.numerator))), len(records)

    def test_all_are_there_and_say_what_they_count(self):
        found = self.env["sqms.indicator"].search([("code", "in", CODES), ("company_id", "=", False)])
        self.assertEqual(sorted(found.mapped("code")), sorted(CODES))
        for indicator in found:
            self.assertTrue(indicator.description and indicator._formula())
            self.assertGreater(len(indicator.description), 60)

    def test_promises_kept_and_missed(self):
        """Open and overdue is a miss, what is not judged yet is not in it, merged is nowhere."""
        may, june = datetime(2026, 5, 31, 15, 59, 59), datetime(2026, 5, 31, 16, 0, 0)  # midnight in Shanghai
        for code, name in (("C-01", "reply"), ("C-02", "ack"), ("C-03", "decision")):
            columns = {
                f"complaint_{name}_due_at": [may, may, may, june, june, may, None],
                f"complaint_{name}_on_time": [True, None, True, True, None, True, None],
                f"complaint_{name}_late": [None, True, True, None, None, None, None],
                "complaint_state": ["closed", "received", "closed", "closed", "received", "merged", "received"],
            }
            self._complaints(7, **columns)
            self._complaints(1, self.there, **{key: value[1] for key, value in columns.items()})
            self.assertEqual(self._measure(code, may.date().replace(day=1)), (1, 3), code)
            self.assertEqual(self._measure(code, datetime(2026, 6, 1).date()), (1, 1), code)
            self.assertEqual(self._measure(code, datetime(2026, 7, 1).date()), (0, 0), code)

    def test_shares_of_what_was_received(self):
        at = datetime(2026, 3, 31, 15, 59, 59)
        self._complaints(
            5,
            complaint_received_at=[at, at, at, at + timedelta(seconds=1), at],
            complaint_first_contact=[True, True, None, True, True],
            complaint_reopen_count=[0, 1, None, 0, 0],
            complaint_is_repeat=[True, None, None, None, True],
            complaint_level=["2", "1", None, "1", "2"],
            dispute_count=[1, 0, None, 2, 1],
            complaint_state=["received", "received", "received", "received", "merged"],
        )
        march, april = at.date().replace(day=1), datetime(2026, 4, 1).date()
        for code, first, second in (
            ("C-05", (1, 3), (1, 1)), ("C-09", (1, 3), (0, 1)), ("C-10", (1, 3), (0, 1)), ("C-11", (1, 3), (1, 1)),
        ):  # fmt: skip
            self.assertEqual(self._measure(code, march), first, code)
            self.assertEqual(self._measure(code, april), second, code)
            self.assertEqual(self._measure(code, march, self.there), (0, 0), code)

    def test_median_is_of_closed_complaints_and_zero_hours_count(self):
        start = datetime(2026, 2, 10, 3)
        ends = [start, start + timedelta(hours=4), start + timedelta(hours=10), None, start + timedelta(hours=2)]
        complaints = self._complaints(
            5, complaint_received_at=start, complaint_closed_at=ends,
            complaint_state=["closed", "closed", "closed", "received", "withdrawn"],
        )  # fmt: skip
        self.env.add_to_compute(complaints._fields["complaint_resolution_hours"], complaints)
        self.env.flush_all()
        self.assertEqual(self._measure("C-04", datetime(2026, 2, 1).date()), ([0.0, 4.0, 10.0], 3))

    def test_complaints_per_thousand(self):
        month = datetime(2026, 1, 1).date()
        midnight = (
            pytz.timezone("Asia/Shanghai").localize(datetime(2026, 2, 1)).astimezone(pytz.utc).replace(tzinfo=None)
        )
        self._complaints(
            4,
            complaint_received_at=[
                datetime(2026, 1, 5), midnight - timedelta(seconds=1), midnight, datetime(2026, 1, 9),
            ],
            complaint_state=["received", "received", "received", "merged"],
        )  # fmt: skip
        volumes = self.env["sqms.complaint.volume"]
        volumes.create({"company_id": self.here.id, "month": month, "orders": 500, "customers": 80, "source": "Shop"})
        volumes.create({"company_id": self.there.id, "month": month, "orders": 7, "customers": 7, "source": "Shop"})
        self.assertEqual(self._measure("C-07", month), (2, 500))
        self.assertEqual(self._measure("C-08", month), (2, 80))
        self.assertEqual(
            self._measure("C-07", datetime(2026, 2, 1).date()), (1, 0), "without orders there is no figure"
        )

    def test_scores(self):
        at = datetime(2026, 4, 10)
        self._answers(
            6, answered_at=at, invited_at=at, csat=[5, 4, 3, 1, None, 5], nps=[10, 7, 0, None, None, 9],
            nps_points=[100, 0, -100, None, None, 100],
            nps_group=["promoter", "passive", "detractor", None, None, "promoter"], ces=[7, 1, None, None, 4, 5],
            state=["answered"] * 4 + ["invited"] * 2, is_delivered=[True] * 5 + [False],
        )  # fmt: skip
        self._answers(1, self.there, answered_at=at, csat=1)
        month = at.date().replace(day=1)
        self.assertEqual(self._measure("C-14", month), (3, 5))
        self.assertEqual(self._measure("S-01", month), (3, 5))
        self.assertEqual(self._measure("S-02", month), ([-100, 0, 100, 100], 4), "a passive is one of them")
        self.assertEqual(self._measure("S-03", month), ([1, 4, 5, 7], 4))
        self.assertEqual(self._measure("S-04", month), (4, 5))
        self.assertEqual(self._measure("S-04", datetime(2026, 5, 1).date()), (0, 0))

    def test_compensation(self):
        complaint = self._complaints(1)
        remedies = self.env["sqms.complaint.remedy"].create(
            [
                {"ticket_id": complaint.id, "name": "Money", "kind": "refund", "amount": amount}
                for amount in (10, 20, 40)
            ]
        )
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL session_replication_role = replica")
        for remedy, state in zip(remedies, ("given", "given", "proposed"), strict=True):
            self.env.cr.execute(
                "UPDATE sqms_complaint_remedy SET state = %s, given_at = '2026-04-05', amount_company = amount "
                "WHERE id = %s",
                [state, remedy.id],
            )
        self.env.cr.execute("SET LOCAL session_replication_role = origin")
        self.env.invalidate_all()
        self.assertEqual(self._measure("C-13", datetime(2026, 4, 1).date()), ([10, 20], 2))

    def test_customers_are_counted_from_tickets(self):
        partners = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        self._complaints(3, commercial_partner_id=[partners[0].id, partners[0].id, partners[1].id],
                         create_date=[datetime(2026, 1, 3), datetime(2025, 5, 3), datetime(2024, 12, 3)])  # fmt: skip
        volume = self.env["sqms.complaint.volume"].create(
            {"company_id": self.here.id, "month": "2026-01-01", "source": "x"}
        )
        volume.action_count_customers()
        self.assertEqual(volume.customers, 1)
