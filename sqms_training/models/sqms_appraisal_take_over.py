from odoo import models

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields, workflow_import


class SqmsAppraisalTakeOver(models.Model):
    """Appraisals that were held elsewhere before: they keep their state, and the ledger says so."""

    _inherit = "sqms.appraisal"

    def _take_over(self, state, said, values=None):
        """An appraisal from before this system (migration, demo data): who said what, then the state it had.

        :param said: `{kind: {"scores": [in the order of the scheme], "notes": {place: why}, "words", "fit"}}`
        """
        self.ensure_one()
        appraisal = self.sudo()
        if not appraisal.line_ids:
            appraisal._lay_out()
        ratings = self.env["sqms.appraisal.rating"].sudo()
        with workflow_fields(appraisal, "rating_ids"):
            for kind, own in said.items():
                lines = appraisal.line_ids.sorted("sequence")
                for place, (line, score) in enumerate(zip(lines, own["scores"], strict=True), start=1):
                    ratings.create({"appraisal_id": appraisal.id, "line_id": line.id, "kind": kind, "score": score,
                                    "note": own.get("notes", {}).get(place)})  # fmt: skip
                ratings.create({"appraisal_id": appraisal.id, "kind": kind, "note": own.get("words"),
                                "fit": own.get("fit")})  # fmt: skip
        appraisal._bring_to(state, values or {}, said)

    def _bring_to(self, state, values, said):
        results = {}
        if state == "confirmed":
            with workflow_fields(self, "line_ids"):
                for line, score in zip(self.line_ids.sorted("sequence"), said["calibrated"]["scores"], strict=True):
                    line.score = score
            results = self._prepare_confirm_values()[self.id]
        with workflow_import(self, self.env._("Taken over")):
            self.write({
                "department_id": self.employee_id.department_id.id, "job_id": self.employee_id.job_id.id,
                **results, **values, "state": state,
            })  # fmt: skip
        for kind in said:
            self._freeze_total(kind)
        if not self.fact_ids:
            self._copy_facts()
