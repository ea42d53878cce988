from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from ..lib.competence import STANDINGS
from ..lib.competence_workbook import write_matrix

READ_AT_ONCE = 1000  # people in one read


class SqmsCompetenceSheet(models.AbstractModel):
    """The matrix as it is shown, as a workbook."""

    _inherit = "sqms.competence"

    def _workbook(self, filters=None):
        """An open file: the people and requirements of the filters, read by a thousand people at once."""
        matrix = self.get_matrix(filters)
        chosen = self._matrix_filters(filters)
        competence = self.with_context(as_of=chosen["on"])
        columns = matrix["columns"]
        title = self.env._(
            "Competence matrix as of %(day)s, people: %(count)s",
            day=format_date(self.env, matrix["on"]),
            count=len(matrix["people"]),
        )
        met = [self.env._("%(met)s of %(needed)s", met=column["met"], needed=column["needed"]) for column in columns]
        return write_matrix(
            title,
            [self.env._("Name"), self.env._("Department"), self.env._("Job Position")],
            [(column["name"], column["detail"]) for column in columns],
            competence._sheet_rows(matrix["people"], [column["id"] for column in columns], matrix["on"]),
            lambda: [self.env._("In force"), "", "", *met],
        )

    def _sheet_rows(self, ids, skill_ids, day):
        for start in range(0, len(ids), READ_AT_ONCE):
            people = self._matrix_employees(Domain("id", "in", ids[start : start + READ_AT_ONCE]))
            cells = self._matrix_cells(people._as_query(ordered=False), skill_ids)
            blank = [None] * len(skill_ids)
            for person in people:
                yield (
                    [person.name or "", person.department_id.name or "", person.job_title or person.job_id.name or ""],
                    [cell and self._sheet_cell(cell, day) for cell in cells.get(person.id, blank)],
                )
            people.invalidate_recordset()

    def _sheet_cell(self, cell, day):
        code, needed, held, valid_to, _booked, valid_from = cell
        standing = STANDINGS[code]
        row = {"needed_progress": needed, "held_progress": held, "valid_to": valid_to, "valid_from": valid_from}
        return standing, self._words_of_standing(standing, row, day)
