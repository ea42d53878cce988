import hashlib
import json
from contextlib import suppress

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..lib.hash_chain import GENESIS, SALTED
from ..lib.workflow_pass import workflow_import
from .common import sign_step
from .ledger_common import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerCapture(LedgerCase):
    """Whatever path a change takes, it is in the ledger."""

    def test_creation_is_one_entry_with_everything(self):
        tag = self.env["res.partner.category"].create({"name": "T"})
        case = self._create_case(amount=5, tag_ids=[Command.link(tag.id)], customer="Wang Li", day="2026-11-23")
        [(entry, said)] = self._history(case)
        self.assertEqual((entry.event, entry.seq, entry.user_id), ("create", 1, self.clerk.id))
        self.assertEqual(entry.company_id, self.company.id)
        self.assertEqual(said["new"]["twice"], 10)
        self.assertEqual(said["new"]["tag_ids"], tag.ids)
        self.assertEqual(said["new"]["name"], {"en_US": "Case"})
        self.assertEqual(said["new"]["day"], "2026-11-23")
        self.assertEqual(list(said["new"]["customer"]), [SALTED])
        self.assertIsNone(said["new"]["user_id"])
        self.assertNotIn("old", said)

    def test_net_effect_of_a_transaction_is_one_entry(self):
        case = self._create_case(amount=5)
        case.amount = 6
        case.flush_recordset()
        case.write({"amount": 7, "name": "Better"})
        _create, (entry, said) = self._history(case)
        self.assertEqual(entry.event, "write")
        self.assertEqual(said["old"], {"amount": 5, "twice": 10, "name": {"en_US": "Case"}})
        self.assertEqual(said["new"], {"amount": 7, "twice": 14, "name": {"en_US": "Better"}})

    def test_no_change_no_entry(self):
        case = self._create_case(amount=5)
        case.amount = 6
        case.flush_recordset()
        case.amount = 5
        case.write({"name": "Case"})
        self.assertEqual(self._events(case), ["create"])

    def test_context_keys_switch_nothing_off(self):
        hostile = dict.fromkeys(
            ("tracking_disable", "mail_notrack", "mail_create_nolog", "install_mode", "import_file", "module",
             "prefetch_fields", "no_ledger", "_force_unlink"), True
        )  # fmt: skip
        case = self.cases.with_user(self.clerk).with_context(**hostile).create({"name": "Quiet"})
        self.cr.flush()
        case.write({"amount": 1})
        self.cr.flush()
        case.unlink()
        self.assertEqual(self._events(case), ["create", "write", "delete"])

    def test_many2many(self):
        tags = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        case = self._create_case(tag_ids=[Command.set(tags[0].ids)])
        case.tag_ids = tags
        case.write({"tag_ids": [Command.unlink(tags[0].id)]})
        said = self._history(case)[-1][1]
        self.assertEqual((said["old"], said["new"]), ({"tag_ids": tags[0].ids}, {"tag_ids": tags[1].ids}))

    def test_translation(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        case = self._create_case()
        case.update_field_translations("name", {"zh_CN": "案件"})
        said = self._history(case)[-1][1]
        self.assertEqual(said["new"], {"name": {"en_US": "Case", "zh_CN": "案件"}})
        case.with_context(lang="zh_CN").name = "投诉"
        said = self._history(case)[-1][1]
        self.assertEqual(said["new"]["name"]["zh_CN"], "投诉")
        self.assertEqual(said["user"], self.clerk.id)

    def test_long_text_is_named_by_its_digest(self):
        case = self._create_case(body="<p>Long words</p>")
        said = self._history(case)[-1][1]
        self.assertEqual(
            said["new"]["body"],
            {"sha256": hashlib.sha256(str(case.body).encode()).hexdigest(), "length": len(case.body)},
        )

    def test_import_of_a_file(self):
        result = self.cases.with_user(self.clerk).load(["name", "amount"], [["a", "1"], ["b", "2"]])
        cases = self.cases.browse(result["ids"])
        self.assertEqual([self._events(case) for case in cases], [["create"], ["create"]])
        self.cases.with_user(self.clerk).load([".id", "amount"], [[str(cases[0].id), "3"]])
        self.assertEqual(self._events(cases[0]), ["create", "write"])

    def test_deletion(self):
        case = self._create_case(amount=5)
        case.amount = 9
        case.unlink()
        entry, said = self._history(case)[-1]
        self.assertEqual((entry.event, said["old"]["amount"]), ("delete", 5))
        self.assertEqual(entry.company_id, self.company.id)
        self.assertNotIn("new", said)

    def test_what_never_was_leaves_no_trace(self):
        case = self.cases.create({"name": "Short"})
        case.unlink()
        self.assertEqual(self._events(case), [])

    def test_rolled_back_is_not_logged(self):
        case = self._create_case(amount=5)
        with suppress(ZeroDivisionError), self.cr.savepoint():
            case.amount = 6
            case.flush_recordset()
            raise ZeroDivisionError
        case.amount = 7
        said = self._history(case)[-1][1]
        self.assertEqual((said["old"]["amount"], said["new"]["amount"]), (5, 7))

    def test_each_person_has_an_entry_of_his_own(self):
        case = self._create_case()
        case.with_user(self.clerk).amount = 1
        case.with_user(self.second_clerk).amount = 2
        case.with_user(self.second_clerk).sudo().amount = 3
        rows = [(said["user"], said["su"], said["new"]["amount"]) for _entry, said in self._history(case)[1:]]
        self.assertEqual(rows, [(self.clerk.id, False, 1), (self.second_clerk.id, True, 3)])

    def test_flush_by_somebody_else_keeps_the_name_of_the_writer(self):
        case = self._create_case()
        case.with_user(self.second_clerk).amount = 2
        self.env(user=self.manager.id)["sqms.fake.case"].browse(case.id).flush_recordset()
        self.assertEqual(self._history(case)[-1][0].user_id, self.second_clerk.id)

    def test_event_of_its_own(self):
        case = self._create_case()
        case.amount = 5
        case._ledger_log("backdated", old={"day": None}, new={case.id: {"day": "2026-01-01"}}, reason="Mail lost")
        case.amount = 6
        history = self._history(case)
        self.assertEqual([entry.event for entry, _said in history], ["create", "write", "backdated", "write"])
        self.assertEqual(history[2][1]["old"], {"day": None})
        self.assertEqual(history[2][1]["new"], {"day": "2026-01-01"})
        self.assertEqual(list(history[2][1]["reason"]), [SALTED])
        self.assertEqual(history[3][1]["old"]["amount"], 5)

    def test_history_is_finished_first_and_newest_first(self):
        case = self._create_case()
        case.amount = 1
        history = case.sqms_history()
        self.assertEqual(history.mapped("event"), ["write", "create"])
        self.assertEqual(history[0].user_id, self.clerk.id)


@tagged("post_install", "-at_install")
class TestLedgerWorkflow(LedgerCase):
    def test_each_step_is_an_entry_with_its_state(self):
        case = self._create_case()
        case.amount = 5
        case.action_transition("begin")
        case.action_transition("finish")
        history = self._history(case)
        self.assertEqual(
            [(entry.event, entry.state) for entry, _said in history],
            [("create", False), ("write", False), ("transition", "open"), ("transition", "closed")],
        )
        self.assertEqual(history[2][1]["step"], "begin")
        self.assertEqual((history[2][1]["old"], history[2][1]["new"]), ({"state": "draft"}, {"state": "open"}))
        self.cr.execute(
            "SELECT count(*) FROM sqms_ledger_entry WHERE res_model = %s AND res_id = %s AND state = 'closed'"
            " AND xact = pg_current_xact_id() AND date = now() AT TIME ZONE 'UTC'",
            [case._name, case.id],
        )
        self.assertEqual(self.cr.fetchone()[0], 1)

    def test_creation_and_steps_in_one_transaction(self):
        case = self.cases.with_user(self.clerk).create({"name": "Fast"})
        case.action_transition("begin")
        history = self._history(case)
        self.assertEqual([entry.event for entry, _said in history], ["create", "transition"])
        self.assertEqual(history[0][1]["new"]["state"], "draft")

    def test_import_leaves_its_mark_with_each_state(self):
        cases = self._create_case() | self._create_case()
        with workflow_import(cases, "Taken over from paper"):
            cases[0].write({"state": "closed", "amount": 3})
            cases[1].write({"state": "open"})
        for case, state in zip(cases, ("closed", "open"), strict=True):
            entry, said = self._history(case)[-1]
            self.assertEqual((entry.event, entry.state, said["state"]), ("import", state, state))
            self.assertEqual((said["old"]["state"], said["new"]["state"]), ("draft", state))
        self.assertEqual(self._history(cases[0])[-1][1]["new"]["amount"], 3)

    def test_step_of_an_edition(self):
        document = self.env["sqms.document"].create({"name": "Refunds", "document_type": "procedure"})
        officer = new_test_user(self.env, login="sqms_officer", groups="sqms_base.group_sqms_officer")
        versions = self.env["sqms.document.version"].with_user(officer)
        version = versions.create({"document_id": document.id, "content": "<p>x</p>"})
        sign_step(version, "submit", officer)
        history = self._history(version)
        self.assertEqual(
            [(entry.event, entry.state) for entry, _said in history],
            [("create", False), ("signed", False), ("transition", "review")],
        )


@tagged("post_install", "-at_install")
class TestLedgerChain(LedgerCase):
    def test_links_follow_from_the_text(self):
        case = self._create_case()
        for amount in range(3):
            case.amount = amount + 1
            self.cr.flush()
        previous = GENESIS
        for position, (entry, said) in enumerate(self._history(case), 1):
            self.assertEqual(entry.prev_hash, previous)
            previous = hashlib.sha256(f"{entry.prev_hash}\n{entry.text}".encode()).hexdigest()
            self.assertEqual(entry.hash, previous)
            self.assertEqual((said["model"], said["id"], said["seq"]), (case._name, case.id, position))
            self.assertEqual(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False), entry.text)
            self.assertRegex(said["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")

    def test_orm_refuses(self):
        case = self._create_case(customer="Wang Li")
        entry = self._history(case)[0][0]
        value = self.env["sqms.ledger.value"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id), ("name", "=", "customer")]
        )
        self.assertEqual(value.value, '"Wang Li"')
        for records, vals in ((entry, {"event": "x"}), (value, {"value": "x"})):
            for user in (self.clerk, self.manager, self.env.ref("base.user_admin"), self.env.ref("base.user_root")):
                own = records.with_user(user)
                for attempt in (
                    lambda own=own, vals=vals: own.write(vals),
                    lambda own=own: own.unlink(),
                    lambda own=own: own.copy(),
                    lambda own=own, vals=vals: own.create(vals),
                    lambda own=own, vals=vals: own.sudo().web_save(vals, {}),
                    lambda own=own: own.sudo().with_context(_force_unlink=True).unlink(),
                ):
                    with self.assertRaises(AccessError):
                        attempt()

    def test_database_refuses(self):
        case = self._create_case()
        self.cr.flush()
        for statement in (
            "UPDATE sqms_ledger_entry SET event = 'x'",
            "UPDATE sqms_ledger_entry SET event = 'x' WHERE FALSE",
            "DELETE FROM sqms_ledger_entry",
            "TRUNCATE sqms_ledger_entry",
        ):
            for role in ("origin", "replica"):
                with (
                    self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                    mute_logger("odoo.sql_db"),
                    self.cr.savepoint(),
                ):
                    self.cr.execute(f"SET LOCAL session_replication_role = {role}")
                    self.cr.execute(statement)
        self.assertEqual(self._events(case), ["create"])

    def test_database_adds_only_the_true_next_link(self):
        case = self._create_case()
        entry = self._history(case)[0][0]
        good = {
            "res_model": case._name,
            "res_id": case.id,
            "seq": 2,
            "date": entry.date,
            "event": "write",
            "text": json.dumps({"model": case._name, "id": case.id, "seq": 2}),
            "prev_hash": entry.hash,
        }

        def insert(**values):
            row = {**good, **values}
            row.setdefault("hash", hashlib.sha256(f"{row['prev_hash']}\n{row['text']}".encode()).hexdigest())
            columns = ", ".join(row)
            self.cr.execute(
                f"INSERT INTO sqms_ledger_entry ({columns}) VALUES ({', '.join(['%s'] * len(row))})", [*row.values()]
            )

        for wrong in (
            {"hash": "0" * 64},
            {"prev_hash": "1" * 64},
            {"seq": 3, "text": good["text"].replace('"seq": 2', '"seq": 3')},
            {"seq": 1, "res_id": 0},
            {"text": good["text"].replace("fake", "other")},
        ):
            with (
                self.assertRaises(psycopg2.errors.IntegrityConstraintViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                insert(**wrong)
        with self.cr.savepoint() as savepoint:
            insert()
            savepoint.rollback()

    def test_twice_the_records_same_number_of_queries(self):
        counts = []
        for size in (10, 20, 40):
            before = self.cr.sql_log_count
            cases = self.cases.with_context(tracking_disable=True).create([{"name": "Case"} for _ in range(size)])
            self.cr.flush()
            for number, case in enumerate(cases):
                case.amount = number + 1
            self.cr.flush()
            cases.action_transition("begin")
            cases._ledger_log("override", reason="needed")
            cases.unlink()
            self.cr.flush()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)
