from odoo import api, fields, models

from ..lib.evidence import age_in_days, age_in_months, judge, right_ones
from ..lib.local_time import local_day

MONTHS_FROM = 92  # days; below that an age is told in days


class SqmsEvidenceRule(models.Model):
    """What a rule found, told in the language of whoever looks."""

    _inherit = "sqms.evidence.rule"

    @api.model
    def _today(self, company):
        return local_day(fields.Datetime.now(), company._sqms_tz())

    def _verdict(self, found, today):
        """`{rule, state, reason, total, right, wrong, newest}` of one rule."""
        self.ensure_one()
        measure = self._measure()
        state, why = judge(measure, found, today)
        right = right_ones(measure, found)
        return {
            "rule": self.id,
            "state": state,
            "reason": self._sentence(why, found, right, today),
            "total": found.total,
            "wrong": found.total - right,
            "newest": found.newest,
        }

    def _verdict_broken(self):
        reason = self.env._("%(evidence)s: this rule can no longer be asked", evidence=self.name)
        return {"rule": self.id, "state": "red", "reason": reason, "total": 0, "wrong": 0, "newest": None}

    def _sentence(self, why, found, right, today):
        age = self._age_words(age_in_days(found.newest, today)) if found.newest else "–"
        limit = self._age_words(self.freshness_days) if self.freshness_days else "–"
        values = {"total": found.total, "right": right, "wrong": found.total - right, "age": age, "limit": limit}
        own = {"fine": self.words_fine, "share": self.words_wrong}.get(why)
        if own:
            # Replaced word by word: a sentence is no format string.
            for word, value in values.items():
                own = own.replace("{%s}" % word, str(value))  # noqa: UP031
            return own
        values.update(evidence=self.name, minimum=self.minimum, young=found.fresh)
        if why == "missing":
            return self.env._("%(evidence)s: none yet", **values)
        if why == "few" and self.freshness_days:
            return self.env._("%(evidence)s: %(young)s of %(minimum)s within %(limit)s", **values)
        if why == "few":
            return self.env._("%(evidence)s: %(total)s of %(minimum)s", **values)
        if why == "old":
            return self.env._("%(evidence)s: last one %(age)s old (limit %(limit)s)", **values)
        if why == "ageing":
            return self.env._("%(evidence)s: last one %(age)s old, time for the next", **values)
        if self.kind == "ratio":
            return self.env._("%(evidence)s: %(right)s of %(total)s", **values)
        if self.kind == "none" and why == "share":
            return self.env._("%(evidence)s: %(wrong)s of %(total)s not in order", **values)
        return self.env._("%(evidence)s: %(total)s", **values)

    @api.model
    def _age_words(self, days):
        if days < MONTHS_FROM:
            return self.env._("%s d", days)
        return self.env._("%s mo", age_in_months(days))
