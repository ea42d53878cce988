from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

REVIEW_ACTIVITY = "sqms_base.mail_activity_type_obligation"
AT_ONCE = 1000


class SqmsObligationReview(models.Model):
    """Obligations are looked at again in time.

    1. When the review is due its owner gets an activity, without an owner whoever is responsible for the standard.
    2. Once for each date: the date that was told of is noted on the obligation.
    3. An evaluation closes the activity; another owner takes it over.
    """

    _inherit = "sqms.obligation"

    @api.model
    def _cron_review(self):
        """Daily: rows for clauses that are new in a standard already taken up, then the activities that are due."""
        self._take_up_new_clauses()
        self._remind_of_reviews()

    @api.model
    def _remind_of_reviews(self):
        due = self.sudo().search(self._domain_review_due() & self._domain_not_reminded())
        for start in range(0, len(due), AT_ONCE):
            due[start : start + AT_ONCE]._plan_review()

    @api.model
    def _domain_not_reminded(self):
        """The date is another one than the owner was told of."""
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IS DISTINCT FROM %s", SQL.identifier(alias, "reminded_for"),
                SQL.identifier(alias, "date_next_review"),
            )
        )  # fmt: skip

    def _plan_review(self):
        """One activity for each, set-based, and a note that it was made."""
        activity_type = self.env.ref(REVIEW_ACTIVITY, raise_if_not_found=False)
        model_id = self.env["ir.model"]._get_id(self._name)
        by_reader = defaultdict(self.browse)
        for obligation in self:
            reader = obligation.owner_id or obligation.standard_id.responsible_id
            if reader.active and not reader.share:
                by_reader[reader] |= obligation
        rows = [
            {
                "res_model_id": model_id,
                "res_id": obligation.id,
                "activity_type_id": activity_type.id if activity_type else False,
                "summary": self.with_context(lang=reader.lang).env._("Look at this obligation again"),
                "user_id": reader.id,
                "automated": True,
                "date_deadline": obligation.date_next_review,
            }
            for reader, obligations in by_reader.items()
            for obligation in obligations.with_user(reader)._filtered_access("read").sudo()
        ]
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(rows)
        told = self.browse(row["res_id"] for row in rows)
        for day, obligations in told.grouped("date_next_review").items():
            obligations._fill_in({"reminded_for": day})

    # -- what follows -----------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if vals.get("owner_id"):
            self._open_activities().write({"user_id": vals["owner_id"]})
        if "date_next_review" in vals:
            self._open_activities().filtered(
                lambda activity: fields.Date.to_string(activity.date_deadline) != str(vals["date_next_review"])
            ).unlink()
        return result

    def _open_activities(self):
        activity_type = self.env.ref(REVIEW_ACTIVITY, raise_if_not_found=False)
        return self.env["mail.activity"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("automated", "=", True),
             ("activity_type_id", "=", activity_type.id if activity_type else False)]
        )  # fmt: skip

    def _close_activities(self):
        open_activities = self._open_activities()
        if open_activities:
            open_activities.action_feedback()

    # -- rows -----------------------------------------------------------------

    @api.model
    def _take_up(self, standards, company):
        """The obligations of a company for the clauses of these standards; missing ones are made.

        A heading with parts is none of its own, unless it lays down a period.

        :return: the new ones
        """
        clauses = self.env["sqms.clause"].search(
            [
                ("standard_id", "in", standards.ids), "|", ("child_ids", "=", False), ("deadline_number", ">", 0),
            ]
        )  # fmt: skip
        known = self.search([("clause_id", "in", clauses.ids), ("company_id", "=", company.id)]).clause_id
        # The ledger tells who took them up; a note in each chatter would say the same.
        quiet = self.with_context(mail_create_nolog=True)
        return quiet.create([{"clause_id": clause.id, "company_id": company.id} for clause in clauses - known])

    @api.model
    def _take_up_new_clauses(self):
        taken = self.sudo()._read_group([("standard_id.active", "=", True)], ["company_id"], ["standard_id:recordset"])
        for company, standards in taken:
            self.sudo().with_company(company)._take_up(standards, company)
