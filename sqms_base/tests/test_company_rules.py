from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestCompanyRules(TransactionCase):
    """Whatever of the suite has a company is behind a rule that asks for it, whichever addons are installed."""

    def test_every_model_with_a_company_has_a_company_rule(self):
        models = [
            model
            for model in self.env.registry.values()
            if model._name.startswith("sqms.")
            and model._auto
            and not model._abstract
            and not model._transient
            and "company_id" in model._fields
            and model._fields["company_id"].store
        ]
        self.assertTrue(models)
        rules = self.env["ir.rule"].search([("domain_force", "like", "company_ids"), ("groups", "=", False)])
        guarded = set(rules.mapped("model_id.model"))
        self.assertEqual([model._name for model in models if model._name not in guarded], [])

    def test_every_model_checks_that_its_links_stay_in_the_company(self):
        careless = [
            model._name
            for model in self.env.registry.values()
            if model._name.startswith("sqms.")
            and not model._abstract
            and any(field.check_company for field in model._fields.values() if field.type == "many2one")
            and not model._check_company_auto
        ]
        self.assertEqual(careless, [])
