from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink
from .sqms_document import SEES_COVERAGE

_lt = LazyTranslate(__name__)

BADGES = {
    "draft": ("info", "fa-pencil"),
    "review": ("warning", "fa-eye"),
    "approved": ("info", "fa-calendar-check-o"),
    "effective": ("success", "fa-check"),
    "superseded": ("secondary", "fa-history"),
    "obsolete": ("secondary", "fa-ban"),
}


class SqmsDocumentVersion(models.Model):
    """An edition in the story: what it replaces, and who has not read it yet."""

    _name = "sqms.document.version"
    _inherit = ["sqms.document.version", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["document"]
    _trace_icon = "fa-file-text-o"
    _trace_links = (
        TraceLink("document_id", label=_lt("edition"), direction="from", kind="edition"),
        TraceLink("replaces_id", label=_lt("replaced by"), direction="from", kind="replaces"),
    )

    replaces_id = fields.Many2one(
        "sqms.document.version", string="Edition Before", compute="_compute_replaces_id", search="_search_replaces_id",
        # Others read what is in force; its name would tell them the title of the edition before.
        groups=SEES_COVERAGE,
    )  # fmt: skip

    @api.depends("document_id", "edition")
    def _compute_replaces_id(self):
        before = self._editions_before(self.document_id)
        for version in self:
            version.replaces_id = before.get(version._origin.id)

    def _search_replaces_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        asked = self.sudo().browse(id_ for id_ in value if id_)
        before = self._editions_before(asked.document_id)
        found = Domain("id", "in", [id_ for id_, replaced in before.items() if replaced in asked.ids])
        # Only the last edition can be deleted, so that every document that has editions has a first one.
        return found | Domain("edition", "=", 1) if False in value else found

    def _editions_before(self, documents):
        """`{id: id of the edition before}` of all editions of these documents."""
        rows = self.sudo().search_fetch(
            [("document_id", "in", documents.ids)], ["document_id", "edition"], order="document_id, edition"
        )
        return {
            row.id: earlier.id
            for earlier, row in zip(rows, rows[1:], strict=False)
            if row.document_id == earlier.document_id
        }

    @api.model
    def _trace_kind(self):
        return self.env._("Edition")

    def _trace_cards(self):
        cards = super()._trace_cards()
        for version in self:
            since = self._trace_day(version.date_effective)
            tone, icon = BADGES[version.state]
            cards[version.id] |= {
                "number": self.env._(
                    "%(number)s edition %(edition)s", number=version.number or "", edition=version.edition
                ).strip(),
                "title": version.title,
                "date": version.date_effective,
                "detail": (
                    self.env._("in force since %s", since) if version.is_in_force
                    else self.env._("in force from %s", since) if version.state == "approved"
                    else since
                ),
                "badge": {"text": version._workflow_state_label(), "tone": tone, "icon": icon},
            }  # fmt: skip
        return cards

    def _trace_gates(self):
        """An edition has arrived when everybody who is asked to has read it."""
        gates = super()._trace_gates()
        if not self.env.su and not self.env.user.has_groups(SEES_COVERAGE):
            return gates
        in_force = self.filtered(lambda version: version.is_in_force and version.reader_count)
        due = dict(
            self.env["sqms.acknowledgement"]._read_group(
                [("version_id", "in", in_force.ids), ("state", "=", "open")], ["version_id"], ["date_due:max"]
            )
        )
        for version in in_force:
            missing = version.reader_count - version.read_count
            gates.append(
                {
                    "source": version,
                    "target": version.document_id,
                    "open": bool(missing),
                    "label": self.env._(
                        "%(missing)s of %(readers)s have not read it", missing=missing, readers=version.reader_count
                    )
                    if missing
                    else self.env._("read by all %s", version.reader_count),
                    "text": self.env._(
                        "Everybody who is asked to must read %(edition)s. %(read)s of %(readers)s have.",
                        edition=version.display_name,
                        read=version.read_count,
                        readers=version.reader_count,
                    ),
                    "responsible": version.owner_id,
                    "due": due.get(version),
                    "action": {"method": "action_open_readers", "label": self.env._("Who has read it")},
                }
            )
        return gates
