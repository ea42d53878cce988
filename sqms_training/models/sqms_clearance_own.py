from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .sqms_clearance import OPEN


class SqmsClearanceOwn(models.Model):
    """What a person sees of his own clearances: what he is told, where it stands, what is kept of it.

    1. The rows are those of the user at hand, whatever his office and whatever he asks for: the query itself says so.
    2. He agrees here, or takes his consent back before the review. Nobody does that in his place.
    3. Notes and papers of the officers are not here.
    """

    _name = "sqms.clearance.own"
    _description = "My Clearance"
    _auto = False
    _log_access = False
    _order = "id desc"
    _rec_name = "number"

    number = fields.Char(readonly=True)
    rule_id = fields.Many2one("sqms.position.rule", string="Post", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    state = fields.Selection(selection=lambda self: self._words_of("state"), readonly=True)
    status = fields.Selection(selection=lambda self: self._words_of("status"), string="Today", compute="_compute_more")
    notice_text = fields.Text(string="Notice", compute="_compute_more")
    is_consent_needed = fields.Boolean(string="Separate Consent", readonly=True)
    checks = fields.Text(string="What Is Checked", compute="_compute_more")
    kept = fields.Text(string="What Is Kept", compute="_compute_more")
    refusal_basis = fields.Char(string="Legal Basis of the Refusal", compute="_compute_more")
    requested_on = fields.Datetime(readonly=True)
    consented_at = fields.Datetime(string="Told and Agreed On", readonly=True)
    certificate_number = fields.Char(readonly=True)
    valid_from = fields.Date(readonly=True)
    valid_to = fields.Date(readonly=True)
    conditions = fields.Text(readonly=True)
    condition_until = fields.Date(string="Supervised Until", readonly=True)
    erase_on = fields.Date(string="Papers Erased On", readonly=True)
    erased_at = fields.Datetime(string="Erased", readonly=True)
    can_consent = fields.Boolean(compute="_compute_more")
    can_withdraw = fields.Boolean(compute="_compute_more")

    _depends = {
        "sqms.clearance": [
            "number", "rule_id", "company_id", "state", "is_consent_needed", "consented_at", "certificate_number",
            "valid_from", "valid_to", "conditions", "condition_until", "erase_on", "erased_at", "employee_id",
        ],
        "hr.employee": ["user_id"],
    }  # fmt: skip

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT c.id, c.number, c.rule_id, c.company_id, c.state, c.is_consent_needed, c.create_date AS requested_on,
                   c.consented_at, c.certificate_number, c.valid_from, c.valid_to, c.conditions, c.condition_until,
                   c.erase_on, c.erased_at
              FROM sqms_clearance c
              JOIN hr_employee e ON e.id = c.employee_id
             WHERE e.user_id = %s
            """,
            self.env.uid,
        )

    @api.model
    def _words_of(self, name):
        """The words of the clearance itself, in the language of the person."""
        return self.env["sqms.clearance"]._fields[name]._description_selection(self.env)

    @api.depends("state", "valid_from", "valid_to", "condition_until", "erased_at", "consented_at")
    @api.depends_context("uid", "lang")
    def _compute_more(self):
        clearances = self._behind()
        for own, clearance in zip(self, clearances, strict=True):
            checks = clearance.rule_id.check_ids.filtered("active")
            own.status = clearance.status
            own.notice_text = clearance.notice_id.body
            own.checks = "\n".join(
                f"{check.name} ({check.item_id.display_name})" if check.item_id else check.name for check in checks
            )
            own.kept = own._kept_words(clearance)
            own.refusal_basis = clearance.refusal_item_id.display_name
            own.can_consent = own.state == "requested"
            own.can_withdraw = own.state in OPEN and own.state != "reviewed"

    def _kept_words(self, clearance):
        if clearance.erased_at:
            return self.env._("Only the verdict, the number and the dates. Papers and notes were erased.")
        papers = len(clearance.paper_ids.filtered("has_file"))
        if clearance.erase_on:
            return self.env._(
                "Verdict, number and dates; until %(day)s the papers as well (%(count)s).",
                day=fields.Date.to_string(clearance.erase_on),
                count=papers,
            )
        return self.env._("Papers so far: %s", papers) if papers else self.env._("Nothing has been collected yet.")

    def _behind(self):
        """The clearances themselves, with all rights; only rows that are the user's own lead there."""
        if set(self.ids) - set(self.browse(self.ids).exists().ids):
            raise AccessError(self.env._("That is not your own clearance."))
        return self.env["sqms.clearance"].sudo().browse(self.ids)

    # -- what the person does ------------------------------------------------------

    def action_read_notice(self):
        """Open the notice with the question whether the person agrees."""
        self.ensure_one()
        self._behind()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What You Should Know"),
            "res_model": "sqms.clearance.consent",
            "view_mode": "form",
            "target": "new",
            "context": {"default_own_id": self.id},
        }

    def action_withdraw_consent(self):
        self.ensure_one()
        clearance = self._behind()
        if clearance.state == "reviewed":
            raise UserError(self.env._("It was reviewed already. Please ask the clearance officers."))
        clearance.action_transition("withdraw_consent")
        return True

    def _consent(self):
        self.ensure_one()
        self._behind().action_transition("consent")
