import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate

from ..lib.natural_key import natural_key
from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

NAMES_ITS_STANDARD = re.compile(r"[A-Za-z]{2}")
MANAGER = "sqms_base.group_sqms_manager"


class SqmsClause(models.Model):
    """A clause of a standard: the duty, in our own words.

    1. Clauses of a standard form a tree, sorted as people count: 4.2 before 4.10.
    2. A number laid down by a clause (so many days, from what) is data. A deadline is made of it by a regime that
       names the clause, and only while the clause is verified.
    3. What a company makes of the clause stands in its obligation.
    """

    _name = "sqms.clause"
    _description = "Clause"
    _inherit = ["sqms.verified.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "standard_id, number_key, id"
    _rec_names_search = ["number", "name"]
    _parent_store = True
    _check_company_auto = True

    # identification
    standard_id = fields.Many2one(
        "sqms.standard", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    kind = fields.Selection(related="standard_id.kind")
    company_id = fields.Many2one(
        related="standard_id.company_id", store=True, index="btree_not_null", ondelete="restrict"
    )
    parent_id = fields.Many2one(
        "sqms.clause", string="Part Of", index=True, ondelete="restrict",
        domain="[('standard_id', '=', standard_id), ('id', '!=', id)]",
    )  # fmt: skip
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("sqms.clause", "parent_id", string="Parts")
    depth = fields.Integer(compute="_compute_depth", store=True, recursive=True, aggregator=None)
    sequence = fields.Integer(default=10)
    number = fields.Char(required=True, tracking=True)
    number_key = fields.Char(compute="_compute_number_key", store=True, precompute=True, index=True)
    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)

    # what it asks for
    duty = fields.Text(translate=True, help="What is to be done, in our own words.")
    bound = fields.Char(string="Who Is Bound", translate=True)
    article = fields.Char(translate=True, help="Where it stands in the official text.")
    deadline_kind = fields.Selection(
        [("at_most", "At Most"), ("at_least", "At Least")],
        string="Period Is", default="at_most", help="A time limit, or a time that something is kept at least.",
    )  # fmt: skip
    deadline_number = fields.Integer(string="Period", aggregator=None)
    deadline_unit = fields.Selection(
        [("hours", "Hours"), ("work_hours", "Working Hours"), ("work_days", "Working Days"),
         ("days", "Calendar Days"), ("months", "Months"), ("years", "Years")],
        string="Unit of the Period",
    )  # fmt: skip
    deadline_start = fields.Char(string="Counted From", translate=True)
    deadline_label = fields.Char(string="Time Allowed", compute="_compute_deadline_label")
    confidence = fields.Selection(
        [("sure", "Sure"), ("unsure", "To Be Checked")], help="How sure those were who wrote this row down."
    )

    _number_unique = models.UniqueIndex(
        "(standard_id, lower(number))", "This standard has a clause with this number already."
    )
    _deadline_positive = models.Constraint("CHECK(deadline_number >= 0)", "A period cannot be negative.")

    _vouched_fields = (
        "standard_id", "parent_id", "number", "name", "duty", "bound", "article", "deadline_kind", "deadline_number",
        "deadline_unit", "deadline_start", "active",
    )  # fmt: skip
    _ledger_fields = (*_vouched_fields, "confidence")
    _workflow = (
        Transition("verify", _lt("Verified"), source=("to_verify",), target="verified", groups=MANAGER),
        Transition("doubt", _lt("Doubt It"), source=("verified",), target="to_verify", groups=MANAGER, rare=True),
        Transition("changed", _lt("Changed"), source=("verified",), target="to_verify", system=True),
    )

    @api.depends("standard_id.code", "number")
    def _compute_display_name(self):
        for clause in self:
            number = clause.number or ""
            # CPL-24 says already which law it is; 7.5.3 and A.6 do not.
            says_which = NAMES_ITS_STANDARD.match(number)
            clause.display_name = number if says_which else f"{clause.standard_id.code or ''} {number}".strip()

    @api.depends("number")
    def _compute_number_key(self):
        for clause in self:
            clause.number_key = natural_key(clause.number)

    @api.depends("parent_id.depth")
    def _compute_depth(self):
        for clause in self:
            clause.depth = clause.parent_id.depth + 1 if clause.parent_id else 0

    @api.depends("deadline_kind", "deadline_number", "deadline_unit")
    @api.depends_context("lang")
    def _compute_deadline_label(self):
        units = dict(self._fields["deadline_unit"]._description_selection(self.env))
        for clause in self:
            text = False
            if clause.deadline_number and clause.deadline_unit:
                text = self.env._(
                    "%(count)s %(unit)s", count=clause.deadline_number, unit=units[clause.deadline_unit].lower()
                )
                if clause.deadline_kind == "at_least":
                    text = self.env._("at least %(period)s", period=text)
            clause.deadline_label = text

    # -- checks ------------------------------------------------------------

    @api.constrains("parent_id", "standard_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A clause cannot be part of itself."))
        for clause in self.sudo() | self.sudo().child_ids:
            if clause.parent_id and clause.parent_id.standard_id != clause.standard_id:
                raise ValidationError(
                    self.env._(
                        "%(clause)s is part of %(parent)s, which belongs to another standard.",
                        clause=clause.display_name,
                        parent=clause.parent_id.display_name,
                    )
                )

    @api.constrains("deadline_number", "deadline_unit")
    def _check_deadline(self):
        for clause in self:
            if bool(clause.deadline_number) != bool(clause.deadline_unit):
                raise ValidationError(
                    self.env._("%s: a period has a number and a unit, or neither.", clause.display_name)
                )

    # -- ORM ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._fill_in_parents(vals_list)
        return super().create(vals_list)

    def _fill_in_parents(self, vals_list):
        """7.5.3 is part of 7.5 where nothing else is said."""
        bare = [
            vals for vals in vals_list
            if "parent_id" not in vals and vals.get("standard_id") and "." in (vals.get("number") or "")
        ]  # fmt: skip
        if not bare:
            return
        above = {vals["number"].rpartition(".")[0] for vals in bare}
        found = {
            (clause.standard_id.id, clause.number): clause.id
            for clause in self.search_fetch(
                [("standard_id", "in", [vals["standard_id"] for vals in bare]), ("number", "in", list(above))],
                ["standard_id", "number"],
            )
        }
        for vals in bare:
            vals["parent_id"] = found.get((vals["standard_id"], vals["number"].rpartition(".")[0]), False)
