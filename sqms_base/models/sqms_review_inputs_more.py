from odoo import models

from .sqms_review_content import Amount

CATEGORIES = ("prevention", "appraisal", "internal", "external")


class SqmsReviewInputsMore(models.Model):
    """What the house adds to the list of the standard: complaints, money, documents, law."""

    _inherit = "sqms.review"

    def _review_complaints(self, period):
        """Addons that handle complaints fill this."""
        return self._review_content(empty=self.env._("No register of complaints is installed."))

    # -- money ---------------------------------------------------------------------

    def _review_costs(self, period):
        """What quality cost, by category and against the period before, and what improvements saved."""
        if not self._review_has("sqms.quality.cost"):
            content = self._review_content(empty=self.env._("No quality cost has been booked."))
            saving = self._review_savings(period)
            is_known = saving and saving["value"] is not None
            return self._review_merge(content, self._review_content(figures=[saving])) if is_known else content
        names = dict(self.env["sqms.quality.cost"]._fields["category"]._description_selection(self.env))
        now, before = (
            self._review_cost_of(period.company, period.date_from, period.date_to),
            self._review_cost_of(period.company, period.before_from, period.before_to),
        )
        total, total_before = round(sum(now.values()), 2), round(sum(before.values()), 2)
        failure = round(now["internal"] + now["external"], 2)
        failure_before = round(before["internal"] + before["external"], 2)
        money = self._review_money
        figures = [
            self._review_figure("cost_total", self.env._("Quality cost"), total, unit="money", before=total_before,
                                note=self.env._("all that was booked")),
            self._review_figure("cost_failure", self.env._("Cost of failures"), failure, unit="money",
                                before=failure_before, better="lower", note=self.env._("internal and external")),
            self._review_figure(
                "cost_failure_share", self.env._("Share of failures"),
                round(100 * failure / total, 1) if total else None, unit="%", decimals=1,
                before=round(100 * failure_before / total_before, 1) if total_before else None, better="lower",
                note=self.env._("%(part)s of %(all)s", part=money(failure), all=money(total)),
            ),
            self._review_savings(period),
        ]  # fmt: skip
        words = {"before": self.env._("Period before"), "now": self.env._("This period")}
        return self._review_content(
            figures=figures,
            tables=[
                self._review_table(
                    self.env._("Quality cost by category"),
                    [self.env._("Category"), words["now"], words["before"]],
                    [[names[name], money(now[name]), money(before[name])] for name in CATEGORIES]
                    + [[self.env._("Total"), money(total), money(total_before)]],
                )
            ],
            charts=[
                self._review_chart(
                    self.env._("Quality cost, this period and before"), "stacked",
                    [{"label": words[which], "values": [max(found[name], 0.0) for name in CATEGORIES],
                      "text": money(sum(found.values()))} for which, found in (("before", before), ("now", now))],
                    unit="money", series=[names[name] for name in CATEGORIES],
                )
            ] if total or total_before else [],
        )  # fmt: skip

    def _review_money(self, amount):
        return Amount(self._review_number(amount, "money"))

    def _review_cost_of(self, company, date_from, date_to):
        costs = self.env["sqms.quality.cost"].sudo()
        if hasattr(costs, "_totals"):
            return costs._totals(company, date_from, date_to)
        found = costs._read_group(
            [("company_id", "=", company.id), ("date", ">=", date_from), ("date", "<=", date_to),
             ("currency_id", "=", company.currency_id.id)],
            ["category"], ["amount:sum"],
        )  # fmt: skip
        return {**dict.fromkeys(CATEGORIES, 0.0), **dict(found)}

    # -- policy and documents ----------------------------------------------------------

    def _review_documents(self, period):
        versions = self.env["sqms.document.version"].sudo()
        in_force = versions.search([("company_id", "=", period.company.id), *versions._in_force_domain(period.now)])
        if not in_force:
            return self._review_content(empty=self.env._("No document is in force."))
        readings = [("is_in_force", "=", True), ("employee_id.active", "=", True)]
        asked = self._review_count(period, "sqms.acknowledgement", *readings)
        read = self._review_count(period, "sqms.acknowledgement", *readings, ("state", "=", "done"))
        late = self._review_count(
            period, "sqms.acknowledgement", *readings, ("state", "=", "open"), ("date_due", "<", period.today)
        )
        reviews = self.env["sqms.document.review"].sudo().search(
            [("company_id", "=", period.company.id), ("state", "=", "open"), ("date_due", "<", period.today)]
        )  # fmt: skip
        types = dict(self.env["sqms.document"]._fields["document_type"]._description_selection(self.env))
        policies = in_force.filtered(lambda version: version.document_id.document_type == "policy")
        counts = {}
        for version in in_force:
            counts[version.document_id.document_type] = counts.get(version.document_id.document_type, 0) + 1
        return self._review_content(
            figures=[
                self._review_share("readings_done", self.env._("Readings done"), read, asked,
                                   better="higher", target=100) if asked else None,
                self._review_tally("readings_late", self.env._("Readings late"), late, better="lower", target=0,
                                   of=asked) if asked else None,
                self._review_tally("reviews_late", self.env._("Documents past their review"), len(reviews),
                                   better="lower", target=0, of=len(in_force.document_id)),
            ],
            tables=[
                self._review_table(
                    self.env._("Policies in force"), [self.env._("Policy"), self.env._("Effective")],
                    [[version.display_name, self._review_day(version.date_effective)] for version in policies],
                ),
                self._review_table(
                    self.env._("Documents in force by type"), [self.env._("Type"), self.env._("How Many")],
                    [[types[kind], counts[kind]] for kind in types if kind in counts],
                ),
                self._review_table(
                    self.env._("Documents past their review"), [self.env._("Document"), self.env._("Due")],
                    [[review.document_id.display_name, self._review_day(review.date_due)] for review in reviews],
                ),
            ],
        )  # fmt: skip

    # -- law -------------------------------------------------------------------------

    def _review_compliance(self, period):
        mine = [("is_relevant", "=", True)]
        total = self._review_count(period, "sqms.obligation", *mine)
        if not total:
            return self._review_content(
                empty=self.env._("The company has not said yet which clauses of standards and laws apply to it.")
            )
        looked = self._review_count(period, "sqms.obligation", *mine, ("compliance", "!=", "not_evaluated"))
        met = self._review_count(period, "sqms.obligation", *mine, ("compliance", "=", "compliant"))
        late = self._review_count(period, "sqms.obligation", *mine, ("date_next_review", "<", period.today))
        evaluated, before = self._review_twice(period, "sqms.obligation.evaluation", "date")
        return self._review_content(
            figures=[
                self._review_share("duties_met", self.env._("Duties met"), met, looked, decimals=0,
                                   better="higher", target=100,
                                   note=self.env._("%(met)s of %(looked)s evaluated", met=met, looked=looked)),
                self._review_share("duties_evaluated", self.env._("Duties evaluated"), looked, total, decimals=0,
                                   better="higher", target=100),
                self._review_tally("duties_late", self.env._("Duties past their review"), late, better="lower",
                                   target=0, of=total),
                self._review_tally("evaluations", self.env._("Evaluations made"), evaluated, before),
            ],
            tables=[
                self._review_by(period, "sqms.obligation", "compliance", self.env._("Duties by result"), *mine)
            ],
        )  # fmt: skip
