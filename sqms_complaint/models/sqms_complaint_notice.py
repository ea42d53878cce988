import logging

import psycopg2

from odoo import api, fields, models
from odoo.tools import groupby

_logger = logging.getLogger(__name__)

# No letter may start a conversation between two machines.
_ANSWER = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
_TELL = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
BATCH = 200


class SqmsComplaintNotice(models.Model):
    """A letter that is due to a customer and is written within a minute.

    1. Noting it costs one row; all letters of a minute are then written together, each in its customer's language.
    2. The same letter that is due twice to the same case is written once.
    3. What is acknowledged by itself (public form, mail) is acknowledged once an hour to the same address; the page
       has told the number already. What a person acknowledges is always sent.
    4. A letter that cannot be written stays here, is named in the log, and holds no other one up.
    """

    _name = "sqms.complaint.notice"
    _description = "Letter That Is Due"
    _order = "id"
    _log_access = False

    ticket_id = fields.Many2one("helpdesk.ticket", "Complaint", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    letter = fields.Selection(
        [
            ("acknowledgement", "Acknowledgement"),
            ("decision", "Decision"),
            ("investigating", "Investigation Began"),
            ("second_look", "Second Look"),
            ("implementing", "Decision Is Carried Out"),
            ("closed", "Closed"),
            ("withdrawn", "Withdrawn"),
            ("message", "We Have Written"),
        ],
        required=True,
    )
    is_automatic = fields.Boolean("Without a Person")
    has_failed = fields.Boolean("Could Not Be Written", index=True)

    # -- noting ----------------------------------------------------------------

    @api.model
    def _note(self, tickets, letter):
        if not tickets:
            return
        automatic = bool(self.env.context.get("complaint_letter_automatic"))
        self.create(
            [
                {
                    "ticket_id": ticket.id,
                    "company_id": ticket.company_id.id,
                    "letter": letter,
                    "is_automatic": automatic,
                }
                for ticket in tickets
            ]
        )
        if automatic:
            return  # the page has told the number: the letter goes out within the minute, as the job comes round
        number = self.env["ir.model.data"]._xmlid_to_res_id("sqms_complaint.ir_cron_notice")
        self.env["ir.cron"].sudo().browse(number)._trigger()

    # -- writing ---------------------------------------------------------------

    @api.model
    def _cron_write(self):
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count([("has_failed", "=", False)]))
        while True:
            done = self._write_due(BATCH)
            if not done or not progress(done):
                break

    @api.model
    def _write_due(self, limit=None):
        """Write the letters that are due, oldest first.

        :return: how many rows are done with
        """
        due = self.search([("has_failed", "=", False)], limit=limit).try_lock_for_update()
        found = len(due)
        twice = due - self.union(*{(row.ticket_id.id, row.letter): row for row in reversed(due)}.values())
        late = (due - twice)._sent_lately()
        for letter, rows in groupby(due - twice - late, lambda row: row.letter):
            rows = self.union(*rows)
            if not rows._write_letters(letter):
                for row in rows:
                    row.has_failed = not row._write_letters(letter)
        due.filtered(lambda row: not row.has_failed).unlink()
        return found

    def _write_letters(self, letter):
        """Whether these letters, all of one kind, are written."""
        tickets = self.ticket_id
        kind = letter if letter in ("acknowledgement", "decision") else "status"
        template = self.env.ref(f"sqms_complaint.mail_template_{kind}").with_context(complaint_letter=letter)
        headers = _ANSWER if letter == "acknowledgement" else _TELL
        try:
            with self.env.cr.savepoint():
                mails = template.send_mail_batch(tickets.ids, email_values={"headers": repr(headers)})
                self._join_papers(letter, mails)
        except psycopg2.OperationalError:
            raise  # two at once: it is run again
        except Exception as error:  # pylint: disable=broad-except
            # Neither the text of the error nor its traceback: both may quote the complaint.
            self.env.invalidate_all()
            if len(self) == 1:
                _logger.error(
                    "The letter “%s” of %s could not be written (%s): please look at the mail template.",
                    letter,
                    tickets.number,
                    type(error).__name__,
                )
            return False
        return True

    @api.model
    def _join_papers(self, letter, mails):
        """The letter on paper that was laid down with the same step goes with its mail, which waits for it."""
        if letter != "decision":
            return
        mail_of = {mail.res_id: mail for mail in mails}
        papers = self.env["sqms.complaint.letter"].search(
            [("ticket_id", "in", list(mail_of)), ("letter", "=", letter), ("mail_id", "=", False)], order="id"
        )
        for paper in {paper.ticket_id.id: paper for paper in papers}.values():
            paper.mail_id = mail_of[paper.ticket_id.id]
            if paper.state == "waiting":
                paper.mail_id.scheduled_date = fields.Datetime.add(fields.Datetime.now(), minutes=15)
            else:
                paper.is_mailed = paper._let_mail_go()

    def _sent_lately(self):
        """Acknowledgements nobody asked for, to an address that got one within the hour, or gets one now."""
        automatic = self.filtered(lambda row: row.is_automatic and row.letter == "acknowledgement")
        if not automatic:
            return automatic
        address = {row: row.ticket_id._get_letter_address() for row in automatic}
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        waiting = automatic.ticket_id.ids
        known = self.env["helpdesk.ticket"].search_fetch(
            [
                ("is_complaint", "=", True),
                ("partner_email", "in", list(set(address.values()))),
                ("create_date", ">=", since),
                ("complaint_acknowledged_at", ">=", since),
                ("id", "not in", waiting),
            ],
            ["partner_email"],
        )
        told = set(known.mapped("partner_email"))
        late = self.browse()
        for row in automatic:
            if address[row] in told:
                late |= row
            told.add(address[row])
        return late
