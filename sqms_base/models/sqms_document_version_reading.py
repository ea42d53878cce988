from odoo import api, fields, models
from odoo.exceptions import ValidationError

NOTHING_NEW = "none"


class SqmsDocumentVersionReading(models.Model):
    """Whether an edition is to be read anew, and why not.

    1. Every edition is to be read, unless its author says that it brings nothing new and why. That goes with the
       edition: it is closed from the review on, signed, and approved with it.
    2. Then nobody is asked who has read the edition before: that reading is carried over and goes on counting.
       Who had not read it is asked for the new one.
    3. A first edition is always read. So is one before which nothing is in force on the day it begins.
    """

    _inherit = "sqms.document.version"

    reading_decision = fields.Selection(
        [("read", "To Be Read by All"), (NOTHING_NEW, "Minor: No New Reading")],
        string="Reading",
        required=True,
        default="read",
        copy=False,
        tracking=True,
        help="A minor change (a typing error, a new telephone number) need not be read anew. The readings of the "
        "edition before then go on counting.",
    )
    reading_reason = fields.Char(
        string="Why No New Reading", copy=False, tracking=True, help="Approved together with the edition."
    )
    carries_from_id = fields.Many2one(
        "sqms.document.version", string="Carries Readings Over From", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict", groups="sqms_base.group_sqms_officer,"
        "sqms_base.group_sqms_top,sqms_base.group_sqms_certifier",
    )  # fmt: skip
    carried_label = fields.Char(
        compute="_compute_carried_label", groups="sqms_base.group_sqms_officer,"
        "sqms_base.group_sqms_top,sqms_base.group_sqms_certifier",
    )  # fmt: skip

    _reading_reason_given = models.Constraint(
        "CHECK(reading_decision <> 'none' OR length(btrim(coalesce(reading_reason, ''))) > 0)",
        "Please say why this edition need not be read anew.",
    )
    _first_is_read = models.Constraint(
        "CHECK(reading_decision <> 'none' OR edition > 1)", "A first edition is always to be read."
    )

    @api.constrains("reading_decision", "reading_reason", "edition")
    def _check_reading_decision(self):
        for version in self:
            reason = version._why_to_be_read()
            if reason:
                raise ValidationError(
                    self.env._("%(edition)s: %(reason)s.", edition=version.display_name, reason=reason)
                )

    def _why_to_be_read(self):
        if self.reading_decision != NOTHING_NEW:
            return None
        if self.edition <= 1:
            return self.env._("a first edition is always to be read")
        if not (self.reading_reason or "").strip():
            return self.env._("please say why it need not be read anew")
        return None

    def _edition_carried(self, start):
        """The edition that is in force until the instant, if there is one."""
        return (
            self.sudo().document_id.version_ids.filtered(
                lambda other: other.effective_from and other.effective_from < start
                and (not other.effective_to or other.effective_to >= start) and not other.withdrawn_at
            ).sorted("effective_from")[-1:]
        )  # fmt: skip

    def _check_submit(self):
        refusals = super()._check_submit()
        for version in self:
            reason = version._why_to_be_read()
            if reason:
                refusals.setdefault(version.id, reason)
        return refusals

    def _why_not_effective(self):
        reason = super()._why_not_effective() or self._why_to_be_read()
        if reason or self.reading_decision != NOTHING_NEW or not self.date_effective:
            return reason
        if self._edition_carried(self._effective_instant(fields.Datetime.now())):
            return None
        return self.env._("nothing is in force before it whose readings could go on counting")

    def _approval_values(self, approver, approved_at, effective_from):
        values = super()._approval_values(approver, approved_at, effective_from)
        if self.reading_decision == NOTHING_NEW:
            values["carries_from_id"] = self._edition_carried(effective_from).id
        return values

    def _prepare_recall_values(self):
        values = super()._prepare_recall_values()
        for version in self:
            values[version.id]["carries_from_id"] = False
        return values

    @api.depends("acknowledgement_ids.state", "carries_from_id")
    @api.depends_context("lang")
    def _compute_carried_label(self):
        counts = dict(
            self.env["sqms.acknowledgement"]._read_group(
                [("version_id", "in", self.ids), ("state", "=", "carried")], ["version_id"], ["__count"]
            )
        )
        for version in self:
            version.carried_label = bool(version.carries_from_id) and self.env._(
                "%(count)s carried over from edition %(edition)s",
                count=counts.get(version._origin, 0),
                edition=version.carries_from_id.edition,
            )
