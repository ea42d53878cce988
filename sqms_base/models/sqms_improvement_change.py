from odoo import fields, models
from odoo.exceptions import AccessError

from .sqms_improvement import CONTROLLED, OFFICER


class SqmsImprovementChange(models.Model):
    """What redesigns, re-engineers or upgrades a process: a controlled change (ISO 9001:2015, 8.5.6).

    1. Before it is adopted it says what it affects, which process it changes, by which indicator one will see whether
       it helped, and what it brings: a new version of the process, new editions of documents, or both.
    2. It is authorised with a signature, by somebody who did not write it.
    3. It is implemented when what it brings is in force. What was in force before stays on file: the definition of the
       process is copied here, editions that are replaced are kept as they are.
    """

    _inherit = "sqms.improvement"

    is_controlled = fields.Boolean(
        string="Controlled Change", compute="_compute_is_controlled", search="_search_is_controlled"
    )
    impact = fields.Text(
        string="Impact Assessment", copy=False,
        help="What it does to customers, staff, other processes, documents, training, data and the law; what may go "
        "wrong.",
    )  # fmt: skip
    indicator_id = fields.Many2one(
        "sqms.indicator", string="Evaluated By", check_company=True, index="btree_not_null", ondelete="restrict",
        tracking=True, help="The figure by which one will see whether it helped.",
    )  # fmt: skip
    is_new_process_version = fields.Boolean(
        string="Brings a New Version of the Process", copy=False, tracking=True,
        help="The process is revised and put in force again; until then the change is not implemented.",
    )  # fmt: skip
    version_ids = fields.Many2many(
        "sqms.document.version", string="Editions It Brings", check_company=True, copy=False, ondelete="restrict",
        help="New editions of procedures and instructions. All of them are in force when the change is implemented.",
    )  # fmt: skip
    process_version_before = fields.Integer(readonly=True, copy=False, aggregator=None)
    process_version_after = fields.Integer(readonly=True, copy=False, aggregator=None)
    process_before = fields.Text(string="The Process as It Was", readonly=True, copy=False)
    authoriser_id = fields.Many2one(
        "res.users", string="Authorised By", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    authorised_at = fields.Datetime(string="Authorised On", readonly=True, copy=False)

    def _compute_is_controlled(self):
        for record in self:
            record.is_controlled = record.improvement_type in CONTROLLED

    def _search_is_controlled(self, operator, value):
        if operator != "in":
            return NotImplemented
        kinds = [name for name, _label in self._fields["improvement_type"].selection]
        return [("improvement_type", "in", [name for name in kinds if (name in CONTROLLED) in value])]

    # -- before it begins ----------------------------------------------------------

    def _unready_change(self):
        """`{id: what a controlled change still lacks before it may begin}`."""
        refusals = {}
        for record in self.sudo():
            if not record.is_new_process_version and not record.version_ids:
                refusals[record.id] = self.env._(
                    "please say what it brings: a new version of the process, or new editions of documents"
                )
            elif not record.process_id.version:
                refusals[record.id] = self.env._(
                    "%(process)s was never in force: there is nothing to change yet",
                    process=record.process_id.display_name,
                )
        return refusals

    def _change_values(self):
        """`{id: values}`: who authorised it, and the process as it was."""
        now = fields.Datetime.now()
        return {
            record.id: {
                "authoriser_id": self._workflow_person().id,
                "authorised_at": now,
                "process_version_before": record.process_id.version,
                "process_before": record._process_words(),
            }
            for record in self.sudo()
        }

    def _process_words(self):
        """The definition of the process as plain text."""
        process = self.process_id
        heading = self.env._("%(process)s, version %(version)s", process=process.display_name, version=process.version)
        parts = [(process._fields[name]._description_string(self.env), process[name])
                 for name in ("purpose", "inputs", "outputs")]  # fmt: skip
        return "\n\n".join([heading, *(f"{label}\n{text}" for label, text in parts if text)])

    # -- before it counts as implemented -------------------------------------------

    def _missing_change(self):
        """`{id: what a controlled change was to bring and has not brought}`."""
        refusals = {}
        for record in self.sudo().filtered(lambda record: record.improvement_type in CONTROLLED):
            process = record.process_id
            waiting = record.version_ids.filtered(lambda edition: not edition._has_come_into_force())
            if waiting:
                refusals[record.id] = self.env._("%(edition)s is not in force yet", edition=waiting[0].display_name)
            elif record.is_new_process_version and (
                process.state != "in_force" or process.version <= record.process_version_before
            ):
                refusals[record.id] = self.env._(
                    "version %(version)s of %(process)s is not in force yet",
                    version=record.process_version_before + 1,
                    process=process.display_name,
                )
        return refusals

    # -- where buttons lead ----------------------------------------------------------

    def action_open_process(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_process_action"),
            "res_id": self.process_id.id,
            "views": [(False, "form")],
        }

    def action_open_editions(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_document_version_action"),
            "domain": [("id", "in", self.version_ids.ids)],
            "context": {},
        }

    def action_propose_rewards(self):
        """Propose what the rules of today give for these improvements and was not proposed yet."""
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Quality officers propose rewards by the rules."))
        self.check_access("read")
        return self._notice_rewards(self._propose_rewards())

    def _notice_rewards(self, rewards):
        number = len(rewards)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if number else "info",
                "message": self.env._("%s rewards proposed.", number)
                if number
                else self.env._("No rule gives anything more for this."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
