from odoo import api, fields, models
from odoo.exceptions import UserError


class SqmsHoliday(models.Model):
    """One public holiday, or one make-up working day, of a country: a fact with its source, the same for all companies.

    1. It closes and opens nothing by itself. Somebody fills a year into named working schedules.
    2. It is unverified until a person says that it was compared with the official notice; whoever fills a year from
       unverified days confirms that first.
    3. Changing what was vouched for makes it unverified again.
    """

    _name = "sqms.holiday"
    _description = "Public Holiday"
    _order = "date desc, country_id"

    country_id = fields.Many2one(
        "res.country", required=True, index=True, default=lambda self: self.env.ref("base.cn"), ondelete="restrict"
    )
    date = fields.Date(required=True, index=True)
    year = fields.Integer(compute="_compute_year", store=True, index=True, aggregator=None)
    name = fields.Char(string="Holiday", required=True, translate=True)
    kind = fields.Selection(
        [("holiday", "Day off"), ("workday", "Make-up working day")],
        required=True,
        default="holiday",
        help="A make-up working day (调休) is a day of the weekend on which people work for a longer holiday.",
    )

    # where it is from, and who says so
    notice = fields.Char(string="Official Notice", help="Number and title of the notice that lays the day down.")
    taken_from = fields.Char(help="Where this row was copied from, when it was not typed from the notice.")
    verification = fields.Selection(
        [("unverified", "Unverified"), ("verified", "Verified")],
        compute="_compute_verification",
        store=True,
        index=True,
    )
    verified_by_id = fields.Many2one("res.users", string="Verified by", readonly=True, copy=False)
    verified_at = fields.Datetime(string="Verified on", readonly=True, copy=False)

    _one_per_date = models.Constraint("UNIQUE(country_id, date)", "A country has each date only once.")

    @api.depends("date")
    def _compute_year(self):
        for day in self:
            day.year = day.date.year if day.date else 0

    @api.depends("verified_at")
    def _compute_verification(self):
        for day in self:
            day.verification = "verified" if day.verified_at else "unverified"

    # ------------------------------------------------------------
    # ORM: a verification is given by its button alone
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_verification(*vals_list)
        # Given as empty, so that no default of the context takes their place.
        return super().create([{**values, "verified_by_id": False, "verified_at": False} for values in vals_list])

    def write(self, values):
        self._refuse_verification(values)
        vouched = {day: day._vouched() for day in self}
        result = super().write(values)
        if doubtful := self.filtered(lambda day: day.verified_at and day._vouched() != vouched[day]):
            doubtful._vouch(False, False)
        return result

    def _vouched(self):
        """What a verification vouches for."""
        return self.country_id, self.date, self.kind, self.name, self.notice

    def _refuse_verification(self, *vals_list):
        own = ("verified_by_id", "verified_at", "verification")
        if any(values.get(name) for values in vals_list for name in own):
            raise UserError(self.env._("A day is verified with the button “Verified”, by whom compared it."))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_verify(self):
        """The user has compared these days with the official notice."""
        self.check_access("write")
        if nameless := self.filtered(lambda day: not day.notice):
            raise UserError(
                self.env._(
                    "Name the official notice of %(date)s first: a verification says what was compared with what.",
                    date=fields.Date.to_string(nameless[0].date),
                )
            )
        self._vouch(self.env.uid, fields.Datetime.now())

    def _vouch(self, user_id, moment):
        """The one way to a verification, and back: around `write`, which refuses it to everybody."""
        # pylint: disable=missing-return,super-method-mismatch
        super().write({"verified_by_id": user_id, "verified_at": moment})
