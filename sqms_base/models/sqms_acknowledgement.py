from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.local_time import local_day
from ..lib.transition import Transition
from ..lib.workflow_pass import workflow_import

_lt = LazyTranslate(__name__)


class SqmsAcknowledgement(models.Model):
    """“I have read and understood”: one person, one edition.

    1. The system asks; nobody adds, changes or removes a reading by hand.
    2. Each person confirms for himself, under his own login, and only an edition in force.
    3. Once confirmed it stays. The department is that of the day the person was asked.
    4. Who leaves the target group without having read it, and who had not read it when the edition ended, is
       asked no more: the reading is closed with that reason and kept.
    5. An edition that brings nothing new to read carries over the readings of the one before.
    """

    _name = "sqms.acknowledgement"
    _description = "Reading of a Document"
    _inherit = ["sqms.workflow.mixin"]
    _order = "date_due, id"
    _check_company_auto = True

    version_id = fields.Many2one(
        "sqms.document.version", string="Edition", required=True, index=True, readonly=True, ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    document_id = fields.Many2one(
        related="version_id.document_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    number = fields.Char(related="document_id.number")
    title = fields.Char(related="version_id.title")
    document_type = fields.Selection(related="document_id.document_type", string="Type")
    edition = fields.Integer(related="version_id.edition", string="Edition Number", aggregator=None)
    is_in_force = fields.Boolean(related="version_id.is_in_force", search="_search_is_in_force")
    change_summary = fields.Text(compute="_compute_content")
    content = fields.Html(compute="_compute_content")
    file_ids = fields.Many2many("ir.attachment", string="Files", compute="_compute_content")

    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, readonly=True, ondelete="restrict", check_company=True
    )
    department_id = fields.Many2one("hr.department", readonly=True, index="btree_not_null", ondelete="restrict")
    state = fields.Selection(
        [
            ("open", "To Read"),
            ("done", "Read and Understood"),
            ("carried", "Carried Over"),
            ("left", "No Longer in Target Group"),
            ("lapsed", "Edition No Longer in Force"),
        ],
        required=True,
        default="open",
        readonly=True,
        copy=False,
    )
    date_due = fields.Date(string="Read Until", readonly=True)
    acknowledged_at = fields.Datetime(string="Read On", readonly=True, copy=False)
    carried_from_id = fields.Many2one(
        "sqms.acknowledgement", string="Carried Over From", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip

    _version_employee_unique = models.Constraint(
        "UNIQUE(version_id, employee_id)", "Each person is asked once for each edition."
    )
    _open_idx = models.Index("(employee_id, version_id) WHERE state = 'open'")
    _left_idx = models.Index("(employee_id, version_id) WHERE state = 'left'")
    _to_remind_idx = models.Index("(company_id, reminded_on) WHERE state = 'open'")
    _coverage_idx = models.Index("(version_id, department_id, state)")

    _workflow_initial = ("carried", "open")
    _workflow_managed = (
        "acknowledged_at", "reminded_on", "is_mail_wanted", "paper_id",
        "quiz_passed", "quiz_score", "quiz_attempt", "quiz_granted", "quiz_passed_percent", "quiz_passed_digest",
        "quiz_token",
    )  # fmt: skip
    _workflow_fixed = (
        "version_id", "document_id", "company_id", "employee_id", "department_id", "date_due", "carried_from_id",
    )  # fmt: skip
    _workflow_locked = {"done": (), "carried": (), "lapsed": ()}
    _workflow = (
        Transition("acknowledge", _lt("I Have Read and Understood"), ("open",), "done"),
        Transition("leave", _lt("Leave the Target Group"), ("open",), "left", system=True),
        Transition("rejoin", _lt("Come Back to the Target Group"), ("left",), "open", system=True),
        Transition("lapse", _lt("Edition No Longer in Force"), ("open",), "lapsed", system=True),
    )

    _ledger_fields = ("state", "carried_from_id")

    @api.depends("version_id.document_id.number", "title", "employee_id.name")
    def _compute_display_name(self):
        for reading in self:
            reading.display_name = self.env._(
                "%(document)s: %(person)s",
                document=reading.sudo().version_id.display_name,
                person=reading.sudo().employee_id.name,
            )

    @api.depends("version_id.content", "version_id.file_ids", "version_id.change_summary")
    @api.depends_context("uid", "lang")
    def _compute_content(self):
        """What is to be read, as long as it may be read."""
        for reading in self:
            version = reading.version_id.filtered("is_in_force") if reading.version_id.has_access("read") else None
            reading.content = version.content if version else False
            reading.change_summary = version.change_summary if version else False
            reading.file_ids = version.file_ids if version else False

    def _search_is_in_force(self, operator, value):
        return Domain("version_id", "any!", [("is_in_force", operator, value)])

    @api.model
    def _counted_domain(self):
        """Whom the coverage counts: who has read it, who has to, and who had not read it when it ended."""
        return Domain("state", "!=", "left")

    # -- the one step ----------------------------------------------------------

    def _offers_acknowledge(self):
        return self.sudo().employee_id.user_id == self.env.user

    def _check_acknowledge(self):
        refusals = {}
        for reading in self.sudo():
            if reading.employee_id.user_id != self.env.user or not self.env.user.active:
                refusals[reading.id] = self.env._("each person confirms for himself")
            elif not reading.version_id.is_in_force:
                refusals[reading.id] = self.env._("the edition is not in force")
        return refusals

    def _prepare_acknowledge_values(self):
        return {reading.id: {"acknowledged_at": fields.Datetime.now()} for reading in self}

    def _prepare_rejoin_values(self):
        """Asked again: with the days to read that everybody has, in the department of today."""
        now = fields.Datetime.now()
        return {
            reading.id: {
                "date_due": fields.Date.add(
                    local_day(now, reading.document_id.tz), days=reading.company_id.sqms_acknowledge_days
                ),
                "department_id": reading.employee_id.department_id.id,
                "reminded_on": False,
            }
            for reading in self
        }

    def _on_rejoin(self):
        self._mail_soon()

    def _take_over(self, acknowledged_at):
        """Readings confirmed on paper or in another system (migration, demo data)."""
        acknowledged_at = fields.Datetime.to_datetime(acknowledged_at)
        with workflow_import(self, self.env._("Taken over")):
            self.write({"state": "done", "acknowledged_at": acknowledged_at})
