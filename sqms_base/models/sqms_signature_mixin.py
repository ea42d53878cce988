from odoo import fields, models
from odoo.exceptions import UserError

from ..lib.database_image import database_image
from .sqms_signature import MEANINGS

NOT_BY_AUTHORS = ("reviewer", "approver", "verified")


class SqmsSignatureMixin(models.AbstractModel):
    """A record that people sign.

    1. The model names what is signed: `_signature_fields`, for some meanings more of it (`_signature_fields_for`),
       of lines the fields in `_signature_lines`. What moves by itself (state, counters, chatter) is not among them.
    2. Who wrote it does not review, approve or verify it, whatever his role. Where the authors are known nobody
       else signs as author.
    3. A signature stands in the ledger as well: the model inherits `sqms.ledger.mixin` too (every workflow does).
    4. What a step fills in (who approved, when) is not part of what is signed: the signature stands before it.
    """

    _name = "sqms.signature.mixin"
    _description = "Signed Record"

    _signature_fields = ()
    _signature_fields_for = {}  # meaning -> names of further fields
    _signature_lines = {}  # name of a one2many -> names of the fields of its lines

    signature_ids = fields.One2many(
        "sqms.signature", "res_id", string="Signatures", readonly=True, copy=False, bypass_search_access=True,
        domain=lambda self: [("res_model", "=", self._name)], groups="base.group_user",
    )  # fmt: skip

    # -- what is signed ----------------------------------------------------------

    def _signature_manifest(self, meaning=None):
        """`{record id: what is signed}` of these records as the database holds them, everything flushed.

        :raise UserError: the model does not say what is signed
        """
        names = [*self._signature_fields, *self._signature_fields_for.get(meaning, ())]
        if not names:
            raise UserError(
                self.env._(
                    "What is signed of a %(model)s is not laid down; it cannot be signed.", model=self._description
                )
            )
        self.env.flush_all()
        values = self.sudo()._signature_values(names, thorough=True)
        return {id_: {"model": self._name, "id": id_, "fields": values[id_]} for id_ in self.ids}

    def _signature_values(self, names, thorough=False):
        """`{record id: {name: canonical value}}` of the records that exist, straight from the database.

        To be extended for what is signed but is no column (a related or computed field). Names that the model
        does not know are left out, which makes what was signed with them void.
        """
        known = [name for name in names if name in self._fields]
        return database_image(self, known, self._signature_lines, thorough)

    def _signature_label(self, name):
        """The word for a signed value, in the language of the user."""
        return self._fields[name]._description_string(self.env) if name in self._fields else name

    # -- who signs ---------------------------------------------------------------

    def _signature_authors(self):
        """`{record id: users}` who wrote it; records that know none are left out."""
        return {}

    def _signature_refusals(self, meaning):
        """`{record id: reason}` why the user at hand does not sign these records with this meaning."""
        if meaning not in dict(MEANINGS):
            raise UserError(self.env._("There is no signature with this meaning."))
        return self._signature_not_by(meaning)

    def _signature_not_by(self, meaning):
        """`{record id: reason}`: nobody judges his own work, nobody signs for the work of others."""
        user = self.env.user
        authors = self._signature_authors()
        refusals = {}
        for record in self:
            wrote = authors.get(record.id, user.browse())
            if meaning == "author" and wrote and user not in wrote:
                refusals[record.id] = self.env._(
                    "who wrote it signs as its author (%(names)s)", names=", ".join(wrote.sudo().mapped("name"))
                )
            elif meaning in NOT_BY_AUTHORS and (user in wrote or user in record._signature_signed_by("author")):
                refusals[record.id] = self.env._("you wrote it, another person signs it")
        return refusals

    def _signature_signed_by(self, meaning):
        return self.sudo().signature_ids.filtered(lambda signature: signature.meaning == meaning).user_id

    def _signature_signer(self):
        """Name and job of the user at hand, as they are printed today."""
        user = self.env.user.sudo()
        return {"id": user.id, "name": user.name, "job": user.employee_id.job_title or user.partner_id.function or ""}

    def _signature_company(self):
        self.ensure_one()
        return (self.sudo().company_id if "company_id" in self._fields else None) or self.env.company

    def _signature_statement(self, meaning):
        """`{record id: the sentence that is signed}`, in the language of the signer."""
        return {record.id: self._signature_sentence(meaning, record.display_name) for record in self}

    def _signature_statements(self, meaning):
        """What stands above the signature: the statement, and what is said with it of the person who signs."""
        return self._signature_statement(meaning)

    def _signature_sentence(self, meaning, record):
        return {
            "author": self.env._("I wrote %(record)s and answer for what it says.", record=record),
            "reviewer": self.env._(
                "I have read %(record)s completely. It is correct, workable and fits our other procedures.",
                record=record,
            ),
            "approver": self.env._("I approve %(record)s.", record=record),
            "acknowledged": self.env._("I have read and understood %(record)s.", record=record),
            "verified": self.env._("I have checked %(record)s and found it so.", record=record),
        }[meaning]

    # -- signing without a step --------------------------------------------------

    def action_sign(self, meaning, password, code=None):
        """Sign these records as the user at hand; for what is signed and stays in its state.

        :raise AccessDenied: the credentials are not those of the user; nothing has changed
        """
        self.env["sqms.signature"].sign(self, meaning, password=password, code=code)
        return True

    def write(self, vals):
        # What the record says has changed: what the cache holds of the validity of signatures no longer counts.
        self.env["sqms.signature"].invalidate_model(["is_valid", "validity", "void_reason"], flush=False)
        self.invalidate_recordset(["signature_rows"], flush=False)
        return super().write(vals)
