import contextlib
import os

from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import config

from odoo.addons.sqms_base.tests.deep_search import found_in, spellings

from .common import ComplaintCase
from .figures import FiguresMixin

NAME, EMAIL, PHONE = "Zqnamemark Liwang", "zqmailmark@example.com", "+86 139 7531 8642"
MARKS = ["zqnamemark", "zqmailmark", "13975318642", "139 7531 8642", "zqfilemark", "zqwordmark", "zqplacemark"]


class PrivacyCase(FiguresMixin, ComplaintCase):
    """A customer who has left marks wherever a customer can leave them, and two people responsible."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = new_test_user(cls.env, "privacy_1", groups="sqms_base.group_sqms_privacy")
        cls.second = new_test_user(cls.env, "privacy_2", groups="sqms_base.group_sqms_privacy")
        cls.person = cls.env["res.partner"].create(
            {"name": NAME, "email": EMAIL, "phone": PHONE, "street": "zqplacemark Road 7", "comment": "zqplacemark"}
        )

    @classmethod
    def _plant(cls, count=1, state="closed", **values):
        complaints = cls.env["helpdesk.ticket"]
        for number in range(count):
            complaint = cls._create_complaint(
                partner_id=cls.person.id,
                name=f"{NAME} was charged twice",
                description=f"<p>I, {NAME}, call me on 139-7531-8642 or {EMAIL}. <b>Order</b> 7</p>",
                complaint_phone=PHONE,
                **values,
            )
            complaint.message_post(
                body=f"I am {NAME}", author_id=cls.person.id, message_type="comment",
                subtype_xmlid="mail.mt_comment", attachments=[("zqfilemark.txt", f"zqwordmark {number}".encode())],
            )  # fmt: skip
            complaint.message_post(body=f"Asked {NAME} ({EMAIL})", subtype_xmlid="mail.mt_note")
            complaint.activity_schedule("mail.mail_activity_data_todo", note=f"Call {NAME}", user_id=cls.agent.id)
            cls._move(complaint, state)
            complaints |= complaint
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        return complaints

    def _request(self, **values):
        return self.env["sqms.erasure"].with_user(self.first).create(
            {"partner_ids": [(6, 0, self.person.ids)], "identity_check": "From the address on file", **values}
        )  # fmt: skip

    def _approve(self, request, **values):
        request.action_transition("look_up")
        request.write({"legal_basis": "purpose", **values})
        request.action_transition("approve")
        return request

    def _erase(self, request=None, **values):
        request = self._approve(request or self._request(), **values)
        request.with_user(self.second).action_transition("execute")
        self._end()
        return request

    def _refused(self, words, step, error=UserError):
        with self.assertRaisesRegex(error, words), self.cr.savepoint():
            step()
        self.env.invalidate_all()

    def _queries(self, work):
        """How often the database is asked; undone afterwards."""
        self._end()
        self.env.invalidate_all()
        with self.cr.savepoint() as savepoint:
            # Nothing is remembered from the time before.
            self.registry.clear_all_caches()
            before = self.cr.sql_log_count
            work()
            count = self.cr.sql_log_count - before
            savepoint.rollback()
        self.env.invalidate_all()
        return count

    def _end(self):
        """What the end of a transaction does."""
        self.env.flush_all()
        self.cr.precommit.run()
        self.env.flush_all()

    def _marks(self, marks=MARKS):
        """`{table: marks}`: every column of every table, and the content of every file that some record has."""
        self.env.flush_all()
        self.cr.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
            " AND n.nspname NOT LIKE 'pg_temp%'"
        )
        tables = [name for (name,) in self.cr.fetchall()]
        self.assertGreater(len(tables), 200)
        patterns = [
            f"%{spelling.decode('ascii').lower()}%"
            for mark in marks
            for spelling in spellings(mark)
            if spelling.isascii() and b"\0" not in spelling
        ]
        found = {}
        for table in tables:
            self.cr.execute(f"SELECT lower(t::text) FROM {table} t WHERE lower(t::text) LIKE ANY(%s)", [patterns])
            seen = set().union(*(found_in(row.encode(), marks) for (row,) in self.cr.fetchall()))
            if seen:
                found[table] = seen
        self.cr.execute("SELECT DISTINCT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL")
        folder = config.filestore(self.cr.dbname)
        for (name,) in self.cr.fetchall():
            with contextlib.suppress(FileNotFoundError), open(os.path.join(folder, name), "rb") as file:
                seen = found_in(file.read(), marks)
                if seen:
                    found[f"file {name}"] = seen
        return found
