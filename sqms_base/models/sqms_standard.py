from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

MANAGER = "sqms_base.group_sqms_manager"
KINDS = [
    ("iso", "International Standard"),
    ("law", "Law or Regulation"),
    ("sector", "Sector Norm"),
    ("enterprise", "Company's Own Rules"),
]
SECTORS = [("telecom", "Telecommunications"), ("retail", "Retail")]
VERIFICATION = [("to_verify", "To Be Verified"), ("verified", "Verified")]


class SqmsStandard(models.Model):
    """An edition of a standard, a law or a norm, or the company's own rules.

    1. Editions are data: in force from and to, and what came after them.
    2. It is unverified until a manager says that it was compared with the official text; who and when is recorded.
    3. Changing what was vouched for makes it unverified again.
    4. A sector pack concerns the companies that have chosen the sector; all others concern everybody.
    """

    _name = "sqms.standard"
    _description = "Standard"
    _inherit = ["sqms.verified.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "sequence, code, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    # identification
    code = fields.Char(required=True, index=True, tracking=True)
    name = fields.Char(required=True, translate=True, tracking=True)
    edition = fields.Char(help="Year or number of the edition.")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default="enterprise", index=True)
    issuer = fields.Char(translate=True, help="Who issued it, with the number of the announcement where it has one.")
    adopted_as = fields.Char(help="The national standard that adopts it, for example GB/T 19001.")
    sector = fields.Selection(
        SECTORS, help="Left empty, it concerns every company; otherwise those that have chosen this sector."
    )
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="restrict", help="Left empty, it is shared by all companies."
    )
    active = fields.Boolean(default=True)

    # when it counts
    date_from = fields.Date(string="In Force From", index="btree_not_null")
    date_to = fields.Date(string="In Force To", index="btree_not_null", help="The last day on which it is in force.")
    superseded_by_id = fields.Many2one("sqms.standard", index="btree_not_null", ondelete="restrict", check_company=True)
    supersedes_ids = fields.One2many("sqms.standard", "superseded_by_id")
    status = fields.Selection(
        [("upcoming", "Not Yet in Force"), ("in_force", "In Force"), ("superseded", "Superseded"),
         ("ended", "No Longer in Force")],
        compute="_compute_status", search="_search_status",
    )  # fmt: skip

    # who looks after it
    source_note = fields.Text(string="Source", translate=True, help="Where it is from and what it was compared with.")
    responsible_id = fields.Many2one(
        "res.users", string="Responsible for Review", domain=[("share", "=", False)], index="btree_not_null",
        ondelete="restrict", tracking=True, help="Watches whether a new edition comes out.",
    )  # fmt: skip
    clause_ids = fields.One2many("sqms.clause", "standard_id", string="Clauses")
    clause_count = fields.Integer(compute="_compute_clause_count")
    to_verify_count = fields.Integer(compute="_compute_clause_count", string="Clauses to Be Verified")

    _code_unique = models.UniqueIndex("(lower(code), COALESCE(company_id, 0))", "This standard exists already.")
    _dates_in_order = models.Constraint("CHECK(date_to >= date_from)", "What ends before it begins is never in force.")

    _vouched_fields = ("code", "name", "edition", "kind", "issuer", "adopted_as", "sector", "company_id", "date_from",
                       "date_to", "superseded_by_id", "active")  # fmt: skip
    _ledger_fields = (*_vouched_fields, "source_note", "responsible_id")
    _workflow = (
        Transition("verify", _lt("Verified"), source=("to_verify",), target="verified", groups=MANAGER),
        Transition("doubt", _lt("Doubt It"), source=("verified",), target="to_verify", groups=MANAGER, rare=True),
        Transition("changed", _lt("Changed"), source=("verified",), target="to_verify", system=True),
    )

    @api.depends("code", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for standard in self:
            standard.display_name = " ".join(filter(None, (standard.code, standard.name)))

    # -- when it counts ------------------------------------------------------------

    @api.depends("date_from", "date_to", "superseded_by_id.date_from")
    @api.depends_context("tz")
    def _compute_status(self):
        today = fields.Date.context_today(self)
        for standard in self:
            standard.status = standard._status_on(today)

    def _status_on(self, day):
        """What the standard is on a day. With a successor it ends when that comes into force, at the latest."""
        self.ensure_one()
        following = self.superseded_by_id
        if self.date_from and self.date_from > day:
            return "upcoming"
        over = bool(self.date_to and self.date_to < day)
        if following:
            follows = following.date_from <= day if following.date_from else not self.date_to
            return "superseded" if over or follows else "in_force"
        return "ended" if over else "in_force"

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        upcoming = Domain("date_from", ">", today)
        over = Domain("date_to", "<", today)
        follows = Domain("superseded_by_id.date_from", "<=", today) | (
            Domain("superseded_by_id", "!=", False)
            & Domain("superseded_by_id.date_from", "=", False)
            & Domain("date_to", "=", False)
        )
        superseded = ~upcoming & Domain("superseded_by_id", "!=", False) & (over | follows)
        ended = ~upcoming & over & Domain("superseded_by_id", "=", False)
        found = {
            "upcoming": upcoming,
            "superseded": superseded,
            "ended": ended,
            "in_force": ~upcoming & ~superseded & ~ended,
        }
        return Domain.OR(found[status] for status in value if status in found)

    # -- whom it concerns ------------------------------------------------------------

    @api.model
    def _domain_of(self, company):
        """The standards that concern a company: of all and its own, without sector or of a sector it has chosen."""
        return Domain("company_id", "in", [False, company.id]) & Domain(
            "sector", "in", [False, *company.sudo()._sqms_sectors()]
        )

    # -- checks ------------------------------------------------------------

    @api.constrains("superseded_by_id")
    def _check_superseded_by(self):
        if self._has_cycle("superseded_by_id"):
            raise ValidationError(self.env._("A standard cannot be superseded by itself or by what came before it."))

    @api.depends("clause_ids.verification_state")
    def _compute_clause_count(self):
        found = {
            (standard.id, state): count
            for standard, state, count in self.env["sqms.clause"]._read_group(
                [("standard_id", "in", self.ids)], ["standard_id", "verification_state"], ["__count"]
            )
        }
        for standard in self:
            standard.to_verify_count = found.get((standard.id, "to_verify"), 0)
            standard.clause_count = standard.to_verify_count + found.get((standard.id, "verified"), 0)

    def copy_data(self, default=None):
        default = default or {}
        rows = super().copy_data(default)
        if "code" not in default:
            for standard, values in zip(self, rows, strict=True):
                values["code"] = self.env._("%(code)s (copy)", code=standard.code)
        return rows

    def action_open_clauses(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_clause_action")
        action["domain"] = [("standard_id", "=", self.id)]
        action["context"] = {"default_standard_id": self.id}
        return action
