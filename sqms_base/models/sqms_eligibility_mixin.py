from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..lib.system_choice import chosen_by_system, is_computing, recall_named, remember_named, system_choice


class SqmsEligibilityMixin(models.AbstractModel):
    """What is given to people who are eligible for it, and to nobody else.

    1. The rules are asked whenever the assignee changes or a field that they look at, by whatever way: form,
       list, drag, import, call, server action, recomputation. Where no rule is in force nothing is asked.
    2. A person who names somebody ineligible is refused, with what is missing and the nearest colleagues.
    3. Where the system chose (default, computed, copied, by mail) the field stays empty; the record says why in
       its chatter and the dispatcher is told. A colleague named there by a person is still refused.
    4. What becomes true later without a change of the record is found by the daily job (`sqms.eligibility.finding`).

    Inherit it together with the model, and set the two names below where they differ.
    """

    _name = "sqms.eligibility.mixin"
    _description = "Given to Eligible People"

    _eligibility_assignee = "user_id"  # many2one or many2many to users or employees
    _eligibility_company = "company_id"

    @api.model
    def _eligibility_open_domain(self):
        """The records that the daily job looks after: those on which work goes on."""
        return Domain("active", "=", True) if "active" in self._fields else Domain.TRUE

    # -- the gate ------------------------------------------------------------

    # Constraints are bound to their fields when the registry is built; rules change at run time. This is the
    # method that runs the constraints, for create, write, import and recomputation alike.
    def _validate_fields(self, field_names, excluded_names=()):
        names, excluded = set(field_names), set(excluded_names)
        result = super()._validate_fields(names, excluded)
        gate = self.env["sqms.eligibility.rule"]._gate_fields(self._name, fields.Date.today())
        waits = excluded <= names and not gate.isdisjoint(excluded)
        if not gate.isdisjoint(names) and not waits:
            self._eligibility_gate(names)
        return result

    def _eligibility_gate(self, names):
        computing = is_computing(self._name)
        if computing and self._eligibility_assignee not in names:
            # Something else was recomputed, perhaps from another record: who has it keeps it, the daily job tells.
            return
        refused = self._eligibility_refused()
        if not refused:
            return
        records = self.browse(refused)
        left_out = records if computing else chosen_by_system(records)
        left_out._eligibility_leave_out(refused)
        named = records - left_out
        if named:
            raise ValidationError(named._eligibility_refusal(refused))

    def _compute_field_value(self, field):
        if not self.env["sqms.eligibility.rule"]._gate_fields(self._name, fields.Date.today()):
            return super()._compute_field_value(field)
        with system_choice(self._name, computed=True):
            result = super()._compute_field_value(field)
        if self._eligibility_assignee in {other.name for other in self.pool.field_computed[field]}:
            # In a form that is not saved yet there are no constraints, but a proposal all the same.
            new = self.filtered(lambda record: not record.id)
            new._eligibility_empty(new._eligibility_refused())
        return result

    def _prepare_create_values(self, vals_list):
        remember_named(self._name, [self._eligibility_assignee in vals for vals in vals_list])
        with system_choice(self._name):
            return super()._prepare_create_values(vals_list)

    def _create(self, data_list):
        named = recall_named(self._name, len(data_list))
        with system_choice(self._name, rows=zip(data_list, named, strict=True)):
            return super()._create(data_list)

    @api.model
    def default_get(self, fields_list):
        """A form does not open with a proposal that cannot be saved."""
        values = super().default_get(fields_list)
        if (
            values.get(self._eligibility_assignee)
            and self.env["sqms.eligibility.rule"]._gate_fields(self._name, fields.Date.today())
            and not chosen_by_system(self.new())
            and self.new(values)._eligibility_refused()
        ):
            values.pop(self._eligibility_assignee)
        return values

    def copy(self, default=None):
        if self._eligibility_assignee in (default or {}):
            return super().copy(default)
        with system_choice(self._name):
            return super().copy(default)

    # -- who has it, and why not -------------------------------------------------

    def _eligibility_refused(self):
        """`{record id: {assignee: [reasons]}}` of those who have a record and may not."""
        records = self.sudo().filtered(self._eligibility_assignee)
        if not records:
            return {}
        rules = self.env["sqms.eligibility.rule"]
        applying = rules._applying(records, fields.Datetime.now())
        records = records.filtered(lambda record: applying[record.id])
        if not records:
            return {}
        candidates = records._eligibility_candidates()
        wanted = {
            record.id: self.env["hr.employee"].sudo().union(*candidates[record.id].values()) for record in records
        }
        found = rules._examine(records, wanted, applying=applying)
        refused = defaultdict(dict)
        for record in records:
            for assignee, employees in candidates[record.id].items():
                reasons = self._eligibility_why_not(record, assignee, employees, found[record.id], applying[record.id])
                if reasons:
                    refused[record.id][assignee] = reasons
        return dict(refused)

    def _eligibility_why_not(self, record, assignee, employees, found, rules):
        """Empty if one of the employees that the assignee is meets everything."""
        if not employees:
            companies = assignee.sudo().company_ids if assignee._name == "res.users" else assignee.sudo().company_id
            if all(rule.company_id and rule.company_id not in companies for rule in rules):
                return []
            return [self.env._("has no employee record in %(company)s", company=record._eligibility_company_name())]
        reasons = []
        for employee in employees:
            own = [row["reason"] for row in found[employee.id] if row["reason"] and not row["override"]]
            if not own:
                return []
            reasons = reasons or own
        return reasons

    def _eligibility_company_name(self):
        return self.env["sqms.eligibility.rule"]._company_of(self).name

    def _eligibility_candidates(self):
        """`{record id: {assignee: employees}}`: a user is the employee that he is in the company of the record."""
        people = self.sudo()[self._eligibility_assignee] if len(self) == 1 else self.sudo().mapped(
            self._eligibility_assignee
        )  # fmt: skip
        by_user = defaultdict(self.env["hr.employee"].sudo().browse)
        if people._name == "res.users":
            for employee in self.env["hr.employee"].sudo().search([("user_id", "in", people.ids)], order="id"):
                by_user[employee.user_id.id] += employee
        else:
            for employee in self.env["hr.employee"].sudo().browse(people.ids):
                by_user[employee.id] += employee
        candidates = {}
        for record in self.sudo():
            company = self.env["sqms.eligibility.rule"]._company_on(record)
            candidates[record.id] = {
                assignee._origin: by_user[assignee._origin.id].filtered(
                    lambda employee, company=company: not company or employee.company_id == company
                )
                for assignee in record[self._eligibility_assignee]
            }
        return candidates
