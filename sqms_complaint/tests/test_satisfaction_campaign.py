from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_satisfaction import SatisfactionCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestSatisfactionCampaign(SatisfactionCase):
    """Campaigns: planned, approved by another, drawn with a seed, closed with what was found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = cls._create_user("sqms_planner", "sqms_base.group_sqms_officer")
        cls.quality = cls._create_user("sqms_quality", "sqms_base.group_sqms_manager")
        cls.people = cls.env["res.partner"].create(
            [{"name": f"Customer {n}", "email": f"c{n}@example.com", "lang": "en_US"} for n in range(12)]
        )
        cls.complaints = cls._end(
            cls.env["helpdesk.ticket"].create(
                [cls._prepare_complaint_values(partner_id=partner.id) for partner in cls.people]
            )
        )
        cls._ask_all()
        cls.env.flush_all()
        cls.cr.execute("UPDATE sqms_satisfaction_answer SET invited_at = invited_at - interval '1 year'")
        cls.env.invalidate_all()

    def _campaign(self, **values):
        return self.env["sqms.satisfaction.campaign"].with_user(self.planner).create(
            {
                "name": "How were complaints handled this spring?", "purpose": "Decide on training",
                "scope": "Service desk", "frame": "The register of complaints", "precision": 5.0,
                "domain": f"[('team_id', '=', {self.team.id})]", **values,
            }
        )  # fmt: skip

    def _started(self, **values):
        campaign = self._campaign(**values)
        campaign.with_user(self.quality).action_transition("approve")
        campaign.with_user(self.planner).action_transition("start")
        while self.env["sqms.satisfaction.campaign"]._ask_batch(limit=5):
            pass
        self.env.invalidate_all()
        return campaign

    def test_population_and_sample_size(self):
        campaign = self._campaign()
        self.assertEqual((campaign.population_count, campaign.answers_needed), (12, 12))
        self.assertEqual(campaign.number[:4], "SAT/")
        campaign.domain = f"[('team_id', '=', {self.other_team.id})]"
        self.assertEqual(campaign.population_count, 0)
        for wrong in ("[('partner_email', 'ilike', 'x')]", "__import__('os')", "[('id', '=', 1)]"):
            with self.assertRaises(ValidationError):
                campaign.domain = wrong
        self.people[0].email = False
        self.assertEqual(self._campaign().population_count, 11, "who has no address is not in the frame")
        day = fields.Date.today()
        self.assertEqual(self._campaign(date_to=day - timedelta(days=3)).population_count, 0)
        self.assertEqual(self._campaign(population="customers", domain="[]").population_count >= 11, True)

    def test_sample_is_drawn_with_a_seed_and_can_be_drawn_again(self):
        campaign = self._started(sample_size=7)
        self.assertEqual((campaign.state, campaign.frozen_population, campaign.sampled_count), ("running", 12, 7))
        population = self.people.ids
        self.assertTrue(campaign._sample_is_as_drawn(population))
        self.assertFalse(campaign._sample_is_as_drawn(population[1:]))
        self.assertEqual(sorted(campaign.answer_ids.partner_id.ids), campaign.sample_ids)
        self.assertEqual((campaign.invited_count, campaign.delivered_count), (7, 0))
        self.people[0].email = False
        self.assertEqual(campaign.frozen_population, 12, "what was drawn stays")
        self.assertFalse(self.env["sqms.satisfaction.campaign"]._ask_batch(), "each once")
        self.assertEqual(len(campaign.answer_ids.sudo().mail_id), 7)

    def test_results_with_n_and_interval_and_by_segment(self):
        china, france = self.env.ref("base.cn"), self.env.ref("base.fr")
        self.people[:8].country_id = china
        self.people[8:].country_id = france
        campaign = self._started(segment_by="country")
        answers = campaign.answer_ids.sudo()
        answers.mail_id.write({"state": "sent"})
        self.answers._note_deliveries()
        for answer in answers.filtered(lambda answer: answer.partner_id.country_id == china):
            self._answer(answer, csat=5 if answer.partner_id in self.people[:6] else 2, nps=10, ces=6)
        total, *segments = campaign._prepare_results()
        self.assertEqual((total["answered"], total["delivered"]), (8, 12))
        self.assertAlmostEqual(total["scores"]["csat"]["value"], 75.0)
        self.assertEqual(total["scores"]["csat"]["n"], 8)
        self.assertEqual(total["scores"]["csat"]["warnings"], ["few"])
        by_label = {table["label"]: table for table in segments}
        self.assertEqual(by_label[china.name]["scores"]["nps"]["value"], 100)
        self.assertIsNone(by_label[france.name]["scores"]["csat"]["value"], "nobody answered: no score, not zero")
        self.assertEqual(campaign.response_rate, 100 * 8 / 12)
        page = str(campaign.results)
        self.assertIn("75.0 %", page)
        self.assertIn("n = 8", " ".join(page.replace("<!-- -->", "").split()))
        with self.assertRaises(UserError):
            campaign.with_user(self.planner).action_transition("close")
        campaign.with_user(self.planner).write({"non_response_note": "The French", "conclusion": "Train"})
        with self.assertRaises(UserError):
            campaign.with_user(self.planner).action_transition("close")  # some can still answer
        answers.filtered(lambda answer: answer.state == "invited").write({"state": "expired"})
        campaign.with_user(self.planner).action_transition("close")
        self.assertEqual(campaign.frozen_results[0]["answered"], 8)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "sqms_complaint.report_satisfaction_campaign", campaign.ids
        )[0]
        self.assertIn(b"75.0", html)
        action = campaign.with_user(self.planner).action_open_actions()
        self.assertEqual(action["context"]["default_res_id"], campaign.id)

    def test_who_wants_no_surveys_is_drawn_but_not_asked(self):
        self.people[0].satisfaction_opt_out = True
        campaign = self._started()
        skipped = campaign.answer_ids.filtered(lambda answer: answer.state == "skipped")
        self.assertEqual((skipped.partner_id, skipped.skip_reason), (self.people[0], "opt_out"))
        self.assertEqual(campaign.invited_count, 11)

    def test_steps_are_taken_by_those_who_may(self):
        campaign = self._campaign()
        own = self._campaign()
        own.sudo()
        for user in (self.planner, self.agent, self.officer, self.certifier):
            with self.assertRaises(UserError):
                campaign.with_user(user).action_transition("approve")
        mine = (
            self.env["sqms.satisfaction.campaign"]
            .with_user(self.quality)
            .create({"name": "Mine", "purpose": "x", "scope": "x", "frame": "x", "author_id": self.planner.id})
        )
        with self.assertRaises(UserError):
            mine.action_transition("approve")
        campaign.with_user(self.quality).action_transition("approve")
        for values in ({"domain": "[]"}, {"precision": 20}, {"sample_size": 1}, {"state": "running"}, {"seed": "x"}):
            with self.assertRaises(UserError):
                campaign.with_user(self.planner).write(values)
        with self.assertRaises(UserError):
            campaign.with_user(self.planner).write({"sample_ids": [1], "sampled_count": 1})
        for user in (self.employee, self.portal):
            with self.assertRaises(AccessError):
                campaign.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            campaign.with_user(self.certifier).write({"name": "x"})

    def test_questions_changed_after_approval_stop_the_start(self):
        survey = self.survey.copy()
        campaign = self._campaign(survey_id=survey.id)
        campaign.with_user(self.quality).action_transition("approve")
        survey.question_ids[0].title = "Were you happy?"
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            campaign.with_user(self.planner).action_transition("start")

    def test_summary_of_a_period(self):
        answer = self._invite(self._closed())
        self._answer(answer, csat=4)
        result = self.env["sqms.satisfaction.result"].with_user(self.officer).create({})
        self.assertIn("n = ", " ".join(str(result.results).split()))
        self.assertIn(self.team.name, str(result.results))
