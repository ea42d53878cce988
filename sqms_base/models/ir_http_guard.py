import re

from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request

# NUL ends a string in PostgreSQL; undecodable bytes arrive as U+FFFD, lone surrogates cannot be answered.
_UNREADABLE = re.compile("[\x00\ud800-\udfff\ufffd]")
# Odoo hands parameters to Python by name.
_RESERVED = ("self", "cls")
MAX_KEYS = 60
MAX_KEY_LENGTH = 60
MAX_LENGTH = 40_000


class IrHttpGuard(models.AbstractModel):
    """One gate before the public pages.

    A route with `sqms_guard=True` gets readable text of bearable length under names that Python can take, and
    files only under the names in `sqms_files`. Everything else is answered with 400 and one sentence, before
    the form token is looked at and before any code of the page runs.
    """

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        routing = rule.endpoint.routing
        if routing.get("sqms_guard"):
            cls._sqms_guard(args, routing.get("sqms_files", ()))

    @classmethod
    def _sqms_guard(cls, args, file_names):
        http = request.httprequest
        pairs = [*http.args.items(multi=True), *http.form.items(multi=True), *args.items()]
        texts = [text for pair in pairs for text in pair if isinstance(text, str)]
        parts = list(http.files.items(multi=True))
        texts += [text for _key, part in parts for text in (part.filename, part.mimetype) if text]
        keys = [key for key, _value in pairs + parts]
        if any(_UNREADABLE.search(text) for text in texts):
            raise BadRequest(request.env._("Some characters could not be read. Please go back and type the text anew."))
        if any(key in _RESERVED for key in keys) or any(key not in file_names for key, _part in parts):
            raise BadRequest(request.env._("This page does not take what was sent. Please go back and use the form."))
        if (
            len(keys) > MAX_KEYS
            or any(len(key) > MAX_KEY_LENGTH for key in keys)
            or any(len(text) > MAX_LENGTH for text in texts)
        ):
            raise BadRequest(
                request.env._("That is more text than this page takes. Please shorten it, or send it as a file.")
            )
        if not request.get_http_params().get("csrf_token", "").isascii():
            raise BadRequest(request.env._("The page is too old. Please go back and load it anew."))

    @classmethod
    def _serve_fallback(cls):
        # An address that leads nowhere is looked up among the attachments: with NUL in it that would be a crash.
        return None if "\x00" in request.httprequest.path else super()._serve_fallback()

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        # The words that the scripts of the public pages show.
        return [*super()._get_translation_frontend_modules_name(), "sqms_base"]
