import gzip
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL
from odoo.tools.mail import email_normalize, email_split_and_format

from ..lib import hash_chain

ADDRESSES = "sqms_base.ledger_anchor_addresses"
HOURS = "sqms_base.ledger_anchor_hours"


class SqmsLedgerAnchor(models.Model):
    """What the ledger looked like at one moment, to be kept where the administrator of the database cannot reach.

    1. An anchor lists the ends of the chains that moved since the one before, with a digest over the ends of
       all, and names the one before by its digest.
    2. It is sent to the addresses in the settings, and can be downloaded by who is at home in all companies.
    3. It is never changed or removed; only whether it was sent is noted afterwards.
    4. What is younger than the last anchor may be cut off without a trace: hence several a day.
    """

    _name = "sqms.ledger.anchor"
    _inherit = ["sqms.ledger.closed.mixin"]
    _description = "Ledger Anchor"
    _order = "number desc"
    _rec_name = "number"
    _log_access = False
    _open_to_system = ("mail_id", "addresses", "delivery")

    number = fields.Integer(required=True, readonly=True, aggregator=None)
    date = fields.Datetime(string="Made On", required=True, readonly=True)
    database = fields.Char(required=True, readonly=True)
    previous = fields.Char(string="Digest of the One Before", readonly=True)
    digest = fields.Char(required=True, readonly=True)
    heads_digest = fields.Char(string="Digest over All Chains", required=True, readonly=True)
    chain_count = fields.Integer(string="Chains", readonly=True, aggregator=None)
    entry_count = fields.Integer(string="Entries", readonly=True, aggregator=None)
    moved_count = fields.Integer(string="Chains Moved", readonly=True)
    content = fields.Binary(attachment=False, readonly=True, groups=NO_ACCESS)

    # whether it has left the house
    addresses = fields.Char(string="Sent To", readonly=True)
    mail_id = fields.Many2one("mail.mail", readonly=True, index="btree_not_null", ondelete="set null")
    delivery = fields.Selection(
        [
            ("nobody", "No Address in the Settings"),
            ("waiting", "Not Sent Yet"),
            ("sent", "Sent"),
            ("failed", "Not Delivered"),
        ],
        compute="_compute_delivery",
        store=True,
        readonly=True,
    )

    _number_unique = models.UniqueIndex("(number)")

    def init(self):
        self.env.cr.execute(
            """
            DROP TRIGGER IF EXISTS sqms_ledger_refuse ON sqms_ledger_anchor;
            CREATE TRIGGER sqms_ledger_refuse
                BEFORE UPDATE OF id, number, date, database, previous, digest, heads_digest, chain_count, entry_count,
                    moved_count, content OR DELETE OR TRUNCATE ON sqms_ledger_anchor
                FOR EACH STATEMENT EXECUTE FUNCTION sqms_ledger_refuse();
            ALTER TABLE sqms_ledger_anchor ENABLE ALWAYS TRIGGER sqms_ledger_refuse;
            """
        )

    @api.depends("number")
    def _compute_display_name(self):
        for anchor in self:
            anchor.display_name = self.env._("Anchor %(number)s", number=anchor.number)

    @api.depends("mail_id.state")
    def _compute_delivery(self):
        found = {"sent": "sent", "exception": "failed", "cancel": "failed"}
        for anchor in self:
            if anchor.mail_id:
                anchor.delivery = found.get(anchor.mail_id.sudo().state, "waiting")
            else:
                # What became of a mail stays known when the mail is cleared away.
                anchor.delivery = anchor.delivery or "nobody"

    # -- making one ----------------------------------------------------------------

    @api.model
    def _cron_anchor(self):
        self._anchor()

    @api.model
    def _anchor(self):
        """Make an anchor of what has moved since the last one, and send it.

        :return: the anchor, or nothing when no chain has moved
        """
        self.env["sqms.ledger.entry"].sudo()._finish_now()
        self.env.cr.execute("SELECT nextval('sqms_ledger_anchor_id_seq')")
        [anchor_id] = self.env.cr.fetchone()
        moved = self.env["sqms.ledger.head"]._move_to(anchor_id)
        if not moved:
            return self.browse()
        self.env.cr.execute(
            "SELECT number, digest, now() AT TIME ZONE 'UTC' FROM (SELECT 1) one LEFT JOIN"
            " (SELECT number, digest FROM sqms_ledger_anchor ORDER BY number DESC LIMIT 1) last ON TRUE"
        )
        last, previous, now = self.env.cr.fetchone()
        said = self._prepare_content((last or 0) + 1, previous, now, moved)
        self._insert(anchor_id, said, now)
        anchor = self.sudo().browse(anchor_id)
        anchor._send()
        return anchor

    def _prepare_content(self, number, previous, now, moved):
        digests, chains, entries = self.env["sqms.ledger.head"]._digests()
        lines = sorted(f"{model} {digest}\n" for model, digest in digests.items())
        said = {
            "format": "sqms-ledger-anchor",
            "v": 1,
            "database": self.env["ir.config_parameter"].sudo().get_param("database.uuid"),
            "number": number,
            "previous": previous,
            "at": now,
            "chains": chains,
            "entries": entries,
            "heads_digest": hashlib.sha256("".join(lines).encode()).hexdigest(),
            "moved": moved,
        }
        said = json.loads(hash_chain.canonical(said))
        return {**said, "digest": hashlib.sha256(hash_chain.canonical(said).encode()).hexdigest()}

    def _insert(self, anchor_id, said, now):
        self.env.cr.execute(
            SQL(
                "INSERT INTO sqms_ledger_anchor (id, number, date, database, previous, digest, heads_digest,"
                " chain_count, entry_count, moved_count, content) VALUES %s ON CONFLICT DO NOTHING",
                (
                    anchor_id, said["number"], now, said["database"], said["previous"], said["digest"],
                    said["heads_digest"], said["chains"], said["entries"], len(said["moved"]),
                    gzip.compress(hash_chain.canonical(said).encode(), mtime=0),
                ),
            ),
            log_exceptions=False,
        )  # fmt: skip
        if self.env.cr.rowcount != 1:
            raise RuntimeError("The ledger has lost count of its anchors in this transaction")

    def _file_name(self):
        return f"sqms-anchor-{self.number:06d}.json.gz"

    def _file(self):
        """The anchor as it is sent. It names the records of all companies."""
        self.ensure_one()
        self._check_may_download()
        return bytes(self._packed())

    def _packed(self):
        self.env.cr.execute("SELECT content FROM sqms_ledger_anchor WHERE id = %s", [self.id])
        return self.env.cr.fetchone()[0]

    def _check_may_download(self):
        self.check_access("read")
        if not self.exists():
            raise MissingError(self.env._("There is no such anchor."))
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        if not self.env.su and companies.search_count([("id", "not in", self.env.user.company_ids.ids)], limit=1):
            raise AccessError(
                self.env._("An anchor speaks of all companies; who is at home in all of them may have it.")
            )

    # -- sending it ----------------------------------------------------------------

    @api.model
    def _get_addresses(self):
        setting = self.env["ir.config_parameter"].sudo().get_param(ADDRESSES) or ""
        return [address for address in email_split_and_format(setting) if email_normalize(address)]

    def _send(self):
        """Put the mail into the queue, with the transaction that made the anchor."""
        addresses = self._get_addresses()
        self.write({"addresses": ", ".join(addresses) or False, "delivery": "waiting" if addresses else "nobody"})
        if not addresses:
            return
        company = self.env["res.company"].sudo().search([("id", "!=", False)], order="id", limit=1)
        lang = company.partner_id.lang
        anchor = self.with_context(lang=lang)
        mail = self.env["mail.mail"].sudo().create(
            {
                "subject": anchor.env._(
                    "%(company)s: anchor %(number)s of the quality ledger", company=company.name, number=self.number
                ),
                "body_html": self.env["ir.qweb"]._render(
                    "sqms_base.ledger_anchor_mail", {"anchor": anchor, "company": company}, lang=lang
                ),
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "email_to": ", ".join(addresses),
                "auto_delete": False,
            }
        )  # fmt: skip
        mail.attachment_ids = self.env["ir.attachment"].sudo().create(
            {
                "name": self._file_name(),
                "raw": bytes(self._packed()),
                "mimetype": "application/gzip",
                "res_model": "mail.mail",
                "res_id": mail.id,
            }
        )  # fmt: skip
        self.write({"mail_id": mail.id})

    # -- buttons -------------------------------------------------------------------

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group("sqms_base.group_sqms_manager"):
            raise AccessError(self.env._("A quality manager does this."))

    def action_anchor_now(self):
        self._check_manager()
        anchor = self.sudo()._anchor()
        message = (
            self.env._("Anchor %(number)s was made.", number=anchor.number)
            if anchor
            else self.env._("Nothing has been added since the last anchor.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_send_again(self):
        self._check_manager()
        if not self._get_addresses():
            raise UserError(self.env._("There is no address in the settings that anchors could be sent to."))
        for anchor in self.sudo():
            anchor._send()

    def action_download(self):
        self.ensure_one()
        self._check_may_download()
        return {"type": "ir.actions.act_url", "url": f"/sqms/ledger/anchor/{self.id}", "target": "download"}
