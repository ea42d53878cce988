import random
from datetime import date
from fractions import Fraction

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_training.lib.appraisal import SCALES, is_apart, percent, weighted_mean, word_place

from .appraisal_case import AppraisalCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestAppraisalArithmetic(BaseCase):
    def test_weighted_mean_is_that_of_a_hundred_people(self):
        """Twin: a criterion that counts 30 % is said by 30 of 100 people, who all count alike."""
        chance = random.Random(7)
        for _round in range(300):
            scale = chance.choice(list(SCALES))
            low, high, _step = SCALES[scale]
            cuts = sorted(chance.sample(range(1, 100), chance.randint(0, 6)))
            weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
            scores = [chance.randint(low, high) for _weight in weights]
            crowd = [score for score, weight in zip(scores, weights, strict=True) for _person in range(weight)]
            pairs = list(zip(scores, weights, strict=True))
            mean = weighted_mean(pairs)
            self.assertEqual(mean, float(Fraction(sum(crowd), 100)))
            chance.shuffle(pairs)
            self.assertEqual(weighted_mean(pairs), mean)
            self.assertTrue(min(scores) <= mean <= max(scores))
            self.assertTrue(0 <= percent(mean, scale) <= 100)
            self.assertTrue(0 <= word_place(mean, scale) <= 4)

    def test_words_rise_with_the_score_and_apart_is_mutual(self):
        for scale, (low, high, step) in SCALES.items():
            places = [word_place(score, scale) for score in range(low, high + 1)]
            self.assertEqual(places, sorted(places))
            self.assertEqual((places[0], places[-1]), (0, 4))
            for one in range(low, high + 1):
                self.assertFalse(is_apart(one, [one + step, one - step], scale))
                self.assertTrue(is_apart(one, [one + step + 1], scale))
                self.assertTrue(is_apart(one + step + 1, [one], scale))


@tagged("post_install", "-at_install")
class TestAppraisalScheme(AppraisalCase):
    def _refused(self, words, change):
        with self.assertRaises(ValidationError) as refusal, self.cr.savepoint():
            change()
        self.assertIn(words, str(refusal.exception))

    def test_weights_make_100_on_every_path(self):
        scheme, criterion = self.scheme, self.scheme.criterion_ids[0]
        office = scheme.with_user(self.hr)
        self._refused("10 % are missing", lambda: self._create_scheme((50, 40)))
        self._refused("5 % too many", lambda: self._create_scheme((50, 55)))
        self._refused("100 % are missing", lambda: self._create_scheme(()))
        self._refused("10 % are missing", lambda: office.write({"criterion_ids": [(1, criterion.id, {"weight": 40})]}))
        self._refused("50 % are missing", lambda: office.write({"criterion_ids": [(2, criterion.id, 0)]}))
        self._refused("50 % are missing", lambda: criterion.with_user(self.hr).unlink())
        self._refused("1 % too many", lambda: criterion.with_user(self.hr).write({"weight": 51}))
        self._refused(
            "20 % too many",
            lambda: (
                self.env["sqms.appraisal.criterion"]
                .with_user(self.hr)
                .create({"scheme_id": scheme.id, "name": "More", "weight": 20})
            ),
        )
        other = self._create_scheme((100,), name="Other")
        self._refused("missing", lambda: criterion.write({"scheme_id": other.id}))
        self._refused(
            "missing",
            lambda: criterion.with_context(default_weight=1, held=True, install_mode=True).write({"weight": 1}),
        )
        # Two of them in one edit are one set.
        first, second = scheme.criterion_ids[:2]
        office.write({"criterion_ids": [(1, first.id, {"weight": 40}), (1, second.id, {"weight": 40})]})
        self.assertEqual(scheme.weight_total, 100)

    def test_weights_are_refused_by_import(self):
        rows = [["Imported", "One", "60"], ["", "Two", "30"]]
        names = ["name", "criterion_ids/name", "criterion_ids/weight"]
        schemes = self.env["sqms.appraisal.scheme"].with_user(self.hr)
        result = schemes.load(names, rows)
        self.assertFalse(result["ids"])
        self.assertIn("10 % are missing", result["messages"][0]["message"])
        self.assertEqual(len(schemes.load(names, [rows[0], ["", "Two", "40"]])["ids"]), 1)

    def test_weights_are_refused_by_the_database(self):
        self.env.flush_all()
        for statement in (
            "UPDATE sqms_appraisal_criterion SET weight = weight - 1 WHERE scheme_id = %s",
            "DELETE FROM sqms_appraisal_criterion WHERE scheme_id = %s",
        ):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint(),
            ):  # fmt: skip
                self.cr.execute(statement, [self.scheme.id])
                self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.cr.execute("SET CONSTRAINTS ALL DEFERRED")

    def test_a_must_has_a_minimum_on_the_scale(self):
        criterion = self.scheme.criterion_ids[1]
        self._refused("from which score", lambda: criterion.write({"is_must": True}))
        self._refused("between 1 and 5", lambda: criterion.write({"is_must": True, "minimum": 6}))
        self._refused("between 1 and 5", lambda: self.scheme.write({"pass_score": 60}))
        self._refused("between 0 and 100", lambda: self.scheme.write({"scale": "hundred", "pass_score": 101}))

    def test_a_used_scheme_stays_and_has_a_new_revision(self):
        appraisal = self._create_appraisal()
        office, criterion = self.scheme.with_user(self.hr), self.scheme.criterion_ids[0].with_user(self.hr)
        for change in (
            lambda: office.write({"pass_score": 1}),
            lambda: office.write({"criterion_ids": [(1, criterion.id, {"name": "Else"})]}),
            lambda: criterion.write({"weight": 50, "name": "Else"}),
            lambda: criterion.unlink(),
            lambda: office.update_field_translations("name", {"en_US": "Else"}),
            lambda: criterion.update_field_translations("name", {"en_US": "Else"}),
            lambda: self.env["sqms.appraisal.criterion"].create(
                {"scheme_id": self.scheme.id, "name": "More", "weight": 1}
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            office.unlink()
        revision = self.env["sqms.appraisal.scheme"].browse(office.action_new_revision()["res_id"])
        self.assertEqual((revision.revision, revision.previous_id, self.scheme.active), (2, self.scheme, False))
        self.assertEqual(revision.name, "Technicians")
        self.assertEqual(revision.weight_total, 100)
        revision.with_user(self.hr).pass_score = 4
        self.assertEqual((appraisal.pass_score, appraisal.scheme_id), (3, self.scheme))
        with self.assertRaises(UserError):
            office.action_new_revision()

    def test_only_hr_writes_schemes_of_its_company(self):
        for user in (self.worker, self.lead, self.certifier):
            self.assertTrue(self.scheme.with_user(user).name)
            with self.assertRaises(AccessError):
                self.scheme.with_user(user).write({"name": "Mine"})
            with self.assertRaises(AccessError):
                self.scheme.with_user(user).action_new_revision()
        with self.assertRaises(AccessError):
            self.scheme.with_user(self.foreign_hr).read(["name"])
        self.assertEqual(self.scheme.criterion_ids.with_user(self.foreign_hr).search([("id", "in",
                         self.scheme.criterion_ids.ids)]).ids, [])  # fmt: skip

    def test_scale_in_words(self):
        self.assertEqual(self.scheme._word(3.4), self.scheme.word_3)
        self.scheme.write({"scale": "hundred", "pass_score": 60})
        self.assertEqual(self.scheme._word(95), self.scheme.word_5)
        self.assertEqual(self.scheme._word(0), self.scheme.word_1)

    def test_period_and_people_are_checked(self):
        self._create_appraisal(start=False)
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint(),
        ):  # fmt: skip
            self._create_appraisal(start=False)
        with (
            self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint(),
        ):  # fmt: skip
            self._create_appraisal(start=False, date_from=date(2026, 7, 2), date_to=date(2026, 7, 1))
        for values, words in (
            ({"manager_id": self.worker.id}, "nobody appraises or calibrates himself"),
            ({"calibrator_id": self.worker.id}, "nobody appraises or calibrates himself"),
            ({"delegate_id": self.worker.id}, "nobody appraises or calibrates himself"),
            ({"calibrator_id": self.lead.id}, "another person calibrates"),
        ):
            self._refused(
                words,
                lambda values=values: self._create_appraisal(
                    start=False, date_from=date(2025, 1, 1), **{"manager_id": self.lead.id, **values}
                ),
            )
        cook = self.env["hr.job"].create({"name": "Cook", "company_id": self.company.id})
        kitchen = self._create_scheme(job_ids=[(6, 0, cook.ids)])
        self._refused(
            "is not for the job", lambda: self._create_appraisal(self.colleague, start=False, scheme_id=kitchen.id)
        )
