from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

ACTIVITY = "sqms_base.mail_activity_type_clause_red"


class SqmsClauseState(models.Model):
    """The colour of a clause when it was last looked at unattended, so that its owner hears when it turns red.

    1. The map never reads it: what it shows is worked out when somebody looks.
    2. The owner hears once for each turn. When the clause is red no more, what he was told is taken away.
    3. What is red when it is looked at for the first time has not turned: nobody is told.
    """

    _name = "sqms.clause.state"
    _description = "Last Known Colour of a Clause"
    _order = "company_id, clause_id"

    clause_id = fields.Many2one("sqms.clause", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    state = fields.Selection(
        [
            ("green", "Green"),
            ("amber", "Amber"),
            ("red", "Red"),
            ("excluded", "Excluded"),
            ("none", "Nothing Here"),
        ],
        required=True,
        readonly=True,
    )
    since = fields.Datetime(required=True, readonly=True)

    _clause_company_unique = models.Constraint("UNIQUE(clause_id, company_id)", "One colour for each company.")

    @api.model
    def _cron_tell(self):
        companies = self.env["res.company"].search([("active", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            self.with_company(company)._look(company)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _look(self, company):
        """Compare with what was known, tell the owners of what has turned red, remember."""
        screen = self.env["sqms.clause.map"].with_context(allowed_company_ids=company.ids)
        standards = self.env["sqms.standard"].search(screen._map_standards(company))
        clauses = self.env["sqms.clause"].search(Domain("standard_id", "in", standards.ids))
        status, decided = clauses._evidence(clauses, company, are_all=True)
        known = {row.clause_id.id: row for row in self.search([("company_id", "=", company.id)])}
        now, new, changed = fields.Datetime.now(), [], {}
        for clause, row in status.items():
            if row["is_heading"]:
                continue
            if clause not in known:
                new.append({"clause_id": clause, "company_id": company.id, "state": row["state"], "since": now})
            elif known[clause].state != row["state"]:
                changed.setdefault(row["state"], []).append(clause)
        was_red = [clause for clauses in changed.values() for clause in clauses if known[clause].state == "red"]
        owners = {clause: decision.owner_id for clause, decision in decided.items() if decision.owner_id.active}
        self._take_back({clause: owners[clause] for clause in was_red if clause in owners})
        self._tell({clause: owners[clause] for clause in changed.get("red", ()) if clause in owners}, company)
        for state, ids in changed.items():
            self.union(*(known[clause] for clause in ids)).write({"state": state, "since": now})
        self.create(new)
        self.union(*(row for clause, row in known.items() if clause not in status)).unlink()

    def _tell(self, owners, company):
        """One activity for each clause that turned red, in the language of its owner."""
        kind = self.env.ref(ACTIVITY)
        model = self.env["ir.model"]._get_id("sqms.clause")
        people = self.env["res.users"].union(*owners.values())
        activities = []
        for lang, users in people.grouped("lang").items():
            clauses = self.env["sqms.clause"].with_context(lang=lang or "en_US")
            clauses = clauses.browse([clause for clause, owner in owners.items() if owner in users])
            status = clauses._evidence_status(clauses, company)
            activities += [
                {
                    "res_model_id": model,
                    "res_id": clause.id,
                    "activity_type_id": kind.id,
                    "user_id": owners[clause.id].id,
                    "date_deadline": fields.Date.context_today(clauses.with_context(tz=company._sqms_tz())),
                    "summary": clauses.env._("%s has turned red", clause.display_name),
                    "note": plaintext2html(status[clause.id]["reason"]),
                }
                for clause in clauses
            ]
        self.env["mail.activity"].create(activities)

    def _take_back(self, owners):
        """What was told of clauses that are red no more."""
        people = self.env["res.users"].union(*owners.values())
        told = self.env["mail.activity"].search(
            Domain("res_model", "=", "sqms.clause")
            & Domain("res_id", "in", list(owners))
            & Domain("activity_type_id", "=", self.env.ref(ACTIVITY).id)
            & Domain("user_id", "in", people.ids)
        )
        told.filtered(lambda activity: owners[activity.res_id] == activity.user_id).unlink()
