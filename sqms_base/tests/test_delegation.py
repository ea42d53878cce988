from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.acting import acted_for, acting
from .common import NOON, ZONE, DocumentCase, password_of, sign_step

TODAY = date(2026, 11, 23)


@tagged("post_install", "-at_install", "sqms_alone")
class TestDelegation(DocumentCase):
    """Zhou (top) is away; Plain, who has no role at all, stands in."""

    def _delegate(self, delegator=None, delegate=None, start=TODAY, end=date(2026, 11, 30), **values):
        delegator, delegate = delegator or self.top, delegate or self.plain
        row = (
            self.env["sqms.delegation"]
            .with_user(delegator)
            .create(
                {
                    "delegate_id": delegate.id, "date_from": start, "date_to": end, "reason": "Leave",
                    "company_id": self.company.id, **values,
                }
            )
        )  # fmt: skip
        row.action_transition("propose")
        row.with_user(delegate).action_transition("accept")
        return row

    def _policy(self, approver=None, author=None, **values):
        author = author or self.officer
        document = self._create_document("Policy", author, document_type="policy", **values)
        version = self._create_draft(document, author=author, date_effective=date(2026, 12, 7))
        version.with_user(author).approver_id = approver or self.top
        return self._submit(version)

    def _approve_as(self, version, user):
        return version.with_user(user).action_sign_step("approve", password_of(user))

    def _refused(self, version, user, *kinds):
        """Every way to the approval is closed."""
        mine = version.with_user(user)
        for way in (
            lambda: mine.action_transition("approve"),
            lambda: mine.action_sign_step("approve", password_of(user)),
            lambda: mine.signature_sheet("approve"),
            lambda: mine.write({"state": "approved"}),
            lambda: mine.with_context(sqms_acting=self.top.id, acting=self.top.id).action_sign_step(
                "approve", password_of(user)
            ),
            lambda: self.env["sqms.signature"].with_user(user).sign(mine, "approver", password_of(user)),
            lambda: mine.load([".id", "state"], [[str(version.id), "approved"]])["messages"] and self._deny(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                way()
        self.env.invalidate_all()
        self.assertEqual(version.sudo().state, "review")

    def _deny(self):
        raise AccessDenied()

    # -- what it gives ------------------------------------------------------------------

    def test_the_delegate_approves_with_his_own_signature_on_behalf(self):
        version = self._policy()
        with self.assertRaises(AccessError):
            version.with_user(self.plain).read(["state"])
        self._refused(version, self.plain)
        delegation = self._delegate()
        self.assertEqual(self.env["sqms.delegation"]._stands_in_for(self.plain), self.top)
        mine = version.with_user(self.plain)
        steps = {step["name"]: step for step in mine.transitions()}
        self.assertEqual(set(steps), {"approve", "return_to_author"})
        self.assertTrue(steps["approve"]["allowed"], steps["approve"]["reason"])
        self.assertIn(self.top.name, steps["approve"]["label"])
        self.assertEqual(mine.action_transition("approve")["tag"], "sqms_sign")
        sheet = mine.signature_sheet("approve")
        self.assertIn(f"on behalf of {self.top.name}", sheet["records"][0]["statement"])
        with self.assertRaises(AccessDenied), self.cr.savepoint():
            mine.action_sign_step("approve", password_of(self.top))
        mine.action_sign_step("approve", password_of(self.plain))
        self.assertEqual((version.state, version.approved_by_id), ("approved", self.plain))
        signature = version.sudo().signature_ids.filtered(lambda row: row.meaning == "approver")
        self.assertEqual(signature.user_id, self.plain)
        self.assertIn(f"Signed on behalf of {self.top.name}", signature.statement)
        self.assertTrue(signature.is_valid)
        self.assertIn(f"{self.plain.name} on behalf of {self.top.name}", str(version.sudo().message_ids.mapped("body")))
        entry = version.sudo().sqms_history().filtered(lambda row: row.event == "on_behalf")
        self.assertIn(f'"on_behalf_of":{self.top.id}', entry.text.replace(" ", ""))
        self.assertIn(f'"delegation":{delegation.id}', entry.text.replace(" ", ""))
        self.assertEqual(entry.user_id, self.plain.id)
        self.assertEqual(entry.changes[0]["new"], self.top.name)
        self.env.flush_all()
        self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # Nothing else came with it.
        for way in (
            lambda: mine.write({"withdrawal_reason": "x"}),
            lambda: mine.action_transition("recall"),
            lambda: self.env["sqms.document.version"].with_user(self.plain).create({"document_id": 1}),
            lambda: version.document_id.with_user(self.plain).write({"name": "x"}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                way()

    def test_whoever_may_himself_acts_in_his_own_name(self):
        self._delegate(delegate=self.manager)
        version = self._create_draft(date_effective=TODAY)
        self._submit(version)
        self._approve_as(version, self.manager)
        self.assertNotIn("behalf", str(version.sudo().message_ids.mapped("body")))
        # What is asked of somebody by name is not his own to decide.
        policy = self._policy()
        self._approve_as(policy, self.manager)
        self.assertIn(f"on behalf of {self.top.name}", str(policy.sudo().message_ids.mapped("body")))

    def test_a_review_and_the_way_back_are_open_as_well(self):
        self._delegate(delegator=self.manager, delegate=self.plain)
        version = self._create_draft(date_effective=TODAY)
        version.with_user(self.officer).reviewer_id = self.manager
        self._submit(version)
        version.with_user(self.plain).action_sign_step("confirm_review", password_of(self.plain))
        self.assertTrue(version.reviewed_at)
        version.with_user(self.officer).remarks = "Which day?"
        version.with_user(self.plain).action_transition("return_to_author")
        self.assertEqual(version.state, "draft")

    # -- how long -----------------------------------------------------------------------

    def test_an_expired_delegation_lets_nobody_approve(self):
        """From midnight to midnight in Shanghai, to the second, whether or not any job has run."""
        begin, end = datetime(2026, 11, 24, 16, 0), datetime(2026, 11, 26, 16, 0)
        self._delegate(start=date(2026, 11, 25), end=date(2026, 11, 26))
        version = self._policy()
        second = timedelta(seconds=1)
        for instant, holds in (
            (NOON, False), (begin - second, False), (begin, True), (end - second, True), (end, False),
            (end + timedelta(days=40), False),
        ):  # fmt: skip
            with freeze_time(instant), self.subTest(instant=instant):
                self.env.invalidate_all()
                self.assertEqual(bool(self.env["sqms.delegation"]._stands_in_for(self.plain)), holds)
                if not holds:
                    self._refused(version, self.plain)
                    self.assertFalse(
                        self.env["sqms.document.version"].with_user(self.plain).search([("id", "=", version.id)])
                    )
                else:
                    steps = version.with_user(self.plain).transitions()
                    self.assertTrue(next(step for step in steps if step["name"] == "approve")["allowed"])
        # The dialog was opened in time, the password comes a second too late.
        with freeze_time(end - second):
            self.env.invalidate_all()
            seen = {
                str(row["id"]): row["digest"]
                for row in version.with_user(self.plain).signature_sheet("approve")["records"]
            }
        with freeze_time(end), self.assertRaises(UserError), self.cr.savepoint():
            self.env.invalidate_all()
            version.with_user(self.plain).action_sign_step("approve", password_of(self.plain), seen=seen)
        with freeze_time(end - second):
            self.env.invalidate_all()
            self._approve_as(version, self.plain)
        self.assertEqual(version.state, "approved")
        self.assertEqual(self.env["sqms.delegation"]._stands_in_for(self.plain, on=begin), self.top)
        self.assertFalse(self.env["sqms.delegation"]._stands_in_for(self.plain, on=end))

    def test_revoked_or_never_accepted_lets_nobody_approve(self):
        version = self._policy()
        row = self._delegate()
        for person in (self.officer, self.second_manager.browse()):
            if person:
                with self.assertRaises(UserError), self.cr.savepoint():
                    row.with_user(person).action_transition("revoke")
        row.with_user(self.top).action_transition("revoke")
        self._refused(version, self.plain)
        with self.assertRaises(UserError), self.cr.savepoint():
            row.with_user(self.plain).action_transition("accept")
        other = self.env["sqms.delegation"].with_user(self.top).create(
            {
                "delegate_id": self.plain.id, "date_from": TODAY, "date_to": TODAY, "reason": "x",
                "company_id": self.company.id,
            }
        )  # fmt: skip
        self._refused(version, self.plain)
        other.action_transition("propose")
        self._refused(version, self.plain)
        for person in (self.top, self.manager, self.officer, self.env.ref("base.user_root")):
            with self.assertRaises(UserError), self.cr.savepoint():
                other.with_user(person).action_transition("accept")
        with self.assertRaises(UserError), self.cr.savepoint():
            other.sudo().write({"state": "active"})
        with self.assertRaises(UserError), self.cr.savepoint():
            other.sudo().write({"starts_at": NOON})
        other.with_user(self.plain).action_transition("decline")
        self._refused(version, self.plain)

    def test_a_delegator_who_lost_the_role_or_has_left_gives_nothing(self):
        version = self._policy()
        self._delegate()
        top = self.env.ref("sqms_base.group_sqms_top")
        self.top.group_ids = [Command.unlink(top.id)]
        self.env.invalidate_all()
        self._refused(version, self.plain)
        self.top.group_ids = [Command.link(top.id)]
        self.top.active = False
        self.env.invalidate_all()
        self._refused(version, self.plain)
        self.assertFalse(self.env["sqms.delegation"]._stands_in_for(self.plain))
        self.top.active = True
        self.top.write({"company_id": self.other_company.id, "company_ids": [Command.set(self.other_company.ids)]})
        self.env.invalidate_all()
        self._refused(version, self.plain)

    # -- for what -----------------------------------------------------------------------

    def test_scope_is_kept(self):
        policy = self._policy()
        procedure = self._create_draft(date_effective=TODAY)
        procedure.with_user(self.officer).approver_id = self.top
        self._submit(procedure)
        row = self._delegate(scope="document_type", document_type="procedure")
        self._refused(policy, self.plain)
        self.assertTrue(procedure.with_user(self.plain).transitions())
        row.with_user(self.plain).action_transition("revoke")
        process = self.env["sqms.process"].create(
            {
                "code": "P", "name": "Governing", "company_id": self.company.id,
                "document_ids": [Command.link(policy.document_id.id)],
            }
        )  # fmt: skip
        self._delegate(scope="process", process_id=process.id)
        self._refused(procedure, self.plain)
        self._approve_as(policy, self.plain)
        self.assertEqual(policy.state, "approved")

    def test_who_wrote_it_decides_in_nobodys_name(self):
        self._delegate(delegate=self.officer)
        mine = self._policy()  # the officer wrote it
        self._refused(mine, self.officer)
        # The delegator wrote in it himself.
        self._delegate(delegator=self.manager)
        theirs = self._create_draft(author=self.manager, date_effective=TODAY)
        self._submit(theirs)
        self.assertFalse(
            [
                step
                for step in theirs.with_user(self.plain).transitions()
                if step["name"] == "approve" and step["allowed"]
            ]
        )
        self._refused(theirs, self.plain)
        joint = self._create_draft(date_effective=TODAY)
        joint.with_user(self.manager).content = "<p>A word of mine.</p>"
        self._submit(joint)
        self._refused(joint, self.plain)

    def test_it_is_not_passed_on(self):
        version = self._policy()
        self._delegate(delegator=self.top, delegate=self.officer)
        self._delegate(delegator=self.officer, delegate=self.plain)
        self.assertEqual(self.env["sqms.delegation"]._stands_in_for(self.plain), self.officer)
        self._refused(version, self.plain)

    def test_acting_covers_one_person_and_these_records_only(self):
        version, other = self._policy(), self._policy()
        mine = version.with_user(self.plain)
        with acting(mine, self.top.id, 1):
            self.assertTrue(acted_for(mine))
            self.assertFalse(acted_for(other.with_user(self.plain)))
            self.assertFalse(acted_for(mine | other.with_user(self.plain)))
            self.assertFalse(acted_for(version.with_user(self.officer)))
            self.assertFalse(acted_for(mine.browse()))
        self.assertFalse(acted_for(mine))

    # -- who gives it -------------------------------------------------------------------

    def test_nobody_gives_what_is_not_his(self):
        values = {"date_from": TODAY, "date_to": TODAY, "reason": "x", "company_id": self.company.id}
        rows = self.env["sqms.delegation"]
        for user, delegator, delegate in (
            (self.plain, self.plain, self.officer),
            (self.plain, self.top, self.plain),
            (self.officer, self.top, self.officer),
            (self.certifier, self.certifier, self.plain),
            (self.portal, self.top, self.portal),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                rows.with_user(user).create({**values, "delegator_id": delegator.id, "delegate_id": delegate.id})
        # A manager writes it down, but hands out neither to himself nor what he has not.
        for delegator, delegate, allowed in (
            (self.second_manager, self.manager, False),
            (self.top, self.plain, False),
            (self.second_manager, self.plain, True),
            (self.officer, self.plain, True),
            (self.plain, self.officer, False),
            (self.second_manager, self.certifier, False),
        ):
            row = rows.with_user(self.manager).create(
                {**values, "delegator_id": delegator.id, "delegate_id": delegate.id}
            )
            if allowed:
                row.action_transition("propose")
                self.assertEqual(row.proposed_by_id, self.manager)
            else:
                with self.assertRaises(UserError), self.cr.savepoint():
                    row.action_transition("propose")
        for wrong in (
            {"delegator_id": self.top.id, "delegate_id": self.top.id},
            {"delegate_id": self.plain.id, "date_to": date(2026, 11, 22)},
            {"delegate_id": self.portal.id},
            {"delegate_id": self._create_user("abroad", "base.group_user", self.other_company).id},
            {"delegate_id": self.plain.id, "scope": "process"},
            {"delegate_id": self.plain.id, "reason": False},
        ):
            with self.assertRaises(Exception), mute_logger("odoo.sql_db"), self.cr.savepoint():  # noqa: B017
                rows.with_user(self.top).create({**values, **wrong})
        past = rows.with_user(self.top).create({**values, "delegate_id": self.plain.id})
        with freeze_time(NOON + timedelta(days=1)), self.assertRaisesRegex(UserError, "last day"), self.cr.savepoint():
            past.action_transition("propose")

    def test_accepted_it_stays_as_it_is(self):
        row = self._delegate()
        for user in (self.top, self.plain, self.manager):
            for values in ({"date_to": date(2027, 1, 1)}, {"scope": "process"}, {"delegate_id": self.officer.id}):
                with self.assertRaises(UserError), self.cr.savepoint():
                    row.with_user(user).write(values)
        with self.assertRaises(UserError), self.cr.savepoint():
            row.with_user(self.top).unlink()
        draft = self.env["sqms.delegation"].with_user(self.top).create(
            {
                "delegate_id": self.plain.id, "date_from": TODAY, "date_to": TODAY, "reason": "x",
                "company_id": self.company.id,
            }
        )  # fmt: skip
        with self.assertRaises(AccessError), self.cr.savepoint():
            draft.with_user(self.plain).write({"date_to": date(2027, 1, 1)})
        with self.assertRaises(AccessError):
            row.with_user(self.officer).read(["reason"])
        self.assertTrue(row.with_user(self.certifier).read(["state"]))

    # -- what waits ---------------------------------------------------------------------

    def test_what_waits_for_the_delegator_waits_for_the_delegate(self):
        version = self._policy()
        wrote = self._policy(author=self.manager)

        def waiting(user):
            page = self.env["sqms.morning"].with_user(user).get_morning()
            sections = [*page["sections"], {"items": [page["start_here"]] if page["start_here"] else []}]
            return {
                item["action"]["res_id"]: item["subtitle"]
                for section in sections
                for item in section["items"]
                if item["action"]["res_model"] == "sqms.document.version" and item.get("button")
            }

        self.assertFalse(waiting(self.plain))
        self._delegate()
        self.env.invalidate_all()
        found = waiting(self.plain)
        self.assertEqual(set(found), {version.id, wrote.id})
        self.assertIn(f"for {self.top.name}", found[version.id])
        self._delegate(delegate=self.manager)
        self.assertEqual(set(waiting(self.manager)), {version.id})
        with freeze_time(NOON + timedelta(days=30)):
            self.env.invalidate_all()
            self.assertFalse(waiting(self.plain))

    def test_people_without_delegation_ask_the_database_nothing_more(self):
        version = self._policy()
        self.env["sqms.delegation"]._standing(self.second_manager)
        start = self.cr.sql_log_count
        self.assertFalse(self.env["sqms.delegation"]._standing(self.second_manager))
        self.assertEqual(self.cr.sql_log_count, start)
        self.assertTrue(version.with_user(self.top).transitions())

    def test_the_last_day_is_one_of_the_company(self):
        self.assertEqual(self.company._sqms_tz(), ZONE)
        row = self._delegate(start=TODAY, end=TODAY)
        self.assertEqual((row.starts_at, row.ends_at), (NOON, datetime(2026, 11, 23, 16, 0)))
        self.assertEqual(row.validity, "valid")
        found = self.env["sqms.delegation"].search([("validity", "in", ["valid"]), ("id", "=", row.id)])
        self.assertEqual(found, row)
        with freeze_time(row.ends_at):
            row.invalidate_recordset()
            self.assertEqual(row.validity, "expired")

    def test_signing_by_the_helper_is_the_same(self):
        self._delegate()
        version = self._policy()
        sign_step(version, "approve", self.plain)
        self.assertEqual(version.state, "approved")
