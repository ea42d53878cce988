from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.sqms_base.lib.local_time import local_day


class SqmsAppraisalPrint(models.Model):
    """The appraisal on paper: what its reader may read, with the signature once it is confirmed."""

    _inherit = "sqms.appraisal"

    def _appraisal_pdf(self):
        """In the language and with the rights of the user; every page is marked until it is confirmed."""
        self.ensure_one()
        self.check_access("read")
        values = self._print_values()
        return self.env["sqms.print"]._render(
            "sqms_training.appraisal_print",
            {"appraisal": self, **values},
            stamp=self._print_stamp(),
            headings=[(2, title) for title in values["titles"].values()],
        )

    def _print_stamp(self):
        marks = {"confirmed": "", "cancelled": self.env._("CANCELLED")}
        return {
            "watermark": marks.get(self.state, self.env._("NOT CONFIRMED")),
            "head": [
                (self.sudo().employee_id.name, self.number or ""),
                (self.company_id.sudo().name, self.env._("Appraisal · %s", self._workflow_state_label())),
            ],
            "foot": [
                (self.env._("Confidential: for the employee, those who appraised him and HR."), ""),
                (
                    self.env._(
                        "As on %(date)s, for %(name)s.",
                        date=self._signature_day(local_day(fields.Datetime.now(), self._signature_zone())),
                        name=self.env.user.name,
                    ),
                    "",
                ),
            ],
        }

    def _print_values(self):
        """Everything that the pages say, read with the rights of the user."""
        known = self.sudo()
        choice = lambda name: dict(self._fields[name]._description_selection(self.env)).get(self[name], "")  # noqa: E731
        confirmed = self.state == "confirmed"
        return {
            "titles": {
                "result": self.env._("Result"),
                "scores": self.env._("Scores"),
                "words": self.env._("In Words"),
                "facts": self.env._("Facts of the Period"),
                "heard": self.env._("What the Employee Says to It"),
            },
            "about": [
                (self.env._("Employee"), known.employee_id.name),
                (self.env._("Job"), known.job_id.name or ""),
                (self.env._("Department"), known.department_id.name or ""),
                (
                    self.env._("Period"),
                    f"{format_date(self.env, self.date_from)} – {format_date(self.env, self.date_to)}",
                ),
                (self.env._("Scheme"), known.scheme_id.display_name),
                (self.env._("Appraised by"), (known.delegate_id or known.manager_id).name or ""),
                (self.env._("Confirmed by"), known.confirmed_by_id.name or ""),
            ],
            "result": [
                (self.env._("Score"), f"{self.score:.2f} · {self.score_word}"),
                (self.env._("Fit from"), f"{self.pass_score:.2f}"),
                (self.env._("For the job"), choice("fit")),
                (self.env._("Development plan"), known.plan_id.display_name or ""),
            ]
            if confirmed
            else [],
            "lines": self.line_ids.sorted("sequence"),
            "means": (self.self_total, self.manager_total, self.calibrated_total),
            "words": [
                (self.env._("The employee"), self.self_words),
                (self.env._("The manager"), self.manager_words),
                (self.env._("The calibration"), self.calibrated_words),
                (self.env._("Without self-appraisal"), self.skip_reason),
            ],
            "facts": self.fact_ids.sorted("sequence"),
            "verdict": choice("employee_verdict") or self.env._("No answer in the time given."),
            "is_told": self.state in ("hearing", "confirmed"),
        }
