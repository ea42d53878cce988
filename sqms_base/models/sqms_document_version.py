import base64

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib import rich_text
from ..lib.transition import Transition
from .sqms_document import DIRECTION_TYPES, SEES_COVERAGE

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"
APPROVED = ("approved", "effective", "superseded", "obsolete")
READERS_AT_ONCE = 1000


class SqmsDocumentVersion(models.Model):
    """One edition of a document.

    1. Who wrote in an edition does not approve it, whatever his role.
    2. Approval fixes the text, the files, a digest of both and the instant of coming into force: local
       midnight of the effective date in the time zone of the document, or at once when that is today.
    3. In force is what the clock says (`effective_from`, `effective_to`). The states “effective” and
       “superseded” are labels that a job brings up to date.
    4. From the review on the text is closed; it goes back to draft to be changed.
    5. An approved edition is kept for ever.
    """

    _name = "sqms.document.version"
    _description = "Document Edition"
    _inherit = ["sqms.author.mixin", "sqms.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["document_id.number", "document_id.name"]
    _check_company_auto = True

    # identification
    document_id = fields.Many2one("sqms.document", required=True, index=True, ondelete="restrict", check_company=True)
    edition = fields.Integer(readonly=True, copy=False, aggregator=None)
    number = fields.Char(related="document_id.number")
    title = fields.Char(compute="_compute_title")
    title_by_language = fields.Json(string="Title When Approved", readonly=True, copy=False)
    document_type = fields.Selection(related="document_id.document_type")
    company_id = fields.Many2one(
        related="document_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    owner_id = fields.Many2one(related="document_id.owner_id")
    audience = fields.Selection(related="document_id.audience")
    department_ids = fields.Many2many(related="document_id.department_ids")
    job_ids = fields.Many2many(related="document_id.job_ids")
    category_ids = fields.Many2many(related="document_id.category_ids")
    replaces_edition = fields.Integer(string="Replaces", compute="_compute_replaces_edition")
    version_count = fields.Integer(related="document_id.version_count")

    # what it says
    source_lang = fields.Selection(selection="_source_languages", string="Written In", readonly=True, copy=False)
    content = fields.Html(translate=True, sanitize_style=True, strip_classes=True)
    file_ids = fields.Many2many("ir.attachment", string="Files", ondelete="restrict", copy=False)
    change_summary = fields.Text(string="What Changes", copy=False, tracking=True)

    # who signs for it
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "Review"),
            ("approved", "Approved"),
            ("effective", "Effective"),
            ("superseded", "Superseded"),
            ("obsolete", "Obsolete"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    reviewer_id = fields.Many2one(
        "res.users", copy=False, domain=lambda self: self._domain_of_reviewers(), tracking=True,
        index="btree_not_null", ondelete="restrict",
    )  # fmt: skip
    reviewed_at = fields.Datetime(readonly=True, copy=False)
    approver_id = fields.Many2one(
        "res.users", copy=False, domain=lambda self: self._domain_of_approvers(), tracking=True,
        index="btree_not_null", ondelete="restrict",
        help="Left empty, anybody may approve whose role allows it.",
    )  # fmt: skip
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approver_name = fields.Char(string="Approver's Name", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    content_digest = fields.Char(readonly=True, copy=False)
    remarks = fields.Text(copy=False, help="Why the edition goes back to its author.")

    # when it counts
    date_effective = fields.Date(string="Effective Date", copy=False, tracking=True)
    effective_tz = fields.Char(string="Time Zone of the Effective Date", readonly=True, copy=False)
    effective_from = fields.Datetime(string="In Force From", readonly=True, copy=False)
    effective_to = fields.Datetime(string="In Force Until", compute="_compute_effective_to", store=True)
    withdrawn_at = fields.Datetime(readonly=True, copy=False)
    withdrawal_reason = fields.Text(copy=False)
    is_in_force = fields.Boolean(string="In Force", compute="_compute_is_in_force", search="_search_is_in_force")

    # who has read it
    acknowledgement_ids = fields.One2many("sqms.acknowledgement", "version_id", string="Readings")
    coverage_ids = fields.One2many(
        "sqms.document.coverage", "version_id", string="Read By Department", groups=SEES_COVERAGE
    )
    reader_count = fields.Integer(string="Readers", compute="_compute_coverage", groups=SEES_COVERAGE)
    read_count = fields.Integer(string="Have Read", compute="_compute_coverage", groups=SEES_COVERAGE)
    read_percent = fields.Float(string="Read (%)", compute="_compute_coverage", groups=SEES_COVERAGE)
    read_label = fields.Char(string="Read", compute="_compute_coverage", groups=SEES_COVERAGE)
    coverage_rows = fields.Json(compute="_compute_coverage_rows", groups=SEES_COVERAGE, export_string_translation=False)

    _edition_unique = models.UniqueIndex("(document_id, edition)", "Each edition of a document has its own number.")
    _effective_unique = models.UniqueIndex(
        "(document_id, effective_from) WHERE effective_from IS NOT NULL",
        "Two editions of a document cannot come into force at the same instant.",
    )
    _one_in_preparation = models.UniqueIndex(
        "(document_id) WHERE state IN ('draft', 'review')",
        "Another edition of this document is already in preparation: finish or delete it first.",
    )
    _one_effective = models.UniqueIndex("(document_id) WHERE state = 'effective'")
    _due_idx = models.Index("(effective_from) WHERE state = 'approved'")
    _in_force_idx = models.Index("(company_id, effective_from, effective_to)")
    _effective_order = models.Constraint(
        "CHECK(effective_to IS NULL OR effective_to > effective_from)", "An edition ends after it began."
    )

    _workflow_managed = (
        "title_by_language", "contributor_ids", "reviewed_at", "approved_by_id", "approver_name", "approved_at",
        "content_digest", "effective_tz", "effective_from", "effective_to", "withdrawn_at",
        "carries_from_id", "quiz_copy_id", "quiz_digest",
    )  # fmt: skip
    _workflow_fixed = ("document_id", "edition", "author_id", "company_id", "source_lang")
    _workflow_locked = {
        "review": ("reviewer_id", "approver_id", "date_effective", "remarks"),
        "approved": ("withdrawal_reason",),
        "effective": ("withdrawal_reason",),
        "superseded": (),
        "obsolete": (),
    }
    _workflow = (
        Transition("submit", _lt("Send for Review"), ("draft",), "review", groups=OFFICER, signature="author"),
        Transition(
            "confirm_review", _lt("Sign as Reviewer"), ("review",), "review",
            groups=f"{OFFICER},{TOP}", signature="reviewer",
        ),
        Transition(
            "approve", _lt("Approve"), ("review",), "approved",
            groups=f"{MANAGER},{TOP}", required=("date_effective",), signature="approver",
        ),
        Transition(
            "return_to_author", _lt("Return with Remarks"), ("review",), "draft",
            groups=f"{OFFICER},{TOP}", required=("remarks",),
        ),
        Transition("take_effect", _lt("Take Effect"), ("approved",), "effective", system=True),
        Transition("supersede", _lt("Supersede"), ("approved", "effective"), "superseded", system=True),
        Transition(
            "recall", _lt("Recall"), ("approved",), "obsolete",
            groups=f"{MANAGER},{TOP}", required=("withdrawal_reason",), rare=True,
        ),
        Transition(
            "withdraw", _lt("Withdraw"), ("approved", "effective"), "obsolete",
            groups=f"{MANAGER},{TOP}", required=("withdrawal_reason",), rare=True,
        ),
    )  # fmt: skip

    _ledger_fields = (
        "document_id", "edition", "title_by_language", "company_id", "source_lang", "content", "file_ids",
        "change_summary", "state", "author_id", "contributor_ids", "reviewer_id", "reviewed_at", "approver_id",
        "approved_by_id", "approver_name", "approved_at",
        "content_digest", "remarks", "date_effective", "effective_tz", "effective_from", "effective_to",
        "withdrawn_at", "withdrawal_reason",
        "reading_decision", "reading_reason", "carries_from_id",
        "quiz_survey_id", "quiz_pass_percent", "quiz_attempts", "quiz_copy_id", "quiz_digest",
    )  # fmt: skip
    _ledger_personal_fields = ("approver_name", "remarks", "withdrawal_reason")

    def _domain_of_reviewers(self):
        return [("all_group_ids", "in", [self.env.ref(OFFICER).id, self.env.ref(TOP).id])]

    def _domain_of_approvers(self):
        return [("all_group_ids", "in", [self.env.ref(MANAGER).id, self.env.ref(TOP).id])]

    # -- computes ----------------------------------------------------------

    @api.depends("title_by_language", "document_id.name")
    @api.depends_context("lang")
    def _compute_title(self):
        """The title under which the edition was approved; before that, the title of the document."""
        for version in self:
            titles = version.title_by_language or {}
            version.title = titles.get(self.env.lang) or titles.get("en_US") or version.document_id.name

    @api.depends("number", "title", "edition")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            # Asked for first: the number comes in sudo, and with it all that stands beside it would.
            edition = version.edition
            version.display_name = self.env._(
                "%(number)s %(title)s, edition %(edition)s",
                number=version.number or "",
                title=version.title or "",
                edition=edition,
            )

    @api.depends("document_id", "edition")
    def _compute_replaces_edition(self):
        rows = self.sudo().search_fetch([("document_id", "in", self.document_id.ids)], ["document_id", "edition"])
        for version in self:
            earlier = [row.edition for row in rows if row.document_id == version.document_id]
            version.replaces_edition = max((other for other in earlier if other < version.edition), default=0)

    @api.depends("effective_from", "withdrawn_at", "document_id.version_ids.effective_from")
    def _compute_effective_to(self):
        """Until the next edition comes into force, or the withdrawal: no gap and no overlap."""
        for version in self:
            start = version.effective_from
            ends = [
                other.effective_from
                for other in version.document_id.version_ids
                if start and other.effective_from and other.effective_from > start
            ]
            version.effective_to = (
                min([*ends, *filter(None, [version.withdrawn_at])], default=False) if start else False
            )

    @api.depends("effective_from", "effective_to")
    def _compute_is_in_force(self):
        now = fields.Datetime.now()
        for version in self:
            version.is_in_force = bool(
                version.effective_from
                and version.effective_from <= now
                and (not version.effective_to or now < version.effective_to)
            )

    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        in_force = self._in_force_domain("now")
        return Domain.OR([in_force if wanted else ~in_force for wanted in value])

    @api.model
    def _in_force_domain(self, instant):
        return (
            Domain("state", "in", APPROVED)
            & Domain("effective_from", "<=", instant)
            & (Domain("effective_to", "=", False) | Domain("effective_to", ">", instant))
        )

    @api.model
    def _published(self, company):
        """The editions that a company shows to the public, policies first."""
        editions = self.search(
            Domain("company_id", "=", company.id)
            & Domain("document_id.is_published", "=", True)
            & self._in_force_domain(fields.Datetime.now())
        )
        return editions.sorted(lambda edition: (edition.document_type not in DIRECTION_TYPES, edition.number))

    @api.depends("acknowledgement_ids.state")
    @api.depends_context("lang")
    def _compute_coverage(self):
        counts = {}
        for version, state, count in self.env["sqms.acknowledgement"]._read_group(
            Domain("version_id", "in", self.ids) & self.env["sqms.acknowledgement"]._counted_domain(),
            ["version_id", "state"],
            ["__count"],
        ):
            counts.setdefault(version.id, {})[state] = count
        for version in self:
            own = counts.get(version._origin.id, {})
            version.read_count = own.get("done", 0) + own.get("carried", 0)
            version.reader_count = sum(own.values())
            version.read_percent = 100.0 * version.read_count / version.reader_count if own else 0.0
            version.read_label = self.env._(
                "%(read)s of %(readers)s", read=version.read_count, readers=version.reader_count
            )

    # -- ORM ---------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        documents = self.env["sqms.document"].browse({vals.get("document_id") for vals in vals_list} - {None, False})
        last = dict(self.sudo()._read_group([("document_id", "in", documents.ids)], ["document_id"], ["edition:max"]))
        last = {document.id: edition for document, edition in last.items()}
        for vals in vals_list:
            document = vals.get("document_id")
            vals["edition"] = last[document] = last.get(document, 0) + 1
            self._clean_content(vals)
        versions = super().create(vals_list)
        versions._adopt_files()
        return versions

    def write(self, vals):
        vals = dict(vals)
        self._clean_content(vals)
        result = super().write(vals)
        if "file_ids" in vals:
            self._adopt_files()
        return result

    def _sqms_written_by(self, user, is_system=False):
        if self and not is_system:
            self.with_user(user)._note_contributor()

    def _clean_content(self, vals):
        if vals.get("content"):
            vals["content"] = rich_text.clean(str(vals["content"]), self._stored_image)

    def _stored_image(self, attachment_id):
        """The address of a stored picture as part of a text, if the writer may see it."""
        image = self.env["ir.attachment"].browse(attachment_id).exists()
        if not image or not image.has_access("read") or not (image.mimetype or "").startswith("image/"):
            return None
        return f"data:{image.mimetype};base64,{base64.b64encode(image.raw or b'').decode()}"

    def _adopt_files(self):
        """Files belong to one edition. What belongs to another record is copied, not taken away from it."""
        for version in self:
            for file in version.file_ids:
                if (file.res_model, file.res_id) == (self._name, version.id):
                    continue
                home = {
                    "res_model": self._name, "res_id": version.id, "res_field": False,
                    "public": False, "access_token": False,
                }  # fmt: skip
                if (file.res_model and file.res_id) or file.create_uid != self.env.user:
                    copied = file.copy(home)
                    version.write({"file_ids": [fields.Command.unlink(file.id), fields.Command.link(copied.id)]})
                else:
                    file.sudo().write(home)

    def _copy_to_draft(self):
        """The next edition, with the text in the languages that were signed with it and copies of the files."""
        self.ensure_one()
        draft = self.copy()
        draft._set_texts(self._texts_as_signed())
        home = {"res_model": self._name, "res_id": draft.id}
        draft.file_ids = self.file_ids.browse([file.copy(home).id for file in self.file_ids])
        return draft

    # -- where buttons lead -------------------------------------------------------

    def action_open_readers(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_acknowledgement_action"),
            "domain": [("version_id", "=", self.id)],
            "context": {"search_default_group_department": 1},
        }

    def action_open_editions(self):
        return self.document_id.action_open_editions()
