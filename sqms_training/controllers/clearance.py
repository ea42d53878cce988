from odoo import http
from odoo.http import content_disposition, request

HEADERS = [
    ("Cache-Control", "no-store, private"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Referrer-Policy", "no-referrer"),
]


class ClearancePaper(http.Controller):
    """The one door to the papers of clearances: it writes down who goes through."""

    @http.route("/sqms/clearance/paper/<int:paper_id>", type="http", auth="user", methods=["GET"], readonly=False)
    def paper(self, paper_id):
        papers = request.env["sqms.clearance.paper"]
        paper = papers.browse(paper_id)
        # What is not there and what is not for this person look the same.
        if not papers.has_access("read") or not papers.search_count([("id", "=", paper_id)], limit=1):
            raise request.not_found()
        found = paper._content()
        if not found:
            raise request.not_found()
        content, name, mimetype = found
        headers = [("Content-Type", mimetype), ("Content-Disposition", content_disposition(name)), *HEADERS]
        return request.make_response(content, headers)
