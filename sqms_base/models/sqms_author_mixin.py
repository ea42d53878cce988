from odoo import api, fields, models
from odoo.fields import Domain

from ..lib.workflow_pass import workflow_fields, workflow_import


class SqmsAuthorMixin(models.AbstractModel):
    """Who wrote a record: none of them reviews or approves it.

    1. The author is who created it; nobody enters another one.
    2. Whoever changes what is signed (`_signature_fields`, lines and translations included) has written in it, too.
    3. For records with a workflow: `author_id` is fixed and `contributor_ids` managed by its steps.
    """

    _name = "sqms.author.mixin"
    _description = "Written By"

    author_id = fields.Many2one("res.users", readonly=True, copy=False, required=True, index=True, ondelete="restrict")
    contributor_ids = fields.Many2many(
        "res.users",
        string="Changed By",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Everybody who changed what it says. None of them approves it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su or not vals.get("author_id"):
                vals["author_id"] = self.env.uid
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if set(self._signature_fields).intersection(vals):
            self._note_contributor()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if field_name in self._signature_fields:
            self._note_contributor()
        return result

    def _note_contributor(self):
        if self.env.su:
            return
        new = self.sudo().filtered(lambda record: self.env.user not in record._writers())
        if new:
            with workflow_fields(new, "contributor_ids"):
                new.write({"contributor_ids": [fields.Command.link(self.env.uid)]})

    def _writers(self):
        return self.sudo().author_id | self.sudo().contributor_ids

    def _signature_authors(self):
        return {record.id: record._writers() for record in self}

    @api.model
    def _morning_sign_domain(self):
        """Nobody is asked to judge what he wrote in."""
        return (
            super()._morning_sign_domain()
            & Domain("author_id", "!=", self.env.uid)
            & Domain("contributor_ids", "not in", [self.env.uid])
        )

    def _take_over(self, state, values):
        """Records that had their state before they came into this database (migration, demo data)."""
        with workflow_import(self, self.env._("Taken over")):
            self.write({**values, "state": state})
