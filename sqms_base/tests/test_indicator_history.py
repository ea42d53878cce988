from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..lib.workflow_pass import workflow_import


@tagged("post_install", "-at_install")
class TestIndicatorHistory(TransactionCase):
    """Definitions keep their past, and somebody answers for each of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Qinghe"})
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.manager = new_test_user(cls.env, "h_manager", groups="sqms_base.group_sqms_manager", **company)
        cls.certifier = new_test_user(cls.env, "h_certifier", groups="sqms_base.group_sqms_certifier", **company)
        cls.Indicator = cls.env["sqms.indicator"].with_user(cls.manager)

    def _create(self, code="H-1", indicators=None, **values):
        indicators = self.Indicator if indicators is None else indicators
        return indicators.create({"code": code, "name": code, "source": "maintenance.request:request_date", **values})

    def test_without_owner_and_frequency_nothing_is_activated(self):
        mine = self._create()
        self.assertEqual((mine.owner_id, mine.frequency), (self.manager, "month"))
        for words, attempt in (
            ("needs an owner", lambda: self._create("H-2", owner_id=False)),
            ("needs an owner", lambda: self._create("H-2", self.Indicator.with_context(default_owner_id=False))),
            ("needs an owner", lambda: mine.write({"owner_id": False})),
            ("needs an owner", lambda: mine.sudo().write({"owner_id": False})),
            ("", lambda: mine.write({"frequency": False})),
        ):
            with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, words), self.cr.savepoint():
                attempt()
                self.env.flush_all()
        loaded = self.Indicator.load(
            ["code", "name", "source", "owner_id"], [["H-3", "x", "maintenance.request:request_date", ""]]
        )
        self.assertFalse(loaded["ids"])
        asleep = self._create("H-4", active=False, owner_id=False)
        for indicator in (asleep, asleep.sudo(), asleep.with_user(self.env.ref("base.user_root"))):
            for attempt in (indicator.action_unarchive, lambda i=indicator: i.write({"active": True})):
                with self.assertRaisesRegex(ValidationError, "needs an owner"), self.cr.savepoint():
                    attempt()
        asleep.write({"active": True, "owner_id": self.manager.id})
        self.assertTrue(asleep.active)
        asleep.write({"active": False, "owner_id": False})

    def test_definitions_of_an_addon_are_answered_for(self):
        shipped = self.env.ref("sqms_base.sqms_indicator_acknowledgement_coverage").with_user(self.manager)
        self.assertTrue(shipped.active)
        self.assertFalse(shipped.owner_id)
        self.assertEqual(shipped.responsible_id, self.manager)
        chosen = new_test_user(
            self.env, "h_chosen", groups="base.group_user", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        self.company.sqms_indicator_owner_id = chosen
        shipped.invalidate_recordset()
        self.assertEqual(shipped.responsible_id, chosen)
        shipped.active = False
        with self.assertRaises(ValidationError):
            shipped.active = True

    def test_each_version_is_kept(self):
        indicator = self._create()
        indicator.name = "Other words"
        indicator.domain = "[('stage_id.done', '=', True)]"
        indicator.write({"kind": "ratio", "unit": "percent", "numerator_domain": "[('archive', '=', True)]"})
        indicator.invalidate_recordset()
        rows = indicator.version_ids
        self.assertEqual(
            [(row.version, row.kind, row.domain, row.user_id) for row in rows],
            [
                (3, "ratio", "[('stage_id.done', '=', True)]", self.manager),
                (2, "count", "[('stage_id.done', '=', True)]", self.manager),
                (1, "count", "[]", self.manager),
            ],
        )
        self.assertEqual(rows.mapped("in_force_to"), [False, rows[0].in_force_from, rows[1].in_force_from])
        self.assertEqual(rows[0].kind_label, "Ratio")
        self.assertTrue(indicator._formula_of(1).domain.is_true())
        self.assertFalse(indicator._formula_of(2).domain.is_true())
        self.assertEqual(indicator._formula_of(3), indicator._formula())
        with self.assertRaisesRegex(UserError, "not on record"):
            indicator._formula_of(9)
        self.assertEqual(indicator.copy().version_ids.mapped("version"), [1])
        # Nobody writes the past, the superuser neither.
        root = self.env.ref("base.user_root")
        with mute_logger("odoo.addons.base.models.ir_model"):
            for user in (self.manager, self.certifier, root):
                own = rows[-1].with_user(user)
                for attempt in (lambda o=own: o.write({"domain": "x"}), own.unlink, own.copy):
                    with self.assertRaises(AccessError):
                        attempt()
            with self.assertRaises(AccessError):
                rows.create({"indicator_id": indicator.id, "version": 7, "in_force_from": "2026-01-01"})
        self.assertTrue(rows.with_user(self.certifier).read(["domain"]))
        for values in ([Command.clear()], [Command.delete(rows[0].id)], [Command.update(rows[0].id, {"domain": "x"})]):
            with self.assertRaises(AccessError), self.cr.savepoint():
                indicator.version_ids = values

    def test_definitions_from_before_get_their_row_once(self):
        indicator = self._create()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM sqms_indicator_version WHERE indicator_id = %s", [indicator.id])
        self.env.invalidate_all()
        for _time in range(2):
            self.env["sqms.indicator"]._note_missing_versions()
        self.assertEqual(indicator.version_ids.mapped("version"), [1])
        shipped = self.env["sqms.indicator"].search([("company_id", "=", False)])
        self.assertTrue(all(shipped.mapped("version_ids")))


@tagged("post_install", "-at_install")
class TestShippedIndicators(TransactionCase):
    """The definitions of the base count what they say; the same by hand."""

    def _count(self, name, company):
        formula = self.env.ref(f"sqms_base.sqms_indicator_{name}")._formula()
        domain = (
            formula.domain & Domain(formula.company_field, "=", company.id) & Domain(formula.date_field, "!=", False)
        )
        records = self.env[formula.model].with_context(active_test=False)
        return records.search_count(domain & formula.numerator), records.search_count(domain)

    def test_preventive_maintenance_on_time(self):
        company = self.env["res.company"].create({"name": "Qinghe"})
        company.resource_calendar_id.tz = "Asia/Shanghai"
        team = self.env["maintenance.team"].create({"name": "Upkeep", "company_id": False})
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        new = self.env["maintenance.stage"].search([("done", "=", False)], limit=1)
        rows = (
            # kind, planned (UTC), final stage, closed on, on time
            ("preventive", "2026-03-05 02:00:00", True, "2026-03-05", True),
            ("preventive", "2026-03-05 02:00:00", True, "2026-03-04", True),
            ("preventive", "2026-03-05 02:00:00", True, "2026-03-06", False),
            # Half past midnight of the sixth in Shanghai.
            ("preventive", "2026-03-05 16:30:00", True, "2026-03-06", True),
            ("preventive", "2026-03-05 02:00:00", False, False, False),
            ("corrective", "2026-03-05 02:00:00", True, "2026-03-05", True),
            ("preventive", False, True, "2026-03-05", False),
        )
        requests = self.env["maintenance.request"].create(
            [
                {"name": "x", "company_id": company.id, "maintenance_team_id": team.id, "maintenance_type": kind,
                 "schedule_date": planned, "stage_id": (done if is_done else new).id}
                for kind, planned, is_done, _closed, _expected in rows
            ]
        )  # fmt: skip
        for request, (_kind, _planned, _done, closed, expected) in zip(requests, rows, strict=True):
            request.close_date = closed
            self.assertEqual(request.sqms_is_on_time, expected)
        self.assertEqual(self._count("maintenance_on_time", company), (3, 5))
        self.assertEqual(self._count("maintenance_preventive", company), (6, 7))
        requests[4].stage_id = done
        requests[4].close_date = "2026-03-05"
        self.assertEqual(self._count("maintenance_on_time", company), (4, 5))

    def test_promises_broken_and_made_good(self):
        company = self.env["res.company"].create({"name": "Qinghe"})
        promise = self.env["sqms.commitment"].create(
            {"name": "x", "promise": "x", "remedy": "x", "company_id": company.id, "date_from": "2026-01-01"}
        )
        with workflow_import(promise, "From paper"):
            promise.state = "approved"
        partners = self.env["res.partner"].create([{"name": str(number)} for number in range(4)])
        breaches = self.env["sqms.commitment.breach"].create(
            [
                {"commitment_id": promise.id, "res_model": "res.partner", "res_id": partner.id,
                 "happened_at": "2026-03-05 02:00:00"}
                for partner in partners
            ]
        )  # fmt: skip
        breaches[0].remedy_given = "A refund"
        breaches[0].action_transition("give_remedy")
        breaches[1].dismissal_reason = "The customer was not at home"
        breaches[1].action_transition("dismiss")
        self.assertEqual(self._count("promises_broken", company), (4, 4))
        self.assertEqual(self._count("promises_made_good", company), (1, 3))
