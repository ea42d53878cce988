from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

NAME_LENGTH = 120


class SqmsImprovementPropose(models.Model):
    """One line is enough to propose something."""

    _inherit = "sqms.improvement"

    @api.model
    def propose(self, text):
        """Propose an improvement in one call, as the person who asks.

        :param text: what could work better; its first line becomes the name, the rest stays with it
        :return: `{"id", "name", "number", "message"}`
        :raise UserError: there is nothing in it
        :raise AccessError: for those who do not propose
        """
        words = " ".join(text.split(None)) if isinstance(text, str) else ""
        if not words:
            raise UserError(self.env._("Please say in a few words what could work better."))
        name = words
        if len(words) > NAME_LENGTH:
            # Between two words where there are any: Chinese has none.
            head = words[:NAME_LENGTH]
            name = (head.rpartition(" ")[0] if " " in head[NAME_LENGTH // 2 :] else head) + "…"
        idea = self.with_env(self.env(context=clean_context(self.env.context))).create(
            {"name": name, "proposal": text.strip() if name != words else False, "company_id": self.env.company.id}
        )
        return {
            "id": idea.id,
            "name": idea.name,
            "number": idea.number,
            "message": self.env._("%s is proposed. Thank you.", idea.number),
        }
