from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICERS = "sqms_base.group_sqms_officer"
MANAGERS = "sqms_base.group_sqms_manager"


class SqmsSatisfactionCampaign(models.Model):
    """Asking a sample of customers, as planned and approved beforehand (ISO 10004).

    1. Purpose, scope, method, questionnaire, population and precision are written down and approved by somebody who
       did not plan it. Then they stay.
    2. At the start the population is counted and the sample drawn with a seed that nobody chose; both are kept, and
       the same population with the same seed gives the same sample.
    3. It is closed with a note on those who did not answer, and on what follows. The figures are frozen then.
    """

    _name = "sqms.satisfaction.campaign"
    _description = "Satisfaction Campaign"
    _inherit = ["sqms.filter.mixin", "sqms.workflow.mixin", "sqms.number.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "SAT"

    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    author_id = fields.Many2one(
        "res.users", string="Planned By", readonly=True, copy=False, required=True, index=True, ondelete="restrict",
        default=lambda self: self.env.uid,
    )  # fmt: skip
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], default=lambda self: self.env.user,
        check_company=True, index="btree_not_null", ondelete="restrict", tracking=True,
        help="Answers for the campaign and for what is done about its results.",
    )  # fmt: skip
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("running", "Running"), ("closed", "Closed")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip
    # plan
    purpose = fields.Text(translate=True, help="What will be decided with the result.")
    scope = fields.Text(translate=True, help="Which customers, services and places it is about.")
    method = fields.Selection([("mail", "Survey by Mail")], required=True, default="mail")
    is_pilot = fields.Boolean(string="Pilot", help="Tries the questions out; the figures are not reported.")
    survey_id = fields.Many2one(
        "survey.survey", string="Questionnaire", domain=[("sqms_is_satisfaction", "=", True)], ondelete="restrict",
        default=lambda self: self.env.ref("sqms_complaint.survey_satisfaction", raise_if_not_found=False),
    )  # fmt: skip
    survey_title = fields.Char(string="Title of the Questionnaire", related="survey_id.title", related_sudo=True)
    questionnaire_version = fields.Char(
        readonly=True, copy=False, help="The fingerprint of the questions as they were approved."
    )
    is_questionnaire_changed = fields.Boolean(compute="_compute_is_questionnaire_changed")
    deadline_days = fields.Integer(string="Open for (Days)", default=21, required=True)
    # population and sample
    population = fields.Selection(
        [("complaints", "Customers Whose Complaint Was Closed"), ("customers", "Customers")],
        required=True, default="complaints",
    )  # fmt: skip
    date_from = fields.Date(string="Closed From")
    date_to = fields.Date(string="Closed To")
    domain = fields.Char(string="Only If", required=True, default="[]")
    population_model = fields.Char(compute="_compute_population_model")
    filter_help = fields.Char(string="Conditions", compute="_compute_population_model")
    frame = fields.Text(
        string="Sampling Frame", help="From which list the sample is drawn, and who is missing in that list."
    )
    segment_by = fields.Selection(
        [("none", "Not at all"), ("country", "Country"), ("industry", "Industry"), ("lang", "Language")],
        string="Break Down By", required=True, default="none",
    )  # fmt: skip
    precision = fields.Float(string="Precision (± points)", default=5.0, required=True)
    expected_response = fields.Float(string="Expected Response (%)", default=30.0, required=True)
    population_count = fields.Integer(string="Size of the Population", compute="_compute_need")
    answers_needed = fields.Integer(compute="_compute_need")
    invitations_needed = fields.Integer(compute="_compute_need")
    sample_size = fields.Integer(string="To Be Asked", help="0: as many as the precision needs.")
    # what was drawn, frozen
    started_at = fields.Datetime(string="Started On", readonly=True, copy=False)
    seed = fields.Char(readonly=True, copy=False)
    frozen_population = fields.Integer(string="Population at the Start", readonly=True, copy=False)
    frame_digest = fields.Char(string="Fingerprint of the Population", readonly=True, copy=False)
    sample_ids = fields.Json(readonly=True, copy=False, export_string_translation=False)
    sampled_count = fields.Integer(string="Drawn", readonly=True, copy=False)
    # what came of it
    answer_ids = fields.One2many("sqms.satisfaction.answer", "campaign_id", string="Answers", readonly=True, copy=False)
    invited_count = fields.Integer(string="Asked", compute="_compute_counts")
    delivered_count = fields.Integer(string="Delivered", compute="_compute_counts")
    answered_count = fields.Integer(string="Answered", compute="_compute_counts")
    response_rate = fields.Float(string="Response (%)", compute="_compute_counts")
    results = fields.Html(compute="_compute_results", sanitize=False)
    frozen_results = fields.Json(readonly=True, copy=False, export_string_translation=False)
    non_response_note = fields.Text(
        string="Who Did Not Answer", copy=False, help="Who they are, and which way the result may lean without them."
    )
    conclusion = fields.Text(copy=False, help="What the result says, and what is done about it.")
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    action_count = fields.Integer(string="Actions", compute="_compute_action_count")

    _precision_range = models.Constraint(
        "CHECK(precision > 0 AND precision < 50)", "A precision lies between 0 and 50 points."
    )
    _response_range = models.Constraint(
        "CHECK(expected_response > 0 AND expected_response <= 100)", "A response lies above 0 and up to 100 %."
    )
    _size_range = models.Constraint(
        "CHECK(sample_size >= 0 AND deadline_days BETWEEN 1 AND 365)", "Ask somebody, for 1 to 365 days."
    )

    _workflow_initial = ("draft",)
    _workflow = (
        Transition(
            "approve", _lt("Approve"), ("draft",), "approved", MANAGERS,
            required=("purpose", "scope", "frame", "survey_id"),
        ),
        Transition("return_to_draft", _lt("Back to Draft"), ("approved",), "draft", OFFICERS, rare=True),
        Transition("start", _lt("Draw and Ask"), ("approved",), "running", OFFICERS),
        Transition(
            "close", _lt("Close"), ("running",), "closed", OFFICERS, required=("non_response_note", "conclusion")
        ),
    )  # fmt: skip
    _workflow_fixed = ("author_id",)
    _workflow_managed = (
        "questionnaire_version", "started_at", "seed", "frozen_population", "frame_digest", "sample_ids",
        "sampled_count", "frozen_results", "closed_at",
    )  # fmt: skip
    _workflow_locked = {
        "approved": ("owner_id",),
        "running": ("owner_id", "non_response_note", "conclusion"),
        "closed": (),
    }
    _ledger_fields = (
        "number", "name", "company_id", "author_id", "owner_id", "state", "purpose", "scope", "method", "is_pilot",
        "survey_id", "questionnaire_version", "population", "date_from", "date_to", "domain", "frame", "segment_by",
        "precision", "sample_size", "seed", "frozen_population", "frame_digest", "sampled_count",
        "non_response_note", "conclusion",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        """Who plans it is who plans it: another name would let him approve it himself."""
        if not self.env.su:
            vals_list = [{**vals, "author_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    # -- computes ------------------------------------------------------------------

    @api.depends("number", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for campaign in self:
            campaign.display_name = " ".join(filter(None, (campaign.number, campaign.name)))

    @api.depends("questionnaire_version", "survey_id")
    def _compute_is_questionnaire_changed(self):
        for campaign in self:
            version = campaign.questionnaire_version
            survey = campaign.sudo().survey_id
            campaign.is_questionnaire_changed = bool(version and survey and survey._sqms_digest()[7:19] != version)

    def _compute_counts(self):
        rows = (
            self.env["sqms.satisfaction.answer"]
            .sudo()
            ._read_group(
                [("campaign_id", "in", self.ids), ("state", "!=", "skipped")],
                ["campaign_id", "is_delivered", "state"],
                ["__count"],
            )
        )
        tally = {campaign_id: [0, 0, 0] for campaign_id in self._origin.ids}
        for campaign, delivered, state, count in rows:
            own = tally[campaign.id]
            own[0] += count
            own[1] += count if delivered else 0
            own[2] += count if state == "answered" else 0
        for campaign in self:
            invited, delivered, answered = tally.get(campaign._origin.id, (0, 0, 0))
            campaign.invited_count, campaign.delivered_count, campaign.answered_count = invited, delivered, answered
            campaign.response_rate = 100 * answered / delivered if delivered else 0.0

    def _compute_action_count(self):
        counts = dict(
            self.env["sqms.action"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)], ["res_id"], ["__count"]
            )
        )
        for campaign in self:
            campaign.action_count = counts.get(campaign.id, 0)

    @api.depends_context("lang")
    def _compute_results(self):
        answers = self.env["sqms.satisfaction.answer"]
        for campaign in self:
            tables = campaign.frozen_results or (campaign._origin._prepare_results() if campaign._origin else [])
            campaign.results = answers._score_page(tables)

    def _prepare_results(self):
        """The figures with n and interval, in all and by segment, as plain data."""
        self.ensure_one()
        return (
            self.env["sqms.satisfaction.answer"]
            .sudo()
            ._score_tables([("campaign_id", "=", self.id)], ["segment"] if self.segment_by != "none" else [])
        )

    # -- steps ---------------------------------------------------------------------

    def _check_approve(self):
        return {
            campaign.id: self.env._("you planned it yourself; somebody else approves it")
            for campaign in self
            if campaign.author_id == self.env.user
        }

    def _prepare_approve_values(self):
        return {
            campaign.id: {"questionnaire_version": campaign.sudo().survey_id._sqms_digest()[7:19]} for campaign in self
        }

    def _prepare_return_to_draft_values(self):
        return {campaign.id: {"questionnaire_version": False} for campaign in self}

    def _check_start(self):
        problems = {}
        for campaign in self:
            if campaign.is_questionnaire_changed:
                problems[campaign.id] = self.env._("the questions were changed after the approval")
            elif not campaign.population_count:
                problems[campaign.id] = self.env._("nobody is in the population")
        return problems

    def _check_close(self):
        now = fields.Datetime.now()
        waiting = dict(
            self.env["sqms.satisfaction.answer"]
            .sudo()
            ._read_group(
                [("campaign_id", "in", self.ids), ("state", "=", "invited"), ("deadline", ">", now)],
                ["campaign_id"],
                ["deadline:max"],
            )
        )
        return {
            campaign.id: self.env._("customers can still answer until %s", fields.Date.to_string(last))
            for campaign, last in waiting.items()
        }

    def _prepare_close_values(self):
        now = fields.Datetime.now()
        return {campaign.id: {"closed_at": now, "frozen_results": campaign._prepare_results()} for campaign in self}

    # -- buttons -------------------------------------------------------------------

    def action_open_answers(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.sqms_satisfaction_answer_action"),
            "domain": [("campaign_id", "=", self.id)],
            "context": {},
        }

    def action_open_actions(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_action_action"),
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {
                "default_res_model": self._name, "default_res_id": self.id, "default_company_id": self.company_id.id,
                "default_kind": "improvement",
            },
        }  # fmt: skip
