from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate

from ..lib.transition import Transition
from .sqms_quality_cost_type import CATEGORIES

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"
KINDS = [
    ("people", "People"),
    ("finance", "Finance"),
    ("ip", "Intellectual Property"),
    ("knowledge", "Lesson Learned"),
]
IP_KINDS = [
    ("patent", "Patent"),
    ("trademark", "Trademark"),
    ("copyright", "Copyright"),
    ("domain", "Domain Name"),
    ("know_how", "Know-How"),
    ("licence", "Licence"),
]
# What each kind says before it is confirmed.
ASKED = {
    "people": ("job_id", "need_ids"),
    "finance": ("budget", "date_from", "date_to"),
    "ip": ("ip_kind", "rights_holder"),
    "knowledge": ("lesson",),
}


class SqmsResource(models.Model):
    """What the quality system needs to run: people, money, intellectual property, what was learned.

    1. Each has an owner who answers for it; without one it is not confirmed.
    2. People: how many a role needs from which day on, beside how many there are; fewer than needed is a shortage.
    3. Finance: a budget for a period, beside the quality costs that were booked in it.
    4. Intellectual property: its owner is told in time before a right ends, each time once.
    5. What is confidential is seen by its owner, quality managers and top management alone.
    """

    _name = "sqms.resource"
    _description = "Resource"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "kind, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "RES"

    name = fields.Char(required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="people", tracking=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Company")
    process_id = fields.Many2one(
        "sqms.process", check_company=True, index="btree_not_null", ondelete="restrict", tracking=True
    )
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], check_company=True, index="btree_not_null", ondelete="restrict",
        tracking=True, default=lambda self: self.env.user, help="Answers for it and is told when something is due.",
    )  # fmt: skip
    is_confidential = fields.Boolean(
        string="Confidential", tracking=True,
        help="Only its owner, quality managers and top management see that it exists.",
    )  # fmt: skip
    note = fields.Text(string="Details")
    # people
    job_id = fields.Many2one(
        "hr.job", string="Role", check_company=True, index="btree_not_null", ondelete="restrict", tracking=True
    )
    need_ids = fields.One2many("sqms.resource.need", "resource_id", string="Needed From", copy=True)
    # finance
    budget = fields.Monetary(tracking=True, aggregator="sum")
    date_from = fields.Date(string="From", tracking=True)
    date_to = fields.Date(string="Until", tracking=True)
    category = fields.Selection(CATEGORIES, string="For", help="Left empty, the budget is for all quality costs.")
    # intellectual property
    ip_kind = fields.Selection(IP_KINDS, string="Kind of Right", tracking=True)
    registration_number = fields.Char(tracking=True)
    authority = fields.Char(string="Registered With")
    rights_holder = fields.Char(string="Owner of the Right")
    date_granted = fields.Date(string="Granted On")
    date_renewal = fields.Date(
        string="To Be Renewed By", tracking=True, index="btree_not_null", help="The day on which the right ends."
    )
    # what was learned
    lesson = fields.Text(string="What Was Learned")
    applies_to = fields.Text(string="Where It Helps")
    document_ids = fields.Many2many(
        "sqms.document", string="Documents", check_company=True, ondelete="restrict",
        help="Where it has become part of how the work is done.",
    )  # fmt: skip
    # where it stands
    closing_reason = fields.Text(copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed"), ("closed", "Closed")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip

    _period = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "A period ends on its first day or later."
    )
    _budget_sign = models.Constraint("CHECK(budget >= 0)", "A budget is not negative.")
    _renewal_idx = models.Index("(company_id, date_renewal) WHERE state = 'confirmed'")
    _register_idx = models.Index("(company_id, kind, state)")

    _ledger_fields = (
        "number", "name", "kind", "company_id", "process_id", "owner_id", "is_confidential", "note", "job_id", "budget",
        "date_from", "date_to", "category", "ip_kind", "registration_number", "authority", "rights_holder",
        "date_granted", "date_renewal", "lesson", "applies_to", "document_ids", "closing_reason", "state",
    )  # fmt: skip
    _workflow_managed = ()
    _workflow_fixed = ("company_id",)
    _workflow_locked = {"closed": ("closing_reason", "activity_ids")}
    _workflow = (
        Transition(
            name="confirm", label=_lt("Confirm"), source=("draft",), target="confirmed",
            groups=OFFICER, required=("owner_id",),
        ),
        Transition(
            name="close", label=_lt("Close"), source=("confirmed",), target="closed",
            groups=f"{MANAGER},{TOP}", required=("closing_reason",),
            rare=True,
        ),
        Transition(
            name="reopen", label=_lt("Reopen"), source=("closed",), target="confirmed",
            groups=f"{MANAGER},{TOP}", rare=True,
        ),
    )  # fmt: skip

    # -- computes ----------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(filter(None, (record.number, record.name)))

    # -- rules -------------------------------------------------------------------

    def _missing_facts(self):
        """`{record id: labels of what its kind asks for and does not say yet}`."""
        return {
            resource.id: [
                resource._fields[name]._description_string(self.env)
                for name in ASKED[resource.kind]
                if not resource[name]
            ]
            for resource in self
        }

    def _check_confirm(self):
        return {
            id_: self.env._("please fill in %(fields)s", fields=", ".join(labels))
            for id_, labels in self._missing_facts().items()
            if labels
        }

    @api.constrains("kind", "state", "owner_id", *{name for names in ASKED.values() for name in names})
    def _check_facts(self):
        """What is confirmed goes on saying what its kind asks for."""
        confirmed = self.filtered(lambda resource: resource.state == "confirmed")
        missing = confirmed._missing_facts()
        for resource in confirmed:
            if missing[resource.id] or not resource.owner_id:
                labels = missing[resource.id] or [self._fields["owner_id"]._description_string(self.env)]
                raise ValidationError(
                    self.env._("%(resource)s is confirmed and needs %(fields)s.",
                               resource=resource.display_name, fields=", ".join(labels))
                )  # fmt: skip

    def _ledger_may_read_deleted(self):
        """Whether one that is gone was confidential can no longer be asked."""
        return self.env.user.has_group(MANAGER) or self.env.user.has_group(TOP)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        kept = self.filtered(lambda resource: resource.state != "draft")
        if kept:
            raise UserError(self.env._("%s was confirmed and is kept. Please close it instead.", kept[:1].display_name))
        self.sudo().need_ids.unlink()

    # -- equipment of the same process ---------------------------------------------

    equipment_count = fields.Integer(compute="_compute_equipment_count")

    @api.depends("process_id.equipment_ids")
    def _compute_equipment_count(self):
        for resource in self:
            resource.equipment_count = len(resource.sudo().process_id.equipment_ids)

    def action_open_equipment(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("maintenance.hr_equipment_action"),
            "domain": [("id", "in", self.sudo().process_id.equipment_ids.ids)],
            "context": {},
        }
