from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .action_common import TODAY
from .common import sign_step
from .control_common import ControlCase
from .nonconformity_common import NonconformityCase


@tagged("post_install", "-at_install")
class TestImprovementAttacks(NonconformityCase):
    """Ways round the rules of improvement that were open once."""

    def _closing_refused(self, nc, words):
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            sign_step(nc, "close", self.manager)

    def test_who_found_the_cause_does_not_close(self):
        nc = self._create_nc()
        cause, _lasting, _correction = self._to_effective(nc)
        cause.with_user(self.manager).evidence = "I have seen it myself"
        self._closing_refused(nc, "worked on its causes")
        sign_step(nc, "close", self.second_manager)
        self.assertEqual(nc.state, "closed")

    def test_a_cancelled_action_binds_who_had_worked_on_it(self):
        nc = self._create_nc()
        self._to_action(nc)
        begun = self._create_action(nonconformity_id=nc.id, owner_id=self.manager.id)
        begun.with_user(self.manager).action_transition("start")
        begun.with_user(self.manager).evidence = "Half of it"
        begun.with_user(self.second_officer).cancel_reason = "Not needed"
        begun.with_user(self.second_officer).action_transition("cancel")
        self.assertIn(self.manager, nc._closing_people()[nc.id])
        self.assertNotIn(self.second_manager, nc._closing_people()[nc.id])

    def test_the_effect_is_judged_the_way_of_its_indicator(self):
        action = self._create_measured(effect_direction="higher")
        with self.assertRaisesRegex(UserError, "the other way round"), self.cr.savepoint():
            action.with_user(self.doer).action_transition("start")
        action.with_user(self.officer).effect_direction = "lower"
        action.with_user(self.doer).action_transition("start")
        self.assertEqual(action.state, "started")

    def test_what_is_late_is_not_planned_away(self):
        late = self._create_action(date_due=TODAY - timedelta(days=1))
        with self.assertRaisesRegex(UserError, "late already"), self.cr.savepoint():
            late.with_user(self.officer).date_due = TODAY + timedelta(days=90)
        late.with_user(self.officer).write({"date_due": TODAY - timedelta(days=1), "description": "As before"})
        planned = self._create_action()
        planned.with_user(self.officer).date_due = TODAY + timedelta(days=9)
        self.assertEqual(planned.date_due, TODAY + timedelta(days=9))

    def test_a_cost_names_what_its_writer_may_read(self):
        costs = self.env["sqms.quality.cost"].with_user(self.officer)
        values = {"name": "Call", "category": "external", "amount": 5, "company_id": self.company.id}
        secret = self.env["sqms.feedback"].create(
            {"text": "My superior", "kind": "concern", "is_confidential": True, "company_id": self.company.id}
        )
        foreign = self._create_nonconformity("Elsewhere", company_id=self.other_company.id)
        # Odoo's own assertRaises takes one class: an AccessError is a UserError.
        for record in (secret, foreign):
            with self.assertRaises(UserError), self.cr.savepoint():
                costs.create({**values, "res_model": record._name, "res_id": record.id})
        cost = costs.create({**values, "res_model": "sqms.nonconformity", "res_id": self.nonconformity.id})
        self.assertEqual(cost.res_id, self.nonconformity.id)


@tagged("post_install", "-at_install")
class TestControlAttacks(ControlCase):
    def test_only_who_is_asked_begins_a_check(self):
        plan = self._create_plan()
        other = self._create_user("uninvolved", "base.group_user")
        with self.assertRaisesRegex(AccessError, "somebody else"), self.cr.savepoint():
            plan.with_user(other).action_start_check()
        for user in (plan.owner_id, self.officer):
            self.assertEqual(self._start(plan, user).sudo().user_id, user)
