from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

ROLES = [
    ("responsible", "Responsible (R)"),
    ("accountable", "Accountable (A)"),
    ("consulted", "Consulted (C)"),
    ("informed", "Informed (I)"),
]


class SqmsResponsibility(models.Model):
    """Who does it, who answers for it, who is asked and who is told.

    1. It is laid down for a whole process or for one activity of it, for a person or for a job, for a time.
    2. On no day are there two who are accountable for the same thing: this model says so in a sentence, the database
       refuses it whatever the way, also when two people write at once.
    3. Nobody accountable is a gap; an activity without its own stands under the one of the process.
    """

    _name = "sqms.responsibility"
    _description = "Responsibility"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "process_id, activity_id, role, date_from desc, id"
    _check_company_auto = True

    process_id = fields.Many2one("sqms.process", required=True, index=True, check_company=True, ondelete="restrict")
    activity_id = fields.Many2one(
        "sqms.process.activity",
        domain="[('process_id', '=', process_id)]",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Left empty, it holds for the whole process.",
    )
    activity = fields.Char(related="activity_id.name", string="Name of the Activity")
    role = fields.Selection(ROLES, required=True, default="responsible")
    employee_id = fields.Many2one("hr.employee", check_company=True, index="btree_not_null", ondelete="restrict")
    job_id = fields.Many2one("hr.job", check_company=True, index="btree_not_null", ondelete="restrict")
    who = fields.Char(compute="_compute_who")
    date_from = fields.Date(string="From", required=True, default=lambda self: self.env.company._sqms_today())
    date_to = fields.Date(string="Until", help="The last day. Left empty, until further notice.")
    is_current = fields.Boolean(string="Holds Today", compute="_compute_is_current", search="_search_is_current")
    company_id = fields.Many2one(
        related="process_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )

    _one_holder = models.Constraint(
        "CHECK((employee_id IS NULL) <> (job_id IS NULL))", "Please name either a person or a job."
    )
    _date_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "A responsibility ends after it has begun."
    )
    # Ranges of one number stand for equality: no extension of the database is needed for it. Deferred, so that the
    # sentence below comes first and two lines may change places in one go.
    _one_accountable = models.Constraint(
        """EXCLUDE USING gist (
            int8range(process_id::bigint, process_id::bigint, '[]') WITH &&,
            int8range(COALESCE(activity_id, 0)::bigint, COALESCE(activity_id, 0)::bigint, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        ) WHERE (role = 'accountable') DEFERRABLE INITIALLY DEFERRED""",
        "Somebody else is already accountable for this on one of these days.",
    )
    _held_idx = models.Index("(process_id, role, date_from, date_to)")

    _ledger_fields = (
        "process_id", "activity_id", "role", "employee_id", "job_id", "date_from", "date_to", "company_id",
    )  # fmt: skip

    @api.depends("process_id", "activity_id", "role")
    @api.depends_context("lang")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for row in self:
            row.display_name = " · ".join(
                filter(None, (row.process_id.name, row.activity_id.name, roles.get(row.role), row.who))
            )

    @api.depends("employee_id", "job_id")
    @api.depends_context("lang")
    def _compute_who(self):
        for row in self.sudo():
            row.who = row.employee_id.name or row.job_id.name or ""

    @api.depends("date_from", "date_to", "company_id")
    def _compute_is_current(self):
        for row in self:
            today = (row.company_id or self.env.company).sudo()._sqms_today()
            row.is_current = bool(
                row.date_from and row.date_from <= today and (not row.date_to or today <= row.date_to)
            )

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        current = Domain.OR(
            Domain("company_id", "in", ids) & self._held_domain(day)
            for day, ids in self.env["res.company"]._sqms_days().items()
        )
        return Domain.OR([current if wanted else ~current for wanted in value])

    # -- rules -------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._wait_for_processes({vals.get("process_id") for vals in vals_list})
        return super().create(vals_list)

    def write(self, vals):
        self._wait_for_processes({vals.get("process_id"), *self.process_id.ids})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accountable(self):
        """A process in force keeps who is accountable: the line gets an end, and another follows."""
        for row in self.sudo():
            current = row.role == "accountable" and not row.activity_id and row.is_current
            if current and row.process_id.state == "in_force":
                raise ValidationError(
                    self.env._(
                        "%s is in force: give this line an end and name who follows.", row.process_id.display_name
                    )
                )

    def _wait_for_processes(self, ids):
        """Who lays down the same process at the same time waits, and then reads a sentence."""
        self.env.flush_all()
        ids = sorted(filter(None, ids))
        if ids:
            self.env.cr.execute(
                "UPDATE sqms_process SET write_date = write_date WHERE id = ANY(%s)", [ids], log_exceptions=False
            )

    @api.constrains("employee_id", "job_id")
    def _check_holder(self):
        for row in self:
            if bool(row.employee_id) == bool(row.job_id):
                raise ValidationError(self.env._("Please name either a person or a job for %s.", row.process_id.name))

    @api.constrains("activity_id", "process_id")
    def _check_activity(self):
        for row in self:
            if row.activity_id and row.activity_id.process_id != row.process_id:
                raise ValidationError(
                    self.env._("“%(activity)s” is no activity of %(process)s.",
                               activity=row.activity_id.name, process=row.process_id.name)
                )  # fmt: skip

    @api.constrains("process_id", "activity_id", "role", "date_from", "date_to")
    def _check_one_accountable(self):
        for row in self:
            if row.date_from and row.date_to and row.date_to < row.date_from:
                raise ValidationError(self.env._("A responsibility ends after it has begun."))
        held = self.filtered(lambda row: row.role == "accountable")
        others = self.sudo().search([("role", "=", "accountable"), ("process_id", "in", held.process_id.ids)])
        by_thing = others.grouped(lambda row: (row.process_id, row.activity_id))
        for row in held.sudo():
            for other in by_thing.get((row.process_id, row.activity_id), ()):
                if other != row and _overlap(row, other):
                    raise ValidationError(
                        self.env._(
                            "For %(thing)s exactly one is accountable, and that is %(name)s from %(date)s on."
                            " Please end that first.",
                            thing=row.activity_id.name or row.process_id.display_name,
                            name=other.who,
                            date=format_date(self.env, other.date_from),
                        )
                    )

    # -- what others ask -----------------------------------------------------

    @api.model
    def _held_domain(self, on):
        """What holds on a day."""
        return Domain("date_from", "<=", on) & (Domain("date_to", "=", False) | Domain("date_to", ">=", on))

    @api.model
    def _accountable(self, processes, days):
        """`{process id: name}` of the one who is accountable for each process as a whole.

        :param days: `{company id: day}`; a person who has left the company answers for nothing
        """
        rows = (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("process_id", "in", processes.ids),
                    ("role", "=", "accountable"),
                    ("activity_id", "=", False),
                ],
                ["process_id", "employee_id", "job_id", "date_from", "date_to", "company_id"],
            )
        )
        return {
            row.process_id.id: row.who
            for row in rows
            if _holds(row, days.get(row.company_id.id)) and (row.job_id.active or row.employee_id.active)
        }


def _holds(row, day):
    return bool(day and row.date_from <= day and (not row.date_to or day <= row.date_to))


def _overlap(one, other):
    """Whether two rows hold on the same day; an open end never comes."""
    return (not one.date_to or other.date_from <= one.date_to) and (not other.date_to or one.date_from <= other.date_to)
