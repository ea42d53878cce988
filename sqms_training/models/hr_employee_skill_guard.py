from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, models
from odoo.exceptions import AccessError, UserError

IDENTITY_FIELDS = frozenset(
    {
        "number",
        "certificate_company_id",
        "verification_token",
        "verification_base",
        "issued_at",
        "issued_on",
        "issued_by",
        "revoked_on",
        "revoked_at",
        "revoked_by",
        "revoke_reason",
        "renewed_by_id",
        "renewal_of_ids",
    }
)
# A proof may come later; the warning of the form is no data.
OPEN_FIELDS = frozenset({"proof_ids", "display_warning_message"})

# Which rows and fields our own methods are writing at this moment. Context keys come from the client and
# prove nothing; a ContextVar can be set by server code alone.
_open = ContextVar("sqms_certificate_open", default=None)
# Whether the system itself grants what somebody has earned, whoever is at the keyboard.
_granting = ContextVar("sqms_certificate_granting", default=False)


@contextmanager
def certificate_open(rows, names):
    token = _open.set((frozenset(rows.ids), frozenset(names)))
    try:
        yield
    finally:
        _open.reset(token)


@contextmanager
def certificate_granting():
    """For code that issues certificates on grounds of its own, a passed course for instance, and for nothing else."""
    token = _granting.set(True)
    try:
        yield
    finally:
        _granting.reset(token)


class HrEmployeeSkill(models.Model):
    """Who writes certificates.

    1. A certification is created by HR or a training officer, by nobody else, not even its holder.
    2. Number, code, signature, revocation and renewal are set by our methods alone.
    3. An issued certificate is not written and not deleted, by anybody, on any path.
    4. A regular skill does not turn into a certification, nor the other way round.
    5. Regular skills stay as free as hr_skills leaves them.
    """

    _inherit = "hr.employee.skill"

    @api.model
    def default_get(self, fields):
        """Neither `default_number` in the context nor a default that a user stored makes a certificate."""
        return super().default_get([name for name in fields if name not in IDENTITY_FIELDS])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_no_identity(vals)
        rows = super().create(vals_list)
        certificates = rows.filtered("is_certification")
        if certificates:
            certificates._check_certificate_writer()
            certificates._issue()
            self.invalidate_model(["is_covered"])
        return rows

    def write(self, vals):
        names = vals.keys() - OPEN_FIELDS
        if names and not self._is_open(names):
            self._check_certificate_write(vals, names)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self._check_not_issued()
        if self.filtered("is_certification"):
            self._check_certificate_writer()

    # -- the paths of hr_skills' employee form ------------------------------------

    def _get_transformed_commands(self, commands, individuals):
        """hr_skills would end, copy or delete the row: for an issued certificate it says so instead."""
        touched = [command[1] for command in commands or () if command[0] == 2 or (command[0] == 1 and command[2])]
        self.browse(touched).exists()._check_not_issued()
        return super()._get_transformed_commands(commands, individuals)

    def _create_individual_skills(self, vals_list):
        """hr_skills drops a certification that it takes for a double: here each one is kept or refused.

        The same dictionary comes once for each employee of a batch; it is one certification for each of them.
        """
        certification_types = self._certification_type_ids(vals_list)
        certifications = {id(vals): vals for vals in vals_list if vals.get("skill_type_id") in certification_types}
        regular = [vals for vals in vals_list if id(vals) not in certifications]
        commands = super()._create_individual_skills(regular) if regular else []
        return commands + [[0, 0, vals] for vals in certifications.values()]

    def _certification_type_ids(self, vals_list):
        types = self.env["hr.skill.type"].browse(
            {vals["skill_type_id"] for vals in vals_list if vals.get("skill_type_id")}
        )
        return set(types.filtered("is_certification").ids)

    # -- checks -----------------------------------------------------------------

    def _is_open(self, names):
        ids, open_names = _open.get() or ((), ())
        return names <= set(open_names) and set(self.ids) <= set(ids)

    @api.model
    def _check_no_identity(self, vals):
        forbidden = {name for name in IDENTITY_FIELDS & vals.keys() if vals[name]}
        if forbidden:
            raise UserError(
                self.env._(
                    "%(fields)s: given by the register, not by hand.",
                    fields=", ".join(
                        sorted(self._fields[name].get_description(self.env)["string"] for name in forbidden)
                    ),
                )
            )

    @api.model
    def _check_certificate_writer(self):
        """All rights are not enough, it depends on the person: Odoo writes with all rights what a person says of
        himself in his preferences, and from a tag of his a command leads back to his employee and its certificates.
        """
        user = self.env.user
        if user._is_superuser() or _granting.get():
            return
        if user.has_group("hr.group_hr_user") or user.has_group("sqms_training.group_training_officer"):
            return
        raise AccessError(
            self.env._("Certificates are issued, renewed and revoked by HR or a training officer. Ask them to do it.")
        )

    def _check_certificate_write(self, vals, names):
        self._check_no_identity(dict.fromkeys(names, True))
        self._check_not_issued()
        before = self.filtered("is_certification")
        after = self if self._certification_type_ids([vals]) else self.browse() if vals.get("skill_type_id") else before
        if before != after:
            raise UserError(
                self.env._("A skill does not become a certificate, nor a certificate a skill: enter it anew.")
            )
        if before:
            before._check_certificate_writer()

    def _check_not_issued(self):
        issued = self.sudo().filtered("number")[:1]
        if issued:
            raise UserError(
                self.env._(
                    "Certificate %(number)s is issued and stays as it is. Renew it, or revoke it and issue a new one.",
                    number=issued.number,
                )
            )
