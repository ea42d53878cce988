from odoo import http
from odoo.http import request

from .complaint_portal import MAX_ID, ComplaintPage, complaint_or_none
from .complaint_status import ComplaintStatus


class ComplaintMergedPage(ComplaintPage):
    """A customer who is logged in, or holds the link of a mail, finds the complaint that is kept behind the address
    of a merged one. Only where both are the same customer's.
    """

    @http.route()
    def portal_my_complaint(self, complaint_id, access_token=None, **kwargs):
        kept = self._kept(complaint_id, access_token)
        if not kept:
            return super().portal_my_complaint(complaint_id, access_token=access_token, **kwargs)
        token = "" if complaint_or_none(kept.id) else kept._portal_ensure_token()
        if request.httprequest.method != "POST":
            query = f"?access_token={token}" if token else ""
            return request.redirect(f"/my/complaints/{kept.id}{query}")
        # What he has just written belongs to the one case, whichever page he wrote it on.
        request.params["access_token"] = token
        return super().portal_my_complaint(kept.id, access_token=token or None, **kwargs)

    def _kept(self, complaint_id, access_token):
        """The complaint to be shown instead, to who may open the merged one; or None."""
        if not 0 < complaint_id <= MAX_ID:
            return None
        complaint = request.env["helpdesk.ticket"].sudo().browse(complaint_id).exists()
        if complaint.complaint_state != "merged":
            return None
        kept = complaint._complaint_followed()
        if kept == complaint:
            return None
        may_open = complaint_or_none(complaint_id, access_token) or complaint_or_none(kept.id, access_token)
        return kept if may_open else None


class ComplaintMergedStatus(ComplaintStatus):
    """Who came in by number, code and word of a merged complaint reads the one that is kept."""

    def _case_page(self, complaint, hint, **values):
        return super()._case_page(complaint._complaint_opened(), hint, **values)
