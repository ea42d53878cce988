import json
from datetime import datetime

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import DocumentCase

HOSTILE = {
    "default_state": "approved", "sqms_workflow_pass": True, "workflow_import": True, "install_mode": True,
    "import_file": True, "tracking_disable": True, "_force_unlink": True, "noupdate": True, "active_test": False,
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestWorkflowOverTheWire(DocumentCase, HttpCase):
    """What a client can send, as it is sent: the guards hold for the web client, and for programs with a key."""

    def setUp(self):
        super().setUp()
        self.draft = self._create_draft()
        self.in_force = self._create_in_force(document=self._create_document("Other"))
        self.env.flush_all()

    def _call(self, method, args, user=None, **kwargs):
        user = user or self.manager
        self.authenticate(user.login, user.login)
        with mute_logger("odoo.http"):
            answer = self._post(method, args, kwargs)
        self.env.invalidate_all()
        return answer

    def _post(self, method, args, kwargs):
        return self.url_open(
            f"/web/dataset/call_kw/sqms.document.version/{method}",
            data=json.dumps(
                {
                    "params": {
                        "model": "sqms.document.version",
                        "method": method,
                        "args": args,
                        "kwargs": {"context": HOSTILE, **kwargs},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        ).json()

    def _sentence(self, answer):
        self.assertIn("error", answer)
        self.assertTrue(answer["error"]["data"]["name"].startswith("odoo.exceptions."), answer["error"]["data"]["name"])
        return answer["error"]["data"]["message"]

    def test_state(self):
        ids = self.draft.ids
        for method, args in (
            ("write", [ids, {"state": "approved"}]),
            ("write", [ids, {"state": "effective", "content": "<p>x</p>"}]),
            ("web_save", [ids, {"state": "approved"}, {}]),
            ("create", [[{"document_id": self.draft.document_id.id, "state": "approved"}]]),
            ("copy", [ids, {"state": "approved"}]),
        ):
            sentence = self._sentence(self._call(method, args))
            self.assertRegex(sentence, "Please use the button|by its own steps|already in preparation")
        loaded = self._call("load", [[".id", "state"], [[str(self.draft.id), "approved"]]])["result"]
        self.assertFalse(loaded["ids"])
        self.assertEqual(self.draft.state, "draft")

    def test_locked_record(self):
        ids = self.in_force.ids
        for method, args in (
            ("write", [ids, {"content": "<p>Something else</p>"}]),
            ("web_save", [ids, {"content": "<p>Something else</p>"}, {}]),
            ("unlink", [ids]),
            ("update_field_translations", [ids, "content", {"zh_CN": "x"}]),
        ):
            for user in (self.manager, self.officer):
                self._sentence(self._call(method, args, user))
        self.assertTrue(self.in_force.exists())
        self.assertIn("Refund within one working day", self.in_force.content)

    def test_what_is_private_stays_private(self):
        for method in ("_write_multi", "_create", "_workflow_moved", "_workflow_lock_rows", "_ledger_log"):
            self._sentence(self._call(method, [self.draft.ids]))
        self.assertEqual(self.draft.state, "draft")

    def test_program_with_a_key(self):
        key = self.env["res.users.apikeys"].with_user(self.manager)._generate("rpc", "test", datetime(2026, 12, 1))
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        url = "/json/2/sqms.document.version/write"
        body = {"ids": self.draft.ids, "vals": {"state": "approved"}, "context": HOSTILE}
        with mute_logger("odoo.http"):
            answer = self.url_open(url, data=json.dumps(body), headers=headers)
        self.assertIn(answer.status_code, (403, 422), answer.text)
        self.assertIn("Please use the button", answer.text)
        self.env.invalidate_all()
        self.assertEqual(self.draft.state, "draft")
