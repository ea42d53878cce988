import hashlib
import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sqms_base.lib.evidence_pack import clean_name

_logger = logging.getLogger(__name__)

LETTERS = [("acknowledgement", "Acknowledgement"), ("decision", "Decision")]
# So long a mail waits at most for its letter; then it goes without.
WAITS = timedelta(minutes=15)


class SqmsComplaintLetter(models.Model):
    """A letter as it went out, so that it can be shown later what the customer was told.

    1. What it says is laid down in the moment in which the customer is answered; the PDF is printed afterwards by a
       job, never while somebody waits.
    2. The mail waits for its letter, but not longer than a quarter of an hour: a printer that is out of order holds
       back no answer.
    3. The file is kept with its SHA-256, which stands in the ledger of the complaint. Nobody changes or deletes it.
    4. Whoever may read the complaint reads its letters. Nobody writes one by hand.
    """

    _name = "sqms.complaint.letter"
    _description = "Letter to the Customer"
    _inherit = ["sqms.complaint.part.mixin", "sqms.keep.mixin"]
    _order = "id desc"
    _rec_name = "letter"
    _check_company_auto = True

    ticket_id = fields.Many2one("helpdesk.ticket", "Complaint", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    letter = fields.Selection(LETTERS, required=True)
    lang = fields.Char("Language", required=True)
    state = fields.Selection(
        [("waiting", "To Be Printed"), ("ready", "Kept"), ("failed", "Not Printed")],
        required=True, default="waiting",
    )  # fmt: skip
    content = fields.Json(groups=fields.NO_ACCESS, export_string_translation=False)
    attachment_id = fields.Many2one("ir.attachment", "File", ondelete="restrict", index="btree_not_null")
    digest = fields.Char("SHA-256")
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null", groups="base.group_system")
    is_mailed = fields.Boolean("Went With the Mail")

    _waiting_idx = models.Index("(id) WHERE state = 'waiting'")

    def _part_refusal(self):
        return self.env._("The letters of a complaint are for those who may read the complaint.")

    # -- laid down -------------------------------------------------------------------

    @api.model
    def _lay_down(self, tickets, letter):
        """One letter for each of these complaints, to be printed soon; their mails wait for it."""
        mails = self._mails_just_queued(tickets)
        letters = self.sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "letter": letter,
                    "lang": content["lang"],
                    "content": content,
                    "mail_id": mails[ticket.id].id if ticket.id in mails else False,
                }
                for ticket in tickets
                for content in [ticket._complaint_letter_content(letter)]
            ]
        )
        if mails:
            waiting = self.env["mail.mail"].sudo().browse([mail.id for mail in mails.values()])
            waiting.scheduled_date = fields.Datetime.now() + WAITS
        if letters:
            self.env.ref("sqms_complaint.sqms_complaint_letter_cron").sudo()._trigger()
        return letters

    def _mails_just_queued(self, tickets):
        """`{complaint id: the mail that this transaction has queued for it}`."""
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search(
                [
                    ("model", "=", tickets._name),
                    ("res_id", "in", tickets.ids),
                    ("state", "=", "outgoing"),
                    ("create_date", ">=", self.env.cr.now().replace(microsecond=0)),
                ],
                order="id",
            )
        )
        return {mail.res_id: mail for mail in mails}

    # -- printed ---------------------------------------------------------------------

    @api.model
    def _cron_print(self):
        waiting = self.search([("state", "=", "waiting")], order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for letter in waiting:
            letter._print_or_note()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _print_or_note(self):
        try:
            with self.env.cr.savepoint():
                self._print()
        except psycopg2.OperationalError:
            raise  # two at once: the job is run again
        except Exception as error:  # pylint: disable=broad-except
            # Neither the text of the error nor its traceback: both may quote the complaint.
            _logger.error("The letter %s could not be printed: %s", self.id, type(error).__name__)
            self.state = "failed"
            self._let_mail_go()

    def _print(self):
        """Print it, keep it, and let it go out with its mail."""
        self.ensure_one()
        letter = self.sudo()
        ticket = letter.ticket_id
        pdf = ticket._complaint_letter_render(letter.content)
        digest = hashlib.sha256(pdf).hexdigest()
        file = self.env["ir.attachment"].sudo().create(
            {
                "name": letter._file_name(),
                "raw": pdf,
                "mimetype": "application/pdf",
                "res_model": ticket._name,
                "res_id": ticket.id,
            }
        )  # fmt: skip
        letter.write({"state": "ready", "content": False, "attachment_id": file.id, "digest": digest})
        letter.is_mailed = letter._let_mail_go()
        ticket._ledger_log(
            "letter",
            new={"letter": letter.letter, "sha256": digest, "language": letter.lang, "mailed": letter.is_mailed},
        )

    def _let_mail_go(self):
        """The mail goes now, with the letter if there is one; whether it does."""
        mail = self.sudo().mail_id
        if not mail or mail.state != "outgoing":
            return False
        values = {"scheduled_date": False}
        if self.sudo().attachment_id:
            values["attachment_ids"] = [(4, self.sudo().attachment_id.id)]
        mail.write(values)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return bool(self.sudo().attachment_id)

    def _file_name(self):
        local = self.with_context(lang=self.lang)
        word = dict(local._fields["letter"]._description_selection(local.env))[self.letter]
        return clean_name(f"{self.ticket_id.number} {word}.pdf".replace("/", "-"))

    # -- kept ------------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("A letter that went out is kept: it shows what the customer was told."))

    def action_download(self):
        self.ensure_one()
        self.check_access("read")
        if self.state == "waiting":
            self.sudo()._print()
        if not self.attachment_id:
            raise UserError(self.env._("This letter could not be printed. Please print it from the complaint."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().attachment_id.id}?download=true",
            "target": "new",
        }
