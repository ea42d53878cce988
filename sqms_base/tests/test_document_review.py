from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DocumentCase

REVIEWS = "sqms.document.review"


@tagged("post_install", "-at_install", "sqms_alone")
class TestDocumentReview(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # In force since 23 November 2026; procedures are looked at every two years.
        cls.version = cls._create_in_force()
        cls.document = cls.version.document_id
        cls.due = date(2028, 11, 23)

    def _run_cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("sqms_base.ir_cron_document_review").method_direct_trigger()
        self.env.invalidate_all()
        return self.document.review_ids

    def _decide(self, review, outcome, user=None, reason="Read with the shift leaders"):
        mine = review.with_user(user or self.officer)
        mine.write({"outcome": outcome, "reason": reason})
        return mine.action_transition("decide")

    def test_the_next_review_follows_type_company_edition_and_what_was_decided(self):
        self.assertEqual((self.document.review_months, self.document.date_next_review), (24, self.due))
        self.assertEqual(self._create_document(document_type="policy").review_months, 12)
        self.company.sqms_review_months = 18
        self.assertEqual(self._create_document(document_type="policy").review_months, 18)
        self.assertEqual(self.document.review_months, 24, "what is there stays as it was decided")
        self.document.with_user(self.officer).review_months = 6
        self.assertEqual(self.document.date_next_review, date(2027, 5, 23))
        self.document.with_user(self.officer).review_months = 0
        self.assertFalse(self.document.date_next_review)
        self.document.with_user(self.officer).review_months = 24
        following = self.version.browse(self.document.with_user(self.officer).action_new_edition()["res_id"])
        self.assertEqual(self.document.date_next_review, self.due)
        self._approve(following, date(2026, 12, 7))
        self.assertEqual(self.document.date_next_review, date(2028, 12, 7))
        manager = following.with_user(self.manager)
        manager.withdrawal_reason = "Late"
        manager.action_transition("recall")
        self.assertEqual(self.document.date_next_review, self.due)

    def test_one_activity_for_each_period_and_none_in_the_second_run(self):
        """R04, over three periods; late runs and a server that was off included."""
        self.assertFalse(self._run_cron("2028-10-23 12:00:00"), "31 days before it is not asked for")
        review = self._run_cron("2028-10-24 12:00:00")
        self.assertEqual((len(review), review.date_due, review.version_id), (1, self.due, self.version))
        self.assertEqual(review.activity_ids.mapped("user_id"), self.officer)
        self.assertEqual(review.activity_ids.date_deadline, self.due)
        for moment in ("2028-10-24 13:00:00", "2028-11-24 00:00:00", "2029-06-01 00:00:00"):
            self.assertEqual(self._run_cron(moment), review)
            self.assertEqual(len(review.activity_ids), 1)
        with freeze_time("2029-06-01 04:00:00"):
            self._decide(review, "keep")
        self.assertFalse(review.is_on_time)
        self.assertFalse(review.activity_ids)
        self.assertEqual(self.document.date_next_review, date(2031, 6, 1))
        self.assertEqual(self._run_cron("2029-06-02 00:00:00"), review)
        second = self._run_cron("2031-06-02 00:00:00") - review
        self.assertEqual((len(second), second.date_due), (1, date(2031, 6, 1)))
        self.assertEqual(self._run_cron("2031-06-03 00:00:00"), review | second)

    def test_asking_costs_the_same_for_twice_as_many(self):
        for count in (3, 6):
            for _ in range(count):
                self._create_in_force(document=self._create_document(review_months=1, audience="nobody"))
            self.env.flush_all()
            with freeze_time("2026-12-20 04:00:00"):
                self.env.invalidate_all()
                due = self.env["sqms.document"]._reviews_to_ask(100)
                self.assertEqual(len(due), count)
                before = self.cr.sql_log_count
                self.env[REVIEWS]._ask(due)
                self.env.flush_all()
                queries = self.cr.sql_log_count - before
            if count == 3:
                first = queries
        # Odoo itself makes each owner a follower of what he has to do.
        self.assertLessEqual(queries, first + 4 * 3)

    def test_late_reviews_are_found(self):
        late = [("date_next_review", "<", "today")]
        with freeze_time("2028-11-24 04:00:00"):
            self.assertIn(self.document, self.env["sqms.document"].with_user(self.officer).search(late))
        with freeze_time("2028-11-23 04:00:00"):
            self.assertNotIn(self.document, self.env["sqms.document"].with_user(self.officer).search(late))

    def test_change_opens_the_next_edition_and_its_approval_moves_the_date(self):
        self.document.with_user(self.officer).action_review()
        review = self.document.review_ids
        action = self._decide(review, "change")
        draft = self.version.browse(action["res_id"])
        self.assertEqual((draft.state, draft.edition, review.next_version_id), ("draft", 2, draft))
        self.assertEqual(self.document.date_next_review, self.due, "the draft is not yet an answer")
        # What is in preparation already is taken.
        self.document.with_user(self.officer).action_review()
        second = self.document.review_ids - review
        self.assertEqual(self._decide(second, "change")["res_id"], draft.id)
        # An approval settles what is open.
        self.document.with_user(self.officer).action_review()
        third = self.document.review_ids - review - second
        self._approve(draft, date(2026, 12, 7))
        self.assertEqual((third.state, third.outcome, third.next_version_id), ("done", "change", draft))
        self.assertEqual(self.document.date_next_review, date(2028, 12, 7))

    def test_withdraw_leads_to_the_approver_and_his_step(self):
        self.document.with_user(self.officer).action_review()
        review = self.document.review_ids
        action = self._decide(review, "withdraw", reason="The terminal is gone")
        self.assertEqual(action["res_id"], self.version.id)
        self.assertEqual(self.version.state, "effective", "the officer does not withdraw")
        self.assertEqual(self.version.withdrawal_reason, "The terminal is gone")
        self.assertEqual(self.version.activity_ids.user_id, self.manager)
        with freeze_time("2026-11-23 05:00:00"):
            self.version.with_user(self.manager).action_transition("withdraw")
            self.env.invalidate_all()
            self.assertFalse(self.document.date_next_review)
            with self.assertRaisesRegex(UserError, "nothing to review"):
                self.document.with_user(self.officer).action_review()
        self.assertFalse(self._run_cron("2029-01-01 00:00:00") - review)

    def test_a_withdrawal_settles_the_open_review(self):
        review = self._run_cron("2028-11-01 00:00:00")
        with freeze_time("2028-11-02 04:00:00"):
            manager = self.version.with_user(self.manager)
            manager.withdrawal_reason = "The service has ended"
            manager.action_transition("withdraw")
        self.assertEqual((review.state, review.outcome, review.is_on_time), ("done", "withdraw", True))
        self.assertFalse(review.activity_ids)

    def test_nothing_is_decided_without_outcome_reason_and_role_and_what_is_decided_stays(self):
        self.document.with_user(self.officer).action_review()
        review = self.document.review_ids
        for values in ({}, {"outcome": "keep"}, {"outcome": False, "reason": "x"}):
            review.with_user(self.officer).write(values)
            with self.assertRaisesRegex(UserError, "please fill in"):
                review.with_user(self.officer).action_transition("decide")
        for user in (self.plain, self.hr, self.portal):
            with self.assertRaises(AccessError):
                review.with_user(user).action_transition("decide")
            with self.assertRaises(AccessError):
                self.env[REVIEWS].with_user(user).create({"document_id": self.document.id})
        with self.assertRaises(AccessError):
            review.with_user(self.certifier).write({"outcome": "keep"})
        self.assertEqual(review.with_user(self.certifier).document_id, self.document)
        for values in (
            {"state": "done"}, {"is_on_time": True}, {"date_done": "2020-01-01"}, {"date_due": "2040-01-01"},
            {"reviewer_id": self.manager.id}, {"version_id": False},
        ):  # fmt: skip
            for user in (self.officer, self.env.ref("base.user_root")):
                with self.assertRaises(UserError):
                    review.with_user(user).write(values)
        with self.assertRaises(UserError):
            review.with_user(self.manager).action_transition("settle")
        self._decide(review, "keep")
        for values in ({"outcome": "withdraw"}, {"reason": "Other"}):
            with self.assertRaises(AccessError):
                review.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            review.with_user(self.manager).unlink()

    def test_edition_and_due_date_are_not_what_a_client_says(self):
        hostile = self.env[REVIEWS].with_user(self.officer).with_context(default_date_due="2099-01-01")
        review = hostile.create({"document_id": self.document.id, "date_due": "2098-01-01", "version_id": False})
        self.assertEqual((review.date_due, review.version_id), (self.due, self.version))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            hostile.create({"document_id": self.document.id})
        for values in ({"state": "done"}, {"is_on_time": True}):
            with self.assertRaises(UserError):
                hostile.create({"document_id": self.document.id, **values})

    def test_whoever_cannot_decide_is_not_asked(self):
        self.document.owner_id = self.plain
        review = self._run_cron("2028-11-01 00:00:00")
        self.assertEqual(review.activity_ids.user_id, self.manager, "who approved it")
        theirs = self._create_user("their_manager", "sqms_base.group_sqms_manager", company=self.other_company)
        self.assertFalse(self.env[REVIEWS].with_user(theirs).search([("document_id", "=", self.document.id)]))

    def test_top_management_keeps_its_policies_and_leaves_writing_to_others(self):
        policy = self._create_document("Quality policy", document_type="policy", owner_id=self.top.id)
        version = self._approve(self._create_draft(policy), approver=self.top)
        version.document_id.with_user(self.top).action_review()
        review = policy.review_ids
        with self.assertRaisesRegex(UserError, "quality officer"):
            self._decide(review, "change", self.top)
        self._decide(review, "keep", self.top)
        self.assertEqual((review.state, review.reviewer_id), ("done", self.top))

    def test_on_time_is_measured(self):
        indicator = self.env.ref("sqms_base.sqms_indicator_document_review")
        self.assertEqual((indicator.code, indicator.source), ("D-01", "sqms.document.review:date_due"))
        formula = indicator.with_user(self.manager)._formula()
        review = self._run_cron("2028-11-01 00:00:00")
        reviews = self.env[REVIEWS].search([("document_id", "=", self.document.id)])
        self.assertEqual((len(reviews.filtered_domain(list(formula.domain))),
                          len(reviews.filtered_domain(list(formula.domain & formula.numerator)))), (1, 0))  # fmt: skip
        with freeze_time("2028-11-23 15:00:00"):  # eleven at night in Shanghai: still the day
            self._decide(review, "keep")
        self.assertEqual(len(reviews.filtered_domain(list(formula.domain & formula.numerator))), 1)
