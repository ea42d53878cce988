from collections import defaultdict
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.sqms_base.lib.workflow_pass import passed


class HelpdeskTicketIntake(models.Model):
    """How a complaint comes in.

    1. It gets the next number of its company and of the year of its receipt, `C/2026/0001`. Nobody chooses it.
    2. It is received now unless the person who registers it says when; never in the future. Only officers
       correct that afterwards.
    3. A ticket is a complaint from its creation or by the step “Register as complaint”, and remains one.
    4. A complaint stays with the company that received it.
    5. It can be deleted only as long as nobody has answered; later the customer has its number in hand.
    """

    _inherit = "helpdesk.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        default = bool(self.default_get(["is_complaint"]).get("is_complaint"))
        vals_list = [dict(vals) for vals in vals_list]
        complaints = []
        for vals in vals_list:
            if vals.setdefault("is_complaint", default):
                vals["complaint_state"] = vals.get("complaint_state") or "received"
                complaints.append(vals)
            elif vals.get("complaint_state"):
                raise UserError(self.env._("A ticket gets the state of a complaint by “Register as complaint” alone."))
            else:
                vals["complaint_state"] = False
        if complaints:
            self._complete_complaints(complaints)
        return super().create(vals_list)

    def _complete_complaints(self, vals_list):
        """Fill what each new complaint has: company, number, receipt, stage, customer. In batch."""
        now = fields.Datetime.now()
        teams = self.env["helpdesk.ticket.team"].browse([vals["team_id"] for vals in vals_list if vals.get("team_id")])
        partners = self.env["res.partner"].browse([vals["partner_id"] for vals in vals_list if vals.get("partner_id")])
        for vals in vals_list:
            team = teams.browse(vals.get("team_id") or []).with_prefetch(teams.ids)
            company_id = team.company_id.id or vals.get("company_id") or self.env.company.id
            vals.update(company_id=company_id, complaint_received_at=vals.get("complaint_received_at") or now)
            if not vals.get("stage_id"):
                vals["stage_id"] = self.env["helpdesk.ticket.stage"]._get_complaint_stage_id(
                    team.id, company_id, vals["complaint_state"]
                )
            vals.setdefault("complaint_turn", "ours")
            partner = partners.browse(vals.get("partner_id") or []).with_prefetch(partners.ids)
            self._complete_customer(vals, partner.sudo())
        for vals, number in zip(vals_list, self._draw_complaint_numbers(vals_list), strict=True):
            vals["number"] = number

    def _complete_customer(self, vals, partner):
        if partner:
            vals.setdefault("partner_name", partner.name)
            vals.setdefault("partner_email", partner.email)
            vals.setdefault("complaint_phone", partner.phone)
        vals["complaint_lang"] = (
            vals.get("complaint_lang") or partner.lang or self.env.lang or self.env.company.partner_id.lang
        )

    def _draw_complaint_numbers(self, vals_list):
        """One number each, in the order given; one query for each company and year among them."""
        Company = self.env["res.company"].sudo()
        alike = defaultdict(list)
        for position, vals in enumerate(vals_list):
            company = Company.browse(vals["company_id"])
            year = self._year_of_receipt(fields.Datetime.to_datetime(vals["complaint_received_at"]), company)
            alike[company, year].append(position)
        numbers = [None] * len(vals_list)
        for (company, year), positions in alike.items():
            drawn = self.env["ir.sequence"]._draw_series(
                "sqms.complaint", "C", company, f"{year}-01-01", len(positions)
            )
            for position, number in zip(positions, drawn, strict=True):
                numbers[position] = number
        return numbers

    @api.model
    def _year_of_receipt(self, moment, company):
        # Only around New Year does the clock on the company's wall matter.
        if (moment + timedelta(hours=14)).year == (moment - timedelta(hours=12)).year:
            return moment.year
        zone = pytz.timezone(company.resource_calendar_id.tz or "UTC")
        return pytz.utc.localize(moment).astimezone(zone).year

    @api.constrains("complaint_received_at")
    def _check_complaint_received_at(self):
        soon = fields.Datetime.now() + timedelta(minutes=5)
        for ticket in self:
            if ticket.complaint_received_at and ticket.complaint_received_at > soon:
                raise ValidationError(self.env._("%s was not received in the future.", ticket.number))

    # -- what stays as it is -------------------------------------------------

    def write(self, vals):
        if "is_complaint" in vals:
            vals = self._guard_is_complaint(dict(vals))
        for name in ("number", "company_id", "complaint_received_at"):
            if name in vals and not passed(self, [name]):
                self._guard_identity(name, vals[name])
        return super().write(vals)

    def _guard_is_complaint(self, vals):
        if passed(self, ["is_complaint"]):
            return vals
        wanted = bool(vals.pop("is_complaint"))
        if any(ticket.is_complaint != wanted for ticket in self):
            raise UserError(
                self.env._(
                    "A ticket becomes a complaint by “Register as complaint” and remains one. "
                    "A complaint that the customer takes back is withdrawn."
                )
            )
        return vals

    def _guard_identity(self, name, value):
        convert = self._fields[name].convert_to_cache
        for ticket in self.filtered("is_complaint"):
            if convert(value, ticket) == convert(ticket[name], ticket):
                continue
            if name == "number":
                raise AccessError(self.env._("The number of %s stays as the customer knows it.", ticket.number))
            if name == "company_id":
                raise AccessError(self.env._("%s stays with the company that received it.", ticket.number))
            if not self.env.su and not self.env.user.has_group("sqms_complaint.group_complaint_officer"):
                raise AccessError(
                    self.env._("When %s was received can be corrected by a complaint officer only.", ticket.number)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        for ticket in self:
            if ticket.complaint_state not in (False, "received"):
                raise AccessError(
                    self.env._(
                        "%s cannot be deleted: the customer has been told its number. "
                        "If it was taken back, please use “Withdrawn by the customer”.",
                        ticket.number,
                    )
                )

    # -- register ------------------------------------------------------------

    def action_register_complaint(self):
        return self.action_transition("register")

    def _prepare_register_values(self):
        """A plain ticket turns out to be a complaint.

        1. It gets a number of the complaints' series: one series holds all complaints of a year, none is missing.
        2. The number that the customer may already know is kept as the former number and still finds it.
        3. It counts as received when the ticket came in, not when somebody saw what it was.
        """
        vals_list = [
            {"company_id": ticket.company_id.id, "complaint_received_at": ticket.create_date.replace(microsecond=0)}
            for ticket in self
        ]
        values = {}
        for ticket, vals, number in zip(self, vals_list, self._draw_complaint_numbers(vals_list), strict=True):
            customer = {
                name: ticket[name]
                for name in ("partner_name", "partner_email", "complaint_phone", "complaint_lang")
                if ticket[name]
            }
            self._complete_customer(customer, ticket.partner_id.sudo())
            values[ticket.id] = {
                **customer,
                "is_complaint": True,
                "number": number,
                "complaint_former_number": ticket.number,
                "complaint_received_at": vals["complaint_received_at"],
                "complaint_turn": "ours",
            }
        return values

    def _on_register(self):
        for ticket in self:
            ticket._message_log(
                body=self.env._(
                    "Ticket %(former)s is registered as complaint %(number)s.",
                    former=ticket.complaint_former_number,
                    number=ticket.number,
                )
            )
        return self.action_open_complaint() if len(self) == 1 else None
