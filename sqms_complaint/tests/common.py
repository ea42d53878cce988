from odoo import fields
from odoo.tests import TransactionCase, new_test_user


class ComplaintCase(TransactionCase):
    """A team with one user per role, a category, a customer, and short ways to make complaints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.team = cls.env["helpdesk.ticket.team"].create({"name": "Service desk", "company_id": cls.company.id})
        cls.other_team = cls.env["helpdesk.ticket.team"].create({"name": "Billing", "company_id": cls.company.id})
        # one person per role, named after what the role sees
        cls.agent_own = cls._create_user("sqms_own", "helpdesk_mgmt.group_helpdesk_user_own")
        cls.agent = cls._create_user("sqms_agent", "helpdesk_mgmt.group_helpdesk_user_team")
        cls.agent_all = cls._create_user("sqms_all", "helpdesk_mgmt.group_helpdesk_user")
        cls.officer = cls._create_user("sqms_complaint_officer", "sqms_complaint.group_complaint_officer")
        cls.manager = cls._create_user("sqms_helpdesk_manager", "helpdesk_mgmt.group_helpdesk_manager")
        cls.certifier = cls._create_user("sqms_certifier", "sqms_base.group_sqms_certifier")
        cls.employee = cls._create_user("sqms_employee", "base.group_user")
        cls.portal = cls._create_user("sqms_portal", "base.group_portal")
        cls.public = cls.env.ref("base.public_user")
        cls.team.user_ids = cls.agent_own | cls.agent | cls.agent_all | cls.officer
        cls.category = cls.env["sqms.complaint.category"].create({"name": "Billing", "is_public": True})
        cls.subcategory = cls.env["sqms.complaint.category"].create(
            {"name": "Double charge", "parent_id": cls.category.id}
        )
        cls.customer = cls.env["res.partner"].create({"name": "Wang Li", "email": "wang.li@example.com"})

    @classmethod
    def _create_user(cls, login, groups, **values):
        return new_test_user(cls.env, login=login, groups=groups, email=f"{login}@example.com", **values)

    @classmethod
    def _prepare_complaint_values(cls, **values):
        return {
            "name": "Double charge on order S00123",
            "description": "<p>I paid CNY 86 twice.</p>",
            "is_complaint": True,
            "team_id": cls.team.id,
            "user_id": cls.agent.id,
            "partner_id": cls.customer.id,
            **values,
        }

    @classmethod
    def _create_complaint(cls, **values):
        """A complaint as received, handled by `agent` unless the values say otherwise."""
        return cls.env["helpdesk.ticket"].create(cls._prepare_complaint_values(**values))

    @classmethod
    def _create_complaints(cls, number, **values):
        return cls.env["helpdesk.ticket"].create([cls._prepare_complaint_values(**values) for _ in range(number)])

    @classmethod
    def _create_ticket(cls, **values):
        """A plain ticket of the same team and person."""
        return cls._create_complaint(**{"is_complaint": False, "name": "How do I change my address?", **values})

    @classmethod
    def _move(cls, complaints, state):
        """Take complaints by their own steps to a state, with everything the steps want to know."""
        ladder = {
            "acknowledged": ("acknowledge", {}),
            "assessed": (
                "assess",
                {
                    "complaint_category_id": cls.subcategory.id,
                    "complaint_severity": "minor",
                    "complaint_impact": "single",
                },
            ),
            "investigating": ("investigate", {}),
            "decided": (
                "decide",
                {
                    "complaint_decision": "upheld",
                    "complaint_outcome": "monetary",
                    "complaint_answer": "<p>We send the second payment back.</p>",
                    "complaint_reason": "<p>The terminal has booked it twice.</p>",
                },
            ),
            "communicated": ("communicate", {}),
            "implementing": ("implement", {}),
            "closed": (
                "close",
                {
                    "complaint_close_reason": "accepted",
                    "complaint_implemented_on": fields.Date.today(),
                    "complaint_implemented_by_id": cls.agent.id,
                    "complaint_implementation_proof": "Transfer 4711",
                },
            ),
        }
        states = list(ladder)
        for complaint in complaints:
            done = states.index(complaint.complaint_state) if complaint.complaint_state in states else -1
            for target in states[done + 1 : states.index(state) + 1]:
                step, values = ladder[target]
                if step == "decide":
                    cls._create_finding(complaint)
                complaint.write(values)
                complaint.action_transition(step)
        return complaints

    @classmethod
    def _create_finding(cls, complaint, **values):
        """Something that the investigation of a complaint found out."""
        return complaint.env["sqms.complaint.finding"].create(
            {"ticket_id": complaint.id, "heard": "Terminal log", "found": "Two settled payments.", **values}
        )
