from odoo import http
from odoo.http import request

from odoo.addons.sqms_base.controllers.public_page import MAX_CONTENT
from odoo.addons.sqms_base.lib.public_code import normalize_code, normalize_number

from .public_page import PublicPage


class ComplaintStatus(PublicPage, http.Controller):
    """Following a complaint with number and code.

    1. The code travels in the body of a POST alone. A link carries the number at most.
    2. Failures are counted, successes are not: by number, by address, and for all together. Too many failures on
       one number slow the answer down; too many from one address, or of all, are answered with nothing but a request
       to wait. The right code opens its case all the same: nobody keeps a customer out, and 78 bits are not guessed.
       The word is short: it is tried ten times in a quarter of an hour, by whoever holds number and code.
    3. After that the page carries a proof that runs out (see `helpdesk.ticket`); with it the customer writes,
       answers the decision and opens files. There is no session and no token in any address.
    """

    @http.route(
        "/complaint/status",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
        max_content_length=MAX_CONTENT,
        sqms_guard=True,
        sqms_files=("files",),
    )
    def complaint_status(self, **kwargs):
        if request.httprequest.method != "POST":
            return self._lookup_page({"number": self._text("number", 40)})
        if request.params.get("proof"):
            return self._act()
        return self._look_up()

    def _lookup_page(self, typed, error=None):
        return self._render("public_lookup", {"typed": typed, "error": error})

    # -- coming in ---------------------------------------------------------

    def _look_up(self):
        number, code, word = self._text("number", 40), self._text("code", 60), self._text("word", 200)
        throttle = self._throttle()
        guessed_number = normalize_number(number)
        if not throttle.is_within("failure_number", guessed_number):
            throttle.slow_down()
        complaint = request.env["helpdesk.ticket"]._complaint_find(number, code, word)
        if complaint:
            return self._case_page(complaint, normalize_code(code)[:4])
        return self._refuse(throttle, number, guessed_number)

    def _refuse(self, throttle, number, guessed_number):
        """The one answer to whatever is wrong, and another one to whoever is wrong too often."""
        address = throttle.address()
        throttle.hit("failure_number", guessed_number)
        within = throttle.hit("failure_all")
        if address:
            within &= throttle.hit("failure_address", address)
        if not within:
            return self._too_many()
        error = request.env._(
            "Number, code and word do not fit together. Please compare them with what you wrote down. "
            "If you chose no word, leave that field empty."
        )
        return self._lookup_page({"number": number}, error)

    def _case_page(self, complaint, hint, **values):
        return self._render(
            "public_status",
            self._prepare_status_values(
                complaint,
                proof=complaint._complaint_proof(hint),
                hint=request.env._("Only you see this page, with your code %s.", f"{hint}-****"),
                once=self._once(),
                action_url=request.httprequest.path,
                file_url=None,
                **values,
            ),
        )

    # -- staying in --------------------------------------------------------

    def _act(self):
        complaint, hint = request.env["helpdesk.ticket"]._complaint_from_proof(self._text("proof", 200))
        if not complaint:
            error = request.env._("You have been away for a while. Please enter number and code again.")
            return self._lookup_page({}, error)
        action = self._text("action", 20)
        if action == "file":
            return self._file(complaint, hint)
        if action == "letter":
            return self._letter(complaint) or self._case_page(complaint, hint)
        return self._case_page(complaint, hint, **self._customer_acts(complaint, action))

    def _file(self, complaint, hint):
        wanted = self._text("file", 12)
        file_id = int(wanted) if wanted.isascii() and wanted.isdecimal() else 0
        attachment = complaint._complaint_public_files().filtered(lambda file: file.id == file_id)
        return self._stream(attachment) if attachment else self._case_page(complaint, hint)
