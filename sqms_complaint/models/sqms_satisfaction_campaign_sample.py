import hashlib
from datetime import timedelta

import psycopg2

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.sqms_base.lib.local_time import local_midnight

from ..lib import satisfaction_sample, satisfaction_score
from .sqms_satisfaction_answer_invite import BATCH

SOURCES = {
    "complaints": {
        "model": "helpdesk.ticket",
        "filters": (
            "complaint_category_id", "team_id", "channel_id", "complaint_decision", "complaint_outcome", "priority",
        ),
    },
    "customers": {
        "model": "res.partner",
        "filters": ("country_id", "state_id", "industry_id", "lang", "is_company", "user_id", "create_date"),
    },
}  # fmt: skip


class SqmsSatisfactionCampaignSample(models.Model):
    """Population and sample of a campaign; asking in batches, by the job that asks everybody."""

    _inherit = "sqms.satisfaction.campaign"

    @api.depends("population")
    @api.depends_context("lang")
    def _compute_population_model(self):
        for campaign in self:
            source = SOURCES[campaign.population or "complaints"]
            campaign.population_model = source["model"]
            campaign.filter_help = ", ".join(self._label_of(source["model"], path) for path in source["filters"])

    @api.onchange("population")
    def _onchange_population(self):
        self.domain = "[]"

    @api.constrains("domain", "population")
    def _check_domain(self):
        for campaign in self.sudo(False):
            source = SOURCES[campaign.population]
            model = self.env[source["model"]]
            campaign._try_domains(model, [campaign._parse(model, source, campaign.domain)])

    @api.constrains("date_from", "date_to", "population")
    def _check_dates(self):
        for campaign in self:
            if campaign.date_from and campaign.date_to and campaign.date_from > campaign.date_to:
                raise ValidationError(self.env._("%s ends before it begins.", campaign.display_name))

    @api.depends("population", "date_from", "date_to", "domain", "precision", "expected_response", "company_id")
    def _compute_need(self):
        for campaign in self:
            size = campaign.frozen_population or len(campaign._population_ids())
            precision = min(max(campaign.precision, 0.01), 49.9) / 100
            response = min(max(campaign.expected_response, 1), 100)
            campaign.population_count = size
            campaign.answers_needed = satisfaction_score.sample_size(precision, size)
            campaign.invitations_needed = satisfaction_score.invitations_needed(campaign.answers_needed, response, size)

    def _population_ids(self):
        """The ids of the customers of the population, in order: with an address, and none of our own people."""
        self.ensure_one()
        source = SOURCES[self.population or "complaints"]
        model = self.env[source["model"]].sudo()
        try:
            domain = self._parse(model, source, self.domain or "[]")
        except ValidationError:
            return []  # being typed
        if self.population == "complaints":
            partners = self._complainants(domain)
        else:
            partners = model.search(domain & Domain("company_id", "in", (False, self.company_id.id)))
            complained = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
            partners &= complained.search([("company_id", "=", self.company_id.id)]).partner_id
        own = partners.user_ids.filtered(lambda user: not user.share).partner_id
        return sorted((partners.filtered(lambda partner: partner.active and partner.email) - own).ids)

    def _complainants(self, domain):
        zone = self.company_id._sqms_tz()
        domain &= Domain("is_complaint", "=", True) & Domain("complaint_state", "=", "closed")
        domain &= Domain("company_id", "=", self.company_id.id) & Domain("complaint_is_anonymous", "!=", True)
        if self.date_from:
            domain &= Domain("complaint_closed_at", ">=", local_midnight(self.date_from, zone))
        if self.date_to:
            domain &= Domain("complaint_closed_at", "<", local_midnight(self.date_to + timedelta(days=1), zone))
        return self.env["helpdesk.ticket"].sudo().with_context(active_test=False).search(domain).partner_id

    def _prepare_start_values(self):
        """The population as it is now, counted and fingerprinted, and the sample of it."""
        values = {}
        for campaign in self:
            population = campaign._population_ids()
            seed = satisfaction_sample.new_seed()
            size = campaign.sample_size or campaign.invitations_needed
            sample = satisfaction_sample.draw(population, size, seed)
            values[campaign.id] = {
                "started_at": fields.Datetime.now(),
                "seed": seed,
                "frozen_population": len(population),
                "frame_digest": _digest(population),
                "sample_ids": sample,
                "sampled_count": len(sample),
            }
        return values

    def _on_start(self):
        self.env.ref("sqms_complaint.ir_cron_satisfaction_invite").sudo()._trigger()

    def _sample_is_as_drawn(self, population):
        """Whether this population with the seed on record gives the sample on record."""
        self.ensure_one()
        drawn = satisfaction_sample.draw(population, self.sampled_count, self.seed)
        return _digest(sorted(population)) == self.frame_digest and drawn == self.sample_ids

    # -- asking ----------------------------------------------------------------------

    @api.model
    def _ask_batch(self, limit=BATCH):
        """Ask so many of the running campaigns' samples; those who have a row are done."""
        answers = self.env["sqms.satisfaction.answer"].sudo()
        for campaign in self.sudo().search([("state", "=", "running")], order="id"):
            asked = {
                partner.id
                for (partner,) in answers._read_group(
                    [("campaign_id", "=", campaign.id), ("partner_id", "!=", False)], ["partner_id"]
                )
            }
            rest = [partner for partner in campaign.sample_ids or [] if partner not in asked][:limit]
            partners = self.env["res.partner"].sudo().browse(rest).exists()
            if not partners:
                continue
            try:
                with self.env.cr.savepoint(), tools.mute_logger("odoo.sql_db"):
                    campaign._ask(partners)
            except psycopg2.errors.UniqueViolation:
                self.env.invalidate_all()
                return 0
            return len(partners)
        return 0

    def _ask(self, partners):
        answers = self.env["sqms.satisfaction.answer"].sudo()
        now = fields.Datetime.now()
        keys = {partner.id: answers._customer_key(partner.email, partner) for partner in partners}
        recent, refusing = answers._customers(self.company_id, set(keys.values()), now)
        rows = []
        for partner in partners:
            key = keys[partner.id]
            reason = (
                "opt_out"
                if partner.satisfaction_opt_out or key in refusing
                else "no_way"
                if not tools.email_normalize(partner.email or "", strict=False)
                else "cooldown"
                if key in recent
                else None
            )
            rows.append(self._prepare_row(partner, key, reason, now))
        asked = answers.create(rows).filtered(lambda answer: answer.state == "invited")
        asked._open_inputs()
        asked._send("invitation") if asked else None

    def _prepare_row(self, partner, key, reason, now):
        return {
            "campaign_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "customer_key": key,
            "lang": partner.lang,
            "segment": self._segment_of(partner),
            **(
                {"state": "skipped", "skip_reason": reason}
                if reason
                else {
                    "state": "invited",
                    "survey_id": self.survey_id.id,
                    "invited_at": now,
                    "deadline": now + timedelta(days=self.deadline_days),
                    "delivery": "queued",
                }
            ),
        }

    def _segment_of(self, partner):
        if self.segment_by == "none":
            return False
        found = {"country": partner.country_id.name, "industry": partner.industry_id.name, "lang": partner.lang}
        return found[self.segment_by] or False


def _digest(ids):
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:16]
