import re

from odoo import api, models
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

from ..lib import manifest as manifests
from ..lib.signing import Proof, making_rows
from .sqms_signature_failure import LIMIT

LONGEST_PASSWORD = 1024
# Ways to prove who one is that ask for something only the person knows. A single sign-on is not among them: its
# check compares a stored token and says nothing about who sits there now.
METHODS = ("password", "ldap")
SECOND_FACTORS = ("totp", "totp_mail")


class SqmsSignatureSign(models.Model):
    """How a signature is given.

    1. Signer is the user of the call; he proves it with his password each time, and with the second factor if his
       account has one. A session, an API key, a trusted device, the superuser or the code of a colleague prove nothing.
    2. The credentials are checked before anything is written. Denied means: nothing has changed.
    3. What cannot be checked is denied: no request where the second factor wants one, an unknown method, a module
       that is missing. No setting skips it.
    """

    _inherit = "sqms.signature"

    @api.private
    @api.model
    def sign(self, record, meaning, password=None, code=None):
        """Sign records with a meaning, as the user of this call.

        :param record: one or more records of one model that says what is signed (`sqms.signature.mixin`)
        :param meaning: "author", "reviewer", "approver", "acknowledged" or "verified"
        :return: the signatures
        :raise AccessDenied: the credentials are not those of the user; nothing has changed
        :raise UserError: this user does not sign these records with this meaning
        """
        if not (isinstance(record, models.BaseModel) and record and record._name in self._attached_models()):
            raise UserError(self.env._("There is nothing here that can be signed."))
        record = record.with_env(self.env).sudo(False)
        record.check_access("read")
        refuse(record, record._signature_refusals(meaning))
        return give(record, meaning, self._prove(password, code))

    @api.model
    def _prove(self, password, code=None):
        """Check that the person at the keyboard is the user of this call.

        :return: `Proof`
        :raise AccessDenied: with a sentence for the person, and in `context["place"]` the field it belongs to
        """
        user = self.env.user
        if not user.active or not user._is_internal() or user._is_public():
            raise _denied(self.env._("Only the company's own people sign here."), "password")
        address = request.httprequest.remote_addr if request else ""
        with self.env["sqms.signature.failure"]._attempt(user.id, address):
            method = self._check_password(user, password)
            factor = self._check_second_factor(user, code)
        return Proof(user.id, method, bool(factor), address or "")

    def _check_password(self, user, password):
        wrong = _denied(self.env._("This is not your password. Nothing was signed."), "password")
        if not isinstance(password, str) or not 0 < len(password) <= LONGEST_PASSWORD:
            raise wrong
        credential = {"type": "password", "login": user.login, "password": password}
        try:
            # Not interactive would let API keys through and turn away who has a second factor.
            answer = user._check_credentials(credential, {"interactive": True})
        except AccessDenied:
            if not self._has_password(user):
                raise _denied(self._how_to_get_a_password(), "password") from None
            raise wrong from None
        if answer["uid"] != self.env.uid or answer["auth_method"] not in METHODS:
            raise _denied(self._how_to_get_a_password(), "password")
        return answer["auth_method"]

    def _check_second_factor(self, user, code):
        """:return: the kind of second factor that was checked, or None when the account has none"""
        factor = user._mfa_type()
        if factor is None:
            return None
        digits = re.sub(r"\s", "", code) if isinstance(code, str) else ""
        wrong = _denied(self.env._("Please enter the latest 6-digit code. Nothing was signed."), "code")
        if factor not in SECOND_FACTORS or not request or not re.fullmatch(r"[0-9]{6}", digits):
            raise wrong
        try:
            answer = user._check_credentials({"type": factor, "token": int(digits)}, {"interactive": True})
        except (AccessDenied, AssertionError):
            raise wrong from None
        if answer["uid"] != self.env.uid:
            raise wrong
        return factor

    def _has_password(self, user):
        self.env.cr.execute("SELECT COALESCE(password, '') != '' FROM res_users WHERE id = %s", [user.id])
        return self.env.cr.fetchone()[0]

    def _how_to_get_a_password(self):
        return self.env._(
            "Signing asks for a password of your own in this system, and you sign in without one. Choose “Reset"
            " Password” on the sign-in page, or ask your administrator to send you the mail for it; then sign."
            " Nothing was signed."
        )

    @api.model
    def send_code(self):
        """Send the signer the code of the second factor, where it comes by mail.

        :raise UserError: it does not come by mail, or it was sent too often
        """
        user = self.env.user
        if user._mfa_type() != "totp_mail" or not request:
            raise UserError(self.env._("Your second factor does not come by mail."))
        user._send_totp_mail_code()
        return True

    def _signing_state(self):
        """What the dialog must know of the account of the signer."""
        user = self.env.user
        minutes = self.env["sqms.signature.failure"]._minutes_to_wait(user.id)
        obstacle = hint = ""
        if minutes:
            obstacle = self.env._(
                "%(limit)s attempts to sign were denied. Please wait %(minutes)s minutes.", limit=LIMIT, minutes=minutes
            )
        # A directory knows the password of an account that has none here.
        directory = self.env["ir.module.module"].sudo()._get("auth_ldap").state == "installed"
        if not self._has_password(user) and not directory:
            hint = self._how_to_get_a_password()
        return {"factor": user._mfa_type() or "", "obstacle": obstacle, "hint": hint}


def refuse(records, refusals):
    """Say why these records are not signed by this user: `{record id: reason}`."""
    if refusals:
        raise UserError(
            "\n".join(
                records.env._(
                    "%(record)s cannot be signed by you: %(reason)s.",
                    record=record.display_name,
                    reason=refusals[record.id],
                )
                for record in records
                if record.id in refusals
            )
        )


def give(records, meaning, proof, seen=None):
    """Write the signatures of the person of the proof, and their entry in the ledger, in one go.

    A function of this module and no method: server actions call methods, private ones too.

    :param seen: `{record id: digest}` of what the person was shown, or None
    :raise UserError: something was changed since it was shown
    """
    env = records.env
    if proof.uid != env.uid:
        raise AccessDenied()
    refuse(records, records._signature_refusals(meaning))
    texts = {id_: manifests.canonical(what) for id_, what in records._signature_manifest(meaning).items()}
    digests = {id_: manifests.digest(text) for id_, text in texts.items()}
    _refuse_changed(records, digests, seen)
    statements = records._signature_statements(meaning)
    signer = records._signature_signer()
    vals_list = [
        {
            "res_model": record._name,
            "res_id": record.id,
            "manifest": texts[record.id],
            "digest": digests[record.id],
            "user_id": proof.uid,
            "company_id": record._signature_company().id,
            "printed_name": signer["name"],
            "job_title": signer["job"],
            "meaning": meaning,
            "statement": statements[record.id],
            "auth_method": proof.method,
            "second_factor": proof.second_factor,
            "address": proof.address,
        }
        for record in records
    ]
    rows = [tuple(v[name] for name in ("res_model", "res_id", "user_id", "meaning", "digest")) for v in vals_list]
    env.cr.execute("SELECT set_config('sqms.signing', pg_current_xact_id()::text || ',' || %s, true)", [str(proof.uid)])
    with making_rows(rows):
        signatures = env["sqms.signature"].sudo().create(vals_list)
    env.cr.execute("SELECT set_config('sqms.signing', '', true)")
    signatures.invalidate_recordset(["signed_at"], flush=False)
    records.invalidate_recordset(["signature_ids", "signature_rows"], flush=False)
    records._ledger_log(
        "signed",
        new={
            signature.res_id: {
                "signature": signature.id,
                "meaning": meaning,
                "digest": signature.digest,
                "method": proof.method,
                "second_factor": proof.second_factor,
            }
            for signature in signatures
        },
    )
    if hasattr(records, "_message_log_batch"):
        label = dict(env["sqms.signature"]._fields["meaning"]._description_selection(env))[meaning]
        records._message_log_batch(dict.fromkeys(records.ids, env._("Signed: %(meaning)s", meaning=label)))
    return signatures.with_env(env)


def _refuse_changed(records, digests, seen):
    if seen is None:
        return
    for record in records:
        if seen.get(str(record.id)) != digests[record.id]:
            raise UserError(
                records.env._(
                    "%(record)s was changed since this was opened. Please close it, read again and sign then.",
                    record=record.display_name,
                )
            )


def _denied(sentence, place):
    denied = AccessDenied(sentence)
    denied.context = {"place": place}
    return denied
