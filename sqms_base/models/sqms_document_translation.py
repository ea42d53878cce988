from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib import manifest as manifests, rich_text
from ..lib.transition import Transition
from ..lib.workflow_pass import workflow_fields, workflow_import
from .sqms_document_version import MANAGER, OFFICER, TOP

_lt = LazyTranslate(__name__)


class SqmsDocumentTranslation(models.Model):
    """One edition in one other language.

    1. Who translated it, or wrote in the translation, does not approve it.
    2. It is made from a source text whose digest it keeps. If that text has changed since, it is not approved.
    3. Approved it is closed, and is what readers of the language see. The signatures of the edition stand for the
       source; those of the translation for the translation.
    4. When another edition comes into force it is out of date; the next edition asks for a translation of its own.
    """

    _name = "sqms.document.translation"
    _description = "Document Translation"
    _inherit = ["sqms.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["version_id.document_id.number", "version_id.document_id.name", "title"]
    _check_company_auto = True

    # identification
    version_id = fields.Many2one(
        "sqms.document.version", string="Edition", required=True, index=True, ondelete="restrict", check_company=True
    )
    document_id = fields.Many2one(
        related="version_id.document_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    number = fields.Char(related="document_id.number")
    edition = fields.Integer(related="version_id.edition", string="Edition Number", aggregator=None)
    version_state = fields.Selection(related="version_id.state", string="State of the Edition")
    date_effective = fields.Date(related="version_id.date_effective")
    lang = fields.Selection(selection="_languages", string="Language", required=True)

    # what it says
    title = fields.Char(tracking=True)
    content = fields.Html(sanitize_style=True, strip_classes=True)
    source_lang = fields.Selection(related="version_id.source_lang")
    source_title = fields.Char(compute="_compute_source")
    source_content = fields.Html(string="Source Text", compute="_compute_source")
    source_digest = fields.Char(readonly=True, copy=False, help="Of the text it was made from.")
    is_stale = fields.Boolean(
        string="Source Has Changed", compute="_compute_source", help="The source was changed since this was made."
    )

    # who signs for it
    state = fields.Selection(
        [("draft", "To Translate"), ("review", "Review"), ("approved", "Approved"), ("outdated", "Out of Date")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    translator_id = fields.Many2one("res.users", readonly=True, copy=False, required=True, ondelete="restrict")
    contributor_ids = fields.Many2many(
        "res.users", "sqms_document_translation_writer_rel", string="Written By", readonly=True, copy=False,
        ondelete="restrict",
    )  # fmt: skip
    approver_id = fields.Many2one(
        "res.users", copy=False, domain=lambda self: self.env["sqms.document.version"]._domain_of_approvers(),
        tracking=True, ondelete="restrict", help="Left empty, anybody may approve whose role allows it.",
    )  # fmt: skip
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_at = fields.Datetime(readonly=True, copy=False)
    remarks = fields.Text(copy=False, help="Why the translation goes back to its translator.")

    _edition_lang_unique = models.UniqueIndex("(version_id, lang)", "This edition is already translated there.")
    _due_idx = models.Index("(company_id, state) WHERE state IN ('draft', 'review')")

    _workflow_managed = ("contributor_ids", "approved_by_id", "approved_at", "source_digest")
    _workflow_fixed = ("version_id", "document_id", "company_id", "lang", "translator_id")
    _workflow_locked = {"review": ("approver_id", "remarks"), "approved": (), "outdated": ()}
    _workflow = (
        Transition(
            "submit", _lt("Send for Approval"), ("draft",), "review",
            groups=OFFICER, required=("title", "content"), signature="author",
        ),
        Transition(
            "approve", _lt("Approve"), ("review",), "approved", groups=f"{MANAGER},{TOP}", signature="approver",
        ),
        Transition(
            "return_to_translator", _lt("Return with Remarks"), ("review",), "draft",
            groups=f"{OFFICER},{TOP}", required=("remarks",),
        ),
        Transition("outdate", _lt("Out of Date"), ("draft", "review", "approved"), "outdated", system=True),
    )  # fmt: skip
    _signature_fields = ("version_id", "lang", "title", "content", "source_digest")
    _ledger_fields = (
        "version_id", "company_id", "lang", "title", "content", "source_digest", "state", "translator_id",
        "contributor_ids", "approver_id", "approved_by_id", "approved_at", "remarks",
    )  # fmt: skip
    _ledger_personal_fields = ("remarks",)
    _morning_sign_action = "sqms_base.sqms_document_translation_action"

    @api.model
    def _languages(self):
        return self.env["res.lang"].get_installed()

    @api.depends("version_id", "lang")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self.env["res.lang"].get_installed())
        for row in self:
            row.display_name = self.env._(
                "%(edition)s: %(language)s",
                edition=row.version_id.display_name or "",
                language=names.get(row.lang, row.lang or ""),
            )

    @api.depends("version_id.content", "version_id.document_id.name", "source_digest")
    def _compute_source(self):
        for row in self:
            version = row.version_id
            row.source_content = version._source_text() if version._origin.id else False
            row.source_title = version.with_context(lang=version.source_lang).title
            row.is_stale = bool(row.source_digest) and row.source_digest != row._digest_of_source()

    def _digest_of_source(self):
        self.ensure_one()
        version = self.version_id.sudo()
        title = version.with_context(lang=version.source_lang).title or ""
        return manifests.digest(manifests.canonical({"title": title, "content": version._source_text()}))

    # -- ORM ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su or not vals.get("translator_id"):
                vals["translator_id"] = self.env.uid
            self._clean_content(vals)
        rows = super().create(vals_list)
        rows._made_from_source()
        for row in rows:
            if row.version_id.state in ("superseded", "obsolete"):
                raise UserError(
                    self.env._("%s is no longer in use: nothing to translate.", row.version_id.display_name)
                )
            if row.lang in row.version_id._own_languages():
                raise UserError(
                    self.env._(
                        "%(edition)s has this language already: its author wrote it, and it is signed with it.",
                        edition=row.version_id.display_name,
                    )
                )
        return rows

    def write(self, vals):
        vals = dict(vals)
        self._clean_content(vals)
        result = super().write(vals)
        if "content" in vals:
            self._made_from_source()
        if {"content", "title"}.intersection(vals) and not self.env.su:
            new = self.filtered(lambda row: self.env.user not in row.sudo().contributor_ids)
            if new:
                with workflow_fields(new, "contributor_ids"):
                    new.sudo().write({"contributor_ids": [fields.Command.link(self.env.uid)]})
        return result

    def _clean_content(self, vals):
        if vals.get("content"):
            load = self.env["sqms.document.version"]._stored_image
            vals["content"] = rich_text.clean(str(vals["content"]), load)

    def _made_from_source(self):
        for row in self:
            with workflow_fields(row, "source_digest"):
                row.sudo().source_digest = row._digest_of_source()

    def action_confirm_source(self):
        """What has changed in the source changes nothing in the translation."""
        self.check_access("write")
        for row in self:
            if row.state != "draft":
                raise UserError(self.env._("%s is no longer a draft.", row.display_name))
        self._made_from_source()

    # -- who is asked ----------------------------------------------------------------

    def _prepare_next(self, version):
        """Its successor for a later edition, begun with the words of this one."""
        self.ensure_one()
        translator = self.translator_id.filtered("active") or version.owner_id or version.author_id
        return {
            "version_id": version.id,
            "lang": self.lang,
            "title": self.title,
            "content": self.content,
            "translator_id": translator.id,
            "approver_id": self.approver_id.filtered("active").id,
        }

    def _ask_translators(self):
        for row in self:
            row.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=row.date_effective,
                summary=row.env._("Please translate what has changed"),
                user_id=row.translator_id.id,
            )

    def _ask(self, user):
        if user:
            self.activity_schedule(
                "mail.mail_activity_data_todo", summary=self.env._("Please read and decide"), user_id=user.id
            )

    def _done_asking(self):
        asked = self.sudo().activity_ids.filtered("automated")
        mine = asked.filtered(lambda activity: activity.user_id == self.env.user)
        (asked - mine).unlink()
        mine.action_done()

    @api.model
    def _morning_sign_domain(self):
        """Of the translations in review: those that he is asked to approve, and none that he wrote in."""
        me = self.env.user
        others = Domain("translator_id", "!=", me.id) & ~Domain("contributor_ids", "in", me.ids)
        return Domain(super()._morning_sign_domain()) & others & Domain("approver_id", "in", [False, me.id])

    # -- steps -----------------------------------------------------------------------

    def _writers(self):
        return self.sudo().translator_id | self.sudo().contributor_ids

    def _signature_authors(self):
        return {row.id: row._writers() for row in self}

    def _signature_asked(self, meaning):
        return {row.id: row.translator_id if meaning == "author" else row.approver_id for row in self}

    def _signature_statement(self, meaning):
        if meaning != "author":
            return super()._signature_statement(meaning)
        return {
            row.id: self.env._("I translated %(record)s, completely and faithfully.", record=row.display_name)
            for row in self
        }

    def _check_submit(self):
        refusals = {}
        for row in self:
            if rich_text.is_empty(str(row.content or "")):
                refusals[row.id] = self.env._("there is nothing to read in it yet")
            elif rich_text.foreign_pictures(str(row.content)):
                refusals[row.id] = self.env._("a picture in it is not part of the text; please insert it again")
            elif row.version_id.state == "draft":
                refusals[row.id] = self.env._("the edition itself is still being written")
            elif row.is_stale:
                refusals[row.id] = self.env._(
                    "the source has changed: bring it up to date, or confirm that nothing changes in it"
                )
        return refusals

    def _on_submit(self):
        self._done_asking()
        for row in self:
            row._ask(row.approver_id)

    def _offers_approve(self):
        return self.env.user not in self._writers() and self.approver_id in (self.approver_id.browse(), self.env.user)

    def _check_approve(self):
        refusals = {}
        for row in self:
            if self.env.user in row._writers():
                refusals[row.id] = self.env._("you wrote in it, another person approves it")
            elif row.approver_id and row.approver_id != self.env.user:
                refusals[row.id] = self.env._("the approval of %(name)s is asked for", name=row.approver_id.name)
            elif row.version_id.state not in ("approved", "effective"):
                refusals[row.id] = self.env._("the edition itself is not approved")
            elif row.source_digest != row._digest_of_source():
                refusals[row.id] = self.env._("the source has changed since; please return it to its translator")
        return refusals

    def _prepare_approve_values(self):
        now = fields.Datetime.now()
        return {row.id: {"approved_by_id": self.env.uid, "approved_at": now} for row in self}

    def _on_approve(self):
        self._done_asking()
        for row in self:
            row.version_id.sudo()._take_in_translation(row)

    def _on_return_to_translator(self):
        self._done_asking()
        for row in self:
            row.message_post(body=row.remarks, partner_ids=row.translator_id.partner_id.ids)
            row._ask(row.translator_id)
            row.remarks = False

    def _outdate(self):
        current = self.filtered(lambda row: row.state != "outdated")
        current._done_asking()
        current.action_transition("outdate")

    @api.model
    def _take_over(self, rows):
        """Translations that were approved before they came into this database (migration, demo data).

        :param rows: values for `create`, with `approved_by_id`
        """
        for values in rows:
            row = self.create({name: value for name, value in values.items() if name != "approved_by_id"})
            with workflow_import(row, self.env._("Taken over as approved")):
                row.write(
                    {
                        "state": "approved",
                        "approved_by_id": values["approved_by_id"],
                        "approved_at": row.version_id.approved_at,
                    }
                )
            row.version_id._take_in_translation(row)
