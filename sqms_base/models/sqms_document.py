import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.res_partner import _tz_get

from ..lib.local_time import local_day

_logger = logging.getLogger(__name__)

# Others see their own readings only: their sums would be wrong.
SEES_COVERAGE = "sqms_base.group_sqms_officer,sqms_base.group_sqms_top,sqms_base.group_sqms_certifier"
DOCUMENT_TYPES = [
    ("vision", "Vision"),
    ("mission", "Mission"),
    ("values", "Values"),
    ("policy", "Policy"),
    ("manual", "Manual"),
    ("procedure", "Procedure"),
    ("instruction", "Work Instruction"),
    ("form", "Form"),
    ("external", "External Document"),
]
PREFIXES = {
    "vision": "VIS",
    "mission": "MIS",
    "values": "VAL",
    "policy": "POL",
    "manual": "MAN",
    "procedure": "PRO",
    "instruction": "WI",
    "form": "FRM",
    "external": "EXT",
}
# What gives the company its direction is approved at the top.
DIRECTION_TYPES = ("vision", "mission", "values", "policy")


class SqmsDocument(models.Model):
    """A controlled document: what it is, who answers for it, who reads it.

    1. What it says stands in its editions (`sqms.document.version`).
    2. At every instant at most one edition is in force: the latest whose time has come and that was not
       withdrawn. The clock decides, whether or not a job has run.
    3. One edition at a time is being prepared.
    4. From the first approval on, number, type and company stay.
    """

    _name = "sqms.document"
    _description = "Document"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin", "hr.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "number, id"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True

    # identification
    number = fields.Char(
        copy=False,
        tracking=True,
        help="Left empty, the next number of the type is drawn: POL/2026/0001.",
    )
    name = fields.Char(string="Title", required=True, translate=True, tracking=True)
    document_type = fields.Selection(DOCUMENT_TYPES, string="Type", required=True, default="procedure", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    owner_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Answers for the document and is told what happens to it.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.company._sqms_tz(),
        help="An edition comes into force at midnight of this time zone. Editions already approved keep their instant.",
    )
    is_published = fields.Boolean(
        string="Published",
        copy=False,
        tracking=True,
        help="The edition in force is shown on the public page of the quality policy. Its files are not.",
    )

    # who reads it
    audience = fields.Selection(
        [("all", "All Employees"), ("chosen", "Chosen Groups"), ("nobody", "Nobody in Particular")],
        string="To Be Read By",
        required=True,
        default="all",
        tracking=True,
        help="Each of these people is asked to confirm every new edition as read and understood.",
    )
    department_ids = fields.Many2many(
        "hr.department", string="Departments", check_company=True, help="With all departments below them."
    )
    job_ids = fields.Many2many("hr.job", string="Jobs", check_company=True)
    category_ids = fields.Many2many("hr.employee.category", string="Employee Tags")
    employee_ids = fields.Many2many("hr.employee", string="People", check_company=True)

    # editions
    version_ids = fields.One2many("sqms.document.version", "document_id", string="Editions")
    version_count = fields.Integer(string="Number of Editions", compute="_compute_version_count")
    current_version_id = fields.Many2one(
        "sqms.document.version",
        string="Edition in Force",
        compute="_compute_current_version",
        search="_search_current_version",
    )
    current_edition = fields.Integer(related="current_version_id.edition", string="Edition", aggregator=None)
    current_date = fields.Date(related="current_version_id.date_effective", string="In Force Since")
    current_content = fields.Html(related="current_version_id.content", string="Text in Force", related_sudo=False)
    next_version_id = fields.Many2one(
        "sqms.document.version",
        string="Edition in Preparation",
        compute="_compute_next_version",
        search="_search_next_version",
    )
    next_state = fields.Selection(related="next_version_id.state", string="Preparation")
    read_label = fields.Char(related="current_version_id.read_label", groups=SEES_COVERAGE)
    reader_count = fields.Integer(related="current_version_id.reader_count", groups=SEES_COVERAGE)
    read_percent = fields.Float(related="current_version_id.read_percent", groups=SEES_COVERAGE)

    _number_unique = models.UniqueIndex("(company_id, number)", "This number is already taken in the company.")
    _company_type_idx = models.Index("(company_id, document_type)")

    _ledger_fields = (
        "number", "name", "document_type", "company_id", "owner_id", "tz", "is_published", "audience",
        "department_ids", "job_ids", "category_ids", "employee_ids",
    )  # fmt: skip

    @api.depends("number", "name")
    def _compute_display_name(self):
        for document in self:
            document.display_name = " ".join(filter(None, (document.number, document.name)))

    @api.depends("version_ids")
    def _compute_version_count(self):
        counts = dict(
            self.env["sqms.document.version"]._read_group(
                [("document_id", "in", self.ids)], ["document_id"], ["__count"]
            )
        )
        for document in self:
            document.version_count = counts.get(document._origin, 0)

    @api.depends("version_ids.effective_from", "version_ids.effective_to")
    def _compute_current_version(self):
        current = self._versions_at(fields.Datetime.now())
        for document in self:
            document.current_version_id = current.get(document._origin.id)

    @api.depends("version_ids.state")
    def _compute_next_version(self):
        """The edition that is being written, reviewed or waits for its day."""
        versions = self.env["sqms.document.version"].search(
            Domain("document_id", "in", self.ids) & self._next_version_domain(), order="edition desc"
        )
        following = {version.document_id: version for version in versions}
        for document in self:
            document.next_version_id = following.get(document._origin)

    def _next_version_domain(self):
        return Domain("state", "in", ("draft", "review", "approved")) & (
            Domain("effective_from", "=", False) | Domain("effective_from", ">", fields.Datetime.now())
        )

    def _search_current_version(self, operator, value):
        in_force = self.env["sqms.document.version"]._in_force_domain(fields.Datetime.now())
        return self._search_one_version(in_force, operator, value)

    def _search_next_version(self, operator, value):
        return self._search_one_version(self._next_version_domain(), operator, value)

    def _search_one_version(self, which, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain("version_ids", "any", which & Domain("id", "in", [id_ for id_ in value if id_]))
        return found | ~Domain("version_ids", "any", which) if False in value else found

    # -- ORM ---------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_may_publish(vals)
        self._draw_numbers(vals_list)
        documents = super().create(vals_list)
        # Defaults of the context are merged below.
        self._check_may_publish({"is_published": any(documents.mapped("is_published"))})
        return documents

    def write(self, vals):
        self._check_may_publish(vals)
        for name in ("number", "document_type", "company_id"):
            if name in vals:
                self._refuse_once_approved(name)
        result = super().write(vals)
        if "name" in vals:
            self._note_title()
        return result

    def _note_title(self):
        """The title is part of what is approved: who changes it has written in the edition being drafted."""
        drafts = self.sudo().version_ids.filtered(lambda version: version.state == "draft")
        drafts._sqms_written_by(self.env.user, self.env.su)

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(title)s (copy)", title=document.name)}
            if "name" not in (default or {})
            else vals
            for document, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def _check_may_publish(self, vals):
        if vals.get("is_published") and not (self.env.su or self.env.user.has_group("sqms_base.group_sqms_manager")):
            raise AccessError(self.env._("A quality manager decides what is shown to the public."))

    def _refuse_once_approved(self, field_name):
        approved = self.sudo().version_ids.filtered("approved_at").document_id
        if approved:
            raise UserError(
                self.env._(
                    "%(field)s of %(document)s stays: an edition was approved under it.",
                    field=self._fields[field_name]._description_string(self.env),
                    document=approved[0].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_editions(self):
        kept = self.sudo().version_ids.filtered(lambda version: version.state != "draft").document_id
        if kept:
            raise UserError(
                self.env._(
                    "%(document)s is kept: one of its editions left the draft. Withdraw it instead.",
                    document=kept[0].display_name,
                )
            )
        self.sudo().version_ids.unlink()

    def _draw_numbers(self, vals_list):
        """POL/2026/0001, by type, company and local year, for those that bring no number of their own."""
        series = defaultdict(list)
        for vals in vals_list:
            if not vals.get("number"):
                series[vals.get("company_id") or self.env.company.id, vals.get("document_type") or "procedure"].append(
                    vals
                )
        for (company_id, document_type), rows in series.items():
            company = self.env["res.company"].browse(company_id).sudo()
            today = local_day(fields.Datetime.now(), company._sqms_tz())
            numbers = self.env["ir.sequence"]._draw_series(
                f"sqms.document.{document_type}", PREFIXES[document_type], company, today, len(rows)
            )
            for vals, number in zip(rows, numbers, strict=True):
                vals["number"] = number

    # -- what is in force --------------------------------------------------

    def version_at(self, instant):
        """The edition in force at an instant (naive UTC), or none.

        People see what they may read: for most that is the edition in force now.
        """
        self.ensure_one()
        return self._versions_at(instant).get(self.id, self.env["sqms.document.version"])

    def _versions_at(self, instant):
        """`{document id: the edition in force at the instant}`."""
        versions = self.env["sqms.document.version"].search(
            Domain("document_id", "in", self.ids) & self.env["sqms.document.version"]._in_force_domain(instant)
        )
        return {version.document_id.id: version for version in versions}

    def _bring_labels_up_to_date(self):
        """Name what the clock has decided: at most one edition per document takes effect, what it replaces and
        what was never reached is superseded. Run twice, it changes nothing the second time.
        """
        now = fields.Datetime.now()
        versions = self.env["sqms.document.version"].search(
            [("document_id", "in", self.ids), ("state", "in", ("approved", "effective"))], order="id"
        )
        over = versions.filtered(
            lambda version: version.effective_to and version.effective_to <= now and not version.withdrawn_at
        )
        over.action_transition("supersede")
        due = (versions - over).filtered(lambda version: version.state == "approved" and version.effective_from <= now)
        due.action_transition("take_effect")

    def _try_labels(self):
        """Whether it went well; what one document does wrong does not hold up the others."""
        try:
            with self.env.cr.savepoint():
                self._bring_labels_up_to_date()
        except Exception:
            _logger.exception("The editions of %s could not be brought up to date", self)
            return False
        return True

    def action_new_edition(self):
        """Start the next edition with the text and the files of the last one."""
        self.ensure_one()
        self.check_access("write")
        self._wait_for_row()
        versions = self.env["sqms.document.version"].search([("document_id", "=", self.id)], order="edition desc")
        waiting = versions.filtered(lambda version: version.state in ("draft", "review"))
        if waiting:
            raise UserError(
                self.env._(
                    "%(edition)s is already in preparation: finish or delete it first.",
                    edition=waiting[0].display_name,
                )
            )
        source = self.current_version_id or versions[:1]
        version = source._copy_to_draft() if source else versions.create({"document_id": self.id})
        return version._get_records_action()

    def _wait_for_row(self):
        """Wait for whoever starts or approves an edition of the same document.

        An UPDATE, not a mere lock: whoever waited for it is replayed and sees what was made meanwhile.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE sqms_document SET write_date = write_date WHERE id IN %s", tuple(self.ids)),
            log_exceptions=False,
        )

    def action_open_editions(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_document_version_action"),
            "domain": [("document_id", "=", self.id)],
            "context": {},
        }

    def action_open_next(self):
        self.ensure_one()
        return self.next_version_id._get_records_action()

    def action_open_readers(self):
        self.ensure_one()
        return self.current_version_id.action_open_readers()
