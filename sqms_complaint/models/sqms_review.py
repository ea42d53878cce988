from odoo import models

CLOSED = ("closed", "withdrawn")


class SqmsReview(models.Model):
    """Complaints in the management review (ISO 10002, 8.6): how many, about what, answered in time, upheld."""

    _inherit = "sqms.review"

    def _review_complaints(self, period):
        model = "helpdesk.ticket"
        mine = ("is_complaint", "=", True)
        if not self._review_count(period, model, mine):
            return self._review_content(empty=self.env._("No complaint has been recorded."))
        received, before = self._review_twice(period, model, "complaint_received_at", mine)
        still = self._review_count(period, model, mine, ("complaint_state", "not in", CLOSED))
        decided = [mine, ("complaint_decision", "!=", False)]
        upheld = [mine, ("complaint_decision", "in", ("upheld", "partly"))]
        found, found_before = self._review_twice(period, model, "complaint_closed_at", *decided)
        right, right_before = self._review_twice(period, model, "complaint_closed_at", *upheld)
        months = self._review_months(period, model, "complaint_received_at", mine)
        return self._review_content(
            figures=[
                self._review_tally("complaints", self.env._("Complaints received"), received, before, better="lower"),
                self._review_tally("complaints_open", self.env._("Complaints open now"), still),
                *self._review_complaint_deadlines(period),
                # For information: a target here would teach people to reject.
                self._review_share("complaints_upheld", self.env._("Complaints upheld"), right, found,
                                   before=(right_before, found_before), is_sample=True),
            ],
            tables=[
                self._review_by(period, model, "complaint_category_id", self.env._("Complaints by category"), mine,
                                date_field="complaint_received_at"),
                self._review_by(period, model, "complaint_state", self.env._("All complaints by state"), mine),
            ],
            charts=[
                self._review_line(self.env._("Complaints received, by month"), months,
                                  **self._review_border(period, months))
            ] if received or before else [],
        )  # fmt: skip

    def _review_complaint_deadlines(self, period):
        """Of the deadlines of complaints that were met or missed in the period, those that were met."""
        clocks = [("res_model", "=", "helpdesk.ticket")]
        late, late_before = self._review_twice(period, "sqms.clock", "breached_at", *clocks)
        kept, kept_before = self._review_twice(period, "sqms.clock", "met_at", *clocks, ("breached_at", "=", False))
        if not late + kept + late_before + kept_before:
            return []
        return [
            self._review_share(
                "complaint_deadlines", self.env._("Complaint deadlines kept"), kept, kept + late,
                before=(kept_before, kept_before + late_before), better="higher", is_sample=True,
            )
        ]  # fmt: skip
