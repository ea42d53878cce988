from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOON
from .evidence_source_case import EvidenceSourceCase
from .nonconformity_common import NonconformityCase


@tagged("post_install", "-at_install")
class TestNonconformitySource(NonconformityCase):
    """Raised from any record, in the trace, counted, and seen in the morning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer.group_ids |= cls.env.ref("maintenance.group_equipment_manager")
        cls.team = cls.env["maintenance.team"].create({"name": "Team", "company_id": False})
        cls.equipment = cls.env["maintenance.equipment"].create(
            {"name": "Lift", "company_id": cls.company.id, "maintenance_team_id": cls.team.id}
        )
        cls.process.equipment_ids = cls.equipment
        cls.requests = cls.env["maintenance.request"].create(
            [
                {
                    "name": f"Broken {number}",
                    "company_id": cls.company.id,
                    "equipment_id": cls.equipment.id,
                    "maintenance_team_id": cls.team.id,
                }
                for number in range(3)
            ]
        )

    def _report(self, records, user=None, **values):
        wizard = (
            self.env["sqms.nonconformity.report"]
            .with_user(user or self.officer)
            .with_context(active_model=records._name, active_ids=records.ids, active_id=records[:1].id)
        )
        action = wizard.create(values).action_create()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_several_records_become_one(self):
        nc = self._report(self.requests)
        self.assertEqual((nc.name, nc.process_id, nc.company_id, nc.author_id),
                         ("Broken 0", self.process, self.company, self.officer))  # fmt: skip
        self.assertEqual(nc._source_keys(), [("maintenance.request", id_) for id_ in self.requests.ids])
        self.assertEqual((nc.source_count, nc.source_words), (3, f"{self.requests[0].display_name} and 2 more"))
        action = nc.action_open_sources()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.requests)

    def test_defaults_of_the_screen_that_it_is_raised_from_do_not_reach_it(self):
        hostile = {"default_owner_id": self.stranger.id, "default_state": "closed", "default_disposition": "as_is"}
        create_from = self.env["sqms.nonconformity"].with_user(self.officer).with_context(**hostile).create_from
        nc = create_from(self.requests[0].with_user(self.officer))
        self.assertEqual((nc.owner_id, nc.state, nc.disposition), (self.env["res.users"], "found", False))

    def test_hours_to_contain_are_those_of_the_company_and_empty_is_as_delivered(self):
        """Columns that a company made without this addon leaves empty do not stand in its way."""
        names = [f"sqms_contain_hours_{grade}" for grade in ("minor", "major", "critical")]
        self.cr.execute(
            "SELECT is_nullable FROM information_schema.columns WHERE table_name = 'res_company' AND column_name IN %s",
            [tuple(names)],
        )
        self.assertEqual(self.cr.fetchall(), [("YES",)] * 3)
        settings = self.env["res.config.settings"].with_company(self.company)
        settings.create({names[1]: 8}).execute()
        self.assertEqual(self.company._contain_hours("major"), 8)
        nc = self._create_nc(grade="major")
        self.assertEqual(nc.contain_due_at - nc.found_at, timedelta(hours=8))
        self.company.flush_recordset()
        for empty in ("NULL", "0"):
            self.cr.execute(f"UPDATE res_company SET {names[1]} = {empty} WHERE id = %s", [self.company.id])
            self.company.invalidate_recordset()
            self.assertEqual(self.company._contain_hours("major"), 24)
        self.assertEqual(nc.contain_due_at - nc.found_at, timedelta(hours=8), "what is reported keeps its deadline")

    def test_what_one_may_not_read_is_no_source(self):
        foreign = self.env["maintenance.request"].create(
            {"name": "Foreign", "company_id": self.other_company.id, "maintenance_team_id": self.team.id}
        )
        create_from = self.env["sqms.nonconformity"].with_user(self.officer).create_from
        ncs = self.env["sqms.nonconformity"].with_user(self.officer)
        secret = self.env["ir.mail_server"].create({"name": "x", "smtp_host": "x"})
        for attempt, refusal in (
            (lambda: create_from(foreign.with_user(self.officer)), AccessError),
            (lambda: self._report(foreign), AccessError),
            (lambda: create_from(foreign.browse(999999999)), UserError),
            (lambda: create_from(foreign.browse()), UserError),
            (lambda: create_from((foreign | self.requests).with_user(self.officer)), UserError),
            (lambda: ncs.create({"name": "x", "res_model": foreign._name, "res_id": foreign.id}), UserError),
            (lambda: ncs.create({"name": "x", "res_model": "no.such", "res_id": 1}), UserError),
            (lambda: ncs.create({"name": "x", "res_model": "sqms.author.mixin", "res_id": 1}), UserError),
            (lambda: ncs.create({"name": "x", "source_ids": [
                Command.create({"res_model": foreign._name, "res_id": foreign.id})]}), UserError),
            (lambda: ncs.with_user(self.plain).create({"name": "x", "res_model": secret._name,
                                                       "res_id": secret.id}),
             UserError),
            (lambda: self._report(self.requests, user=self.certifier), AccessError),
        ):  # fmt: skip
            line = attempt.__code__.co_firstlineno
            with self.subTest(line=line), self.assertRaises(refusal), self.cr.savepoint():
                attempt()
        both = self.env["sqms.nonconformity"]
        self.env.user.company_ids |= self.company | self.other_company
        with self.assertRaisesRegex(UserError, "several companies"), self.cr.savepoint():
            both.create_from(foreign | self.requests)
        self.assertEqual(both.create_from(foreign).company_id, self.other_company)

    def test_a_source_the_reader_may_not_read_is_not_named(self):
        partner = self.env["res.partner"].create({"name": "Secret customer", "company_id": self.company.id})
        nc = self._report(partner)
        self.assertEqual(nc.source_words, "Secret customer")
        self.env["ir.rule"].create(
            {
                "name": "hidden", "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": [("id", "!=", partner.id)],
                "groups": [Command.link(self.env.ref("base.group_user").id)],
            }
        )  # fmt: skip
        nc = nc.with_user(self.officer)
        nc.invalidate_recordset()
        self.assertEqual(nc.source_words, "a record that you may not read")
        with self.assertRaises(AccessError):
            nc.action_open_sources()

    def test_one_entry_in_the_action_menu_of_every_model_with_a_chatter(self):
        action = self.env.ref("sqms_base.sqms_nonconformity_report_action")
        self.assertFalse(action.binding_model_id)

        def offered(model, user, lang="en_US"):
            bindings = self.env["ir.actions.actions"].with_user(user).with_context(lang=lang).get_bindings(model)
            return [entry["name"] for entry in bindings.get("action", ()) if entry["id"] == action.id]

        for model in ("res.partner", "maintenance.request", "sqms.document", "hr.employee"):
            self.assertEqual(offered(model, self.plain), ["Create Nonconformity"], model)
        for model in ("res.country", "sqms.nonconformity", "discuss.channel"):
            self.assertEqual(offered(model, self.plain), [], model)
        self.assertEqual(offered("res.partner", self.certifier), [])
        views = (
            self.env["res.partner"]
            .with_user(self.plain)
            .get_views([(False, "list"), (False, "form")], {"toolbar": True})["views"]
        )
        for kind in ("list", "form"):
            self.assertIn(action.id, [entry["id"] for entry in views[kind]["toolbar"]["action"]])

    def test_the_trace_runs_from_every_source_to_the_edition(self):
        nc = self._create_nc()
        version = self._create_in_force()
        first = self._create_nc("First", user=self.officer)
        cause = self._to_action(nc)
        lasting = self._create_lasting(
            nonconformity_id=nc.id, cause_ids=[Command.link(cause.id)], version_ids=[Command.link(version.id)]
        )
        for source in (first, self.nonconformity.with_user(self.officer)):
            self.env["sqms.nonconformity.source"].with_user(self.officer).create(
                {"nonconformity_id": nc.id, "res_model": source._name, "res_id": source.id}
            )
        graph = nc.with_user(self.manager).trace()
        key = {record: f"{record._name},{record.id}" for record in (nc, first, cause, lasting, version)}
        edges = {(edge["source"], edge["target"]) for edge in graph["edges"]}
        for source, target in ((first, nc), (nc, cause), (cause, lasting), (nc, lasting), (lasting, version)):
            self.assertIn((key[source], key[target]), edges)
        # from the other end as well
        self.assertIn(key[nc], {node["id"] for node in first.with_user(self.manager).trace()["nodes"]})
        held = {gate["text"] for gate in graph["gates"] if gate["open"] and gate["target"] == key[nc]}
        with_manager = nc.with_user(self.manager)
        self.assertEqual(held, {gate["text"] for gate in with_manager._closing_gates() if gate["open"]})
        for text in held:
            self.assertIn(text.rstrip("."), with_manager._check_close()[nc.id])

    def test_the_morning_of_owner_and_manager(self):
        nc = self._create_nc()

        def section(user, key):
            page = self.env["sqms.morning"].with_user(user).get_morning()
            shown = [item["title"] for found in page["sections"] if found["key"] == key for item in found["items"]]
            # The first to be due stands at the top of the page instead.
            start = page["start_here"]
            return shown + [start["title"] for start in [start] if start and "nonconformity" in start["key"]]

        self.assertIn("Charged twice", section(self.officer, "nonconformities"))
        self.assertEqual(section(self.plain, "nonconformities"), [])
        self._to_effective(nc)
        self.assertEqual(section(self.officer, "nonconformities"), [])
        self.assertIn("Charged twice", section(self.manager, "to_close"))
        self.assertEqual(section(self.officer, "to_close"), [])

    def test_indicators_of_exceptions_count_what_the_register_says(self):
        ncs = self.env["sqms.nonconformity"]
        for hours, resolved in ((2, 3), (30, 40)):
            found = NOON - timedelta(days=3)
            ncs |= self._create_nc(
                kind="exception", grade="major", found_at=found, contained_at=found + timedelta(hours=hours),
                resolved_at=found + timedelta(hours=resolved),
            )  # fmt: skip
        self.assertEqual(ncs.mapped("resolved_hours"), [3, 40])
        self.assertEqual(ncs.mapped("is_contained_on_time"), [True, False])
        for code in ("N-03", "E-01", "E-02"):
            indicator = self.env["sqms.indicator"].search([("code", "=", code), ("company_id", "=", False)])
            self.assertEqual(len(indicator), 1, code)
            indicator._check_formula() if hasattr(indicator, "_check_formula") else None


@tagged("post_install", "-at_install")
class TestNonconformityEvidence(EvidenceSourceCase):
    sources = ("sqms.nonconformity",)
