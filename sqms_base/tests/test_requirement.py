from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import sign_step
from .goal_common import GoalCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install", "sqms_alone")
class TestRequirement(GoalCase):
    @classmethod
    def _create(cls, name="The hour is kept", user=None, **values):
        return cls._as("sqms.requirement", user).create({"name": name, "kano_class": "must_be", **values})

    @classmethod
    def _reviewed(cls, requirement, feasibility="feasible", reviewer=None, remarks=False):
        reviewer = reviewer or cls.manager
        requirement.with_user(reviewer).write({"feasibility": feasibility, "feasibility_remarks": remarks})
        sign_step(requirement, "review", reviewer)
        return requirement

    @classmethod
    def _approved(cls, requirement):
        sign_step(cls._reviewed(requirement), "approve", cls.second_manager)
        return requirement

    def test_no_requirement_is_approved_without_a_review_by_any_path(self):
        requirement = self._create()
        everybody = (self.officer, self.manager, self.top, self.env.ref("base.user_root"))
        for user in everybody:
            mine = requirement.with_user(user)
            self._refused(UserError, "", lambda m=mine: m.action_transition("approve"))
            self._refused(UserError, "", lambda m=mine: m.action_transition("fulfil"))
            self._refused(UserError, "Feasibility", lambda m=mine: m.action_transition("review"))
            for state in ("reviewed", "approved", "fulfilled"):
                self._refused(UserError, "", lambda m=mine, s=state: m.write({"state": s}))
                self._refused(UserError, "", lambda u=user, s=state: self._create(user=u, state=s))
                self._refused(
                    UserError,
                    "",
                    lambda u=user, s=state: (
                        self._as("sqms.requirement", u).with_context(default_state=s).create({"name": "x"})
                    ),
                )
            for values in ({"reviewer_id": user.id}, {"reviewed_at": "2026-01-01"}, {"approver_name": "x"}):
                self._refused(UserError, "", lambda m=mine, v=values: m.write(v))
                self._refused(UserError, "", lambda u=user, v=values: self._create(user=u, **v))
            loaded = self._as("sqms.requirement", user).load(["name", "state"], [["x", "approved"]])
            self.assertFalse(loaded["ids"])
        code = {"state": "code", "code": "record.write({'state': 'approved'})", "name": "x"}
        action = self.env["ir.actions.server"].create(
            {**code, "model_id": self.env["ir.model"]._get_id("sqms.requirement")}
        )
        self._refused(UserError, "", action.with_context(active_model="sqms.requirement", active_id=requirement.id).run)
        # A signature of another kind is no review.
        self._refused(
            UserError,
            "",
            lambda: self.env["sqms.signature"].with_user(self.manager).sign(requirement, "reviewer", password="x" * 8),
        )
        self.assertEqual(requirement.state, "draft")

    def test_review_by_another_then_approval_by_another(self):
        requirement = self._create(partner_id=self.env["res.partner"].create({"name": "Wang"}).id)
        requirement.with_user(self.officer).feasibility = "feasible"
        self._refused(UserError, "another person", lambda: sign_step(requirement, "review", self.officer))
        # Who judges it does not become its author; who rewrites it does.
        requirement.with_user(self.manager).feasibility = "conditions"
        self.assertFalse(requirement.contributor_ids)
        self._refused(UserError, "conditions", lambda: sign_step(requirement, "review", self.manager))
        requirement.with_user(self.manager).feasibility_remarks = "One van more"
        requirement.with_user(self.second_manager).description = "Within the hour he named"
        self._refused(UserError, "another person", lambda: sign_step(requirement, "review", self.second_manager))
        sign_step(requirement, "review", self.manager)
        self.assertEqual((requirement.state, requirement.reviewer_id), ("reviewed", self.manager))
        for values in ({"name": "x"}, {"feasibility": "feasible"}, {"process_ids": [Command.link(self.process.id)]}):
            for user in (self.officer, self.manager, self.top, self.env.ref("base.user_root")):
                self._refused(AccessError, "", lambda u=user, v=values: requirement.with_user(u).write(v))
        self._refused(AccessError, "", lambda: sign_step(requirement, "approve", self.officer))
        self._refused(UserError, "another person", lambda: sign_step(requirement, "approve", self.second_manager))
        sign_step(requirement, "approve", self.top)
        self.assertEqual((requirement.state, requirement.approver_name), ("approved", self.top.name))
        self.assertEqual(set(requirement.sudo().signature_ids.mapped("meaning")), {"reviewer", "approver"})
        self._refused(
            UserError, "How It Is Fulfilled", lambda: requirement.with_user(self.top).action_transition("fulfil")
        )
        requirement.with_user(self.top).evidence = "Measured since June"
        requirement.with_user(self.top).action_transition("fulfil")
        self.assertEqual(requirement.state, "fulfilled")

    def test_what_is_not_feasible_or_no_longer_what_was_reviewed_is_not_approved(self):
        infeasible = self._reviewed(self._create("Free of charge"), "not")
        self._refused(UserError, "not feasible", lambda: sign_step(infeasible, "approve", self.top))
        infeasible.with_user(self.top).remarks = "We could not live on it"
        infeasible.with_user(self.top).action_transition("reject")
        self.assertEqual(infeasible.state, "rejected")
        tampered = self._reviewed(self._create("In time"))
        self.env.flush_all()
        self.env.cr.execute("UPDATE sqms_requirement SET priority = '3' WHERE id = %s", [tampered.id])
        self.env.invalidate_all()
        self._refused(UserError, "is void", lambda: sign_step(tampered, "approve", self.top))
        tampered.with_user(self.officer).remarks = "Review again"
        tampered.with_user(self.officer).action_transition("return_to_author")
        self.assertEqual((tampered.state, tampered.reviewed_at), ("draft", False))

    def test_change_is_a_new_revision_with_a_reason(self):
        first = self._approved(self._create(process_ids=[Command.link(self.process.id)]))
        for user in (self.officer, self.manager, self.top, self.env.ref("base.user_root")):
            for values in ({"name": "x"}, {"kano_class": "reverse"}, {"revision": 9}, {"number": "X"}):
                self._refused(UserError, "", lambda u=user, v=values: first.with_user(u).write(v))
        second = self._as("sqms.requirement").browse(first.with_user(self.officer).action_revise()["res_id"])
        self.assertEqual(
            (second.number, second.revision, second.previous_id, second.state, second.process_ids),
            (first.number, 2, first, "draft", self.process),
        )
        self.assertIn("rev. 2", second.display_name)
        self._refused(UserError, "already in preparation", lambda: first.with_user(self.officer).action_revise())
        self._refused(UserError, "Only an approved", lambda: second.action_revise())
        second.write({"name": "Half an hour is kept", "kano_class": "attractive", "process_ids": [Command.clear()]})
        self._refused(UserError, "reason for the change", lambda: self._reviewed(second))
        second.change_reason = "Others promise it, too"
        self.assertEqual(
            [(what, before, after) for what, before, after in second._changes()],
            [
                ("Requirement", "The hour is kept", "Half an hour is kept"),
                ("Kano Class", "Must-Be", "Attractive"),
                ("Processes", "P1 Repair", ""),
            ],
        )
        second.name = "<script>alert(1)</script>"
        self.assertIn("&lt;script&gt;", second.comparison)
        self._approved(second)
        self.assertEqual((first.state, second.state), ("superseded", "approved"))
        self.assertEqual(second.revision_ids, (second | first).with_user(self.officer))
        self.assertFalse(first.with_user(self.top).transitions())
        self._refused(AccessError, "", lambda: first.with_user(self.top).unlink())
        # Nobody makes up a number, a revision or a predecessor.
        forged = self._create(number=first.number, revision=7, previous_id=first.id)
        self.assertNotEqual(forged.number, first.number)
        self.assertEqual((forged.revision, forged.previous_id.id), (1, False))
        self.assertEqual(first.copy().revision, 1)
        forged = (
            self._as("sqms.requirement")
            .with_context(default_number="X", default_previous_id=first.id)
            .create({"name": "x"})
        )
        self.assertEqual((forged.number[:4], forged.previous_id.id), ("REQ/", False))

    def test_traced_and_counted_for_the_customer(self):
        partner = self.env["res.partner"].create({"name": "Green Garden", "is_company": True})
        contact, archived = self.env["res.partner"].create(
            [{"name": "Li", "parent_id": partner.id}, {"name": "Old", "parent_id": partner.id, "active": False}]
        )
        other = self.env["res.partner"].create({"name": "Other"})
        values = self._create_document("Values", document_type="values")
        requirement = self._create(
            partner_id=partner.id, process_ids=[Command.link(self.process.id)],
            indicator_ids=[Command.link(self.in_time.id)], value_document_ids=[Command.link(values.id)],
        )  # fmt: skip
        self._create(partner_id=contact.id)
        self._create(partner_id=archived.id)
        partners = (partner | contact | other).with_user(self.officer)
        found = [
            self._as("sqms.requirement").search_count(partner.action_open_sqms_requirements()["domain"])
            for partner in partners.with_context(active_test=False)
        ]
        self.assertEqual(partners.mapped("sqms_requirement_count"), [3, 1, 0])
        self.assertEqual(found, [3, 1, 0])
        promise = self._as("sqms.commitment").create(
            {
                "name": "Hour",
                "promise": "We keep it",
                "remedy": "Sorry",
                "requirement_ids": [Command.link(requirement.id)],
                "indicator_id": self.in_time.id,
                "process_id": self.process.id,
            }
        )
        graph = requirement.trace()
        kinds = {node["model"] for node in graph["nodes"]}
        self.assertGreaterEqual(kinds, {"sqms.requirement", "sqms.commitment", "sqms.indicator", "sqms.document"})
        self.assertIn(
            (f"sqms.requirement,{requirement.id}", f"sqms.commitment,{promise.id}"),
            {(edge["source"], edge["target"]) for edge in graph["edges"]},
        )
        # A value that nobody needs is a fine word.
        lonely = self._create_document("Courage", document_type="values")
        domain = [("document_type", "=", "values"), ("requirement_count", "=", 0)]
        documents = self._as("sqms.document")
        self.assertEqual(documents.search([*domain, ("id", "in", (lonely | values).ids)]).ids, lonely.ids)
        requirement.value_document_ids = [Command.link(lonely.id)]
        self.assertFalse(documents.search([*domain, ("id", "in", (lonely | values).ids)]))
        self.assertEqual(lonely.requirement_count, 1)
        policy = self._create_document("Policy", document_type="policy")
        self._refused(
            ValidationError,
            "no document of values",
            lambda: requirement.write({"value_document_ids": [(4, policy.id)]}),
        )

    def test_who_sees_and_writes_requirements(self):
        requirement = self._create()
        for user in (self.officer, self.manager, self.top, self.certifier):
            self.assertTrue(requirement.with_user(user).read(["name", "comparison"]))
        with mute_logger(*RULES):
            for user in (self.plain, self.hr, self.portal, self.public, self.stranger):
                self._refused(AccessError, "", lambda u=user: requirement.with_user(u).read(["name"]))
                self._refused(AccessError, "", lambda u=user: requirement.with_user(u).write({"name": "x"}))
            for user in (self.plain, self.certifier, self.top, self.portal):
                self._refused(AccessError, "", lambda u=user: self._create(user=u))
            self._refused(AccessError, "", lambda: requirement.with_user(self.certifier).write({"name": "x"}))
        partner = self.env["res.partner"].create({"name": "Wang"})
        self.assertNotIn("sqms_requirement_count", partner.with_user(self.plain).fields_get())
        foreign = self.env["sqms.process"].create({"code": "X", "name": "Theirs", "company_id": self.other_company.id})
        self._refused(UserError, "", lambda: requirement.sudo().write({"process_ids": [Command.link(foreign.id)]}))
        with Form(self._as("sqms.requirement")) as form:
            form.name = "By form"
            form.partner_id = partner
        self.assertEqual((form.record.revision, form.record.author_id), (1, self.officer))
