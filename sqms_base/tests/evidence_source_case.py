"""What holds of the evidence of every addon of the suite."""

from odoo.tests import TransactionCase


class EvidenceSourceCase(TransactionCase):
    """The sources that one addon declares, and the rules it brings."""

    allow_inherited_tests_method = True
    # The models whose records are evidence by this addon.
    sources = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addon = cls.__module__.split(".")[2]
        cls.Rule = cls.env["sqms.evidence.rule"]

    def _own_rules(self):
        data = self.env["ir.model.data"].search([("module", "=", self.addon), ("model", "=", self.Rule._name)])
        return self.Rule.browse(data.mapped("res_id"))

    def test_what_is_declared_is_there(self):
        declared = self.Rule._get_evidence_sources()
        for model in self.sources:
            source = declared[model]
            for name in source["dates"]:
                field = self.env[model]._fields[name]
                self.assertIn(field.type, ("date", "datetime"), name)
                self.assertTrue(field.store, name)
            for path in (source["company"], *source["filters"], *filter(None, [source.get("clauses")])):
                self.assertTrue(self.Rule._label_of(model, path), path)

    def test_its_rules_can_be_asked(self):
        rules = self._own_rules()
        self.assertTrue(rules)
        self.assertLessEqual(set(rules.mapped("model")), set(self.Rule._get_evidence_sources()))
        self.assertFalse(rules.filtered("company_id"), "rules that are shipped hold for every company")
        self.assertFalse(rules.filtered(lambda rule: not rule.clause_ids))
        today = rules._today(self.env.company)
        found, broken = self.env["sqms.evidence.engine"]._count(rules, self.env.company, rules.clause_ids, today)
        self.assertEqual(broken, set())
        self.assertEqual(
            {rule.id for rule in rules if not rule.is_linked}, {rule for rule, clause in found if not clause}
        )
        rules.sudo()._check_rule()
        rules._check_words()
