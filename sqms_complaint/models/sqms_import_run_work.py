import hashlib
import io
import logging
from contextlib import contextmanager, nullcontext
from itertools import islice

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.refusal import Refusal

from ..lib.cells import text_of
from ..lib.chunks import as_ranges, digest_of, in_batches
from ..lib.row_mapping import map_row
from ..lib.table_reader import read_table
from . import sqms_import_run
from .sqms_import_loader import Loader
from .sqms_import_run import because

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)


class SqmsImportRunWork(models.Model):
    """How a file becomes complaints: in batches, each whole or not at all, resumed where it stopped.

    1. The same code runs at once for a small file and in the background for a large one.
    2. A row whose key is known already is passed over and counted; none is created twice.
    3. Total rows = created + passed over + refused, at every batch.
    """

    _inherit = "sqms.import.run"

    # -- import ------------------------------------------------------------

    def _check_start(self):
        reasons = {}
        for run in self:
            if not run.good_count:
                reasons[run.id] = self.env._("no row of the file would create a complaint")
            elif run.on_error == "all" and run.bad_count:
                reasons[run.id] = self.env._(
                    "%(count)s rows have errors, and all rows or none were asked for", count=run.bad_count
                )
            elif run.on_error == "all" and run.row_count > sqms_import_run.ALL_OR_NOTHING:
                reasons[run.id] = self.env._(
                    "all or none works up to %(limit)s rows: split the file, or import the good rows",
                    limit=sqms_import_run.ALL_OR_NOTHING,
                )
            elif run._is_stale():
                reasons[run.id] = self.env._("file or profile changed after the check: please check again")
        return reasons

    def _is_stale(self):
        with self._open_file() as stream:
            return digest_of(stream) != self.digest or (self.findings or {}).get("profile") != self._profile_mark()

    def _profile_mark(self):
        """Fingerprint of what the profile says, so that nothing else is imported than what was checked."""
        profile = self.profile_id
        words = (
            profile._prepare_plan(),
            *profile.read(["file_kind", "separator", "encoding", "sheet", "create_categories", "create_channels"]),
            profile.team_id.id,
            profile.channel_id.id,
        )
        return hashlib.sha256(repr(words).encode()).hexdigest()

    def _prepare_start_values(self):
        return {run.id: {"refusal": False, "user_id": self.env.uid} for run in self}

    _prepare_resume_values = _prepare_start_values

    def _on_start(self):
        # The errors of the check give way to those of the import, row by row.
        self.sudo().error_ids.unlink()
        for run in self:
            if run.row_count <= sqms_import_run.IMPORT_AT_ONCE:
                run._work_import()
            else:
                run._wake_cron()

    def _on_resume(self):
        self._wake_cron()

    def _prepare_stop_values(self):
        return {
            run.id: {"refusal": sqms_import_run.why_given.get() or self.env._("Stopped by %s.", self.env.user.name)}
            for run in self
        }

    def _check_finish(self):
        return {
            run.id: self.env._("%(count)s rows are still waiting", count=run.row_count - run.done_count)
            for run in self
            if run.row_count != run.done_count
        }

    def _work_import(self, commit=None):
        """Import what is not imported yet.

        :param commit: called with the number of rows after each batch, says how much time is left;
            without it, all is one transaction
        """
        self.ensure_one()
        run = self._as_importer()
        try:
            with run.env.cr.savepoint() if not commit else nullcontext():
                if not run._import_batches(commit):
                    return
                run.sudo().action_transition("finish")
        except Refusal as refusal:
            if commit:
                raise
            run.env.invalidate_all()
            with because(run.env._(refusal.sentence)):
                run.sudo().action_transition("stop")
        run._tell_importer()

    def _import_batches(self, commit):
        # Asked once: somebody who lost the right meanwhile gets one answer, not one for each row.
        if not self.env.user.active:
            raise AccessError(self.env._("%s no longer works here: somebody else has to go on.", self.env.user.name))
        self.check_access("write")
        self.env["helpdesk.ticket"].check_access("create")
        loader = Loader(self)
        position = self.done_count
        with self._open_file() as stream:
            if digest_of(stream) != self.digest:
                raise Refusal(_lt("The file is not the one that was checked."))
            table, plan = self._open_table(stream)
            rows = self._mapped_rows(table, plan, loader)
            for batch in in_batches(islice(rows, position, None), sqms_import_run.BATCH):
                self._import_batch(loader, batch)
                self.env.flush_all()
                self.env.invalidate_all()
                if commit and (not commit(len(batch)) or self.state != "running"):
                    return self.row_count == self.done_count and self.state == "running"
        return True

    def _import_batch(self, loader, rows):
        known = self._known_keys(rows)
        fresh = [(mapped, key) for mapped, key in rows if not mapped.faults and key not in known]
        lines = [mapped.line for mapped, key in rows if not mapped.faults and key in known]
        created, late = loader.load(fresh)
        bad = [mapped for mapped, _key in rows if mapped.faults]
        bad += [mapped._replace(faults=[("", "", sentence)]) for mapped, sentence in late]
        if bad and self.on_error == "all":
            raise Refusal(
                _lt(
                    "Line %(line)s was refused, so nothing was imported: %(reason)s",
                    line=bad[0].line,
                    reason=self._sentence(bad[0]),
                )
            )
        self._list_errors(bad)
        self.env["sqms.import.batch"].sudo().create(
            {
                "run_id": self.id,
                "first_line": rows[0][0].line,
                "last_line": rows[-1][0].line,
                "row_count": len(rows),
                "created_count": created,
                "known_count": len(lines),
                "refused_count": len(bad),
                "known_lines": as_ranges(lines),
            }
        )

    # -- rows --------------------------------------------------------------

    def _as_importer(self):
        """The run with the rights of whoever ordered it, in its company and in no other."""
        return self.with_user(self.user_id).with_context(
            allowed_company_ids=self.company_id.ids, lang=self.user_id.lang, tz=self.user_id.tz
        )

    @contextmanager
    def _open_file(self):
        """The file as a stream: it is never in memory as a whole."""
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_field", "=", "file"), ("res_id", "=", self.id)], limit=1)
        )
        if attachment.store_fname:
            with open(attachment._full_path(attachment.store_fname), "rb") as stream:
                yield stream
        else:
            yield io.BytesIO(attachment.raw or b"")

    def _open_table(self, stream):
        profile = self.profile_id
        plan = profile._prepare_plan()
        table = read_table(stream, profile.file_kind, profile.separator, profile.encoding, profile.sheet or "")
        missing = plan.missing(table.header)
        if missing:
            raise Refusal(
                _lt(
                    "The file lacks %(missing)s. It has: %(header)s.",
                    missing=", ".join(f"“{name}”" for name in missing),
                    header=", ".join(table.header),
                )
            )
        return table, plan

    def _mapped_rows(self, table, plan, loader):
        """(Mapped, key) of each row; the key is empty where the row has faults.

        Two rows with one reference or one set of key values contradict each other. Two rows that are alike
        as a whole may well be two complaints: they are numbered, so that a later file adds the third.
        """
        seen = {}
        now = fields.Datetime.now()
        for row in table.rows:
            mapped = map_row(row, table.header, plan, now)
            if not mapped.faults:
                faults = list(loader.survey(mapped.values))
                earlier = seen.get(mapped.identity)
                if earlier and not mapped.identity.startswith("row:"):
                    faults.append(_lt("Its reference or key is the one of line %(line)s already.", line=earlier))
                mapped = mapped._replace(faults=[("", "", fault) for fault in faults])
            if mapped.faults:
                yield mapped, ""
            elif mapped.identity.startswith("row:"):
                seen[mapped.identity] = seen.get(mapped.identity, 0) + 1
                yield mapped, f"{mapped.identity}:{seen[mapped.identity]}"
            else:
                seen[mapped.identity] = mapped.line
                yield mapped, mapped.identity

    def _known_keys(self, rows):
        """The keys of these rows under which the company has a complaint already, archived or not."""
        keys = [key for _mapped, key in rows if key]
        tickets = (
            self.env["helpdesk.ticket"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("company_id", "=", self.company_id.id), ("complaint_import_key", "in", keys)],
                ["complaint_import_key"],
                order="id",
            )
        )
        return set(tickets.mapped("complaint_import_key"))

    def _list_errors(self, rows):
        self.env["sqms.import.error"].sudo().create(
            [
                {
                    "run_id": self.id,
                    "line": mapped.line,
                    "column": mapped.faults[0][0],
                    "value": mapped.faults[0][1][:200],
                    "sentence": self._sentence(mapped),
                    "cells": [text_of(cell).replace("\0", "") for cell in mapped.cells],
                }
                for mapped in rows
            ]
        )

    def _sentence(self, mapped):
        """All faults of a row, each behind the name of its column."""
        return " ".join(
            f"{column}: {text}" if column else text
            for column, _value, fault in mapped.faults
            for text in [fault if isinstance(fault, str) else self.env._(fault)]
        )

    # -- in the background -------------------------------------------------

    def _wake_cron(self):
        self.env.ref("sqms_complaint.ir_cron_import_run").sudo()._trigger()

    @api.model
    def _cron_work(self):
        """Check and import what waits, a batch per transaction.

        A run that fails says why and stops; the others go on. A collision with other work is no failure:
        the batch is done again with the next call.
        """
        waiting = self.search([("state", "in", ("checking", "running"))], order="id")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=sum(max(run.row_count - run.done_count, 0) + 1 for run in waiting))
        for run in waiting:
            try:
                left = run._work_in_background(progress)
            except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, psycopg2.errors.UniqueViolation):
                self.env.cr.rollback()
                self._wake_cron()
                progress()
                continue
            except Exception as error:
                self.env.cr.rollback()
                run._fail(error)
                left = progress(1)
            if not left:
                return

    def _work_in_background(self, progress):
        if self.state == "checking":
            self._as_importer()._work_check()
            return progress(1)
        left = [1]

        def commit(count):
            left[0] = progress(count)
            return left[0]

        self._work_import(commit if self.on_error == "keep" else None)
        return progress(1) and left[0]

    def _fail(self, error):
        if not isinstance(error, Refusal | UserError):
            _logger.exception("The import %s stopped.", self.id)
        run = self.sudo().with_context(lang=self.user_id.lang)
        sentence = run.env._(error.sentence) if isinstance(error, Refusal) else str(error)
        with because(sentence):
            run.action_transition("refuse" if run.state == "checking" else "stop")
        run._tell_importer()

    def _tell_importer(self):
        """A short word on the screen of the person who ordered it."""
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success" if self.state == "done" else "warning",
                "title": self.file_name,
                "message": self.refusal
                or self.env._(
                    "%(created)s complaints created, %(known)s known already, %(refused)s rows with errors.",
                    created=self.created_count,
                    known=self.skipped_count,
                    refused=self.refused_count,
                ),
            },
        )
