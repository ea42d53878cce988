from datetime import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .evidence_case import EvidenceCase


@tagged("post_install", "-at_install")
class TestEvidence(EvidenceCase):
    """What proves that a clause is lived."""

    # -- one clause, one rule ----------------------------------------------------

    def test_last_evidence_archived_makes_it_red(self):
        clause = self._create_clause("7.1.3")
        self._create_rule(clause)
        first, last = self._create_van(), self._create_van(days=3)
        self.assertEqual(self._status(clause)["state"], "green")
        self.assertEqual(self._status(clause)["reason"], "Vans: 2")
        first.action_archive()
        self.assertEqual(self._state(clause), "green")
        last.action_archive()
        status = self._status(clause)
        self.assertEqual((status["state"], status["reason"], status["count"]), ("red", "Vans: none yet", 0))
        last.action_unarchive()
        self.assertEqual(self._state(clause), "green")

    def test_archived_ones_count_if_the_rule_says_so(self):
        clause = self._create_clause("7.1.3")
        rule = self._create_rule(clause)
        self._create_van().action_archive()
        self.assertEqual(self._state(clause), "red")
        rule.count_archived = True
        self.assertEqual(self._state(clause), "green")
        with self.assertRaises(ValidationError):  # readings are not archived
            rule.write({"source": "sqms.acknowledgement:", "count_archived": True})

    def test_freshness_counts_local_days(self):
        clause = self._create_clause("9.3")
        self._create_rule(clause, freshness_days=365, warn_days=330)
        van = self._create_van(days=330)
        self.assertEqual(self._state(clause), "green")
        for days, state in ((331, "amber"), (365, "amber"), (366, "red")):
            van.effective_date = fields.Date.subtract(fields.Date.to_date("2026-11-23"), days=days)
            self.assertEqual(self._state(clause), state, days)
        self.assertEqual(self._status(clause)["reason"], "Vans: last one 12 mo old (limit 12 mo)")
        van.effective_date = "2026-11-24"  # what lies ahead proves nothing
        self.assertEqual(self._state(clause), "red")

    def test_an_instant_belongs_to_the_day_of_the_company(self):
        clause = self._create_clause("9.3")
        self._create_rule(clause, source="maintenance.equipment:create_date", freshness_days=1)
        van = self._create_van()
        for instant, state in (("2026-11-21 16:00:00", "green"), ("2026-11-21 15:59:59", "red")):
            self.env.cr.execute("UPDATE maintenance_equipment SET create_date = %s WHERE id = %s", [instant, van.id])
            self.assertEqual(self._state(clause), state, instant)  # midnight of the 22nd in Shanghai
        with freeze_time(datetime(2026, 11, 23, 16, 30)):  # the 24th there
            self.env.cr.execute(
                "UPDATE maintenance_equipment SET create_date = '2026-11-22 15:59:59' WHERE id = %s", [van.id]
            )
            self.assertEqual(self._state(clause), "red")

    def test_enough_young_ones(self):
        clause = self._create_clause("8.1")
        self._create_rule(clause, minimum=2, freshness_days=30)
        self._create_van(days=40)
        self.assertEqual(self._status(clause)["reason"], "Vans: last one 40 d old (limit 30 d)")
        self._create_van(days=20)
        self.assertEqual(self._status(clause)["reason"], "Vans: 1 of 2 within 30 d")
        self._create_van(days=10)
        self.assertEqual(self._state(clause), "green")

    def test_nothing_may_be_wrong_and_enough_must_be_right(self):
        clause = self._create_clause("7.2")
        wrong = '[("warranty_date", "<", "today")]'
        rule = self._create_rule(
            clause, kind="none", numerator_domain=wrong,
            words_fine="{total} vans, none late", words_wrong="{wrong} of {total} vans late",
        )  # fmt: skip
        self.assertEqual(self._state(clause), "red")  # none at all is no proof
        rule.minimum = 0
        self.assertEqual(self._state(clause), "green")
        vans = self._create_van(warranty_date="2026-11-23") + self._create_van(warranty_date="2027-01-01")
        self.assertEqual(self._status(clause)["reason"], "2 vans, none late")
        vans[0].warranty_date = "2026-11-22"
        self.assertEqual(self._status(clause)["reason"], "1 of 2 vans late")
        self.assertEqual(self._state(clause), "red")
        rule.amber_percent = 50
        self.assertEqual(self._state(clause), "amber")
        rule.write({"kind": "ratio", "words_fine": False, "words_wrong": False, "amber_percent": 60})
        self.assertEqual(self._status(clause)["reason"], "Vans: 1 of 2")
        self.assertEqual(self._state(clause), "red")

    def test_only_what_names_the_clause(self):
        mine, other = self._create_clause("7.5.1"), self._create_clause("7.5.2")
        self._create_rule(mine | other, name="Documents", source="sqms.document.version:effective_from",
                          domain='[("is_in_force", "=", True)]', is_linked=True)  # fmt: skip
        version = self._create_in_force()
        self.assertEqual((self._state(mine), self._state(other)), ("red", "red"))
        version.document_id.sudo().clause_ids = mine
        self.assertEqual((self._state(mine), self._state(other)), ("green", "red"))
        version.document_id.sudo().clause_ids |= other
        self.assertEqual((self._state(mine), self._state(other)), ("green", "green"))

    # -- several rules, several clauses --------------------------------------------

    def test_the_worst_rule_counts(self):
        clause = self._create_clause("4.1")
        self._create_rule(clause, sequence=2)
        self._create_rule(clause, name="New vans", freshness_days=10, sequence=1)
        self._create_van(days=20)
        status = self._status(clause)
        self.assertEqual((status["state"], status["count"]), ("red", 2))
        self.assertEqual(status["reason"], "New vans: last one 20 d old (limit 10 d)")
        self._create_van(days=1)
        self.assertEqual(self._status(clause)["reason"], "New vans: 2 · Vans: 2")

    def test_no_rule_is_not_covered(self):
        clause = self._create_clause("4.2")
        self.assertEqual(self._state(clause), "red")
        self.assertIn("No evidence rule", self._status(clause)["reason"])
        rule = self._create_rule(clause)
        self._create_van()
        self.assertEqual(self._state(clause), "green")
        rule.active = False
        self.assertIn("No evidence rule", self._status(clause)["reason"])

    def test_excluded_with_everything_under_it(self):
        chapter = self._create_clause("8.3")
        leaf = self._create_clause("8.3.1", chapter)
        self._create_rule(leaf)
        self._decide(chapter, applicability="excluded", exclusion_reason="No own products")
        for clause in (chapter, leaf):
            status = self._status(clause)
            self.assertEqual((status["state"], status["reason"]), ("excluded", "No own products"))
        self.assertEqual(self._state(leaf, self.other_company), "red")  # decided by each company
        self._decide(chapter, applicability="applicable", exclusion_reason=False)
        self.assertEqual(self._state(leaf), "red")

    def test_a_heading_shows_what_stands_under_it(self):
        chapter = self._create_clause("7")
        good, bad = self._create_clause("7.1", chapter), self._create_clause("7.2", chapter)
        self._create_rule(good)
        self._create_van()
        status = self._status(chapter)
        self.assertEqual(status["counts"], {"green": 1, "amber": 0, "red": 1, "excluded": 0})
        self.assertEqual((status["state"], status["reason"]), ("red", "1 of 2 clauses green"))
        bad.active = False
        self.assertEqual(self._state(chapter), "green")
        good.active = False
        self.assertEqual(self._status(chapter)["is_heading"], False)  # nothing under it: it counts itself

    def test_companies_are_kept_apart(self):
        clause = self._create_clause("7.1.3")
        self._create_rule(clause)
        own = self._create_rule(clause, name="Bikes", company_id=self.other_company.id, freshness_days=5)
        self._create_van()
        self.assertEqual((self._state(clause), self._state(clause, self.other_company)), ("green", "red"))
        self.assertNotIn("Bikes", self._status(clause)["reason"])
        self._create_van(company=self.other_company, days=9)
        self.assertIn("Bikes: last one 9 d old", self._status(clause, self.other_company)["reason"])
        with self.assertRaises(AccessError):
            own.with_user(self.manager).read(["name"])

    def test_a_rule_that_cannot_be_asked_spoils_no_other(self):
        clause, other = self._create_clause("1"), self._create_clause("2")
        broken = self._create_rule(clause)
        self._create_rule(other)
        self._create_van()
        self.env.cr.execute('UPDATE sqms_evidence_rule SET domain = \'[("cost", ">", 1)]\' WHERE id = %s', [broken.id])
        self.env.invalidate_all()
        self.assertEqual(self._status(clause)["reason"], "Vans: this rule can no longer be asked")
        self.assertEqual((self._state(clause), self._state(other)), ("red", "green"))

    # -- who writes rules, and what may stand in them --------------------------------

    def test_what_is_not_declared_is_refused(self):
        clause = self._create_clause("1")
        rule = self._create_rule(clause)
        hostile = (
            "[('create_uid.password', '=', 'x')]", "[('name', 'ilike', '%')]", "[('cost', '>', 1)]",
            "__import__('os').system('true')", "[('category_id', 'any', [('name', '=', 'x')])]",
            "[('warranty_date', '<', (lambda: 1)())]", "[('warranty_date', '<', 'today); DROP TABLE x')]",
            "[('category_id', 'in', 'select id from res_users')]", "[('warranty_date', '<', uid)]",
            "{'a': 1}", "[(1, '=', 1)]",
            "[('maintenance_open_count', '=', '0) OR 1=1')]", "", "[" * 2000,
        )  # fmt: skip
        for text in hostile:
            for name in ("domain", "numerator_domain"):
                with self.subTest(text=text, name=name), self.assertRaises(ValidationError), self.env.cr.savepoint():
                    rule.write({"kind": "none", name: text or "None"})
        for source in ("res.users:", "maintenance.equipment:write_uid", "ir.attachment:create_date", "nothing:"):
            with self.subTest(source=source), self.assertRaises(ValidationError), self.env.cr.savepoint():
                rule.source = source
        for words in ("{total.__class__}", "{0}", "{name}", "{total!r}"):
            with self.subTest(words=words), self.assertRaises(ValidationError), self.env.cr.savepoint():
                rule.words_wrong = words

    def test_an_age_needs_a_date_and_thresholds_an_order(self):
        clause = self._create_clause("1")
        with self.assertRaises(ValidationError):
            self._create_rule(clause, source="maintenance.equipment:", freshness_days=10)
        with self.assertRaises(ValidationError):
            self._create_rule(clause, is_linked=True)

    def test_roles(self):
        clause = self._create_clause("1")
        rule = self._create_rule(clause, company_id=self.company.id)
        values = {"name": "Mine", "source": "maintenance.equipment:", "clause_ids": clause.ids}
        for user in (self.officer, self.top, self.certifier, self.plain, self.portal, self.public):
            own = rule.with_user(user)
            for act in (
                lambda own=own: own.create(values),
                lambda own=own: own.write({"name": "x"}),
                lambda own=own: own.unlink(),
                lambda own=own: own.with_context(default_active=True, install_mode=True, _force_unlink=True).unlink(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act()
        for user in (self.officer, self.top, self.certifier):
            self.assertEqual(rule.with_user(user).name, "Vans")
        with self.assertRaises(AccessError):
            rule.with_user(self.plain).read(["name"])
        mine = self.Rule.with_user(self.manager).create(values)
        mine.write({"minimum": 2})
        self.assertEqual([entry.event for entry in mine.sudo().sqms_history()], ["create"])
        with self.assertRaises(AccessError):
            mine.company_id = self.other_company

    def test_whoever_writes_a_rule_may_read_what_it_counts(self):
        clause = self._create_clause("1")
        self.env["ir.model.access"].search([("model_id.model", "=", "maintenance.equipment")]).active = False
        with self.assertRaisesRegex(ValidationError, "no access"), mute_logger("odoo.addons.base.models.ir_model"):
            self.Rule.with_user(self.manager).create(
                {"name": "Vans", "source": "maintenance.equipment:", "clause_ids": clause.ids}
            )

    # -- the records behind it ---------------------------------------------------------

    def test_the_list_opens_with_own_rights_and_says_what_is_hidden(self):
        clause = self._create_clause("7.1.3")
        rule = self._create_rule(clause)
        self._create_van(), self._create_van(company=self.other_company)
        self.env.ref("sqms_base.maintenance_equipment_rule_quality").active = False  # the register is closed to him
        seen = self.map.get_evidence(clause.id)["rules"][0]
        self.assertEqual((seen["total"], seen["readable"], seen["hidden"]), (1, 0, 1))  # he is no technician
        self.manager.group_ids |= self.env.ref("maintenance.group_equipment_manager")
        seen = self.map.get_evidence(clause.id)["rules"][0]
        self.assertEqual((seen["total"], seen["readable"], seen["hidden"]), (1, 1, 0))
        action = self.map.get_records_action(rule.id, clause.id)
        found = self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"])
        self.assertEqual(found.search_count(action["domain"]), 1)
        foreign = self._create_rule(self._create_clause("x"), company_id=self.other_company.id)
        with self.assertRaises(MissingError):
            self.map.get_records_action(foreign.id, clause.id)

    def test_who_sees_the_map(self):
        self._create_clause("1")
        for user in (self.officer, self.manager, self.top, self.certifier):
            self.assertTrue(self.map.with_user(user).get_map(self.standard.id)["rows"], user.login)
        for user in (self.plain, self.portal, self.public, self.hr):
            with self.assertRaises(AccessError):
                self.map.with_user(user).get_map()
            with self.assertRaises(AccessError):
                self.map.with_user(user).get_evidence(self.standard.clause_ids[0].id)
