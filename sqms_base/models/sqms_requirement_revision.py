from markupsafe import Markup

from odoo import api, fields, models

COMPARED = (
    "name", "description", "source", "source_note", "segment", "partner_id", "kano_class", "priority",
    "product_service", "process_ids", "indicator_ids", "value_document_ids", "feasibility", "feasibility_remarks",
)  # fmt: skip


class SqmsRequirementRevision(models.Model):
    """The revisions of a requirement, and what each one changed."""

    _inherit = "sqms.requirement"

    revision_ids = fields.Many2many("sqms.requirement", string="All Revisions", compute="_compute_revision_ids")
    revision_total = fields.Integer(string="Revisions", compute="_compute_revision_ids")
    comparison = fields.Html(string="What Changed", compute="_compute_comparison", sanitize=False)

    @api.depends("number", "company_id", "state")
    def _compute_revision_ids(self):
        rows = self.search([("number", "in", list(filter(None, self.mapped("number"))))], order="revision desc")
        for requirement in self:
            requirement.revision_ids = rows.filtered(
                lambda row, own=requirement: row.number == own.number and row.company_id == own.company_id
            )
            requirement.revision_total = len(requirement.revision_ids)

    @api.depends("previous_id", *COMPARED)
    @api.depends_context("lang")
    def _compute_comparison(self):
        for requirement in self:
            rows = requirement._changes()
            requirement.comparison = rows and Markup("<table class='table table-sm'>%s%s</table>") % (
                Markup("<tr><th></th><th>%s</th><th>%s</th></tr>")
                % (
                    self.env._("Revision %s", requirement.previous_id.revision),
                    self.env._("Revision %s", requirement.revision),
                ),
                Markup().join(
                    Markup("<tr><th>%s</th><td><del>%s</del></td><td><ins>%s</ins></td></tr>") % r for r in rows
                ),
            )

    def _changes(self):
        """`[(what, before, after)]` against the earlier revision, in words."""
        self.ensure_one()
        if not self.previous_id:
            return []
        # What a review says is compared once there is one.
        names = [name for name in COMPARED if self.reviewed_at or not name.startswith("feasibility")]
        pairs = [(name, self.previous_id._in_words(name), self._in_words(name)) for name in names]
        return [
            (self._fields[name]._description_string(self.env), before, after)
            for name, before, after in pairs
            if before != after
        ]

    def _in_words(self, name):
        field, value = self._fields[name], self[name]
        if field.relational:
            return ", ".join(value.sudo().mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        return value or ""

    def action_open_revisions(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_requirement_action"),
            "domain": [("id", "in", self.revision_ids.ids)],
            "context": {"search_default_current": 0},
        }
