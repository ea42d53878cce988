from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.local_time import local_day
from ..lib.transition import Transition
from ..lib.workflow_pass import workflow_fields, workflow_import
from .sqms_document_version import READERS_AT_ONCE

_lt = LazyTranslate(__name__)


class SqmsAcknowledgement(models.Model):
    """“I have read and understood”: one person, one edition.

    1. The system asks; nobody adds, changes or removes a reading by hand.
    2. Each person confirms for himself, under his own login, and only an edition in force.
    3. Once confirmed it stays. The department is that of the day the person was asked.
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
    change_summary = fields.Text(related="version_id.change_summary")
    is_in_force = fields.Boolean(related="version_id.is_in_force", search="_search_is_in_force")
    content = fields.Html(compute="_compute_content")
    file_ids = fields.Many2many("ir.attachment", string="Files", compute="_compute_content")

    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, readonly=True, ondelete="restrict", check_company=True
    )
    department_id = fields.Many2one("hr.department", readonly=True, index="btree_not_null", ondelete="restrict")
    state = fields.Selection(
        [("open", "To Read"), ("done", "Read and Understood")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
    )
    date_due = fields.Date(string="Read Until", readonly=True)
    acknowledged_at = fields.Datetime(string="Read On", readonly=True, copy=False)
    reminded_on = fields.Date(string="Last Reminder", readonly=True, copy=False)

    _version_employee_unique = models.Constraint(
        "UNIQUE(version_id, employee_id)", "Each person is asked once for each edition."
    )
    _open_idx = models.Index("(employee_id, version_id) WHERE state = 'open'")
    _to_remind_idx = models.Index("(company_id, reminded_on) WHERE state = 'open'")
    _coverage_idx = models.Index("(version_id, department_id, state)")

    _workflow_initial = ("open",)
    _workflow_managed = ("acknowledged_at", "reminded_on")
    _workflow_fixed = ("version_id", "document_id", "company_id", "employee_id", "department_id", "date_due")
    _workflow_locked = {"done": ()}
    _workflow = (Transition("acknowledge", _lt("I Have Read and Understood"), ("open",), "done"),)

    _ledger_fields = ("state",)

    @api.depends("version_id.document_id.number", "title", "employee_id.name")
    def _compute_display_name(self):
        for reading in self:
            reading.display_name = self.env._(
                "%(document)s: %(person)s",
                document=reading.sudo().version_id.display_name,
                person=reading.sudo().employee_id.name,
            )

    @api.depends("version_id.content", "version_id.file_ids")
    @api.depends_context("uid", "lang")
    def _compute_content(self):
        """What is to be read, as long as it may be read."""
        for reading in self:
            version = reading.version_id.filtered("is_in_force") if reading.version_id.has_access("read") else None
            reading.content = version.content if version else False
            reading.file_ids = version.file_ids if version else False

    def _search_is_in_force(self, operator, value):
        return Domain("version_id", "any!", [("is_in_force", operator, value)])

    @api.model
    def _counted_domain(self):
        """Whom the coverage counts: who has read it, and who still has to."""
        return Domain("state", "=", "done") | Domain("employee_id.active", "=", True)

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

    def _take_over(self, acknowledged_at):
        """Readings confirmed on paper or in another system (migration, demo data)."""
        acknowledged_at = fields.Datetime.to_datetime(acknowledged_at)
        with workflow_import(self, self.env._("Taken over")):
            self.write({"state": "done", "acknowledged_at": acknowledged_at})

    # -- jobs --------------------------------------------------------------------

    @api.model
    def _cron_ask_readers(self):
        """Ask whoever of an audience has not been asked yet: newcomers, and what exceeded one batch."""
        versions = self.env["sqms.document.version"].search(
            [("is_in_force", "=", True), ("document_id.audience", "!=", "nobody")], order="effective_from desc"
        )
        self.env["ir.cron"]._commit_progress(remaining=len(versions))
        for version in versions:
            while version._create_acknowledgements(READERS_AT_ONCE) == READERS_AT_ONCE:
                if not self.env["ir.cron"]._commit_progress():
                    return
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _cron_remind(self, batch=1000):
        """One mail per person and day, with everything he has to read.

        The day is marked in the transaction that makes the mail: a run that was broken off neither loses
        nor doubles one. Sending is left to the mail queue.
        """
        for company in self.env["res.company"].search([("sqms_remind_readers", "=", True)]):
            today = local_day(fields.Datetime.now(), company._sqms_tz())
            domain = self._to_remind_domain(company, today)
            while people := self._read_group(domain, ["employee_id"], limit=batch, order="employee_id"):
                employees = self.env["hr.employee"].union(*(employee for (employee,) in people))
                readings = self.search(domain & Domain("employee_id", "in", employees.ids))
                readings._remind(today)
                if not self.env["ir.cron"]._commit_progress(len(employees)):
                    return

    @api.model
    def _to_remind_domain(self, company, today):
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "open")
            & (Domain("reminded_on", "=", False) | Domain("reminded_on", "<", today))
            & Domain("is_in_force", "=", True)
            & Domain("employee_id.active", "=", True)
            & Domain("employee_id.user_id", "!=", False)
        )

    def _remind(self, today):
        by_person = defaultdict(self.browse)
        for reading in self:
            by_person[reading.employee_id.user_id] |= reading
        self.env["mail.mail"].create([readings._prepare_reminder_values(user) for user, readings in by_person.items()])
        with workflow_fields(self, "reminded_on"):
            self.write({"reminded_on": today})

    def _prepare_reminder_values(self, user):
        readings = self.with_context(lang=user.lang)
        company = self[0].company_id
        return {
            "subject": readings.env._("%(count)s to read and confirm", count=len(self)),
            "body_html": readings.env["ir.qweb"]._render(
                "sqms_base.reading_reminder",
                {"user": user, "company": company, "readings": readings, "base_url": self[0].get_base_url()},
                lang=user.lang,
            ),
            "email_from": company.email_formatted or user.company_id.partner_id.email_formatted,
            "recipient_ids": [fields.Command.link(user.partner_id.id)],
            "auto_delete": True,
        }
