import base64
import time

from odoo import Command, fields
from odoo.sql_db import db_connect
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..models.sqms_signature_failure import LIMIT
from .common import password_of, sign_step
from .test_web import WebCase

SECRET = "JBSWY3DPEHPK3PXP"


@tagged("post_install", "-at_install")
class TestSignatureWeb(WebCase):
    """Over the wire, as a browser or a script does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls._create_edition("Refund procedure", "Refund within one working day.", approve=False)
        cls.version.with_user(cls.officer).date_effective = fields.Date.today()
        cls.env.flush_all()

    def _call(self, method, *args, model="sqms.document.version", **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}", json={"jsonrpc": "2.0", "method": "call", "params": params}
        ).json()
        if "error" in answer:
            raise JsonRpcException(0, f"{answer['error']['data']['name']}: {answer['error']['data']['message']}")
        return answer.get("result")

    def _sign(self, password, code=None, step="approve", **kwargs):
        return self._call("action_sign_step", self.version.ids, step, password, code, **kwargs)

    def _nothing_changed(self):
        self.env.invalidate_all()
        self.assertEqual((self.version.state, self.version.signature_ids.mapped("meaning")), ("review", ["author"]))
        self.assertFalse(self.version.approved_at)

    def _refused(self, words, attempt):
        with (
            mute_logger("odoo.http", "odoo.addons.auth_totp.models.res_users"),
            self.assertRaisesRegex(JsonRpcException, words) as caught,
        ):
            attempt()
        self._nothing_changed()
        return caught.exception

    def test_right_password_signs_and_takes_the_step(self):
        self.authenticate(self.manager.login, password_of(self.manager))
        self.assertEqual(self._call("action_transition", self.version.ids, "approve")["tag"], "sqms_sign")
        self._nothing_changed()
        self._sign(password_of(self.manager))
        self.env.invalidate_all()
        self.assertEqual((self.version.state, self.version.approved_by_id), ("effective", self.manager))
        signature = self.version.signature_ids[0].sudo()
        self.assertEqual((signature.address, signature.auth_method), ("127.0.0.1", "password"))
        self.assertTrue(signature.is_valid)

    def test_wrong_password_and_what_is_none(self):
        self.authenticate(self.manager.login, password_of(self.manager))
        for password in ("wrong", "", None, False, True, 1, {}, ["x"], "x" * 1025, password_of(self.officer)):
            self._refused("AccessDenied", lambda p=password: self._sign(p))

    def test_any_context(self):
        self.authenticate(self.manager.login, password_of(self.manager))
        context = {"interactive": False, "sqms_signing": True, "su": True, "uid": self.top.id, "install_mode": True}
        self._refused("AccessDenied", lambda: self._sign("wrong", context=context))

    def test_expired_session(self):
        self.authenticate(self.manager.login, password_of(self.manager))
        self.manager.password = "Another-Password-1"
        self.env.flush_all()
        self._refused("SessionExpired", lambda: self._sign(password_of(self.manager)))
        self.logout()
        self._refused("SessionExpired", lambda: self._sign(password_of(self.manager)))

    def test_login_of_another_person(self):
        """The session says who signs: the password of a colleague signs nothing, nor does naming him."""
        self.authenticate(self.manager.login, password_of(self.manager))
        self._refused("AccessDenied", lambda: self._sign(password_of(self.top)))
        self._refused("TypeError", lambda: self._sign(password_of(self.top), login=self.top.login))
        self._refused("", lambda: self._call("with_user", self.version.ids, self.top.id))
        self.authenticate(self.plain.login, password_of(self.plain))
        self._refused("AccessError", lambda: self._sign(password_of(self.manager)))

    def test_author_approving_his_own(self):
        self.officer.group_ids = [Command.link(self.env.ref("sqms_base.group_sqms_manager").id)]
        self.env.flush_all()
        self.authenticate(self.officer.login, password_of(self.officer))
        for attempt in (
            lambda: self._sign(password_of(self.officer)),
            lambda: self._call("action_transition", self.version.ids, "approve"),
            lambda: self._call("action_sign", self.version.ids, "approver", password_of(self.officer)),
            lambda: self._call("signature_sheet", self.version.ids, "approve"),
        ):
            self._refused("another person", attempt)

    def test_private_doors(self):
        self.authenticate(self.manager.login, password_of(self.manager))
        signatures = "sqms.signature"
        for method, args in (
            ("sign", [self.version.ids, "approver", password_of(self.manager)]),
            ("_prove", [password_of(self.manager)]),
            ("_check_password", [self.manager.id, ""]),
            ("_create", [[{}]]),
        ):
            self._refused("AccessError", lambda m=method, a=args: self._call(m, *a, model=signatures))
        for method, args in (
            ("create", [{"res_model": "sqms.document.version", "res_id": self.version.id}]),
            ("write", [self.version.signature_ids.ids, {"meaning": "approver"}]),
            ("unlink", [self.version.signature_ids.ids]),
            ("copy", [self.version.signature_ids.ids]),
        ):
            self._refused("AccessError|signature", lambda m=method, a=args: self._call(m, *a, model=signatures))

    # -- scripts -------------------------------------------------------------------

    def _script(self, key, **values):
        return self.url_open(
            "/json/2/sqms.document.version/action_sign_step",
            json={"ids": self.version.ids, "name": "approve", **values},
            headers={"Authorization": f"Bearer {key}"},
        )

    def test_api_key(self):
        """It opens the door of the interface, and signs nothing: neither as bearer nor in place of the password."""
        key = self.env["res.users.apikeys"].with_user(self.manager)._generate(
            None, "script", fields.Datetime.add(fields.Datetime.now(), days=1)
        )  # fmt: skip
        self.env.flush_all()
        with mute_logger("odoo.http"):
            self.assertEqual(self._script(key, password=key).status_code, 403)
            self.assertEqual(self._script(key, password="").status_code, 403)
            self.assertEqual(self._script(key, password="wrong").status_code, 403)
            self.assertEqual(self._script(key).status_code, 422)
            self._nothing_changed()
            self.authenticate(self.manager.login, password_of(self.manager))
            self._refused("AccessDenied", lambda: self._sign(key))
        # With the real password the person has proved who he is, whatever carried it.
        self.assertEqual(self._script(key, password=password_of(self.manager)).status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(self.version.signature_ids[0].user_id, self.manager)

    # -- second factor -------------------------------------------------------------

    def _code(self, steps=0):
        from odoo.addons.auth_totp.models.totp import TOTP, hotp  # noqa: F401

        return str(hotp(base64.b32decode(SECRET), int(time.time() / 30) + steps)).zfill(6)

    def _enable_totp(self):
        if "totp_secret" not in self.env["res.users"]._fields:
            self.skipTest("auth_totp is not installed")
        self.manager.sudo().totp_secret = SECRET
        self.env.flush_all()
        self.authenticate(self.manager.login, password_of(self.manager))

    def test_second_factor_is_asked_for_who_has_one(self):
        self._enable_totp()
        sheet = self._call("signature_sheet", self.version.ids, "approve")
        self.assertEqual(sheet["factor"], "totp")
        right = self._code()
        wrong = f"{(int(right) + 1) % 1000000:06}"
        for code in (None, "", "12345", "abcdef", wrong):
            self._refused("6-digit code", lambda c=code: self._sign(password_of(self.manager), c))
        self._refused("not your password", lambda: self._sign("wrong", right))
        self._sign(password_of(self.manager), f" {right[:3]} {right[3:]} ")
        self.env.invalidate_all()
        self.assertEqual(self.version.state, "effective")
        self.assertTrue(self.version.signature_ids[0].second_factor)

    def test_code_counts_once(self):
        self._enable_totp()
        other = self._create_edition("Other procedure", "Other words.", approve=False)
        other.with_user(self.officer).date_effective = fields.Date.today()
        self.env.flush_all()
        code = self._code()
        self._call("action_sign_step", other.ids, "approve", password_of(self.manager), code)
        self._refused("latest 6-digit code", lambda: self._sign(password_of(self.manager), code))

    def test_trusted_device_is_not_asked(self):
        self._enable_totp()
        key = self.env["auth_totp.device"].with_user(self.manager)._generate(
            "browser", "laptop", fields.Datetime.add(fields.Datetime.now(), days=1)
        )  # fmt: skip
        self.env.flush_all()
        self.opener.cookies.set("td_id", key)
        self._refused("6-digit code", lambda: self._sign(password_of(self.manager)))

    def test_code_by_mail(self):
        if not hasattr(self.env["res.users"], "_send_totp_mail_code"):
            self.skipTest("auth_totp_mail is not installed")
        self.env["ir.config_parameter"].set_param("auth_totp.policy", "all_required")
        self.manager.email = "manager@example.com"
        self.env.flush_all()
        self.authenticate(self.manager.login, password_of(self.manager))
        self.assertEqual(self._call("signature_sheet", self.version.ids, "approve")["factor"], "totp_mail")
        self.assertTrue(self._call("send_code", model="sqms.signature"))
        self._refused("6-digit code", lambda: self._sign(password_of(self.manager)))
        self.env.invalidate_all()
        code = self.manager.sudo()._get_totp_mail_code()[0]
        self._sign(password_of(self.manager), code)
        self.env.invalidate_all()
        self.assertEqual(self.version.state, "effective")
        self.assertTrue(self.version.signature_ids[0].second_factor)

    def test_code_is_sent_to_who_gets_it_by_mail_alone(self):
        self.authenticate(self.manager.login, password_of(self.manager))
        self._refused("does not come by mail", lambda: self._call("send_code", model="sqms.signature"))

    # -- failures ------------------------------------------------------------------

    def test_failures_are_counted_though_the_request_is_rolled_back(self):
        database = db_connect(self.cr.dbname)
        self.patch(self.registry["sqms.signature.failure"], "_own_cursor", lambda _self: database.cursor())

        def forget():
            with database.cursor() as cr:
                cr.execute("DELETE FROM sqms_signature_failure WHERE uid = %s", [self.manager.id])

        self.addCleanup(forget)
        self.authenticate(self.manager.login, password_of(self.manager))
        for _attempt in range(LIMIT):
            error = self._refused("not your password", lambda: self._sign("wrong"))
            self.assertIn("AccessDenied", str(error))
        self._refused("attempts to sign were denied", lambda: self._sign(password_of(self.manager)))
        with database.cursor() as cr:
            cr.execute("SELECT count(*), min(address) FROM sqms_signature_failure WHERE uid = %s", [self.manager.id])
            self.assertEqual(cr.fetchone(), (LIMIT, "127.0.0.1"))
        # Colleagues behind the same address go on.
        self.authenticate(self.top.login, password_of(self.top))
        self._sign(password_of(self.top))
        self.env.invalidate_all()
        self.assertEqual(self.version.state, "effective")

    def test_password_is_in_no_log(self):
        self.manager.password = "Zxq-9:correct-horse"
        self.env.flush_all()
        self.authenticate(self.manager.login, "Zxq-9:correct-horse")
        with self.assertLogs(level="INFO") as logs:
            with self.assertRaises(JsonRpcException):
                self._sign("Zxq-9:wrong-battery")
            self._sign("Zxq-9:correct-horse")
        self.assertIn("Nothing was signed", "\n".join(logs.output))
        self.assertNotIn("Zxq-9", "\n".join(logs.output))

    def test_reader_of_the_block_needs_no_right_to_write(self):
        sign_step(self.version, "approve", self.manager)
        self.env.flush_all()
        self.authenticate(self.plain.login, password_of(self.plain))
        [record] = self._call("web_read", self.version.ids, specification={"signature_rows": {}, "signature_ids": {}})
        self.assertEqual([row["meaning"] for row in record["signature_rows"]], ["author", "approver"])
