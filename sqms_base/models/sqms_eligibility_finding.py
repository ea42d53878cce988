from odoo import api, fields, models
from odoo.fields import Domain

AT_ONCE = 500


class SqmsEligibilityFinding(models.Model):
    """Somebody has something and is no longer eligible for it.

    1. The daily job finds it: a certificate ran out, a new edition was not read, a rule began.
    2. The dispatcher is told once, when it is found; not again while it lasts.
    3. It is closed by the job when the person is eligible again, or no longer has it.
    """

    _name = "sqms.eligibility.finding"
    _description = "Assigned but No Longer Eligible"
    _order = "is_open desc, found_on desc, id desc"
    _rec_name = "person_name"

    res_model = fields.Char(required=True, readonly=True, export_string_translation=False)
    res_id = fields.Many2oneReference("Record Number", model_field="res_model", required=True, readonly=True)
    model_name = fields.Char(string="Kind", compute="_compute_record_name", compute_sudo=False)
    record_name = fields.Char(string="Record", compute="_compute_record_name", compute_sudo=False)
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="cascade")
    person_id = fields.Integer(readonly=True, export_string_translation=False)
    person_name = fields.Char(string="Given To", readonly=True)
    reasons = fields.Text(string="What Was Missing", readonly=True)
    missing = fields.Text(string="What Is Missing", compute="_compute_missing")
    found_on = fields.Date(readonly=True, required=True)
    closed_on = fields.Date(readonly=True)
    is_open = fields.Boolean(readonly=True, default=True)

    _open_unique = models.UniqueIndex("(res_model, res_id, person_id) WHERE is_open IS TRUE")
    _list_idx = models.Index("(is_open, found_on)")

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_record_name(self):
        """The name of the record for who may read it."""
        for model_name, findings in self.grouped("res_model").items():
            model = self.env.get(model_name)
            kind = self.env["ir.model"].sudo()._get(model_name).name or ""
            records = model.browse(findings.mapped("res_id")).exists() if model is not None else ()
            readable = records._filtered_access("read") if records else ()
            names = {record.id: record.display_name for record in readable}
            for finding in findings:
                finding.model_name = kind
                finding.record_name = names.get(finding.res_id) or self.env._("(no access)")

    @api.depends("res_model", "res_id", "person_id", "is_open", "reasons")
    @api.depends_context("lang")
    def _compute_missing(self):
        """As it stands now and in the words of the reader; of a closed one what was written down."""
        for model_name, findings in self.grouped("res_model").items():
            model = self.env.get(model_name)
            still = findings.filtered("is_open")
            records = model.sudo().browse(still.mapped("res_id")).exists() if model is not None and still else None
            refused = records._eligibility_refused() if records else {}
            for finding in findings:
                now = {person.id: reasons for person, reasons in refused.get(finding.res_id, {}).items()}
                finding.missing = "\n".join(now.get(finding.person_id, [])) or finding.reasons

    def action_open_record(self):
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        record.check_access("read")
        return record._get_records_action() if record else None

    # -- the daily job ---------------------------------------------------------------

    @api.model
    def _cron_find(self):
        """Bring the list up to date: what is new, what lasts, what is over."""
        models_ = [
            name
            for name in self.env["sqms.eligibility.rule"]._guarded_models()
            if self.env["sqms.eligibility.rule"]._gate_fields(name, fields.Date.today())
            or self.sudo().search_count([("res_model", "=", name), ("is_open", "=", True)], limit=1)
        ]
        self.env["ir.cron"]._commit_progress(remaining=len(models_))
        for name in models_:
            self._find_on(name)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _find_on(self, model_name):
        """Judge all open records of a model that somebody has, in batches of constant cost."""
        model = self.env[model_name].sudo().with_context(active_test=False)
        domain = model._eligibility_open_domain() & Domain(model._eligibility_assignee, "!=", False)
        rules = self.env["sqms.eligibility.rule"]
        last, seen = 0, self.browse()
        while records := model.search(domain & Domain("id", ">", last), order="id", limit=AT_ONCE):
            last = records[-1].id
            by_language = records.grouped(lambda record: rules._company_of(record).partner_id.lang)
            for language, own in by_language.items():
                seen += self.with_context(lang=language)._find_among(own.with_context(lang=language))
        over = self.sudo().search([("res_model", "=", model_name), ("is_open", "=", True), ("id", "not in", seen.ids)])
        over.write({"is_open": False, "closed_on": fields.Date.today()})

    @api.model
    def _find_among(self, records):
        """:return: the findings that hold, old and new"""
        refused = records._eligibility_refused()
        known = {
            (finding.res_id, finding.person_id): finding
            for finding in self.sudo().search(
                [("res_model", "=", records._name), ("res_id", "in", list(refused)), ("is_open", "=", True)]
            )
        }
        rows, lasting, new = [], self.sudo(), records.browse()
        for record in records.browse(refused):
            for person, reasons in refused[record.id].items():
                finding = known.get((record.id, person.id))
                if finding:
                    lasting += finding
                    if finding.reasons != "\n".join(reasons):
                        finding.reasons = "\n".join(reasons)
                else:
                    new |= record
                    rows.append(self._prepare_finding_values(record, person, reasons))
        notes = {
            record.id: self.env._(
                "%(people)s is no longer eligible: %(reasons)s.",
                people=", ".join(person.sudo().name for person in refused[record.id]),
                reasons="; ".join(reason for reasons in refused[record.id].values() for reason in reasons),
            )
            for record in new
        }
        new._eligibility_tell_dispatcher(self.env._("Choose somebody who is eligible"), notes)
        return lasting + self.sudo().create(rows)

    def _prepare_finding_values(self, record, person, reasons):
        return {
            "res_model": record._name,
            "res_id": record.id,
            "company_id": self.env["sqms.eligibility.rule"]._company_on(record).id,
            "person_id": person.id,
            "person_name": person.sudo().name,
            "reasons": "\n".join(reasons),
            "found_on": fields.Date.today(),
        }
