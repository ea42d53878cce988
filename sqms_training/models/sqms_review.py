from odoo import models


class SqmsReview(models.Model):
    """Certificates and training among the resources in the management review: how many, never who."""

    _inherit = "sqms.review"

    def _review_resources(self, period):
        return self._review_merge(
            super()._review_resources(period), self._review_certificates(period), self._review_training(period)
        )

    def _review_training(self, period):
        """Who has what he needs at the end of the period, and what came of the training in it."""
        coverage = self.env["sqms.training.coverage"]
        now, before = (
            coverage._latest(period.company, period.date_to),
            coverage._latest(period.company, period.before_to),
        )
        labels = {
            "certificate": self.env._("Posts held with valid certificates"),
            "competence": self.env._("Requirements of jobs met"),
            "clearance": self.env._("Sensitive posts held by cleared people"),
        }
        targets = {"certificate": 100, "clearance": 100}
        figures = [
            self._review_share(
                f"coverage_{kind}", label, *now[kind][:2], before=before.get(kind, (0, 0))[:2], better="higher",
                target=targets.get(kind),
            )
            for kind, label in labels.items()
            if kind in now
        ]  # fmt: skip
        if self._review_has("sqms.training.enrolment"):
            figures += self._review_training_figures(period)
        return self._review_content(figures=figures, empty=self.env._("No training is on record."))

    def _review_training_figures(self, period):
        model = "sqms.training.enrolment"
        planned = self._review_twice(period, model, "counted_at", ("state", "!=", "cancelled"))
        passed = self._review_twice(period, model, "counted_at", ("state", "=", "passed"))
        judged = self._review_twice(period, model, "effect_at", ("effect_result", "!=", False))
        effective = self._review_twice(period, model, "effect_at", ("effect_result", "=", "effective"))
        return [
            self._review_share("training_completed", self.env._("Training completed"), passed[0], planned[0],
                               before=(passed[1], planned[1]), better="higher", target=95),
            self._review_share("training_effective", self.env._("Training effective in the work"), effective[0],
                               judged[0], before=(effective[1], judged[1]), better="higher"),
        ]  # fmt: skip

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
