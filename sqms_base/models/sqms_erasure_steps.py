import hashlib
import hmac
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from ..lib import privacy
from ..lib.workflow_pass import workflow_fields

PEPPER = "sqms_base.privacy_pepper"
ADDRESSES = ("email", "email_from", "email_normalized")
# Goes with messages and records by itself.
LOOKED_AFTER = ("mail.followers", "mail.notification", "mail.mail")


class SqmsErasureSteps(models.Model):
    """What happens at each step of a request."""

    _inherit = "sqms.erasure"

    # -- who it is -----------------------------------------------------------------

    def _person(self):
        """All that the person is known by."""
        self.ensure_one()
        request = self.sudo().with_context(active_test=False)
        people = request.partner_ids.filtered(lambda partner: not partner.is_company)
        people |= people.search([("id", "child_of", people.ids)]).filtered(lambda partner: not partner.is_company)
        users = self.env["res.users"].sudo().with_context(active_test=False).search([("partner_id", "in", people.ids)])
        said = {"name": [request.person_name], "email": [request.email], "phone": [request.phone]}
        return self._person_of(people, said, users)

    @api.model
    def _person_of(self, people, said, users=()):
        """
        :param people: contacts; companies give no name to look for
        :param said: {"name": [...], "email": [...], "phone": [...]} beside the contacts
        """

        def clean(values):
            return tuple(dict.fromkeys(value.strip() for value in values if value and value.strip()))

        people = people.filtered(lambda partner: not partner.is_company)
        logins = [user.login for user in users]
        emails = [*people.mapped("email"), *said["email"], *logins]
        return privacy.Person(
            partners=tuple(people.ids),
            users=tuple(user.id for user in users),
            names=clean([*people.mapped("name"), *said["name"]]),
            emails=clean(email_normalize(email, strict=False) or "" for email in emails),
            phones=clean([*people.mapped("phone"), *said["phone"]]),
        )

    def _same_person(self):
        """Contacts with the same address or number: proposed, a person decides."""
        person = self._person()
        phones = [privacy.digits(phone) for phone in person.phones if privacy.digits(phone)]
        bare = SQL(r"right(ltrim(regexp_replace(phone, '\D', '', 'g'), '0'), 11)")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE is_company IS NOT TRUE"
                " AND (email_normalized = ANY(%s) OR %s = ANY(%s))",
                list(person.emails), bare, phones,
            )
        )  # fmt: skip
        return self.env["res.partner"].browse(id_ for (id_,) in self.env.cr.fetchall())

    # -- look up --------------------------------------------------------------------

    def _check_look_up(self):
        return {
            request.id: self.env._("please say who it is: a contact, an address, a number or a name")
            for request in self.sudo()
            if not (request.partner_ids or request.email or request.phone or request.person_name)
        }

    def _on_look_up(self):
        for request in self.sudo():
            request.partner_ids |= request._same_person()
            request._look_up()

    def _on_look_again(self):
        for request in self.sudo():
            request._look_up()

    def _prepare_look_again_values(self):
        return dict.fromkeys(self.ids, {"approved_by_id": False, "approved_at": False})

    def _look_up(self):
        """Count what there is, and say what speaks against it and what other programs hold."""
        engine = self.env["sqms.privacy"].sudo()
        self._mark()
        found = engine._found()
        lines = {line.res_model: line for line in self.line_ids}
        for name, (own, named) in found.items():
            values = {"own_count": own, "named_count": named}
            if name in lines:
                lines.pop(name).write(values)
            else:
                self.line_ids.create({"request_id": self.id, "res_model": name, **values})
        for line in lines.values():
            line.write({"own_count": 0, "named_count": 0})
        with workflow_fields(self, "obstacles", "elsewhere", "looked_up_at"):
            self.write(
                {
                    "obstacles": "\n".join(self._say_obstacles(engine._obstacles(open_too=not self.open_reason))),
                    "elsewhere": "\n".join(self._look_elsewhere(found)),
                    "looked_up_at": fields.Datetime.now(),
                }
            )

    def _mark(self):
        kept = [line.res_model for line in self.line_ids if line.is_kept]
        engine = self.env["sqms.privacy"].sudo()
        engine._mark_person(self._person(), self.by_name, self.name_everywhere, leave=kept)
        engine._mark_own(self, leave=kept)

    def _say_obstacles(self, obstacles):
        """Sentences, the first twenty: which record, and why."""
        sentences = [
            self.env._("%(record)s: %(reason)s", record=self.env[model].browse(id_).sudo().display_name, reason=reason)
            for _root, model, id_, reason in obstacles[:20]
        ]
        people = self.sudo().with_context(active_test=False).partner_ids
        sentences += [
            self.env._("%s is a company: only people are erased", partner.name)
            for partner in people
            if partner.is_company
        ]
        sentences += [
            self.env._("%s works here: what personnel keeps goes by its own rules", user.name)
            for user in self.env["res.users"].sudo().with_context(active_test=False).search(
                [("partner_id", "in", people.ids), ("share", "=", False)]
            )
        ]  # fmt: skip
        return sentences

    def _look_elsewhere(self, found):
        """What other programs hold that declare nothing: orders, invoices, leads. A person looks at it."""
        person, known = self._person(), {*self.env["sqms.privacy"]._catalog(), *found, *LOOKED_AFTER}
        parts = []
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto or name in known or name.startswith("sqms."):
                continue
            where = [
                SQL("%s = ANY(%s)", SQL.identifier(field.name), list(person.partners))
                if field.comodel_name == "res.partner"
                else SQL("%s ~* %s", SQL.identifier(field.name), privacy.person_pattern(emails=person.emails))
                for field in model._fields.values()
                if field.store and (
                    (field.type == "many2one" and field.comodel_name == "res.partner")
                    or (field.type == "char" and field.name in ADDRESSES and not field.translate)
                )
            ]  # fmt: skip
            if where:
                table = SQL.identifier(model._table)
                parts.append(SQL("SELECT %s, count(*) FROM %s WHERE %s", name, table, SQL(" OR ").join(where)))
        self.env.cr.execute(SQL(" UNION ALL ").join(parts))
        models_ = self.env["ir.model"].sudo()
        return [
            self.env._("%(kind)s: %(count)s", kind=models_._get(name).name, count=count)
            for name, count in sorted(self.env.cr.fetchall())
            if count
        ]

    # -- decide ---------------------------------------------------------------------

    def _check_approve(self):
        # As it was when it was looked up; what came since is asked when the step is taken.
        return {
            request.id: self.env._("something speaks against it, see below")
            for request in self
            if request.kind == "erase" and request.obstacles
        }

    def _on_approve(self):
        self._refuse_obstacles()
        for request in self.filtered(lambda request: request.kind == "copy"):
            request.sudo()._mark()
            if request._concerns_others():
                raise UserError(self.env._("it also concerns a company that you do not work for"))

    def _refuse_obstacles(self):
        """Look it all up once more, and refuse what must not be erased."""
        for request in self.filtered(lambda request: request.kind == "erase"):
            sentences = request._what_speaks_against()
            if sentences:
                raise UserError("\n".join([self.env._("%s is not carried out:", request.number), *sentences]))

    def _what_speaks_against(self):
        self.sudo()._mark()
        engine = self.env["sqms.privacy"].sudo()
        sentences = self._say_obstacles(engine._obstacles(open_too=not self.open_reason))
        if self._concerns_others():
            sentences.append(self.env._("it also concerns a company that you do not work for"))
        return sentences

    def _concerns_others(self):
        """Whether records of companies are among those found that the person at hand does not work for."""
        found = self.env["sqms.privacy"].sudo()._found_companies()
        return not self.env.su and bool(found - set(self.env.user.company_ids.ids))

    def _prepare_approve_values(self):
        return dict.fromkeys(self.ids, {"approved_by_id": self.env.uid, "approved_at": fields.Datetime.now()})

    # -- carry out --------------------------------------------------------------------

    def _check_execute(self):
        people, reasons = self._workflow_people(), {}
        for request in self:
            if request.approved_by_id & people:
                reasons[request.id] = self.env._("you approved it, another person carries it out")
            elif request.kind == "correct" and not request.answer:
                reasons[request.id] = self.env._("please say what was corrected")
        return reasons

    def _prepare_execute_values(self):
        today = self.env.company._sqms_today()
        values = {"done_by_id": self.env.uid, "done_at": fields.Datetime.now(), "ended_on": today}
        return dict.fromkeys(self.ids, values)

    def _prepare_refuse_values(self):
        return dict.fromkeys(self.ids, {"ended_on": self.env.company._sqms_today()})

    def _on_refuse(self):
        self.env["sqms.retention"].sudo()._set_dates(self._name, self.ids)

    def _on_execute(self):
        self.env["sqms.retention"].sudo()._set_dates(self._name, self.ids)
        for request in self.filtered(lambda request: request.kind == "erase"):
            request._erase_person()

    def _erase_person(self):
        """The erasure itself; a hold that came in between makes PostgreSQL refuse, and all of it is run again."""
        self.env["sqms.legal.hold"].sudo()._pass_gate()
        self._refuse_obstacles()
        engine, person = self.env["sqms.privacy"].sudo(), self._person()
        digests = " ".join(self._digests_of(person))
        changed = engine._replace(self.words == "replace", self.number)
        with workflow_fields(self, "changed_count", "digests"):
            self.sudo().write({"changed_count": changed, "digests": digests})

    # -- what is left --------------------------------------------------------------------

    @api.model
    def _digests_of(self, person):
        known = [*person.emails, *(privacy.digits(phone) for phone in person.phones)]
        return [self._digest(value) for value in known if value]

    @api.model
    def _digest(self, value):
        pepper = self.env["ir.config_parameter"].sudo().get_param(PEPPER)
        if not pepper:
            raise ValueError(f"The system parameter {PEPPER} is missing: who asked cannot be kept as a digest.")
        return hmac.digest(bytes.fromhex(pepper), value.encode(), hashlib.sha256).hex()

    @api.model
    def _init_pepper(self):
        """Make the secret that digests are kept with. Changing it later makes every digest useless."""
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(PEPPER):
            parameters.set_param(PEPPER, secrets.token_hex(32))

    @api.model
    def _done_for(self, email="", phone=""):
        """The requests that were carried out for whoever has this address or number."""
        person = privacy.Person(emails=(email_normalize(email) or "",), phones=(phone,))
        found = self.browse()
        for digest in self._digests_of(person):
            found |= self.sudo().search([("digests", "like", digest), ("state", "=", "done")])
        return found
