import tempfile

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import human_size

from odoo.addons.sqms_base.lib.evidence_pack import clean_name

OFFICER = "sqms_complaint.group_complaint_officer"
MEGABYTES = "sqms_complaint.package_max_mb"
AT_MOST = 200


class SqmsComplaintPackage(models.Model):
    """The file of a case for a regulator, a court or a lawyer: one ZIP that anybody can check offline.

    1. An officer makes it, for a reason; that it was made, by whom, of what and with which digest stands in the ledger
       and in the chatter.
    2. What goes in is chosen: internal messages, files, names of our people. The names of who is complained about are
       left out unless somebody says otherwise.
    3. The same state and the same choice make the same bytes. Nothing of it is kept here but its digest.
    """

    _name = "sqms.complaint.package"
    _description = "File Package"
    _inherit = ["sqms.complaint.part.mixin", "sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "id desc"
    _check_company_auto = True

    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    dispute_id = fields.Many2one(
        "sqms.complaint.dispute", "For the Dispute", index="btree_not_null", ondelete="restrict", check_company=True,
        domain="[('ticket_id', '=', ticket_id)]",
    )  # fmt: skip
    reason = fields.Char("For Whom and Why", required=True)
    lang = fields.Selection("_get_langs", "Language", required=True, default=lambda self: self.env.lang or "en_US")
    with_internal = fields.Boolean(
        "Internal Messages and Files", help="Notes of colleagues, and files that the customer never saw."
    )
    with_findings = fields.Boolean("Findings", default=True)
    with_files = fields.Boolean("Files", default=True)
    names = fields.Selection(
        [
            ("complained", "Leave out who is complained about"),
            ("all", "Leave out all our people"),
            ("none", "Leave out nobody"),
        ],
        "Names of Our People", required=True, default="complained",
    )  # fmt: skip
    made_at = fields.Datetime("Made On", readonly=True)
    made_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    digest = fields.Char("SHA-256", readonly=True)
    file_count = fields.Integer("Files in It", readonly=True, aggregator=None)
    size = fields.Integer("Bytes", readonly=True, aggregator=None)
    note_id = fields.Many2one("mail.message", readonly=True, ondelete="set null", index="btree_not_null")

    _ledger_fields = (
        "ticket_id", "company_id", "dispute_id", "reason", "lang", "with_internal", "with_findings", "with_files",
        "names", "made_at", "made_by_id", "digest", "file_count",
    )  # fmt: skip
    _ledger_personal_fields = ("reason",)

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    @api.depends("ticket_id", "made_at")
    def _compute_display_name(self):
        for package in self:
            package.display_name = self.env._("File of %s", package.sudo().ticket_id.number or "")

    def _part_refusal(self):
        return self.env._("The file of a complaint is for those who may read the complaint.")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                for name in ("made_at", "made_by_id", "digest", "file_count", "size", "note_id"):
                    vals.pop(name, None)
        packages = super().create(vals_list)
        for package in packages:
            if package.dispute_id and package.dispute_id.ticket_id != package.ticket_id:
                raise UserError(self.env._("This dispute belongs to another complaint."))
        return packages

    # -- making it -------------------------------------------------------------------

    def action_make(self):
        self._check_officer()
        return {"type": "ir.actions.act_url", "url": f"/sqms/complaint/package/{self.id}", "target": "self"}

    def _check_officer(self):
        self.ensure_one()
        self.check_access("read")
        self.ticket_id.check_access("read")
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("A complaint officer makes the file of a case."))

    def _make(self):
        """Put the file together on the disk and note that it was made.

        :return: (open binary file, its name); whoever asked closes it
        """
        self._check_officer()
        file = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            digest, number = self._fill(file)
        except BaseException:
            file.close()
            raise
        size = file.seek(0, 2)
        file.seek(0)
        self._note(digest, number, size)
        return file, self._file_name()

    def _fill(self, file):
        """:return: (SHA-256, number of files)"""
        self._check_size()
        content = self.env["sqms.complaint.package.content"].sudo().with_context(
            lang=self.lang, tz=self.company_id.sudo()._sqms_tz()
        )  # fmt: skip
        pack, index = content._collect(self.sudo())
        return pack.save(file, index), len(pack.entries) + 2

    def _check_size(self):
        files = self.sudo()._files()
        size = sum(files.mapped("file_size"))
        most = self.env["ir.config_parameter"].sudo().get_param(MEGABYTES)
        most = (int(most) if (most or "").isdigit() else AT_MOST) * 1024 * 1024
        if size > most:
            raise UserError(
                self.env._(
                    "The files of %(complaint)s are %(size)s together, and a package holds %(most)s. Please make it "
                    "without files and hand them over apart.",
                    complaint=self.ticket_id.number, size=human_size(size), most=human_size(most),
                )
            )  # fmt: skip

    def _files(self):
        """The files that go in, by the choice that was made; letters apart."""
        ticket = self.ticket_id
        if not self.with_files:
            return self.env["ir.attachment"]
        files = ticket._complaint_public_files()
        if self.with_internal:
            files |= self.env["ir.attachment"].search(
                [("res_model", "=", ticket._name), ("res_id", "=", ticket.id), ("res_field", "=", False)]
            )
        files |= self._disputes().answer_file_ids
        return (files - ticket.letter_ids.attachment_id).sorted("id")

    def _disputes(self):
        return self.dispute_id or self.ticket_id.dispute_ids

    def _note(self, digest, number, size):
        package = self.sudo()
        body = self.env._(
            "File package made by %(person)s (%(reason)s): %(files)s files, SHA-256 %(digest)s.",
            person=self.env.user.name, reason=self.reason, files=number, digest=digest,
        )  # fmt: skip
        note = package.ticket_id._message_log(body=body, author_id=self.env.user.partner_id.id)
        values = {"digest": digest, "file_count": number, "size": size}
        package.with_user(self.env.user).sudo().write(
            {**values, "made_at": fields.Datetime.now(), "made_by_id": self.env.uid, "note_id": note.id}
        )
        package._ledger_log("package", new={"sha256": digest, "files": number, "by": self.env.uid})

    def _file_name(self):
        return clean_name(f"{self.ticket_id.number}.zip".replace("/", "-"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        if any(package.digest for package in self):
            raise AccessError(self.env._("That the file of a case was made stays on record."))
