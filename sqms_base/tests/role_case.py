"""What holds of the roles in every addon of the suite; each addon says in a subclass what is meant otherwise."""

from odoo.tests import TransactionCase, new_test_user

OPERATIONS = ("create", "write", "unlink")
CERTIFIER = "sqms_base.group_sqms_certifier"


class RoleCase(TransactionCase):
    """Access to the models of one addon, asked of the database.

    1. A certifier changes nothing but what is his own by name (his readings, the findings he has to answer).
    2. A certifier reads every model of the quality system that is not closed to him for a reason.
    3. Nobody from outside, and nobody without a role, has a line of access.
    """

    allow_inherited_tests_method = True
    # (model, operation) that is open to a certifier, for what is his own.
    own = ()
    # Forms (transient) that he may fill in: they only look something up, or refuse him when it comes to a change.
    tools = ()
    # Models of others that the addon extends and where a certifier changes nothing.
    extended = ()
    # Models that a certifier does not read: persons' papers, tools of the house.
    closed_to_certifier = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addon = cls.__module__.split(".")[2]
        cls.certifier = new_test_user(cls.env, "role_certifier", groups=CERTIFIER)
        cls.models = sorted(
            name
            for name, model in cls.env.registry.items()
            if model._original_module == cls.addon and not model._abstract and not name.startswith("sqms.fake.")
        )
        cls.records = [name for name in cls.models if not cls.env.registry[name]._transient]

    def test_certifier_changes_nothing_but_his_own(self):
        self.assertTrue(self.records)
        found = {
            (name, operation)
            for name in (*self.records, *self.extended)
            for operation in OPERATIONS
            if self.env[name].with_user(self.certifier).has_access(operation)
        }
        self.assertEqual(found, set(self.own))
        for name, operation in found:
            rules = self.env["ir.rule"].with_user(self.certifier).sudo(False)._get_rules(name, operation)
            own = [rule for rule in rules.sudo() if rule.groups]
            self.assertTrue(own, f"{name}: every record is open to {operation}")
            for rule in own:
                self.assertIn("user.id", rule.domain_force, f"{rule.name}: {operation} reaches beyond his own")

    def test_certifier_uses_no_tool_that_changes_things(self):
        tools = [
            name
            for name in self.models
            if self.env.registry[name]._transient and self.env[name].with_user(self.certifier).has_access("create")
        ]
        self.assertEqual(tools, sorted(self.tools))

    def test_certifier_reads_the_quality_system(self):
        closed = [name for name in self.records if not self.env[name].with_user(self.certifier).has_access("read")]
        self.assertEqual(closed, sorted(self.closed_to_certifier))

    def test_every_model_has_lines_of_access_and_none_for_outsiders(self):
        lines = self.env["ir.model.access"].search([("model_id.model", "in", self.models)])
        self.assertEqual(sorted(set(lines.mapped("model_id.model"))), self.models)
        self.assertEqual(lines.filtered(lambda line: not line.group_id).mapped("name"), [])
        internal = self.env.ref("base.group_user")
        outside = lines.filtered(lambda line: internal not in line.group_id.all_implied_ids | line.group_id)
        self.assertEqual(outside.mapped("name"), [])

    def test_groups_stand_under_one_heading_and_say_what_they_are_for(self):
        heading = self.env.ref("sqms_base.module_category_sqms")
        data = self.env["ir.model.data"].search([("module", "=", self.addon), ("model", "=", "res.groups")])
        groups = self.env["res.groups"].browse(data.mapped("res_id"))
        for group in groups:
            self.assertEqual(group.privilege_id.category_id, heading, group.name)
            self.assertTrue(group.comment, group.name)
