from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from ..lib.control_limits import CONFORM, OUT
from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
CERTIFIER = "sqms_base.group_sqms_certifier"


class SqmsControlRecord(models.Model):
    """What a check found, who checked, and when.

    1. A check is opened from a plan in force, by the daily job or by whoever checks: with a copy of the points, and
       with the edition of the document that is in force then.
    2. Who is asked to make it, and quality officers, fill it in. Each answer is kept as it is given.
    3. Done, it is closed. A mistake is put right by another check that says why and takes its place in the figures.
    4. What is out of limit makes one nonconformity, when the check is done; at once where the point stops the service.
    5. A check that nobody began is missed when the next one is due.
    """

    _name = "sqms.control.record"
    _description = "Service Check"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin", "mail.thread"]
    _order = "id desc"
    _rec_names_search = ["number", "plan_id.name", "reference"]
    _check_company_auto = True
    _number_prefix = "CHK"

    # what is checked
    plan_id = fields.Many2one("sqms.control.plan", required=True, check_company=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    process_id = fields.Many2one("sqms.process", readonly=True, index="btree_not_null", ondelete="restrict")
    version = fields.Integer(string="Version of the Plan", readonly=True, required=True, default=1, aggregator=None)
    document_version_id = fields.Many2one(
        "sqms.document.version", string="Edition", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    result_ids = fields.One2many("sqms.control.result", "record_id", string="Results", copy=False)
    # who is asked, and until when
    date_due = fields.Date(string="Due", readonly=True, index=True)
    is_scheduled = fields.Boolean(string="From the Schedule", readonly=True)
    responsible_key = fields.Char(readonly=True, export_string_translation=False)
    user_id = fields.Many2one(
        "res.users", string="Asked by Name", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    employee_id = fields.Many2one("hr.employee", readonly=True, index="btree_not_null", ondelete="restrict")
    job_id = fields.Many2one("hr.job", readonly=True, index="btree_not_null", ondelete="restrict")
    group_id = fields.Many2one("res.groups", readonly=True, index="btree_not_null", ondelete="restrict")
    asked_label = fields.Char(string="To Be Checked By", compute="_compute_asked_label")
    is_mine = fields.Boolean(compute="_compute_is_mine", search="_search_is_mine")
    # where
    site_id = fields.Many2one("hr.work.location", string="Place", check_company=True, ondelete="restrict", index=True)
    reference = fields.Char(string="Visit or Order", help="Which service was looked at.")
    note = fields.Text(string="Remarks")
    # what was found
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("missed", "Missed")],
        required=True, default="open", readonly=True, copy=False, index=True,
    )  # fmt: skip
    result = fields.Selection([(CONFORM, "Conform"), (OUT, "Out of Limit")], readonly=True, copy=False)
    checked_count = fields.Integer(string="Points Checked", readonly=True, copy=False)
    out_count = fields.Integer(string="Points Out of Limit", readonly=True, copy=False)
    conformity = fields.Float(string="Conformity (%)", readonly=True, copy=False, aggregator="avg", digits=(5, 1))
    stopped_at = fields.Datetime(string="Stopped On", readonly=True, copy=False)
    done_at = fields.Datetime(string="Done On", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", string="Checked By", readonly=True, copy=False, ondelete="restrict")
    nonconformity_id = fields.Many2one(
        "sqms.nonconformity", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    # what was wrong in the check itself
    corrects_id = fields.Many2one(
        "sqms.control.record", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    correction_reason = fields.Text(string="Why It Is Corrected", readonly=True, copy=False)
    correction_ids = fields.One2many("sqms.control.record", "corrects_id", string="Corrected By")
    is_superseded = fields.Boolean(string="Corrected", readonly=True, copy=False)

    _one_correction = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL", "This check is being corrected already."
    )
    # Whatever runs twice, or at the same time: one check for each occasion.
    _one_occasion = models.UniqueIndex(
        "(plan_id, version, date_due, responsible_key) WHERE is_scheduled IS TRUE", "This check was opened already."
    )
    _figures_idx = models.Index("(plan_id, version, state)")
    _done_idx = models.Index("(company_id, done_at) WHERE done_at IS NOT NULL")

    _ledger_fields = (
        "number", "plan_id", "company_id", "process_id", "version", "document_version_id", "date_due", "is_scheduled",
        "user_id", "employee_id", "job_id", "group_id", "site_id", "reference", "note", "state", "result",
        "checked_count", "out_count", "stopped_at", "done_at", "done_by_id", "nonconformity_id", "corrects_id",
        "correction_reason", "is_superseded",
    )  # fmt: skip
    _ledger_personal_fields = ("note", "reference", "correction_reason")
    _workflow_initial = ("open",)
    _workflow_managed = (
        "result", "checked_count", "out_count", "conformity", "stopped_at", "done_at", "done_by_id",
        "nonconformity_id", "is_superseded",
    )  # fmt: skip
    _workflow_fixed = (
        "plan_id", "company_id", "process_id", "version", "document_version_id", "date_due", "is_scheduled",
        "responsible_key", "user_id", "employee_id", "job_id", "group_id", "corrects_id", "correction_reason",
    )  # fmt: skip
    _workflow_locked = {"done": (), "missed": ()}
    _workflow = (
        Transition(name="finish", label=_lt("Finish the Check"), source=("open",), target="done", groups=OFFICER),
        Transition(name="lapse", label=_lt("Missed"), source=("open",), target="missed", system=True),
    )

    # -- computes ----------------------------------------------------------------

    @api.depends("number", "plan_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(filter(None, (record.number, record.sudo().plan_id.name)))

    @api.depends("user_id", "employee_id", "job_id", "group_id")
    @api.depends_context("lang")
    def _compute_asked_label(self):
        for record in self.sudo():
            record.asked_label = (
                record.employee_id.name or record.job_id.name or record.group_id.name or record.user_id.name
            )

    @api.depends("user_id", "employee_id", "job_id", "group_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.sudo().filtered_domain(self._mine_domain())
        for record in self:
            record.is_mine = record in mine.sudo(record.env.su)

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._mine_domain() if True in value else ~self._mine_domain()

    @api.model
    def _mine_domain(self):
        """The checks that the user at hand is asked for: by name, as the employee, by job, by group."""
        user = self.env.user.sudo()
        return fields.Domain.OR(
            [
                fields.Domain("user_id", "=", user.id),
                fields.Domain("employee_id", "in", user.employee_ids.ids),
                fields.Domain("job_id", "in", user.employee_ids.job_id.ids),
                fields.Domain("group_id", "in", user.all_group_ids.ids),
            ]
        )

    # -- who may -------------------------------------------------------------------

    def _may_fill(self):
        """Whether the user at hand fills in this check: who is asked for it, and quality officers."""
        self.ensure_one()
        user = self.env.user
        return self.has_access("read") and (
            user.has_group(OFFICER) or (self.is_mine and not user.has_group(CERTIFIER) and user._is_internal())
        )

    def _check_may_fill(self):
        self.ensure_one()
        if not self.env.su and not self._may_fill():
            raise AccessError(self.env._("%s is not yours to fill in.", self.sudo().display_name))
        if self.sudo().state != "open":
            raise UserError(
                self.env._(
                    "%(check)s is “%(state)s”: nothing can be changed any more.",
                    check=self.sudo().display_name,
                    state=self.sudo()._workflow_state_label(),
                )
            )

    # -- steps -------------------------------------------------------------------

    def action_finish(self):
        """The check is made: by whoever was asked for it, on whatever screen."""
        self._check_may_fill()
        self.sudo().action_transition("finish")
        return True

    def _check_finish(self):
        refusals = {}
        for record in self.sudo():
            missing = record.result_ids._missing()
            if missing:
                refusals[record.id] = missing
        return refusals

    def _prepare_finish_values(self):
        now = fields.Datetime.now()
        values = {}
        for record in self.sudo():
            answered = record.result_ids.filtered("verdict")
            out = len(answered.filtered(lambda result: result.verdict == OUT))
            values[record.id] = {
                "done_at": now,
                "done_by_id": self.env.uid,
                "checked_count": len(answered),
                "out_count": out,
                "result": OUT if out else CONFORM,
                "conformity": 100.0 * (len(answered) - out) / len(answered) if answered else 0.0,
            }
        return values

    def _on_finish(self):
        self.sudo()._supersede()
        self.sudo().filtered("out_count")._make_nonconformity()

    def _lapse(self):
        """Those of these open checks that nobody has begun are missed."""
        left = self.filtered(lambda record: record.state == "open" and not any(record.result_ids.mapped("value")))
        left.sudo().action_transition("lapse")
        return left

    @api.ondelete(at_uninstall=False)
    def _unlink_with_results(self):
        self.sudo().result_ids.unlink()
