from unittest.mock import patch

from odoo.tests import tagged

from ..controllers.feedback import FeedbackPage
from .feedback_common import PAGE, FeedbackPageCase

SEED = "the-seed-of-the-page-of-this-tou"


@tagged("post_install", "-at_install", "sqms_tour")
class TestFeedbackTour(FeedbackPageCase):
    """Told on a phone, answered and taken further by an officer, read with the code: wholly in one language."""

    browser_size = "360x740"

    def _walk(self, language, prefix, lang):
        officer = self._person(f"tour_{language}", "sqms_base.group_sqms_officer", lang=lang)
        with patch.object(FeedbackPage, "_new_seed", lambda page: SEED):
            self.start_tour(f"{prefix}{PAGE}", f"sqms_feedback_tell_{language}")
        feedback = self.env["sqms.feedback"].search([], order="id desc", limit=1)
        self.assertRecordValues(
            feedback,
            [{"is_anonymous": True, "person_name": False, "lang": lang, "rating_value": 2, "journey_stage": "after"}],
        )
        self.browser_size = "1366x768"
        self.start_tour(f"/odoo/sqms-feedback/{feedback.id}", f"sqms_feedback_handle_{language}", login=officer.login)
        self.assertEqual((feedback.state, feedback.answered_by_id), ("converted", officer))
        self.browser_size = "360x740"
        code = feedback._code(SEED)
        self.start_tour(f"{prefix}{PAGE}/status#code={code}", f"sqms_feedback_read_{language}")

    def test_feedback_from_the_phone_to_the_answer_in_english(self):
        self._walk("en", "/en", "en_US")

    def test_feedback_from_the_phone_to_the_answer_in_chinese(self):
        self._walk("zh", "/zh_CN", "zh_CN")
