import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..lib.workflow_pass import workflow_import
from .goal_common import GoalCase


class CauseCase(GoalCase):
    """A nonconformity with a tree of two branches, and a kind of cause."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["sqms.cause.type"].create({"name": "No rule", "category": "method"})
        cls.other_kind = cls.env["sqms.cause.type"].create({"name": "Rusty", "category": "machine"})
        cls.nonconformity = cls._create_nonconformity()

    @classmethod
    def _create_nonconformity(cls, name="Charged twice", user=None, **values):
        return cls._as("sqms.nonconformity", user).create({"name": name, "process_id": cls.process.id, **values})

    @classmethod
    def _create_cause(cls, name="Rust", parent=None, user=None, nonconformity=None, **values):
        return cls._as("sqms.cause", user).create(
            {
                "name": name,
                "nonconformity_id": (nonconformity or cls.nonconformity).id,
                "parent_id": parent.id if parent else False,
                **values,
            }
        )

    @classmethod
    def _create_root(cls, nonconformity=None, kind=None, **values):
        return cls._create_cause(
            "No rule asks for it",
            nonconformity=nonconformity,
            verdict="root",
            evidence="Read the procedure",
            type_id=(cls.kind if kind is None else kind).id,
            **values,
        )

    @classmethod
    def _create_chain(cls, length=5, **values):
        chain = []
        for number in range(length):
            chain.append(cls._create_cause(f"because {number + 1}", chain[-1] if chain else None, **values))
        return chain


@tagged("post_install", "-at_install")
class TestCause(CauseCase):
    def test_whys_are_counted_down_the_branch(self):
        chain = self._create_chain()
        self.assertEqual([cause.level for cause in chain], [1, 2, 3, 4, 5])
        self.assertEqual(chain[4].display_name, "Why 5: because 5")
        chain[2].parent_id = chain[0]
        self.assertEqual([cause.level for cause in chain], [1, 2, 2, 3, 4])

    def test_no_circle_and_no_branch_into_another_nonconformity(self):
        chain = self._create_chain(3)
        self._refused(ValidationError, "cause of itself", lambda: chain[0].write({"parent_id": chain[2].id}))
        self._refused(ValidationError, "cause of itself", lambda: chain[0].write({"parent_id": chain[0].id}))
        elsewhere = self._create_nonconformity("Late")
        self._refused(
            ValidationError, "two nonconformities", lambda: self._create_cause("x", chain[0], nonconformity=elsewhere)
        )
        stranger = self._create_cause("y", nonconformity=elsewhere)
        self._refused(ValidationError, "two nonconformities", lambda: stranger.write({"parent_id": chain[0].id}))
        self._refused(UserError, "stays with", lambda: stranger.write({"nonconformity_id": self.nonconformity.id}))
        self._refused(UserError, "stays with", lambda: stranger.sudo().write({"nonconformity_id": False}))
        loaded = self._as("sqms.cause").load(
            [".id", "nonconformity_id/.id"], [[str(stranger.id), str(self.nonconformity.id)]]
        )
        self.assertIn("stays with", str(loaded["messages"]))

    def test_a_why_without_words_is_none(self):
        for name in (" ", "\n", "<p><br></p>", "&nbsp;", "\u200b", "…"):
            self._refused(ValidationError, "in words", lambda name=name: self._create_cause(name))
        cause = self._create_cause("停电")
        self._refused(ValidationError, "in words", lambda: cause.write({"name": "<b></b>"}))

    def test_a_root_cause_ends_its_branch(self):
        one, two, three = self._create_chain(3)
        self._refused(ValidationError, "asks further below", lambda: two.write({"verdict": "root"}))
        three.verdict = "root"
        self._refused(ValidationError, "below another root", lambda: (one | two).write({"verdict": "root"}))
        self._refused(ValidationError, "asks further below", lambda: self._create_cause("and?", three))
        self._refused(
            ValidationError,
            "a why above it is ruled out",
            lambda: one.write({"verdict": "ruled_out", "ruled_out_reason": "Tried"}),
        )
        # What was thought of below a root cause and ruled out does not ask further.
        self._create_cause("moon", three, verdict="ruled_out", ruled_out_reason="Looked")
        self._refused(ValidationError, "asks further", lambda: three.child_ids.write({"verdict": "open"}))

    def test_what_is_ruled_out_says_why(self):
        cause = self._create_cause("One careless cashier")
        self._refused(ValidationError, "why .* ruled out", lambda: cause.write({"verdict": "ruled_out"}))
        self._refused(
            ValidationError, "why .* ruled out", lambda: self._create_cause(verdict="ruled_out", ruled_out_reason=" ")
        )
        cause.write({"verdict": "ruled_out", "ruled_out_reason": "Three were involved"})
        self._refused(ValidationError, "why .* ruled out", lambda: cause.write({"ruled_out_reason": False}))

    def test_what_the_analysis_still_lacks(self):
        def reason():
            self.env.invalidate_all()
            return self.nonconformity._cause_refusals().get(self.nonconformity.id, "")

        self.assertIn("nobody has asked why", reason())
        # What says nothing does not count, whatever way it came.
        empty = self._create_cause("x", verdict="root", evidence="y", type_id=self.kind.id)
        self.env.flush_all()
        for name in ("  ", "<p>&nbsp;</p>", "\u3000"):
            self.env.cr.execute("UPDATE sqms_cause SET name = %s WHERE id = %s", [name, empty.id])
            self.assertIn("nobody has asked why", reason())
        cause = self._create_cause("Rust")
        self.assertIn("marked as the root", reason())
        cause.verdict = "root"
        self.assertIn("how we know", reason())
        cause.evidence = "<p><br></p>"
        self.assertIn("how we know", reason())
        cause.evidence = "Photo"
        self.assertIn("kind of the root cause", reason())
        cause.type_id = self.kind
        self.assertEqual(reason(), "")
        second = self._create_root()
        second.type_id = False
        self.assertIn("kind of the root cause", reason())
        (cause | second).write({"verdict": "open"})
        self.assertIn("marked as the root", reason())

    def test_whys_without_words_hold_closure(self):
        def held():
            self.env.invalidate_all()
            return [gate["label"] for gate in self.nonconformity._closing_gates() if gate["open"]]

        self.assertIn("root cause", held())
        root = self._create_root()
        self.assertNotIn("root cause", held())
        for column in ("name", "evidence"):
            self.env.flush_all()
            with self.cr.savepoint() as savepoint:
                self.env.cr.execute(f"UPDATE sqms_cause SET {column} = '<p>&nbsp;</p>' WHERE id = %s", [root.id])
                self.assertIn("root cause", held())
                savepoint.rollback()
        self.env.invalidate_all()
        root.unlink()
        self.assertIn("root cause", held())

    def test_many_are_judged_at_once(self):
        records = self.nonconformity
        for number in range(5):
            records |= self._create_nonconformity(str(number))
        for record in records[1:]:
            self._create_root(record)
        counts = []
        for some in (records[:3], records):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("name")
            before = self.cr.sql_log_count
            self.assertEqual(set(some._cause_refusals()), {records[0].id})
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_a_tree_is_drawn_before_it_is_saved(self):
        record = self._create_nonconformity(
            "Unsaved",
            cause_ids=[
                Command.create({"name": "two", "node_key": "b", "parent_key": "a"}),
                Command.create({"name": "one", "node_key": "a"}),
                Command.create({"name": "three", "node_key": "c", "parent_key": "b", "verdict": "root"}),
                Command.create({"name": "apart", "node_key": "d", "parent_key": "from elsewhere"}),
            ],
        )
        found = {cause.name: (cause.level, cause.parent_id.name) for cause in record.cause_ids}
        self.assertEqual(found, {"one": (1, False), "two": (2, "one"), "three": (3, "two"), "apart": (1, False)})
        record.write(
            {
                "cause_ids": [
                    Command.create({"name": "four", "node_key": "e", "parent_id": record.cause_ids[1].id}),
                    Command.create({"name": "five", "node_key": "f", "parent_key": "e"}),
                ]
            }
        )
        self.assertEqual(record.cause_ids.filtered(lambda cause: cause.name == "five").level, 3)
        # A whole tree goes at once.
        record.write({"cause_ids": [Command.delete(id_) for id_ in record.cause_ids.ids]})
        self.assertFalse(record.cause_ids)

    def test_a_cause_belongs_to_its_cycle(self):
        cause = self._create_cause(cycle=7)
        self.assertEqual(cause.cycle, 1)
        self.assertEqual(self._as("sqms.cause").with_context(default_cycle=9).create(
            {"name": "x", "nonconformity_id": self.nonconformity.id}).cycle, 1)  # fmt: skip
        self._refused(UserError, "cycle of a cause", lambda: cause.write({"cycle": 2}))
        self.env.flush_all()
        self.env.cr.execute("UPDATE sqms_nonconformity SET cycle = 2 WHERE id = %s", [self.nonconformity.id])
        self.env.invalidate_all()
        self.assertEqual(self._create_cause("new").cycle, 2)
        self.assertEqual(cause.cycle, 1)
        self._refused(UserError, "earlier cycle", cause.unlink)
        cause.write({"verdict": "ruled_out", "ruled_out_reason": "It came back although it was mended"})

    def test_a_cause_with_whys_below_is_not_deleted_alone(self):
        one, two = self._create_chain(2)
        with self.assertRaises(psycopg2.Error), mute_logger("odoo.sql_db"), self.cr.savepoint():
            one.unlink()
        (one | two).unlink()
        self.assertFalse((one | two).exists())

    def test_it_tells_the_ledger(self):
        cause = self._create_cause()
        self.env.flush_all()
        cause._ledger_close()
        cause.write({"verdict": "root", "evidence": "Photo"})
        entry = cause.sqms_history()[:1]
        self.assertEqual(entry.event, "write")
        self.assertIn("verdict", str(entry.read()))

    def test_form(self):
        form = Form(self._as("sqms.cause").with_context(default_nonconformity_id=self.nonconformity.id))
        form.name = "Rust"
        form.category = "machine"
        form.type_id = self.other_kind
        cause = form.save()
        self.assertEqual((cause.category, cause.level, cause.company_id), ("machine", 1, self.company))

    def test_closed_with_its_nonconformity(self):
        cause = self._create_cause()
        self.env.flush_all()
        with workflow_import(self.nonconformity.sudo(), "Taken over"):
            self.nonconformity.sudo().write({"state": "closed"})
        for user in (self.officer, self.manager):
            self._refused(AccessError, "no longer", lambda user=user: cause.with_user(user).write({"name": "x"}))
            self._refused(AccessError, "no longer", cause.with_user(user).unlink)
            self._refused(AccessError, "no longer", lambda user=user: self._create_cause("y", user=user))
            self._refused(AccessError, "no longer", lambda user=user: self.nonconformity.with_user(user).write(
                {"cause_ids": [Command.create({"name": "z"})]}))  # fmt: skip
        self._refused(AccessError, "no longer", lambda: self._as("sqms.cause").with_context(
            default_nonconformity_id=self.nonconformity.id).create({"name": "by a default"}))  # fmt: skip

    # -- kinds --------------------------------------------------------------------

    def test_kinds_come_with_the_house_and_a_company_adds_its_own(self):
        common = self.env["sqms.cause.type"].search([("company_id", "=", False)])
        self.assertGreaterEqual(len(common), 25)
        self.assertEqual(len(set(common.mapped("category"))), 7)
        own = self._as("sqms.cause.type").create(
            {"name": "Lift out of order", "category": "environment", "company_id": self.company.id}
        )
        self._refused(AccessError, "", lambda: self._as("sqms.cause.type").create({"name": "x"}))
        self._refused(AccessError, "", lambda: common[:1].with_user(self.officer).write({"name": "x"}))
        self._refused(AccessError, "", lambda: own.with_user(self.officer).write({"company_id": False}))
        self._as("sqms.cause.type", self.manager).browse(own.id).action_archive()
        self.assertFalse(self._as("sqms.cause.type").search([("id", "=", own.id)]))
        self.assertFalse(self._as("sqms.cause.type", self.stranger).with_context(active_test=False).search(
            [("id", "=", own.id)]))  # fmt: skip
        for user in (self.plain, self.top, self.certifier):
            self.assertIn(common[:1], self._as("sqms.cause.type", user).search([]))
            self._refused(AccessError, "", lambda user=user: common[:1].with_user(user).write({"name": "x"}))

    def test_a_kind_of_another_company_is_refused(self):
        foreign = self.env["sqms.cause.type"].create(
            {"name": "Theirs", "category": "people", "company_id": self.other_company.id}
        )
        self._refused(UserError, "", lambda: self._create_root(kind=foreign))

    # -- people -------------------------------------------------------------------

    def test_officers_write_all_and_readers_read_all(self):
        cause = self._create_cause()
        cause.with_user(self.officer).write({"name": "Dust"})
        for user in (self.top, self.certifier):
            self.assertEqual(cause.with_user(user).name, "Dust")
            self._refused(AccessError, "", lambda user=user: cause.with_user(user).write({"name": "x"}))
            self._refused(AccessError, "", cause.with_user(user).unlink)
            self._refused(AccessError, "", lambda user=user: self._create_cause(user=user))
        for user in (self.plain, self.portal, self.public, self.stranger):
            self._refused(AccessError, "", lambda user=user: cause.with_user(user).read(["name"]))
            self._refused(AccessError, "", lambda user=user: cause.with_user(user).write({"name": "x"}))
            self._refused(AccessError, "", lambda user=user: self._create_cause(user=user))

    def test_who_answers_for_it_analyses_it(self):
        record = self._create_nonconformity("Mine", owner_id=self.plain.id)
        cause = self._create_cause(user=self.plain, nonconformity=record)
        cause.write({"verdict": "root", "evidence": "Photo", "type_id": self.kind.id})
        self.assertFalse(record._cause_refusals())
        cause.unlink()
        record.owner_id = self.officer
        self._refused(AccessError, "", lambda: self._create_cause(user=self.plain, nonconformity=record))

    # -- trace --------------------------------------------------------------------

    def test_only_the_root_cause_is_part_of_the_story(self):
        one, two = self._create_chain(2)
        two.write({"verdict": "root", "evidence": "Photo", "type_id": self.kind.id})
        graph = two.trace()
        cards = {node["title"]: node for node in graph["nodes"] if node["model"] == "sqms.cause"}
        self.assertEqual(list(cards), ["because 2"])
        self.assertEqual(cards["because 2"]["number"], "5-why, level 2")
        self.assertEqual(cards["because 2"]["badge"]["text"], "Proposed")

    # -- drawing ------------------------------------------------------------------

    def test_the_fishbone_takes_nothing_but_causes(self):
        draw = self._as("sqms.cause", self.plain).draw_fishbone
        hostile = "</text><script>x</script>"
        svg = draw([{"name": hostile, "category": "people", "verdict": "root"}], hostile)
        self.assertNotIn("<script>", svg)
        self.assertIn("Root cause", svg)
        for nodes in ("x", [1], [{"name": "x", "category": "y", "verdict": "open"}], [{}], [{}] * 3000):
            self._refused(UserError, "cannot be drawn", lambda nodes=nodes: draw(nodes, "x"))
