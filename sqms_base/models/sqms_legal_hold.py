from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL, LazyTranslate

from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

PRIVACY = "sqms_base.group_sqms_privacy"


class SqmsLegalHold(models.Model):
    """Records and persons that a court, an authority or a dispute needs: nothing of them is erased or deleted.

    1. While it is in force, every way to erase is closed: a person's request, the end of the time for which records
       are kept, deletion by whoever it be. The refusal names the hold.
    2. Whoever set it in force does not release it; another person does, with a reason.
    3. What it covers is added, never taken away, while it is in force.
    4. A hold that is set while something is being erased either comes first, and nothing is erased, or afterwards;
       never in between: both touch one row of the database.
    """

    _name = "sqms.legal.hold"
    _description = "Legal Hold"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin", "mail.thread"]
    _order = "id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "LH"

    name = fields.Char(string="Matter", required=True, tracking=True, help="Such as the number of a court case.")
    reason = fields.Text(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    date_to = fields.Date(
        string="Look Again On", tracking=True, help="The hold stays in force until a person releases it."
    )
    line_ids = fields.One2many("sqms.legal.hold.line", "hold_id", string="Covers")
    line_count = fields.Integer(string="Records", compute="_compute_line_count")
    set_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    set_at = fields.Datetime(string="In Force Since", readonly=True, copy=False)
    release_reason = fields.Text(copy=False)
    released_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    released_at = fields.Datetime(string="Released On", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In Force"), ("released", "Released")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip

    _workflow_initial = ("draft",)
    _workflow_managed = ("set_by_id", "set_at", "released_by_id", "released_at")
    _workflow_fixed = ("company_id",)
    _workflow_locked = {"active": ("date_to", "release_reason", "line_ids"), "released": ()}
    _workflow = (
        Transition(
            name="set", label=_lt("Set in Force"), source=("draft",), target="active", groups=PRIVACY,
        ),
        Transition(
            name="release", label=_lt("Release"), source=("active",), target="released", groups=PRIVACY,
            required=("release_reason",), rare=True,
        ),
    )  # fmt: skip
    _ledger_fields = (
        "number", "name", "reason", "company_id", "date_to", "set_by_id", "set_at", "release_reason", "released_by_id",
        "released_at", "state",
    )  # fmt: skip
    _ledger_personal_fields = ("name", "reason", "release_reason")
    _privacy_fields = {"number": "keep", "name": "keep", "reason": "keep", "release_reason": "keep"}

    def init(self):
        super().init()
        self.env.cr.execute(
            """
            CREATE TABLE IF NOT EXISTS sqms_privacy_gate (id integer PRIMARY KEY, passed bigint NOT NULL DEFAULT 0);
            INSERT INTO sqms_privacy_gate (id) VALUES (1) ON CONFLICT DO NOTHING;
            """
        )

    @api.depends("number", "name")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = " ".join(filter(None, (hold.number, hold.name)))

    @api.depends("line_ids")
    def _compute_line_count(self):
        for hold in self:
            hold.line_count = len(hold.line_ids)

    # -- steps -------------------------------------------------------------------

    def _check_set(self):
        return {hold.id: self.env._("it covers nothing yet") for hold in self if not hold.line_ids}

    def _prepare_set_values(self):
        return dict.fromkeys(self.ids, {"set_by_id": self.env.uid, "set_at": fields.Datetime.now()})

    def _on_set(self):
        self._shut_gate()

    def _check_release(self):
        people = self._workflow_people()
        return {
            hold.id: self.env._("you set it in force, another person releases it")
            for hold in self
            if hold.set_by_id & people
        }

    def _prepare_release_values(self):
        return dict.fromkeys(self.ids, {"released_by_id": self.env.uid, "released_at": fields.Datetime.now()})

    def _on_release(self):
        self.env.registry.clear_cache()

    # -- one at a time -------------------------------------------------------------

    def _shut_gate(self):
        """From here on nothing is erased that has not been erased already."""
        self.env.cr.execute("UPDATE sqms_privacy_gate SET passed = passed + 1 WHERE id = 1")
        self.env.registry.clear_cache()
        # Once more when it is committed: in between another request may have asked.
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    @api.model
    def _pass_gate(self):
        """Before anything is erased.

        If a hold was set in force since this transaction began, PostgreSQL reports a serialization failure; the
        request is run again and sees the hold.
        """
        self.env.cr.execute("SELECT FROM sqms_privacy_gate WHERE id = 1 FOR SHARE", log_exceptions=False)

    # -- what is held ----------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _held_models(self):
        """Models of which a hold in force covers something."""
        self.env.cr.execute(
            "SELECT DISTINCT COALESCE(l.res_model, 'res.partner') FROM sqms_legal_hold_line l"
            " JOIN sqms_legal_hold h ON h.id = l.hold_id WHERE h.state = 'active'"
        )
        return frozenset(name for (name,) in self.env.cr.fetchall())

    @api.model
    def _holds_of(self, model, ids):
        """`{record id: hold}` of the records that a hold in force names."""
        if not ids or model not in self._held_models():
            return {}
        self.env.flush_all()
        where = SQL("l.partner_id = ANY(%s)", list(ids)) if model == "res.partner" else SQL("FALSE")
        self.env.cr.execute(
            SQL(
                """
                SELECT COALESCE(l.res_id, l.partner_id), min(h.id) FROM sqms_legal_hold_line l
                  JOIN sqms_legal_hold h ON h.id = l.hold_id AND h.state = 'active'
                 WHERE (l.res_model = %s AND l.res_id = ANY(%s)) OR %s GROUP BY 1
                """,
                model, list(ids), where,
            )
        )  # fmt: skip
        return {id_: self.sudo().browse(hold_id) for id_, hold_id in self.env.cr.fetchall()}

    @api.model
    def _refuse_held(self, records):
        """Refuse to delete or empty these records while a hold needs them."""
        holds = self._holds_of(records._name, records.ids)
        for id_, hold in holds.items():
            raise AccessError(
                self.env._(
                    "%(record)s is needed for %(hold)s: until the hold is released nothing of it is erased.",
                    record=records.browse(id_).sudo().display_name,
                    hold=hold.display_name,
                )
            )

    @api.constrains("company_id", "line_ids")
    def _check_lines(self):
        for hold in self:
            if hold.state == "active" and not hold.line_ids:
                raise ValidationError(self.env._("%s covers nothing.", hold.display_name))
