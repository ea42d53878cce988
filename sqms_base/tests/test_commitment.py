from datetime import date, datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NOON, sign_step
from .goal_common import GoalCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestCommitment(GoalCase):
    @classmethod
    def _create(cls, name="On time", user=None, **values):
        return cls._as("sqms.commitment", user).create(
            {
                "name": name,
                "promise": "We come in the hour we named.",
                "remedy": "The call-out is free.",
                "remedy_kind": "refund",
                "remedy_amount": 80,
                **values,
            }
        )

    @classmethod
    def _promised(cls, **values):
        promise = cls._create(**values)
        sign_step(promise, "approve", cls.manager)
        return promise

    @classmethod
    def _request(cls, company=None):
        team = cls.env["maintenance.team"].create({"name": "Upkeep", "company_id": False})
        return cls.env["maintenance.request"].create(
            {"name": "Boiler", "company_id": (company or cls.company).id, "maintenance_team_id": team.id}
        )

    def test_approved_by_another_and_then_closed(self):
        promise = self._create(user=self.manager)
        self._refused(UserError, "another person", lambda: sign_step(promise, "approve", self.manager))
        self._refused(AccessError, "", lambda: sign_step(promise, "approve", self.officer))
        promise.with_user(self.second_manager).limits = "Not in a storm"
        self._refused(UserError, "another person", lambda: sign_step(promise, "approve", self.second_manager))
        for user in (self.officer, self.top, self.env.ref("base.user_root")):
            self._refused(UserError, "", lambda u=user: promise.with_user(u).write({"state": "approved"}))
            self._refused(UserError, "", lambda u=user: self._create(user=u, state="approved"))
        sign_step(promise, "approve", self.top)
        self.assertEqual((promise.state, promise.validity), ("approved", "valid"))
        for user in (self.officer, self.manager, self.top, self.env.ref("base.user_root")):
            for values in ({"promise": "x"}, {"remedy": "x"}, {"remedy_amount": 1}, {"date_to": "2027-01-01"}):
                self._refused(UserError, "", lambda u=user, v=values: promise.with_user(u).write(v))
            self._refused(
                UserError,
                "",
                lambda u=user: promise.with_user(u).update_field_translations("promise", {"en_US": "Less"}),
            )
        self._refused(UserError, "", lambda: promise.with_user(self.top).action_transition("withdraw"))
        promise.with_user(self.top).withdrawal_reason = "Winter"
        promise.with_user(self.top).action_transition("withdraw")
        self.assertEqual((promise.state, promise.validity, promise.withdrawn_at), ("withdrawn", "none", NOON))
        late = self._create(date_from="2026-01-01", date_to="2026-11-22")
        self._refused(UserError, "last day has passed", lambda: sign_step(late, "approve", self.manager))

    def test_in_force_by_the_days_of_the_company(self):
        promise = self._promised(date_from=date(2026, 12, 1), date_to=date(2026, 12, 31))
        promises = self._as("sqms.commitment")
        # Midnight in Shanghai is four in the afternoon in UTC.
        for instant, expected in (
            (datetime(2026, 11, 30, 15, 59, 59), "coming"),
            (datetime(2026, 11, 30, 16, 0), "valid"),
            (datetime(2026, 12, 31, 15, 59, 59), "valid"),
            (datetime(2026, 12, 31, 16, 0), "expired"),
        ):
            with freeze_time(instant):
                self.env.invalidate_all()
                self.assertEqual(promise.validity, expected, instant)
                found = [
                    name
                    for name in ("none", "coming", "valid", "expired")
                    if promises.search_count([("id", "=", promise.id), ("validity", "=", name)])
                ]
                self.assertEqual(found, [expected], instant)
                self.assertEqual(bool(promise._in_force_at(instant)), expected == "valid")
                seen = self._as("sqms.commitment", self.plain).search([("id", "=", promise.id)])
                self.assertEqual(bool(seen), expected == "valid", instant)

    def test_what_is_published(self):
        promise = self._promised()
        hidden, coming = self._promised(name="Hidden"), self._promised(name="Coming", date_from="2026-12-24")
        draft = self._create("Draft")
        for user in (self.officer, self.top):
            self._refused(
                AccessError, "quality manager", lambda u=user: promise.with_user(u).write({"is_published": True})
            )
        self._refused(AccessError, "quality manager", lambda: self._create(is_published=True))
        self._refused(
            AccessError,
            "quality manager",
            lambda: (
                self._as("sqms.commitment")
                .with_context(default_is_published=True)
                .create({"name": "x", "promise": "x", "remedy": "x"})
            ),
        )
        (promise | coming | draft).with_user(self.manager).is_published = True
        published = self.env["sqms.commitment"].with_user(self.public).sudo()._published(self.company)
        self.assertEqual(published.ids, promise.ids)
        self.assertFalse(self.env["sqms.commitment"].sudo()._published(self.other_company))
        self.assertFalse(hidden.is_published)

    def test_breach_keeps_what_was_promised(self):
        promise, request = self._promised(), self._request()
        commitments = self.env["sqms.commitment"]
        breach = commitments._report_breach(promise, request, NOON - timedelta(minutes=1), "An hour late")
        # Approved this noon, it held since the morning of its first day.
        self.assertEqual((breach.res_model, breach.res_id, breach.state), (request._name, request.id, "reported"))
        self.assertEqual((breach.promised, breach.remedy), ("We come in the hour we named.", "The call-out is free."))
        self.assertEqual((breach.remedy_kind, breach.remedy_amount, breach.company_id), ("refund", 80, self.company))
        self.assertEqual(commitments._report_breach(promise, request), breach)
        self.assertEqual(promise.breach_count, 1)
        with mute_logger("odoo.sql_db"):
            self._refused(
                psycopg2.errors.UniqueViolation,
                "",
                lambda: breach.create({"commitment_id": promise.id, "res_model": request._name, "res_id": request.id}),
            )
        mine = breach.with_user(self.officer)
        another = f"res.partner,{self.plain.partner_id.id}"
        for values in ({"remedy_amount": 1}, {"texts": {}}, {"commitment_id": promise.id}, {"res_id": 1},
                       {"happened_at": NOON}, {"closed_at": NOON}, {"record_ref": another}):  # fmt: skip
            self._refused(UserError, "", lambda v=values: mine.write(v))
        self._refused(UserError, "What Was Given", lambda: mine.action_transition("give_remedy"))
        self._refused(AccessError, "", lambda: mine.action_transition("dismiss"))
        mine.remedy_given = "CNY 80 back, with a word of regret"
        mine.action_transition("give_remedy")
        self.assertEqual((breach.state, breach.closed_by_id, breach.closed_at), ("remedied", self.officer, NOON))
        self._refused(AccessError, "", lambda: mine.write({"remedy_given": "Nothing"}))
        self.assertEqual(breach.action_open_record()["res_id"], request.id)
        with mute_logger(*RULES):
            self._refused(AccessError, "", mine.action_open_record)  # his role opens no maintenance requests
        graph = promise.with_user(self.officer).trace()
        self.assertIn("sqms.commitment.breach", {node["model"] for node in graph["nodes"]})

    def test_only_a_promise_in_force_is_broken(self):
        request = self._request()
        commitments, breaches = self.env["sqms.commitment"], self._as("sqms.commitment.breach")
        coming = self._promised(date_from="2026-12-01")
        withdrawn = self._promised(name="Withdrawn", date_from="2026-01-01")
        withdrawn.with_user(self.manager).withdrawal_reason = "Enough"
        withdrawn.with_user(self.manager).action_transition("withdraw")
        draft = self._create("Draft")
        for promise in (coming, withdrawn, draft):
            self.assertFalse(commitments._report_breach(promise, request))
            values = {"commitment_id": promise.id, "record_ref": f"maintenance.request,{request.id}"}
            self._refused(ValidationError, "not in force", lambda v=values: breaches.sudo().create(v))
        self.assertTrue(commitments._report_breach(withdrawn, request, NOON - timedelta(days=3)))
        promise = self._promised(name="Now")
        base = {"commitment_id": promise.id}
        for values, words in (
            ({"res_model": "maintenance.request", "res_id": 999999999}, "does not exist"),
            ({"res_model": "no.such.model", "res_id": 1}, "does not exist"),
            ({"res_model": "mail.thread", "res_id": 1}, "does not exist"),
            ({"record_ref": "maintenance.request,abc"}, ""),
            ({"res_model": "ir.mail_server", "res_id": 1}, ""),
            ({"record_ref": f"maintenance.request,{self._request(self.other_company).id}"}, ""),
            (
                {"record_ref": f"res.partner,{self.plain.partner_id.id}", "happened_at": NOON + timedelta(seconds=1)},
                "not broken yet",
            ),
        ):
            with mute_logger("odoo.sql_db", *RULES):
                self._refused(Exception, words, lambda v=values: breaches.create({**base, **v}))
        with Form(breaches) as form:
            form.commitment_id = promise
            form.record_ref = self.plain.partner_id
            form.note = "Forgotten"
        self.assertEqual((form.record.res_model, form.record.res_id), ("res.partner", self.plain.partner_id.id))
        self.assertEqual(form.record.remedy_amount, 80)

    def test_who_sees_and_writes_promises(self):
        promise, draft, request = self._promised(), self._create("Draft"), self._request()
        breach = self.env["sqms.commitment"]._report_breach(promise, request)
        self.assertEqual(
            self._as("sqms.commitment", self.plain).search([("id", "in", (promise | draft).ids)]).ids, promise.ids
        )
        self.assertTrue(draft.with_user(self.certifier).read(["promise"]))
        self.assertTrue(breach.with_user(self.certifier).read(["remedy", "record_ref"]))
        with mute_logger(*RULES):
            for user in (self.plain, self.certifier, self.hr, self.portal, self.public, self.stranger):
                self._refused(AccessError, "", lambda u=user: promise.with_user(u).write({"withdrawal_reason": "x"}))
                self._refused(AccessError, "", lambda u=user: breach.with_user(u).write({"note": "x"}))
            for user in (self.plain, self.portal, self.public, self.stranger):
                self._refused(AccessError, "", lambda u=user: breach.with_user(u).read(["remedy"]))
                self._refused(AccessError, "", lambda u=user: draft.with_user(u).read(["promise"]))
            for user in (self.portal, self.public):
                self._refused(AccessError, "", lambda u=user: promise.with_user(u).read(["promise"]))
            self._refused(AccessError, "", lambda: breach.with_user(self.officer).unlink())
        self.assertTrue(self._as("sqms.commitment", self.plain).get_views([(False, "list"), (False, "form")])["views"])
        self._refused(
            UserError, "", lambda: draft.sudo().write({"requirement_ids": [Command.link(self._foreign_requirement())]})
        )

    def _foreign_requirement(self):
        return self._as("sqms.requirement", self.stranger).create({"name": "Theirs"}).id
