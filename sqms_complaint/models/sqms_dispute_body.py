from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.transition import Transition
from odoo.addons.sqms_base.models.sqms_standard import SECTORS

_lt = LazyTranslate(__name__)

OFFICER = "sqms_complaint.group_complaint_officer"
MANAGERS = "sqms_base.group_sqms_manager"
BODY_KINDS = [
    ("authority", "Market Supervision"),
    ("association", "Consumer Association"),
    ("odr", "Online Platform"),
    ("mediation", "Mediation Committee"),
    ("industry", "Body of the Sector"),
    ("arbitration", "Arbitration Commission"),
    ("court", "Court"),
    ("other", "Other Body"),
]
METHODS = [
    ("mediation", "Mediation"),
    ("decision", "Decision of an Authority"),
    ("arbitration", "Arbitration"),
    ("judgment", "Judgment"),
    ("advice", "Advice"),
]
BINDING = [("no", "Not Binding"), ("agreed", "Binding Once Agreed"), ("yes", "Binding")]


class SqmsDisputeBody(models.Model):
    """A body outside the company to which a customer may take a complaint (ISO 10003).

    1. What it does, what it costs, how long it takes, how to go there and on what law it rests are data, in the
       languages of the customers.
    2. Periods and limits are claims about the law: a row arrives unverified, a manager verifies it, and a change of
       what was vouched for makes it unverified again.
    3. Customers are told name, phone and way there in any case; periods and limits of verified rows alone.
    """

    _name = "sqms.dispute.body"
    _description = "Outside Body"
    _inherit = ["sqms.verified.mixin", "mail.thread"]
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    # identification
    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(index=True, help="A short name that regimes and imports know it by, for example 12315.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="restrict", help="Left empty, it is offered by every company."
    )
    kind = fields.Selection(BODY_KINDS, required=True, default="other", index=True)
    sector = fields.Selection(SECTORS, help="Left empty, it takes complaints of every sector.")
    region = fields.Char(translate=True, help="Where it is responsible, if not everywhere.")
    # how to go there
    phone = fields.Char()
    website = fields.Char()
    note = fields.Text("How to Go There", translate=True, help="What a customer has to do and to bring along.")
    cost = fields.Char(translate=True, help="What it costs the customer.")
    # what it does and how long that takes
    method = fields.Selection(METHODS, required=True, default="mediation")
    binding = fields.Selection(BINDING, required=True, default="no")
    accept_number = fields.Integer("Decides on Acceptance Within", aggregator=None)
    accept_unit = fields.Selection([("days", "Days"), ("work_days", "Working Days")], default="work_days")
    usual_number = fields.Integer("Usually Takes", aggregator=None)
    usual_unit = fields.Selection([("days", "Days"), ("work_days", "Working Days")], default="days")
    time_limit = fields.Char("Until When", translate=True, help="From when, and until when, a customer may go there.")
    legal_basis = fields.Char(translate=True, help="Law and article.")
    clause_id = fields.Many2one("sqms.clause", index="btree_not_null", ondelete="restrict")
    # for us
    lead_days = fields.Integer(
        "Answer Ahead by Days", default=2, aggregator=None,
        help="So many days before the body's own date our answer is to be there.",
    )  # fmt: skip
    is_offered = fields.Boolean("Named to Customers", default=True)
    dispute_ids = fields.One2many("sqms.complaint.dispute", "body_id", "Disputes")
    dispute_count = fields.Integer("Number of Disputes", compute="_compute_figures")
    settled_share = fields.Float("Settled", compute="_compute_figures", help="Of the disputes that have ended.")
    mean_days = fields.Float("Days on Average", compute="_compute_figures", digits=(16, 1))

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL", "There is an outside body with this code already."
    )
    _periods_positive = models.Constraint(
        "CHECK(accept_number >= 0 AND usual_number >= 0 AND lead_days >= 0)", "A period is not negative."
    )

    _vouched_fields = (
        "name", "kind", "sector", "method", "binding", "cost", "accept_number", "accept_unit", "usual_number",
        "usual_unit", "time_limit", "legal_basis", "phone", "website", "note",
    )  # fmt: skip
    _ledger_fields = (*_vouched_fields, "code", "active", "company_id", "is_offered", "lead_days")
    _workflow = (
        Transition("verify", _lt("Verified"), source=("to_verify",), target="verified", groups=MANAGERS),
        Transition("doubt", _lt("Doubt It"), source=("verified",), target="to_verify", groups=MANAGERS, rare=True),
        Transition("changed", _lt("Changed"), source=("verified",), target="to_verify", system=True),
    )

    @api.depends("dispute_ids.state", "dispute_ids.outcome", "dispute_ids.days")
    def _compute_figures(self):
        """How we fared there: for the choice and the evaluation of a body."""
        found = {}
        for body, state, outcome, count, days in self.env["sqms.complaint.dispute"]._read_group(
            [("body_id", "in", self.ids)], ["body_id", "state", "outcome"], ["__count", "days:sum"]
        ):
            found.setdefault(body.id, []).append((state, outcome, count, days or 0))
        for body in self:
            rows = found.get(body.id, [])
            ended = [row for row in rows if row[0] == "closed"]
            number = sum(count for _state, _outcome, count, _days in ended)
            settled = sum(count for _state, outcome, count, _days in ended if outcome == "settled")
            body.dispute_count = sum(count for _state, _outcome, count, _days in rows)
            body.settled_share = settled / number if number else 0.0
            body.mean_days = sum(days for _state, _outcome, _count, days in ended) / number if number else 0.0

    # -- what customers are told -------------------------------------------------------

    def _told(self):
        """The bodies as customers read them: `[{name, phone, website, note, cost, time, limit, binding, basis}]`.

        Periods, limits and the legal basis are there for verified rows alone.
        """
        binding = dict(self._fields["binding"]._description_selection(self.env))
        return [
            {
                "name": body.name,
                "phone": body.phone or "",
                "phone_words": self.env._("telephone %s", body.phone) if body.phone else "",
                "website": body.website or "",
                "note": body.note or "",
                "cost": body.cost or "",
                "binding": binding[body.binding],
                "time": body._time_words() if body.verification_state == "verified" else "",
                "limit": (body.time_limit or "") if body.verification_state == "verified" else "",
                "basis": (body.legal_basis or "") if body.verification_state == "verified" else "",
            }
            for body in self
        ]

    def _time_words(self):
        words = []
        if self.accept_number:
            words.append(
                self.env._("says within %s working days whether it takes the case", self.accept_number)
                if self.accept_unit == "work_days"
                else self.env._("says within %s days whether it takes the case", self.accept_number)
            )
        if self.usual_number:
            words.append(
                self.env._("usually takes %s working days", self.usual_number)
                if self.usual_unit == "work_days"
                else self.env._("usually takes %s days", self.usual_number)
            )
        return "; ".join(words)

    @api.model
    def _offered(self, company):
        """The bodies that a company names to its customers, in their order."""
        return self.sudo().search(
            [
                ("is_offered", "=", True),
                ("company_id", "in", [False, company.id]),
                ("sector", "in", [False, *company.sudo()._sqms_sectors()]),
            ]
        )

    def action_open_disputes(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.sqms_complaint_dispute_action"),
            "domain": [("body_id", "=", self.id)],
            "context": {"default_body_id": self.id},
        }
