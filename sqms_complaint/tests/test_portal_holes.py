"""What helpdesk_mgmt leaves open, path by path: each test walks the way through the hole and finds it closed."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_public import PublicCase


@tagged("post_install", "-at_install")
class TestPortalHoles(PublicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._create_user("sqms_stranger", "base.group_portal")
        cls.done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.ticket = cls._create_ticket(partner_id=cls.portal.partner_id.id, team_id=False, user_id=False)
        cls.complaint = cls._create_complaint(partner_id=cls.portal.partner_id.id)

    def _close(self, ticket_id, stage_id, method="GET"):
        values = {"ticket_id": ticket_id, "stage_id": stage_id}
        if method == "GET":
            return self.url_open("/ticket/close", params=values, allow_redirects=False)
        return self.url_open("/ticket/close", data={**values, "csrf_token": self._token()}, allow_redirects=False)

    # -- /ticket/close -----------------------------------------------------------

    def test_stranger_cannot_close_a_ticket(self):
        self.authenticate("sqms_stranger", "sqms_stranger")
        for method in ("GET", "POST"):
            response = self._close(self.ticket.id, self.done.id, method)
            self.assertTrue(response.headers["Location"].endswith("/my"))
            self.assertFalse(self.ticket.closed)

    def test_owner_still_closes_his_plain_ticket(self):
        self.authenticate("sqms_portal", "sqms_portal")
        response = self._close(self.ticket.id, self.done.id)
        self.assertEqual(response.status_code, 302)
        self.assertTrue(response.headers["Location"].endswith(f"/my/ticket/{self.ticket.id}"))
        self.assertTrue(self.ticket.closed)

    def test_owner_closes_only_into_a_stage_that_his_page_offers(self):
        elsewhere = self.env["helpdesk.ticket.stage"].create(
            {"name": "Closed elsewhere", "closed": True, "close_from_portal": True, "team_ids": self.other_team.ids}
        )
        hidden = self.env["helpdesk.ticket.stage"].create({"name": "Written off", "closed": True})
        self.authenticate("sqms_portal", "sqms_portal")
        for stage_id in (elsewhere.id, hidden.id, 0, 99999999, "x", ""):
            before = self.ticket.stage_id
            self._close(self.ticket.id, stage_id)
            self.assertEqual(self.ticket.stage_id, before, stage_id)

    def test_complaint_is_not_closed_before_its_time(self):
        self.authenticate("sqms_portal", "sqms_portal")
        response = self._close(self.complaint.id, self.done.id)
        self.assertTrue(response.headers["Location"].endswith(f"/my/complaints/{self.complaint.id}"))
        self.assertEqual(self.complaint.complaint_state, "received")
        self.assertFalse(self.complaint.closed)

    # -- stages ------------------------------------------------------------------

    def test_public_does_not_write_stages(self):
        stages = self.env["helpdesk.ticket.stage"]
        for user in (self.public, self.portal):
            self.assertFalse(stages.with_user(user).has_access("write"))
            self.assertFalse(stages.with_user(user).has_access("create"))
            with self.assertRaises(AccessError):
                self.done.with_user(user).write({"closed": False})

    # -- files of internal notes ---------------------------------------------------

    def _attach(self, ticket, name, subtype, user):
        file = (
            self.env["ir.attachment"]
            .with_user(user)
            .sudo()
            .create({"name": name, "raw": name.encode(), "res_model": "helpdesk.ticket", "res_id": ticket.id})
        )
        if subtype:
            ticket.with_user(user).sudo().message_post(
                body=name, message_type="comment", subtype_xmlid=subtype, attachment_ids=file.ids
            )
        return file

    def test_page_of_a_plain_ticket_hands_out_public_files_only(self):
        internal = self._attach(self.ticket, "internal.txt", "mail.mt_note", self.agent)
        public = self._attach(self.ticket, "public.txt", "mail.mt_comment", self.agent)
        intake = self._attach(self.ticket, "intake.txt", None, self.portal)
        self.authenticate("sqms_portal", "sqms_portal")
        response = self.url_open(f"/my/ticket/{self.ticket.id}")
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("internal.txt", response.text)
        self.assertFalse(internal.access_token)
        for file in (public, intake):
            self.assertIn(file.name, response.text)
            self.assertTrue(file.access_token)
            opened = self.url_open(f"/web/content/{file.id}?access_token={file.access_token}")
            self.assertEqual(opened.content, file.raw)

    def test_tokens_handed_out_before_are_taken_back(self):
        internal = self._attach(self.ticket, "internal.txt", "mail.mt_note", self.agent)
        public = self._attach(self.ticket, "public.txt", "mail.mt_comment", self.agent)
        token = internal.generate_access_token()[0]
        public.generate_access_token()
        self.env["helpdesk.ticket"]._complaint_revoke_internal_tokens()
        self.assertFalse(internal.access_token)
        self.assertTrue(public.access_token)
        self.authenticate("sqms_stranger", "sqms_stranger")
        self.assertEqual(self.url_open(f"/web/content/{internal.id}?access_token={token}").status_code, 404)

    def test_page_of_a_complaint_hands_out_no_token_at_all(self):
        files = [
            self._attach(self.complaint, "internal.txt", "mail.mt_note", self.agent),
            self._attach(self.complaint, "public.txt", "mail.mt_comment", self.agent),
            self._attach(self.complaint, "uploaded.txt", None, self.agent),
            self._attach(self.complaint, "intake.txt", None, self.portal),
        ]
        self.authenticate("sqms_portal", "sqms_portal")
        response = self.url_open(f"/my/ticket/{self.complaint.id}")
        self.assertTrue(response.url.endswith(f"/my/complaints/{self.complaint.id}"))
        self.assertEqual([file.name in response.text for file in files], [False, True, False, True])
        self.assertFalse(any(file.access_token for file in files))
        for file, opens in zip(files, (False, True, False, True), strict=True):
            answer = self.url_open(f"/my/complaints/{self.complaint.id}/file/{file.id}", allow_redirects=False)
            self.assertEqual(answer.status_code == 200, opens, file.name)
            self.assertEqual(answer.content == file.raw, opens, file.name)

    # -- raw parameters ------------------------------------------------------------

    def test_list_of_tickets_falls_back_to_its_defaults(self):
        self.authenticate("sqms_portal", "sqms_portal")
        for query in (
            {"sortby": "nonsense"},
            {"groupby": "nonsense"},
            {"search_in": "nonsense", "search": "address"},
            {"filterby": "nonsense"},
            {"date_begin": "nonsense", "date_end": "2026-01-01"},
            {"date_begin": "0", "date_end": "0"},
        ):
            response = self.url_open("/my/tickets", params=query)
            self.assertEqual(response.status_code, 200, query)
            self.assertIn(self.ticket.name, response.text)

    def test_list_of_tickets_still_sorts_filters_and_groups(self):
        self.authenticate("sqms_portal", "sqms_portal")
        for query in ({"sortby": "name"}, {"groupby": "stage"}, {"search_in": "name", "search": "address"}):
            self.assertIn(self.ticket.name, self.url_open("/my/tickets", params=query).text)
        found = self.url_open("/my/tickets", params={"search_in": "name", "search": "nothing like it"})
        self.assertNotIn(self.ticket.name, found.text)
        staged = self.url_open("/my/tickets", params={"filterby": str(self.done.id)})
        self.assertNotIn(self.ticket.name, staged.text)

    def test_new_ticket_is_refused_with_a_sentence_or_made(self):
        self.authenticate("sqms_portal", "sqms_portal")
        token = self._token()
        before = self.env["helpdesk.ticket"].search_count([])
        for data in ({}, {"subject": "x"}, {"description": "x"}, {"subject": " ", "description": "x"}):
            response = self.url_open("/submitted/ticket", data={"csrf_token": token, **data})
            self.assertEqual(response.status_code, 400)
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), before)
        data = {
            "csrf_token": token,
            "subject": "Tap",
            "description": "It drips",
            "category": "nonsense",
            "team": "99999999999",
        }
        self.assertEqual(self.url_open("/submitted/ticket", data=data).status_code, 200)
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), before + 1)


@tagged("post_install", "-at_install")
class TestPortalComplaints(PublicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._create_user("sqms_stranger", "base.group_portal")
        cls.complaint = cls._create_complaint(partner_id=cls.portal.partner_id.id)

    def test_customer_sees_his_complaints_and_no_other(self):
        other = self._create_complaint(partner_id=self.stranger.partner_id.id, name="Something of a stranger")
        self.authenticate("sqms_portal", "sqms_portal")
        listed = self.url_open("/my/complaints").text
        self.assertIn(self.complaint.number, listed)
        self.assertNotIn(other.name, listed)
        self.assertIn(self.complaint.name, self.url_open(f"/my/complaints/{self.complaint.id}").text)
        refused = self.url_open(f"/my/complaints/{other.id}", allow_redirects=False)
        self.assertTrue(refused.headers["Location"].endswith("/my"))

    def test_visitor_without_login_sees_nothing(self):
        refused = self.url_open(f"/my/complaints/{self.complaint.id}", allow_redirects=False)
        self.assertTrue(refused.headers["Location"].endswith("/my"))
        for token in ("nonsense", "", "é"):
            refused = self.url_open(
                f"/my/complaints/{self.complaint.id}", params={"access_token": token}, allow_redirects=False
            )
            self.assertTrue(refused.headers["Location"].endswith("/my"), token)

    def test_link_of_a_mail_opens_the_page(self):
        token = self.complaint._portal_ensure_token()
        response = self.url_open(f"/my/ticket/{self.complaint.id}/{token}")
        self.assertIn(self.complaint.name, self._text(response))

    def test_customer_writes_under_his_name(self):
        self.authenticate("sqms_portal", "sqms_portal")
        path = f"/my/complaints/{self.complaint.id}"
        response = self._post(path, {"action": "message", "text": "Is there any news?"})
        self.assertIn("Is there any news?", self._text(response))
        message = self.complaint._complaint_public_messages()[-1:]
        self.assertEqual(message.author_id, self.portal.partner_id)

    def test_stranger_writes_nothing(self):
        self.authenticate("sqms_stranger", "sqms_stranger")
        self._post(f"/my/complaints/{self.complaint.id}", {"action": "message", "text": "Hello"})
        self.assertFalse(self.complaint._complaint_public_messages())

    def test_customer_does_not_read_the_decision_before_it_is_told(self):
        self._move(self.complaint, "decided")
        as_portal = self.complaint.with_user(self.portal)
        for name in ("complaint_answer", "complaint_decision", "complaint_outcome", "complaint_investigation"):
            with self.assertRaises(AccessError):
                as_portal.read([name])

    def test_helpdesk_list_leads_to_the_page_of_the_complaint(self):
        self.authenticate("sqms_portal", "sqms_portal")
        response = self.url_open(f"/my/ticket/{self.complaint.id}")
        self.assertTrue(response.url.endswith(f"/my/complaints/{self.complaint.id}"))

    def test_home_page_counts_complaints(self):
        self.authenticate("sqms_portal", "sqms_portal")
        self.assertIn("complaint_count", self.url_open("/my").text)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["complaint_count"]})
        self.assertEqual(counters["complaint_count"], 1)
