from odoo import http
from odoo.http import request


class Quality(http.Controller):
    @http.route("/quality/policy", type="http", auth="public", website=True, sitemap=True, readonly=True)
    def policy(self):
        """What the company shows to everybody: the published documents in force, without their files."""
        editions = request.env["sqms.document.version"].sudo()._published(request.env.company)
        return request.render("sqms_base.portal_policy", {"editions": editions, "company": request.env.company.sudo()})

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
