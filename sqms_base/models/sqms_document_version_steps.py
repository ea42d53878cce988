import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ..lib import rich_text
from ..lib.local_time import local_day, local_midnight
from .sqms_document import DIRECTION_TYPES
from .sqms_document_version import MANAGER, TOP


class SqmsDocumentVersionSteps(models.Model):
    """What each step of an edition asks for, who may take it, and what it fixes.

    1. A reviewer and an approver are people with the role, and neither has written in the edition.
    2. Approval fixes text, files, digest and the instant of coming into force.
    3. Recall is for what has not come into force yet; withdrawal leaves the document without an edition.
    """

    _inherit = "sqms.document.version"

    def write(self, vals):
        if "reviewer_id" in vals and not self.env.su:
            self._refuse_other_reviewer(vals["reviewer_id"])
        return super().write(vals)

    def _refuse_other_reviewer(self, reviewer_id):
        """A review that was given stays, and one that was asked for is not taken back by who wrote the edition."""
        for version in self.filtered(lambda version: version.state == "review" and version.reviewer_id):
            taken_back = not reviewer_id and self.env.user in version._writers()
            if version.reviewer_id.id != reviewer_id and (version.reviewed_at or taken_back):
                raise AccessError(self.env._("The review stays as it was asked for; return the edition instead."))

    def _check_submit(self):
        refusals = {}
        for version in self:
            texts = version._texts_by_language()
            if not version.file_ids and all(rich_text.is_empty(text) for text in texts.values()):
                refusals[version.id] = self.env._("there is nothing to read in it yet")
            elif any(rich_text.foreign_pictures(text) for text in texts.values()):
                refusals[version.id] = self.env._("a picture in it is not part of the text; please insert it again")
        return refusals

    def _prepare_submit_values(self):
        return {version.id: {"reviewed_at": False} for version in self}

    def _on_submit(self):
        for version in self:
            version._ask(version.reviewer_id or version.approver_id)

    def _offers_confirm_review(self):
        return self.reviewer_id == self._workflow_person() and not self.reviewed_at

    def _check_confirm_review(self):
        refusals = {}
        for version in self:
            if version.reviewer_id != version._workflow_person():
                refusals[version.id] = self.env._(
                    "the review of %(name)s is asked for", name=version.reviewer_id.name or self.env._("nobody")
                )
            elif version._workflow_people() & version._writers():
                refusals[version.id] = self.env._("you wrote in it, another person reviews it")
        return refusals

    def _prepare_confirm_review_values(self):
        return {version.id: {"reviewed_at": fields.Datetime.now()} for version in self}

    def _on_confirm_review(self):
        for version in self:
            version.message_post(body=self.env._("Reviewed by %(name)s", name=self.env.user.name))
            version._done_asking()
            version._ask(version.approver_id)

    def _offers_approve(self):
        return not self._workflow_people() & self._writers() and self._may_approve() and self.approver_id in (
            self.approver_id.browse(), self._workflow_person()
        )  # fmt: skip

    def _check_approve(self):
        refusals = {}
        for version in self:
            reason = version._why_not_approve()
            if reason:
                refusals[version.id] = reason
        return refusals

    def _why_not_approve(self):
        if self.env.user in self._writers():
            return self.env._("you wrote in it, another person approves it")
        if self._workflow_person() in self._writers():
            return self.env._(
                "%(name)s, for whom you act, wrote in it, another person approves it",
                name=self._workflow_person().sudo().name,
            )
        if not self._may_approve():
            return self.env._("top management approves what gives the company its direction")
        if self.approver_id and self.approver_id != self._workflow_person():
            return self.env._("the approval of %(name)s is asked for", name=self.approver_id.name)
        if self.reviewer_id and not self.reviewed_at:
            return self.env._("the review of %(name)s is missing", name=self.reviewer_id.name)
        return self._why_not_effective()

    def _why_not_effective(self):
        if not self.date_effective:
            return None
        now = fields.Datetime.now()
        if self.date_effective < local_day(now, self.document_id.tz):
            return self.env._("the effective date lies in the past")
        start = self._effective_instant(now)
        later = self.document_id.sudo().version_ids.filtered(
            lambda other: other.effective_from and other.effective_from >= start
        )
        if later:
            return self.env._(
                "edition %(edition)s comes into force on %(date)s; choose a later date or recall it",
                edition=later[0].edition,
                date=format_date(self.env, later[0].date_effective),
            )
        return None

    def _effective_instant(self, now):
        """Local midnight of the effective date; nothing is in force before it was approved."""
        return max(local_midnight(self.date_effective, self.document_id.tz), now.replace(microsecond=0))

    def _may_approve(self):
        groups = [TOP] if self.document_type in DIRECTION_TYPES else [MANAGER, TOP]
        return self.env.su or any(self._workflow_person().has_group(group) for group in groups)

    def _prepare_approve_values(self):
        self.document_id._wait_for_row()
        now = fields.Datetime.now()
        return {
            version.id: version._approval_values(self.env.user, now, version._effective_instant(now))
            for version in self
        }

    def _approval_values(self, approver, approved_at, effective_from):
        title = self.document_id._fields["name"]._get_stored_translations(self.document_id.sudo())
        return {
            "title_by_language": title,
            "approved_by_id": approver.id,
            "approver_name": approver.sudo().name,
            "approved_at": approved_at,
            "effective_tz": self.document_id.tz,
            "effective_from": effective_from,
            "content_digest": self._digest(title),
        }

    def _on_approve(self):
        self._done_asking()
        due = self.filtered(lambda version: version.effective_from <= fields.Datetime.now())
        due.document_id.sudo()._bring_labels_up_to_date()
        cron = self.env.ref("sqms_base.ir_cron_document_labels").sudo()
        for instant in set((self - due).mapped("effective_from")):
            cron._trigger(at=instant)

    def _prepare_return_to_author_values(self):
        return {version.id: {"reviewed_at": False} for version in self}

    def _on_return_to_author(self):
        self._done_asking()
        for version in self:
            # Back in draft, the edition may be closed to who returned it.
            version = version.sudo()
            version.message_post(body=version.remarks, partner_ids=version.author_id.partner_id.ids)
            version.remarks = False

    def _check_take_effect(self):
        now = fields.Datetime.now()
        return {
            version.id: self.env._("its time has not come")
            for version in self
            if not version.effective_from or version.effective_from > now
        }

    def _on_take_effect(self):
        self._ask_readers()

    def _check_supersede(self):
        now = fields.Datetime.now()
        return {
            version.id: self.env._("no later edition is in force")
            for version in self
            if not version.effective_to or version.effective_to > now or version.withdrawn_at == version.effective_to
        }

    def _offers_recall(self):
        return self.effective_from and self.effective_from > fields.Datetime.now()

    def _check_recall(self):
        return {
            version.id: self.env._("it is in force and can only be withdrawn")
            for version in self
            if version.effective_from <= fields.Datetime.now()
        }

    def _prepare_recall_values(self):
        """As if it had never been going to happen: the edition before stays in force."""
        return {version.id: {"effective_from": False} for version in self}

    def _offers_withdraw(self):
        return self.is_in_force

    def _check_withdraw(self):
        now = fields.Datetime.now()
        return {
            version.id: self.env._("it is not in force")
            for version in self
            if not version.effective_from
            or version.effective_from >= now
            or (version.effective_to and version.effective_to <= now)
        }

    def _prepare_withdraw_values(self):
        return {version.id: {"withdrawn_at": fields.Datetime.now()} for version in self}

    def _on_withdraw(self):
        """To be extended by what ends with an edition."""

    # -- labels follow the clock ---------------------------------------------

    @api.model
    def _cron_labels(self, batch=100):
        """Bring “effective” and “superseded” up to date, however long nobody did."""
        due = self.search([("state", "=", "approved"), ("effective_from", "<=", fields.Datetime.now())]).document_id
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for start in range(0, len(due), batch):
            documents = due[start : start + batch]
            if not documents._try_labels():
                for document in documents:
                    document._try_labels()
            if not self.env["ir.cron"]._commit_progress(len(documents)):
                return

    def _texts_by_language(self):
        self.flush_recordset(["content"])
        return self._fields["content"]._get_stored_translations(self) or {}

    def _digest(self, title=None):
        """A digest of what was approved: the words in every language and the bytes of every file."""
        self.ensure_one()
        version = self.sudo()
        what = {
            "number": version.number,
            "title": title or version.title_by_language,
            "type": version.document_type,
            "edition": version.edition,
            "content": version._texts_as_signed(),
            "files": sorted([file.checksum or "", file.name] for file in version.file_ids),
            "date_effective": str(version.date_effective),
        }
        text = json.dumps(what, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
