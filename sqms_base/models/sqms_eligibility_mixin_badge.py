from odoo import api, fields, models


class SqmsEligibilityMixinBadge(models.AbstractModel):
    """What a form shows beside the assignee: eligible or not, why, and who else is."""

    _inherit = "sqms.eligibility.mixin"

    # What is missing is nothing for customers.
    eligibility = fields.Json(compute="_compute_eligibility", groups="base.group_user", export_string_translation=False)

    @api.depends(lambda self: self._eligibility_badge_fields())
    @api.depends_context("uid", "lang")
    def _compute_eligibility(self):
        """`{state, may_override, people: [{name, eligible, checks: [{text, met, override}]}]}`.

        Empty where no rule looks at the record.
        """
        values = self._eligibility_values() if self else {}
        for record in self:
            record.eligibility = values.get(record.id, False)

    def _eligibility_values(self):
        rules = self.env["sqms.eligibility.rule"]
        if not rules._gate_fields(self._name, fields.Date.today()):
            return {}
        applying = rules._applying(self.sudo(), fields.Datetime.now())
        records = self.sudo().filtered(lambda record: applying[record.id])
        given = records.filtered(self._eligibility_assignee)
        values = {record.id: {"state": "nobody", "people": []} for record in records - given}
        if not given:
            return values
        refused = given._eligibility_refused()
        candidates = given._eligibility_candidates()
        wanted = {record.id: self.env["hr.employee"].sudo().union(*candidates[record.id].values()) for record in given}
        found = rules._examine(given, wanted, applying=applying)
        may_override = self.env["sqms.eligibility.override"].has_access("create")
        for record in given:
            values[record.id] = {
                "state": "refused" if record.id in refused else "eligible",
                "may_override": may_override,
                "people": [
                    {
                        "name": assignee.sudo().name,
                        "eligible": assignee not in refused.get(record.id, {}),
                        "checks": record._eligibility_checks(
                            employees, found[record.id], refused.get(record.id, {}).get(assignee, [])
                        ),
                    }
                    for assignee, employees in candidates[record.id].items()
                ],
            }
        return values

    def _eligibility_badge_fields(self):
        return tuple(name for name in (self._eligibility_assignee, self._eligibility_company) if name in self._fields)

    def _eligibility_checks(self, employees, found, reasons):
        if not employees:
            return [{"text": reason, "met": False, "override": ""} for reason in reasons]
        return [
            {
                "text": row["reason"] or row["text"],
                "met": not row["reason"],
                "override": row["override"].display_name if row["override"] else "",
            }
            for row in found[employees[:1].id]
        ]

    def eligibility_colleagues(self):
        """The names of the nearest eligible colleagues, for whoever may read the record."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user._is_internal():
            return []
        return self._eligibility_colleagues({})

    def action_request_override(self):
        """A new override for who has the record and may not, to be filled in and requested."""
        self.ensure_one()
        self.check_access("read")
        self.env["sqms.eligibility.override"].check_access("create")
        candidates = self._eligibility_candidates()[self.id]
        refused = self._eligibility_refused().get(self.id, {})
        employees = self.env["hr.employee"].sudo().union(*(candidates[person] for person in refused))
        rules = self.env["sqms.eligibility.rule"]
        found = rules._examine(self, {self.id: employees})[self.id]
        missing = rules.union(*(row["rule"] for rows in found.values() for row in rows if row["reason"]))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Override"),
            "res_model": "sqms.eligibility.override",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_record_ref": f"{self._name},{self.id}",
                "default_employee_id": employees[:1].id,
                "default_rule_ids": missing.ids,
                "default_company_id": rules._company_of(self).id,
            },
        }

    def action_who_may(self):
        """Who may be given this record, today or on a past day."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who May Do This?"),
            "res_model": "sqms.eligibility.who",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_record_ref": f"{self._name},{self.id}"},
        }
