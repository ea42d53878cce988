from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOON
from .eligibility_common import EligibilityCase


@tagged("post_install", "-at_install")
class TestEligibilityFinding(EligibilityCase):
    """Assigned, and no longer eligible."""

    def _run(self):
        self.findings._find_on("maintenance.request")
        self.env.flush_all()
        self.env.invalidate_all()
        return self.findings.search([("company_id", "=", self.company.id), ("is_open", "=", True)])

    def test_found_told_once_and_closed(self):
        self.company.sqms_dispatcher_id = self.dispatcher
        request = self._create_request(self.wang)
        self._create_request(self.zhao)
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        self._create_request(self.wang, stage_id=done.id)
        self._create_rule()
        finding = self._run()
        self.assertEqual((finding.res_id, finding.person_name, finding.res_model),
                         (request.id, "Wang Li", "maintenance.request"))  # fmt: skip
        self.assertIn("has not confirmed reading", finding.reasons)
        self.assertEqual(finding.missing, finding.reasons)
        with freeze_time(NOON + timedelta(days=1)):
            self.assertEqual(self._run(), finding)
        activities = request.sudo().activity_ids
        self.assertEqual((len(activities), activities.user_id), (1, self.dispatcher))
        self._read(self.edition, self.wang)
        with freeze_time(NOON + timedelta(days=2)):
            self.assertFalse(self._run())
        self.assertEqual((finding.is_open, finding.closed_on), (False, date(2026, 11, 25)))

    def test_closed_when_the_rule_ends(self):
        self._create_request(self.wang)
        rule = self._create_rule()
        self.assertTrue(self._run())
        rule.with_user(self.manager).action_archive()
        with self.enter_registry_test_mode():
            self.env.ref("sqms_base.ir_cron_eligibility").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.findings.search([("company_id", "=", self.company.id), ("is_open", "=", True)]))

    def test_expired_override_is_found(self):
        rule = self._create_rule()
        self._approve_override(self._create_override(rule=rule))
        self._create_request(self.wang)
        self.assertFalse(self._run())
        with freeze_time(NOON + timedelta(days=8)):
            self.assertEqual(self._run().person_name, "Wang Li")

    def test_twice_the_records_cost_the_same(self):
        counts = []
        self._create_rule(date_from=date(2026, 11, 24))
        for size in (10, 20, 40):
            self.requests.create(
                [{"name": "Leak", "user_id": self.wang.id, "maintenance_team_id": self.team.id} for _ in range(size)]
            )
            with freeze_time(NOON + timedelta(days=1)):
                self._run()  # told
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self._run()
                counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(set(counts)), 1, counts)

    def test_roles_and_companies(self):
        self._create_request(self.wang)
        self._create_rule()
        finding = self._run()
        stranger = self._create_user("stranger", "sqms_base.group_sqms_manager", self.other_company)
        for user in (self.officer, self.manager, self.top, self.certifier):
            self.assertEqual(finding.with_user(user).person_name, "Wang Li")
            self.assertEqual(finding.with_user(user).record_name, "(no access)")
            with self.assertRaises(AccessError), self.cr.savepoint():
                finding.with_user(user).action_open_record()
            for attack in (lambda own: own.write({"is_open": False}), lambda own: own.unlink(), lambda own: own.copy()):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attack(finding.with_user(user))
        for user in (self.plain, self.portal, self.public, stranger):
            with self.assertRaises(AccessError):
                finding.with_user(user).read(["person_name"])


@tagged("post_install", "-at_install")
class TestEligibilityBadge(EligibilityCase):
    def test_badge(self):
        request = self._create_request(self.wang)
        self.assertFalse(request.eligibility)
        rule = self._create_rule()
        request.invalidate_recordset()
        self.assertEqual(request.eligibility["state"], "refused")
        [person] = request.eligibility["people"]
        self.assertEqual((person["name"], person["eligible"]), ("Wang Li", False))
        self.assertIn("has not confirmed reading", person["checks"][0]["text"])
        request.user_id = False
        self.assertEqual(request.eligibility, {"state": "nobody", "people": []})
        request.user_id = self.zhao
        self.assertEqual(request.eligibility["state"], "eligible")
        self.assertTrue(request.eligibility["people"][0]["checks"][0]["met"])
        self._approve_override(self._create_override(rule=rule))
        request.user_id = self.wang
        check = request.eligibility["people"][0]["checks"][0]
        self.assertEqual((request.eligibility["state"], check["met"]), ("eligible", False))
        self.assertIn("Override for Wang Li", check["override"])
        self.assertEqual(request.eligibility_colleagues(), ["Zhao Min"])

    def test_colleagues_only_for_who_sees_the_record(self):
        request = self._create_request()
        self._create_rule()
        for user in (self.plain, self.portal, self.public):
            for call in ("eligibility_colleagues", "action_who_may"):
                with self.assertRaises(AccessError):
                    getattr(request.with_user(user), call)()

    def test_badges_of_a_list_cost_the_same(self):
        self._create_rule()
        counts = []
        for size in (10, 20, 40):
            requests = self.requests.create(
                [{"name": "Leak", "user_id": self.zhao.id, "maintenance_team_id": self.team.id} for _ in range(size)]
            )
            self.env.flush_all()
            requests.mapped("eligibility")
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            requests.mapped("eligibility")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(set(counts)), 1, counts)


@tagged("post_install", "-at_install")
class TestEligibilityWho(EligibilityCase):
    def _ask(self, record, user=None, **values):
        question = self.env["sqms.eligibility.who"].with_user(user or self.dispatcher)
        return question.create({"record_ref": f"{record._name},{record.id}", **values}).answer

    def test_who_may_do_this(self):
        self._create_rule()
        request = self._create_request()
        answer = self._ask(request)
        names = {row["name"]: row for row in answer["rows"]}
        self.assertTrue(names["Zhao Min"]["eligible"])
        self.assertIn("has not confirmed reading", names["Wang Li"]["reasons"][0])
        self.assertEqual((answer["eligible"], answer["rows"][0]["name"]), (1, "Zhao Min"))
        self.assertEqual([row["name"] for row in self._ask(request, name_part="Wan")["rows"]], ["Wang Li"])

    def test_on_a_past_day(self):
        self._create_rule({"kind": "document", "document_id": self.procedure.id},
                          {"kind": "group", "group_id": self.env.ref("base.group_user").id})  # fmt: skip
        request = self._create_request()
        with freeze_time(NOON + timedelta(days=3)):
            self._read(self.edition, self.wang)
            self.assertEqual(self._ask(request)["eligible"], 2)
            past = self._ask(request, day=date(2026, 11, 25))
            self.assertEqual(past["eligible"], 1)
            self.assertIn("Groups keep no history", past["notes"][-1])

    def test_reasons_are_for_those_who_give_out_the_work(self):
        self._create_rule()
        request = self._create_request()
        request.message_subscribe(self.plain.partner_id.ids)
        answer = self._ask(request, self.plain)
        self.assertEqual([row["name"] for row in answer["rows"]], ["Zhao Min"])
        self.assertFalse(answer["rows"][0]["reasons"])

    def test_not_about_what_one_may_not_see(self):
        request = self._create_request()
        for user in (self.plain, self.portal, self.public):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._ask(request, user)
        question = (
            self.env["sqms.eligibility.who"]
            .with_user(self.dispatcher)
            .create({"record_ref": f"maintenance.request,{request.id}"})
        )
        with self.assertRaises(AccessError):
            question.with_user(self.manager).read(["answer"])

    def test_other_company_is_not_listed(self):
        self._create_person("stranger", "Stranger", self.env["hr.department"], company=self.other_company)
        self._create_rule()
        answer = self._ask(self._create_request())
        self.assertNotIn("Stranger", [row["name"] for row in answer["rows"]])
