from odoo import api, fields, models
from odoo.exceptions import UserError


class SqmsAppraisalCampaign(models.TransientModel):
    """Start the appraisals of many people for one period; whoever has one already is left as he is."""

    _name = "sqms.appraisal.campaign"
    _description = "Start Appraisals"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, readonly=True)
    scheme_id = fields.Many2one("sqms.appraisal.scheme", required=True, check_company=True)
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self).replace(month=1, day=1)
    )
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    department_ids = fields.Many2many(
        "hr.department", string="Departments", check_company=True, help="With those below them. None means: all."
    )
    job_ids = fields.Many2many("hr.job", string="Jobs", check_company=True, help="None means: those of the scheme.")
    employee_count = fields.Integer("People", compute="_compute_employee_count")
    existing_count = fields.Integer("Have One Already", compute="_compute_employee_count")

    @api.depends("scheme_id", "department_ids", "job_ids", "date_from", "date_to")
    def _compute_employee_count(self):
        for campaign in self:
            employees = campaign._employees() if campaign.scheme_id else self.env["hr.employee"]
            existing = campaign._existing(employees) if employees else employees
            campaign.employee_count = len(employees)
            campaign.existing_count = len(existing)

    def _employees(self):
        """Who is meant: active people of the company in these departments and jobs, with a manager or not."""
        jobs = self.scheme_id.job_ids & self.job_ids if self.scheme_id.job_ids and self.job_ids else (
            self.scheme_id.job_ids or self.job_ids
        )  # fmt: skip
        domain = [("company_id", "=", self.company_id.id)]
        if self.scheme_id.job_ids or self.job_ids:
            domain.append(("job_id", "in", jobs.ids))
        if self.department_ids:
            domain.append(("department_id", "child_of", self.department_ids.ids))
        return self.env["hr.employee"].sudo().search(domain)

    def _existing(self, employees):
        """Those of them who have an appraisal for this very period."""
        appraisals = self.env["sqms.appraisal"].sudo()
        rows = appraisals._read_group(
            [
                ("employee_id", "in", employees.ids),
                ("date_from", "=", self.date_from),
                ("date_to", "=", self.date_to),
                ("state", "!=", "cancelled"),
            ],
            ["employee_id"],
        )
        return employees.browse(employee.id for (employee,) in rows)

    def action_start(self):
        """Make the appraisals and start those whose manager is known; the others wait as drafts."""
        self.ensure_one()
        self.env["sqms.appraisal"].check_access("create")
        employees = self._employees()
        new = employees - self._existing(employees)
        # Nobody starts his own: a colleague in HR does.
        new = new.filtered(lambda employee: employee.user_id != self.env.user)
        if not new:
            raise UserError(self.env._("Everybody who is meant has an appraisal for this period already."))
        appraisals = self.env["sqms.appraisal"].create(
            [
                {
                    "employee_id": employee.id,
                    "company_id": self.company_id.id,
                    "scheme_id": self.scheme_id.id,
                    "date_from": self.date_from,
                    "date_to": self.date_to,
                    **({} if employee.user_id else {"skip_reason": self.env._("Has no login.")}),
                }
                for employee in new
            ]
        )
        ready = appraisals.filtered("manager_id")
        with_login = ready.filtered("user_id")
        with_login.action_transition("start")
        (ready - with_login).action_transition("start_with_manager")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_training.sqms_appraisal_action"),
            "domain": [("id", "in", appraisals.ids)],
            "context": {"search_default_group_state": 1},
        }
