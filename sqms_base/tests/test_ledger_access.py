import hashlib
import json
from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from ..lib.hash_chain import SALTED
from .ledger_common import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerAccess(LedgerCase):
    """Who may not read a record, or a field of it, reads nothing of it in the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"name": "Case", "company_id": cls.company.id, "customer": "Wang Li", "secret": "Sesame"}
        cls.case = cls.cases.with_user(cls.clerk).sudo().create(values).sudo(False)
        cls.env.cr.flush()
        cls.case.with_user(cls.env.ref("base.user_admin")).sudo().secret = "Sesame, open"
        cls.env.cr.flush()
        cls.theirs = cls._create_case(cls.env.user, name="Theirs", company_id=cls.other_company.id)
        cls.portal = new_test_user(cls.env, "sqms_ledger_portal", "base.group_portal")
        cls.public = cls.env.ref("base.public_user")

    def _all(self, user, **context):
        return self.entries.with_user(user).with_context(**context)

    def test_reader_of_the_record_reads_its_entries(self):
        for user in (self.clerk, self.manager, self.certifier):
            entries = self.case.with_user(user).sqms_history()
            # The second one tells of nothing but a field that is closed to him.
            self.assertEqual(entries.mapped("event"), ["create"], user.login)
            self.assertEqual(entries.mapped("person"), [self.clerk.name])
        self.assertEqual(
            self.case.with_user(self.env.ref("base.user_admin")).sudo().sqms_history().mapped("event"),
            ["write", "create"],
        )

    def test_closed_field_is_not_told(self):
        [row] = self.case.with_user(self.manager).sqms_history_rows()["rows"]
        told = {change["name"]: change["new"] for change in row["changes"]}
        self.assertEqual((told["name"], told["customer"], told["state"]), ("Case", "Wang Li", "Draft"))
        self.assertNotIn("secret", told)
        self.assertNotIn("Sesame", json.dumps(row))
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        rows = self.case.with_user(admin).with_context(allowed_company_ids=self.company.ids).sqms_history_rows()["rows"]
        self.assertEqual(rows[0]["changes"][0]["new"], "Sesame, open")

    def test_signed_text_is_closed_to_everybody(self):
        admin = self.env.ref("base.user_admin")
        entry = self._history(self.case)[0][0]
        (self.clerk | self.manager | admin).group_ids |= self.env.ref("base.group_allow_export")
        admin.company_ids |= self.company
        for user in (self.clerk, self.manager, admin):
            own = entry.with_user(user)
            for name in ("text", "names", "state"):
                self.assertNotIn(name, own.fields_get())
                for attempt in (
                    lambda own=own, name=name: own.read([name]),
                    lambda own=own, name=name: own.search([(name, "ilike", "Sesame")]),
                    lambda own=own, name=name: own.search([], order=name),
                    lambda own=own, name=name: own.formatted_read_group([], [name], ["__count"]),
                    lambda own=own, name=name: own.export_data([name]),
                    lambda own=own, name=name: own.search_read([], [name]),
                    lambda own=own, name=name: own.web_search_read([], {name: {}}),
                ):
                    with self.assertRaisesRegex(AccessError, "enough rights to access the field"):
                        attempt()

    def test_value_of_a_closed_field_cannot_be_found_by_trying(self):
        """Who knows the rest of the text and its hash still lacks the salt."""
        for entry, said in self._history(self.case):
            self.assertNotIn("Sesame", entry.text)
            self.assertEqual(list(said["new"]["secret"]), [SALTED])
        empty = self._history(self._create_case())[0][1]
        self.assertEqual(list(empty["new"]["secret"]), [SALTED])
        self.assertIsNone(empty["new"]["customer"])
        self.assertEqual([row for row in self.entries._check_ledger() if row[0] == "sqms.fake.case"], [])

    def test_values_aside_are_closed_to_everybody(self):
        values = self.env["sqms.ledger.value"]
        for user in (self.clerk, self.manager, self.env.ref("base.user_admin")):
            for attempt in (
                lambda own: own.search([]),
                lambda own: own.search_read([], ["value"]),
                lambda own: own.browse(values.search([], limit=1).id).read(["value"]),
                lambda own: own.formatted_read_group([], ["value"], ["__count"]),
            ):
                with self.assertRaises(AccessError):
                    attempt(values.with_user(user))

    def test_other_company_sees_nothing(self):
        (self.stranger | self.manager).group_ids |= self.env.ref("base.group_allow_export")
        hostile = {"allowed_company_ids": (self.company | self.other_company).ids}
        for user, hidden in ((self.stranger, self.case), (self.manager, self.theirs)):
            for context in ({}, {"active_test": False, "skip_res_field_check": True, "bypass_access": True}, hostile):
                own = self._all(user, **context)
                with suppress(AccessError):  # the context with a company that is not his
                    found = own.search([("res_model", "=", hidden._name), ("res_id", "=", hidden.id)])
                    self.assertFalse(found, (user.login, context))
                    groups = own.formatted_read_group(
                        [("res_model", "=", hidden._name)], ["res_id"], ["__count", "id:max"]
                    )
                    self.assertNotIn(hidden.id, [group["res_id"] for group in groups])
                    self.assertFalse(own.search_count([("res_id", "=", hidden.id), ("res_model", "=", hidden._name)]))
            entry = self._history(hidden)[0][0]
            for attempt in (
                lambda entry: entry.read(["event"]),
                lambda entry: entry.web_read({"changes": {}}),
                lambda entry: entry.export_data(["hash"]),
                lambda entry: entry.changes,
                lambda entry: entry.hash,
                lambda entry: entry.action_open_record(),
            ):
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    attempt(entry.with_user(user))
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                hidden.with_user(user).sqms_history()
            with self.assertRaises(AccessError):
                hidden.with_user(user).sqms_history_rows()

    def test_refusal_in_debug_mode(self):
        # Odoo's own answer is yes only while a browser is in debug mode.
        self.patch(self.env.registry["res.users"], "has_group", lambda user, group: True)
        entry = self._history(self.theirs)[0][0]
        with self.assertRaisesRegex(AccessError, "Ledger: own companies"):
            entry.with_user(self.manager).read(["event"])

    def test_record_that_moved_to_another_company(self):
        self.case.sudo().company_id = self.other_company
        self.cr.flush()
        entries = self.case.with_user(self.stranger).sqms_history()
        self.assertEqual(entries.mapped("seq"), [3], "what was before stays with the first company")

    def test_what_no_rule_lets_pass(self):
        self.env["ir.rule"].create(
            {
                "name": "Own",
                "model_id": self.env["ir.model"]._get_id("sqms.fake.case"),
                "domain_force": "[('user_id', '=', user.id)]",
            }
        )
        for user in (self.clerk, self.manager):
            self.assertFalse(self._all(user).search([("res_model", "=", "sqms.fake.case")]))
        self.case.sudo().user_id = self.clerk
        self.assertTrue(self._all(self.clerk).search([("res_model", "=", "sqms.fake.case")]))
        self.assertFalse(self._all(self.manager).search([("res_model", "=", "sqms.fake.case")]))

    def test_portal_and_public(self):
        for user in (self.portal, self.public):
            with self.assertRaises(AccessError):
                self._all(user).search([])
            with self.assertRaises(AccessError):
                self.case.with_user(user).sqms_history()

    def test_deleted_record(self):
        gone = self._create_case(name="Gone")
        gone_id = gone.id
        gone.unlink()
        self.cr.flush()
        domain = [("res_model", "=", "sqms.fake.case"), ("res_id", "=", gone_id)]
        for user in (self.manager, self.certifier):
            found = self._all(user).search(domain)
            self.assertEqual(found.mapped("event"), ["delete", "create"])
            self.assertIn("deleted", found[0].record_name)
            with self.assertRaises(UserError):
                found[0].action_open_record()
        for user in (self.clerk, self.stranger):
            self.assertFalse(self._all(user).search(domain))

    def test_rpc_reaches_nothing_private(self):
        for model, method, args in (
            ("sqms.ledger.entry", "_append", [[]]),
            ("sqms.ledger.entry", "_insert", [[]]),
            ("sqms.ledger.entry", "_export", [[]]),
            ("sqms.ledger.value", "_erase", [[]]),
            ("sqms.ledger.anchor", "_anchor", [[]]),
            ("sqms.fake.case", "_ledger_log", [self.case.ids, "approved"]),
            ("sqms.fake.case", "_ledger_append", [self.case.ids, "approved"]),
        ):
            with self.assertRaises(AccessError):
                call_kw(self.env(user=self.manager.id)[model], method, args, {})

    def test_search_by_person_record_field_and_time(self):
        self.case.with_user(self.second_clerk).amount = 8
        self.cr.flush()
        own = self._all(self.manager)
        mine = [("res_id", "=", self.case.id), ("res_model", "=", self.case._name)]
        for domain, positions in (
            ([("person", "ilike", "sqms_ledger_clerk2")], [3]),
            ([("summary", "ilike", "amount")], [3, 1]),
            ([("summary", "ilike", "Customer")], [1]),
            ([("summary", "ilike", "secret")], []),
            ([("record_name", "ilike", "Case")], [3, 1]),
            ([("record_name", "ilike", "Theirs")], []),
            ([("model_label", "ilike", "Fake Case")], [3, 1]),
            ([("date", ">=", "today -1d")], [3, 1]),
            ([("date", ">=", "today +2d")], []),
        ):
            self.assertEqual(own.search([*mine, *domain]).mapped("seq"), positions, domain)

    def test_names_of_other_records_are_told_to_who_may_read_them(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        self.case.with_user(self.clerk).write({"tag_ids": [Command.link(tag.id)], "user_id": self.clerk.id})
        row = self.case.with_user(self.clerk).sqms_history_rows(limit=1)["rows"][0]
        told = {change["name"]: (change["old"], change["new"]) for change in row["changes"]}
        self.assertEqual(told["tag_ids"], ("", "VIP"))
        self.assertEqual(told["user_id"], ("", self.clerk.name))
        self.env["ir.model.access"].search([("model_id.model", "=", "res.partner.category")]).perm_read = False
        self.env.invalidate_all()
        row = self.case.with_user(self.clerk).sqms_history_rows(limit=1)["rows"][0]
        told = {change["name"]: change["new"] for change in row["changes"]}
        self.assertEqual(told["tag_ids"], f"number {tag.id}")

    def test_pages_of_the_history(self):
        for amount in range(1, 8):
            self.case.amount = amount
            self.cr.flush()
        page = self.case.with_user(self.clerk).sqms_history_rows(limit=5)
        self.assertEqual([row["position"] for row in page["rows"]], [9, 8, 7, 6, 5])
        self.assertTrue(page["more"])
        page = self.case.with_user(self.clerk).sqms_history_rows(before=5, limit=5)
        self.assertEqual([row["position"] for row in page["rows"]], [4, 3, 1])
        self.assertFalse(page["more"])
        self.assertFalse(page["anchored"])
        self.env["sqms.ledger.anchor"]._anchor()
        self.assertEqual(self.case.with_user(self.clerk).sqms_history_rows()["anchored"]["position"], 9)

    def test_long_history_same_number_of_queries(self):
        counts = []
        for length in (10, 20, 40):
            case = self._create_case()
            for amount in range(1, length):
                case.with_user(self.clerk).amount = amount
                self.cr.flush()
            case.with_user(self.clerk).sqms_history_rows(limit=100)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            case.with_user(self.clerk).sqms_history_rows(limit=100)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)


@tagged("post_install", "-at_install")
class TestLedgerErasure(LedgerCase):
    NAME = "Zhuge Xiaoming-Unusual"

    def _stands_somewhere(self, words):
        """Every text of every table, as somebody with the database in his hands would look."""
        self.env.flush_all()
        self.cr.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = []
        for (table,) in self.cr.fetchall():
            self.cr.execute(f'SELECT count(*) FROM "{table}" row WHERE row::text ILIKE %s', [f"%{words}%"])
            if self.cr.fetchone()[0]:
                found.append(table)
        return found

    def _assert_chains_valid(self):
        self.assertEqual(self.entries._check_links(), [])

    def test_values_are_nowhere_and_the_chain_is_valid(self):
        cases = self.cases.with_context(tracking_disable=True)
        case = cases.create({"name": "Complaint", "customer": self.NAME})
        other = cases.create({"name": "Other", "customer": "Ouyang Other-Unusual"})
        self.cr.flush()
        case._ledger_log("override", reason=f"{self.NAME} asked for it")
        case.customer = f"Mr {self.NAME}"
        self.cr.flush()
        aside = [("res_id", "=", case.id), ("name", "in", ("customer", "reason"))]
        salts = self.env["sqms.ledger.value"].search(aside).mapped("salt")
        self.assertEqual(set(self._stands_somewhere(self.NAME)), {"sqms_fake_case", "sqms_ledger_value"})
        digests = [said["new"]["customer"][SALTED] for _entry, said in self._history(case) if "new" in said]
        self.assertEqual(len(set(digests)), 2)

        case.customer = "Erased person"
        count = self.env["sqms.ledger.value"]._erase(case, reason="Asked by the person")
        self.assertGreaterEqual(count, 4)
        self.assertEqual(self._stands_somewhere(self.NAME), [])
        for salt in filter(None, salts):
            self.assertEqual(self._stands_somewhere(salt), [])
        self._assert_chains_valid()
        entry, said = self._history(case)[-1]
        self.assertEqual((entry.event, sorted(said["erased"])), ("erased", ["customer", "reason"]))
        self.assertEqual(said["because"], "Asked by the person")
        told = case.sqms_history_rows()["rows"][0]["changes"]
        self.assertEqual([change["new"] for change in told], ["Asked by the person", "Customer, reason"])
        told = case.sqms_history_rows()["rows"][-1]["changes"]
        self.assertIn({"name": "customer", "label": "Customer", "old": "", "new": "erased"}, told)
        self.assertEqual(
            sorted(self._stands_somewhere("Ouyang Other-Unusual")), ["sqms_fake_case", "sqms_ledger_value"]
        )
        self.assertEqual(other.sqms_history()[0].event, "create")

    def test_by_value_wherever_it_stands(self):
        cases = self.cases.with_context(tracking_disable=True)
        both = cases.create([{"name": "A", "customer": self.NAME}, {"name": "B", "customer": f"Dr {self.NAME}, 2"}])
        self.cr.flush()
        both.write({"customer": False})
        self.assertEqual(self.env["sqms.ledger.value"]._erase(values=[self.NAME.upper()]), 4)
        self.assertEqual(self._stands_somewhere(self.NAME), [])
        self.assertEqual([self._events(case)[-1] for case in both], ["erased", "erased"])
        self.assertEqual(self.env["sqms.ledger.value"]._erase(values=[self.NAME]), 0)
        self.assertEqual(self.env["sqms.ledger.value"]._erase(values=["", "  "]), 0)
        self._assert_chains_valid()

    def test_of_a_deleted_record(self):
        case = self.cases.with_context(tracking_disable=True).create({"name": "A", "customer": self.NAME})
        self.cr.flush()
        case_id = case.id
        case.unlink()
        self.cr.flush()
        self.assertEqual(self.env["sqms.ledger.value"]._erase(self.cases.browse(case_id)), 2)
        self.assertEqual(self._stands_somewhere(self.NAME), [])
        self._assert_chains_valid()

    def test_some_fields_only(self):
        case = self.cases.with_context(tracking_disable=True).create({"name": "A", "customer": self.NAME})
        case._ledger_log("override", reason="Plain")
        self.assertEqual(self.env["sqms.ledger.value"]._erase(case, names=["reason"]), 1)
        self.assertIn("sqms_ledger_value", self._stands_somewhere(self.NAME))

    def test_salt_and_value_give_the_digest(self):
        """As long as they are there, the value is proven by the signed text."""

        case = self._create_case(customer="Wang Li")
        value = self.env["sqms.ledger.value"].search([("res_id", "=", case.id), ("name", "=", "customer")])
        digest = hashlib.sha256(f"{value.salt}\n{value.value}".encode()).hexdigest()
        self.assertEqual(self._history(case)[0][1]["new"]["customer"], {SALTED: digest})
        self.assertEqual(self.entries._check_ledger(), [])
        self.cr.execute("UPDATE sqms_fake_case SET customer = 'Li Wang' WHERE id = %s", [case.id])
        self.assertEqual([row[3:] for row in self.entries._check_ledger()], [("changed_outside", "customer")])
