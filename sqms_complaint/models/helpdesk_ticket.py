from odoo import fields, models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.models.sqms_workflow_mixin import Transition

_lt = LazyTranslate(__name__)

OPEN_STATES = ("received", "acknowledged", "assessed", "investigating", "decided", "communicated", "implementing")


class HelpdeskTicket(models.Model):
    """A complaint is a helpdesk ticket with `is_complaint`; a plain ticket is untouched."""

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "sqms.workflow.mixin"]

    _workflow_field = "complaint_state"
    _workflow_initial = (False, "received")

    # what it is
    is_complaint = fields.Boolean(index=True, copy=True)
    complaint_state = fields.Selection(
        [
            ("received", "Received"),
            ("acknowledged", "Acknowledged"),
            ("assessed", "Assessed"),
            ("investigating", "Investigating"),
            ("decided", "Decided"),
            ("communicated", "Communicated"),
            ("implementing", "Implementing"),
            ("closed", "Closed"),
            ("withdrawn", "Withdrawn"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    complaint_category_id = fields.Many2one("sqms.complaint.category", index=True, ondelete="restrict", tracking=True)
    complaint_received_at = fields.Datetime("Received at", copy=False, index=True)
    complaint_event_date = fields.Date("Happened on")
    complaint_wish = fields.Selection(
        [
            ("refund", "Refund"),
            ("repair", "Repair or repeat"),
            ("apology", "Apology"),
            ("explanation", "Explanation"),
            ("other", "Something else"),
        ],
        "What would put it right",
    )
    # who complains
    complaint_is_anonymous = fields.Boolean("Anonymous", copy=False)
    complaint_contact = fields.Selection(
        [("email", "Email"), ("phone", "Phone"), ("none", "Only by code")], "Reach by", copy=False
    )
    complaint_phone = fields.Char("Phone", copy=False)
    # decision
    complaint_decision = fields.Selection(
        [("upheld", "Upheld"), ("partly", "Partly upheld"), ("rejected", "Not upheld")], "Decision", copy=False, tracking=True
    )
    complaint_outcome = fields.Selection(
        [
            ("explanation", "Explained"),
            ("monetary", "Monetary relief"),
            ("non_monetary", "Put right without money"),
            ("apology", "Apology"),
            ("none", "Closed without relief"),
        ],
        "Outcome",
        copy=False,
        tracking=True,
    )
    complaint_answer = fields.Html(
        "Answer to the customer", sanitize_style=True, strip_classes=True, copy=False,
        help="The decision with its reasons, in the words the customer reads.",
    )  # fmt: skip
    complaint_closed_at = fields.Datetime("Closed at", copy=False, index=True)

    _workflow = (
        Transition("register", _lt("Register as complaint"), (False,), "received", rare=True),
        Transition("acknowledge", _lt("Acknowledge"), ("received",), "acknowledged"),
        Transition("assess", _lt("Assess"), ("acknowledged",), "assessed", required=("complaint_category_id",)),
        Transition("investigate", _lt("Investigate"), ("assessed",), "investigating"),
        Transition(
            "decide",
            _lt("Decide"),
            ("assessed", "investigating"),
            "decided",
            required=("complaint_decision", "complaint_outcome", "complaint_answer"),
        ),
        Transition("communicate", _lt("Answer the customer"), ("decided",), "communicated"),
        Transition("implement", _lt("Implement"), ("communicated",), "implementing"),
        Transition("close", _lt("Close"), ("communicated", "implementing"), "closed"),
        Transition("withdraw", _lt("Withdrawn by the customer"), OPEN_STATES, "withdrawn", rare=True),
    )
