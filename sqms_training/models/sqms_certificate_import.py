import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..lib.certificate_sheet import BadSheet, read_sheet

GOOD = ("new", "renews")
OPEN = ("draft", "checked", "stopped")
FREE = {"name", "file", "company_id", "date_order"}
DATE_ORDERS = [
    ("ymd", "Year first only (2027-06-30)"),
    ("dmy", "Day before month (30/06/2027)"),
    ("mdy", "Month before day (06/30/2027)"),
]
# Up to so many rows the person waits for it; beyond that a job does it.
AT_ONCE = 300


class SqmsCertificateImport(models.Model):
    """A sheet of certificates on its way into the register.

    1. First it is only read: a table says of each row what would become of it, and why.
    2. Then the good rows are entered, in the name of the person who asks for it; the others stay in the table.
    3. What is there already is not entered again: the same sheet twice adds nothing.
    4. The digest of the sheet stands in the ledger. The sheet itself goes when it is entered, its table later.
    """

    _name = "sqms.certificate.import"
    _description = "Import of Certificates"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("File Name")
    file = fields.Binary("Sheet", attachment=True, help="XLSX or CSV, at most 5 MB and 20,000 rows.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict",
        help="Employees are looked for in this company alone.",
    )  # fmt: skip
    date_order = fields.Selection(
        DATE_ORDERS, "Dates in Text", required=True, default="ymd",
        help="Dates with the year first, and real dates of a workbook, are always read. Others only if it is said here "
        "which number is the month.",
    )  # fmt: skip
    state = fields.Selection(
        [
            ("draft", "To Be Checked"),
            ("checked", "Checked"),
            ("running", "Being Entered"),
            ("done", "Entered"),
            ("stopped", "Stopped"),
        ],
        default="draft", required=True, readonly=True, copy=False, index=True,
    )  # fmt: skip
    digest = fields.Char("Digest of the Sheet", readonly=True, copy=False, index="btree_not_null")
    ignored = fields.Char("Columns Left Out", readonly=True, copy=False)
    notice = fields.Char(readonly=True, copy=False)
    requested_by_id = fields.Many2one(
        "res.users", "Asked For By", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    done_at = fields.Datetime("Entered On", readonly=True, copy=False)
    line_ids = fields.One2many("sqms.certificate.import.line", "import_id", "Rows", readonly=True, copy=False)
    new_count = fields.Integer("New", compute="_compute_counts")
    renews_count = fields.Integer("Renewals", compute="_compute_counts")
    known_count = fields.Integer("Already There", compute="_compute_counts")
    error_count = fields.Integer("Errors", compute="_compute_counts")
    done_count = fields.Integer("Entered Rows", compute="_compute_counts")
    good_count = fields.Integer("Good Rows", compute="_compute_counts")
    progress = fields.Integer("Progress (%)", compute="_compute_counts")

    _ledger_fields = ("name", "digest", "state", "company_id", "requested_by_id", "done_at")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        groups = self.env["sqms.certificate.import.line"]._read_group(
            [("import_id", "in", self.ids)], ["import_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            for state in ("new", "renews", "known", "error", "done"):
                run[f"{state}_count"] = counts.get((run.id, state), 0)
            run.good_count = run.new_count + run.renews_count
            asked = run.good_count + run.done_count
            run.progress = 100 * run.done_count // asked if asked else 0

    # -- who writes what ---------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Nothing of what the check finds out is given from outside, by a value or by a default."""
        self.env["hr.employee.skill"]._check_certificate_writer()
        managed = {"state": "draft", "digest": False, "ignored": False, "notice": False, "done_at": False}
        for vals in vals_list:
            self._refuse_by_hand(vals)
        return super().create(
            [{**vals, **managed, "requested_by_id": self.env.uid, "line_ids": []} for vals in vals_list]
        )

    def write(self, vals):
        self._refuse_by_hand(vals)
        if not self.env.su:
            self.env["hr.employee.skill"]._check_certificate_writer()
            if self.filtered(lambda run: run.state not in OPEN):
                raise UserError(self.env._("What was entered stays as it was. Begin a new import."))
        if not self.env.su and vals:
            # Another sheet, or another way to read it: what the check has said is void.
            self._forget()
        return super().write(vals)

    def _refuse_by_hand(self, vals):
        if not self.env.su and vals.keys() - FREE:
            raise AccessError(self.env._("The check fills this in: %s", ", ".join(sorted(vals.keys() - FREE))))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_entered(self):
        if self.filtered(lambda run: run.state in ("running", "done")):
            raise UserError(self.env._("What was entered stays in this list: it says where certificates came from."))

    def _forget(self):
        runs = self.sudo().filtered(lambda run: run.state in ("checked", "stopped"))
        if runs:
            runs.line_ids.unlink()
            runs.write({"state": "draft", "digest": False, "ignored": False, "notice": False})

    # -- first step: look ---------------------------------------------------------------

    def action_check(self):
        """Read the sheet and say of each row what would become of it; nothing is entered."""
        self.ensure_one()
        self.env["hr.employee.skill"]._check_certificate_writer()
        self.check_access("write")
        if self.state not in OPEN:
            raise UserError(self.env._("What was entered stays as it was. Begin a new import."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("You do not work for %s at the moment.", self.company_id.name))
        content = self.with_context(bin_size=False).sudo().file
        if not content:
            raise UserError(self.env._("Please choose a sheet first."))
        content = base64.b64decode(content)
        sheet = self._read(content)
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        lines = self._lines_of(sheet)
        run = self.sudo()
        run.line_ids.unlink()
        self.env["sqms.certificate.import.line"].sudo().create([{**line, "import_id": run.id} for line in lines])
        run.write(
            {
                "state": "checked",
                "digest": digest,
                "ignored": ", ".join(sheet.ignored)[:500],
                "notice": self._notice(digest, sheet),
                "requested_by_id": self.env.uid,
            }
        )
        return

    def _read(self, content):
        try:
            return read_sheet(self.name, content)
        except BadSheet as bad:
            reason, about = bad.args
            raise UserError(self._words_of_sheet(reason, about)) from bad

    def _words_of_sheet(self, reason, about):
        columns = {"name": self.env._("Employee"), "skill": self.env._("Certificate"),
                   "valid_from": self.env._("Valid From")}  # fmt: skip
        words = {
            "type": self.env._("%s is no sheet that can be read here. Please save it as XLSX or CSV.", about),
            "rows": self.env._(
                "The sheet has more than %s rows, empty ones included. Please delete those at its end, or split it.",
                about,
            ),
            "header": self.env._(
                "None of the first rows names the columns: “%s” is missing. Please take the names of the template.",
                columns.get(about, about),
            ),
            "column": self.env._("Two columns mean the same: “%s”. Please delete one.", about),
            "empty": self.env._("The sheet has no rows."),
            "encoding": self.env._("The text of the sheet cannot be read. Please save it as XLSX, or as CSV in UTF-8."),
        }
        if reason in words:
            return words[reason]
        files = self.env["ir.attachment"]
        return self.env._("%(file)s is not taken: %(reason)s", file=self.name, reason=files._sqms_file_reason(reason))

    def _notice(self, digest, sheet):
        before = self.sudo().search(
            [("digest", "=", digest), ("state", "=", "done"), ("company_id", "=", self.company_id.id)], limit=1
        )
        notices = []
        if before:
            notices.append(
                self.env._(
                    "This very sheet was entered on %(day)s by %(name)s.",
                    day=fields.Date.to_string(fields.Datetime.context_timestamp(self, before.done_at).date()),
                    name=before.requested_by_id.name,
                )
            )
        if not self._may_identify() and any("identification" in cells for _number, cells in sheet.rows):
            notices.append(self.env._("Only HR finds people by their identification number; that column is left out."))
        return " ".join(notices)

    def _may_identify(self):
        return self.env.user.has_group("hr.group_hr_user")

    # -- afterwards -----------------------------------------------------------------------

    def action_show_certificates(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sqms_training.hr_employee_skill_action_certificates")
        return {**action, "domain": [("id", "in", self.line_ids.certificate_id.ids)], "context": {}}

    def action_report(self):
        """The table as a workbook: what became of each row, and why."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/sqms_training/import/{self.id}", "target": "self"}

    @api.model
    def action_template(self):
        return {"type": "ir.actions.act_url", "url": "/sqms_training/import/template", "target": "self"}

    @api.autovacuum
    def _gc_sheets(self, batch=1000):
        """Sheets that nobody entered go after a week, tables of what was entered after 90 days."""
        now = fields.Datetime.now()
        idle = Domain("state", "in", ("draft", "checked", "stopped"))
        self.sudo().search(
            idle & Domain("write_date", "<", fields.Datetime.subtract(now, days=7)), limit=batch
        ).unlink()
        old = [("import_id.done_at", "<", fields.Datetime.subtract(now, days=90))]
        self.env["sqms.certificate.import.line"].sudo().search(old, limit=batch * 10).unlink()
