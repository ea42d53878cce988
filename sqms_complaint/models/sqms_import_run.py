import base64
import csv
import hashlib
import io
import logging
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import LazyTranslate, format_date

from odoo.addons.sqms_base.models.sqms_workflow_mixin import Transition

from ..lib.cells import OWN_COLUMNS, neutralise, text_of
from ..lib.refusal import Refusal
from ..lib.row_mapping import map_row
from ..lib.table_reader import read_table
from .sqms_import_loader import Loader

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

BATCH = 1_000
PREVIEW = 10
# Above these sizes the work is left to the scheduled action, so that nobody waits before a frozen page.
CHECK_AT_ONCE = {"csv": 5 * 1024 * 1024, "xlsx": 512 * 1024}
IMPORT_AT_ONCE = BATCH
# All or nothing is one transaction; above this it would outlive the time that a worker is given.
ALL_OR_NOTHING = 20_000
_why = ContextVar("sqms_import_why", default=False)


@contextmanager
def because(sentence):
    """The sentence that goes with the next step; Python only."""
    token = _why.set(sentence)
    try:
        yield
    finally:
        _why.reset(token)


class SqmsImportRun(models.Model):
    """The import of one file, from its first look to the last row.

    1. Nothing is created before the file was checked as a whole and somebody said “Import”.
    2. Rows = created + known already + refused, at every moment. A row that is refused says why.
    3. The import goes on where it stopped, whatever stopped it; a second import of a file creates nothing.
    4. It creates with the rights of the person who started it, in the company of the import.
    """

    _name = "sqms.import.run"
    _description = "Complaint Import"
    _inherit = ["mail.thread", "sqms.workflow.mixin"]
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    _workflow = (
        Transition("check", _lt("Check the file"), ("draft",), "checking", required=("file", "profile_id")),
        Transition("present", _lt("Show the result"), ("checking",), "checked", system=True),
        Transition("refuse", _lt("Refuse the file"), ("checking",), "draft", system=True),
        Transition("start", _lt("Import"), ("checked",), "running"),
        Transition("change", _lt("Change file or profile"), ("checked", "checking"), "draft", rare=True),
        Transition("finish", _lt("Finish"), ("running",), "done", system=True),
        Transition("stop", _lt("Stop"), ("running",), "failed", rare=True),
        Transition("resume", _lt("Go on"), ("failed",), "running"),
    )
    _workflow_managed = (
        "user_id",
        "refusal",
        "digest",
        "row_count",
        "good_count",
        "known_count",
        "bad_count",
        "findings",
    )
    _workflow_locked = {"checking": (), "checked": ("on_error",), "running": (), "done": (), "failed": ()}

    # the order
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char(default=lambda self: self.env._("New import"), required=True)
    profile_id = fields.Many2one(
        "sqms.import.profile", index=True, ondelete="restrict", check_company=True, tracking=True
    )
    on_error = fields.Selection(
        [("keep", "Import the good rows"), ("all", "Import all rows or none")],
        "When rows are bad",
        default="keep",
        required=True,
        help="The bad rows are listed in either case, with the reason, and can be downloaded, mended and imported.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one("res.users", "Imported by", readonly=True, copy=False, index="btree_not_null")
    state = fields.Selection(
        [
            ("draft", "File"),
            ("checking", "Being checked"),
            ("checked", "Checked"),
            ("running", "Importing"),
            ("failed", "Stopped"),
            ("done", "Done"),
        ],
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    refusal = fields.Text("Why not", readonly=True, copy=False)
    # what the check found
    digest = fields.Char("SHA-256", readonly=True, copy=False, index="btree_not_null")
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    good_count = fields.Integer("To be created", readonly=True, copy=False)
    known_count = fields.Integer("Known already", readonly=True, copy=False)
    bad_count = fields.Integer("With errors", readonly=True, copy=False)
    findings = fields.Json(readonly=True, copy=False)
    preview = fields.Html("First rows", compute="_compute_preview", sanitize=False)
    novelties = fields.Html("To be made", compute="_compute_preview", sanitize=False)
    # what became of it
    batch_ids = fields.One2many("sqms.import.batch", "run_id", "Steps")
    error_ids = fields.One2many("sqms.import.error", "run_id", "Bad rows")
    error_count = fields.Integer("Errors", compute="_compute_error_count")
    error_file = fields.Binary("Error file", compute="_compute_error_file")
    created_count = fields.Integer("Created", compute="_compute_progress")
    skipped_count = fields.Integer("Passed over", compute="_compute_progress")
    refused_count = fields.Integer("Refused", compute="_compute_progress")
    done_count = fields.Integer("Rows done", compute="_compute_progress")

    # -- what people see ---------------------------------------------------

    @api.depends("batch_ids")
    def _compute_progress(self):
        sums = {
            run: counts
            for run, *counts in self.env["sqms.import.batch"]._read_group(
                [("run_id", "in", self.ids)],
                ["run_id"],
                ["created_count:sum", "known_count:sum", "refused_count:sum", "row_count:sum"],
            )
        }
        for run in self:
            run.created_count, run.skipped_count, run.refused_count, run.done_count = sums.get(run._origin, [0] * 4)

    @api.depends("error_ids")
    def _compute_error_count(self):
        counts = dict(self.env["sqms.import.error"]._read_group([("run_id", "in", self.ids)], ["run_id"], ["__count"]))
        for run in self:
            run.error_count = counts.get(run._origin, 0)

    @api.depends("findings")
    @api.depends_context("lang")
    def _compute_preview(self):
        render = self.env["ir.qweb"]._render
        for run in self:
            found = run.findings or {}
            words = run._prepare_words(found) if found else {}
            run.preview = render("sqms_complaint.sqms_import_preview", words) if found else False
            run.novelties = render("sqms_complaint.sqms_import_novelties", words) if found else False

    def _prepare_words(self, found):
        """What the two tables of the form need: names in the reader's language, and the columns worth showing."""
        Ticket = self.env["helpdesk.ticket"]
        return {
            "found": found,
            "shown": {name for row in found["preview"] for name, value in row.items() if value},
            "show_day": lambda day: format_date(self.env, day) if day else "",
            "labels": {
                name: dict(Ticket._fields[f"complaint_{name}"]._description_selection(self.env))
                for name in ("state", "outcome")
            },
            "read_as": " · ".join(self._describe_reading(found)),
        }

    def _describe_reading(self, found):
        yield found["kind"].upper()
        if found["encoding"]:
            yield found["encoding"].upper()
            words = self.env["sqms.import.profile"]._fields["separator"]._description_selection(self.env)
            yield dict(words)[found["separator"]]

    @api.depends("error_ids", "findings")
    def _compute_error_file(self):
        for run in self:
            run.error_file = run._prepare_error_file() if run.error_ids else False

    def _prepare_error_file(self):
        """The refused rows as they were, with line and reason, ready to be mended and imported."""
        text = io.StringIO()
        writer = csv.writer(text)
        header = (self.findings or {}).get("header", [])
        writer.writerow([*map(neutralise, header), *OWN_COLUMNS])
        for error in self.error_ids:
            cells = (error.cells or []) + [""] * (len(header) - len(error.cells or []))
            writer.writerow([*map(neutralise, cells), error.line, error.sentence])
        return base64.b64encode(text.getvalue().encode("utf-8-sig"))

    def action_check(self):
        """The first step on a form that is not saved yet and hence offers none."""
        return self.action_transition("check")

    def action_download_errors(self):
        self.ensure_one()
        name = self.file_name.rsplit(".", 1)[0]
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/error_file/{name}-errors.csv?download=true",
            "target": "download",
        }

    def action_open_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.helpdesk_ticket_action_complaint")
        views = [
            (self.env.ref(f"sqms_complaint.helpdesk_ticket_view_{kind}_complaint").id, kind)
            for kind in ("list", "form")
        ]
        return {
            **action,
            "views": views,
            "domain": [("is_complaint", "=", True), ("complaint_import_run_id", "=", self.id)],
            "context": {"default_is_complaint": True, "create": False},
        }

    # -- check -------------------------------------------------------------

    def _check_check(self):
        return {
            run.id: self.env._("please describe at least which column says when the complaint was received")
            for run in self
            if "received_at" not in run.profile_id.line_ids.mapped("target")
        }

    def _prepare_check_values(self):
        return {run.id: {"refusal": False, "user_id": self.env.uid} for run in self}

    def _on_check(self):
        for run in self:
            if run._is_small():
                run._work_check()
            else:
                run._wake_cron()

    def _is_small(self):
        with self._open_file() as stream:
            kind = "xlsx" if stream.read(2) == b"PK" else "csv"
            size = stream.seek(0, io.SEEK_END)
        return size <= CHECK_AT_ONCE[kind]

    def _work_check(self):
        """Look at every row and create nothing."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.sudo().action_transition("present")
        except Refusal as refusal:
            self.env.invalidate_all()
            with because(self.env._(refusal.sentence)):
                self.sudo().action_transition("refuse")

    def _prepare_refuse_values(self):
        return {run.id: {"refusal": _why.get()} for run in self}

    def _prepare_present_values(self):
        return {run.id: run._examine() for run in self}

    def _prepare_change_values(self):
        return {run.id: {"findings": False, "refusal": False} for run in self}

    def _on_change(self):
        self.sudo().error_ids.unlink()

    def _examine(self):
        """Read the whole file as the import will, and count.

        :return: values that say what the import would do
        :raise Refusal: the file as a whole cannot be taken
        """
        run = self._as_importer()
        self.sudo().error_ids.unlink()
        loader = Loader(run)
        found = {"preview": [], "states": {}, "from": "", "to": ""}
        counts = {"row_count": 0, "good_count": 0, "known_count": 0, "bad_count": 0}
        with run._open_file() as stream:
            digest = _digest(stream)
            table, plan = run._open_table(stream)
            found.update(header=table.header, kind=table.kind, encoding=table.encoding, separator=table.separator)
            for rows in _in_batches(run._mapped_rows(table, plan, loader), BATCH):
                known = run._known_keys(rows)
                good = [mapped for mapped, key in rows if not mapped.faults and key not in known]
                bad = [mapped for mapped, _key in rows if mapped.faults]
                run._list_errors(bad)
                counts["row_count"] += len(rows)
                counts["good_count"] += len(good)
                counts["bad_count"] += len(bad)
                counts["known_count"] += len(rows) - len(good) - len(bad)
                run._note_findings(found, rows)
        found["categories"] = [" / ".join(path) for path in sorted(loader.new_categories.values())]
        found["channels"] = sorted(loader.new_channels.values())
        found["kept"] = [name for name in table.header if name not in {column.name for column in plan.columns}]
        found["profile"] = run._profile_mark()
        found["earlier"] = run._earlier_import(digest)
        return {**counts, "digest": digest, "findings": found, "refusal": False}

    def _note_findings(self, found, rows):
        for mapped, _key in rows:
            if len(found["preview"]) < PREVIEW:
                found["preview"].append(self._prepare_preview_row(mapped))
            if mapped.faults:
                continue
            state = mapped.values["state"]
            found["states"][state] = found["states"].get(state, 0) + 1
            day = mapped.values["received_at"].date().isoformat()
            found["from"] = min(found["from"] or day, day)
            found["to"] = max(found["to"], day)

    def _prepare_preview_row(self, mapped):
        values = mapped.values
        return {
            "line": mapped.line,
            "fault": self._sentence(mapped),
            "day": values["received_at"].date().isoformat() if values.get("received_at") else "",
            "category": " / ".join(values.get("category", ())),
            "title": (values.get("title") or "")[:80],
            "channel": values.get("channel", ""),
            "customer": values.get("customer_name") or values.get("customer_email") or "",
            "state": values.get("state", ""),
            "outcome": values.get("outcome", ""),
            "kept": len(mapped.kept),
        }

    def _earlier_import(self, digest):
        company = ("company_id", "=", self.company_id.id)
        earlier = self.search(
            [("digest", "=", digest), ("state", "=", "done"), ("id", "!=", self.id), company], limit=1
        )
        if not earlier:
            return ""
        day = format_date(self.env, earlier.create_date)
        return self.env._("%(file)s on %(day)s", file=earlier.file_name, day=day)

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
            elif run.on_error == "all" and run.row_count > ALL_OR_NOTHING:
                reasons[run.id] = self.env._(
                    "all or none works up to %(limit)s rows: split the file, or import the good rows",
                    limit=ALL_OR_NOTHING,
                )
            elif run._is_stale():
                reasons[run.id] = self.env._("file or profile changed after the check: please check again")
        return reasons

    def _is_stale(self):
        with self._open_file() as stream:
            return _digest(stream) != self.digest or (self.findings or {}).get("profile") != self._profile_mark()

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
            if run.row_count <= IMPORT_AT_ONCE:
                run._work_import()
            else:
                run._wake_cron()

    def _on_resume(self):
        self._wake_cron()

    def _prepare_stop_values(self):
        return {run.id: {"refusal": _why.get() or self.env._("Stopped by %s.", self.env.user.name)} for run in self}

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
            with run.env.cr.savepoint() if not commit else _nothing():
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
            if _digest(stream) != self.digest:
                raise Refusal(_lt("The file is not the one that was checked."))
            table, plan = self._open_table(stream)
            rows = self._mapped_rows(table, plan, loader)
            for batch in _in_batches(islice(rows, position, None), BATCH):
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
                "known_lines": _as_ranges(lines),
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


@contextmanager
def _nothing():
    yield


def _digest(stream):
    stream.seek(0)
    digest = hashlib.sha256()
    while chunk := stream.read(1024 * 1024):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()


def _in_batches(rows, size):
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


def _as_ranges(lines):
    """Line numbers in short.

    >>> _as_ranges([2, 3, 4, 9]), _as_ranges([])
    ('2-4, 9', '')
    """
    spans = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
