import random

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..lib.workflow_pass import workflow_fields
from .nonconformity_common import NonconformityCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestNonconformityPeople(NonconformityCase):
    """Who has to do with a nonconformity reads it: reported, owned, escalated to him, an action in it; nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["res.users"].concat(
            cls.plain, cls.doer, *(cls._create_user(f"involved{n}", "base.group_user") for n in range(3))
        )

    def _may_read(self, user, nc):
        """The rule as it reads in words, person by person and record by record."""
        actions = self.env["sqms.action"].sudo().search([("nonconformity_id", "=", nc.id)])
        return any(
            user == somebody
            for somebody in (nc.author_id, nc.owner_id, nc.escalated_to_id, *(action.owner_id for action in actions))
        )

    def _assert_like_twin(self, ncs):
        """By search, by the check of a record, of its sources and causes; nothing is flushed before."""
        self.cr.execute(
            "SELECT nonconformity_id, user_id FROM sqms_nonconformity_involved_rel WHERE nonconformity_id IN %s",
            [tuple(ncs.ids)],
        )
        stored = {pair for pair in self.cr.fetchall() if pair[1] in self.people._ids}
        self.assertEqual(stored, {(nc.id, user.id) for nc in ncs for user in self.people if self._may_read(user, nc)})
        every = self.env["sqms.nonconformity"].sudo().browse(ncs.ids)
        source = self.env["sqms.nonconformity.source"]
        for user in self.people:
            found = self.env["sqms.nonconformity"].with_user(user).search([("id", "in", ncs.ids)])
            sources = source.with_user(user).search([("nonconformity_id", "in", ncs.ids)])
            causes = self.env["sqms.cause"].with_user(user).search([("nonconformity_id", "in", ncs.ids)])
            expected = every.filtered(lambda nc, user=user: self._may_read(user, nc))
            self.assertEqual(found.sudo().sorted("id"), expected.sorted("id"), user.login)
            self.assertEqual(every.with_user(user)._filtered_access("read"), found.sorted("id"), user.login)
            self.assertEqual(sources.sudo().nonconformity_id.sorted("id"), expected.sorted("id"), user.login)
            self.assertEqual(causes.sudo().nonconformity_id.sorted("id"), expected.sorted("id"), user.login)

    def test_like_a_brute_force_twin_after_random_changes(self):
        dice = random.Random(51)
        ncs = self.env["sqms.nonconformity"]
        for number in range(8):
            ncs |= self._create_nc(f"N{number}", user=dice.choice(self.people), owner_id=dice.choice(self.people).id)
        ncs = ncs.sudo().sorted("id")
        partner = self.company.partner_id
        self.env["sqms.nonconformity.source"].create(
            [{"nonconformity_id": nc.id, "res_model": partner._name, "res_id": partner.id} for nc in ncs]
        )
        self.env["sqms.cause"].create([{"nonconformity_id": nc.id, "name": "why"} for nc in ncs])
        self._assert_like_twin(ncs)
        actions = self.env["sqms.action"].sudo()
        for _round in range(24):
            nc, somebody = dice.choice(ncs), dice.choice([*self.people, self.officer])
            change = dice.randrange(6)
            if change == 0:
                nc.owner_id = dice.choice([somebody, self.env["res.users"]])
            elif change == 1:
                with workflow_fields(nc, "escalated_to_id"):
                    nc.escalated_to_id = dice.choice([somebody, self.env["res.users"]])
            elif change == 2:
                actions |= self._create_action(nonconformity_id=nc.id, owner_id=somebody.id).sudo()
            elif change == 3 and actions:
                # Whoever has read a part of them before does not make the rest disappear.
                for user in self.people:
                    nc.with_user(user)._filtered_access("read").action_ids.mapped("owner_id")
                dice.choice(actions).owner_id = somebody
            elif change == 4 and actions:
                gone = dice.choice(actions)
                actions -= gone
                gone.unlink()
            elif actions:
                actions.owner_id = somebody
            self._assert_like_twin(ncs)

    def test_nobody_writes_or_reads_who_is_involved(self):
        nc = self._create_nc()
        involve = {"involved_ids": [Command.link(self.doer.id)]}
        for user in (self.plain, self.officer, self.manager, self.env.ref("base.user_admin")):
            for attack in (
                lambda nc=nc.with_user(user): nc.write(involve),
                lambda nc=nc.with_user(user): nc.create({"name": "x", **involve}),
                lambda nc=nc.with_user(user): nc.read(["involved_ids"]),
                lambda nc=nc.with_user(user): nc.search([("involved_ids", "in", self.doer.ids)]),
                lambda nc=nc.with_user(user): nc.load(["name", "involved_ids/.id"], [["x", str(self.doer.id)]]),
            ):
                self._assert_nobody_new(nc, attack)
        self._assert_nobody_new(nc, lambda: nc.sudo().write(involve))
        forged = self.env["sqms.nonconformity"].with_user(self.plain).with_context(default_involved_ids=self.doer.ids)
        self._assert_nobody_new(nc, lambda: forged.create({"name": "x"}))
        copied = nc.sudo().copy()
        self.assertEqual(copied.involved_ids, copied.author_id | copied.owner_id)

    def _assert_nobody_new(self, nc, attack):
        before = self.env["sqms.nonconformity"].sudo().search([])
        refused = False
        try:
            with self.cr.savepoint():
                result = attack()
                # An import says what it refuses in words.
                refused = isinstance(result, dict) and not result.get("ids") and bool(result.get("messages"))
        except (AccessError, UserError):
            refused = True
        self.assertTrue(refused)
        self.env.invalidate_all()
        self.assertFalse(nc.with_user(self.doer).has_access("read"))
        self.assertEqual(self.env["sqms.nonconformity"].sudo().search([]), before)

    def test_not_who_verifies_or_owned_it_once(self):
        nc = self._create_nc(owner_id=self.people[2].id)
        nc.sudo().owner_id = self.officer
        self._create_action(nonconformity_id=nc.id, owner_id=self.people[3].id, verifier_id=self.people[4].id)
        may = {user.login: nc.with_user(user).has_access("read") for user in self.people}
        self.assertEqual(list(may.values()), [True, False, False, True, False])
        self.assertNotIn(nc, self.env["sqms.nonconformity"].with_user(self.people[4]).search([]).sudo())

    def test_many_change_with_the_queries_of_few(self):
        def count(number):
            ncs = self.env["sqms.nonconformity"].create(
                [{"name": f"N{index}", "company_id": self.company.id} for index in range(number)]
            )
            for nc in ncs:
                self._create_action(nonconformity_id=nc.id)
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.add_to_compute(ncs._fields["involved_ids"], ncs)
            self.env.cr.execute(
                "DELETE FROM sqms_nonconformity_involved_rel WHERE nonconformity_id IN %s", [tuple(ncs.ids)]
            )
            start = self.cr.sql_log_count
            ncs._recompute_recordset(["involved_ids"])
            return self.cr.sql_log_count - start

        count(2)
        self.assertEqual(count(4), count(16))
