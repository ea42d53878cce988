import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import LazyTranslate

from ..lib import manifest as manifests
from ..lib.signing import take_row

_lt = LazyTranslate(__name__)

MEANINGS = [
    ("author", "Author"),
    ("reviewer", "Reviewer"),
    ("approver", "Approver"),
    ("acknowledged", "Read and Understood"),
    ("verified", "Verified"),
]
SEES_EVIDENCE = "sqms_base.group_sqms_manager,sqms_base.group_sqms_top,sqms_base.group_sqms_certifier"


class SqmsSignature(models.Model):
    """Who signed what, when, with which meaning.

    1. A signature is made by `sign` (or a step that is signed) alone, in the call in which its signer gave the
       password; nobody has the right to create, change or delete one, and the database refuses it too.
    2. It keeps what was signed (the manifest, canonical JSON) and its digest, and the name and job of that day.
    3. It is valid as long as the record still says what was signed, and void after that.
    4. Who may read the record may read its signatures.
    """

    _name = "sqms.signature"
    _description = "Signature"
    _inherit = ["sqms.attached.mixin"]
    _log_access = False
    _order = "id desc"
    _rec_name = "printed_name"

    # what
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True, aggregator=None
    )
    record_name = fields.Char(string="Signed", compute="_compute_record_name")
    manifest = fields.Text(
        string="What Was Signed", required=True, readonly=True, groups=SEES_EVIDENCE,
        help="Canonical JSON of the record as it was signed; the digest is its SHA-256.",
    )  # fmt: skip
    digest = fields.Char(required=True, readonly=True)

    # who, when, how
    user_id = fields.Many2one("res.users", string="Signer", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict", index=True)
    printed_name = fields.Char(required=True, readonly=True)
    job_title = fields.Char(readonly=True)
    signed_at = fields.Datetime(readonly=True, help="Set by the database. Shown in your time zone, kept in UTC.")
    meaning = fields.Selection(MEANINGS, required=True, readonly=True)
    statement = fields.Text(required=True, readonly=True)
    auth_method = fields.Char(string="Signed With", required=True, readonly=True)
    second_factor = fields.Boolean(readonly=True)
    address = fields.Char(readonly=True, groups=SEES_EVIDENCE)

    # does it still hold
    is_valid = fields.Boolean(compute="_compute_validity")
    validity = fields.Selection([("valid", "Valid"), ("void", "Void")], compute="_compute_validity")
    void_reason = fields.Char(string="Void Because", compute="_compute_validity")

    _record_idx = models.Index("(res_model, res_id)")
    _user_idx = models.Index("(user_id, signed_at)")

    def init(self):
        """The database keeps the rows as well: it refuses to change or delete any, sets the time itself, and takes
        new ones only with their right digest, from a transaction that is signing and that writes the same into the
        ledger.
        """
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION sqms_signature_keep() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'Signatures are kept: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE OR REPLACE FUNCTION sqms_signature_seal() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.digest IS DISTINCT FROM encode(sha256(convert_to(NEW.manifest, 'UTF8')), 'hex')
                   OR current_setting('sqms.signing', true)
                      IS DISTINCT FROM pg_current_xact_id()::text || ',' || NEW.user_id
                THEN
                    RAISE EXCEPTION 'A signature is given with a password, never inserted'
                          USING ERRCODE = 'insufficient_privilege';
                END IF;
                NEW.signed_at := date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC');
                RETURN NEW;
            END $$;
            CREATE OR REPLACE FUNCTION sqms_signature_pair() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT EXISTS (
                    SELECT FROM sqms_ledger_entry entry
                     WHERE entry.xact = pg_current_xact_id()
                       AND (entry.res_model, entry.res_id, entry.event) = (NEW.res_model, NEW.res_id, 'signed')
                       AND entry.user_id = NEW.user_id
                       AND entry.text::jsonb -> 'new' ->> 'digest' = NEW.digest
                       AND entry.text::jsonb -> 'new' ->> 'signature' = NEW.id::text
                ) THEN
                    RAISE EXCEPTION 'Signature % does not stand in the ledger', NEW.id
                          USING ERRCODE = 'insufficient_privilege';
                END IF;
                RETURN NULL;
            END $$;
            DROP TRIGGER IF EXISTS sqms_signature_keep ON sqms_signature;
            CREATE TRIGGER sqms_signature_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON sqms_signature
                FOR EACH STATEMENT EXECUTE FUNCTION sqms_signature_keep();
            ALTER TABLE sqms_signature ENABLE ALWAYS TRIGGER sqms_signature_keep;
            DROP TRIGGER IF EXISTS sqms_signature_seal ON sqms_signature;
            CREATE TRIGGER sqms_signature_seal BEFORE INSERT ON sqms_signature
                FOR EACH ROW EXECUTE FUNCTION sqms_signature_seal();
            ALTER TABLE sqms_signature ENABLE ALWAYS TRIGGER sqms_signature_seal;
            DROP TRIGGER IF EXISTS sqms_signature_pair ON sqms_signature;
            CREATE CONSTRAINT TRIGGER sqms_signature_pair AFTER INSERT ON sqms_signature
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sqms_signature_pair();
            ALTER TABLE sqms_signature ENABLE ALWAYS TRIGGER sqms_signature_pair;
            """
        )

    # -- computes ----------------------------------------------------------

    @api.depends("res_model", "res_id")
    @api.depends_context("lang")
    def _compute_record_name(self):
        names = {}
        for model, records in self._attached_records().items():
            readable = records.exists()._filtered_access("read")
            names.update({(model, record.id): record.display_name for record in readable})
        for signature in self:
            signature.record_name = names.get((signature.res_model, signature.res_id), False)

    @api.depends("manifest")
    @api.depends_context("lang")
    def _compute_validity(self):
        reasons = self.sudo()._void_reasons()
        for signature in self:
            signature.void_reason = reasons.get(signature.id, False)
            signature.is_valid = not signature.void_reason
            signature.validity = "valid" if signature.is_valid else "void"

    @api.model
    def _attached_models(self):
        return [
            name
            for name, model in self.env.registry.items()
            if not model._abstract and not model._transient and "signature_ids" in model._fields
            and model._fields["signature_ids"].comodel_name == self._name
        ]  # fmt: skip

    def _void_reasons(self, thorough=False):
        """`{signature id: why it is void}` of those that no longer hold, by what the database says now.

        One question per kind of thing, however many signatures. The bytes of files are read only when asked to be
        `thorough`; otherwise size and SHA-1, which the server keeps, stand for them.
        """
        if not self.ids:
            return {}
        self.env.cr.execute(
            """
            SELECT signature.id, signature.res_model, signature.res_id, signature.manifest, signature.digest,
                   EXISTS (
                       SELECT FROM sqms_ledger_entry entry
                        WHERE entry.res_model = signature.res_model
                          AND entry.res_id = signature.res_id
                          AND entry.event = 'signed'
                          AND entry.user_id = signature.user_id
                          AND entry.text::jsonb -> 'new' ->> 'digest' = signature.digest
                          AND entry.text::jsonb -> 'new' ->> 'meaning' = signature.meaning
                          AND entry.text::jsonb -> 'new' ->> 'signature' = signature.id::text
                   )
              FROM sqms_signature signature
             WHERE signature.id IN %s
            """,
            [tuple(self.ids)],
        )
        reasons, rows = {}, defaultdict(list)
        for id_, model, res_id, text, digest, in_ledger in self.env.cr.fetchall():
            if manifests.digest(text) != digest:
                reasons[id_] = self.env._("the signature itself was tampered with")
            elif not in_ledger:
                reasons[id_] = self.env._("it does not stand in the ledger")
            else:
                rows[model].append((id_, res_id, json.loads(text)))
        signable = set(self._attached_models())
        for model, signed in rows.items():
            records = (
                self.env[model].sudo().browse({res_id for _id, res_id, _what in signed}) if model in signable else []
            )
            names = {name for _id, _res_id, what in signed for name in what["fields"]}
            current = records._signature_values(names, thorough=thorough) if records else {}
            for id_, res_id, what in signed:
                if res_id not in current or (what["model"], what["id"]) != (model, res_id):
                    reasons[id_] = self.env._("what was signed no longer exists")
                    continue
                changed = manifests.changes(what["fields"], current[res_id])
                if changed:
                    labels = [records._signature_label(name) for name in changed]
                    reasons[id_] = self.env._("changed since: %(fields)s", fields=", ".join(labels))
        return reasons

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_check_files(self):
        """Read the files of what was signed byte by byte: a file exchanged on the disk of the server shows only so."""
        self.ensure_one()
        self.check_access("read")
        reason = self.sudo()._void_reasons(thorough=True).get(self.id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if reason else "success",
                "sticky": bool(reason),
                "title": self.env._("Void") if reason else self.env._("Valid"),
                "message": reason or self.env._("Every word and every byte is as it was signed."),
            },
        }

    # -- nobody writes them ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_unless_signing(vals, peek=True)
        return super().create(vals_list)

    def _create(self, data_list):
        for data in data_list:
            self._refuse_unless_signing(data["stored"])
        return super()._create(data_list)

    def _refuse_unless_signing(self, vals, peek=False):
        row = tuple(vals.get(name) for name in ("res_model", "res_id", "user_id", "meaning", "digest"))
        if not take_row(row, peek=peek):
            self._refuse()

    def write(self, vals):  # pylint: disable=method-required-super
        self._refuse()

    def _write_multi(self, vals_list):
        self._refuse()

    def unlink(self):  # pylint: disable=method-required-super
        self._refuse()

    def copy_data(self, default=None):
        self._refuse()

    def _refuse(self):
        raise AccessError(
            self.env._("A signature is given by its signer, with the password, and kept: nobody writes or deletes one.")
        )

    # -- who may read them -------------------------------------------------------

    def _attached_refusal(self):
        return self.env._("Signatures are read by who may read what was signed.")
