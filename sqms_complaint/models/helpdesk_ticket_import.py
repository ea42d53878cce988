from contextlib import contextmanager
from contextvars import ContextVar

from odoo import fields, models
from odoo.exceptions import AccessError

from .helpdesk_ticket_stage import CLOSED_STATES

# Written by the import alone: they prove where a complaint came from and keep it from coming twice.
IMPORT_FIELDS = frozenset(
    ("complaint_import_key", "complaint_import_run_id", "complaint_import_line", "complaint_import_data")
)
_importing = ContextVar("sqms_complaint_importing", default=False)


@contextmanager
def importing():
    """Python only, like `workflow_import`: a context key would come from the client and prove nothing."""
    token = _importing.set(True)
    try:
        yield
    finally:
        _importing.reset(token)


def is_importing():
    """Whether complaints are being imported: people are not told of what is long over."""
    return _importing.get()


class SqmsImportTicket(models.Model):
    """Where an imported complaint came from, and what its row said beside the fields that we have."""

    _inherit = "helpdesk.ticket"

    complaint_external_ref = fields.Char(
        "Reference elsewhere",
        copy=False,
        index="btree_not_null",
        help="The number that the complaint has in another system or with the customer.",
    )
    complaint_import_key = fields.Char(
        readonly=True,
        copy=False,
        groups="sqms_complaint.group_complaint_officer",
        export_string_translation=False,
    )
    complaint_import_run_id = fields.Many2one(
        "sqms.import.run",
        "Imported from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="sqms_complaint.group_complaint_officer",
    )
    complaint_import_line = fields.Integer(
        "Line in the file", readonly=True, copy=False, groups="sqms_complaint.group_complaint_officer"
    )
    complaint_import_data = fields.Json(
        "Kept from the file", readonly=True, copy=False, groups="sqms_complaint.group_complaint_officer"
    )
    complaint_import_table = fields.Html(
        "As it stood in the file",
        compute="_compute_complaint_import_table",
        sanitize=False,
        groups="sqms_complaint.group_complaint_officer",
    )

    _complaint_import_key_uniq = models.UniqueIndex(
        "(company_id, complaint_import_key) WHERE complaint_import_key IS NOT NULL",
        "This row of a file is already imported.",
    )

    def _compute_complaint_import_table(self):
        for ticket in self:
            data = ticket.complaint_import_data or {}
            # JSON forgets the order of the columns, the run remembers it.
            header = (ticket.complaint_import_run_id.findings or {}).get("header", [])
            pairs = [(name, data[name]) for name in (*header, *(data.keys() - header)) if name in data]
            ticket.complaint_import_table = (
                self.env["ir.qweb"]._render(
                    "sqms_complaint.sqms_import_kept_columns", {"pairs": pairs}, minimal_qcontext=True
                )
                if pairs
                else False
            )

    def _compute_complaint_waiting(self):
        result = super()._compute_complaint_waiting()
        for ticket in self:
            if ticket.complaint_state in CLOSED_STATES and not ticket.complaint_closed_at:
                # The file did not say when it was closed; it does not wait any more.
                ticket.complaint_waiting = False
        return result

    def _create(self, data_list):
        # Defaults of the context are merged in below `create`.
        for data in data_list:
            self._guard_import_fields({name for name, value in data["stored"].items() if value})
        return super()._create(data_list)

    def write(self, vals):
        self._guard_import_fields(vals)
        return super().write(vals)

    def _guard_import_fields(self, names):
        if not _importing.get() and not IMPORT_FIELDS.isdisjoint(names):
            raise AccessError(self.env._("Where a complaint was imported from is written by the import alone."))
