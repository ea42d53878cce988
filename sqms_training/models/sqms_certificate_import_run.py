import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from .hr_employee_skill_guard import certificate_open
from .sqms_certificate_import import AT_ONCE, GOOD
from .sqms_certificate_import_match import RANK

CHUNK = 500


class SqmsCertificateImportRun(models.Model):
    """Second step: the good rows are entered, in the order in which they begin.

    1. In the name and with the rights of the person who asked for it; without them it stops.
    2. In pieces. Each piece is looked at again before: somebody may have entered the same meanwhile.
    3. If a piece is refused its rows are entered one by one, and the one that was refused says why.
    4. A renewal is linked with the one it goes on from.
    """

    _inherit = "sqms.certificate.import"

    def action_import(self):
        self.ensure_one()
        self.env["hr.employee.skill"]._check_certificate_writer()
        self.check_access("write")
        run = self.sudo()
        run.lock_for_update()
        run.invalidate_recordset(["state"])
        if run.state != "checked":
            raise UserError(self.env._("Please check the sheet first."))
        if not run.good_count:
            raise UserError(self.env._("No row of this sheet is to be entered."))
        run.write({"state": "running", "requested_by_id": self.env.uid})
        if run.good_count <= AT_ONCE:
            while run._import_piece():
                pass
            return
        self.env.ref("sqms_training.ir_cron_certificate_import").sudo()._trigger()
        return

    @api.model
    def _cron_import(self, piece=CHUNK):
        progress = self.env["ir.cron"]._commit_progress
        for run in self.sudo().search([("state", "=", "running")], order="id"):
            progress(remaining=run.good_count)
            while entered := run._import_piece(piece):
                if not progress(entered, remaining=run.good_count):
                    return

    def _import_piece(self, piece=CHUNK):
        """Enter the next rows; how many were looked at, 0 when there are none left."""
        self.ensure_one()
        asker = self._asker()
        if not asker:
            self._stop()
            return 0
        lines = self.line_ids.search(
            [("import_id", "=", self.id), ("state", "in", GOOD)], order="valid_from, row", limit=piece
        )
        if not lines:
            self._finish()
            return 0
        self.with_context(lang=self.requested_by_id.lang)._enter(asker, lines)
        if len(lines) < piece:
            self._finish()
        return len(lines)

    def _asker(self):
        """The import as its person has it, or nothing if he may no longer."""
        user, company = self.requested_by_id, self.company_id
        if not user.active or company not in user.company_ids:
            return None
        asker = self.with_user(user).with_context(allowed_company_ids=company.ids, tracking_disable=True)
        try:
            asker.env["hr.employee.skill"]._check_certificate_writer()
        except UserError:
            return None
        return asker

    def _enter(self, asker, lines):
        values = {line.id: {**line._load(), "row": line.row, "state": "new"} for line in lines}
        self._judge(list(values.values()))
        good = lines.filtered(lambda line: values[line.id]["state"] in GOOD)
        for line in lines - good:
            asked = values[line.id]
            line.write({"state": asked["state"], "reason": asked["reason"], "rank": RANK[asked["state"]]})
        if good and not self._enter_all(asker, good, values):
            for line in good:
                self._enter_all(asker, line, values)

    def _enter_all(self, asker, lines, values):
        """Enter these or none; whether it was done. A single row that is refused says why."""
        try:
            with self.env.cr.savepoint():
                certificates = asker.env["hr.employee.skill"].create([line._load() for line in lines])
                self._link(lines, certificates, values)
                self.env.flush_all()
        except (UserError, psycopg2.IntegrityError) as refusal:
            self.env.invalidate_all()
            if len(lines) == 1:
                reason = str(refusal) if isinstance(refusal, UserError) else self.env._("the database refuses it")
                lines.write({"state": "error", "reason": reason[:500], "rank": RANK["error"]})
            return False
        for line, certificate in zip(lines, certificates, strict=True):
            line.certificate_id = certificate.id
        lines.write({"state": "done", "rank": RANK["done"]})
        return True

    def _link(self, lines, certificates, values):
        """The one that went before points to the one that goes on, unless it was not entered itself."""
        entered = {line.row: certificate.id for line, certificate in zip(lines, certificates, strict=True)}
        successors = {}
        for line, certificate in zip(lines, certificates, strict=True):
            before = values[line.id].get("predecessor")
            old = before and (before.id or entered.get(before.row))
            if old:
                successors[old] = certificate.id
        olds = self.env["hr.employee.skill"].sudo().browse(successors)
        with certificate_open(olds, {"renewed_by_id"}):
            for old in olds:
                old.renewed_by_id = successors[old.id]
            olds.flush_recordset(["renewed_by_id"])

    def _finish(self):
        self.write({"state": "done", "done_at": fields.Datetime.now(), "file": False})
        self._ledger_log(
            "imported",
            new={"digest": self.digest, "entered": self.done_count, "errors": self.error_count,
                 "known": self.known_count},
        )  # fmt: skip

    def _stop(self):
        self.write(
            {
                "state": "stopped",
                "notice": self.env._("Whoever asked for it may no longer enter certificates. Check the sheet anew."),
            }
        )
