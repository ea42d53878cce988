import ast

from odoo import api, fields, models
from odoo.fields import Domain


class SqmsEligibilityRulePreview(models.Model):
    """What a rule does before it does it: how many records it looks at, how many people meet it."""

    _inherit = "sqms.eligibility.rule"

    @api.depends("model_id", "domain", "company_id", "requirement_ids", "requirement_ids.kind",
                 "requirement_ids.document_id", "requirement_ids.group_id", "requirement_ids.field_path")  # fmt: skip
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_preview(self):
        for rule in self:
            preview = rule._preview() if rule.model in self._guarded_models() else False
            if preview and not preview["error"]:
                preview["lines"] = rule._preview_lines(preview)
            rule.preview = preview

    def _preview(self):
        """`{records, eligible, people, whole, error}` among what the user may see."""
        model = self.env[self.model].with_context(active_test=False, lang=None)
        try:
            records = model.search_count(self._records_domain()) if model.has_access("read") else None
        except (ValueError, SyntaxError, TypeError, KeyError, AttributeError) as error:
            return {"records": None, "eligible": 0, "people": 0, "error": str(error)}
        people = Domain("company_id", "in", self.company_id.ids or self.env.companies.ids) & Domain(
            "company_id", "in", list(self.env.user._get_company_ids())
        )
        if model._fields[model._eligibility_assignee].comodel_name == "res.users":
            people &= Domain("user_id.active", "=", True) & Domain("user_id.share", "=", False)
        complete = self.requirement_ids.filtered(
            lambda requirement: requirement.document_id or requirement.group_id or requirement.kind
            not in ("document", "group", "not_same")
        )  # fmt: skip
        met, whole = complete._met_domain(model.browse(), fields.Datetime.now())
        employees = self.env["hr.employee"].sudo()
        return {
            "records": records,
            "people": employees.search_count(people),
            "eligible": employees.search_count(people & met),
            "whole": whole,
            "error": "",
        }

    def _preview_lines(self, preview):
        lines = []
        if preview["records"] is not None:
            lines.append(self.env._("Open records that match: %(count)s.", count=preview["records"]))
        lines.append(
            self.env._(
                "%(eligible)s of %(people)s people are eligible now.",
                eligible=preview["eligible"],
                people=preview["people"],
            )
        )
        if not preview["whole"]:
            lines.append(self.env._("Further requirements are looked at person by person."))
        return lines

    def _records_domain(self):
        """The open records that the rule looks at."""
        model = self.env[self.model]
        domain = Domain(ast.literal_eval(self.domain or "[]")) & model._eligibility_open_domain()
        if self.company_id and model._eligibility_company in model._fields:
            domain &= Domain(model._eligibility_company, "in", [self.company_id.id, False])
        return domain

    def action_open_records(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.model,
            "view_mode": "list,form",
            "domain": list(self._records_domain()),
        }
