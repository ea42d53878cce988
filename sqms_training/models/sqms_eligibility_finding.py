from odoo import api, fields, models
from odoo.fields import Domain


class SqmsEligibilityFinding(models.Model):
    """What becomes true for one person at once is not left to the daily job."""

    _inherit = "sqms.eligibility.finding"

    @api.model
    def _find_for(self, employees):
        """Judge anew what these people have been given: new findings are made, those that are over are closed."""
        rules = self.env["sqms.eligibility.rule"]
        employees = employees.sudo()
        for name in rules._guarded_models() if employees else ():
            if rules._gate_fields(name, fields.Date.today()):
                self._find_on_for(name, employees)

    @api.model
    def _find_on_for(self, model_name, employees):
        model = self.env[model_name].sudo().with_context(active_test=False)
        assignee = model._fields[model._eligibility_assignee]
        people = employees.user_id if assignee.comodel_name == "res.users" else employees
        if not people:
            return
        records = model.search(model._eligibility_open_domain() & Domain(assignee.name, "in", people.ids))
        holding = self.browse()
        for language, own in records.grouped(
            lambda record: self.env["sqms.eligibility.rule"]._company_of(record).partner_id.lang
        ).items():
            holding |= self.with_context(lang=language)._find_among(own.with_context(lang=language))
        over = self.sudo().search(
            [("res_model", "=", model_name), ("is_open", "=", True), ("person_id", "in", people.ids)]
        )
        (over - holding).write({"is_open": False, "closed_on": fields.Date.today()})

    @api.model
    def _people_with_findings(self, employees):
        """Those of the employees about whom something is open: whoever has nothing open is not asked about."""
        employees = employees.sudo()
        rows = self.sudo()._read_group(
            [("is_open", "=", True), ("person_id", "in", employees.ids + employees.user_id.ids)],
            ["res_model"],
            ["person_id:array_agg"],
        )
        found = employees.browse()
        for model_name, ids in rows:
            model = self.env.get(model_name)
            if model is None:
                continue
            by_user = model._fields[model._eligibility_assignee].comodel_name == "res.users"
            found |= employees.filtered(
                lambda employee, ids=ids, by_user=by_user: (employee.user_id.id if by_user else employee.id) in ids
            )
        return found
