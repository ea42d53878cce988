from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import manifest
from .common import sign_step
from .review_common import ReviewCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
# ISO 9001 9.3.2 a) to f), ISO 10002 8.6, and what the house adds.
SECTIONS = {
    "previous": "9.3.2 a", "changes": "9.3.2 b", "satisfaction": "9.3.2 c 1", "objectives": "9.3.2 c 2",
    "processes": "9.3.2 c 3", "nonconformities": "9.3.2 c 4", "monitoring": "9.3.2 c 5", "audits": "9.3.2 c 6",
    "providers": "9.3.2 c 7", "resources": "9.3.2 d", "risks": "9.3.2 e", "improvements": "9.3.2 f",
    "complaints": "ISO 10002 8.6", "costs": "9.1.3", "documents": "5.2, 7.5", "compliance": "4.2, 8.2.2",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestReview(ReviewCase):
    def test_from_planned_to_closed(self):
        review = self._create_review()
        self.assertTrue(review.number.startswith("MR/2026/"))
        self._refused(UserError, "", lambda: review.with_user(self.top).action_transition("hold"))
        self._prepare(review)
        self.assertEqual((review.state, review.freeze_number, review.preparer_ids), ("prepared", 1, self.officer))
        self.assertTrue(review.is_intact)
        # Officers prepare, top management holds and closes.
        for user in (self.officer, self.manager):
            self._refused(AccessError, "role", lambda u=user: review.with_user(u).action_transition("hold"))
        self._refused(UserError, "Present", lambda: review.with_user(self.top).action_transition("hold"))
        review.with_user(self.top).present_ids = self.top
        review.with_user(self.top).action_transition("hold")
        self.assertEqual(review.held_at, datetime(2026, 11, 23, 4, 0))
        action = review.decision_ids.action_ids
        self.assertEqual(
            (len(action), action.kind, action.owner_id, action.date_due, action.state, action.company_id),
            (1, "improvement", self.manager, date(2026, 12, 31), "planned", self.company),
        )
        self._refused(UserError, "Minutes", lambda: sign_step(review, "close", self.top))
        review.with_user(self.officer).minutes = "<p>x</p>"
        for user in (self.officer, self.manager):
            self._refused(AccessError, "role", lambda u=user: sign_step(review, "close", u))
        with self.assertRaises(AccessDenied):
            review.with_user(self.top).action_sign_step("close", "wrong password")
        sign_step(review, "close", self.top)
        self.assertEqual((review.state, review.closer_name), ("closed", self.top.name))
        signature = review.sudo().signature_ids
        self.assertEqual((signature.meaning, signature.is_valid), ("approver", True))
        self.assertGreaterEqual(
            {entry.event for entry in review.sudo().sqms_history()}, {"frozen", "transition", "signed"}
        )

    def test_every_input_of_the_standard_is_there_and_what_has_no_data_says_so(self):
        review = self._prepare(decisions=())
        rows = {row.key: row for row in review.input_ids}
        self.assertEqual({key: row.clause for key, row in rows.items() if key in SECTIONS}, SECTIONS)
        for key in ("previous", "audits", "providers", "improvements", "costs", "risks", "nonconformities"):
            content = rows[key]._content()
            if key == "audits":
                continue  # an addon may keep them
            self.assertTrue(content["empty"], key)
            self.assertFalse([figure for figure in content["figures"] if figure["value"] is not None], key)
            self.assertFalse(content["tables"], key)
            self.assertFalse(rows[key].has_data)
        # Every language of the house, the same figures in each.
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for row in review.input_ids:
            self.assertEqual(set(row.data), installed)
            values = {
                lang: [(figure["key"], figure["value"], figure["before"]) for figure in content["figures"]]
                for lang, content in row.data.items()
            }
            self.assertEqual(len({repr(value) for value in values.values()}), 1)

    def test_the_figures_are_those_of_the_registers(self):
        nonconformities = self.env["sqms.nonconformity"].with_context(tracking_disable=True)
        base = {"company_id": self.company.id, "process_id": self.process.id}
        found = nonconformities.create(
            [
                {**base, "name": f"NC {number}", "grade": grade, "found_at": at}
                for number, (at, grade) in enumerate(
                    [
                        # The day begins at 16:00 UTC of the day before in Shanghai.
                        ("2026-04-30 15:59:59", "minor"), ("2026-04-30 16:00:00", "minor"),
                        ("2026-07-01 03:00:00", "major"), ("2026-10-31 15:59:59", "major"),
                        ("2026-10-31 16:00:00", "minor"), ("2025-10-01 00:00:00", "minor"),
                    ]
                )
            ]
        )  # fmt: skip
        nonconformities.create({"name": "Elsewhere", "company_id": self.other_company.id,
                                "found_at": "2026-07-01 03:00:00"})  # fmt: skip
        late = self.env["sqms.action"].create(
            [
                {"name": "Late", "company_id": self.company.id, "date_due": "2026-11-22", "owner_id": self.manager.id},
                {"name": "Today", "company_id": self.company.id, "date_due": "2026-11-23",
                 "owner_id": self.manager.id},
            ]
        )  # fmt: skip
        review = self._prepare()
        row = review.input_ids.filtered(lambda row: row.key == "nonconformities")
        figures = {figure["key"]: figure for figure in row._content()["figures"]}
        self.assertEqual(
            (figures["nonconformities"]["value"], figures["nonconformities"]["before"]),
            (3, 1),
            found.mapped("found_at"),
        )
        self.assertEqual(figures["nonconformities"]["trend"], "up")
        self.assertEqual(figures["nonconformities_open"]["value"], 6)
        self.assertEqual((figures["actions_late"]["value"], figures["actions_late"]["status"]), (1, "below"), late)
        (chart,) = [chart["chart"] for chart in row._content()["charts"] if chart["chart"]["kind"] == "line"]
        self.assertEqual(sum(point["value"] for point in chart["points"]), 4)
        self.assertEqual(
            len(chart["points"]), 13, "from the end of October 2025 to October 2026, months without any too"
        )
        grades = {line[0]: line[1:] for line in row._content()["tables"][0]["rows"]}
        self.assertEqual(grades["Major"], ["2", "0"])
        processes = review.input_ids.filtered(lambda row: row.key == "processes")
        self.assertTrue(processes.summary)

    def test_frozen(self):
        """After it was held nothing of the inputs changes, though the world moves on."""
        self.env["sqms.nonconformity"].create({"name": "One", "company_id": self.company.id,
                                               "found_at": "2026-07-01 03:00:00"})  # fmt: skip
        review = self._hold()
        digest, data = review.digest, {row.key: row.data for row in review.input_ids}
        self.env["sqms.nonconformity"].create({"name": "Two", "company_id": self.company.id,
                                               "found_at": "2026-07-02 03:00:00"})  # fmt: skip
        row = review.input_ids.filtered(lambda row: row.key == "nonconformities")
        root = self.env.ref("base.user_root")
        inputs = self.env["sqms.review.input"]
        for user in (self.officer, self.manager, self.top, root):
            mine = row.with_user(user)
            for values in (
                {"data": {}}, {"digest": "x"}, {"key": "x"}, {"is_current": False}, {"freeze_number": 9},
                {"comment": "too late"}, {"review_id": self._create_review().id},
            ):  # fmt: skip
                self._refused((AccessError, UserError), "", lambda v=values, m=mine: m.write(v))
            for attempt in (
                lambda m=mine: m.unlink(),
                lambda m=mine: m.copy(),
                lambda u=user: inputs.with_user(u).create({"review_id": review.id, "key": "z", "freeze_number": 1}),
                lambda u=user: inputs.with_user(u).with_context(
                    default_review_id=review.id, default_key="z", default_freeze_number=1
                ).create({}),
                lambda u=user: review.with_user(u).write({"input_ids": [Command.delete(row.id)]}),
                lambda u=user: review.with_user(u).write({"input_ids": [Command.update(row.id, {"data": {}})]}),
                lambda u=user: review.with_user(u).write({"input_ids": [Command.clear()]}),
                lambda u=user: review.with_user(u).write({"digest": "x"}),
                lambda u=user: review.with_user(u).write({"as_of": "2020-01-01"}),
                lambda u=user: review.with_user(u).write({"date_from": "2020-01-01"}),
                lambda u=user: review.with_user(u).write({"state": "planned"}),
                lambda u=user: review.with_user(u).action_transition("freeze_again"),
                lambda u=user: review.with_user(u).action_transition("replan"),
                lambda u=user: review.with_user(u).unlink(),
                lambda m=mine: m.update_field_translations("comment", {"en_US": "x"}),
            ):  # fmt: skip
                self._refused((AccessError, UserError), "", attempt)
            loaded = inputs.with_user(user).load([".id", "comment"], [[str(row.id), "x"]])
            self.assertFalse(loaded["ids"])
        server_action = self.env["ir.actions.server"].create(
            {
                "name": "Polish", "model_id": self.env["ir.model"]._get_id("sqms.review.input"), "state": "code",
                "code": "record.write({'data': {}})",
            }
        )  # fmt: skip
        self._refused(
            AccessError, "",
            server_action.with_context(active_model=row._name, active_id=row.id, active_ids=row.ids).run,
        )  # fmt: skip
        self.env.invalidate_all()
        self.assertEqual((review.digest, {row.key: row.data for row in review.input_ids}), (digest, data))
        self.assertTrue(review._is_intact())
        # Who reaches the database is seen, and such a review is not closed.
        self.env.cr.execute(
            "UPDATE sqms_review_input SET data = jsonb_set(data, '{en_US,title}', '\"All is well\"') WHERE id = %s",
            [row.id],
        )
        self.env.invalidate_all()
        self.assertFalse(review.is_intact)
        self._refused(UserError, "not what was frozen", lambda: sign_step(review, "close", self.top))

    def test_frozen_again_only_before_it_is_held(self):
        review = self._prepare()
        row = review.input_ids.filtered(lambda row: row.key == "nonconformities")
        row.with_user(self.officer).comment = "Look at the desk"
        first, old = review.digest, review.input_ids
        self.env["sqms.nonconformity"].create({"name": "One", "company_id": self.company.id,
                                               "found_at": "2026-07-01 03:00:00"})  # fmt: skip
        with freeze_time("2026-11-23 05:00:00"):
            review.with_user(self.manager).action_transition("freeze_again")
        self.assertEqual((review.state, review.freeze_number), ("prepared", 2))
        self.assertNotEqual(review.digest, first)
        self.assertEqual(review.preparer_ids, self.officer | self.manager)
        self.assertFalse(review.input_ids & old)
        self.assertEqual(len(review.input_ids), len(old))
        new = review.input_ids.filtered(lambda row: row.key == "nonconformities")
        self.assertEqual((new.comment, new.has_data, row.has_data), ("Look at the desk", True, False))
        # The earlier freeze is kept as it was, and the ledger names it.
        self.assertEqual(set(old.mapped("is_current")), {False})
        self._refused(AccessError, "frozen earlier", lambda: row.with_user(self.officer).write({"comment": "x"}))
        entries = [entry for entry in review.sudo().sqms_history() if entry.event == "frozen"]
        self.assertEqual(len(entries), 2)
        self.assertIn(first, str(entries[0].sqms_presented() if hasattr(entries[0], "sqms_presented") else
                                 entries[0].read()))  # fmt: skip
        # Another period is another freeze.
        self._refused(AccessError, "", lambda: review.with_user(self.officer).write({"date_to": "2026-09-30"}))
        review.with_user(self.officer).action_transition("replan")
        review.with_user(self.officer).date_to = "2026-09-30"
        self._prepare(review)
        self.assertEqual((review.freeze_number, review.is_intact), (3, True))
        # Prepared once, it is kept.
        self._refused(AccessError, "kept", lambda: review.with_user(self.officer).unlink())
        planned = self._create_review(decisions=())
        planned.with_user(self.officer).unlink()
        self.assertFalse(planned.exists())

    def test_a_period_that_is_not_over_is_not_frozen(self):
        review = self._create_review(date_to="2026-11-23")
        self._refused(UserError, "not over", lambda: review.action_transition("prepare"))
        review.date_to = "2026-11-22"
        self._prepare(review)
        later = self._prepare(date="2026-11-24")
        later.with_user(self.top).present_ids = self.top
        self._refused(UserError, "later day", lambda: later.with_user(self.top).action_transition("hold"))

    def test_no_review_is_closed_without_a_decision(self):
        review = self._hold(decisions=())
        self._refused(UserError, "no decision", lambda: sign_step(review, "close", self.top))
        states = ("prepared", "held", "closed")
        for user in (self.officer, self.top, self.env.ref("base.user_root")):
            reviews = self._as("sqms.review", user)
            for state in states:
                self._refused(UserError, "", lambda r=reviews, s=state: r.create({"name": "x", "state": s}))
                self._refused(
                    UserError, "", lambda r=reviews, s=state: r.with_context(default_state=s).create({"name": "x"})
                )
                self._refused(UserError, "", lambda u=user, s=state: self._create_review().with_user(u).write(
                    {"state": s}))  # fmt: skip
            self.assertFalse(reviews.load(["name", "state"], [["x", "closed"]])["ids"])
            self._refused(UserError, "", lambda r=reviews: r.create({"name": "x", "digest": "x"}))
        # What is decided after the meeting becomes an action at once.
        late = self._as("sqms.review.decision", self.top).create(
            {"review_id": review.id, **self._decision("After all, a van")}
        )
        self.assertEqual(len(late.sudo().action_ids), 1)
        self._close(review)
        for user in (self.officer, self.top, self.env.ref("base.user_root")):
            decisions = self._as("sqms.review.decision", user)
            for attempt in (
                lambda d=decisions: d.create({"review_id": review.id, **self._decision("x")}),
                lambda u=user: late.with_user(u).write({"name": "x"}),
                lambda u=user: late.with_user(u).unlink(),
                lambda u=user: review.with_user(u).write({"minutes": "x"}),
                lambda u=user: review.with_user(u).write({"decision_ids": [Command.clear()]}),
                lambda u=user: review.with_user(u).write({"name": "x"}),
            ):
                self._refused((AccessError, UserError), "", attempt)

    def test_each_decision_becomes_one_action(self):
        review = self._hold(decisions=("One", "Two"))
        one, two = review.decision_ids
        self.assertEqual([len(decision.action_ids) for decision in (one, two)], [1, 1])
        for _ in range(2):
            shown = one.with_user(self.top).action_make_action()
            self.assertEqual(shown["res_id"], one.action_ids.id)
            review.decision_ids._make_actions()
        self.assertEqual([len(decision.action_ids) for decision in (one, two)], [1, 1])
        self.assertEqual(review.action_count, 2)
        for user in (self.officer, self.top, self.env.ref("base.user_root")):
            for values in ({"name": "x"}, {"owner_id": self.top.id}, {"date_due": "2030-01-01"}, {"kind": "change"}):
                self._refused(AccessError, "has become an action", lambda u=user, v=values: one.with_user(u).write(v))
        one.with_user(self.top).write({"sequence": 99, "name": "One"})
        with mute_logger("odoo.sql_db"):
            self._refused(Exception, "", lambda: one.with_user(self.top).unlink())
        # Before it is held there is no action.
        early = self._create_review().decision_ids
        self._refused(AccessError, "", lambda: early.with_user(self.top).action_make_action())

    def test_the_next_review_hears_of_the_last_decisions(self):
        with freeze_time("2026-08-20 04:00:00"):
            last = self._close(
                date_from="2025-11-01", date_to="2026-04-30", date="2026-08-20",
                decisions=("Done in time", "Late one", "Under way"),
            )  # fmt: skip
        done, late, under_way = last.decision_ids
        late.sudo().action_ids.date_due = "2026-11-17"
        done._take_over("verified")
        review = self._prepare()
        self.assertEqual(review.previous_id, last)
        row = review.input_ids.filtered(lambda row: row.key == "previous")
        content = row._content()
        self.assertEqual(content["decisions"]["done"], "1 done")
        self.assertEqual(content["decisions"]["open"], "1 under way")
        self.assertEqual(content["decisions"]["late"], [f"Late one, {self.manager.name}, 6 days over"])
        self.assertEqual([line[3] for line in content["tables"][0]["rows"]], ["Done", "6 d late", "Not Started"])
        self.assertEqual(late.progress, "late")
        self.assertEqual(last.late_label, "3 decisions, 1 late")
        self.assertEqual(under_way.progress, "waiting")
        # A decision whose action was dropped is not late for ever.
        with self.subTest("dropped"):
            late._take_over("cancelled")
            late.invalidate_recordset()
            self.assertEqual(late.progress, "dropped")

    def test_who_prepared_it_does_not_close_it(self):
        both = self._create_user("both", "sqms_base.group_sqms_officer,sqms_base.group_sqms_top")
        review = self._create_review(user=both)
        review.with_user(both).action_transition("prepare")
        self._hold(review)
        self.assertNotIn("close", [step["name"] for step in review.with_user(both).transitions()])
        self._refused(UserError, "another person", lambda: sign_step(review, "close", both))
        self._refused(AccessError, "", lambda: sign_step(review, "close", self.officer))
        self.assertEqual(review.with_user(self.top).action_transition("close")["tag"], "sqms_sign")
        self.assertEqual(review.state, "held")
        sign_step(review, "close", self.top)
        self.assertEqual(review.state, "closed")

    def test_who_reads_what(self):
        review = self._prepare()
        row, decision = review.input_ids[0], review.decision_ids
        with mute_logger(*RULES):
            for user in (self.plain, self.guest, self.portal, self.public, self.stranger):
                for record in (review, row, decision):
                    self._refused(AccessError, "", lambda u=user, r=record: r.with_user(u).read(["display_name"]))
            self._hold(review)
            # Invited, and it was held.
            for record in (review, row, decision):
                self.assertTrue(record.with_user(self.plain).read())
            for user in (self.guest, self.portal, self.public, self.stranger):
                for record in (review, row, decision):
                    self._refused(AccessError, "", lambda u=user, r=record: r.with_user(u).read(["display_name"]))
            for user in (self.plain, self.certifier):
                for record in (review, row, decision):
                    self.assertTrue(record.with_user(user).read())
                    self._refused(AccessError, "", lambda u=user, r=record: r.with_user(u).write({"id": r.id}))
                    self._refused(AccessError, "", lambda u=user, r=record: r.with_user(u).unlink())
                self._refused(AccessError, "", lambda u=user: self._create_review(user=u))
                self._refused(AccessError, "", lambda u=user: review.with_user(u).action_transition("close"))
            self._refused(UserError, "", lambda: self._create_review(chair_id=self.stranger.id))  # of another company

    def test_the_next_one_is_planned(self):
        self.company.sqms_management_review_months = 6
        review = self._close()
        following = self.env["sqms.review"].search([("company_id", "=", self.company.id), ("state", "=", "planned")])
        self.assertEqual(
            (following.date_from, following.date_to, following.date),
            (date(2026, 11, 1), date(2027, 4, 30), date(2027, 5, 20)),
        )
        self.assertEqual((following.chair_id, following.participant_ids), (review.chair_id, review.participant_ids))
        reminder = following.activity_ids
        self.assertEqual((reminder.user_id, reminder.date_deadline), (self.officer, date(2027, 4, 20)))
        # Once; and not when one waits already, nor when the company wants none.
        again = self._close()
        self.assertEqual(self.env["sqms.review"].search_count([("state", "=", "planned"),
                         ("company_id", "=", self.company.id)]), 1, again)  # fmt: skip
        following.with_user(self.officer).unlink()
        self.company.sqms_management_review_months = 0
        self._close()
        self.assertFalse(
            self.env["sqms.review"].search([("state", "=", "planned"), ("company_id", "=", self.company.id)])
        )

    def test_readiness_evidence_and_morning_know_of_it(self):
        readiness, morning = self.env["sqms.readiness"], self.env["sqms.morning"]

        def sections(user):
            return {
                section["key"]: section
                for section in morning.with_user(user)._morning_sections()
                if section and section["count"]
            }

        self.assertFalse(readiness._check_management_review(self.company)[0])
        review = self._create_review()
        self.assertEqual(sections(self.officer)["reviews"]["count"], 1)
        self.assertNotIn("reviews", sections(self.top))
        self._prepare(review)
        self.assertNotIn("reviews", sections(self.officer))
        self.assertEqual(sections(self.top)["reviews"]["count"], 1)
        self.assertNotIn("reviews", sections(self.plain))
        rule = self.env.ref("sqms_base.sqms_evidence_rule_review_held")
        clauses = rule.clause_ids.with_company(self.company)
        self.assertEqual(set(clauses.mapped("number")), {"9.3.1", "5.1.1", "8.6"})
        self._hold(review)
        self.assertIn(review.display_name, [item["title"] for item in sections(self.top)["to_sign"]["items"]])
        self.assertNotIn("to_sign", sections(self.officer))
        is_met, words = readiness._check_management_review(self.company)
        self.assertTrue(is_met)
        self.assertIn(review.number, words)
        with freeze_time("2027-11-20 04:00:00"):
            self.assertTrue(readiness._check_management_review(self.company)[0])
        with freeze_time("2027-11-21 04:00:00"):
            is_met, words = readiness._check_management_review(self.company)
            self.assertFalse(is_met)

    def test_as_many_queries_for_twice_the_records(self):
        def made(count):
            self.env["sqms.nonconformity"].create(
                [
                    {"name": f"NC {number}", "company_id": self.company.id, "process_id": self.process.id,
                     "found_at": "2026-07-01 03:00:00"}
                    for number in range(count)
                ]
            )  # fmt: skip
            self.env["sqms.action"].create(
                [{"name": f"A {number}", "company_id": self.company.id, "owner_id": self.manager.id}
                 for number in range(count)]
            )  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            review._collect(datetime(2026, 11, 23, 4, 0))
            return self.env.cr.sql_log_count - before

        review = self._create_review()
        made(3)
        first = made(5)
        self.assertLessEqual(made(40), first)

    def test_digest_is_that_of_canonical_json(self):
        review = self._prepare()
        row = review.input_ids[0]
        text = manifest.canonical({"key": row.key, "clause": row.clause, "data": row.data})
        self.assertEqual(row.digest, manifest.digest(text))
        self.assertEqual(len(review.digest), 64)
