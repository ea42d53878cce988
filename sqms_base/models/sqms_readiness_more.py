from odoo import models
from odoo.fields import Domain


class SqmsReadinessMore(models.AbstractModel):
    """What hangs together: reviews done in time, goals that serve a policy and are measured, clauses with an owner."""

    _inherit = "sqms.readiness"

    def _more_readiness_checks(self):
        return [
            self._readiness_check(
                "landscape", 20, self.env._("Processes linked"), self._check_landscape,
                "sqms_base.sqms_process_action", icon="fa-share-alt",
            ),
            self._readiness_check(
                "reviews", 30, self.env._("Documents reviewed in time"), self._check_reviews,
                "sqms_base.sqms_document_review_action", icon="fa-calendar-check-o",
            ),
            self._readiness_check(
                "goals", 40, self.env._("Goals"), self._check_goals,
                "sqms_base.sqms_goal_action", icon="fa-flag-checkered",
            ),
            self._readiness_check(
                "clauses", 60, self.env._("Standards and law"), self._check_clauses,
                "sqms_base.sqms_obligation_action", icon="fa-gavel",
            ),
        ]  # fmt: skip

    def _check_landscape(self, company):
        """No process stands alone: each has clause, document, indicator and a neighbour."""
        processes = self.env["sqms.process"].sudo().search([("company_id", "=", company.id)])
        if not processes:
            return False, self.env._("No process is registered.")
        gaps = processes._gaps()
        alone = processes.filtered(lambda process: set(gaps[process.id]) - {"owner", "accountable"})
        return self._without(
            alone,
            self.env._("Each of %s processes has clauses, documents, indicators and neighbours.", len(processes)),
            lambda names: self.env._("Something is not linked yet: %s.", names),
        )

    def _check_reviews(self, company):
        today = company._sqms_today()
        late = self.env["sqms.document.review"].sudo().search(
            [("company_id", "=", company.id), ("state", "=", "open"), ("date_due", "<", today)]
        )  # fmt: skip
        return self._without(
            late.document_id,
            self.env._("No document is past its review."),
            lambda names: self.env._("Past their review: %s.", names),
        )

    def _check_goals(self, company):
        """Approved goals that run today; each objective serves a policy, itself or through its strategy."""
        today = company._sqms_today()
        goals = self.env["sqms.goal"].sudo().search(
            [("company_id", "=", company.id), ("state", "=", "approved"),
             ("date_from", "<=", today), ("date_to", ">=", today)]
        )  # fmt: skip
        objectives = goals.filtered(lambda goal: goal.kind == "objective")
        if not objectives:
            return False, self.env._("No objective that runs today has been approved.")
        adrift = objectives.filtered(lambda goal: not _serves_policy(goal) or not goal.target_ids)
        return self._without(
            adrift,
            self.env._("%s objectives run, each measured and derived from a policy.", len(objectives)),
            lambda names: self.env._("Without a policy or an indicator: %s.", names),
        )

    def _check_clauses(self, company):
        """Whoever works with a standard says who answers for its clauses."""
        obligations = self.env["sqms.obligation"].sudo()
        mine = Domain("company_id", "=", company.id) & Domain("applicability", "=", "applicable")
        mine &= Domain("is_relevant", "=", True)
        count = obligations.search_count(mine)
        if not count:
            return False, self.env._("The company has not said yet which clauses apply to it.")
        missing = obligations.search_count(
            mine & (Domain("owner_id", "=", False) | Domain("owner_id.active", "=", False))
        )
        if missing:
            return False, self.env._(
                "%(missing)s of %(count)s clauses that apply have no owner.", missing=missing, count=count
            )
        late = obligations.search_count(mine & Domain("date_next_review", "<", company._sqms_today()))
        if late:
            return False, self.env._("%(late)s of %(count)s clauses are past their review.", late=late, count=count)
        return True, self.env._("Each of %s clauses that apply has an owner.", count)


def _serves_policy(goal):
    while goal:
        if goal.document_id:
            return True
        goal = goal.parent_id
    return False
