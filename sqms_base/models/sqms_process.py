from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate

from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"

PROCESS_KINDS = [
    ("management", "Management"),
    ("service", "Service"),
    ("production", "Production"),
    ("support", "Support"),
]


class SqmsProcess(models.Model):
    """A process of the company: who answers for it, what goes in and what comes out.

    1. It is put in force by management, with an owner and exactly one who is accountable for it.
    2. In force its definition is closed; it is revised to be changed, and each time it is put in force it gets the
       next version number. What it is linked with (clauses, documents, indicators, equipment) stays open.
    3. The order of processes (`sqms.process.flow`) and the tree of sub-processes have no circles.
    4. It stays in its company.
    """

    _name = "sqms.process"
    _description = "Process"
    _inherit = ["sqms.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "sequence, code, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    # identification
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, tracking=True)
    name = fields.Char(required=True, translate=True, tracking=True)
    kind = fields.Selection(PROCESS_KINDS, required=True, default="service", tracking=True)
    is_customer_facing = fields.Boolean(
        string="Meets the Customer", tracking=True, help="The customer notices at once when this process goes wrong."
    )
    parent_id = fields.Many2one(
        "sqms.process", string="Part Of", check_company=True, index="btree_not_null", ondelete="restrict", tracking=True
    )
    child_ids = fields.One2many("sqms.process", "parent_id", string="Sub-Processes")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    active = fields.Boolean(default=True, tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In Force")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    version = fields.Integer(readonly=True, copy=False, aggregator=None)
    put_in_force_on = fields.Datetime(string="In Force Since", readonly=True, copy=False)

    # what it does
    purpose = fields.Text(translate=True)
    inputs = fields.Text(translate=True, help="One thing a line: what comes in, and from whom.")
    outputs = fields.Text(translate=True, help="One thing a line: what goes out, and to whom.")
    owner_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Answers for how the process is described and how well it runs.",
    )

    # what it is linked with; none of these has a field on the other side, so that the ledger sees every change
    clause_ids = fields.Many2many("sqms.clause", string="Clauses", check_company=True)
    document_ids = fields.Many2many("sqms.document", string="Documents", check_company=True)
    indicator_ids = fields.Many2many("sqms.indicator", string="Indicators", check_company=True)
    equipment_ids = fields.Many2many("maintenance.equipment", check_company=True)
    activity_line_ids = fields.One2many("sqms.process.activity", "process_id", string="Activities of the Process")
    responsibility_ids = fields.One2many("sqms.responsibility", "process_id", string="Responsibilities")
    flow_in_ids = fields.One2many("sqms.process.flow", "target_id", string="Comes From")
    flow_out_ids = fields.One2many("sqms.process.flow", "source_id", string="Goes To")

    _code_unique = models.UniqueIndex("(company_id, code)", "This code is already taken in the company.")
    _company_active_idx = models.Index("(company_id, active)")

    _workflow_managed = ("version", "put_in_force_on")
    _workflow_fixed = ("company_id",)
    _workflow_locked = {
        "in_force": (
            "sequence", "active", "owner_id", "clause_ids", "document_ids", "indicator_ids", "equipment_ids",
            "responsibility_ids", "activity_line_ids", "flow_in_ids", "flow_out_ids", "child_ids", "activity_ids",
        ),
    }  # fmt: skip
    _workflow = (
        Transition(
            "put_in_force", _lt("Put in Force"), source=("draft",), target="in_force", groups=f"{MANAGER},{TOP}",
            required=("owner_id", "purpose"),
        ),
        Transition("revise", _lt("Revise"), source=("in_force",), target="draft", groups=f"{MANAGER},{TOP}", rare=True),
    )  # fmt: skip

    _ledger_fields = (
        "code", "name", "kind", "is_customer_facing", "parent_id", "company_id", "active", "state", "version",
        "put_in_force_on", "purpose", "inputs", "outputs", "owner_id", "clause_ids", "document_ids", "indicator_ids",
        "equipment_ids",
    )  # fmt: skip

    @api.depends("code", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for process in self:
            process.display_name = " ".join(filter(None, (process.code, process.name)))

    def copy_data(self, default=None):
        return [
            {**vals, "code": self.env._("%(code)s (copy)", code=process.code)}
            if "code" not in (default or {})
            else vals
            for process, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # -- rules -------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("parent_id") for vals in vals_list):
            self._wait_for_map(self.browse({vals["parent_id"] for vals in vals_list if vals.get("parent_id")}))
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("parent_id"):
            self._wait_for_map(self)
        return super().write(vals)

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A process is not part of itself: please choose another one it belongs to.")
            )

    @api.constrains("code")
    def _check_code(self):
        for process in self:
            if not process.code.strip():
                raise ValidationError(self.env._("A process has a code."))

    def _wait_for_map(self, processes):
        """Wait for whoever draws on the same map.

        An UPDATE of one row of the company, not a mere lock: whoever waited for it is replayed on what was drawn
        meanwhile, so that two people never close a circle together.
        """
        companies = processes.sudo().company_id
        if not companies:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE sqms_process SET write_date = write_date
                 WHERE id IN (SELECT min(id) FROM sqms_process WHERE company_id IN %s GROUP BY company_id)
                """,
                tuple(companies.ids),
            ),
            log_exceptions=False,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_linked(self):
        linked = self.sudo().with_context(active_test=False).filtered(
            lambda process: process.flow_in_ids or process.flow_out_ids or process.child_ids or process.version
        )  # fmt: skip
        if linked:
            raise UserError(
                self.env._(
                    "%(process)s is kept: others are linked with it, or it was in force. Archive it instead.",
                    process=linked[0].display_name,
                )
            )
        self.sudo().responsibility_ids.unlink()
        self.sudo().activity_line_ids.unlink()

    # -- steps -------------------------------------------------------------

    def _check_put_in_force(self):
        accountable = self.env["sqms.responsibility"]._accountable(self, self._local_days())
        return {
            process.id: self.env._("nobody is accountable for it today")
            for process in self
            if process.id not in accountable
        }

    def _prepare_put_in_force_values(self):
        now = fields.Datetime.now()
        return {process.id: {"version": process.version + 1, "put_in_force_on": now} for process in self}

    def _local_days(self):
        """`{company id: today there}` of these processes."""
        return {company.id: company._sqms_today() for company in self.sudo().company_id}

    # -- where buttons lead ------------------------------------------------

    def action_open_map(self):
        return self.env["ir.actions.actions"]._for_xml_id("sqms_base.sqms_process_action_map")

    def action_open_matrix(self):
        action = self.env["ir.actions.actions"]._for_xml_id("sqms_base.sqms_responsibility_action_matrix")
        return {**action, "params": {"process_ids": self.ids}}

    @api.model
    def _in_company(self, company):
        """The processes of a company, as far as the user at hand may read them."""
        return self.search(Domain("company_id", "=", company.id))
