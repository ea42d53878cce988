import base64
from datetime import date, datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DocumentCase

TODAY = date(2026, 11, 23)


@tagged("post_install", "-at_install", "sqms_alone")
class TestObligation(DocumentCase):
    """What a company makes of a clause: applicability, owner, evaluations, reviews in time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Obligation, cls.Clause = cls.env["sqms.obligation"], cls.env["sqms.clause"]
        cls.standard = cls.env["sqms.standard"].create({"code": "T 1", "name": "Test rules", "kind": "law"})
        cls.clauses = cls.Clause.create(
            [
                {"standard_id": cls.standard.id, "number": number, "name": f"Clause {number}"}
                for number in ("1", "2", "3", "4", "5", "6")
            ]
        )
        cls.parts = cls.Clause.create(
            [{"standard_id": cls.standard.id, "number": f"6.{part}", "name": f"Part {part}"} for part in (1, 2)]
        )
        cls.as_officer = cls.clauses.with_user(cls.officer)

    def _obligation(self, clause=None, **values):
        clause = clause or self.clauses[0]
        return self.Obligation.with_user(self.officer).create({"clause_id": clause.id, **values})

    def _evaluate(self, obligation, result, user=None, **values):
        return (
            self.env["sqms.obligation.evaluation"]
            .with_user(user or self.officer)
            .create({"obligation_id": obligation.id, "result": result, "basis": "Looked at ten cases.", **values})
        )

    # -- what the clause shows ------------------------------------------------------

    def test_clause_shows_and_takes_what_the_company_makes_of_it(self):
        clause, other = self.as_officer[0], self.as_officer[1]
        self.assertEqual((clause.applicability, clause.compliance), ("applicable", "not_evaluated"))
        self.assertFalse(clause.owner_id or clause.obligation_id or clause.date_next_review)
        clause.write({"name": "Same", "applicability": "applicable"})
        self.assertFalse(clause.obligation_id, "what says nothing makes no row")
        (clause | other).write({"owner_id": self.plain.id, "date_next_review": "2027-01-31"})
        self.assertEqual((clause | other).obligation_id.mapped("owner_id"), self.plain)
        self.assertEqual(clause.obligation_id.date_next_review, date(2027, 1, 31))
        other.write({"applicability": "excluded", "exclusion_reason": "We have no shop."})
        self.assertEqual(other.obligation_id.exclusion_reason, "We have no shop.")
        self.assertEqual(other.owner_id, self.plain)
        other.applicability = "applicable"
        self.assertFalse(other.exclusion_reason)
        # Each company has its own.
        stranger = self._create_user("stranger", "sqms_base.group_sqms_officer", self.other_company)
        theirs = clause.with_user(stranger)
        self.assertFalse(theirs.owner_id or theirs.obligation_id)
        theirs.owner_id = stranger
        self.assertEqual((clause.owner_id, theirs.owner_id), (self.plain, stranger))
        self.assertEqual(clause.with_company(self.company).owner_id, self.plain)
        self.assertNotIn(theirs.sudo().obligation_id, self.Obligation.with_user(self.officer).search([]))

    def test_clauses_are_found_by_what_the_company_makes_of_them(self):
        one, two, three = self.as_officer[:3]
        one.owner_id = self.plain
        two.write({"applicability": "excluded", "exclusion_reason": "No shop."})
        three.date_next_review = TODAY - timedelta(days=1)
        self._evaluate(three.obligation_id, "partly")
        rows = self.as_officer
        Clause = self.Clause.with_user(self.officer)
        for domain in (
            [("owner_id", "=", self.plain.id)], [("owner_id", "=", False)], [("owner_id", "!=", False)],
            [("owner_id", "in", [self.plain.id, False])], [("owner_id", "not in", [self.plain.id])],
            [("applicability", "=", "excluded")], [("applicability", "=", "applicable")],
            [("applicability", "!=", "excluded")], [("date_next_review", "<", "2030-01-01")],
            [("date_next_review", "=", False)], [("compliance", "=", "not_evaluated")],
            [("compliance", "in", ["partly", "not_compliant"])], [("compliance", "!=", "not_evaluated")],
            [("exclusion_reason", "ilike", "shop")], [("exclusion_reason", "=", False)],
        ):  # fmt: skip
            found = Clause.search([("id", "in", rows.ids), *domain])
            self.assertEqual(found, rows.filtered_domain(domain), domain)
        self.assertEqual(Clause.search([("owner_id.login", "=", self.plain.login), ("id", "in", rows.ids)]), one)

    # -- exclusion ------------------------------------------------------------

    def test_no_exclusion_without_justification_by_any_path(self):
        clause, given = self.as_officer[0], self._obligation(self.clauses[1])
        Obligation = self.Obligation.with_user(self.officer)
        excluded = {"clause_id": clause.id, "applicability": "excluded"}
        for act in (
            lambda: Obligation.create(excluded),
            lambda: Obligation.create({**excluded, "exclusion_reason": " \n "}),
            lambda: Obligation.with_context(default_applicability="excluded").create({"clause_id": clause.id}),
            lambda: given.write({"applicability": "excluded"}),
            lambda: given.write({"applicability": "excluded", "exclusion_reason": "\t"}),
            lambda: given.with_user(self.manager).sudo().write({"applicability": "excluded"}),
            lambda: clause.write({"applicability": "excluded"}),
            lambda: clause.write({"applicability": "excluded", "exclusion_reason": " "}),
            lambda: self.Clause.with_user(self.officer).create(
                {"standard_id": self.standard.id, "number": "77", "name": "x", "applicability": "excluded"}
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                act()
                self.env.flush_all()
        with mute_logger("odoo.sql_db"):
            result = Obligation.load(
                ["clause_id/.id", "company_id/.id", "applicability"],
                [[str(clause.id), str(self.company.id), "excluded"]],
            )
            self.assertFalse(result["ids"])
            result = self.Clause.with_user(self.officer).load([".id", "applicability"], [[str(clause.id), "excluded"]])
            self.assertFalse(result["ids"])
            with self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
                self.cr.execute("UPDATE sqms_obligation SET applicability = 'excluded' WHERE id = %s", [given.id])
        given.write({"applicability": "excluded", "exclusion_reason": "We have no shop."})
        for reason in (False, "", "  "):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                given.exclusion_reason = reason

    def test_exclusion_covers_the_parts(self):
        whole, (one, two) = self.as_officer[5], self.parts.with_user(self.officer)
        two.owner_id = self.plain
        whole.write({"applicability": "excluded", "exclusion_reason": "We develop nothing."})
        self.assertEqual((one | two).mapped("applicability"), ["excluded", "excluded"])
        self.assertEqual(set((one | two).mapped("exclusion_reason")), {"We develop nothing."})
        two.exclusion_reason = "For another reason"
        whole.applicability = "applicable"
        self.assertEqual((one | two).mapped("applicability"), ["applicable", "excluded"])
        self.assertEqual(two.owner_id, self.plain)

    # -- evaluation ------------------------------------------------------------

    def test_evaluations_stay_as_they_were_made(self):
        obligation = self._obligation(date_next_review=TODAY)
        loose = self.env["ir.attachment"].with_user(self.officer).create(
            {"name": "list.txt", "raw": b"ten cases", "res_model": "sqms.obligation.evaluation", "res_id": 0}
        )  # fmt: skip
        foreign = self.env["ir.attachment"].with_user(self.officer).create(
            {"name": "photo.txt", "raw": b"photo", "res_model": "sqms.clause", "res_id": self.clauses[0].id}
        )  # fmt: skip
        evaluation = self._evaluate(
            obligation, "partly", date_next_review="2027-05-01", attachment_ids=[Command.set((loose | foreign).ids)]
        )
        self.assertEqual((evaluation.evaluator_id, evaluation.date), (self.officer, datetime(2026, 11, 23, 4)))
        self.assertEqual((obligation.compliance, obligation.date_next_review), ("partly", date(2027, 5, 1)))
        self.assertEqual(sorted(evaluation.attachment_ids.mapped("name")), ["list.txt", "photo.txt"])
        self.assertNotIn(foreign, evaluation.attachment_ids, "what hangs elsewhere is copied")
        foreign.raw = b"another photo"
        self.assertEqual(sorted(evaluation.attachment_ids.mapped("raw")), [b"photo", b"ten cases"])
        for user in (self.officer, self.manager, self.env.ref("base.user_root")):
            mine = evaluation.with_user(user)
            for values in ({"result": "compliant"}, {"basis": "Nothing"}, {"evaluator_id": user.id}, {"date": TODAY}):
                with self.assertRaises(UserError), self.cr.savepoint():
                    mine.write(values)
            with self.assertRaises(UserError), self.cr.savepoint():
                mine.unlink()
            if user.id != SUPERUSER_ID:  # who is the uninstaller
                with self.assertRaises(UserError), self.cr.savepoint():
                    mine.with_context(_force_unlink=True).unlink()
            for change in ({"raw": b"x"}, {"datas": base64.b64encode(b"x")}, {"public": True}, {"res_id": 0}):
                with self.assertRaises(UserError), self.cr.savepoint():
                    mine.attachment_ids[0].write(change)
            with self.assertRaises(UserError), self.cr.savepoint():
                mine.attachment_ids[0].unlink()
            with self.assertRaises(UserError), self.cr.savepoint():
                obligation.with_user(user).unlink()
        with self.assertRaises(UserError), self.cr.savepoint():
            obligation.clause_id = self.clauses[1]
        again = self._evaluate(obligation, "compliant", user=self.manager)
        self.assertEqual(obligation.compliance, "compliant", "the last one counts")
        self.assertEqual(obligation.evaluation_ids, again | evaluation)

    def test_what_the_system_fills_in_is_not_given(self):
        obligation = self._obligation()
        for values in ({"compliance": "compliant"}, {"evaluation_date": "2026-01-01"}, {"reminded_for": TODAY},
                       {"is_relevant": False}):  # fmt: skip
            with self.assertRaises(UserError), self.cr.savepoint():
                obligation.write(values)
            with self.assertRaises(UserError), self.cr.savepoint():
                self._obligation(self.clauses[1], **{**values, "is_relevant": True})
        defaults = {"default_compliance": "compliant", "default_reminded_for": TODAY, "default_is_relevant": False}
        made = self.Obligation.with_context(**defaults).create({"clause_id": self.clauses[2].id})
        self.assertEqual((made.compliance, made.reminded_for, made.is_relevant), ("not_evaluated", False, True))
        for values in ({"evaluator_id": self.manager.id}, {"date": "2020-01-01 00:00:00"}):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._evaluate(obligation, "compliant", **values)
        hostile = {"default_evaluator_id": self.manager.id, "default_date": "2020-01-01 00:00:00"}
        evaluation = self.env["sqms.obligation.evaluation"].with_user(self.officer).with_context(**hostile).create(
            {"obligation_id": obligation.id, "result": "compliant", "basis": "Looked."}
        )  # fmt: skip
        self.assertEqual((evaluation.evaluator_id, evaluation.date.year), (self.officer, 2026))
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._evaluate(obligation, "compliant", basis=" ")
        obligation.write({"applicability": "excluded", "exclusion_reason": "No shop."})
        with self.assertRaises(UserError), self.cr.savepoint():
            self._evaluate(obligation, "compliant")

    # -- compliance rate ------------------------------------------------------------

    def test_compliance_rate_is_a_hand_count(self):
        standard = self.standard.with_user(self.officer)
        action = standard.action_take_up()
        obligations = self.Obligation.with_user(self.officer).search(action["domain"])
        self.assertEqual(obligations.clause_id, self.clauses[:5] | self.parts, "6 is a heading")
        standard.action_take_up()
        self.assertEqual(self.Obligation.search_count([("standard_id", "=", standard.id)]), 7, "each once")
        by_number = {obligation.clause_id.number: obligation for obligation in obligations}
        self.assertEqual(
            (standard.obligation_count, standard.evaluated_count, standard.compliance_label), (7, 0, False)
        )
        for number, result in (("1", "compliant"), ("2", "compliant"), ("3", "partly"), ("4", "not_compliant"),
                               ("5", "not_compliant"), ("5", "compliant"), ("6.1", "compliant")):  # fmt: skip
            self._evaluate(by_number[number], result)
        by_number["6.1"].write({"applicability": "excluded", "exclusion_reason": "No shop."})
        self.clauses[1].active = False
        # Left: 1 compliant, 3 partly, 4 not, 5 compliant at last; 2 archived, 6.1 excluded, 6.2 not evaluated.
        self.assertEqual((standard.obligation_count, standard.evaluated_count, standard.compliant_count), (5, 4, 2))
        self.assertEqual((standard.compliance_rate, standard.compliance_label), (50.0, "2 of 4"))
        # The indicator says the same of the company's month.
        indicator = self.env.ref("sqms_base.sqms_indicator_compliance")
        formula = indicator._formula()
        ours = [("company_id", "=", self.company.id), (formula.date_field, ">=", "2026-11-01")]
        counted = self.Obligation.search(formula.domain & Domain(ours))
        met = self.Obligation.search(formula.domain & formula.numerator & Domain(ours))
        self.assertEqual((len(met), len(counted)), (2, 4))
        # A sector that the company has not chosen takes it out, choosing it brings it back.
        self.standard.sector = "telecom"
        self.assertEqual(
            (standard.obligation_count, len(self.Obligation.search(formula.domain & Domain(ours)))), (0, 0)
        )
        self.company.sqms_sector_telecom = True
        self.assertEqual((standard.obligation_count, standard.compliance_rate), (5, 50.0))

    # -- review ------------------------------------------------------------

    def _activities(self, obligation):
        return self.env["mail.activity"].search([("res_model", "=", "sqms.obligation"), ("res_id", "=", obligation.id)])

    def test_overdue_review_is_told_once_for_each_date(self):
        self.standard.responsible_id = self.manager
        due = self._obligation(owner_id=self.plain.id, date_next_review=TODAY - timedelta(days=1))
        nobody = self._obligation(self.clauses[1], date_next_review=TODAY - timedelta(days=40))
        later = self._obligation(self.clauses[2], owner_id=self.plain.id, date_next_review=TODAY + timedelta(days=1))
        excluded = self._obligation(
            self.clauses[3], owner_id=self.plain.id, date_next_review=TODAY - timedelta(days=1),
            applicability="excluded", exclusion_reason="No shop.",
        )  # fmt: skip
        self.assertEqual((due | nobody | later | excluded).filtered("is_overdue"), due | nobody)
        for domain, found in (
            ([("is_overdue", "=", True)], due | nobody), ([("is_overdue", "!=", True)], later | excluded),
        ):  # fmt: skip
            own = [("id", "in", (due | nobody | later | excluded).ids)]
            self.assertEqual(self.Obligation.search([*domain, *own], order="id"), found)
        cron = self.env.ref("sqms_base.ir_cron_obligation")
        for _run in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(self._activities(due).user_id, self.plain)
            self.assertEqual(len(self._activities(due)), 1)
            self.assertEqual(
                self._activities(nobody).user_id, self.manager, "the standard's responsible, without owner"
            )
            self.assertFalse(self._activities(later) | self._activities(excluded))
        self.assertEqual(self._activities(due).date_deadline, TODAY - timedelta(days=1))
        due.owner_id = self.officer
        self.assertEqual(self._activities(due).user_id, self.officer, "the next owner takes it over")
        due.date_next_review = TODAY - timedelta(days=3)
        self.assertFalse(self._activities(due), "another date, another reminder")
        self.Obligation._cron_review()
        self.assertEqual(len(self._activities(due)), 1)
        self._evaluate(due, "compliant")
        self.assertFalse(self._activities(due))
        self.Obligation._cron_review()
        self.assertFalse(self._activities(due))
        with freeze_time("2026-11-23 16:30:00"):  # half past midnight in Shanghai
            self.Obligation._cron_review()
        self.assertEqual(len(self._activities(later)), 1, "the day is that of the company")

    def test_review_job_asks_the_same_for_twice_as_many(self):
        counts = []
        for clauses in (self.clauses[:2], self.clauses[2:6]):
            for clause in clauses:
                self._obligation(clause, owner_id=self.plain.id, date_next_review=TODAY)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.Obligation._remind_of_reviews()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 4, counts)

    def test_new_clauses_of_a_standard_taken_up_become_obligations(self):
        self.standard.with_user(self.officer).action_take_up()
        clause = self.Clause.create({"standard_id": self.standard.id, "number": "9", "name": "New"})
        self.Obligation._cron_review()
        self.Obligation._cron_review()
        made = self.Obligation.search([("clause_id", "=", clause.id)])
        self.assertEqual(made.company_id, self.company)

    # -- roles, companies, speed ------------------------------------------------------

    def test_roles_and_companies(self):
        obligation = self._obligation(owner_id=self.plain.id)
        evaluation = self._evaluate(obligation, "compliant")
        for user in (self.plain, self.certifier, self.top, self.hr):
            self.assertEqual(obligation.with_user(user).compliance, "compliant")
            self.assertTrue(evaluation.with_user(user).basis)
            for act in (
                lambda user=user: obligation.with_user(user).write({"date_next_review": TODAY}),
                lambda user=user: obligation.with_user(user).unlink(),
                lambda user=user: self._evaluate(obligation, "partly", user=user),
                lambda user=user: self.Obligation.with_user(user).create({"clause_id": self.clauses[4].id}),
                lambda user=user: self.standard.with_user(user).action_take_up(),
                lambda user=user: self.clauses[4].with_user(user).action_evaluate(),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    act()
        for user in (self.portal, self.public):
            with self.assertRaises(AccessError):
                obligation.with_user(user).read(["compliance"])
        stranger = self._create_user("stranger", "sqms_base.group_sqms_manager", self.other_company)
        for row in (obligation, evaluation):
            with self.assertRaises(AccessError):
                row.with_user(stranger).read(["company_id"])
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._evaluate(obligation, "partly", user=stranger)
        own = self.env["sqms.standard"].create({"code": "OWN", "name": "Own", "company_id": self.company.id})
        theirs = self.Clause.create({"standard_id": own.id, "number": "1", "name": "x"})
        with self.assertRaises(UserError), self.cr.savepoint():
            self.Obligation.create({"clause_id": theirs.id, "company_id": self.other_company.id})
        opened = self.clauses[4].with_user(self.officer).action_evaluate()
        self.assertEqual(
            opened["context"]["default_obligation_id"], self.clauses[4].with_user(self.officer).obligation_id.id
        )

    def _count_queries(self, rows, names):
        self.env.flush_all()
        for _time in range(2):  # from the second time on access rules and the like are known
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows.web_read({name: {} for name in names})
        return self.cr.sql_log_count - before

    def test_lists_ask_the_same_for_twice_as_many(self):
        self.as_officer.owner_id = self.plain
        names = ["display_name", "applicability", "exclusion_reason", "owner_id", "date_next_review", "compliance"]
        few, many = (self._count_queries(clauses, names) for clauses in (self.as_officer[:3], self.as_officer))
        self.assertEqual(few, many)
        standards = self.env["sqms.standard"].with_user(self.officer).search([])
        self.assertGreater(len(standards), 20)
        names = ["code", "clause_count", "compliance_rate", "is_relevant", "status"]
        few, many = (self._count_queries(rows, names) for rows in (standards[:10], standards[:20]))
        self.assertEqual(few, many)
