from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.transition import Transition

_lt = LazyTranslate(__name__)

MANAGER = "sqms_base.group_sqms_manager"
SECTORS = [
    ("any", "All Sectors"),
    ("minors", "Care and Education of Minors"),
    ("school", "Schools"),
    ("food", "Food"),
    ("public_place", "Public Places"),
    ("security", "Guards"),
    ("transport", "Transport"),
    ("technical", "Special Equipment and Operations"),
    ("key_unit", "Key Units"),
    ("management", "Management"),
]
USES = [
    ("basis", "Allows a Check"),
    ("bar", "Bars from a Post"),
    ("condition", "Says How to Check"),
    ("forbids", "Forbids to Ask"),
]


class SqmsNegativeItem(models.Model):
    """A row of the negative list: what the law asks, allows or forbids to check before somebody holds a post.

    1. A row is in our own words and counts as a basis only after a manager has compared it with the official text.
    2. A row that forbids to ask counts at once: nobody needs to verify that something is left alone.
    3. Companies add rows of their own. A change makes a row unverified again.
    """

    _name = "sqms.negative.item"
    _description = "Row of the Negative List"
    _inherit = ["sqms.verified.mixin"]
    _order = "sequence, code, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(required=True)
    name = fields.Char(string="Instrument", required=True, translate=True)
    duty = fields.Text(string="Rule", required=True, translate=True, help="In our own words.")
    sector = fields.Selection(SECTORS, required=True, default="any", index=True)
    use = fields.Selection(USES, required=True, default="basis", help="Only a row that allows a check is its basis.")
    effect = fields.Selection(
        [("barred", "Barred from the Post"), ("conditional", "Only under Conditions"), ("none", "No Effect by Itself")],
        required=True, default="none", help="What a finding means for the post.",
    )  # fmt: skip
    interval_months = fields.Integer(string="Again After (Months)", aggregator=None)
    bar_years = fields.Char(string="Barred For", translate=True)
    forbidden_words = fields.Text(
        help="One word on each line. A check that contains one of them cannot be laid down.",
    )
    clause_id = fields.Many2one("sqms.clause", index="btree_not_null", ondelete="restrict")
    confidence = fields.Selection(
        [("sure", "Sure"), ("unsure", "To Be Checked")], help="How sure those were who wrote this row down."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="restrict", help="Empty: the row concerns all companies."
    )
    check_ids = fields.One2many("sqms.position.check", "item_id")

    _code_unique = models.UniqueIndex(
        "(lower(code), COALESCE(company_id, 0))", "The negative list has a row with this code already."
    )
    _interval_positive = models.Constraint("CHECK(interval_months >= 0)", "A period cannot be negative.")

    _vouched_fields = (
        "code", "name", "duty", "sector", "use", "effect", "interval_months", "bar_years", "forbidden_words",
        "clause_id", "active",
    )  # fmt: skip
    _ledger_fields = (*_vouched_fields, "confidence", "company_id")
    _workflow = (
        Transition("verify", _lt("Verified"), source=("to_verify",), target="verified", groups=MANAGER),
        Transition("doubt", _lt("Doubt It"), source=("verified",), target="to_verify", groups=MANAGER, rare=True),
        Transition("changed", _lt("Changed"), source=("verified",), target="to_verify", system=True),
    )
    _privacy_fields = {
        "code": "keep", "name": "keep", "duty": "keep", "bar_years": "keep", "forbidden_words": "keep",
    }  # fmt: skip

    def _valid_field_parameter(self, field, name):
        # The mixin tracks its state where there is a chatter; here the ledger tells of it.
        return name == "tracking" or super()._valid_field_parameter(field, name)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.code}: {item.name}" if item.code and item.name else item.code or item.name

    @api.constrains("use", "forbidden_words")
    def _check_words(self):
        for item in self:
            if item.use == "forbids" and not (item.forbidden_words or "").strip():
                raise ValidationError(
                    self.env._("%s forbids to ask something: please list the words by which it is known.", item.code)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        if any(item.get_external_id()[item.id] for item in self.sudo()) or self.sudo().check_ids:
            raise UserError(
                self.env._("A row that came with the system or that checks rest on is archived, not deleted.")
            )

    def write(self, vals):
        if vals.keys() & {"use", "active", "forbidden_words"} and not self.env.su:
            shipped = self.filtered(lambda item: item.use == "forbids" and item.get_external_id()[item.id])
            if shipped and not self.env.user.has_group(MANAGER):
                raise UserError(
                    self.env._("%s protects people from being asked; a manager alone changes it.", shipped[0].code)
                )
        return super().write(vals)

    @api.model
    def _forbidden_words(self):
        """`{code: words}` of all rows that forbid to ask."""
        rows = self.sudo().search([("use", "=", "forbids")])
        return {row.code: (row.forbidden_words or "").splitlines() for row in rows}
