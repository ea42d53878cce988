import base64
import csv
import io
import logging
from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, fields, models
from odoo.tools import LazyTranslate, format_date

from odoo.addons.sqms_base.lib.refusal import Refusal
from odoo.addons.sqms_base.lib.transition import Transition

from ..lib.cells import OWN_COLUMNS, neutralise
from ..lib.chunks import digest_of, in_batches
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
why_given = ContextVar("sqms_import_why", default=False)


@contextmanager
def because(sentence):
    """The sentence that goes with the next step; Python only."""
    token = why_given.set(sentence)
    try:
        yield
    finally:
        why_given.reset(token)


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
    user_id = fields.Many2one(
        "res.users", "Imported by", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
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
        return {run.id: {"refusal": why_given.get()} for run in self}

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
            digest = digest_of(stream)
            table, plan = run._open_table(stream)
            found.update(header=table.header, kind=table.kind, encoding=table.encoding, separator=table.separator)
            for rows in in_batches(run._mapped_rows(table, plan, loader), BATCH):
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
