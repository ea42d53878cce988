from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.sqms_base.lib.privacy import KEEP
from odoo.addons.sqms_base.lib.workflow_pass import passed

from .optional_score import OptionalScore

KINDS = ("self", "manager", "calibrated")
SPOKEN = tuple(f"{kind}_{part}" for kind in KINDS for part in ("score", "note"))


class SqmsAppraisalLine(models.Model):
    """One criterion of one appraisal, as the scheme said when it started, with the three views side by side.

    The views are rows of their own (`sqms.appraisal.rating`); here stands what the reader may read of them.
    """

    _name = "sqms.appraisal.line"
    _description = "Score in an Appraisal"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "appraisal_id desc, sequence, id"
    _check_company_auto = True
    _workflow_parent = "appraisal_id"
    _workflow_parent_lines = "line_ids"

    appraisal_id = fields.Many2one("sqms.appraisal", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True, index=True, precompute=True)
    criterion_id = fields.Many2one(
        "sqms.appraisal.criterion", required=True, readonly=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(readonly=True)
    name = fields.Char("Asked", related="criterion_id.name", related_sudo=True)
    description = fields.Text(related="criterion_id.description", related_sudo=True)
    weight = fields.Integer("Weight (%)", readonly=True, aggregator=None)
    is_must = fields.Boolean("Must", readonly=True)
    minimum = OptionalScore("At Least", readonly=True, aggregator=None)
    rating_ids = fields.One2many("sqms.appraisal.rating", "line_id", "Views", readonly=True)
    self_score = OptionalScore("Employee", compute="_compute_spoken", inverse="_inverse_self_score", aggregator=None)
    self_note = fields.Text("His Reason", compute="_compute_spoken", inverse="_inverse_self_note")
    manager_score = OptionalScore(
        "Manager", compute="_compute_spoken", inverse="_inverse_manager_score", aggregator=None
    )
    manager_note = fields.Text("Manager's Reason", compute="_compute_spoken", inverse="_inverse_manager_note")
    calibrated_score = OptionalScore(
        "Calibrated", compute="_compute_spoken", inverse="_inverse_calibrated_score", aggregator=None
    )
    calibrated_note = fields.Text(
        "Reason of the Calibration", compute="_compute_spoken", inverse="_inverse_calibrated_note"
    )
    # from the confirmation on
    score = OptionalScore("Confirmed Score", readonly=True, aggregator="avg")

    _criterion_uniq = models.UniqueIndex("(appraisal_id, criterion_id)", "This criterion is there already.")
    _ledger_fields = ("appraisal_id", "criterion_id", "weight", "is_must", "minimum", "score")
    _ledger_personal_fields = ("score",)
    _privacy_fields = {"self_note": KEEP, "manager_note": KEEP, "calibrated_note": KEEP}

    @api.depends("criterion_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.sudo().criterion_id.name

    @api.depends("rating_ids.score", "rating_ids.note")
    @api.depends_context("uid")
    def _compute_spoken(self):
        # By a search of the reader's own: what the cache holds of the lists was filled by whoever read them first.
        ratings = self.env["sqms.appraisal.rating"].search([("line_id", "in", self._origin.ids)])
        found = {(rating.line_id, rating.kind): rating for rating in ratings}
        none = ratings.browse()
        for line in self:
            for kind in KINDS:
                rating = found.get((line._origin, kind), none)
                line[f"{kind}_score"] = rating.score if rating else False
                line[f"{kind}_note"] = rating.note if rating else False

    def _inverse_self_score(self):
        self._speak("self", "score")

    def _inverse_self_note(self):
        self._speak("self", "note")

    def _inverse_manager_score(self):
        self._speak("manager", "score")

    def _inverse_manager_note(self):
        self._speak("manager", "note")

    def _inverse_calibrated_score(self):
        self._speak("calibrated", "score")

    def _inverse_calibrated_note(self):
        self._speak("calibrated", "note")

    def _speak(self, kind, name):
        """Keep what was typed in as the view of the person who typed it, whose turn it must be.

        One field at a time: while one is written, the others of the same compute read as empty.
        """
        said = {line: line[f"{kind}_{name}"] for line in self}
        ratings = self.env["sqms.appraisal.rating"]
        known = {
            rating.line_id: rating for rating in ratings.search([("line_id", "in", self.ids), ("kind", "=", kind)])
        }
        ratings.create(
            [
                {"appraisal_id": line.appraisal_id.id, "line_id": line.id, "kind": kind, name: value}
                for line, value in said.items()
                if line not in known and (value is not False and value is not None and value != "")
            ]
        )
        for line, value in said.items():
            rating = known.get(line)
            # Zero is a score, and not the same as none.
            if rating and (rating[name] is False, rating[name] or None) != (value is False, value or None):
                rating[name] = value

    # -- only the system makes and changes one ---------------------------------------------

    def _create(self, data_list):
        ids = {data["stored"].get("appraisal_id") for data in data_list}
        self._refuse_by_hand(self.env["sqms.appraisal"].browse(id_ for id_ in ids if id_))
        return super()._create(data_list)

    def write(self, vals):
        if set(vals) - set(SPOKEN):
            self._refuse_by_hand(self.sudo().appraisal_id)
        return super().write(vals)

    def _refuse_by_hand(self, appraisals):
        if appraisals and not passed(appraisals, {"line_ids"}):
            raise AccessError(self.env._("The criteria of an appraisal come from its scheme."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("The criteria of an appraisal come from its scheme."))
