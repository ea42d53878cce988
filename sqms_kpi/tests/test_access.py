from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KpiCase

ACL, RULE = "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"


@tagged("post_install", "-at_install")
class TestAccess(KpiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_requests("2026-10-05")
        cls._create_requests("2026-10-05", company=cls.other_company)
        cls.mine, cls.shared = cls._create_indicator(), cls._create_indicator("S-1", company_id=False)
        cls.theirs = cls._create_indicator("O-1", company_id=cls.other_company.id)
        cls.all = cls.mine | cls.shared | cls.theirs
        cls.all.action_compute()
        cls._create_requests("2026-10-06")
        cls.all.action_compute()
        cls.measure, cls.restatement = cls.mine.measure_ids[-1:], cls.mine.restatement_ids

    def _refused(self, action):
        with self.assertRaises(AccessError), mute_logger(ACL, RULE, "odoo.models.unlink"), self.env.cr.savepoint():
            action()

    # -- figures -------------------------------------------------------------------

    def test_nobody_writes_figures(self):
        values = {
            "indicator_id": self.mine.id, "company_id": self.company.id, "period": "2020-01-01", "numerator": 1,
            "denominator": 0, "n": 1, "value": 1.0, "kind": "count", "factor": 1, "version": 1,
            "computed_at": "2026-11-01 00:00:00",
        }  # fmt: skip
        for user in (*self.readers, *self.strangers, self.env.ref("base.user_admin")):
            for record in (self.measure.with_user(user), self.restatement.with_user(user)):
                with self.subTest(f"{user.login} {record._name}"):
                    self._refused(lambda record=record: record.create(values))
                    self._refused(lambda record=record: record.write({"indicator_id": self.shared.id}))
                    self._refused(record.unlink)
                    self._refused(lambda record=record: record.with_context(default_value=9).copy())

    def test_nobody_imports_figures(self):
        names = ["indicator_id/.id", "company_id/.id", "period", "value"]
        row = [str(self.mine.id), str(self.company.id), "2020-01-01", "5"]
        with mute_logger(ACL):
            result = self.Measure.with_user(self.kpi_officer).load(names, [row])
        self.assertFalse(result["ids"])

    def test_figures_are_not_written_through_the_indicator(self):
        with self.assertRaises(AccessError), mute_logger(ACL), self.env.cr.savepoint():
            self.mine.with_user(self.kpi_officer).write({"measure_ids": [(1, self.measure.id, {"value": 9.0})]})
        with self.assertRaises(AccessError), mute_logger(ACL), self.env.cr.savepoint():
            self.mine.with_user(self.kpi_officer).write({"measure_ids": [(2, self.measure.id, 0)]})

    def test_readers_see_the_figures_of_their_companies(self):
        for user in self.readers:
            with self.subTest(user.login):
                found = self.Measure.with_user(user).search([("indicator_id", "in", self.all.ids)])
                self.assertEqual(found.company_id, self.company)
                self.assertEqual(found.indicator_id, self.mine | self.shared)
                self.assertEqual(self.restatement.with_user(user).read(["old_value"])[0]["old_value"], 1.0)
                groups = self.Measure.with_user(user)._read_group(
                    [("indicator_id", "=", self.shared.id)], [], ["value:avg"]
                )
                self.assertEqual(groups, [(2.0,)])
                foreign = self.shared.measure_ids.filtered(lambda measure: measure.company_id == self.other_company)
                self._refused(lambda foreign=foreign, user=user: foreign.with_user(user).read(["value"]))
                self._refused(lambda foreign=foreign, user=user: foreign[0].with_user(user).action_explain())

    def test_employees_and_outsiders_see_nothing(self):
        for user in self.strangers:
            with self.subTest(user.login):
                self._refused(lambda user=user: self.Measure.with_user(user).search([]))
                self._refused(lambda user=user: self.measure.with_user(user).read(["value"]))
                self._refused(lambda user=user: self.restatement.with_user(user).read(["old_value"]))
                self._refused(lambda user=user: self.mine.with_user(user).read(["latest_label"]))
                self._refused(lambda user=user: self.measure.with_user(user).action_explain())
                self._refused(lambda user=user: self.mine.with_user(user).action_workbook())

    def test_menu_is_for_those_who_read_figures(self):
        menu = self.env.ref("sqms_kpi.sqms_menu_indicators")
        for user in self.readers:
            self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids(), user.login)
        self.assertNotIn(menu.id, self.env["ir.ui.menu"].with_user(self.plain)._visible_menu_ids())

    # -- computing -----------------------------------------------------------------

    def test_officers_compute_and_nobody_else(self):
        self.mine.with_user(self.kpi_officer).action_compute()
        for user in (self.officer, self.manager, self.top, self.certifier, *self.strangers):
            with self.subTest(user.login):
                self._refused(lambda user=user: self.mine.with_user(user).action_compute())

    def test_who_computes_changes_the_figures_of_his_companies_alone(self):
        self._create_requests("2026-10-07")
        self._create_requests("2026-10-07", company=self.other_company)
        self.shared.with_user(self.kpi_officer).action_compute()
        self.assertEqual(self._figures(self.shared)["2026-10"], 3.0)
        self.assertEqual(self._figures(self.shared, self.other_company)["2026-10"], 1.0)
        self._refused(lambda: self.theirs.with_user(self.kpi_officer).action_compute())
        hostile = self.shared.with_user(self.kpi_officer).with_context(allowed_company_ids=self.companies.ids)
        self._refused(hostile.action_compute)
        self.assertEqual(self._figures(self.shared, self.other_company)["2026-10"], 1.0)

    def test_a_figure_is_the_same_whoever_has_it_computed(self):
        """The officer sees none of these requests; the figure counts them all."""
        visible = self.env["maintenance.request"].with_user(self.kpi_officer).search_count([])
        self.assertEqual(visible, 0)
        self.mine.with_user(self.kpi_officer).action_compute()
        self.assertEqual(self._figures(self.mine)["2026-10"], 2.0)

    # -- defining ------------------------------------------------------------------

    def test_officers_define_for_their_company(self):
        own = self._create_indicator("N-1", user=self.kpi_officer)
        own.write({"name": "Renamed"})
        own.unlink()
        foreign, shared = self.theirs.with_user(self.kpi_officer), self.shared.with_user(self.kpi_officer)
        self._refused(lambda: foreign.write({"name": "x"}))
        self._refused(lambda: shared.write({"domain": "[('archive', '=', False)]"}))
        self._refused(shared.unlink)
        self._refused(lambda: self._create_indicator("N-2", user=self.kpi_officer, company_id=False))
        self._refused(lambda: self.mine.with_user(self.kpi_officer).write({"company_id": False}))

    def test_figures_stay_with_their_company(self):
        both = self._create_user("both", "sqms_kpi.group_kpi_officer", self.companies)
        with self.assertRaisesRegex(ValidationError, "figures of another company"), self.env.cr.savepoint():
            self.mine.with_user(both).write({"company_id": self.other_company.id})
        self.mine.with_user(self.manager).write({"company_id": False})
        self.assertEqual(self.mine.measure_ids.company_id, self.company)

    def test_managers_define_for_all(self):
        self.shared.with_user(self.manager).write({"name": "Renamed"})
        self._create_indicator("N-3", user=self.manager, company_id=False)
        both = self._create_user("both", "sqms_kpi.group_kpi_officer,sqms_base.group_sqms_manager")
        self.shared.with_user(both).write({"name": "Renamed again"})

    def test_officers_are_held_to_the_whitelist(self):
        for domain in ("[('create_uid.login', '=like', 'a%')]", "[('name', '!=', uid)]"):
            with self.assertRaises(ValidationError):
                self._create_indicator("N-4", user=self.kpi_officer, domain=domain)
        with self.assertRaises(ValidationError):
            self._create_indicator("N-5", user=self.kpi_officer, source="res.users:create_date")

    def test_an_indicator_with_figures_is_archived_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.mine.with_user(self.kpi_officer).unlink()
        self.mine.with_user(self.kpi_officer).action_archive()
        self.assertTrue(self.measure.exists())
