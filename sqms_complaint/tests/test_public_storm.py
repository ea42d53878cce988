import os
import threading
import time
from collections import Counter
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Response

from odoo.http import root
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_public import WORD, PublicCase
from .fuzz_requests import Requests

# With SQMS_FUZZ_REQUESTS=10000 it takes some minutes; the seed is the same, so the first ones are those of every run.
NUMBER = int(os.environ.get("SQMS_FUZZ_REQUESTS", "1500"))
STATUS_NAMES = ("number", "code", "word", "proof", "action", "text", "once", "file", "letter", "sure")
LIST_NAMES = ("page", "date_begin", "date_end", "sortby", "filterby", "search", "search_in", "groupby")
PAGES = {
    "/complaint": (
        "happened", "event_date", "category", "wish", "customer", "contact", "reach", "word", "anonymous", "form",
        "website",
    ),
    "/complaint/status": STATUS_NAMES,
    "/complaint/privacy": ("x",),
    "/quality/feedback": (
        "kind", "words", "person", "email", "anonymous", "form", "website", "stage", "rating",
        "process",
    ),
    "/quality/feedback/status": ("code",),
    "/quality/feedback/privacy": ("x",),
    "/my/complaints": LIST_NAMES,
    "/my/complaints/page/{id}": LIST_NAMES,
    "/my/complaints/{id}": ("access_token", *STATUS_NAMES),
    "/my/complaints/{id}/file/{id}": ("access_token",),
    "/my/tickets": LIST_NAMES,
    "/my/tickets/page/{id}": LIST_NAMES,
    "/my/ticket/{id}": ("access_token",),
    "/my/ticket/{id}/{word}": ("access_token",),
    "/new/ticket": ("category", "team", "x"),
    "/submitted/ticket": ("category", "team", "subject", "description", "attachment"),
    "/ticket/close": ("ticket_id", "stage_id", "x_id"),
    "/help/team/{id}": ("x",),
    "/help/{word}": ("x",),
    "/satisfaction/stop/{word}": ("x",),
}  # fmt: skip
MEMBERS = ("/my/", "/new/", "/submitted/", "/ticket/", "/help/")


@tagged("post_install", "-at_install", "sqms_alone")
class TestPublicStorm(PublicCase):
    """No request that anybody can think of is answered with a crash: neither ours, nor the helpdesk's."""

    def setUp(self):
        super().setUp()
        throttle = type(self.env["sqms.public.throttle"])
        self.patch(throttle, "_delay_seconds", 0.0)
        self.patch(throttle, "_limits", dict.fromkeys(throttle._limits, (10**6, 60)))

    def _survey_pages(self):
        """The survey about a resolution, as a customer is invited to it."""
        closed = self._move(self._create_complaint(), "closed")
        self.env["sqms.satisfaction.answer"].sudo()._invite(closed)
        address = urlsplit(closed._satisfaction_survey_url())
        survey, answer = address.path.rpartition("/")[2], parse_qs(address.query)["answer_token"][0]
        questions = self.env["survey.survey"].sudo().search([("access_token", "=", survey)]).question_ids
        names = ("answer_token", *map(str, questions.ids), "previous_page_id", "lang_code")
        paths = (f"start/{survey}", f"{survey}/{answer}", f"submit/{survey}/{answer}")
        return {f"/survey/{path}": names for path in paths}

    def _client(self, user=None):
        if user:
            self.authenticate(user, user)
        else:
            self.authenticate(None, None)
        token = self._token()
        client = Client(root, Response)
        client.set_cookie("session_id", self.session.sid, domain="127.0.0.1")
        return client, token

    def _send_all(self, client, requests, number, statuses, crashes):
        for request in requests.make(number):
            try:
                environ = EnvironBuilder(base_url=self.base_url(), **request).get_environ()
            except (UnicodeError, ValueError):
                statuses["not to be sent"] += 1
                continue
            environ.setdefault("REMOTE_ADDR", "127.0.0.1")
            response = client.open(environ)
            statuses[response.status_code] += 1
            if response.status_code >= 500:
                crashes.append((response.status_code, request))
            response.close()

    def _in_thread(self, work):
        # Odoo keeps what belongs to a request on the thread; the test's own stays out of it.
        failures = []

        def run():
            try:
                work()
            except Exception as error:  # the thread's own
                failures.append(error)

        thread = threading.Thread(target=run)
        with self.allow_requests(all_requests=True):
            thread.start()
            thread.join()
        if failures:
            raise failures[0]

    def test_no_request_crashes_a_page(self):
        complaint, code = self._sent(word=WORD)
        proof = self._proof(self._look_up(complaint.number, code))
        own = self._create_complaint(partner_id=self.portal.partner_id.id)
        ticket = self._create_ticket(partner_id=self.portal.partner_id.id, team_id=False, user_id=False)
        known = [complaint.number, code, WORD, proof, "message", "accept", "object", "withdraw", "file", "letter",
                 "decision", str(self.category.id), str(ticket.stage_id.id), own._portal_ensure_token()]  # fmt: skip
        pages = {**PAGES, **self._survey_pages()}
        statuses, crashes, begun = Counter(), [], time.monotonic()
        loggers = ("odoo.http", "odoo.addons.base.models.ir_http", "odoo.addons.http_routing.models.ir_http")
        # Who is not logged in is sent to the login by half of the pages: those are tried less often.
        public = {path: names for path, names in pages.items() if not path.startswith(MEMBERS)}
        for user, share, mine in ((None, 0.5, public), (None, 0.05, pages), ("sqms_portal", 0.45, pages)):
            client, token = self._client(user)
            requests = Requests(20261123, mine, [own.id, ticket.id, complaint.id], token, known)
            with mute_logger(*loggers):
                self._in_thread(
                    lambda client=client, requests=requests, share=share: self._send_all(
                        client, requests, int(NUMBER * share), statuses, crashes
                    )
                )
        self.env.invalidate_all()
        self._logger.info("%s requests in %.0f s: %s", NUMBER, time.monotonic() - begun, dict(statuses))
        self.assertEqual(crashes[:3], [])
        self.assertGreater(statuses[200], NUMBER * 0.2, "Most of the storm must reach a page")
        self.assertGreater(statuses[400], NUMBER * 0.02)
        self.assertLess(statuses["not to be sent"], NUMBER * 0.05)
