from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.sqms_base.lib.privacy import KEEP

SMALL = 5  # with fewer cases a figure says little
UNITS = [("count", "Count"), ("percent", "Percent"), ("score", "Score"), ("days", "Days"), ("hours", "Hours"),
         ("date", "Date")]  # fmt: skip


class SqmsAppraisalFact(models.Model):
    """A figure about the work of an employee in the period, copied when the appraisal started.

    1. It stays as it was copied, with the number of cases it rests on; fewer than five is said.
    2. It sets no score. What it was counted from opens with the rights of the reader.
    3. The mean of people in the same job stands beside it where at least five of them were measured.
    """

    _name = "sqms.appraisal.fact"
    _description = "Fact in an Appraisal"
    _order = "appraisal_id desc, sequence, id"

    appraisal_id = fields.Many2one("sqms.appraisal", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True, index=True, precompute=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    label = fields.Char(readonly=True, help="As it was called when it was copied.")
    name = fields.Char("Fact", compute="_compute_words")
    unit = fields.Selection(UNITS, required=True, readonly=True)
    value = fields.Float(readonly=True, aggregator=None)
    text = fields.Char(readonly=True)
    n = fields.Integer("Cases", readonly=True, aggregator=None)
    peers_mean = fields.Float(readonly=True, aggregator=None)
    peers_n = fields.Integer("People", readonly=True, aggregator=None)
    source_model = fields.Char(readonly=True, export_string_translation=False)
    source_domain = fields.Json(readonly=True, export_string_translation=False)
    value_words = fields.Char("Value in Words", compute="_compute_words")
    n_words = fields.Char("Rests On", compute="_compute_words")
    peers_words = fields.Char("Same Job", compute="_compute_words")
    is_small = fields.Boolean(compute="_compute_words")

    _code_uniq = models.UniqueIndex("(appraisal_id, code)", "This fact is there already.")
    _privacy_fields = {"label": KEEP, "text": KEEP, "source_domain": KEEP, "source_model": KEEP, "code": KEEP}

    @api.depends("code", "value", "n", "peers_mean", "peers_n", "unit", "text")
    @api.depends_context("lang")
    def _compute_words(self):
        labels = self.env["sqms.fact.provider"]._sqms_fact_labels()
        for fact in self:
            fact.name = labels.get(fact.code) or fact.label
            counted = fact.unit == "count"
            fact.is_small = bool(fact.n and not counted and not fact.text and fact.n < SMALL)
            fact.value_words = fact.text or (fact._in_words(fact.value) if fact.n or counted else self.env._("nothing"))
            fact.n_words = fact._cases_in_words()
            fact.peers_words = (
                self.env._("%(mean)s (%(n)s people)", mean=fact._in_words(fact.peers_mean), n=fact.peers_n)
                if fact.peers_n >= SMALL
                else ""
            )

    def _in_words(self, value):
        number = f"{value:.0f}" if self.unit == "count" and value == int(value) else f"{value:.1f}"
        return {
            "percent": self.env._("%s %%", number),
            "days": self.env._("%s days", number),
            "hours": self.env._("%s hours", number),
        }.get(self.unit, number)

    def _cases_in_words(self):
        if self.unit in ("count", "date"):
            return ""
        if not self.n:
            return self.env._("no cases")
        if self.n < SMALL:
            return self.env._("only %s cases", self.n) if self.n > 1 else self.env._("only one case")
        return self.env._("%s cases", self.n)

    def action_open_source(self):
        """The records that it was counted from, for those who may read them."""
        self.ensure_one()
        self.check_access("read")
        if self.source_model not in self.env or not self.env[self.source_model].has_access("read"):
            raise AccessError(self.env._("What “%s” was counted from is not open to you.", self.name))
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.source_model,
            "domain": [tuple(part) if isinstance(part, list) else part for part in self.source_domain or []],
            "views": [[False, "list"], [False, "form"]],
            "context": {"create": False},
        }
