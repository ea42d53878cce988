import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestIndicator(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Indicator = cls.env["sqms.indicator"]
        cls.manager = new_test_user(cls.env, "i_manager", groups="sqms_base.group_sqms_manager")
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})

    @classmethod
    def _create_indicator(cls, user=None, **values):
        return cls.Indicator.with_user(user or cls.manager).create(
            {"code": "T-1", "name": "Requests", "source": "maintenance.request:request_date", **values}
        )

    # -- what is declared ------------------------------------------------------

    def test_each_declared_source_holds_what_it_says(self):
        for name, source in self.Indicator._get_indicator_sources().items():
            model = self.env[name]
            for date in source["dates"]:
                field = model._fields[date]
                self.assertTrue(field.store and field.type in ("date", "datetime"), f"{name}.{date}")
            for path in (*source["filters"], *source["dimensions"], source["company"]):
                comodel = model
                for step in path.split("."):
                    self.assertIn(step, comodel._fields, f"{name}.{path}")
                    field = comodel._fields[step]
                    self.assertFalse(field.groups, f"{name}.{path} is not for everybody")
                    comodel = self.env[field.comodel_name] if field.relational else None
            for quantity in source.get("quantities", ()):
                field = model._fields[quantity]
                self.assertTrue(field.store and field.type in ("float", "integer"), f"{name}.{quantity}")
                self.assertFalse(field.groups, f"{name}.{quantity} is not for everybody")
            for path in source["dimensions"]:
                self.assertNotIn("many", self._last(model, path).type.replace("many2one", ""), f"{name}.{path}")
            self.assertEqual(self._last(model, source["company"]).comodel_name, "res.company")

    def _last(self, model, path):
        for step in path.split("."):
            field = model._fields[step]
            model = self.env[field.comodel_name] if field.relational else None
        return field

    def test_shipped_definitions_are_sound_and_hold_for_all_companies(self):
        shipped = self.env["ir.model.data"].search([("model", "=", "sqms.indicator"), ("module", "=", "sqms_base")])
        indicators = self.Indicator.browse(shipped.mapped("res_id"))
        self.assertGreaterEqual(
            set(indicators.mapped("code")), {"D-02", "Q-03", "Q-10", "Q-11", "Q-12", "P-01", "P-02"}
        )
        for indicator in indicators:
            self.assertFalse(indicator.company_id)
            indicator._formula()

    def test_source_names_model_and_date(self):
        indicator = self._create_indicator()
        self.assertEqual((indicator.model, indicator.date_field), ("maintenance.request", "request_date"))
        self.assertIn("Stage", indicator.filter_help)
        labels = dict(self.Indicator._selection_source())
        self.assertIn("Request Date", labels["maintenance.request:request_date"])

    # -- hostile formulas --------------------------------------------------------

    def test_a_model_or_date_that_is_not_declared_is_refused(self):
        for source in (
            "res.users:create_date",
            "maintenance.request:write_date",
            "maintenance.request:",
            "no.such:date",
        ):
            with self.subTest(source), self.assertRaises(ValidationError):
                self._create_indicator(source=source)
        indicator = self._create_indicator()
        with self.assertRaises(ValidationError):
            indicator.source = "res.users:create_date"

    def test_model_and_date_follow_the_source_alone(self):
        indicator = self._create_indicator()
        indicator.with_user(self.manager).write({"model": "res.users"})
        with self.assertRaises(ValidationError):
            indicator._formula()
        created = self._create_indicator(code="T-2", model="res.users", date_field="create_date")
        self.assertEqual(created.model, "maintenance.request")

    def test_hostile_conditions_are_refused(self):
        hostile = [
            "[('name', '=', 'x')]",
            "[('no_such_field', '=', 1)]",
            "[('create_uid.login', '=like', 'a%')]",
            "[('stage_id.name', '=', 'New')]",
            "[('stage_id', 'any', [('done', '=', True)])]",
            "[('stage_id', 'any!', [('done', '=', True)])]",
            "[('stage_id', 'ilike', 'New')]",
            "[('stage_id', '=', 'New')]",
            "[('maintenance_type', '=', 'nonsense')]",
            "[('maintenance_type', 'IN', ['preventive'])]",
            "[('maintenance_type', 'in', 'preventive')]",
            "[('maintenance_type', '=', ['preventive'])]",
            "[('stage_id.done', '=', 1)]",
            "[('stage_id', 'in', [True])]",
            "[('id', '>', 0)]",
            "[(1, '=', 1)]",
            "[('archive', '=', False), 'or', 'x']",
            "['|', ('archive', '=', False)]",
            "[('maintenance_type', '=', 'preventive'), '&']",
            f"[('stage_id', 'in', {list(range(501))})]",
            str([("archive", "=", False)] * 21),
            "[('stage_id', '=', uid)]",
            "[('stage_id', '=', __import__('os').getpid())]",
            "[('stage_id', 'in', [x for x in (1, 2)])]",
            "[" * 4000,
            "{'a': 1}",
            "('archive', '=', False)",
            "archive = false; DROP TABLE res_users",
            "[('stage_id', 'in', [" + "1," * 6000 + "1])]",
            "[('stage_id', 'child_of', 1)]",
            "[['archive', '=', [False]]]",
            "[('archive', '=', False), [1, 2, 3, 4]]",
            "[('archive', ['='], False)]",
            "[({}, '=', False)]",
        ]
        for number, text in enumerate(hostile):
            for name in ("domain", "numerator_domain"):
                with self.subTest(text=text[:80], field=name), self.assertRaises(UserError):
                    self._create_indicator(code=f"H-{name}-{number}", kind="ratio", **{name: text})

    def test_a_past_month_does_not_depend_on_today(self):
        for value in ("'today -30d'", "'now'", "'2026-02-30'", "'2026-1-1'", "20260101"):
            with self.subTest(value), self.assertRaises(ValidationError):
                self._create_indicator(
                    source="sqms.acknowledgement:create_date", domain=f"[('date_due', '<', {value})]"
                )

    def test_sound_conditions_are_taken(self):
        stage = self.env["maintenance.stage"].search([], limit=1)
        for number, text in enumerate(
            [
                "[]",
                f"[('stage_id', 'in', [{stage.id}])]",
                "['|', ('stage_id.done', '=', True), '!', ('archive', '=', True)]",
                "[['maintenance_type', '!=', False], ['duration', '>=', 1.5]]",
            ]
        ):
            with self.subTest(text):
                formula = self._create_indicator(code=f"S-{number}", domain=text)._formula()
                self.assertIsInstance(formula.domain, Domain)
        self._create_indicator(
            code="S-9", source="sqms.acknowledgement:create_date", domain="[('department_id', 'child_of', [1])]"
        )

    def test_sabotage_below_the_orm_is_refused_when_it_is_counted(self):
        indicator = self._create_indicator()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sqms_indicator SET domain = %s WHERE id = %s", ["[('create_uid.login', '=', 'x')]", indicator.id]
        )
        indicator.invalidate_recordset()
        with self.assertRaises(ValidationError):
            indicator._formula()

    def test_who_may_not_read_the_records_does_not_define_on_them(self):
        self.env["ir.model.access"].search([("model_id.model", "=", "maintenance.request")]).active = False
        with self.assertRaisesRegex(ValidationError, "no access"), mute_logger("odoo.addons.base.models.ir_model"):
            self._create_indicator()

    def test_sums_and_means_are_made_of_what_a_source_declares(self):
        for quantity in (False, "maintenance.request:priority", "maintenance.request:id", "res.users:id", "duration",
                         "maintenance.request:", "sqms.acknowledgement:duration"):  # fmt: skip
            with self.subTest(quantity), self.assertRaises(ValidationError):
                self._create_indicator(kind="mean", quantity=quantity)
        with self.assertRaises(ValidationError):
            self._create_indicator(
                kind="sum", source="sqms.acknowledgement:create_date", quantity="maintenance.request:duration"
            )
        for kind, unit in (("mean", "percent"), ("sum", "per_thousand"), ("count", "hours")):
            with (
                self.subTest(kind),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.cr.savepoint(),
            ):
                self._create_indicator(kind=kind, unit=unit, quantity="maintenance.request:duration")
        mean = self._create_indicator(kind="mean", unit="hours", quantity="maintenance.request:duration")
        formula = mean._formula()
        self.assertEqual((formula.kind, formula.quantity), ("mean", "duration"))
        mean.kind = "sum"
        self.assertEqual(mean.version, 2)

    # -- versions ------------------------------------------------------------------

    def test_only_a_change_of_the_formula_makes_a_new_version(self):
        indicator = self._create_indicator()
        indicator.write({"name": "Other words", "decimals": 2, "domain": "[]", "owner_id": self.manager.id})
        self.assertEqual(indicator.version, 1)
        indicator.domain = "[('stage_id.done', '=', True)]"
        self.assertEqual(indicator.version, 2)
        indicator.write({"kind": "ratio", "unit": "percent"})
        self.assertEqual(indicator.version, 3)

    def test_nobody_sets_the_version(self):
        indicator = self._create_indicator(version=9)
        self.assertEqual(indicator.version, 1)
        self.assertEqual(self.Indicator.with_context(default_version=9).create(
            {"code": "T-3", "name": "x", "source": "maintenance.request:close_date"}).version, 1)  # fmt: skip
        indicator.write({"version": 9})
        self.assertEqual(indicator.version, 1)
        indicator.write({"version": 9, "domain": "[('archive', '=', False)]"})
        self.assertEqual(indicator.version, 2)
        self.assertEqual(indicator.copy().version, 1)

    def test_import_goes_the_same_way(self):
        result = self.Indicator.with_user(self.manager).load(
            ["code", "name", "source", "domain", "version"],
            [["L-1", "Loaded", "maintenance.request:request_date", "[('name', '=', 'x')]", "7"]],
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    # -- identity --------------------------------------------------------------------

    def test_codes_are_unique_per_company(self):
        self._create_indicator()
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            self._create_indicator(code="t-1")
        self._create_indicator(user=self.env.ref("base.user_root"), company_id=self.other_company.id)
        self.assertEqual(self._create_indicator(code="T-9").copy().code, "T-9 (copy)")

    def test_form_proposes_what_fits_a_ratio(self):
        with Form(self.Indicator.with_user(self.manager)) as form:
            form.code, form.name = "F-1", "By form"
            form.source = "maintenance.request:request_date"
            form.kind = "ratio"
            self.assertEqual((form.unit, form.decimals), ("percent", 1))
            form.numerator_domain = "[('stage_id.done', '=', True)]"
            form.source = "sqms.acknowledgement:create_date"
            self.assertEqual(form.numerator_domain, "[]")

    # -- access ------------------------------------------------------------------------

    def _crud(self, user):
        indicator = self._create_indicator(user=self.env.ref("base.user_root"), code=f"A-{user.login}")
        mine = indicator.with_user(user)

        def allowed(action):
            try:
                with mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"):
                    action()
            except AccessError:
                return False
            return True

        return (
            allowed(lambda: self._create_indicator(user=user, code=f"N-{user.login}")),
            allowed(lambda: mine.read(["name"])),
            allowed(lambda: mine.write({"name": "x"})),
            allowed(mine.unlink),
        )

    def test_manager_defines(self):
        self.assertEqual(self._crud(self.manager), (True, True, True, True))

    def test_officer_top_and_certifier_read(self):
        for group in ("sqms_base.group_sqms_officer", "sqms_base.group_sqms_top", "sqms_base.group_sqms_certifier"):
            with self.subTest(group):
                user = new_test_user(self.env, group.rpartition(".")[2], groups=group)
                self.assertEqual(self._crud(user), (False, True, False, False))

    def test_employees_and_outsiders_see_nothing(self):
        for group in ("base.group_user", "base.group_portal", "base.group_public"):
            with self.subTest(group):
                user = new_test_user(self.env, group.rpartition(".")[2], groups=group)
                self.assertEqual(self._crud(user), (False, False, False, False))

    def test_another_companys_definition_is_hidden(self):
        foreign = self._create_indicator(user=self.env.ref("base.user_root"), company_id=self.other_company.id)
        shared = self._create_indicator(user=self.env.ref("base.user_root"), code="T-S", company_id=False)
        seen = self.Indicator.with_user(self.manager).search([("id", "in", (foreign | shared).ids)])
        self.assertEqual(seen, shared)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            foreign.with_user(self.manager).write({"name": "x"})
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self._create_indicator(code="T-X", company_id=self.other_company.id)

    def test_owner_belongs_to_the_company(self):
        stranger = new_test_user(
            self.env, "i_stranger", groups="sqms_base.group_sqms_manager", company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )  # fmt: skip
        with self.assertRaises(UserError):
            self._create_indicator(user=self.env.ref("base.user_root"), owner_id=stranger.id)
