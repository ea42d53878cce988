import hmac
import secrets
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.sqms_base.lib import public_code

PEPPER = "sqms_complaint.access_pepper"
PROOF_SECONDS = 30 * 60
# What the customer said himself; nobody writes it for him.
BY_CUSTOMER = ("complaint_customer_answer", "complaint_customer_answered_at")
# What a customer who is logged in never reads from the server, or not before the page shows it.
COLLEAGUES_ONLY = (
    "complaint_investigation",
    "complaint_decision",
    "complaint_outcome",
    "complaint_answer",
    "complaint_reopen_reason",
)
PUBLIC_MESSAGE_TYPES = ("comment", "email", "email_outgoing")


class HelpdeskTicketAccess(models.Model):
    """How a customer without an account comes back to the complaint, and what he sees of it.

    1. Number and code open a complaint, and the word too if the customer chose one. Only a keyed digest of
       number and code and a slow hash of the word are kept; no list, export or message ever shows them.
    2. A wrong number, a wrong code and a wrong word get the same answer. Number and code are looked up together
       in one query, so a wrong number takes no other path than a wrong code. The word is tried after that alone.
    3. Whoever came in keeps a proof for half an hour. It is signed, bound to this complaint and this code, and
       travels in the body of the page alone. Posting the code again instead would leave the code itself in
       every page, in the history of a shared computer and in its memory: the proof runs out, the code does not.
    4. Public is what was sent to the customer or by him: public messages with their files. Internal notes and
       their files never are. A file that no message carries is public if the customer's side brought it.
    5. What the customer answers to the decision is written by his page alone.
    6. Customers who are logged in could ask the server for any field of their own ticket: what is not theirs yet,
       or never, is open to colleagues only.
    """

    _inherit = "helpdesk.ticket"

    complaint_access_digest = fields.Char(
        copy=False, groups=fields.NO_ACCESS, index="btree_not_null", export_string_translation=False
    )
    complaint_word_hash = fields.Char(copy=False, groups=fields.NO_ACCESS, export_string_translation=False)
    complaint_form_key = fields.Char(copy=False, groups=fields.NO_ACCESS, export_string_translation=False)
    complaint_customer_answer = fields.Selection(
        [("accepted", "Accepted"), ("objected", "Objected")],
        "Customer's answer",
        readonly=True,
        copy=False,
        tracking=True,
        help="What the customer said to the decision, on the status page.",
    )
    complaint_customer_answered_at = fields.Datetime("Customer answered at", readonly=True, copy=False)

    _complaint_form_key_uniq = models.UniqueIndex(
        "(complaint_form_key) WHERE complaint_form_key IS NOT NULL", "This form was sent already."
    )

    # -- the customer's own words stay his -------------------------------------

    def _create(self, data_list):
        # Below `create` the defaults of the context are merged in.
        self._guard_customer_answer(name for data in data_list for name in BY_CUSTOMER if data["stored"].get(name))
        return super()._create(data_list)

    def write(self, vals):
        self._guard_customer_answer(name for name in BY_CUSTOMER if name in vals)
        return super().write(vals)

    def _guard_customer_answer(self, names):
        if any(names) and not self.env.su:
            raise AccessError(self.env._("What the customer answered to the decision is written by his own page."))

    def _prepare_state_values(self, state):
        values = super()._prepare_state_values(state)
        if state in ("investigating", "decided"):
            # A new decision waits for a new answer.
            values.update(dict.fromkeys(BY_CUSTOMER, False))
        return values

    @api.model
    def _has_field_access(self, field, operation):
        # Groups on the fields would say the same, but every form that mentions one would then need them too.
        if field.name in COLLEAGUES_ONLY and not self.env.su and not self.env.user._is_internal():
            return False
        return super()._has_field_access(field, operation)

    # -- whose complaints these are -------------------------------------------------

    @api.model
    def _complaint_own_domain(self):
        """The complaints of whoever is logged in, by columns that have an index; the rules of access hold besides."""
        partner = self.env.user.partner_id
        own = Domain("is_complaint", "=", True) & Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
        spoken_for = Domain("is_complaint", "=", True) & Domain("complaint_representative_id", "=", partner.id)
        return own | spoken_for if self.sudo().search_count(spoken_for, limit=1) else own

    # -- code and word ---------------------------------------------------------

    @api.model
    def _complaint_init_pepper(self):
        """Make the secret that codes are kept with. Changing it later makes every code useless."""
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(PEPPER):
            parameters.set_param(PEPPER, secrets.token_hex(32))

    @api.model
    def _complaint_pepper(self):
        pepper = self.env["ir.config_parameter"].sudo().get_param(PEPPER)
        if not pepper:
            raise ValueError(f"The system parameter {PEPPER} is missing: codes cannot be made or checked without it.")
        return bytes.fromhex(pepper)

    def _complaint_issue_code(self, seed=None):
        """Give the complaint a code; an earlier one no longer opens it.

        :param seed: what the filled-in form is recognised by, if it was a form
        :return: the code, which is kept nowhere else
        """
        self.ensure_one()
        pepper = self._complaint_pepper()
        code = public_code.derive_code(pepper, seed or secrets.token_hex(16))
        self.sudo().complaint_access_digest = public_code.access_digest(pepper, self.number, code)
        return code

    def _complaint_set_word(self, word):
        self.sudo().complaint_word_hash = word and public_code.hash_word(word)

    @api.model
    def _complaint_find(self, number, code, word):
        """The complaint that these three open, in superuser mode, or none.

        Whoever holds number and code may be a thief of the paper: the word is tried ten times in a quarter of an hour,
        then not even the right one opens. Nobody else can bring that about.
        """
        digest = public_code.access_digest(self._complaint_pepper(), number, code)
        complaint = self.sudo().search_fetch(
            [("complaint_access_digest", "=", digest)], ["complaint_word_hash", "number", "company_id"], limit=1
        )
        stored = complaint.complaint_word_hash
        if not stored:
            return complaint
        throttle = self.env["sqms.public.throttle"].sudo()
        if not throttle.is_within("failure_word", complaint.id):
            return complaint.browse()
        if not public_code.check_word(word, stored):
            throttle.hit("failure_word", complaint.id)
            return complaint.browse()
        return complaint

    # -- proof -----------------------------------------------------------------

    def _complaint_proof(self, code_hint):
        """What shows for half an hour that number, code and word were right.

        :param code_hint: the first letters of the code, so that the page can say which one opened it
        """
        self.ensure_one()
        text = f"{self.id}.{int(time.time()) + PROOF_SECONDS}.{code_hint}"
        return f"{text}.{self._complaint_sign(text)}"

    @api.model
    def _complaint_from_proof(self, proof):
        """:return: (complaint in superuser mode or none, the first letters of the code)"""
        text, _dot, signature = proof.rpartition(".")
        number, expiry, hint = [*text.split("."), "", "", ""][:3]
        if not (proof.isascii() and number.isdecimal() and expiry.isdecimal() and len(number) < 10):
            return self.browse(), ""
        complaint = self.sudo().browse(int(number)).exists()
        if not complaint.complaint_access_digest or not hmac.compare_digest(complaint._complaint_sign(text), signature):
            return self.browse(), ""
        return (complaint, hint) if int(expiry) >= time.time() else (self.browse(), "")

    def _complaint_sign(self, text):
        digest = self.sudo().complaint_access_digest or ""
        return hmac.new(self._complaint_pepper(), f"proof\n{text}\n{digest}".encode(), "sha256").hexdigest()

    # -- what the customer sees --------------------------------------------------

    def _complaint_public_messages(self):
        """What was said between the company and the customer, oldest first."""
        self.ensure_one()
        return (
            self.env["mail.message"]
            .sudo()
            .search(self._complaint_public_message_domain(), order="id")
            .filtered(lambda message: not message._is_empty())
        )

    def _complaint_public_message_domain(self):
        return (
            Domain("model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("message_type", "in", PUBLIC_MESSAGE_TYPES)
            & Domain("is_internal", "=", False)
            & Domain("subtype_id", "!=", False)
            & Domain("subtype_id.internal", "=", False)
        )

    def _complaint_public_files(self):
        """The files the customer may open: of public messages, and what his side brought at intake."""
        self.ensure_one()
        messages = self.env["mail.message"].sudo()
        carried = messages.search(
            Domain("model", "=", self._name) & Domain("res_id", "=", self.id) & Domain("attachment_ids", "!=", False)
        )
        public = (carried & messages.search(self._complaint_public_message_domain())).attachment_ids
        loose = (
            self.env["ir.attachment"].sudo().search([("res_model", "=", self._name), ("res_id", "=", self.id)])
            - carried.attachment_ids
        )
        if self.is_complaint:
            loose = loose.filtered(lambda file: file.create_uid.share)
        return public | loose

    @api.model
    def _complaint_revoke_internal_tokens(self):
        """Take back the links to internal files that the helpdesk's page has handed out; they never expire."""
        handed_out = (
            self.env["ir.attachment"].sudo().search([("res_model", "=", self._name), ("access_token", "!=", False)])
        )
        for ticket in self.sudo().with_context(active_test=False).browse(handed_out.mapped("res_id")).exists():
            files = handed_out.filtered(lambda file, ticket=ticket: file.res_id == ticket.id)
            (files - ticket._complaint_public_files()).access_token = False

    def _complaint_is_customers(self, message):
        """Whether the customer's side wrote a message: nobody, a person of the outside, or the customer himself."""
        author = message.author_id
        return not author or author.partner_share or author == self.partner_id
