import random
from xml.etree import ElementTree

import psycopg2
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.process_graph import circle, layers
from ..lib.process_map import BANDS, layout
from .common_process import ProcessCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestProcess(ProcessCase):
    # -- no circle, by any path ---------------------------------------------------------

    def _refused_circle(self):
        return self.assertRaisesRegex(ValidationError, "Intake → Repair → Invoice → Intake")

    def test_a_circle_is_refused_by_every_path(self):
        self._link(self.intake, self.repair)
        forward = self._link(self.repair, self.invoice)
        values = {"source_id": self.invoice.id, "target_id": self.intake.id, "name": "back"}
        with self._refused_circle(), self.cr.savepoint():
            self._link(self.invoice, self.intake, user=self.officer)
        with self._refused_circle(), self.cr.savepoint():
            self.invoice.with_user(self.officer).write(
                {"flow_out_ids": [Command.create({"target_id": self.intake.id, "name": "back"})]}
            )
        with self._refused_circle(), self.cr.savepoint():
            self.env["sqms.process.flow"].with_context(
                default_source_id=self.invoice.id, default_target_id=self.intake.id
            ).create({"name": "back"})
        other = self._create_process("C4", "Other")
        turned = self._link(other, self.intake)
        with self._refused_circle(), self.cr.savepoint():
            turned.source_id = self.invoice
        with self._refused_circle(), self.cr.savepoint():
            self.intake.flow_in_ids = [Command.update(turned.id, {"source_id": self.invoice.id})]
        with self.assertRaises(UserError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            forward.write({"source_id": self.repair.id, "target_id": self.repair.id})
        # The archived one still counts: when it comes back, nothing is closed.
        self.repair.active = False
        with self._refused_circle(), self.cr.savepoint():
            self.env["sqms.process.flow"].create(values)

    def test_an_import_names_the_circle_and_takes_nothing(self):
        rows = [
            ["TP1", "TP2", "order"],
            ["TP2", "TP3", "report"],
            ["TP3", "TP1", "back"],
        ]
        result = self.env["sqms.process.flow"].with_company(self.company).load(["source_id", "target_id", "name"], rows)
        self.assertFalse(result["ids"])
        self.assertIn("Intake → Repair → Invoice → Intake", result["messages"][0]["message"])
        self.assertFalse(self.env["sqms.process.flow"].search([("company_id", "=", self.company.id)]))
        result = self.env["sqms.process.flow"].load(["source_id", "target_id", "name"], rows[:2])
        self.assertEqual(len(result["ids"]), 2)

    def test_many_at_once_are_read_in_one_go(self):
        chain = self.env["sqms.process"].create(
            [{"code": f"X{n:02}", "name": f"Step {n}", "company_id": self.company.id} for n in range(40)]
        )
        values = [
            {"source_id": one.id, "target_id": two.id, "name": "x"} for one, two in zip(chain, chain[1:], strict=False)
        ]
        self.env["sqms.process.flow"].create(values)
        with self.assertRaisesRegex(ValidationError, "Step 0 → Step 1 → .* → Step 0"), self.cr.savepoint():
            self._link(chain[-1], chain[0])

    def test_two_of_two_companies_are_not_linked(self):
        foreign = self._create_process("F", "Foreign", company_id=self.other_company.id)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._link(self.intake, foreign)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._link(foreign, self.intake)
        with self.assertRaises(UserError), self.cr.savepoint():
            foreign.company_id = self.company
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._link(self.intake, self.repair)
            self._link(self.intake, self.repair)

    def test_a_process_is_not_part_of_itself(self):
        self.repair.parent_id = self.intake
        self.invoice.parent_id = self.repair
        with self.assertRaises(UserError), self.cr.savepoint():
            self.intake.parent_id = self.invoice

    def test_whoever_may_not_write_draws_nothing(self):
        for user in (self.plain, self.certifier, self.portal, self.top):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._link(self.intake, self.repair, user=user)
        with self.assertRaises(AccessError):
            self.intake.with_user(self.foreign_officer).read(["name"])
        self.assertEqual(self.intake.with_user(self.certifier).name, "Intake")

    # -- in force -----------------------------------------------------------------------

    def test_nothing_is_put_in_force_without_owner_and_accountable(self):
        mine = self.intake.with_user(self.manager)
        mine.write({"purpose": "To hear the customer"})
        with self.assertRaisesRegex(UserError, "Owner"):
            mine.action_transition("put_in_force")
        mine.owner_id = self.manager
        with self.assertRaisesRegex(UserError, "nobody is accountable"):
            mine.action_transition("put_in_force")
        self._hold(self.intake, self.anna, start="2020-01-01", end="2020-12-31")
        with self.assertRaisesRegex(UserError, "nobody is accountable"):
            mine.action_transition("put_in_force")
        self._hold(self.intake, self.anna, start="2021-01-01")
        with self.assertRaisesRegex(AccessError, "role"):
            self.intake.with_user(self.officer).action_transition("put_in_force")
        for values in ({"state": "in_force"}, {"version": 7}):
            with self.assertRaises(UserError), self.cr.savepoint():
                mine.write(values)
        mine.action_transition("put_in_force")
        self.assertEqual((mine.state, mine.version), ("in_force", 1))
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine.purpose = "Something else"
        mine.document_ids = False
        mine.action_transition("revise")
        mine.purpose = "To understand the customer"
        mine.action_transition("put_in_force")
        self.assertEqual(mine.version, 2)
        self.assertTrue(mine.sqms_history())

    def test_the_accountable_who_has_left_answers_for_nothing(self):
        self.intake.write({"purpose": "x", "owner_id": self.manager.id})
        self._hold(self.intake, self.anna)
        self.assertEqual(self.intake.accountable_name, "Anna")
        self.anna.active = False
        self.env.invalidate_all()
        self.assertTrue(self.intake.has_no_accountable)
        with self.assertRaisesRegex(UserError, "nobody is accountable"):
            self.intake.with_user(self.manager).action_transition("put_in_force")

    # -- what is missing ----------------------------------------------------------------

    def test_what_is_missing_is_said_and_found(self):
        processes = self.intake | self.repair | self.invoice
        self.assertEqual(
            self.intake.missing,
            "no owner, nobody accountable, no clause, no document, no indicator, and no link to another process",
        )
        standard = self.env["sqms.standard"].create({"name": "House rules", "code": "HR-P", "kind": "enterprise"})
        clause = self.env["sqms.clause"].create({"standard_id": standard.id, "number": "1", "name": "One"})
        document = self.env["sqms.document"].create(
            {"name": "P", "document_type": "procedure", "company_id": self.company.id}
        )
        source = self.env["sqms.indicator"]._selection_source()[0][0]
        indicator = self.env["sqms.indicator"].create(
            {"code": "PX", "name": "X", "source": source, "company_id": self.company.id}
        )
        self.intake.write(
            {
                "owner_id": self.manager.id,
                "clause_ids": [Command.link(clause.id)],
                "document_ids": [Command.link(document.id)],
                "indicator_ids": [Command.link(indicator.id)],
            }
        )
        self._hold(self.intake, self.anna)
        self._link(self.intake, self.repair)
        self.assertFalse(self.intake.missing)
        equipment = self.env["maintenance.equipment"].create({"name": "Hoist", "company_id": self.company.id})
        self.intake.equipment_ids = equipment
        for linked in (document, indicator, equipment):
            self.assertEqual(linked.process_count, 1)
            found = self.env["sqms.process"].search(linked.action_open_processes()["domain"])
            self.assertEqual(found, self.intake)
        self.assertEqual(self.anna.responsibility_count, 1)
        self.assertEqual(self.anna.action_open_responsibilities()["domain"], [("employee_id", "in", self.anna.ids)])
        # The document is not in force: a plain reader may not open it, and still reads nothing of a gap.
        self.assertFalse(self.intake.with_user(self.plain).missing)
        found = self.env["sqms.process"].search([("id", "in", processes.ids), ("has_gap", "=", True)])
        self.assertEqual(found, self.repair | self.invoice)
        found = self.env["sqms.process"].search([("id", "in", processes.ids), ("has_gap", "=", False)])
        self.assertEqual(found, self.intake)
        found = self.env["sqms.process"].search([("id", "in", processes.ids), ("has_no_accountable", "=", True)])
        self.assertEqual(found, self.repair | self.invoice)
        self.manager.active = False
        self.env.invalidate_all()
        self.assertEqual(self.intake.missing, "no owner")

    def test_twice_the_processes_cost_the_same_questions(self):
        def cost(number):
            processes = self.env["sqms.process"].create(
                [{"code": f"Q{number}-{n}", "name": "Q", "company_id": self.company.id} for n in range(number)]
            )
            self.env["sqms.process.flow"].create(
                [
                    {"source_id": one.id, "target_id": two.id, "name": "x"}
                    for one, two in zip(processes, processes[1:], strict=False)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.env["sqms.process"]._map_svg(self.company)
            self.env["sqms.responsibility"]._matrix(processes, "2026-06-01")
            return self.cr.sql_log_count - start

        cost(2)
        few = cost(10)
        self.assertEqual(cost(20), few)

    # -- the map ------------------------------------------------------------------------

    def test_the_map_escapes_and_shows_what_the_reader_may_see(self):
        self.intake.name = '<script>alert("1")</script> & 维修受理\x0b'
        self._link(self.intake, self.repair, "<b>订单</b>")
        foreign = self._create_process("F", "Foreign", company_id=self.other_company.id)
        for user in (self.plain, self.officer, self.certifier):
            drawing = self.env["sqms.process"].with_user(user)._map_svg(self.company)
            root = ElementTree.fromstring(drawing)
            self.assertFalse(list(root.iter("{http://www.w3.org/2000/svg}script")))
            self.assertNotIn("<b>", drawing)
            self.assertNotIn("http", drawing.replace("http://www.w3.org/2000/svg", ""))
            self.assertIn("订单", drawing)
        self.assertNotIn("Foreign", drawing)
        self.assertNotIn("Foreign", self.env["sqms.process"].with_user(self.plain)._map_svg(self.other_company))
        screen = self.env["sqms.process"].with_user(self.plain).map_screen()
        self.assertIn(f'data-process="{self.intake.id}"', screen["maps"][0]["svg"])
        self.assertNotIn(foreign.id, [gap["id"] for gap in screen["maps"][0]["gaps"]])
        with self.assertRaises(AccessError):
            self.env["sqms.process"].with_user(self.portal).map_screen()

    def test_any_order_of_processes_is_laid_out_well(self):
        """No two boxes overlap, every arrow goes forward, bands keep apart, the same again gives the same."""
        dice = random.Random(42)
        for size in (1, 2, 7, 25, 60, 60):
            nodes = [{"id": n, "band": dice.choice(BANDS), "h": dice.choice((46, 80, 110))} for n in range(size)]
            rank = list(range(size))
            dice.shuffle(rank)
            edges = {
                (rank[a], rank[b])
                for a, b in (sorted(dice.sample(range(size), 2)) for _ in range(size * 2 if size > 1 else 0))
            }
            picture = layout(nodes, list(edges))
            shuffled = nodes[:]
            dice.shuffle(shuffled)
            self.assertEqual(picture, layout(shuffled, sorted(edges, reverse=True)))
            boxes = {box["id"]: box for box in picture["nodes"]}
            self.assertEqual(len(boxes), size)
            for one in boxes.values():
                for two in boxes.values():
                    apart = (
                        one["x"] + one["w"] <= two["x"] or two["x"] + two["w"] <= one["x"]
                        or one["y"] + one["h"] <= two["y"] or two["y"] + two["h"] <= one["y"]
                    )  # fmt: skip
                    self.assertTrue(apart or one is two)
                self.assertLessEqual(one["x"] + one["w"], picture["width"])
                band = next(band for band in picture["bands"] if band["band"] == one["band"])
                self.assertLessEqual(band["x"], one["x"])
                self.assertTrue(band["y"] <= one["y"] and one["y"] + one["h"] <= band["y"] + band["h"] + 1)
            for edge in picture["edges"]:
                source, target = boxes[edge["source"]], boxes[edge["target"]]
                self.assertLess(source["x"] + source["w"], target["x"])
            self.assertEqual(len(picture["edges"]), len(edges))
            for above, below in zip(picture["bands"], picture["bands"][1:], strict=False):
                self.assertLessEqual(above["y"] + above["h"], below["y"])

    def test_circles_and_layers_agree_with_trying_every_way(self):
        dice = random.Random(7)
        for _ in range(200):
            size = dice.randint(2, 6)
            pairs = list({tuple(dice.sample(range(size), 2)) for _ in range(dice.randint(1, 8))})

            def longest(node, seen, pairs=pairs):
                """Length of the longest way to a node; -1 where a way comes round to itself."""
                best = 0
                for source, target in pairs:
                    if target == node:
                        if source in seen:
                            return -1
                        before = longest(source, seen | {source})
                        if before < 0:
                            return -1
                        best = max(best, before + 1)
                return best

            ways = {node: longest(node, {node}) for node in range(size)}
            found = circle(pairs)
            self.assertEqual(bool(found), -1 in ways.values())
            if found:
                self.assertTrue(all(pair in pairs for pair in zip(found, found[1:], strict=False)))
                self.assertEqual(found[0], found[-1])
            else:
                self.assertEqual(layers(range(size), pairs), ways)

    # -- responsibilities -----------------------------------------------------------------

    def test_exactly_one_is_accountable_on_every_day(self):
        activity = self.env["sqms.process.activity"].create({"process_id": self.intake.id, "name": "Ask back"})
        self._hold(self.intake, self.anna, start="2026-01-01", end="2026-06-30")
        self._hold(self.intake, self.bo, start="2026-07-01")
        self._hold(self.intake, self.bo, activity_id=activity.id)
        self._hold(self.intake, self.bo, "responsible")
        self._hold(self.repair, self.bo, start="2027-01-01")
        taken = {"process_id": self.intake.id, "role": "accountable", "employee_id": self.bo.id}
        for start, end in (("2026-06-30", "2026-06-30"), ("2025-01-01", False), ("2030-01-01", False)):
            with self.assertRaisesRegex(ValidationError, "exactly one is accountable"), self.cr.savepoint():
                self.env["sqms.responsibility"].with_user(self.officer).create(
                    {**taken, "date_from": start, "date_to": end}
                )
        row = self._hold(self.intake, self.anna, "consulted")
        later = self._hold(self.repair, self.anna, start="2026-01-01", end="2026-12-31")
        for record, values in (
            (row, {"role": "accountable"}),
            (later, {"date_to": "2027-01-01"}),
            (later, {"date_to": False}),
            (later, {"process_id": self.intake.id}),
        ):
            with self.assertRaisesRegex(ValidationError, "exactly one is accountable"), self.cr.savepoint():
                record.with_user(self.officer).write(values)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.intake.with_user(self.officer).write({"responsibility_ids": [Command.create({**taken})]})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.env["sqms.responsibility"].with_context(default_role="accountable").create(
                {"process_id": self.intake.id, "employee_id": self.anna.id, "date_from": "2026-02-01"}
            )
        # Handing over in one go is no overlap.
        held = self.intake.responsibility_ids.filtered(lambda r: r.role == "accountable" and r.employee_id == self.bo)
        held = held.filtered(lambda r: not r.activity_id)
        self.intake.with_user(self.officer).write(
            {
                "responsibility_ids": [
                    Command.update(held.id, {"date_to": "2026-12-31"}),
                    Command.create({**taken, "employee_id": self.anna.id, "date_from": "2027-01-01"}),
                ]
            }
        )

    def test_an_import_of_a_second_accountable_is_refused(self):
        self._hold(self.intake, self.anna)
        rows = [["TP1", "Accountable (A)", "Bo", "2026-05-01"]]
        result = self.env["sqms.responsibility"].load(["process_id", "role", "employee_id", "date_from"], rows)
        self.assertFalse(result["ids"])
        self.assertIn("exactly one is accountable", result["messages"][0]["message"])

    def test_the_database_refuses_the_second_as_well(self):
        self._hold(self.intake, self.anna, end="2026-06-30")
        self.env.flush_all()
        insert = """INSERT INTO sqms_responsibility (process_id, role, employee_id, date_from, date_to, company_id)
                    VALUES (%s, 'accountable', %s, %s, %s, %s)"""
        values = [self.intake.id, self.bo.id, "2026-06-30", None, self.company.id]
        with mute_logger("odoo.sql_db"):
            with self.assertRaises(psycopg2.errors.ExclusionViolation), self.cr.savepoint():
                self.cr.execute(insert, values)
                self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
                self.cr.execute(insert, [self.intake.id, None, "2027-01-01", None, self.company.id])
            with self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
                self.cr.execute(insert, [self.intake.id, self.bo.id, "2027-01-02", "2027-01-01", self.company.id])
        self.cr.execute(insert, [self.intake.id, self.bo.id, "2026-07-01", None, self.company.id])
        self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_person_or_a_job_of_the_same_company(self):
        job = self.env["hr.job"].create({"name": "Desk", "company_id": self.company.id})
        for values in ({"job_id": job.id}, {"employee_id": False}):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint(),
            ):  # fmt: skip
                self._hold(self.intake, self.anna, "informed", **values)
        foreign = self.env["hr.employee"].create({"name": "Eve", "company_id": self.other_company.id})
        with self.assertRaises(UserError), self.cr.savepoint():
            self._hold(self.intake, foreign, "informed")
        other = self.env["sqms.process.activity"].create({"process_id": self.repair.id, "name": "Weld"})
        with self.assertRaises(UserError), self.cr.savepoint():
            self._hold(self.intake, self.anna, activity_id=other.id)
        self._hold(self.repair, self.anna, activity_id=other.id)
        with self.assertRaises(UserError), self.cr.savepoint():
            other.process_id = self.intake
        for user in (self.plain, self.certifier, self.portal):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.env["sqms.responsibility"].with_user(user).create(
                    {"process_id": self.intake.id, "role": "informed", "employee_id": self.anna.id}
                )

    def test_the_matrix_shows_roles_gaps_and_who_is_above(self):
        weld = self.env["sqms.process.activity"].create({"process_id": self.repair.id, "name": "Weld"})
        job = self.env["hr.job"].create({"name": "Welder", "company_id": self.company.id})
        self._hold(self.repair, self.anna, start="2026-01-01", end="2026-06-30")
        self._hold(self.repair, None, "responsible", activity_id=weld.id, job_id=job.id)
        rows = self.env["sqms.responsibility"].with_user(self.plain)._matrix(self.repair, "2026-06-30")
        self.assertEqual([(row["activity"], row["gap"]) for row in rows], [("", ""), ("Weld", "")])
        self.assertEqual(rows[0]["accountable"], [{"name": "Anna", "kind": "employee"}])
        self.assertEqual(rows[1]["accountable"], [{"name": "Anna", "kind": "employee", "inherited": True}])
        self.assertEqual(rows[1]["responsible"], [{"name": "Welder", "kind": "job"}])
        rows = self.env["sqms.responsibility"]._matrix(self.repair, "2026-07-01")
        self.assertEqual([row["gap"] for row in rows], ["nobody accountable"] * 2)
        with freeze_time("2026-06-30 15:59:59"):  # one second to midnight in Shanghai
            self.env.invalidate_all()
            self.assertFalse(self.repair.has_no_accountable)
            self.assertNotIn(self.repair, self.env["sqms.process"].search([("has_no_accountable", "=", True)]))
        with freeze_time("2026-06-30 16:00:00"):
            self.env.invalidate_all()
            self.assertTrue(self.repair.has_no_accountable)
            self.assertIn(self.repair, self.env["sqms.process"].search([("has_no_accountable", "=", True)]))
            screen = self.env["sqms.responsibility"].with_user(self.plain).matrix_screen(self.repair.ids)
            self.assertEqual((screen["on"], len(screen["rows"])), ("2026-07-01", 2))
