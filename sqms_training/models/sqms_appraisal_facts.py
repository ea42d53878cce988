from odoo import models

from ..lib.appraisal import peers_mean


class SqmsAppraisalFacts(models.Model):
    """Facts beside the scores: copied once, when the appraisal starts, for all people who start together."""

    _inherit = "sqms.appraisal"

    def _copy_facts(self):
        appraisals = self.sudo()
        rows = []
        for (date_from, date_to), together in appraisals.grouped(
            lambda appraisal: (appraisal.date_from, appraisal.date_to)
        ).items():
            peers = together._peers()
            everybody = together.employee_id.union(*peers.values())
            facts = self.env["sqms.fact.provider"].sudo()._sqms_employee_facts(everybody, date_from, date_to)
            by_code = {employee_id: {fact["code"]: fact for fact in own} for employee_id, own in facts.items()}
            for appraisal in together:
                others = peers.get((appraisal.company_id, appraisal.job_id), appraisal.employee_id.browse())
                others -= appraisal.employee_id
                rows += [
                    appraisal._prepare_fact_values(place, fact, [by_code.get(id_, {}) for id_ in others.ids])
                    for place, fact in enumerate(facts.get(appraisal.employee_id.id, []), start=1)
                ]
        self.env["sqms.appraisal.fact"].sudo().create(rows)

    def _peers(self):
        """`{(company, job): employees}` who do the same job today."""
        jobs = self.job_id
        if not jobs:
            return {}
        employees = self.env["hr.employee"].sudo().search(
            [("job_id", "in", jobs.ids), ("company_id", "in", self.company_id.ids)]
        )  # fmt: skip
        return employees.grouped(lambda employee: (employee.company_id, employee.job_id))

    def _prepare_fact_values(self, place, fact, others):
        model, domain = fact.get("source") or (False, [])
        known = [other[fact["code"]] for other in others if fact["code"] in other]
        counts = fact["unit"] == "count"
        mean, people = peers_mean([own["value"] for own in known if own["n"] or counts])
        return {
            "appraisal_id": self.id,
            "sequence": place,
            "code": fact["code"],
            "label": fact["label"],
            "unit": fact["unit"],
            "value": fact["value"] or 0.0,
            "text": fact.get("text") or False,
            "n": fact["n"],
            "peers_mean": mean or 0.0,
            "peers_n": people if mean is not None else 0,
            "source_model": model,
            "source_domain": [list(part) if isinstance(part, tuple) else part for part in domain],
        }
