from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

MOVED_WITHIN = 31  # days


class SqmsPositionRuleCoverage(models.Model):
    """Whom a rule concerns, who of them is not cleared, and asking for what is missing.

    1. Asked for by itself is what the law asks for again, and what a change of post or a new employee makes necessary;
       everybody who holds a post that has just become sensitive is asked by an officer, in one step.
    2. Nobody is asked twice: not while a clearance is under way, not while one holds long enough, not after a refusal.
    """

    _inherit = "sqms.position.rule"

    covered_count = fields.Integer(string="People", compute="_compute_coverage")
    cleared_count = fields.Integer(string="Cleared", compute="_compute_coverage")
    under_way_count = fields.Integer(string="Under Way", compute="_compute_coverage")
    missing_count = fields.Integer(string="Not Asked Yet", compute="_compute_coverage")
    cleared_percent = fields.Float(string="Coverage", compute="_compute_coverage", aggregator=None)

    def _compute_coverage(self):
        rows = {}
        for row in self.sudo()._coverage(self.env.company._sqms_today(), companies=self.env.companies):
            rows.setdefault(row["rule_id"], []).append(row)
        for rule in self:
            own = rows.get(rule._origin.id, [])
            rule.covered_count = len(own)
            rule.cleared_count = sum(row["is_cleared"] for row in own)
            rule.under_way_count = sum(row["is_open"] and not row["is_cleared"] for row in own)
            rule.missing_count = sum(map(self._is_missing, own))
            rule.cleared_percent = rule.cleared_count / len(own) if own else 0

    @api.model
    def _is_missing(self, row):
        """Whether a person of `_coverage` is to be asked. Whom a refusal concerns, an officer asks by name."""
        return not (row["is_cleared"] or row["is_open"] or row["was_refused"])

    # -- the question ------------------------------------------------------------------

    def _coverage(self, day, companies=None, employees=None, ahead=False):
        """Everybody whom these rules concern, in one statement.

        :param ahead: whether the clearance must hold as many days ahead as the rule says
        :return: rows `{rule_id, employee_id, company_id, is_cleared, is_open, was_cleared, was_refused, moved}`
        """
        if not self.ids:
            return []
        self.env.flush_all()
        clearances = self.env["sqms.clearance"]
        until = SQL("%s::date + r.ahead_days", day) if ahead else SQL("%s::date", day)
        some = SQL()
        if employees is not None:
            some = SQL("AND e.id = ANY(%s)", list(employees.ids))
        if companies is not None:
            some = SQL("%s AND e.company_id = ANY(%s)", some, list(companies.ids))
        self.env.cr.execute(
            SQL(
                """
                WITH held AS (
                    SELECT j.sqms_position_rule_id AS rule_id, v.id AS version_id
                      FROM hr_job_sqms_position_rule_rel j
                      JOIN hr_version v ON v.job_id = j.hr_job_id
                     WHERE j.sqms_position_rule_id = ANY(%(rules)s)
                     UNION
                    SELECT d.sqms_position_rule_id, v.id
                      FROM hr_department_sqms_position_rule_rel d
                      JOIN hr_department top ON top.id = d.hr_department_id
                      JOIN hr_department own ON own.parent_path LIKE top.parent_path || '%%'
                      JOIN hr_version v ON v.department_id = own.id
                     WHERE d.sqms_position_rule_id = ANY(%(rules)s)
                )
                SELECT r.id AS rule_id, e.id AS employee_id, e.company_id,
                       COALESCE(bool_or(%(holds)s), FALSE) AS is_cleared,
                       COALESCE(bool_or(c.state IN ('requested', 'consented', 'collected', 'reviewed')), FALSE)
                           AS is_open,
                       COALESCE(bool_or(c.verdict IN ('approved', 'conditional')), FALSE) AS was_cleared,
                       COALESCE(bool_or(c.verdict = 'refused'), FALSE) AS was_refused,
                       bool_or(v.date_version > %(day)s::date - %(within)s) AS moved
                  FROM held
                  JOIN sqms_position_rule r ON r.id = held.rule_id
                  JOIN hr_version v ON v.id = held.version_id
                  JOIN hr_employee e ON e.current_version_id = v.id
                   AND e.active
                   AND (r.company_id IS NULL OR r.company_id = e.company_id)
                       %(some)s
             LEFT JOIN sqms_clearance c ON c.employee_id = e.id AND c.rule_id = r.id
              GROUP BY r.id, e.id, e.company_id
              ORDER BY r.id, e.id
                """,
                rules=list(self.ids),
                holds=clearances._holds_sql("c", until),
                day=day,
                within=MOVED_WITHIN,
                some=some,
            )
        )
        return self.env.cr.dictfetchall()

    # -- asking ------------------------------------------------------------------------------

    def _ask(self, rows, reason):
        """Ask for the clearances that these rows of `_coverage` lack."""
        today = self.env.company._sqms_today()
        return self.env["sqms.clearance"].create(
            [
                {
                    "rule_id": row["rule_id"], "employee_id": row["employee_id"], "company_id": row["company_id"],
                    "reason": reason, "due_on": today,
                }
                for row in rows
            ]
        )  # fmt: skip

    @api.model
    def _ask_after_move(self, employees):
        """Employees who were hired, or moved to another post."""
        rules = self.sudo().search([("active", "=", True)]).filtered("is_ready") if employees else self.browse()
        if not rules:
            return self.env["sqms.clearance"]
        rows = [
            row for row in rules._coverage(self.env.company._sqms_today(), employees=employees) if self._is_missing(row)
        ]
        # Who has just begun here and held no other post has not moved.
        hired = employees.sudo().filtered(lambda employee: len(employee.version_ids) == 1).ids
        entered = [row for row in rows if row["moved"] and row["employee_id"] in hired]
        asked = rules._ask(entered, "entry")
        return asked | rules._ask([row for row in rows if row not in entered], "move")

    def action_ask_missing(self):
        """Ask for all that is missing, in one step."""
        self.ensure_one()
        self.env["sqms.clearance"].check_access("create")
        self._refuse_obstacles()
        rows = [
            row
            for row in self.sudo()._coverage(self.env.company._sqms_today(), companies=self.env.companies)
            if self._is_missing(row)
        ]
        own = self.env.user.employee_ids.ids
        rows = [row for row in rows if row["employee_id"] not in own]
        if not rows:
            raise UserError(self.env._("Everybody else is cleared, or asked already."))
        made = self._ask(rows, "flagged")
        return {**self._action_clearances(), "domain": [("id", "in", made.ids)]}

    def action_open_missing(self):
        """The people without clearance, as everybody may see them."""
        self.ensure_one()
        self.env["sqms.clearance"].check_access("read")
        rows = self.sudo()._coverage(self.env.company._sqms_today(), companies=self.env.companies)
        missing = [row["employee_id"] for row in rows if not row["is_cleared"]]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Without Clearance: %s", self.name),
            "res_model": "hr.employee.public",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", missing)],
        }

    def action_open_clearances(self):
        self.ensure_one()
        return {**self._action_clearances(), "domain": [("rule_id", "=", self.id)]}

    def _action_clearances(self):
        action = self.env["ir.actions.actions"]._for_xml_id("sqms_training.sqms_clearance_action")
        return {**action, "context": {}}

    # -- the daily job -------------------------------------------------------------------------

    @api.model
    def _cron_ask(self):
        """Ask again ahead of the end, and for whom a dated change of post has brought to a sensitive one."""
        rules = self.sudo().search([("active", "=", True)]).filtered("is_ready")
        made = self.env["sqms.clearance"].sudo()
        made._follow_applicants()
        for day, company_ids in self.env["res.company"]._sqms_days().items() if rules else ():
            rows = [
                row
                for row in rules._coverage(day, self.env["res.company"].browse(company_ids), ahead=True)
                if self._is_missing(row)
            ]
            again = [row for row in rows if row["was_cleared"]]
            made |= rules._ask(again, "again")
            made |= rules._ask([row for row in rows if row["moved"] and not row["was_cleared"]], "move")
        return made
