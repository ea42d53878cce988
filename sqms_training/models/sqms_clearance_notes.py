from odoo import api, fields, models

NOTES = ("risk_note", "review_note", "hearing_note")


class SqmsClearanceNotes(models.Model):
    """What officers write down while they weigh a clearance.

    1. The columns themselves are closed to everybody. People read and write through fields that are computed: these
       cannot be searched, grouped or sorted by, and each reading is written down.
    2. The notes are erased together with the papers.
    """

    _inherit = "sqms.clearance"

    raw_risk_note = fields.Text(groups=fields.NO_ACCESS, copy=False, export_string_translation=False)
    raw_review_note = fields.Text(groups=fields.NO_ACCESS, copy=False, export_string_translation=False)
    raw_hearing_note = fields.Text(groups=fields.NO_ACCESS, copy=False, export_string_translation=False)
    risk_note = fields.Text(string="Risk Assessment", compute="_compute_risk_note", inverse="_inverse_risk_note")
    review_note = fields.Text(string="Remarks", compute="_compute_review_note", inverse="_inverse_review_note")
    hearing_note = fields.Text(
        string="What the Person Said", compute="_compute_hearing_note", inverse="_inverse_hearing_note"
    )

    _privacy_fields = {"raw_risk_note": "empty", "raw_review_note": "empty", "raw_hearing_note": "empty"}

    @api.depends_context("uid")
    def _compute_risk_note(self):
        self._show_note("risk_note")

    @api.depends_context("uid")
    def _compute_review_note(self):
        self._show_note("review_note")

    @api.depends_context("uid")
    def _compute_hearing_note(self):
        self._show_note("hearing_note")

    def _show_note(self, name):
        shown = self.browse()
        for clearance, raw in zip(self, self.sudo(), strict=True):
            clearance[name] = raw[f"raw_{name}"]
            if raw[f"raw_{name}"]:
                shown |= clearance._origin
        self.env["sqms.clearance.access"]._note(shown, name)

    def _inverse_risk_note(self):
        self._keep_note("risk_note")

    def _inverse_review_note(self):
        self._keep_note("review_note")

    def _inverse_hearing_note(self):
        self._keep_note("hearing_note")

    def _keep_note(self, name):
        for clearance in self:
            clearance.sudo()[f"raw_{name}"] = clearance[name]

    # -- reading is writing the log: never on a read-only connection --------------------

    def read(self, fields=None, load="_classic_read"):
        return super().read(fields, load)

    read._readonly = False

    def web_read(self, specification):
        return super().web_read(specification)

    web_read._readonly = False

    @api.model
    def web_search_read(self, *args, **kwargs):
        return super().web_search_read(*args, **kwargs)

    web_search_read._readonly = False

    @api.model
    def search_read(self, *args, **kwargs):
        return super().search_read(*args, **kwargs)

    search_read._readonly = False
