import base64
import csv
import io

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.cells import neutralise
from ..lib.table_reader import SEPARATORS

# A fixed list, not a function: the ORM refuses every other value by itself only for fixed lists.
TARGETS = [
    ("received_at", "Received at"),
    ("category_1", "Category, level 1"),
    ("category_2", "Category, level 2"),
    ("category_3", "Category, level 3"),
    ("category_4", "Category, level 4"),
    ("title", "Title"),
    ("description", "What happened"),
    ("event_date", "Happened on"),
    ("service", "Product or service"),
    ("channel", "Channel"),
    ("customer_name", "Customer's name"),
    ("customer_email", "Customer's email"),
    ("customer_phone", "Customer's phone"),
    ("wish", "What would put it right"),
    ("state", "State"),
    ("decision", "Decision"),
    ("outcome", "Outcome"),
    ("answer", "Answer to the customer"),
    ("closed_at", "Closed at"),
    ("severity", "Severity"),
    ("impact", "Impact"),
    ("level", "Level"),
    ("reason", "Reasons"),
    ("root_cause", "Root cause"),
    ("close_reason", "Closed because"),
    ("order_ref", "Order or invoice"),
    ("lot_ref", "Lot or serial number"),
    ("site", "Site"),
    ("amount", "Amount claimed"),
    ("loss_amount", "Loss"),
    ("regulator_ref", "Number at the authority"),
    ("external_ref", "Reference elsewhere"),
    ("history", "Kept with the complaint"),
]
# Targets that know a fixed list of values, and the field that has the list.
CHOICE_FIELDS = {
    "outcome": "complaint_outcome",
    "decision": "complaint_decision",
    "wish": "complaint_wish",
    "state": "complaint_state",
    "severity": "complaint_severity",
    "impact": "complaint_impact",
    "level": "complaint_level",
    "close_reason": "complaint_close_reason",
}
# Where a word of the file may be replaced by another word.
RENAMED = ("channel", "category_1", "category_2", "category_3", "category_4")


class SqmsImportProfileLine(models.Model):
    """One column of the file and where it goes."""

    _name = "sqms.import.profile.line"
    _description = "Import Profile Column"
    _order = "profile_id, sequence, id"
    _rec_name = "column"

    profile_id = fields.Many2one("sqms.import.profile", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    column = fields.Char("Column in the file", required=True, help="Exactly as in the header line.")
    target = fields.Selection(TARGETS, "Goes to", required=True, default="history")
    is_required = fields.Boolean("Required", help="A row without a value in this column is an error.")
    is_key = fields.Boolean(
        "Key", help="The key columns together tell one complaint from another. Without any, the whole row does."
    )
    value_ids = fields.One2many("sqms.import.profile.value", "line_id", "Values", copy=True)
    words = fields.Char("Possible values", compute="_compute_words")

    @api.depends("target")
    @api.depends_context("lang")
    def _compute_words(self):
        for line in self:
            line.words = " · ".join(line._get_words().values())

    @api.constrains("value_ids", "target")
    def _check_values(self):
        choices = self._get_choices()
        for line in self:
            if line.value_ids and line.target not in (*CHOICE_FIELDS, *RENAMED):
                raise ValidationError(
                    self.env._(
                        "The values of “%(column)s” cannot be replaced: “%(target)s” is taken as it stands.",
                        column=line.column,
                        target=line._target_label(),
                    )
                )
            for value in line.value_ids.filtered("target"):
                if line.target in choices and value.target not in choices[line.target]:
                    raise ValidationError(
                        self.env._(
                            "“%(value)s” is no value of “%(target)s”. There are: %(values)s.",
                            value=value.target,
                            target=line._target_label(),
                            values=line.words,
                        )
                    )

    def _target_label(self):
        return dict(self._fields["target"]._description_selection(self.env))[self.target]

    def _get_choices(self):
        """`{target: the values that exist}`; an old complaint does not arrive in every state."""
        Ticket = self.env["helpdesk.ticket"]
        choices = {target: tuple(Ticket._fields[name].get_values(self.env)) for target, name in CHOICE_FIELDS.items()}
        choices["state"] = tuple(self.env["sqms.import.profile"]._fields["default_state"].get_values(self.env))
        return choices

    def _get_words(self):
        """`{technical value: the word of the reader's language}` of a target with a fixed list."""
        name = CHOICE_FIELDS.get(self.target)
        if not name:
            return {}
        words = dict(self.env["helpdesk.ticket"]._fields[name]._description_selection(self.env))
        return {key: words[key] for key in self._get_choices()[self.target]}

    def _prepare_template(self):
        text = io.StringIO()
        separator = SEPARATORS.get(self.profile_id.separator, ",")
        csv.writer(text, delimiter=separator).writerow(dict.fromkeys(neutralise(line.column) for line in self))
        return base64.b64encode(text.getvalue().encode("utf-8-sig"))

    def action_open_values(self):
        """The value list of this column, in a dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Values of “%s”", self.column),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("sqms_complaint.sqms_import_profile_line_view_form").id, "form")],
            "target": "new",
        }
