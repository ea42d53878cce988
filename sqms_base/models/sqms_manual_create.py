from odoo import api, models
from odoo.exceptions import AccessError


class SqmsManualCreate(models.AbstractModel):
    """A first draft of the manual's own words, to be corrected and approved like every document."""

    _inherit = "sqms.manual"

    @api.model
    def action_create_document(self):
        """Make the document of type “manual” with a draft in all languages in use; one that is there is opened."""
        documents = self.env["sqms.document"]
        if not documents.has_access("create"):
            raise AccessError(self.env._("Officers write the manual."))
        company = self.env.company
        document = documents.search(
            [("company_id", "=", company.id), ("document_type", "=", "manual")], order="number, id", limit=1
        )
        return (document or self._create_manual_document(company))._get_records_action()

    def _create_manual_document(self, company):
        english = self.with_context(lang="en_US")
        document = english.env["sqms.document"].create(
            {
                "name": english.env._("Quality manual"),
                "document_type": "manual",
                "company_id": company.id,
                "tz": company._sqms_tz(),
                "audience": "nobody",
            }
        )
        draft = english.env["sqms.document.version"].create(
            {
                "document_id": document.id,
                "content": english._manual_first_text(company),
                "change_summary": english.env._("First edition"),
            }
        )
        for code, _name in self.env["res.lang"].get_installed():
            if code != "en_US":
                self._translate_first_text(draft, company, code)
        return document.with_env(self.env)

    def _manual_first_text(self, company):
        return self.env["ir.qweb"]._render("sqms_base.manual_first_text", {"company": company.sudo()})

    def _translate_first_text(self, draft, company, code):
        """Put the words of another language beside those of the first, sentence by sentence."""
        field = draft._fields["content"]
        draft.document_id.with_context(lang=code).name = self.with_context(lang=code).env._("Quality manual")
        own = field.get_trans_terms(draft.content)
        foreign = field.get_trans_terms(self.with_context(lang=code)._manual_first_text(company))
        if len(own) == len(foreign):
            draft.update_field_translations("content", {code: dict(zip(own, foreign, strict=True))})
