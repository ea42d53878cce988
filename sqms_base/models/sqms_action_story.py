from odoo import models


class SqmsActionStory(models.Model):
    """The actions of a nonconformity are part of its story.

    While it is closed or dismissed, none of them is added, changed or deleted: not by its owner, not by an officer, not
    by a step, not by the system. What the chatter writes by itself goes on.
    """

    _inherit = "sqms.action"

    def _create(self, data_list):
        # Defaults from the context and from ir.default are merged below `create`.
        ids = {data["stored"].get("nonconformity_id") for data in data_list} - {None, False}
        self.env["sqms.nonconformity"].browse(ids)._guard_story()
        return super()._create(data_list)

    def write(self, vals):
        if any(not self._is_of_thread(name) for name in vals):
            named = [vals["nonconformity_id"]] if vals.get("nonconformity_id") else []
            records = self.sudo().nonconformity_id
            (records | records.browse(named))._guard_story()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self.sudo().nonconformity_id._guard_story()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def unlink(self):
        self.sudo().nonconformity_id._guard_story()
        return super().unlink()
