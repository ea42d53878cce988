import base64
import logging
import tempfile
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.tools import human_size

from ..lib.evidence_pack import clean_name
from .sqms_clause_map import SEES_MAP

_logger = logging.getLogger(__name__)

AT_ONCE_BYTES = 20_000_000  # more than that is made in the background
AT_ONCE_FILES = 500
KEPT_DAYS = 30


class SqmsEvidencePack(models.Model):
    """The evidence of a standard, or of one clause, in one file that anybody can check offline.

    1. It holds what the person who asked for it may read, and says how much is left out.
    2. Only that person opens it; that it was made, by whom, of what and with which digest stands in the ledger.
    3. The same state makes the same bytes.
    4. Nobody writes or changes one; the file is deleted after a month, the entry stays.
    """

    _name = "sqms.evidence.pack"
    _description = "Evidence Pack"
    _inherit = ["sqms.ledger.mixin"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    standard_id = fields.Many2one("sqms.standard", required=True, readonly=True, index=True, ondelete="cascade")
    clause_id = fields.Many2one("sqms.clause", readonly=True, index="btree_not_null", ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Made For", required=True, readonly=True, index=True)
    as_of = fields.Datetime(required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "Being Made"), ("ready", "Ready"), ("failed", "Failed")],
        required=True, readonly=True, default="waiting", index=True,
    )  # fmt: skip
    file = fields.Binary(readonly=True, attachment=True, copy=False)
    file_name = fields.Char(readonly=True)
    digest = fields.Char(string="SHA-256", readonly=True)
    file_count = fields.Integer(string="Files", readonly=True, aggregator=None)
    size = fields.Integer(string="Bytes", readonly=True, aggregator=None)
    left_out_count = fields.Integer(string="Left Out", readonly=True, aggregator=None)

    _ledger_fields = (
        "company_id", "standard_id", "clause_id", "user_id", "as_of", "state", "digest", "file_count", "left_out_count"
    )  # fmt: skip

    @api.depends("standard_id", "clause_id")
    def _compute_display_name(self):
        for pack in self:
            number = pack.sudo().clause_id.number
            pack.display_name = " ".join(filter(None, (pack.sudo().standard_id.code, number)))

    # -- making one ------------------------------------------------------------------

    @api.model
    def _make(self, standard, clause=None, as_of=None):
        """Make the pack of a standard, or of one clause with what stands under it, for the user at hand.

        What is large waits for the background job.
        """
        if not self.env.user.has_groups(SEES_MAP):
            raise AccessError(self.env._("The clause map is for those who run, head or examine the quality system."))
        standard.check_access("read")
        if clause and (clause.standard_id != standard or not clause.active):
            raise MissingError(self.env._("This clause is no longer there."))
        pack = self.sudo().create(
            {
                "company_id": self.env.company.id,
                "standard_id": standard.id,
                "clause_id": clause.id if clause else False,
                "user_id": self.env.uid,
                "as_of": as_of or fields.Datetime.now(),
            }
        )
        content = pack._collector()._collect(pack)
        if content.bytes > AT_ONCE_BYTES or content.files > AT_ONCE_FILES:
            self.env.ref("sqms_base.sqms_evidence_pack_cron").sudo()._trigger()
        else:
            pack._fill(content)
        return pack.sudo(False)

    def _collector(self):
        """The environment of the person it is for: his rights, his language, this company alone."""
        user = self.user_id
        return self.env["sqms.evidence.pack.content"].with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=self.company_id.ids
        )  # fmt: skip

    def _fill(self, content):
        with tempfile.TemporaryFile() as file:
            digest, files, left_out = content.save(file)
            size = file.tell()
            file.seek(0)
            raw = file.read()
        self.write(
            {
                "state": "ready",
                "file": base64.b64encode(raw),
                "file_name": self._file_name(),
                "digest": digest,
                "file_count": files,
                "size": size,
                "left_out_count": left_out,
            }
        )

    def _file_name(self):
        day = fields.Datetime.context_timestamp(self.with_context(tz=self.user_id.tz), self.as_of).date()
        return clean_name(f"{self.display_name} {day}.zip".replace(":", "-"))

    def _told(self):
        """What the screen tells the person: `{id, name, url, title, message}`."""
        self.ensure_one()
        if self.state != "ready":
            return {
                "id": self.id, "name": False, "url": False, "title": self.env._("The evidence pack is being made"),
                "message": self.env._("It is large. You will be told when it is ready."),
            }  # fmt: skip
        message = self.env._(
            "%(files)s files, %(size)s. SHA-256 begins with %(digest)s.",
            files=self.file_count, size=human_size(self.size), digest=self.digest[:12],
        )  # fmt: skip
        if self.left_out_count:
            message += " " + self.env._("%s things are left out: the index says why.", self.left_out_count)
        return {
            "id": self.id,
            "name": self.file_name,
            "url": f"/web/content/sqms.evidence.pack/{self.id}/file/{self.file_name}?download=true",
            "title": self.env._("Evidence pack of %s", self.display_name),
            "message": message,
        }

    # -- in the background -------------------------------------------------------------

    @api.model
    def _cron_build(self):
        waiting = self.search([("state", "=", "waiting")], order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for pack in waiting:
            pack._build()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _build(self):
        """Make one that was too large to wait for; what fails says so and holds up no other."""
        try:
            with self.env.cr.savepoint():
                if not self.user_id.has_groups(SEES_MAP):
                    raise AccessError(self.env._("%s no longer sees the clause map.", self.user_id.name))
                self._fill(self._collector()._collect(self))
        except (UserError, ValueError, OSError) as error:
            _logger.warning("Evidence pack %s could not be made: %s", self.id, error)
            self.state = "failed"
        told = self.with_user(self.user_id).with_context(lang=self.user_id.lang)
        failed = told.env._("The evidence pack of %s could not be made.", told.display_name)
        self.user_id._bus_send(
            "simple_notification",
            {
                "title": told.env._("Evidence Packs"),
                "message": failed if self.state == "failed" else told._told()["title"],
                "type": "danger" if self.state == "failed" else "success",
            },
        )

    @api.autovacuum
    def _gc_files(self):
        border = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        old = self.search(Domain("state", "=", "ready") & Domain("as_of", "<", border) & Domain("size", ">", 0))
        old.write({"file": False, "size": 0})
