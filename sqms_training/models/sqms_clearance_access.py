from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class SqmsClearanceAccess(models.Model):
    """Who read papers and notes of clearances, and when.

    1. The system alone writes it, by SQL; nobody adds, changes or removes a line.
    2. It names the number of the clearance, not the person: who answers for personal data reads the log,
       not the papers.
    3. It is kept for three years, like the impact assessment.
    """

    _name = "sqms.clearance.access"
    _description = "Access to Papers of Clearances"
    _order = "id desc"
    _rec_name = "clearance_number"
    _log_access = False

    # Plain values: the line stays whatever becomes of user and clearance.
    at = fields.Datetime(string="When", required=True, readonly=True, index=True)
    user_id = fields.Integer(string="User ID", required=True, readonly=True, index=True, aggregator=None)
    user_name = fields.Char(string="Who", required=True, readonly=True)
    clearance_id = fields.Integer(string="Clearance ID", required=True, readonly=True, index=True, aggregator=None)
    clearance_number = fields.Char(string="Clearance", readonly=True)
    what = fields.Char(string="Key", required=True, readonly=True)
    what_label = fields.Char(string="What", compute="_compute_what_label")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")

    _privacy_fields = {"user_name": "keep", "clearance_number": "keep", "what": "keep"}

    @api.depends("what")
    @api.depends_context("lang")
    def _compute_what_label(self):
        words = {
            "paper_file": self.env._("a paper, opened"),
            "paper_note": self.env._("what is written about a paper"),
        }
        fields_ = self.env["sqms.clearance"]._fields
        for line in self:
            field = fields_.get(line.what)
            line.what_label = words.get(line.what) or (field and field._description_string(self.env)) or line.what

    @api.model
    def _note(self, clearances, what):
        """Write down that the user at hand has read this of these clearances. The system's own work is no reading."""
        ids = [id_ for id_ in clearances._ids if isinstance(id_, int)]
        if not ids or clearances.env.su:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO sqms_clearance_access
                       (at, user_id, user_name, clearance_id, clearance_number, what, company_id)
                SELECT clock_timestamp() AT TIME ZONE 'UTC', %(uid)s, %(name)s, c.id, c.number, %(what)s, c.company_id
                  FROM sqms_clearance c WHERE c.id = ANY(%(ids)s)
                """,
                uid=self.env.uid, name=self.env.user.sudo().name, what=what, ids=ids,
            )
        )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        self._refuse()

    def write(self, vals):  # pylint: disable=method-required-super
        self._refuse()

    def unlink(self):  # pylint: disable=method-required-super
        self._refuse()

    def copy(self, default=None):  # pylint: disable=method-required-super
        self._refuse()

    def _refuse(self):
        raise AccessError(self.env._("The system writes this itself; nobody adds, changes or removes anything."))

    @api.autovacuum
    def _gc_access(self):
        self.env.cr.execute(
            "DELETE FROM sqms_clearance_access WHERE at < now() AT TIME ZONE 'UTC' - INTERVAL '3 years'"
        )
