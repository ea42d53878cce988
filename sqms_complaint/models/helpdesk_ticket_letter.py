from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError


class HelpdeskTicketLetter(models.Model):
    """The two letters of a complaint as PDF, in the customer's language: acknowledgement and decision.

    1. They say what the customer may know and nothing else: no findings, no notes, no names of who is complained about.
    2. The decision is laid down when the customer is answered, printed by a job and kept with its digest. The
       acknowledgement is printed when somebody asks for it, and then kept.
    3. Before the customer was answered, the decision is marked as a draft.
    """

    _inherit = "helpdesk.ticket"

    letter_ids = fields.One2many("sqms.complaint.letter", "ticket_id", "Letters", copy=False)

    def _send_letter(self, letter):
        result = super()._send_letter(letter)
        if letter == "decision":
            self.env["sqms.complaint.letter"]._lay_down(self, letter)
        return result

    def _complaint_letter_pdf(self, letter):
        """A letter as it went out; before that, as it would go out now.

        :param letter: "acknowledgement" or "decision"
        :return: bytes of a PDF
        """
        self.ensure_one()
        self.check_access("read")
        kept = self._complaint_letter_attachment(letter) if self._complaint_letter_is_out(letter) else None
        return kept and kept.raw or self._complaint_letter_render(self._complaint_letter_content(letter))

    def _complaint_letter_is_out(self, letter):
        """Whether the customer has been told what this letter says; a decision that is taken anew has not."""
        if letter == "acknowledgement":
            return bool(self.complaint_acknowledged_at)
        return self.complaint_state in ("communicated", "implementing", "closed")

    def _complaint_letter_render(self, content):
        self.ensure_one()
        printer = self.env["sqms.print"].sudo().with_context(lang=content["lang"])
        return printer._render(
            f"sqms_complaint.letter_{content['letter']}",
            {"letter": self._complaint_letter_shown(content)},
            stamp={
                "foot": [(content["sender"]["name"], ""), (content["sender"]["line"], content["number"])],
                "watermark": printer.env._("DRAFT") if content["is_draft"] else "",
            },
            margins={"top": 20, "bottom": 26},
        )

    @staticmethod
    def _complaint_letter_shown(content):
        """The content as templates show it: what was cleaned HTML when it was laid down is HTML again."""
        return {
            name: Markup(value) if name in ("answer", "reason", "further") else value for name, value in content.items()
        }

    def _complaint_letter_attachment(self, letter):
        """The file of the last letter of this kind as it went out, in superuser mode; none if none has gone out.

        One that is not printed yet is printed now. The acknowledgement is laid down the first time it is asked for.
        """
        self.ensure_one()
        found = self.env["sqms.complaint.letter"].sudo().search(
            [("ticket_id", "=", self.id), ("letter", "=", letter)], order="id desc", limit=1
        )  # fmt: skip
        if not found and letter == "acknowledgement" and self._complaint_letter_is_out(letter):
            found = found._lay_down(self.sudo(), letter)
        if found.state == "waiting":
            found._print_or_note()
        return found.attachment_id

    def action_letter(self):
        """Download a letter: the one that went out, else the draft."""
        self.ensure_one()
        letter = self.env.context.get("letter")
        if letter not in ("acknowledgement", "decision") or not self.is_complaint:
            raise UserError(self.env._("There is no such letter."))
        return self.env.ref(f"sqms_complaint.action_report_letter_{letter}").report_action(self, config=False)
