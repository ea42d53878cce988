from odoo import api, fields, models
from odoo.fields import Domain

from .sqms_responsibility import ROLES


class SqmsResponsibilityMatrix(models.Model):
    """The matrix of responsibilities: a row for each process and each of its activities, a column for each role."""

    _inherit = "sqms.responsibility"

    @api.model
    def _matrix(self, processes, on):
        """Rows for screen and manual, on a day.

        The names come with all rights, as they stand on every notice board; which processes are shown is the
        caller's business.

        :param on: a date
        :return: list of `{process_id, code, process, kind, owner, activity_id, activity, responsible, accountable,
            consulted, informed, gap}`; a role holds a list of `{name, kind}` with kind "employee" or "job"; `gap` says
            in words what is missing, or nothing. An activity without its own accountable shows the one of its
            process, marked `"inherited": True`.
        """
        processes = processes.sudo()
        held = self.sudo().with_context(active_test=False).search(
            self._held_domain(on) & Domain("process_id", "in", processes.ids), order="id"
        )  # fmt: skip
        by_thing = held.grouped(lambda row: (row.process_id.id, row.activity_id.id))
        rows = []
        for process in processes:
            whole = self._matrix_row(process, None, by_thing.get((process.id, False), ()), [])
            rows.append(whole)
            rows += [
                self._matrix_row(process, activity, by_thing.get((process.id, activity.id), ()), whole["accountable"])
                for activity in process.activity_line_ids
            ]
        return rows

    def _matrix_row(self, process, activity, held, above):
        people = {
            role: [
                {"name": row.who, "kind": "job" if row.job_id else "employee"}
                for row in held
                if row.role == role and (row.job_id.active or row.employee_id.active)
            ]
            for role, _label in ROLES
        }
        gap = ""
        if not people["accountable"]:
            people["accountable"] = [{**one, "inherited": True} for one in above]
            gap = "" if above else self.env._("nobody accountable")
        return {
            "process_id": process.id,
            "code": process.code,
            "process": process.name,
            "kind": process.kind,
            "owner": process.owner_id.name or "",
            "activity_id": activity.id if activity else False,
            "activity": activity.name if activity else "",
            **people,
            "gap": gap,
        }

    @api.model
    def matrix_screen(self, process_ids=None, on=None):
        """What the screen “Who Does What” shows: the processes of the companies at hand, today or on a day."""
        domain = Domain("company_id", "in", self.env.companies.ids)
        if process_ids:
            domain &= Domain("id", "in", process_ids)
        processes = self.env["sqms.process"].search(domain)
        on = fields.Date.to_date(on)
        rows = []
        for company, own in processes.grouped("company_id").items():
            rows += self._matrix(own, on or company.sudo()._sqms_today())
        kinds = dict(self.env["sqms.process"]._fields["kind"]._description_selection(self.env))
        return {
            "on": str(on or self.env.company.sudo()._sqms_today()),
            "kinds": kinds,
            "rows": rows,
            "may_write": self.has_access("create"),
        }
