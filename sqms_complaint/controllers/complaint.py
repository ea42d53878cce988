import hashlib
import re

from odoo import SUPERUSER_ID, fields, http
from odoo.http import request
from odoo.tools import email_normalize, plaintext2html

from odoo.addons.sqms_base.controllers.public_page import MAX_CONTENT
from odoo.addons.sqms_base.lib.public_code import derive_code, group_code

from ..lib.intake_form import CONTACTS, LABELS, TEXT_LENGTH, IntakeForm
from .public_page import PublicPage

_SEED = re.compile(r"[A-Za-z0-9_-]{32}")
REPEAT_MINUTES = 15


class ComplaintForm(PublicPage, http.Controller):
    """The public form: a complaint without an account.

    1. One page, sent as it is: it works without a script, and the address of the page stays the same, so that
       the answer comes in the language of the question.
    2. Whoever sends the same filled-in page twice (a double click, a reload) has complained once, and sees the
       same number and code again for a quarter of an hour.
    3. A field that people do not see stays empty; whoever fills it is asked to send again.
    """

    @http.route(
        "/complaint",
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET", "POST"],
        max_content_length=MAX_CONTENT,
        sqms_guard=True,
        sqms_files=("files",),
    )
    def complaint(self, **kwargs):
        if not request.env.company.sudo().complaint_public_form:
            return self._render("public_form_closed")
        if request.httprequest.method != "POST":
            return self._chinese_reader("/complaint") or self._form_page(self._blank_answers())
        return self._send()

    @http.route("/complaint/privacy", type="http", auth="public", website=True, methods=["GET"], sqms_guard=True)
    def complaint_privacy(self, **kwargs):
        return self._render("public_privacy")

    # -- the page ----------------------------------------------------------

    def _blank_answers(self):
        user = request.env.user
        if user._is_public():
            return {}
        partner = user.partner_id
        contact = "email" if partner.email else "phone"
        return {"customer": partner.name or "", "contact": contact, "reach": partner.email or partner.phone or ""}

    def _form_page(self, answers, errors=None, seed=None):
        errors = errors or {}
        return self._render(
            "public_form",
            {
                "answers": answers,
                "errors": errors,
                "error_list": [(name, LABELS[name], errors[name]) for name in LABELS if name in errors],
                "general_error": errors.get("general"),
                "categories": self._categories(),
                "wishes": request.env["helpdesk.ticket"]._fields["complaint_wish"]._description_selection(request.env),
                "contacts": self._contacts(),
                "seed": seed or self._new_seed(),
                "signed_in": not request.env.user._is_public(),
                "text_length": TEXT_LENGTH,
                "today": fields.Date.context_today(request.env.user).isoformat(),
                "hide_language": False,
            },
        )

    def _contacts(self):
        labels = dict(request.env["helpdesk.ticket"]._fields["complaint_contact"]._description_selection(request.env))
        return [(key, labels[key]) for key in CONTACTS]

    def _categories(self):
        return (
            request.env["sqms.complaint.category"]
            .sudo()
            .search([("is_public", "=", True), ("company_id", "in", [False, request.env.company.id])])
        )

    # -- sending -----------------------------------------------------------

    def _send(self):
        throttle = self._throttle()
        address = throttle.address()
        if not throttle.hit("intake_all") or (address and not throttle.hit("intake_address", address)):
            return self._too_many()
        typed_seed = self._text("form", 40)
        seed = typed_seed if _SEED.fullmatch(typed_seed) else self._new_seed()
        signed_in = not request.env.user._is_public()
        # People in other time zones may have tomorrow already.
        today = fields.Date.add(fields.Date.today(), days=1)
        form = IntakeForm(request.params, self._categories().ids, today, is_signed_in=signed_in)
        errors, files = self._take_form(form)
        if errors:
            return self._form_page(form.answers, errors, seed)
        sent = self._create_once(form, files, seed)
        if not sent:
            errors["general"] = request.env._("That took too long. Please send it once more.")
            return self._form_page(form.answers, errors)
        return self._render("public_sent", {**sent, "hide_language": True})

    def _create_once(self, form, files, seed):
        """Number and code of the complaint of this form, made now or, if the form was sent before, made then.

        A second click waits for what the first one makes; only when nothing comes of it, the customer is asked
        to send again.
        """
        if self._throttle().first_time("form", seed):
            return self._create(form, files, seed)
        return self._wait_for(lambda env: self._find_sent(env, seed))

    def _find_sent(self, env, seed):
        Ticket = env["helpdesk.ticket"].sudo()
        since = fields.Datetime.subtract(fields.Datetime.now(), minutes=REPEAT_MINUTES)
        domain = [("complaint_form_key", "=", self._form_key(seed)), ("create_date", ">=", since)]
        complaint = Ticket.search(domain, limit=1)
        return complaint and self._prepare_sent(complaint, derive_code(Ticket._complaint_pepper(), seed))

    def _form_key(self, seed):
        return hashlib.sha256(seed.encode()).hexdigest()

    def _create(self, form, files, seed):
        complaint = (
            request.env["helpdesk.ticket"]
            .sudo()
            .with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
            .create({**self._prepare_complaint_values(form), "complaint_form_key": self._form_key(seed)})
        )
        code = complaint._complaint_issue_code(seed)
        complaint._complaint_set_word(form.values["word"])
        if files:
            complaint._complaint_customer_post(request.env._("Files sent with the complaint"), files, notify=False)
        if complaint.partner_id:
            complaint.message_subscribe(partner_ids=complaint.partner_id.ids)
        # As the system: the visitor is nobody, and nobody's name shall stand in the chatter.
        complaint.with_user(SUPERUSER_ID)._acknowledge_on_receipt()
        return self._prepare_sent(complaint, code)

    def _prepare_complaint_values(self, form):
        values = form.values
        user = request.env.user
        channel = request.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_web"
            if user._is_public()
            else "sqms_complaint.helpdesk_ticket_channel_portal",
            raise_if_not_found=False,
        )
        return {
            "is_complaint": True,
            "name": form.title or request.env._("Complaint"),
            "description": plaintext2html(values["happened"]),
            "company_id": request.env.company.id,
            "channel_id": channel.id if channel else False,
            "team_id": False,
            "user_id": False,
            "complaint_category_id": values["category"],
            "complaint_event_date": values["event_date"],
            "complaint_wish": values["wish"],
            "complaint_is_anonymous": form.is_anonymous,
            "complaint_contact": values["contact"],
            "complaint_phone": values["phone"],
            "complaint_lang": request.env.lang,
            "partner_id": False if user._is_public() else user.partner_id.id,
            "partner_name": values["customer"] or False,
            "partner_email": email_normalize(values["email"] or "") or values["email"],
        }

    def _prepare_sent(self, complaint, code):
        address = complaint._get_letter_address()
        return {
            "number": complaint.number,
            "code": group_code(code),
            "has_word": bool(complaint.complaint_word_hash),
            "own_url": complaint.partner_id and not request.env.user._is_public() and f"/my/complaints/{complaint.id}",
            "mailed": address and request.env._("You get an email with your number at %s.", address),
        }
