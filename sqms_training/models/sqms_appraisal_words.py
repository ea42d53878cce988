from odoo import api, fields, models

from odoo.addons.sqms_base.lib.privacy import KEEP

from ..lib.appraisal import weighted_mean
from .sqms_appraisal import FITS
from .sqms_appraisal_rating import KINDS


class SqmsAppraisalWords(models.Model):
    """What the three say to the whole, as far as the reader may read it."""

    _inherit = "sqms.appraisal"

    self_words = fields.Text("How I See My Work", compute="_compute_whole", inverse="_inverse_self_words")
    manager_words = fields.Text("How the Manager Sees It", compute="_compute_whole", inverse="_inverse_manager_words")
    calibrated_words = fields.Text("Why This Result", compute="_compute_whole", inverse="_inverse_calibrated_words")
    calibrated_fit = fields.Selection(
        FITS, "Result", compute="_compute_whole", inverse="_inverse_calibrated_fit",
        help="A person says so. Below the threshold of the scheme nobody is simply fit.",
    )  # fmt: skip
    self_total = fields.Char("Mean of the Employee", compute="_compute_totals")
    manager_total = fields.Char("Mean of the Manager", compute="_compute_totals")
    calibrated_total = fields.Char("Calibrated Mean", compute="_compute_totals")
    is_below = fields.Boolean("Below the Threshold", compute="_compute_totals")
    is_mine = fields.Boolean("My Own", compute="_compute_my_hands")
    may_speak_self = fields.Boolean(compute="_compute_my_hands", export_string_translation=False)
    may_speak_manager = fields.Boolean(compute="_compute_my_hands", export_string_translation=False)
    may_calibrate = fields.Boolean(compute="_compute_my_hands", export_string_translation=False)
    may_answer = fields.Boolean(compute="_compute_my_hands", export_string_translation=False)
    may_name = fields.Boolean(compute="_compute_my_hands", export_string_translation=False)

    _privacy_fields = dict.fromkeys(
        ("self_words", "manager_words", "calibrated_words", "self_total", "manager_total", "calibrated_total"), KEEP
    )

    @api.depends("rating_ids.note", "rating_ids.fit")
    @api.depends_context("uid")
    def _compute_whole(self):
        ratings = self.env["sqms.appraisal.rating"].search(
            [("appraisal_id", "in", self._origin.ids), ("line_id", "=", False)]
        )
        found = {(rating.appraisal_id, rating.kind): rating for rating in ratings}
        none = ratings.browse()
        for appraisal in self:
            for kind, _label in KINDS:
                rating = found.get((appraisal._origin, kind), none)
                appraisal[f"{kind}_words"] = rating.note if rating else False
                if kind == "calibrated":
                    appraisal.calibrated_fit = rating.fit if rating else False

    def _inverse_self_words(self):
        self._speak("self", "note", "self_words")

    def _inverse_manager_words(self):
        self._speak("manager", "note", "manager_words")

    def _inverse_calibrated_words(self):
        self._speak("calibrated", "note", "calibrated_words")

    def _inverse_calibrated_fit(self):
        self._speak("calibrated", "fit", "calibrated_fit")

    def _speak(self, kind, name, source):
        """Keep what was typed in as the view of the person who typed it, whose turn it must be.

        One field at a time: while one is written, the others of the same compute read as empty.
        """
        said = {appraisal: appraisal[source] for appraisal in self if appraisal.id}
        whole = self._whole(kind)
        self.env["sqms.appraisal.rating"].create(
            [
                {"appraisal_id": appraisal.id, "kind": kind, name: value}
                for appraisal, value in said.items()
                if appraisal not in whole and value
            ]
        )
        for appraisal, value in said.items():
            rating = whole.get(appraisal)
            if rating and (rating[name] or False) != (value or False):
                rating[name] = value

    def _whole(self, kind):
        """`{appraisal: its row of the whole}`, of those that the reader may read."""
        ratings = self.env["sqms.appraisal.rating"].search(
            [("appraisal_id", "in", self.ids), ("line_id", "=", False), ("kind", "=", kind)]
        )
        return {rating.appraisal_id: rating for rating in ratings}

    # -- means ------------------------------------------------------------------------

    @api.depends("line_ids.weight", "line_ids.rating_ids.score", "state")
    @api.depends_context("uid", "lang")
    def _compute_totals(self):
        means = {kind: self._means(kind) for kind, _label in KINDS}
        musts = self._below_minimum(self.env["sqms.appraisal.rating"])
        for appraisal in self:
            scheme = appraisal.sudo().scheme_id
            for kind, _label in KINDS:
                mean = means[kind].get(appraisal._origin.id)
                appraisal[f"{kind}_total"] = (
                    self.env._("%(mean).2f · %(word)s", mean=mean, word=scheme._word(mean)) if mean is not None else ""
                )
            mean = means["calibrated"].get(appraisal._origin.id)
            appraisal.is_below = bool(
                (mean is not None and mean < scheme.pass_score) or musts.get(appraisal._origin.id)
            )

    def _means(self, kind, ratings=None):
        """`{appraisal id: weighted mean}` of those whose scores of this kind are complete; read with the rights of
        `ratings` (the reader's own without)."""
        ratings = self.env["sqms.appraisal.rating"] if ratings is None else ratings
        lines = self.sudo().line_ids
        scores = {
            rating.line_id.id: rating.score
            for rating in ratings.search([("line_id", "in", lines.ids), ("kind", "=", kind)])
        }
        means = {}
        for appraisal in self.sudo():
            pairs = [(scores.get(line.id), line.weight) for line in appraisal.line_ids]
            means[appraisal._origin.id] = weighted_mean(pairs) if pairs else None
        return means

    def _below_minimum(self, ratings):
        """`{appraisal id: lines}` of the musts whose calibrated score is below the minimum."""
        lines = self.sudo().line_ids.filtered("is_must")
        found = {}
        for rating in ratings.search([("line_id", "in", lines.ids), ("kind", "=", "calibrated")]):
            line = rating.sudo().line_id
            if rating.score is not False and rating.score < (line.minimum or 0):
                found.setdefault(line.appraisal_id.id, lines.browse())
                found[line.appraisal_id.id] |= line
        return found

    # -- what of it is for the person at hand ---------------------------------------------

    @api.depends("state", "manager_id", "delegate_id", "calibrator_id", "user_id", "heard_at")
    @api.depends_context("uid")
    def _compute_my_hands(self):
        for appraisal in self:
            hands = appraisal._hands()
            appraisal.is_mine = "employee" in hands
            appraisal.may_speak_self = appraisal.state == "self" and "employee" in hands
            appraisal.may_speak_manager = appraisal.state == "manager" and "manager" in hands
            appraisal.may_calibrate = appraisal.state == "calibration" and "calibrator" in hands
            appraisal.may_answer = appraisal.state == "hearing" and bool(hands & {"employee", "stand_in"})
            appraisal.may_name = "hr" in hands
