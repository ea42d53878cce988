from odoo.tests import tagged

from .review_common import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewTrace(ReviewCase):
    def test_from_the_review_by_its_decision_to_the_action_and_back(self):
        review = self._hold(decisions=("One",))
        decision, action = review.decision_ids, review.decision_ids.action_ids
        self.env.flush_all()
        for start in (review, decision, action):
            graph = start.with_user(self.top).trace()
            found = {node["id"] for node in graph["nodes"]}
            self.assertLessEqual({f"{record._name},{record.id}" for record in (review, decision, action)}, found)
            edges = {(edge["source"], edge["target"]) for edge in graph["edges"]}
            self.assertIn((f"sqms.review,{review.id}", f"sqms.review.decision,{decision.id}"), edges)
            self.assertIn((f"sqms.review.decision,{decision.id}", f"sqms.action,{action.id}"), edges)
        badge = decision._trace_cards()[decision.id]["badge"]
        self.assertEqual((badge["text"], badge["tone"]), ("Not Started", "secondary"))
