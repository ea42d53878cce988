from odoo import http
from odoo.http import request

from odoo.addons.mail.controllers.mail import MailController


class Document(http.Controller):
    @http.route("/quality/edition/<int:version_id>", type="http", auth="user", readonly=True)
    def edition(self, version_id):
        """A link to an edition, however old: to the edition for who may read it, else to what is in force now.

        Whoever may read neither learns nothing, not even that it exists.
        """
        keeper = request.env.user.has_groups(
            "sqms_base.group_sqms_officer,sqms_base.group_sqms_top,sqms_base.group_sqms_certifier"
        )
        if keeper and request.env["sqms.document.version"].search([("id", "=", version_id)]):
            return request.redirect(f"/odoo/sqms-editions/{version_id}")
        version = request.env["sqms.document.version"].sudo().browse(version_id).exists()
        document = request.env["sqms.document"].search([("id", "=", version.document_id.id)])
        if not document:
            raise request.not_found()
        return request.redirect(f"/quality/document/{document.id}")


class MailLink(MailController):
    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        """The link in a mail about an edition that its reader may no longer read leads to the one in force."""
        if model == "sqms.document.version" and res_id and request.session.uid:
            user = request.env["res.users"].sudo().browse(request.session.uid)
            versions = request.env[model].with_user(user)
            may_read = versions.has_access("read") and versions.search_count([("id", "=", int(res_id))])
            if not may_read:
                return request.redirect(f"/quality/edition/{int(res_id)}")
        return super()._redirect_to_record(model, res_id, access_token=access_token, **kwargs)
