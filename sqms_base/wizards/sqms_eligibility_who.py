from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..lib.local_time import local_day

SHOWN = 200
# Who is told why a colleague is not eligible. Everybody else reads who is.
SEES_REASONS = (
    "sqms_base.group_sqms_officer", "sqms_base.group_sqms_top", "sqms_base.group_sqms_certifier",
    "hr.group_hr_user", "maintenance.group_equipment_manager",
)  # fmt: skip


class SqmsEligibilityWho(models.TransientModel):
    """“Who may do this?”, for one record, on one day."""

    _name = "sqms.eligibility.who"
    _description = "Who May Do This"

    record_ref = fields.Reference(selection="_selection_records", string="Record", required=True, readonly=True)
    day = fields.Date(
        string="On", required=True,
        default=lambda self: local_day(fields.Datetime.now(), self.env.company._sqms_tz()),
        help="A past day shows who was eligible at its end.",
    )  # fmt: skip
    name_part = fields.Char(string="Name", help="Only people whose name contains these words.")
    answer = fields.Json(compute="_compute_answer", export_string_translation=False)

    @api.model
    def _selection_records(self):
        return self.env["sqms.eligibility.override"]._selection_records()

    @api.depends("record_ref", "day", "name_part")
    @api.depends_context("uid", "lang")
    def _compute_answer(self):
        for question in self:
            record = question.record_ref
            question.answer = False
            if not record or not question.day or not self.env.user._is_internal():
                continue
            record = record._origin
            record.check_access("read")
            question.answer = question._answer_for(record)

    def _answer_for(self, record):
        rules = self.env["sqms.eligibility.rule"]
        instant = rules._instant(self.day, record.sudo())
        domain = rules._candidates_domain(record.sudo())
        if self.name_part:
            domain &= Domain("name", "ilike", self.name_part)
        employees = rules._by_distance(domain, self.env.user.employee_id.sudo().department_id)
        applying = rules._applying(record.sudo(), instant)[record.id]
        found = rules._examine(record, {record.id: employees}, instant)[record.id]
        tells = any(self.env.user.has_group(group) for group in SEES_REASONS)
        rows = [self._row(employee, found[employee.id]) for employee in employees]
        eligible = [row for row in rows if row["eligible"]]
        shown = eligible + [row for row in rows if not row["eligible"] and tells]
        return {
            "rules": [{"id": rule.id, "name": rule.name, "why": rule.reason or ""} for rule in applying],
            "rows": shown[:SHOWN],
            "eligible": len(eligible),
            "summary": self.env._(
                "%(eligible)s of %(people)s people are eligible.", eligible=len(eligible), people=len(rows)
            ),
            "more": self.env._("%(count)s more: please search by name.", count=len(shown) - SHOWN)
            if len(shown) > SHOWN
            else "",
            "notes": self._notes(instant, applying),
        }

    def _row(self, employee, found):
        reasons = [row["reason"] for row in found if row["reason"] and not row["override"]]
        overrides = {row["override"] for row in found if row["override"]}
        return {
            "id": employee.id,
            "name": employee.name,
            "department": employee.department_id.name or "",
            "eligible": not reasons,
            "reasons": reasons,
            "overrides": [override.display_name for override in overrides],
        }

    def _notes(self, instant, rules):
        """What the answer for another day than today cannot know."""
        if instant >= fields.Datetime.subtract(fields.Datetime.now(), seconds=5) or not rules:
            return []
        notes = [
            self.env._(
                "Rules, editions, readings and overrides are those of %(day)s. The record is judged as it is today.",
                day=format_date(self.env, self.day),
            )
        ]
        if "group" in rules.requirement_ids.mapped("kind"):
            notes.append(self.env._("Groups keep no history: membership is that of today."))
        return notes
