from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

from ..models.sqms_manual_copy import FREEZERS
from .public_page import chinese_path

# What these pages may do in a browser: no script, nothing from elsewhere, sent to nowhere else, shown in no frame.
HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "script-src 'none'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
        "base-uri 'self'"
    ),
}


class Quality(http.Controller):
    @http.route(
        "/quality/policy", type="http", auth="public", website=True, sitemap=True, readonly=True,
        methods=["GET"], sqms_plain=True,
    )  # fmt: skip
    def policy(self):
        """What the company shows to everybody: the published documents in force, without their files."""
        chinese = self._chinese_reader("/quality/policy")
        if chinese:
            return chinese
        page = request.env["sqms.policy.page"]
        company = page._policy_company(request.httprequest.host)
        response = self._page("portal_policy", company, page._policy_values(company))
        # Asked for each time, sent only when it has changed: what is withdrawn is gone at once.
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Cookie, Accept-Language"
        response.flatten()
        response.add_etag()
        return response.make_conditional(request.httprequest)

    @http.route("/quality/document/<int:document_id>", type="http", auth="user", readonly=True)
    def document(self, document_id):
        """Links in mails lead to the document, and so to the edition in force on the day of reading."""
        document = request.env["sqms.document"].search([("id", "=", document_id)])
        if not document:
            raise request.not_found()
        reading = request.env["sqms.acknowledgement"].search(
            [
                ("document_id", "=", document.id),
                ("employee_id.user_id", "=", request.env.uid),
                ("is_in_force", "=", True),
            ],
            limit=1,
        )
        target = f"sqms-readings/{reading.id}" if reading else f"sqms-documents/{document.id}"
        return request.redirect(f"/odoo/{target}")

    # -- the manual --------------------------------------------------------------

    @http.route("/quality/manual/open", type="http", auth="user", readonly=True, methods=["GET"], sqms_plain=True)
    def manual_open(self):
        """The manual in the language of the reader, whatever page he saw before."""
        language = request.env["res.lang"]._get_data(code=request.env.user.lang)
        return request.redirect(f"/{language.url_code}/quality/manual" if language else "/quality/manual")

    @http.route(
        "/quality/manual", type="http", auth="user", website=True, sitemap=False, readonly=True,
        methods=["GET"], sqms_plain=True,
    )  # fmt: skip
    def manual(self):
        """The quality manual for people of the company, made of what they may read."""
        self._only_internal()
        try:
            manual = request.env["sqms.manual"]._manual()
        except AccessError as error:
            return self._page("manual_closed", request.env.company.sudo(), {"reason": error.args[0]}, status=403)
        response = self._page("manual_page", manual["company"], {"manual": manual, **self._manual_buttons(manual)})
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route(
        "/quality/manual.pdf", type="http", auth="user", website=True, sitemap=False, methods=["GET"], sqms_plain=True
    )
    def manual_pdf(self):
        """The same on paper."""
        self._only_internal()
        try:
            content, _pages, manual = request.env["sqms.manual"]._manual_pdf()
        except AccessError as error:
            return self._page("manual_closed", request.env.company.sudo(), {"reason": error.args[0]}, status=403)
        name = request.env["sqms.manual"]._manual_file_name(manual)
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

    @http.route("/quality/manual/freeze", type="http", auth="user", website=True, methods=["POST"], sqms_plain=True)
    def manual_freeze(self):
        """Keep the manual as it is now; what speaks against it is said on a page."""
        self._only_internal()
        try:
            copy = request.env["sqms.manual.copy"]._freeze()
        except (AccessError, UserError) as error:
            return self._page("manual_closed", request.env.company.sudo(), {"reason": error.args[0]}, status=403)
        return request.redirect(f"/odoo/sqms-frozen-manuals/{copy.id}", code=303)

    @http.route("/quality/manual/create", type="http", auth="user", website=True, methods=["POST"], sqms_plain=True)
    def manual_create(self):
        """A first draft of the manual's own words."""
        self._only_internal()
        try:
            action = request.env["sqms.manual"].action_create_document()
        except AccessError as error:
            return self._page("manual_closed", request.env.company.sudo(), {"reason": error.args[0]}, status=403)
        return request.redirect(f"/odoo/sqms-documents/{action['res_id']}", code=303)

    def _manual_buttons(self, manual):
        """What this reader can do with the manual."""
        user = request.env.user
        return {
            "may_freeze": manual["in_force"] and any(user.has_group(group) for group in FREEZERS),
            "may_create": not manual["edition"] and request.env["sqms.document"].has_access("create"),
            "sees_copies": request.env["sqms.manual.copy"].has_access("read"),
            "csrf": request.csrf_token(),
        }

    def _only_internal(self):
        if not request.env.user._is_internal():
            raise request.not_found()

    # -- tools -------------------------------------------------------------------

    def _page(self, template, company, values, status=200):
        response = request.render(
            f"sqms_base.{template}",
            {
                "company": company,
                "page_lang": (request.env.lang or "en_US").replace("_", "-"),
                "is_internal": request.env.user._is_internal(),
                **values,
            },
            status=status,
        )
        response.headers.update(HEADERS)
        return response

    def _chinese_reader(self, path):
        chinese = chinese_path(path)
        return chinese and request.redirect(chinese)
