import functools

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..lib.workflow_pass import workflow_fields
from .sqms_document import SEES_COVERAGE
from .sqms_document_version import OFFICER


class SqmsDocumentVersionMissing(models.Model):
    """Who has not read an edition yet, and what can be done about it."""

    _inherit = "sqms.document.version"

    open_reader_count = fields.Integer(
        string="Have Not Read", compute="_compute_open_reader_count", groups=SEES_COVERAGE
    )

    @api.depends("acknowledgement_ids.state")
    def _compute_open_reader_count(self):
        counts = dict(
            self.env["sqms.acknowledgement"]._read_group(
                [("version_id", "in", self.ids), ("state", "=", "open")], ["version_id"], ["__count"]
            )
        )
        for version in self:
            version.open_reader_count = counts.get(version._origin, 0)

    @api.depends("coverage_ids")
    @api.depends_context("lang")
    def _compute_coverage_rows(self):
        """Department by department, each with all below it, parents first."""
        for version in self:
            # Asked by edition: asked by id, the database would group the readings of all editions.
            own = {
                row.department_id: row
                for row in self.env["sqms.document.coverage"].search_fetch(
                    [("version_id", "=", version._origin.id)],
                    ["department_id", "reader_count", "read_count", "carried_count", "read_percent"],
                )
            }
            departments = self.env["hr.department"].sudo().with_context(active_test=False)
            paths = {department.id: department.sudo().parent_path or "" for department in own if department}
            above = departments.search_fetch(
                [("id", "in", [int(part) for path in paths.values() for part in path.split("/") if part])],
                ["name", "parent_path"],
            )
            rows = []
            for department in above.sorted(functools.partial(self._name_path, known=above)):
                below = [
                    row for other, row in own.items() if other and paths[other.id].startswith(department.parent_path)
                ]
                rows.append(
                    self._coverage_row(
                        department.id, department.name, below, len(department.parent_path.split("/")) - 2
                    )
                )
            without = [row for other, row in own.items() if not other]
            if without:
                rows.append(self._coverage_row(0, self.env._("No department"), without, 0))
            version.coverage_rows = rows

    def _name_path(self, department, known):
        names = {other.id: other.name for other in known}
        return [names.get(int(part), "") for part in department.parent_path.split("/") if part]

    def _coverage_row(self, id_, name, rows, level):
        read, readers = sum(row.read_count for row in rows), sum(row.reader_count for row in rows)
        return {
            "id": id_,
            "name": name,
            "level": level,
            "read": read,
            "readers": readers,
            "carried": sum(row.carried_count for row in rows),
            "percent": round(100 * read / readers) if readers else 0,
        }

    # -- what can be done ----------------------------------------------------------

    def action_remind(self):
        """Everybody who has not read it gets a mail, unless he had one today."""
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group(OFFICER)):
            raise AccessError(self.env._("Quality officers remind people of what they have to read."))
        self.check_access("read")
        if not self.is_in_force:
            raise UserError(
                self.env._("%(edition)s is not in force; nobody has to read it.", edition=self.display_name)
            )
        readings = (
            self.env["sqms.acknowledgement"]
            .sudo()
            .search(Domain("version_id", "=", self.id) & Domain("state", "=", "open"))
        )
        with workflow_fields(readings, "is_mail_wanted"):
            readings.is_mail_wanted = True
        readings._mail_soon()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self._reminder_message(readings)},
        }

    def _reminder_message(self, readings):
        unreachable = len(readings.filtered(lambda reading: not reading.employee_id.user_id.active))
        count = len(readings) - unreachable
        if not unreachable:
            return self.env._("%(count)s people get a mail within minutes, unless they had one today.", count=count)
        return self.env._(
            "%(count)s people get a mail within minutes, unless they had one today. %(unreachable)s have no login: "
            "ask for their signature on paper.",
            count=count,
            unreachable=unreachable,
        )

    def action_open_missing(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_acknowledgement_action"),
            "domain": [("version_id", "=", self.id), ("state", "=", "open")],
            "name": self.env._("Who Is Missing"),
            "context": {"search_default_group_department": 1},
        }

    def action_record_paper(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_reading_paper_action"),
            "context": {"default_version_id": self.id},
        }
