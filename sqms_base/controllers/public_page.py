# The environment of a controller is that of the request.
# pylint: disable=prefer-env-translation
import secrets
import time

from odoo.http import request

from ..lib.public_files import ACCEPT, MAX_BYTES, MAX_FILES, clean_file, clean_name
from ..lib.refusal import Refusal

# What the page may do in the browser: nothing from elsewhere, sent to nowhere else, shown in no frame.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": (
        "img-src 'self' data: blob:; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
}
MAX_CONTENT = MAX_FILES * MAX_BYTES + 11 * 1024 * 1024
CHINESE = "zh_CN"
WAIT_SECONDS = 5


def chinese_path(path):
    """Where a reader of Chinese is sent, or None.

    Odoo knows “zh-CN”, but not the “zh” or “zh-Hans” that some browsers send.
    """
    wanted = request.httprequest.accept_languages.best or ""
    if not wanted.lower().startswith("zh") or request.cookies.get("frontend_lang"):
        return None
    chinese = request.env["res.lang"]._get_data(code=CHINESE)
    if not chinese or request.env.lang == CHINESE:
        return None
    return f"/{chinese.url_code}{path}"


class PublicPage:
    """What the pages for people without an account share. No method here writes to the session.

    A controller inherits it beside `http.Controller` and names its addon; its routes carry `sqms_guard=True`.
    """

    _module = "sqms_base"
    _home_url = "/quality/policy"
    _privacy_url = ""
    # Whether the links to other languages leave out what a visitor put into the address.
    _hide_query = False

    def _render(self, template, values=None, status=200):
        """:param template: without a dot it is one of the controller's own addon"""
        response = request.render(
            template if "." in template else f"{self._module}.{template}",
            {
                "company": request.env.company.sudo(),
                "page_lang": (request.env.lang or "en_US").replace("_", "-"),
                "accept": ACCEPT,
                "max_files": MAX_FILES,
                "max_bytes": MAX_BYTES,
                "home_url": self._home_url,
                "privacy_url": self._privacy_url,
                "hide_query": self._hide_query,
                "says": self._prepare_sentences((values or {}).get("company") or request.env.company.sudo()),
                **(values or {}),
            },
            status=status,
        )
        response.headers.update(HEADERS)
        return response

    def _prepare_sentences(self, company):
        """Sentences with a number or a name in them, whole, so that each language can put it where it belongs."""
        return {
            "phone": company.phone and request.env._("Phone %s", company.phone),
            "urgent": company.phone and request.env._("If it is urgent, call us: %s", company.phone),
            "email": company.email and request.env._("Email %s", company.email),
            "questions": company.email
            and request.env._("Questions, or a wish to see, correct or erase your data: %s", company.email),
            "files": request.env._("up to %s files, 10 MB each", MAX_FILES),
        }

    def _redirect(self, path):
        response = request.redirect(path)
        response.headers.update(HEADERS)
        return response

    def _chinese_reader(self, path):
        chinese = chinese_path(path)
        return chinese and self._redirect(chinese)

    def _text(self, name, length):
        """A text field of the request; a file or a list under its name counts as nothing."""
        value = request.params.get(name)
        return value[:length] if isinstance(value, str) else ""

    def _throttle(self):
        return request.env["sqms.public.throttle"].sudo()

    def _take_form(self, form):
        """What is wrong with a form that was sent (`{field: sentence}`), and its files, cleaned."""
        errors = {name: request.env._(sentence) for name, sentence in form.errors.items()}
        if self._text("website", 200):
            errors["general"] = request.env._("This looked as if a machine had filled it in. Please send it once more.")
        files, refused = self._take_files(form.is_anonymous)
        if refused:
            errors["files"] = " ".join(refused)
        elif errors and files:
            errors["files"] = request.env._("Please choose your files again: the browser does not keep them.")
        return errors, files

    def _too_many(self):
        return self._render("sqms_base.public_too_many", status=429)

    def _new_seed(self):
        """What this page is recognised by when it is sent; the code is derived from it, so nobody may guess it."""
        return secrets.token_urlsafe(24)

    def _once(self):
        return secrets.token_urlsafe(12)

    def _wait_for(self, find):
        """What the same page, sent a moment ago, is about to make: a second click waits for it.

        :param find: function of an environment; it returns something once there is something
        """
        for _attempt in range(WAIT_SECONDS * 4):
            # Each look needs a transaction of its own: the request's began before there was anything to see.
            with request.env.registry.cursor() as cr:
                found = find(request.env(cr=cr))
            if found:
                return found
            time.sleep(0.25)
        return None

    def _take_files(self, anonymous):
        """The files of the request, cleaned, and the sentences about those that are not taken.

        :return: ([(name, mimetype, content)], [sentence])
        """
        _ = request.env._
        parts = [part for part in request.httprequest.files.getlist("files") if part.filename]
        if len(parts) > MAX_FILES:
            return [], [_("You can add up to %s files.", MAX_FILES)]
        taken, refused = [], []
        for number, part in enumerate(parts, start=1):
            name = clean_name(part.filename)
            try:
                extension, mimetype, content = clean_file(part.filename, part.stream.read(MAX_BYTES + 1), anonymous)
            except Refusal as refusal:
                refused.append(_("%(file)s: %(reason)s", file=name, reason=_(refusal.sentence)))
                continue
            taken.append((f"attachment-{number}.{extension}" if anonymous else name, mimetype, content))
        return taken, refused

    def _stream(self, attachment):
        response = request.env["ir.binary"].sudo()._get_stream_from(attachment).get_response(as_attachment=True)
        response.headers.update({**HEADERS, "Content-Security-Policy": "default-src 'none'; sandbox"})
        return response
