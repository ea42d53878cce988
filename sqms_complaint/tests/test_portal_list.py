import base64
import re
import threading
import time
from statistics import median
from unittest.mock import patch

import werkzeug.exceptions
from werkzeug.test import EnvironBuilder

from odoo import api
from odoo.exceptions import AccessError
from odoo.http import root
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sqms_base.controllers.public_page import MAX_CONTENT
from odoo.addons.sqms_base.models.sqms_public_throttle import SqmsPublicThrottle

from .common_public import PublicCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestPortalList(PublicCase):
    """Customers who are logged in: their own complaints, found at once, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._create_user("sqms_stranger", "base.group_portal")
        cls.mine = cls._create_complaint(partner_id=cls.portal.partner_id.id, name="The boiler leaks")
        cls.foreign = cls._create_complaint(partner_id=cls.stranger.partner_id.id, name="Something of a stranger")

    # -- whose -------------------------------------------------------------------

    def test_a_follower_who_is_not_the_customer_does_not_see_the_complaint(self):
        ticket = self._create_ticket(partner_id=self.stranger.partner_id.id)
        (self.foreign | ticket).message_subscribe(self.portal.partner_id.ids)
        Ticket = self.env["helpdesk.ticket"].with_user(self.portal)
        found = Ticket.search([("id", "in", (self.foreign | self.mine | ticket).ids)])
        self.assertEqual(found.sudo(), self.mine | ticket, "A plain ticket is followed as ever")
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.portal).read(["name"])
        self.authenticate("sqms_portal", "sqms_portal")
        self.assertNotIn(self.foreign.name, self.url_open("/my/complaints").text)
        self.assertNotIn(self.foreign.name, self.url_open("/my/tickets").text)

    def test_a_colleague_of_the_customers_company_sees_it(self):
        company = self.env["res.partner"].create({"name": "Huaxin", "is_company": True})
        (self.portal.partner_id | self.stranger.partner_id).parent_id = company
        found = self.env["helpdesk.ticket"].with_user(self.portal).search([("is_complaint", "=", True)])
        self.assertEqual(found.sudo(), self.mine | self.foreign)

    def test_a_representative_sees_it_while_the_mandate_holds(self):
        mandate = {"complaint_mandate_file": base64.b64encode(b"Mandate"), "complaint_mandate_name": "mandate.txt"}
        self.foreign.write({"complaint_representative_id": self.portal.partner_id.id, **mandate})
        self.authenticate("sqms_portal", "sqms_portal")
        self.assertIn(self.foreign.name, self.url_open("/my/complaints").text)
        self.assertIn(self.foreign.name, self.url_open(f"/my/complaints/{self.foreign.id}").text)
        self.foreign.complaint_mandate_until = "2026-01-01"
        self.assertNotIn(self.foreign.name, self.url_open("/my/complaints").text)

    def test_foreign_ids_get_the_answer_of_missing_ones(self):
        missing = self.env["helpdesk.ticket"].search([], order="id desc", limit=1).id + 1000
        file = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"secret", "res_model": "helpdesk.ticket", "res_id": self.foreign.id}
        )
        for user in (None, "sqms_portal"):
            self.authenticate(user, user)
            token = self._token()
            for path in (
                "/my/complaints/{id}",
                "/my/complaints/{id}?access_token=x",
                f"/my/complaints/{{id}}/file/{file.id}",
                "/my/complaints/{id}/file/0",
                "/my/ticket/{id}",
                "/my/ticket/{id}/x",
                "/ticket/close?ticket_id={id}&stage_id=1",
            ):
                for method in ("GET", "POST"):
                    answers = set()
                    for number in (self.foreign.id, missing, 2**31, 2**63):
                        address = path.replace("{id}", str(number))
                        data = {"csrf_token": token, "action": "message", "text": "x"} if method == "POST" else None
                        response = self.url_open(address, data=data, allow_redirects=False)
                        location = re.sub(rf"(?<![\d%]){number}(?!\d)", "N", response.headers.get("Location", ""))
                        answers.add((response.status_code, location))
                    self.assertEqual(len(answers), 1, (user, method, path, answers))
        self.assertFalse(self.foreign._complaint_public_messages())

    # -- the list -----------------------------------------------------------------

    def test_the_list_filters_searches_and_sorts(self):
        closed = self._create_complaint(partner_id=self.portal.partner_id.id, name="The tap drips")
        self._move(closed, "closed")
        self.mine.complaint_turn = "customer"
        self.authenticate("sqms_portal", "sqms_portal")
        for query, shown in (
            ({}, (True, True)),
            ({"filterby": "closed"}, (False, True)),
            ({"filterby": "open"}, (True, False)),
            ({"filterby": "mine"}, (True, False)),
            ({"search": "drips"}, (False, True)),
            ({"search": self.mine.number}, (True, False)),
            ({"search": "nothing like it"}, (False, False)),
            ({"filterby": "nonsense", "sortby": "number desc; --"}, (True, True)),
        ):
            text = self._text(self.url_open("/my/complaints", params=query))
            self.assertEqual(("boiler leaks" in text, "tap drips" in text), shown, query)
        rows = self._page(self.url_open("/my/complaints", params={"sortby": "number"})).xpath("//tbody/tr/td[1]")
        numbers = [row.text_content().strip() for row in rows]
        self.assertEqual(numbers, sorted(numbers))

    def test_the_list_asks_for_the_customers_own_column(self):
        """Among many tickets PostgreSQL reads the few of the customer from the index, and tests the rest on them."""
        self.env.cr.execute(
            """
            INSERT INTO helpdesk_ticket (name, description, number, is_complaint, complaint_state, active, company_id,
                                         stage_id, partner_id, commercial_partner_id, complaint_received_at,
                                         complaint_level)
            SELECT 'x', 'x', 'Z/' || n, true, 'received', true, %s, %s, %s, %s, now() - n * interval '1 minute', '1'
              FROM generate_series(1, 20000) n
            """,
            [self.company.id, self.mine.stage_id.id, self.customer.id, self.customer.commercial_partner_id.id],
        )
        self.env.cr.execute("ANALYZE helpdesk_ticket")
        Ticket = self.env["helpdesk.ticket"].with_user(self.portal)
        query = Ticket._search(Ticket._complaint_own_domain(), order="complaint_received_at desc, id desc", limit=20)
        plan = "\n".join(row for (row,) in self.env.execute_query(SQL("EXPLAIN ANALYZE %s", query.select())))
        self.assertIn("Index Cond: (commercial_partner_id =", plan)
        self.assertNotIn("Seq Scan on helpdesk_ticket", plan)
        self.assertEqual(Ticket.search(Ticket._complaint_own_domain()).sudo(), self.mine)

    def test_twice_the_complaints_are_listed_with_as_many_queries(self):
        self.authenticate("sqms_portal", "sqms_portal")

        def queries():
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.assertEqual(self.url_open("/my/complaints").status_code, 200)
            return self.cr.sql_log_count - before

        self._create_complaints(4, partner_id=self.portal.partner_id.id)
        queries()
        few = queries()
        self._create_complaints(8, partner_id=self.portal.partner_id.id)
        self.assertEqual(queries(), few)


@tagged("post_install", "-at_install", "sqms_alone")
class TestGuessing(PublicCase):
    """Guessing codes gives nothing: every guess is counted, and no answer tells how near it was."""

    def test_counter_is_exact_under_several_workers(self):
        dbname, workers, hits = self.env.cr.dbname, 6, 40
        results, failures = [], []
        limits = {**SqmsPublicThrottle._limits, "failure_number": (100, 10**7)}

        def work():
            try:
                with db_connect(dbname).cursor() as cr:
                    throttle = api.Environment(cr, 1, {})["sqms.public.throttle"]
                    results.extend(throttle.hit("failure_number", "C/2026/0001") for _hit in range(hits))
            except Exception as error:  # the thread's own
                failures.append(error)

        # A slot of many seconds, so that none ends while they count.
        with patch.object(SqmsPublicThrottle, "_limits", limits), patch.object(Registry, "check_signaling"):
            threads = [threading.Thread(target=work) for _worker in range(workers)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            with db_connect(dbname).cursor() as cr:
                cr.execute("SELECT max(hits) FROM sqms_public_throttle")
                counted = cr.fetchone()[0]
        self.assertFalse(failures)
        self.assertEqual(counted, workers * hits, "Not one guess is lost")
        self.assertEqual(sum(results), 100, "As many as the limit allows, whoever asked")

    def test_wrong_number_and_wrong_code_take_the_same_time(self):
        complaint, _code = self._sent()
        token = self._token("/complaint/status")
        limits = dict.fromkeys(SqmsPublicThrottle._limits, (10**6, 10**7))
        times = {complaint.number: [], "C/1999/0001": []}
        with patch.object(SqmsPublicThrottle, "_limits", limits):
            for turn in range(44):
                # Each is first as often as the other.
                for number, taken in sorted(times.items(), reverse=bool(turn % 2)):
                    data = {"csrf_token": token, "number": number, "code": f"2222 2222 2222 {2200 + turn}"}
                    begun = time.perf_counter()
                    response = self.url_open("/complaint/status", data=data)
                    if turn >= 4:
                        taken.append(time.perf_counter() - begun)
                    self.assertEqual(response.status_code, 200)
        wrong_code, wrong_number = map(median, times.values())
        self._logger.info("Median: wrong code %.2f ms, wrong number %.2f ms", wrong_code * 1e3, wrong_number * 1e3)
        self.assertLess(abs(wrong_code - wrong_number), 0.25 * max(wrong_code, wrong_number) + 0.002)

    def test_what_is_too_large_is_refused_before_it_is_read(self):
        for path in ("/complaint", "/complaint/status", "/my/complaints/1"):
            builder = EnvironBuilder(path=path, method="POST", base_url=self.base_url(), content_type="text/plain")
            environ = builder.get_environ()
            environ["CONTENT_LENGTH"] = str(MAX_CONTENT + 1)
            environ["HTTP_COOKIE"] = f"session_id={self.session.sid}"
            environ["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
            environ["REMOTE_ADDR"] = "127.0.0.1"
            statuses = []

            def start(status, _headers, _info=None, statuses=statuses):
                statuses.append(int(status[:3]))

            def work(environ=environ, start=start, statuses=statuses):
                try:
                    for _chunk in root(environ, start):
                        pass
                except werkzeug.exceptions.HTTPException as error:
                    statuses.append(error.code)

            with self.allow_requests(all_requests=True):
                thread = threading.Thread(target=work)
                thread.start()
                thread.join()
            self.assertEqual(statuses, [413], path)
