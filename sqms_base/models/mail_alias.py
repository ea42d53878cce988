import ast
from contextlib import suppress

from odoo import api, models
from odoo.exceptions import ValidationError


class MailAlias(models.Model):
    _inherit = "mail.alias"

    @api.constrains("alias_defaults", "alias_model_id")
    def _check_defaults_leave_the_workflow_alone(self):
        for alias in self:
            model = self.env.get(alias.alias_model_id.sudo().model)
            refused = model._refused_by_mail(alias._defaults()) if hasattr(model, "_refused_by_mail") else ()
            if refused:
                raise ValidationError(
                    self.env._(
                        "Mail to “%(alias)s” cannot set %(fields)s of a new %(model)s: only its own steps do.",
                        alias=alias.display_name,
                        fields=", ".join(model._fields[name]._description_string(self.env) for name in sorted(refused)),
                        model=model._description,
                    )
                )

    def _defaults(self):
        """The default values of the alias; none when they are no dictionary, which Odoo's own check refuses."""
        with suppress(ValueError, TypeError, SyntaxError):
            return dict(ast.literal_eval(self.alias_defaults or "{}"))
        return {}
