import io
import json
import tempfile
import zipfile
from pathlib import Path

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_base.lib import verify_ledger

from .privacy_case import EMAIL, MARKS, NAME, PHONE, PrivacyCase


@tagged("post_install", "-at_install")
class TestPrivacyErasure(PrivacyCase):
    """A person is erased: nothing of him is left, nothing else is changed."""

    def _verify_chain(self):
        self.cr.flush()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "export.jsonl.gz")
            file = io.BytesIO()
            self.env["sqms.ledger.entry"].sudo()._export(file)
            path.write_bytes(file.getvalue())
            said = []
            self.assertEqual(verify_ledger.verify(path, [], said.append).troubles, 0, said)

    def test_a_person_is_found_nowhere_afterwards_and_every_figure_stays(self):
        complaints = self._plant(2)
        other = self._move(self._create_complaint(description="<p>Nothing to do with it, 139 7531 8643</p>"), "closed")
        account = new_test_user(self.env, "zqmailmark_login", groups="base.group_portal")
        account.partner_id.write({"name": NAME, "email": EMAIL})
        self.env["sqms.feedback"].sudo().create({"text": f"{NAME} thanks", "person_name": NAME, "email": EMAIL})
        nonconformity = self.env["sqms.nonconformity"].create(
            {"name": "Charged twice", "description": f"<p>Seen at {EMAIL}</p>"}
        )
        self._end()
        self.assertGreaterEqual(
            set(self._marks()),
            {"helpdesk_ticket", "mail_message", "res_partner", "res_users", "mail_activity", "sqms_feedback",
             "sqms_nonconformity"},
        )  # fmt: skip
        figures = self._figures()
        self.assertGreater(len(figures), 20)
        tables = {}
        for name in ("helpdesk_ticket", "mail_message", "ir_attachment", "mail_activity", "sqms_feedback"):
            self.cr.execute(f"SELECT count(*) FROM {name}")
            tables[name] = self.cr.fetchone()
        request = self._request(
            partner_ids=[(6, 0, (self.person | account.partner_id).ids)], open_reason="The thanks need no answer"
        )
        request = self._erase(request)
        self.assertEqual(self._marks(MARKS), {})
        self.assertEqual(self._figures(), figures)
        for name, count in tables.items():
            self.cr.execute(f"SELECT count(*) FROM {name}")
            self.assertGreaterEqual(self.cr.fetchone(), count, name)
        # what is left of it
        self.assertEqual(complaints.mapped("complaint_state"), ["closed", "closed"])
        self.assertEqual(complaints.mapped("partner_name"), ["Erased person"] * 2)
        self.assertEqual(complaints.partner_id, self.person)
        self.assertIn("<b>Order</b> 7", complaints[0].description)
        self.assertTrue(all(complaints.mapped("complaint_erased_at")))
        self.assertIn("139 7531 8643", other.description)
        self.assertFalse(other.complaint_erased_at)
        self.assertEqual(other.partner_name, "Wang Li")
        self.assertNotIn("@", nonconformity.description)
        self.assertFalse(account.active)
        # the locks of a closed complaint were passed by this alone, and it says so
        entry = complaints[0].sqms_history()[0]
        self.assertEqual(entry.event, "erased")
        self._verify_chain()
        self.assertEqual(request.browse()._done_for(email=EMAIL.upper()), request.sudo())
        self.assertEqual(request.browse()._done_for(phone="0086 13975318642"), request.sudo())
        self.assertFalse(request.browse()._done_for(email="somebody@example.com"))
        self.assertFalse(request.sudo().email or request.sudo().identity_check or request.sudo().partner_ids)

    def test_marks_in_every_declared_field_of_every_part_go(self):
        complaint = self._plant()
        body = self.env["sqms.dispute.body"].search([], limit=1)
        parts = {
            "sqms.complaint.held.mail": {"reason": "stranger", "state": "refused", "email_from": EMAIL},
            "sqms.complaint.dispute": {"body_id": body.id, "state": "closed", "number": "D/1"},
            "sqms.satisfaction.answer": {"state": "answered", "delivery": "none", "resolution": 9},
            "sqms.complaint.letter": {"letter": "decision", "lang": "en_US", "state": "ready"},
            "sqms.complaint.package": {"reason": "x"},
        }  # fmt: skip
        for name, values in parts.items():
            self._insert_part(name, complaint, values)
        engine = self.env["sqms.privacy"]
        request = self._request()
        request.sudo()._mark()
        planted = set()
        for name, fields in engine._catalog().items():
            for field_name, treatment in fields.items():
                field = self.env[name]._fields[field_name]
                kind = field.column_type and field.column_type[0]
                free = name not in ("res.partner", "res.users", "sqms.erasure") and treatment not in ("who", "unique")
                if free and kind in ("varchar", "text", "jsonb"):
                    value = (
                        f"jsonb_build_object('en_US', '{NAME} at {EMAIL}')"
                        if kind == "jsonb"
                        else f"'{NAME} at {EMAIL}'"
                    )
                    self.cr.execute(
                        f'UPDATE {self.env[name]._table} t SET "{field_name}" = {value} FROM sqms_privacy_row r'
                        " WHERE r.model = %s AND r.own AND r.id = t.id",
                        [name],
                    )
                    planted.update([name] if self.cr.rowcount else [])
        self.env.invalidate_all()
        self.assertGreaterEqual(planted, {"helpdesk.ticket", "mail.message", "sqms.complaint.finding", *parts})
        self._erase(request)
        self.assertEqual(self._marks(), {})

    def _insert_part(self, name, complaint, values):
        """A part as it lies in the database, whatever it takes to make one."""
        model = self.env[name]
        self.assertIn("ticket_id", model._fields)
        values = {**values, "ticket_id": complaint.id, "company_id": complaint.company_id.id}
        for field in model._fields.values():
            if field.required and field.column_type and field.store and field.name not in values and field.name != "id":
                given = model.default_get([field.name]).get(field.name)
                values[field.name] = given or {"date": "2026-01-01", "datetime": "2026-01-01"}.get(field.type, 1)
        columns = ", ".join(values)
        self.cr.execute(f"INSERT INTO {model._table} ({columns}) VALUES %s RETURNING id", [tuple(values.values())])

    def test_own_words_are_replaced_whole_if_the_request_says_so(self):
        complaint = self._plant()
        kept = complaint.message_ids.filtered(lambda message: message.author_id != self.person)[0].body
        self._erase(words="replace")
        self.assertIn("[Erased", complaint.description)
        self.assertNotIn("Order", complaint.description)
        own = complaint.message_ids.filtered(lambda message: message.author_id == self.person)
        self.assertTrue(all("[Erased" in message.body for message in own))
        self.assertNotIn("[Erased", kept)

    def test_who_has_no_contact_is_found_by_address_number_and_name(self):
        by_mail = self._create_complaint(partner_id=False, partner_name="Zqnamemark", partner_email=f"X <{EMAIL}>")
        by_phone = self._create_complaint(partner_id=False, complaint_phone="0086-139-7531-8642")
        by_name = self._create_complaint(partner_id=False, partner_name="zqnamemark  liwang")
        namesake = self._create_complaint(partner_id=False, partner_name="Zqnamemark Liwangsen")
        for complaint in by_mail | by_phone | by_name | namesake:
            self._move(complaint.with_context(tracking_disable=True), "assessed")
            complaint.complaint_withdrawal = "By phone"
            complaint.action_transition("withdraw")
        self.person.unlink()
        request = self._request(partner_ids=False, person_name=NAME, email=EMAIL, phone=PHONE)
        request.action_transition("look_up")
        counts = {line.res_model: line.own_count for line in request.line_ids}
        self.assertEqual(counts["helpdesk.ticket"], 2)
        request.by_name = True
        request.action_transition("look_again")
        counts = {line.res_model: line.own_count for line in request.line_ids}
        self.assertEqual(counts["helpdesk.ticket"], 3)
        request.legal_basis = "consent"
        request.action_transition("approve")
        request.with_user(self.second).action_transition("execute")
        self.env.invalidate_all()
        self.assertFalse(by_mail.partner_email or by_phone.complaint_phone)
        self.assertEqual(by_name.partner_name, "Erased person")
        self.assertEqual(namesake.partner_name, "Zqnamemark Liwangsen")

    def test_what_a_law_prescribes_to_keep_is_left_with_a_reason(self):
        complaint = self._plant()
        request = self._request()
        request.action_transition("look_up")
        line = request.line_ids.filtered(lambda line: line.res_model == "mail.activity")
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            line.is_kept = True
            line.flush_recordset()
        line.write({"is_kept": True, "kept_reason": "Needed by the accountant"})
        request.legal_basis = "purpose"
        request.action_transition("approve")
        request.with_user(self.second).action_transition("execute")
        self.env.invalidate_all()
        self.assertIn(NAME, complaint.activity_ids.filtered("note")[0].note)
        self.assertEqual(complaint.partner_name, "Erased person")

    # -- who decides --------------------------------------------------------------------

    def test_one_approves_and_another_carries_out(self):
        self._plant()
        request = self._approve(self._request())
        self._refused("another person", lambda: request.action_transition("execute"))
        with self.assertRaises(UserError):
            request.sudo().write({"state": "done"})
        request.with_user(self.second).action_transition("execute")
        with self.assertRaises(AccessError):
            request.write({"legal_basis": "other"})

    def test_a_refusal_gives_its_reasons(self):
        request = self._request()
        with self.assertRaises(UserError):
            request.action_transition("refuse")
        request.write({"refusal_basis": "duty", "refusal_reason": "Invoices are kept for ten years."})
        request.action_transition("refuse")
        self.assertEqual(request.state, "refused")
        self.assertEqual(request.partner_ids, self.person, "Who was refused may go to court")

    def test_only_who_is_responsible_sees_and_decides(self):
        request = self._approve(self._request())
        for user in (self.agent, self.officer, self.manager, self.employee, self.portal, self.public):
            with self.assertRaises(AccessError):
                request.with_user(user).read(["number"])
            with self.assertRaises(AccessError):
                request.with_user(user).create({"person_name": "x"})
            with self.assertRaises(AccessError):
                request.with_user(user).action_transition("execute")
        certifier = request.with_user(self.certifier)
        self.assertTrue(certifier.number)
        with self.assertRaises(AccessError):
            certifier.read(["email"])
        with self.assertRaises(AccessError):
            certifier.action_transition("execute")
        with self.assertRaises(AccessError):
            request.unlink()

    def test_colleagues_and_companies_are_not_erased(self):
        for partner, words in ((self.agent.partner_id, "works here"), (self.company.partner_id, "is a company")):
            partner.is_company = partner == self.company.partner_id
            request = self._request(partner_ids=[(6, 0, partner.ids)])
            request.action_transition("look_up")
            self.assertIn(words, request.obstacles)
            request.legal_basis = "purpose"
            self._refused("speaks against", lambda request=request: request.action_transition("approve"))

    def test_open_complaints_are_erased_only_with_a_reason(self):
        complaint = self._plant(state="assessed")
        request = self._request()
        request.action_transition("look_up")
        self.assertIn(complaint.number, request.obstacles)
        request.legal_basis = "consent"
        with self.assertRaises(UserError):
            request.action_transition("approve")
        request.open_reason = "The customer wants nothing more from us."
        request.action_transition("look_again")
        request.action_transition("approve")
        request.with_user(self.second).action_transition("execute")
        self.env.invalidate_all()
        self.assertEqual(complaint.partner_name, "Erased person")
        self.assertEqual(complaint.complaint_state, "assessed")

    # -- copy -----------------------------------------------------------------------------

    def test_the_copy_holds_what_is_his_and_each_download_is_told(self):
        complaint = self._plant()
        self._create_complaint(name="Of somebody else")
        request = self._approve(self._request(kind="copy"), legal_basis="access")
        with self.assertRaises(AccessError):
            request.with_user(self.certifier).action_download_copy()
        request.action_download_copy()
        self.assertEqual(request.sqms_history()[0].event, "copied")
        with zipfile.ZipFile(io.BytesIO(request._make_copy())) as box:
            content = json.loads(box.read("data.json"))
            files = [name for name in box.namelist() if name.startswith("files/")]
            self.assertEqual(len(files), 1)
            self.assertEqual(box.read(files[0]), b"zqwordmark 0")
        rows = content["helpdesk.ticket"]["records"]
        self.assertEqual([row["id"] for row in rows], complaint.ids)
        self.assertEqual(rows[0]["partner_email"], EMAIL)
        self.assertFalse({"complaint_access_digest", "complaint_word_hash"} & rows[0].keys())
        request.with_user(self.second).action_transition("execute")
        self.assertTrue(self._marks(), "Nothing is erased by a copy")

    # -- how fast ---------------------------------------------------------------------------

    def test_twice_the_rows_same_number_of_queries(self):
        complaint = self._plant()
        request = self._approve(self._request()).with_user(self.second)
        counts = []
        for number in (1, 300, 300):
            self.cr.execute(
                """INSERT INTO mail_message (model, res_id, author_id, email_from, body, message_type, date)
                   SELECT 'helpdesk.ticket', %s, %s, %s, 'I am ' || %s || ' ' || n, 'comment', now()
                     FROM generate_series(1, %s) n""",
                [complaint.id, self.person.id, EMAIL, NAME, number],
            )
            counts.append(self._queries(request._erase_person))
        self.assertEqual(*counts[1:])
        self.assertLess(counts[2], 200)
