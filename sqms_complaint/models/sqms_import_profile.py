from collections import Counter

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..lib.cells import fold
from ..lib.row_mapping import Column, Plan

# States in which an old complaint may arrive: the others need an answer that a file rarely has.
ARRIVAL_STATES = [
    ("received", "Received"),
    ("acknowledged", "Acknowledged"),
    ("assessed", "Assessed"),
    ("investigating", "Investigating"),
    ("closed", "Closed"),
    ("withdrawn", "Withdrawn"),
]


class SqmsImportProfile(models.Model):
    """How the files of one source are read: once described, used for every file of that source.

    1. A column goes to one of the named targets; there is no way to any other field.
    2. What has no target is kept with the complaint, as it stood in the file.
    3. A row is known again by its reference elsewhere, else by its key columns, else by all it says.
    """

    _name = "sqms.import.profile"
    _description = "Import Profile"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    source = fields.Char(
        required=True,
        help="The system or register that the files come from. A reference counts as the same only within one source.",
    )
    # the file
    file_kind = fields.Selection(
        [("any", "CSV or XLSX"), ("csv", "CSV"), ("xlsx", "XLSX")], default="any", required=True
    )
    separator = fields.Selection(
        [("auto", "As in the header line"), ("comma", "Comma"), ("semicolon", "Semicolon"), ("tab", "Tab")],
        default="auto",
        required=True,
    )
    encoding = fields.Selection(
        [("auto", "UTF-8, else GB18030"), ("utf-8", "UTF-8"), ("gb18030", "GB18030")], default="auto", required=True
    )
    sheet = fields.Char(help="Name of the sheet, where a workbook has more than one.")
    date_format = fields.Selection(
        [
            ("ymd", "year-month-day"),
            ("mdy", "month/day/year"),
            ("dmy", "day/month/year"),
            ("zh", "2026年11月9日"),
        ],
        default="ymd",
        required=True,
        help="Dates written otherwise are refused row by row, never guessed.",
    )
    tz = fields.Selection(
        _tz_get,
        "Time zone",
        default=lambda self: self.env.user.tz or "UTC",
        required=True,
        help="Where the times in the file were written. A day without a time remains that day.",
    )
    # the complaints
    default_state = fields.Selection(
        ARRIVAL_STATES,
        "State without a column",
        default="received",
        required=True,
        help="The state of rows for which no column gives one.",
    )
    team_id = fields.Many2one("helpdesk.ticket.team", check_company=True, index="btree_not_null")
    channel_id = fields.Many2one(
        "helpdesk.ticket.channel", "Channel without a column", check_company=True, index="btree_not_null"
    )
    create_categories = fields.Boolean(
        "Make missing categories", default=True, help="Otherwise a row with an unknown category is an error."
    )
    create_channels = fields.Boolean(
        "Make missing channels", default=True, help="Otherwise a row with an unknown channel is an error."
    )
    line_ids = fields.One2many("sqms.import.profile.line", "profile_id", "Columns", copy=True)
    run_ids = fields.One2many("sqms.import.run", "profile_id", "Imports")
    template_file = fields.Binary("Empty file", compute="_compute_template_file")

    @api.depends("line_ids.column", "separator")
    def _compute_template_file(self):
        for profile in self:
            profile.template_file = profile.line_ids._prepare_template()

    @api.constrains("tz")
    def _check_tz(self):
        for profile in self:
            if profile.tz not in pytz.all_timezones_set:
                raise ValidationError(self.env._("There is no time zone “%s”.", profile.tz))

    @api.constrains("line_ids", "default_state")
    def _check_targets(self):
        for profile in self:
            found = Counter(
                profile.line_ids.filtered(lambda line: line.target != "history").mapped(lambda line: line.target)
            )
            twice = profile.line_ids.filtered(lambda line, found=found: found[line.target] > 1)[:1]
            if twice:
                raise ValidationError(
                    self.env._(
                        "Two columns of “%(profile)s” lead to “%(target)s”. Please keep one.",
                        profile=profile.name,
                        target=twice._target_label(),
                    )
                )

    def action_download_template(self):
        """An empty file with the columns that this profile expects."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/template_file/{self.source}.csv?download=true",
            "target": "download",
        }

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", profile.name)}
            for profile, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # -- for the run -------------------------------------------------------

    def _prepare_plan(self):
        """The profile as plain data."""
        self.ensure_one()
        return Plan(
            columns=tuple(
                Column(
                    line.column.strip(),
                    line.target,
                    line.is_required or line.target == "received_at",
                    line.is_key,
                    {fold(value.source): value.target or "" for value in line.value_ids},
                )
                for line in self.line_ids
            ),
            date_format=self.date_format,
            zone=self.tz,
            choices=self.line_ids._get_choices(),
            state=self.default_state,
            source=self.source,
        )
