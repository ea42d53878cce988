from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

FOUND = [("conform", "Within Tolerance"), ("out", "Out of Tolerance")]


class SqmsCalibration(models.Model):
    """One calibration of a device: who, when, against which certificate, and what it showed.

    1. It is entered once and stays, its certificate too. A mistake is put right by another row that says why and takes
       its place.
    2. Found out of tolerance, it makes a nonconformity and lists what was measured with the device since it was last
       found good.
    3. The next calibration is due on the day it says, after the interval of the device if it says none.
    """

    _name = "sqms.calibration"
    _description = "Calibration"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin", "sqms.number.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["number", "certificate_number", "equipment_id"]
    _check_company_auto = True
    _sqms_check_files = True
    _number_prefix = "CAL"

    equipment_id = fields.Many2one(
        "maintenance.equipment", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    date = fields.Date(string="Calibrated On", required=True, default=lambda self: fields.Date.context_today(self))
    laboratory = fields.Char(string="Calibrated By", required=True, help="The laboratory, or the person of our own.")
    certificate_number = fields.Char()
    as_found = fields.Selection(FOUND, required=True, help="What it showed before anything was adjusted.")
    as_left = fields.Selection(FOUND, required=True, help="What it shows now. Out of tolerance, it is not used.")
    date_next_due = fields.Date(string="Next Due", help="Left empty, the interval of the device decides.")
    note = fields.Text(string="Remarks")
    attachment_ids = fields.Many2many(
        "ir.attachment", "sqms_calibration_attachment_rel", string="Certificate", bypass_search_access=True
    )
    recorded_by_id = fields.Many2one(
        "res.users", string="Entered By", required=True, readonly=True, copy=False, index=True, ondelete="restrict"
    )
    nonconformity_id = fields.Many2one(
        "sqms.nonconformity", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    affected_count = fields.Integer(string="Checks Made with It", compute="_compute_affected_count")
    corrects_id = fields.Many2one(
        "sqms.calibration", index="btree_not_null", copy=False, ondelete="restrict",
        help="The row that was entered by mistake. It stays, and counts no more.",
    )  # fmt: skip
    correction_reason = fields.Text(string="Why It Is Corrected", copy=False)
    correction_ids = fields.One2many("sqms.calibration", "corrects_id", string="Corrected By")
    is_corrected = fields.Boolean(string="Corrected", compute="_compute_is_corrected", search="_search_is_corrected")

    _one_correction = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL", "This calibration was corrected already."
    )
    _next_after = models.Constraint(
        "CHECK(date_next_due IS NULL OR date_next_due > date)", "The next calibration comes after this one."
    )
    _device_idx = models.Index("(equipment_id, date)")

    _ledger_fields = (
        "number", "equipment_id", "date", "laboratory", "certificate_number", "as_found", "as_left", "date_next_due",
        "note", "attachment_ids", "recorded_by_id", "nonconformity_id", "corrects_id", "correction_reason",
    )  # fmt: skip

    @api.depends("equipment_id")
    def _compute_company_id(self):
        for calibration in self:
            calibration.company_id = calibration.equipment_id.company_id or self.env.company

    @api.depends("number", "equipment_id")
    def _compute_display_name(self):
        for calibration in self:
            calibration.display_name = " · ".join(
                filter(None, (calibration.number, calibration.sudo().equipment_id.display_name))
            )

    @api.depends("correction_ids")
    def _compute_is_corrected(self):
        for calibration in self:
            calibration.is_corrected = bool(calibration.sudo().correction_ids)

    def _search_is_corrected(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("correction_ids", "!=" if True in value else "=", False)]

    @api.constrains("date", "corrects_id", "correction_reason")
    def _check_rules(self):
        for calibration in self:
            if calibration.date > calibration.company_id._sqms_today():
                raise ValidationError(self.env._("A calibration is entered when it was made, not before."))
            corrected = calibration.corrects_id
            if corrected and not (calibration.correction_reason or "").strip():
                raise ValidationError(self.env._("Please say why the calibration is corrected."))
            if corrected and corrected.equipment_id != calibration.equipment_id:
                raise ValidationError(self.env._("A calibration corrects one of the same device."))

    # -- ORM ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        system = {"recorded_by_id": self.env.uid, "nonconformity_id": False}
        devices = self.env["maintenance.equipment"].browse({vals.get("equipment_id") for vals in vals_list} - {None})
        rows = []
        for vals in vals_list:
            device = devices.browse(vals.get("equipment_id")).sudo()
            row = {**vals, **system}
            if device and not row.get("date_next_due"):
                day = fields.Date.to_date(row.get("date")) or fields.Date.context_today(self)
                row["date_next_due"] = fields.Date.add(day, months=device.calibration_months or 12)
            rows.append(row)
        calibrations = super().create(rows)
        calibrations.sudo().equipment_id._keep_calibrated()
        calibrations._keep_files()
        calibrations._make_nonconformity()
        return calibrations

    def _keep_files(self):
        """The certificate belongs to the row; one that hangs on another record is copied, so that it stays as it is."""
        # pylint: disable=missing-return,super-method-mismatch
        for calibration in self.filtered("attachment_ids"):
            kept = calibration.attachment_ids._sqms_kept_by(calibration)
            super(SqmsCalibration, calibration.sudo()).write({"attachment_ids": [(6, 0, kept.ids)]})

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        self._refuse_change()

    def _refuse_change(self):
        if self:
            raise UserError(
                self.env._("A calibration stays as it was entered. Please enter another one that corrects it.")
            )

    def _closed_to_files(self, new):
        return self.browse() if new else self

    # -- out of tolerance ------------------------------------------------------------

    def _affected_domains(self):
        """`{calibration id: domain of the results measured with the device since it was last found good}`."""
        good = {}
        others = self.sudo().search(
            [
                ("equipment_id", "in", self.sudo().equipment_id.ids),
                ("as_left", "=", "conform"),
                ("is_corrected", "=", False),
            ]
        )  # fmt: skip
        for calibration in self.sudo():
            before = others.filtered(
                lambda other, own=calibration: (
                    other.equipment_id == own.equipment_id
                    and other not in own + own.corrects_id
                    and (other.date, other.id) < (own.date, own.id)
                )
            )
            good[calibration.id] = max(before.mapped("date"), default=False)
        return {
            calibration.id: fields.Domain("device_id", "=", calibration.equipment_id.id)
            & (fields.Domain("answered_at", ">=", good[calibration.id]) if good[calibration.id] else fields.Domain.TRUE)
            & fields.Domain("answered_at", "<", fields.Date.add(calibration.date, days=1))
            for calibration in self.sudo()
        }

    @api.depends("equipment_id", "date", "as_found")
    def _compute_affected_count(self):
        bad = self.filtered(lambda calibration: calibration.as_found == "out" and calibration.id)
        domains = bad._affected_domains()
        results = self.env["sqms.control.result"].sudo()
        for calibration in self:
            domain = domains.get(calibration.id)
            calibration.affected_count = results.search_count(domain) if domain else 0

    def action_open_affected(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_control_result_action"),
            "domain": list(self._affected_domains()[self.id]),
            "context": {},
        }

    def _make_nonconformity(self):
        # pylint: disable=missing-return
        for calibration in self.sudo().filtered(lambda row: "out" in (row.as_found, row.as_left)):
            known = calibration.corrects_id.nonconformity_id
            made = known or self.env["sqms.nonconformity"].sudo().create_from(calibration)
            # pylint: disable-next=super-method-mismatch
            super(SqmsCalibration, calibration).write({"nonconformity_id": made.id})
            rows = self.env["sqms.control.result"].sudo().search(
                calibration._affected_domains()[calibration.id], order="answered_at, id", limit=200
            )  # fmt: skip
            checks = rows.record_id
            made.message_post(
                body=self.env._(
                    "Measured with %(device)s since it was last found good: %(checks)s",
                    device=calibration.equipment_id.display_name,
                    checks=", ".join(checks.mapped("number")) or self.env._("nothing"),
                )
            )

    def _nonconformity_values(self):
        self.ensure_one()
        process = self.env["sqms.process"].sudo().search(
            [("equipment_ids", "in", self.equipment_id.ids), ("company_id", "=", self.company_id.id)], limit=1
        )  # fmt: skip
        grades = {"a": "critical", "b": "major"}
        return {
            "name": self.env._("%(device)s was found out of tolerance", device=self.sudo().equipment_id.display_name),
            "process_id": process.id,
            "company_id": self.company_id.id,
            "grade": grades.get(self.sudo().equipment_id.criticality, "minor"),
        }
