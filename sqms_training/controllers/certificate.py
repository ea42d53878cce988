from odoo import http
from odoo.http import request

HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:",
}


class CertificatePage(http.Controller):
    """Is this certificate good? Anybody with the code may ask, and learns nothing else.

    1. A wrong, guessed or mangled code gives one and the same neutral page.
    2. The page needs no script, no cookie and no login, and nobody keeps a copy of it.
    """

    @http.route(
        "/certificate/<path:token>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
        save_session=False,
        sqms_certificate=True,
    )
    def certificate(self, token, lang=None, **_ignored):
        languages = dict(request.env["res.lang"].sudo().get_installed())
        code = self._language(languages, lang)
        request.update_context(lang=code)
        values = request.env["hr.employee.skill"].sudo()._certificate_page(token)
        values.update(
            html_lang=code.replace("_", "-"),
            languages=[(other, self._short(name), other == code) for other, name in sorted(languages.items())],
        )
        return request.render("sqms_training.certificate_page", values, headers=HEADERS)

    def _short(self, language):
        """What a language calls itself: "Chinese (Simplified) / 简体中文" is 简体中文."""
        return language.split("/")[-1].split("(")[0].strip()

    def _language(self, languages, wanted):
        """The one asked for, else the first of the browser's that is installed, by its family at least."""
        if isinstance(wanted, str) and wanted in languages:
            return wanted
        families = {code.split("_")[0]: code for code in sorted(languages, reverse=True)}
        for accepted, _quality in request.httprequest.accept_languages:
            code = accepted.replace("-", "_")
            if code in languages:
                return code
            if code.split("_")[0] in families:
                return families[code.split("_")[0]]
        return request.env.lang if request.env.lang in languages else next(iter(languages))
