from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SqmsRemedyLimit(models.Model):
    """Up to which amount a person, or everybody of a group, may approve remedies for one complaint.

    1. A limit that names the person goes before those of the groups; of several the highest counts.
    2. As soon as a company has limits, whoever has none approves nothing that costs money; managers then approve
       without limit unless one names the person.
    3. A company without limits lets everybody approve up to the claim, as ever.
    """

    _name = "sqms.remedy.limit"
    _description = "Approval Limit"
    _inherit = ["sqms.ledger.mixin"]
    _order = "company_id, amount, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Person", index="btree_not_null", ondelete="cascade", domain=[("share", "=", False)]
    )
    group_id = fields.Many2one("res.groups", index="btree_not_null", ondelete="cascade")
    amount = fields.Monetary("Up To", required=True, help="All remedies of a complaint together.")
    currency_id = fields.Many2one(
        "res.currency", required=True, ondelete="restrict", default=lambda self: self.env.company.currency_id
    )
    active = fields.Boolean(default=True)

    _amount_sign = models.Constraint("CHECK(amount >= 0)", "A limit is not negative.")
    _one_holder = models.Constraint(
        "CHECK((user_id IS NULL) <> (group_id IS NULL))", "A limit is for a person or for a group, not for both."
    )
    _holder_uniq = models.UniqueIndex(
        "(company_id, COALESCE(user_id, 0), COALESCE(group_id, 0)) WHERE active IS TRUE",
        "There is a limit for that person or group already.",
    )

    _ledger_fields = ("company_id", "user_id", "group_id", "amount", "currency_id", "active")

    @api.depends("user_id", "group_id")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = limit.sudo().user_id.name or limit.sudo().group_id.full_name or ""

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        limits._check_not_own()
        return limits

    def write(self, vals):
        self.check_access("write")
        self._check_not_own()
        result = super().write(vals)
        self._check_not_own()
        return result

    def unlink(self):
        self.check_access("unlink")
        self._check_not_own()
        return super().unlink()

    def _check_not_own(self):
        if not self.env.su and any(limit.user_id == self.env.user for limit in self):
            raise ValidationError(self.env._("Nobody lays down a limit for himself."))

    @api.model
    def _limit_of(self, person, company, is_manager=False):
        """Up to what a person may approve in a company, in its currency; `None` where there is no limit."""
        limits = self.sudo().search([("company_id", "=", company.id)])
        if not limits:
            return None
        own = limits.filtered(lambda limit: limit.user_id == person)
        if not own and is_manager:
            return None
        if not own:
            groups = person.sudo().all_group_ids
            own = limits.filtered(lambda limit: limit.group_id in groups)
        day = company._sqms_today()
        return max(
            (limit.currency_id._convert(limit.amount, company.currency_id, company, day) for limit in own), default=0.0
        )
