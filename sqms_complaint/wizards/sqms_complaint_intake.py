from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize, plaintext2html

from ..models.helpdesk_ticket import OPEN_STATES
from ..models.helpdesk_ticket_care import CARERS

CHANNELS = {
    "phone": "helpdesk_mgmt.helpdesk_ticket_channel_phone",
    "shop": "sqms_complaint.helpdesk_ticket_channel_shop",
    "letter": "sqms_complaint.helpdesk_ticket_channel_letter",
    "social": "sqms_complaint.helpdesk_ticket_channel_social",
    "regulator": "sqms_complaint.helpdesk_ticket_channel_regulator",
}
# The customer is there and hears the number: that is the acknowledgement (ISO 10002, 7.4).
PRESENT = ("phone", "shop")
# What goes from the dialog to the complaint as it is.
TAKEN_OVER = (
    "name", "complaint_event_date", "complaint_service", "complaint_order_ref", "complaint_site", "complaint_wish",
    "complaint_amount", "complaint_phone", "complaint_best_time", "complaint_contact", "complaint_lang",
    "complaint_regulator_ref", "complaint_regulator_date",
)  # fmt: skip


class SqmsComplaintIntake(models.TransientModel):
    """A complaint taken down while the customer speaks: one screen, the keyboard alone.

    1. Who calls is found by phone number, name or email while it is typed, with the cases of that customer.
    2. Whether somebody is in danger is asked in every call; there is no answer before it was asked.
    3. What may be the same case is shown while the agent types. “It is about that case” puts the words there and
       makes no second complaint.
    4. Whoever calls or stands in the shop is told number and code at once: the complaint is acknowledged by that.
       Letters, posts and authorities' papers wait for their acknowledgement.
    5. The code is read aloud and kept nowhere.
    """

    _name = "sqms.complaint.intake"
    _description = "Complaint Taken Down by an Agent"
    _transient_max_hours = 1.0

    kind = fields.Selection(
        [("phone", "Phone"), ("shop", "Shop"), ("letter", "Letter"), ("social", "Social Media"),
         ("regulator", "Regulator")],
        "How It Came", required=True, default="phone",
    )  # fmt: skip
    received_at = fields.Datetime("Received", help="When the letter, the post or the paper came in; now if empty.")
    complaint_regulator_ref = fields.Char("Number at the Authority")
    complaint_regulator_date = fields.Date("Date at the Authority", help="When the authority took it up.")
    # who calls
    caller = fields.Char("Who Calls", help="Phone number, name or email; who is known is found.")
    partner_id = fields.Many2one("res.partner", "Known as")
    is_anonymous = fields.Boolean("Stays anonymous")
    complaint_phone = fields.Char("Phone")
    partner_email = fields.Char("Email")
    complaint_contact = fields.Selection(
        [("phone", "Phone"), ("email", "Email"), ("none", "Only by code")], "Reach by", default="phone"
    )
    complaint_best_time = fields.Char("Best Time")
    complaint_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), "Language", required=True, default=lambda self: self.env.lang
    )
    care_ids = fields.Many2many("sqms.complaint.care", string="Needs", groups=CARERS)
    care_consent = fields.Boolean("Customer agrees that this is written down", groups=CARERS)
    # what happened
    name = fields.Char("In One Line", required=True)
    description = fields.Text("What Happened", required=True)
    complaint_event_date = fields.Date("When")
    complaint_service = fields.Char("Product or Service")
    complaint_order_ref = fields.Char("Order or Invoice")
    complaint_site = fields.Char("Where")
    danger = fields.Selection([("no", "No"), ("yes", "Yes")], "Is anybody hurt or in danger?", required=True)
    category_id = fields.Many2one("sqms.complaint.category")
    # what would put it right
    complaint_wish = fields.Selection(
        [("refund", "Refund"), ("repair", "Repair or repeat"), ("apology", "Apology"), ("explanation", "Explanation"),
         ("other", "Something else")],
        "What Would Put It Right",
    )  # fmt: skip
    complaint_amount = fields.Monetary("Amount", currency_field="currency_id")
    currency_id = fields.Many2one("res.currency", default=lambda self: self.env.company.currency_id)
    team_id = fields.Many2one("helpdesk.ticket.team", default=lambda self: self._default_team_id())
    similar = fields.Json()

    @api.model
    def _default_team_id(self):
        Team = self.env["helpdesk.ticket.team"]
        company = ("company_id", "in", [False, self.env.company.id])
        return Team.search([("user_ids", "in", self.env.uid), company], limit=1) or Team.search([company], limit=1)

    # -- who calls -------------------------------------------------------------------------------

    @api.model
    def find_callers(self, text):
        """Customers by phone number, name or email, with their open complaints; at most six.

        :return: `[{id, name, phone, email, lang, open: [{id, number, name, state}]}]`
        """
        self.check_access("create")
        text = (text if isinstance(text, str) else "").strip()[:100]
        if len(text) < 2:
            return []
        partners = self._search_callers(text)
        cases = self.env["helpdesk.ticket"].search_fetch(
            [
                ("is_complaint", "=", True),
                ("commercial_partner_id", "in", partners.commercial_partner_id.ids),
                ("complaint_state", "in", OPEN_STATES),
            ],
            ["number", "name", "complaint_state", "commercial_partner_id"],
            order="complaint_received_at desc",
            limit=30,
        ) if partners else self.env["helpdesk.ticket"]  # fmt: skip
        of_firm = cases.grouped("commercial_partner_id")
        return [
            {
                "id": partner.id,
                "name": partner.name or partner.display_name,
                "phone": partner.phone or "",
                "email": partner.email or "",
                "lang": partner.lang or "",
                "open": [
                    {
                        "id": case.id,
                        "number": case.number,
                        "name": case.name,
                        "state": case._workflow_state_label(),
                    }
                    for case in of_firm.get(partner.commercial_partner_id, cases.browse())[:3]
                ],
            }
            for partner in partners
        ]

    @api.model
    def _search_callers(self, text):
        Partner = self.env["res.partner"]
        digits = "".join(char for char in text if char.isdigit())
        if len(digits) > 3 and not any(char.isalpha() for char in text):
            # However the number is written: +86 138 0013 6620 or 13800136620.
            found = Partner.search([("phone", "=like", "%" + "%".join(digits[-11:]) + "%")], limit=50)
            tail = digits.removeprefix("86")[-11:]
            return found.filtered(lambda partner: tail in "".join(filter(str.isdigit, partner.phone)))[:6]
        typed = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return Partner.search(["|", ("name", "=ilike", f"%{typed}%"), ("email", "=ilike", f"{typed}%")], limit=6)

    # -- register -------------------------------------------------------------------------------

    def action_register(self):
        """Make the complaint, and tell the agent what to tell the customer."""
        self.ensure_one()
        self._check_asked()
        ticket = self.env["helpdesk.ticket"].create(self._prepare_complaint_values())
        ticket._intake_set_care(self)
        code = ticket._complaint_issue_code()
        if self.kind in PRESENT:
            ticket.action_transition("acknowledge")
        self.unlink()  # what was said stands in the complaint, and nowhere else
        return ticket._complaint_told_action(code)

    @api.model
    def same_case(self, ticket_id, values):
        """It is about a case that is there already: the words go to it, and no second complaint is made.

        :param values: `{description, partner_id, kind}` as they stand in the dialog
        """
        self.check_access("create")
        words = values.get("description")
        if not isinstance(words, str) or not words.strip():
            raise UserError(self.env._("Please write down what the customer says; it is put to that case."))
        ticket = self.env["helpdesk.ticket"].browse(int(ticket_id)).exists()
        ticket.check_access("write")
        if not ticket.is_complaint:
            raise UserError(self.env._("Only a complaint takes this up."))
        # Nobody speaks for somebody else: the words are those of the case's own customer, or of nobody by name.
        author = ticket.partner_id if values.get("partner_id") == ticket.partner_id.id else ticket.partner_id[:0]
        ticket._complaint_customer_message(words.strip(), author=author or None)
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        ticket._message_log(
            body=self.env._(
                "%(agent)s took this down from the customer (%(kind)s); it is about this case.",
                agent=self.env.user.name,
                kind=kinds.get(values.get("kind"), kinds["phone"]),
            )
        )
        return ticket._complaint_told_action()

    def _check_asked(self):
        if self.is_anonymous and self.kind == "regulator":
            raise ValidationError(self.env._("An authority names the customer; please take the name down."))
        if not self.is_anonymous and not (self.partner_id or self.caller):
            raise ValidationError(self.env._("Please ask who it is, or tick “Stays anonymous”."))
        if self.partner_email and not email_normalize(self.partner_email, strict=False):
            raise ValidationError(self.env._("“%s” is not an email address: please ask again.", self.partner_email))

    def _prepare_complaint_values(self):
        channel = self.env.ref(CHANNELS[self.kind], raise_if_not_found=False)
        return {
            **{name: self[name] for name in TAKEN_OVER if self[name]},
            **self._prepare_customer_values(),
            "is_complaint": True,
            "description": plaintext2html(self.description),
            "channel_id": channel.id if channel else False,
            "team_id": self.team_id.id,
            "user_id": False,
            "complaint_category_id": self.category_id.id,
            "complaint_is_safety": self.danger == "yes" or self.category_id.is_safety,
            **({"complaint_received_at": self.received_at} if self.received_at else {}),
        }

    def _prepare_customer_values(self):
        if self.is_anonymous:
            return {
                "complaint_is_anonymous": True,
                "partner_id": False,
                "complaint_contact": "none",
                "complaint_phone": False,
            }
        # What the caller typed in to be found is a name only if nobody was found by it.
        return {
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_id.name or self.caller,
            "partner_email": email_normalize(self.partner_email or "", strict=False) or self.partner_id.email,
        }
