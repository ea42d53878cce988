import hashlib
import os
import secrets
from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib import public_code

PEPPER = "sqms_base.feedback_pepper"


class SqmsFeedbackCode(models.Model):
    """Feedback that comes by the public page, and how the person comes back to it.

    1. The code opens it, nothing else; kept is a keyed digest of it. There is no number to guess and no name to know.
    2. Of anonymous feedback only the day is kept: on the record, on its files and on the disk. What remains is the
       order in which the database counts (the number, the ids): that it came after one and before another.
    3. A page that is sent twice makes one record; what recognises the page is thrown away after a day.
    """

    _inherit = "sqms.feedback"

    access_digest = fields.Char(
        copy=False, groups=fields.NO_ACCESS, index="btree_not_null", export_string_translation=False
    )
    form_key = fields.Char(copy=False, groups=fields.NO_ACCESS, export_string_translation=False)

    _form_key_uniq = models.UniqueIndex("(form_key) WHERE form_key IS NOT NULL", "This page was sent already.")

    # -- coming in by the page -----------------------------------------------------

    @api.model
    def _receive(self, values, files, seed):
        """Make the record of a filled-in page.

        :param values: of the record; everything that is not said there is left to the defaults
        :param files: `[(name, mimetype, content)]`, cleaned
        :param seed: what the page is recognised by
        :return: the feedback, in superuser mode
        """
        feedback = (
            self.sudo()
            .with_context(mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True)
            .create({**values, "channel": "page", "form_key": self._form_key(seed)})
        )
        digest = public_code.access_digest(self._pepper(), "feedback", self._code(seed))
        feedback.access_digest = digest
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {"name": name, "mimetype": mimetype, "raw": content, "res_model": self._name, "res_id": feedback.id}
                    for name, mimetype, content in files
                ]
            )
        )
        if feedback.is_anonymous:
            feedback._keep_only_the_day(attachments)
        return feedback

    def _keep_only_the_day(self, attachments):
        """Take the time of day away from what was just made: rows and files."""
        self.ensure_one()
        self.env.flush_all()
        zone = pytz.timezone(self.company_id._sqms_tz())
        noon = zone.localize(datetime.combine(self.received_on, time(12)))
        stamp = noon.astimezone(pytz.utc).replace(tzinfo=None)
        for records in (self, attachments):
            if records:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET create_date = %s, write_date = %s WHERE id IN %s",
                        SQL.identifier(records._table), stamp, stamp, tuple(records.ids),
                    )
                )  # fmt: skip
                records.invalidate_recordset(["create_date", "write_date"])
        for attachment in attachments.filtered("store_fname"):
            path = attachment._full_path(attachment.store_fname)
            if os.path.exists(path):
                os.utime(path, (noon.timestamp(), noon.timestamp()))

    # -- the code --------------------------------------------------------------------

    @api.model
    def _init_pepper(self):
        """Make the secret that codes are kept with. Changing it later makes every code useless."""
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(PEPPER):
            parameters.set_param(PEPPER, secrets.token_hex(32))

    @api.model
    def _pepper(self):
        pepper = self.env["ir.config_parameter"].sudo().get_param(PEPPER)
        if not pepper:
            raise ValueError(f"The system parameter {PEPPER} is missing: codes cannot be made or checked without it.")
        return bytes.fromhex(pepper)

    @api.model
    def _code(self, seed):
        return public_code.derive_code(self._pepper(), f"feedback {seed}")

    @api.model
    def _form_key(self, seed):
        return hashlib.sha256(seed.encode()).hexdigest()

    @api.model
    def _find_by_code(self, code):
        """The feedback that this code opens, in superuser mode, or none. One query, right or wrong."""
        digest = public_code.access_digest(self._pepper(), "feedback", code)
        return self.sudo().search_fetch(
            [("access_digest", "=", digest)],
            ["kind", "text", "state", "answer", "answered_on", "received_on", "date_due", "company_id"],
            limit=1,
        )

    @api.model
    def _was_sent(self, seed):
        return bool(self.sudo().search_count([("form_key", "=", self._form_key(seed))], limit=1))

    @api.autovacuum
    def _gc_form_keys(self):
        """What recognises a page is of no use once nobody sends it twice any more."""
        old = fields.Date.subtract(fields.Date.today(), days=2)
        self.env.cr.execute(
            SQL("UPDATE sqms_feedback SET form_key = NULL WHERE form_key IS NOT NULL AND received_on < %s", old)
        )
