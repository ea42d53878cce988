from odoo import models


class SqmsReview(models.Model):
    """Certificates among the resources in the management review: how many are valid, never whose."""

    _inherit = "sqms.review"

    def _review_resources(self, period):
        return self._review_merge(super()._review_resources(period), self._review_certificates(period))

    def _review_certificates(self, period):
        rows = self.env["sqms.manual"]._manual_certificates({"company": period.company})["rows"]
        if not rows:
            return self._review_content(empty=self.env._("No certificate is on record."))
        valid = sum(row["valid"] + row["expiring"] for row in rows)
        over = sum(row["over"] for row in rows)
        return self._review_content(
            figures=[
                self._review_share("certificates_valid", self.env._("Certificates valid"), valid, valid + over,
                                   better="higher", target=100),
                self._review_tally("certificates_expiring", self.env._("Certificates that expire soon"),
                                   sum(row["expiring"] for row in rows), of=valid),
            ],
            tables=[
                self._review_table(
                    self.env._("Certificates"),
                    [self.env._("Certificate"), self.env._("Valid"), self.env._("Expiring"), self.env._("Over")],
                    [[row["name"], row["valid"], row["expiring"], row["over"]] for row in rows],
                )
            ],
        )  # fmt: skip
