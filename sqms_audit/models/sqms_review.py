from odoo import models

from ..lib.vocabulary import NEED_RESPONSE, NONCONFORMITIES


class SqmsReview(models.Model):
    """Audits in the management review (ISO 9001, 9.3.2 c 6): which were done, what they found, what is settled."""

    _inherit = "sqms.review"

    def _review_audits(self, period):
        if not self._review_has("sqms.audit"):
            return self._review_content(empty=self.env._("No audit has been planned yet."))
        finding = "sqms.audit.finding"
        closed, before = self._review_twice(period, "sqms.audit", "closed_on", ("state", "=", "closed"))
        bad, bad_before = self._review_twice(period, finding, "date", ("grade", "in", NONCONFORMITIES))
        waiting = [("grade", "in", NEED_RESPONSE), ("state", "!=", "accepted")]
        still = self._review_count(period, finding, *waiting)
        late = self._review_count(period, finding, *waiting, ("due_date", "<", period.today))
        settled, settled_before = self._review_twice(
            period, finding, "accepted_on", ("due_date", "!=", False), ("state", "=", "accepted")
        )
        kept, kept_before = self._review_twice(period, finding, "accepted_on", ("is_on_time", "=", True))
        return self._review_content(
            figures=[
                self._review_tally("audits", self.env._("Audits closed"), closed, before),
                self._review_tally("audit_findings", self.env._("Nonconformities found by audits"), bad, bad_before,
                                   better="lower"),
                self._review_tally("audit_findings_late", self.env._("Findings past their day"), late, better="lower",
                                   target=0, of=still),
                self._review_share("audit_findings_on_time", self.env._("Findings settled on time"), kept, settled,
                                   before=(kept_before, settled_before), better="higher", is_sample=True),
            ],
            tables=[
                self._review_by(period, finding, "grade", self.env._("Findings by grade"), date_field="date"),
                self._review_by(period, "sqms.audit", "state", self.env._("All audits by state")),
            ],
        )  # fmt: skip
